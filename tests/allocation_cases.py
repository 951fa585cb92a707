"""Small allocation problems, and their optimum by enumeration: every set of open warehouses and every set of
used full-load first legs, each completed by a linear program of scipy."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from scipy.optimize import linprog

from xroute.allocation_model import Arcs, Problem


def arcs(rows: list[tuple[int, int, int, float, float, float]]) -> Arcs:
    """Arcs from (warehouse, zone, product, EUR, kg, least)."""
    columns = list(zip(*rows, strict=True))
    whole = [np.array(column, dtype=np.int64) for column in columns[:3]]
    real = [np.array(column, dtype=np.float64) for column in columns[3:]]
    return Arcs(
        warehouse=whole[0], zone=whole[1], product=whole[2], eur=real[0], co2e_kg=real[1], least=real[2]
    )


def two_warehouses(**limits: object) -> Problem:
    """One product, zones of 100 and 50 units; the second warehouse is dearer to open and greener."""
    first = arcs([(0, -1, 0, 1.0, 4.0, 0), (0, -1, 0, 3.0, 1.0, 0), (1, -1, 0, 2.0, 0.5, 0)])
    delivery = arcs(
        [(0, 0, 0, 1.0, 0.2, 0), (0, 1, 0, 5.0, 1.0, 0), (1, 0, 0, 2.0, 0.4, 0), (1, 1, 0, 1.0, 0.1, 0)]
    )
    problem = Problem(
        demand=np.array([[100.0], [50.0]]),
        stock_m3=np.array([0.5]),
        fixed_eur=np.array([100.0, 160.0]),
        capacity_m3=np.array([np.inf, np.inf]),
        first=first,
        delivery=delivery,
    )
    return replace(problem, **limits)  # type: ignore[arg-type]


def random_problem(seed: int, *, warehouses: int = 3, zones: int = 4, products: int = 2) -> Problem:
    """A problem with capacities, least volumes and sometimes a cap; often tight, now and then infeasible."""
    rng = np.random.default_rng(seed)
    demand = rng.integers(0, 40, (zones, products)).astype(float)
    stock = rng.uniform(0.2, 2.0, products)
    total = float((demand @ stock).sum())
    fixed = rng.uniform(0.0, 120.0, warehouses)
    capacity = np.where(rng.random(warehouses) < 0.7, rng.uniform(0.2, 1.0, warehouses) * total, np.inf)
    first = _first_legs(rng, warehouses, products)
    delivery = _deliveries(rng, warehouses, zones, products)
    cap = float(rng.uniform(0.15, 0.9) * demand.sum() * 4.0) if rng.random() < 1 / 3 else np.inf
    return Problem(
        demand=demand,
        stock_m3=stock,
        fixed_eur=fixed,
        capacity_m3=capacity,
        first=first,
        delivery=delivery,
        carbon_price_eur_kg=float(rng.choice([0.0, 0.3])),
        max_co2e_kg=cap,
    )


def _first_legs(rng: np.random.Generator, warehouses: int, products: int) -> Arcs:
    pairs = [(w, k) for w in range(warehouses) for k in range(products) for _ in range(2)]
    kept = [pair for pair in pairs if rng.random() < 0.9]
    count = len(kept)
    least = np.where(rng.random(count) < 0.25, rng.integers(5, 60, count).astype(float), 0.0)
    least[np.flatnonzero(least)[4:]] = 0.0  # enumeration is over sets of these
    return Arcs(
        warehouse=np.array([w for w, _ in kept], dtype=np.int64),
        zone=np.full(count, -1, dtype=np.int64),
        product=np.array([k for _, k in kept], dtype=np.int64),
        eur=rng.uniform(0.5, 6.0, count),
        co2e_kg=rng.uniform(0.1, 4.0, count),
        least=least,
    )


def _deliveries(rng: np.random.Generator, warehouses: int, zones: int, products: int) -> Arcs:
    every = [
        (w, c, k)
        for w, c, k, _ in product(range(warehouses), range(zones), range(products), range(2))
        if rng.random() < 0.7
    ]
    warehouse, zone, item = (np.array(column, dtype=np.int64) for column in zip(*every, strict=True))
    count = len(every)
    return Arcs(
        warehouse=warehouse,
        zone=zone,
        product=item,
        eur=rng.uniform(0.2, 5.0, count),
        co2e_kg=rng.uniform(0.0, 2.0, count),
        least=np.zeros(count),
    )


def optimum(problem: Problem) -> float:
    """The least objective over all open sets and all sets of used full-load legs; inf where infeasible."""
    limited = np.flatnonzero(problem.first.least > 0.0)
    best = np.inf
    for opened in product((False, True), repeat=problem.warehouses):
        fixed = float(problem.fixed_eur[np.array(opened)].sum())
        for used in product((False, True), repeat=len(limited)):
            best = min(
                best, fixed + _linear(problem, np.array(opened), dict(zip(limited, used, strict=True)))
            )
    return best


def _linear(problem: Problem, opened: np.ndarray, used: dict[int, bool]) -> float:
    """The least variable cost in plain units with the sets given, by scipy; inf where infeasible."""
    p, f, d = problem, problem.first, problem.delivery
    size, most = len(f) + len(d), float(p.demand.sum())
    bounds = [(f.least[at], most) if used.get(at, True) else (0.0, 0.0) for at in range(len(f))]
    bounds += [(0.0, most) if opened[w] else (0.0, 0.0) for w in d.warehouse]
    equal, right = np.zeros((p.demand.size + p.warehouses * p.products, size)), np.zeros(0)
    columns = len(f) + np.arange(len(d))
    equal[d.zone * p.products + d.product, columns] = 1.0
    base = p.demand.size
    equal[base + f.warehouse * p.products + f.product, np.arange(len(f))] = 1.0
    equal[base + d.warehouse * p.products + d.product, columns] = -1.0
    right = np.concatenate([p.demand.ravel(), np.zeros(p.warehouses * p.products)])
    rows, limits = [], []
    for w in np.flatnonzero(np.isfinite(p.capacity_m3)):
        rows.append(
            np.concatenate([np.zeros(len(f)), np.where(d.warehouse == w, p.stock_m3[d.product], 0.0)])
        )
        limits.append(p.capacity_m3[w])
    kg = np.concatenate([f.co2e_kg, d.co2e_kg])
    if np.isfinite(p.max_co2e_kg):
        rows.append(kg)
        limits.append(p.max_co2e_kg)
    cost = np.concatenate([f.eur, d.eur]) + p.carbon_price_eur_kg * kg
    found = linprog(cost, A_ub=np.array(rows) if rows else None, b_ub=limits or None, A_eq=equal, b_eq=right,
                    bounds=bounds, method="highs")  # fmt: skip
    return float(found.fun) if found.status == 0 else np.inf

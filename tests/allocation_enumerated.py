"""Tiny problems of every formulation, and their optimum by enumeration of all whole decisions.

Open sets, single sources, bands of tiered fees and used full loads are enumerated; each choice is completed
by a linear program of scipy in plain units, written apart from the package's model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from scipy.optimize import linprog

from allocation_cases import random_problem
from xroute.allocation_fees import TieredFee
from xroute.allocation_model import Moves, Problem
from xroute.allocation_rules import Group, LimitRows, joined, limit

FORMULATIONS = (
    "plain", "named limits", "fixings", "share of a warehouse", "single source by zone",
    "single source by product", "incremental fee", "all-unit fee", "fee with a least volume", "transfers",
    "mass beside volume", "placement rule", "service level", "caps by region and product", "shared lane",
    "all together",
)  # fmt: skip


def case(formulation: str, seed: int) -> Problem:
    """A random problem of a formulation; some are infeasible."""
    base = random_problem(seed, warehouses=2 if "single" in formulation else 3, zones=3)
    rng = np.random.default_rng((seed, FORMULATIONS.index(formulation)))
    if formulation == "named limits":
        return replace(base, limits=joined([_sum_limit(rng, base), _sum_limit(rng, base)]))
    if formulation == "fixings":
        every = np.arange(base.warehouses)
        held = limit(Group(name="fixed"), least=1.0, sites=(every[:1], np.ones(1)))
        fewest = float(rng.integers(1, 4))
        count = limit(Group(name="count"), least=fewest, most=fewest, sites=(every, np.ones(len(every))))
        return replace(base, limits=joined([held, count]))
    if formulation == "share of a warehouse":
        return replace(base, limits=_shares(base, float(rng.uniform(0.3, 0.9))))
    if formulation.startswith("single source"):
        return replace(base, single_source=formulation.removeprefix("single source by "))  # type: ignore[arg-type]
    if "fee" in formulation:
        return replace(base, fees=(_fee(rng, base, formulation),))
    if formulation in ROWS:
        return replace(base, limits=joined(ROWS[formulation](rng, base)))
    if formulation == "all together":
        rows = [_sum_limit(rng, base), _shares(base, 0.8), *_service(rng, base), *_placement(rng, base)]
        fees = (_fee(rng, base, "incremental fee"),)
        return replace(base, limits=joined(rows), fees=fees, moves=_moves(rng, base))
    return replace(base, moves=_moves(rng, base)) if formulation == "transfers" else base


def _of(p: Problem, is_meant: np.ndarray, value: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Deliveries of a mask as flows, with the value of each (1 without)."""
    flow = len(p.first) + np.flatnonzero(is_meant)
    return flow, np.ones(len(flow)) if value is None else value[is_meant]


def _mass(rng: np.random.Generator, p: Problem) -> list[LimitRows]:
    """Kilograms that a warehouse may send, beside its volume."""
    kg = rng.uniform(0.5, 5.0, p.products)
    total = float((p.demand @ kg).sum())
    d = p.delivery
    return [
        limit(Group(name="mass"), most=float(rng.uniform(0.2, 0.8)) * total,
              flows=_of(p, d.warehouse == w, kg[d.product]))
        for w in range(p.warehouses)
    ]  # fmt: skip


def _placement(rng: np.random.Generator, p: Problem) -> list[LimitRows]:
    """One product only from core warehouses: the first is core, the others by chance."""
    is_core = np.append(True, rng.random(p.warehouses - 1) < 0.4)
    barred = (p.delivery.product == 0) & ~is_core[p.delivery.warehouse]
    return [limit(Group(name="core only"), most=0.0, flows=_of(p, barred))]


def _service(rng: np.random.Generator, p: Problem) -> list[LimitRows]:
    """A share of the demand of one region, zones 0 and 1, within the days of some deliveries."""
    days = rng.uniform(1.0, 8.0, len(p.delivery))
    share = float(rng.uniform(0.2, 0.9))
    is_meant = (p.delivery.zone < 2) & (days <= 5.0)
    return [limit(Group(name="service"), least=share * float(p.demand[:2].sum()), flows=_of(p, is_meant))]


def _caps(rng: np.random.Generator, p: Problem) -> list[LimitRows]:
    """Kilograms of CO2e of the deliveries to one zone, and of one product on its way."""
    d, kg = p.delivery, p.delivery.co2e_kg
    region = limit(Group(name="region"), most=float(rng.uniform(0.3, 1.2)) * float(p.demand[0].sum()),
                   flows=_of(p, d.zone == 0, kg))  # fmt: skip
    legs = np.flatnonzero(p.first.product == 1)
    arcs, values = _of(p, d.product == 1, kg)
    flows = np.concatenate([legs, arcs]), np.concatenate([p.first.co2e_kg[legs], values])
    most = float(rng.uniform(0.8, 4.0)) * float(p.demand[:, 1].sum())
    return [region, limit(Group(name="product"), most=most, flows=flows)]


def _lane(rng: np.random.Generator, p: Problem) -> list[LimitRows]:
    """Volume that the first legs over one lane share."""
    flow = np.flatnonzero(rng.random(len(p.first)) < 0.6)
    m3 = p.stock_m3[p.first.product[flow]]
    most = float(rng.uniform(0.1, 0.8)) * float((p.demand @ p.stock_m3).sum())
    return [limit(Group(name="lane"), most=most, flows=(flow, m3))]


ROWS: dict[str, Callable[[np.random.Generator, Problem], list[LimitRows]]] = {
    "mass beside volume": _mass,
    "placement rule": _placement,
    "service level": _service,
    "caps by region and product": _caps,
    "shared lane": _lane,
}


def _sum_limit(rng: np.random.Generator, p: Problem) -> LimitRows:
    flow = np.flatnonzero(rng.random(p.flows) < 0.5)
    value = rng.uniform(0.1, 3.0, len(flow))
    total = float(p.demand.sum())
    most = float(rng.uniform(0.3, 1.6)) * total
    least = float(rng.uniform(0.1, 0.5)) * total if rng.random() < 0.3 else -np.inf
    return limit(Group(name="sum"), least=least, most=max(most, least), flows=(flow, value))


def _shares(p: Problem, share: float) -> LimitRows:
    parts = []
    for warehouse in range(p.warehouses):
        flow = len(p.first) + np.flatnonzero(p.delivery.warehouse == warehouse)
        parts.append(
            limit(Group(name="share"), most=share * float(p.demand.sum()), flows=(flow, np.ones(len(flow))))
        )
    return joined(parts)


def _fee(rng: np.random.Generator, p: Problem, formulation: str) -> TieredFee:
    site = -1 if formulation == "incremental fee" and rng.random() < 0.5 else 0
    arcs = p.delivery.warehouse == 0
    flow = len(p.first) + np.flatnonzero(arcs)
    least = float(rng.uniform(5.0, 60.0)) if formulation == "fee with a least volume" else 0.0
    start = least + np.concatenate([[0.0], np.cumsum(rng.uniform(10.0, 60.0, 2))])
    price = rng.uniform(0.0, 4.0, 3)
    if rng.random() < 0.6:
        price = np.sort(price)[::-1].copy()
    return TieredFee(
        name="outbound", flow=flow, use=rng.uniform(0.5, 1.5, len(flow)), start=start, price_eur=price,
        fixed_eur=np.where(rng.random(3) < 0.3, rng.uniform(0.0, 30.0, 3), 0.0), site=site,
        kind="incremental" if formulation == "incremental fee" else "all_unit",
    )  # fmt: skip


def _moves(rng: np.random.Generator, p: Problem) -> Moves:
    rows = [
        (a, b, k)
        for a, b, k in product(range(p.warehouses), range(p.warehouses), range(p.products))
        if a != b and rng.random() < 0.7
    ]
    out_of, into, goods = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Moves(
        out_of=out_of, into=into, product=goods, eur=rng.uniform(0.1, 1.5, len(rows)),
        co2e_kg=rng.uniform(0.0, 0.5, len(rows)),
    )  # fmt: skip


def optimum(p: Problem) -> float:
    """The least objective over all whole decisions; inf where infeasible."""
    limited = np.flatnonzero(p.first.least > 0.0)
    best = np.inf
    for opened in product((False, True), repeat=p.warehouses):
        is_open = np.array(opened)
        for used in product((False, True), repeat=len(limited)):
            for source in _sources(p):
                for bands in _bands(p, is_open):
                    chosen = dict(zip(limited.tolist(), used, strict=True))
                    best = min(best, _completed(p, is_open, chosen, source, bands))
    return best


def _sources(p: Problem) -> Iterator[np.ndarray | None]:
    """Warehouse of each zone and product, for every assignment; None where split is allowed."""
    if not p.single_source:
        yield None
        return
    asked = [(c, k) for c in range(len(p.demand)) for k in range(p.products) if p.demand[c, k] > 0]
    targets = sorted({(c, k if p.single_source == "product" else -1) for c, k in asked})
    for picked in product(range(p.warehouses), repeat=len(targets)):
        source = np.full(p.demand.shape, -1)
        for (c, k), warehouse in zip(targets, picked, strict=True):
            source[c, slice(None) if k < 0 else k] = warehouse
        yield source


def _bands(p: Problem, is_open: np.ndarray) -> Iterator[tuple[int, ...]]:
    """A band for each fee, -1 for none."""
    options = []
    for fee in p.fees:
        every = list(range(len(fee.start)))
        options.append([*every, -1] if fee.site < 0 else every if is_open[fee.site] else [-1])
    yield from product(*options)


def _band_cost(fee: TieredFee, band: int) -> tuple[float, float]:
    """EUR at 0 and EUR a unit within a band, by adding up the bands below."""
    if fee.kind == "all_unit":
        return float(fee.fixed_eur[band]), float(fee.price_eur[band])
    paid = sum(
        float((fee.start[at + 1] - (fee.start[at] if at else 0.0)) * fee.price_eur[at]) for at in range(band)
    )
    paid += float(fee.fixed_eur[: band + 1].sum())
    below = float(fee.start[band]) if band else 0.0
    return paid - below * float(fee.price_eur[band]), float(fee.price_eur[band])


def _completed(
    p: Problem, is_open: np.ndarray, used: dict[int, bool], source: np.ndarray | None, bands: tuple[int, ...]
) -> float:
    cost = p.unit_eur + p.carbon_price_eur_kg * p.unit_kg
    base = float(p.fixed_eur[is_open].sum())
    rows, most = [], []
    for fee, band in zip(p.fees, bands, strict=True):
        use = np.zeros(p.flows)
        np.add.at(use, fee.flow, fee.use)
        if band < 0:
            rows.append(use)
            most.append(0.0)
            continue
        fixed, price = _band_cost(fee, band)
        base, cost = base + fixed, cost + price * use
        rows.append(-use)
        most.append(-float(fee.start[band]))
        if band + 1 < len(fee.start):
            rows.append(use)
            most.append(float(fee.start[band + 1]))
    more_rows, more_most = _limits(p, is_open)
    bounds = _bounds(p, is_open, used, source)
    equal, right = _balances(p)
    every = [*rows, *more_rows]
    found = linprog(cost, A_ub=np.array(every) if every else None, b_ub=[*most, *more_most] or None,
                    A_eq=equal, b_eq=right, bounds=bounds, method="highs")  # fmt: skip
    return base + float(found.fun) if found.status == 0 else np.inf


def _limits(p: Problem, is_open: np.ndarray) -> tuple[list[np.ndarray], list[float]]:
    rows, most = [], []
    for at in range(len(p.limits)):
        row, here = np.zeros(p.flows), p.limits.row == at
        np.add.at(row, p.limits.flow[here], p.limits.value[here])
        sites = p.limits.site_row == at
        fixed = float((p.limits.site_value[sites] * is_open[p.limits.site[sites]]).sum())
        if np.isfinite(p.limits.most[at]):
            rows.append(row)
            most.append(float(p.limits.most[at]) - fixed)
        if np.isfinite(p.limits.least[at]):
            rows.append(-row)
            most.append(fixed - float(p.limits.least[at]))
    for w in np.flatnonzero(np.isfinite(p.capacity_m3)):
        rows.append(
            np.concatenate([
                np.zeros(len(p.first)),
                np.where(p.delivery.warehouse == w, p.stock_m3[p.delivery.product], 0.0),
                np.where(p.moves.out_of == w, p.stock_m3[p.moves.product], 0.0),
            ])
        )  # fmt: skip
        most.append(float(p.capacity_m3[w]))
    if np.isfinite(p.max_co2e_kg):
        rows.append(p.unit_kg)
        most.append(p.max_co2e_kg)
    return rows, most


def _bounds(
    p: Problem, is_open: np.ndarray, used: dict[int, bool], source: np.ndarray | None
) -> list[tuple[float, float | None]]:
    bounds: list[tuple[float, float | None]] = [
        (float(p.first.least[at]), None) if used.get(at, True) else (0.0, 0.0) for at in range(len(p.first))
    ]
    d = p.delivery
    for warehouse, zone, goods in zip(d.warehouse, d.zone, d.product, strict=True):
        may = is_open[warehouse] and (source is None or source[zone, goods] == warehouse)
        bounds.append((0.0, None) if may else (0.0, 0.0))
    return bounds + [(0.0, None) if is_open[w] else (0.0, 0.0) for w in p.moves.out_of]


def _balances(p: Problem) -> tuple[np.ndarray, np.ndarray]:
    f, d, m = p.first, p.delivery, p.moves
    base = p.demand.size
    equal = np.zeros((base + p.warehouses * p.products, p.flows))
    given, passed = len(f) + np.arange(len(d)), len(f) + len(d) + np.arange(len(m))
    equal[d.zone * p.products + d.product, given] = 1.0
    equal[base + f.warehouse * p.products + f.product, np.arange(len(f))] = 1.0
    equal[base + d.warehouse * p.products + d.product, given] = -1.0
    equal[base + m.into * p.products + m.product, passed] = 1.0
    equal[base + m.out_of * p.products + m.product, passed] = -1.0
    return equal, np.concatenate([p.demand.ravel(), np.zeros(p.warehouses * p.products)])

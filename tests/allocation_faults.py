"""Faults planted in sound problems, and the cheapest repair of each by enumeration.

A fault takes a problem that has plans and gives one that has none, with the names of the groups that are to
blame. The best repair is found apart from the package: every limit gets a slack at the price of its group,
open sets are enumerated, and each is completed by a linear program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import numpy as np

from allocation_cases import random_problem
from allocation_enumerated import optimum
from allocation_options_enumerated import Copy, Program, open_sets
from xroute.allocation_engine import decide
from xroute.allocation_fees import TieredFee
from xroute.allocation_model import Problem
from xroute.allocation_repair import CAPACITY_EUR_PER_M3, CARBON_EUR_PER_KG
from xroute.allocation_rules import Group, LimitRows, joined, limit
from xroute.allocation_solver import Effort

EXACT = Effort(relative_gap=0.0)
Plant = Callable[[Problem], tuple[Problem, set[str]]]


def sound(seed: int) -> Problem:
    """A feasible problem without limits but room for all."""
    while True:
        found = random_problem(seed)
        free = replace(
            found, first=replace(found.first, least=np.zeros(len(found.first))), max_co2e_kg=np.inf,
            capacity_m3=np.full(found.warehouses, 1e4), carbon_price_eur_kg=0.0,
        )  # fmt: skip
        if np.isfinite(optimum(free)) and (free.demand.sum(axis=0) > 0).all():
            return free
        seed += 1000


def with_limit(p: Problem, *rows: LimitRows) -> Problem:
    return replace(p, limits=joined([p.limits, *rows]))


def capacity(p: Problem) -> tuple[Problem, set[str]]:
    need = float((p.demand @ p.stock_m3).sum())
    names = {f"capacity_m3 of warehouse {at + 1}" for at in range(p.warehouses)}
    return replace(p, capacity_m3=np.full(p.warehouses, 0.9 * need / p.warehouses)), names


def missing_lane(p: Problem) -> tuple[Problem, set[str]]:
    c, k = np.argwhere(p.demand > 0)[0]
    kept = ~((p.delivery.zone == c) & (p.delivery.product == k))
    at = np.concatenate([np.ones(len(p.first), bool), kept])
    flow_of = np.where(at, np.cumsum(at) - 1, -1)
    entry = flow_of[p.limits.flow] >= 0
    rows = replace(p.limits, row=p.limits.row[entry], flow=flow_of[p.limits.flow[entry]],
                   value=p.limits.value[entry])  # fmt: skip
    return replace(p, delivery=p.delivery.subset(kept), limits=rows), {
        f"a way for product {k + 1} to zone {c + 1}"
    }


def _barred(p: Problem, name: str, item: int) -> tuple[Problem, set[str]]:
    flow = len(p.first) + np.flatnonzero(p.delivery.product == item)
    group = Group(name=name, price_eur=2.0)
    return with_limit(p, limit(group, most=0.0, flows=(flow, np.ones(len(flow))))), {name}


def dangerous(p: Problem) -> tuple[Problem, set[str]]:
    return _barred(p, "units of dangerous goods where none may be kept", 0)


def cold(p: Problem) -> tuple[Problem, set[str]]:
    return _barred(p, "units of cold goods outside cold stores", 1)


def service(p: Problem) -> tuple[Problem, set[str]]:
    """Fast ways are every third delivery; a share is asked that they cannot reach."""
    flow = len(p.first) + np.arange(len(p.delivery))[::3]
    reached = np.zeros(p.demand.shape, dtype=bool)
    d = p.delivery
    reached[d.zone[flow - len(p.first)], d.product[flow - len(p.first)]] = True
    missed = float(p.demand[~reached].sum())
    need = float(p.demand.sum()) - 0.5 * missed if missed else 1.05 * float(p.demand.sum())
    group = Group(name="the units within 3 days (service 95 %)", price_eur=5.0)
    return with_limit(p, limit(group, least=need, flows=(flow, np.ones(len(flow))))), {group.name}


def cap(p: Problem) -> tuple[Problem, set[str]]:
    free = replace(p, limits=LimitRows(), fees=(), capacity_m3=np.full(p.warehouses, 1e4))
    try:
        least = decide(free, EXACT, only_co2e=True, name_limit=lambda *_: "").co2e_kg(free)
    except Exception:
        least = float(p.unit_kg.min() * p.demand.sum())
    return replace(p, max_co2e_kg=0.9 * least), {"max_co2e_kg"}


def tier_minimum(p: Problem) -> tuple[Problem, set[str]]:
    every = len(p.first) + np.arange(len(p.delivery))
    fees = tuple(
        TieredFee(
            name=f"handling of warehouse {w + 1}", flow=every[p.delivery.warehouse == w],
            use=np.ones(int((p.delivery.warehouse == w).sum())),
            start=np.array([1.2 * float(p.demand.sum())]), price_eur=np.array([0.1]), fixed_eur=np.zeros(1),
            site=w,
        )
        for w in range(p.warehouses)
    )  # fmt: skip
    return replace(p, fees=fees), {f"the least volume of {fee.name}" for fee in fees}


def fixings(p: Problem) -> tuple[Problem, set[str]]:
    every, ones = np.arange(p.warehouses), np.ones(p.warehouses)
    names = "warehouses held open", "max_open"
    return with_limit(
        p,
        limit(Group(name=names[0], unit="openings", price_eur=50.0), least=float(len(every)),
              sites=(every, ones)),
        limit(Group(name=names[1], unit="warehouses", price_eur=80.0), most=2.0, sites=(every, ones)),
    ), set(names)  # fmt: skip


SINGLE: tuple[Plant, ...] = (
    capacity, missing_lane, dangerous, cold, service, cap, tier_minimum, fixings,
)  # fmt: skip
PAIRS: tuple[tuple[Plant, Plant], ...] = tuple(combinations(SINGLE, 2))
# The zone that lost its lane there needs a tenth of all volume: without it the capacity does for the rest.
MASKED = {(capacity, missing_lane, 0)}


def best_repair(p: Problem) -> float:
    """The least money of relief and plan together, every open set with its own linear program."""
    dear = 10.0 * float(max(p.unit_eur.max(initial=1.0), 1.0)) + float(p.fixed_eur.max(initial=0.0))
    best = np.inf
    for is_open in open_sets(p.warehouses):
        lp = Program()
        lp.fixed = float(p.fixed_eur[is_open].sum())
        soft = replace(p, capacity_m3=np.full(p.warehouses, np.inf), max_co2e_kg=np.inf)
        copy = Copy(p=soft, tag=0, is_open=is_open, unserved_eur=np.full(p.products, dear))
        copy.lay(lp)
        copy.close(lp)
        _soft_rows(lp, p, copy, is_open)
        best = min(best, lp.solved())
    return best


def _soft_rows(lp: Program, p: Problem, copy: Copy, is_open: np.ndarray) -> None:
    for w in np.flatnonzero(np.isfinite(p.capacity_m3)):
        if copy.room[w]:
            slack = lp.add(("room", w), CAPACITY_EUR_PER_M3)
            lp.row([*copy.room[w], (slack, -1.0)], most=float(p.capacity_m3[w]) * bool(is_open[w]))
    if np.isfinite(p.max_co2e_kg):
        lp.row([*copy.kg, (lp.add("kg", CARBON_EUR_PER_KG), -1.0)], most=p.max_co2e_kg)
    names = [(0, "z", i) for i in range(len(p.first))] + [(0, "x", i) for i in range(len(p.delivery))]
    rows = p.limits
    for at, group in enumerate(rows.groups):
        here, sites = rows.row == at, rows.site_row == at
        terms = [(names[flow], float(value)) for flow, value in zip(rows.flow[here], rows.value[here],
                                                                    strict=True)]  # fmt: skip
        fixed = float((rows.site_value[sites] * is_open[rows.site[sites]]).sum())
        slack = lp.add(("limit", at), group.price_eur)
        if np.isfinite(rows.most[at]):
            lp.row([*terms, (slack, -1.0)], most=float(rows.most[at]) - fixed)
        if np.isfinite(rows.least[at]):
            lp.row([*terms, (slack, 1.0)], least=float(rows.least[at]) - fixed)
    for number, fee in enumerate(p.fees):
        if not is_open[fee.site]:
            continue
        terms = [(names[flow], float(use)) for flow, use in zip(fee.flow, fee.use, strict=True)]
        slack = lp.add(("least volume", number), 1.0)
        lp.row([*terms, (slack, 1.0)], least=float(fee.start[0]))
        price = float(fee.price_eur[0])  # one band, incremental: EUR a unit of the amount
        paid = lp.add(("fee", number), price)
        lp.row([*terms, (paid, -1.0)], 0.0, 0.0)


FAULTS = [(plant, seed) for seed, plant in product(range(2), SINGLE)]

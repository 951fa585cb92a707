"""Whether an answer is one: every balance, capacity and limit recomputed from its flows, by other code."""

from __future__ import annotations

import numpy as np

from xroute.allocation_model import Bools, Floats, Problem

TOLERANCE = 1e-6
NONE = np.zeros(0)


def check(
    problem: Problem,
    first: Floats,
    delivery: Floats,
    is_open: Bools,
    moved: Floats = NONE,
    more: Floats = NONE,
) -> list[str]:
    """What an answer breaks by more than 1e-6 of the limit; empty for a good one."""
    p = problem
    faults = []
    for name, units in (
        *(("first legs", first), ("deliveries", delivery)),
        *(("moves", moved), ("further amounts", more)),
    ):
        if not np.isfinite(units).all() or (units < 0.0).any():
            faults.append(f"{name} hold values that are no quantity")
    faults += _demand_faults(p, delivery) + _balance_faults(p, (first, delivery, moved, more))
    faults += _warehouse_faults(p, delivery, is_open, moved, more) + _source_faults(p, delivery)
    units = np.concatenate([first, delivery, moved, more])
    for rows in (p.limits, p.links):
        broken = rows.excess(units, is_open) > TOLERANCE
        faults += [f"{rows.groups[at].name} is not kept" for at in np.flatnonzero(broken)]
    faults += _more_faults(p, units, is_open)
    co2e = co2e_kg(p, first, delivery, moved, more)
    if co2e > p.max_co2e_kg * (1.0 + TOLERANCE):
        faults.append(f"{co2e:.9g} kg CO2e are above the cap of {p.max_co2e_kg:.9g}")
    small = (first > 0.0) & (first < p.first.least * (1.0 - 2 * TOLERANCE))
    if small.any():
        faults.append(f"{int(small.sum())} first legs carry less than their least volume")
    return faults


def _demand_faults(p: Problem, delivery: Floats) -> list[str]:
    given = np.zeros_like(p.demand)
    np.add.at(given, (p.delivery.zone, p.delivery.product), delivery)
    wrong = np.abs(given - p.demand) > TOLERANCE * np.maximum(p.demand, 1.0)
    return [f"{int(wrong.sum())} demands are not met"] if wrong.any() else []


def _source_faults(p: Problem, delivery: Floats) -> list[str]:
    if not p.single_source:
        return []
    used = delivery > 0.0
    product = p.delivery.product if p.single_source == "product" else np.zeros(len(used), dtype=np.int64)
    target = (p.delivery.zone * p.products + product)[used]
    pairs = np.unique(np.stack([target, p.delivery.warehouse[used]]), axis=1)
    several = int((np.unique(pairs[0], return_counts=True)[1] > 1).sum())
    return [f"{several} zones have several sources"] if several else []


def _more_faults(p: Problem, units: Floats, is_open: Bools) -> list[str]:
    """Further amounts above their most, at closed warehouses, that should be whole, or below their norm."""
    v, amounts = p.more, units[p.flows - len(p.more) :]
    faults = []
    if (amounts > v.most * (1.0 + TOLERANCE) + TOLERANCE).any():
        faults.append("a further amount is above its most")
    if (amounts[v.is_tied & ~is_open[v.site]] > TOLERANCE).any():
        faults.append("a closed warehouse has further amounts")
    if (np.abs(amounts - np.rint(amounts))[v.is_whole] > TOLERANCE).any():
        faults.append("an amount that is counted is not whole")
    need = p.norms.at(units)
    if (need - amounts[p.norms.governs] > TOLERANCE * np.maximum(need, 1.0)).any():
        faults.append("a safety stock is below its norm")
    return faults


def _balance_faults(p: Problem, flows: tuple[Floats, Floats, Floats, Floats]) -> list[str]:
    first, delivery, moved, more = flows
    coming = np.zeros((p.warehouses, p.products))
    leaving = np.zeros_like(coming)
    np.add.at(coming, (p.first.warehouse, p.first.product), first)
    np.add.at(leaving, (p.delivery.warehouse, p.delivery.product), delivery)
    np.add.at(coming, (p.moves.into, p.moves.product), moved)
    np.add.at(leaving, (p.moves.out_of, p.moves.product), moved)
    gives = np.flatnonzero(p.more.gives)
    np.add.at(coming, (p.more.site[gives], p.more.product[gives]), (more * p.more.gives)[gives])
    wrong = np.abs(coming - leaving) > TOLERANCE * np.maximum(leaving, 1.0)
    return [f"{int(wrong.sum())} warehouses do not balance"] if wrong.any() else []


def _warehouse_faults(p: Problem, delivery: Floats, is_open: Bools, moved: Floats, more: Floats) -> list[str]:
    faults = []
    if (moved[~is_open[p.moves.out_of]] > 0.0).any():
        faults.append("a closed warehouse passes goods on")
    if (delivery[~is_open[p.delivery.warehouse]] > 0.0).any():
        faults.append("a closed warehouse delivers")
    stock = stock_m3(p, delivery, moved, more)
    full = stock > p.capacity_m3 * (1.0 + TOLERANCE)
    if full.any():
        faults.append(f"{int(full.sum())} warehouses hold more than their capacity")
    return faults


def stock_m3(problem: Problem, delivery: Floats, moved: Floats = NONE, more: Floats = NONE) -> Floats:
    """Average stock of each warehouse, m3, of what it delivers and passes on, and of further amounts."""
    p, stock = problem, np.zeros(problem.warehouses)
    np.add.at(stock, p.delivery.warehouse, delivery * p.stock_m3[p.delivery.product])
    np.add.at(stock, p.moves.out_of, moved * p.moved_m3)
    filling = np.flatnonzero(p.more.m3)
    np.add.at(stock, p.more.site[filling], (more * p.more.m3)[filling])
    return stock


def weighed(units: Floats, of_unit: Floats) -> float:
    """The sum of products, in an order of its own: what a linear algebra library makes of it depends on its
    threads, whose waiting takes longer than the sum.

    >>> weighed(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float((units * of_unit).sum())


def co2e_kg(
    problem: Problem, first: Floats, delivery: Floats, moved: Floats = NONE, more: Floats = NONE
) -> float:
    """Kilograms of CO2e a month."""
    p = problem
    p = problem
    ways = weighed(first, p.first.co2e_kg) + weighed(delivery, p.delivery.co2e_kg)
    return ways + weighed(moved, p.moves.co2e_kg) + weighed(more, p.more.co2e_kg)


def cost_eur(
    problem: Problem,
    first: Floats,
    delivery: Floats,
    is_open: Bools,
    moved: Floats = NONE,
    more: Floats = NONE,
) -> float:
    """Money a month: transport, warehouses, fixed and tiered fees, further amounts; no carbon price."""
    p = problem
    flows = weighed(first, p.first.eur) + weighed(delivery, p.delivery.eur)
    flows += weighed(moved, p.moves.eur) + weighed(more, p.more.eur)
    units = np.concatenate([first, delivery, moved, more])
    tiers = sum(
        fee.fee_eur(float(fee.use @ units[fee.flow]), is_due=fee.site < 0 or bool(is_open[fee.site]))
        for fee in (*p.fees, *p.least_charges)
    )
    return flows + float(p.fixed_eur[is_open].sum()) + tiers


def objective(
    problem: Problem, flows: tuple[Floats, ...], is_open: Bools, *, only_co2e: bool = False
) -> float:
    """What was minimised: money plus carbon price times emissions, or emissions alone.

    `flows` are units on first legs, deliveries and moves, and further amounts.
    """
    first, delivery, *rest = flows
    co2e = co2e_kg(problem, first, delivery, *rest)
    if only_co2e:
        return co2e
    return cost_eur(problem, first, delivery, is_open, *rest) + problem.carbon_price_eur_kg * co2e

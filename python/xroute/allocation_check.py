"""Whether an answer is one: every balance, capacity and limit recomputed from its flows, by other code."""

from __future__ import annotations

import numpy as np

from xroute.allocation_model import Bools, Floats, Problem

TOLERANCE = 1e-6


def check(problem: Problem, first: Floats, delivery: Floats, is_open: Bools) -> list[str]:
    """What an answer breaks by more than 1e-6 of the limit; empty for a good one."""
    p = problem
    faults = []
    for name, units in (("first legs", first), ("deliveries", delivery)):
        if not np.isfinite(units).all() or (units < 0.0).any():
            faults.append(f"{name} hold values that are no quantity")
    faults += _demand_faults(p, delivery) + _balance_faults(p, first, delivery)
    faults += _warehouse_faults(p, delivery, is_open)
    co2e = co2e_kg(p, first, delivery)
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


def _balance_faults(p: Problem, first: Floats, delivery: Floats) -> list[str]:
    coming = np.zeros((p.warehouses, p.products))
    leaving = np.zeros_like(coming)
    np.add.at(coming, (p.first.warehouse, p.first.product), first)
    np.add.at(leaving, (p.delivery.warehouse, p.delivery.product), delivery)
    wrong = np.abs(coming - leaving) > TOLERANCE * np.maximum(leaving, 1.0)
    return [f"{int(wrong.sum())} warehouses do not balance"] if wrong.any() else []


def _warehouse_faults(p: Problem, delivery: Floats, is_open: Bools) -> list[str]:
    faults = []
    if (delivery[~is_open[p.delivery.warehouse]] > 0.0).any():
        faults.append("a closed warehouse delivers")
    stock = stock_m3(p, delivery)
    full = stock > p.capacity_m3 * (1.0 + TOLERANCE)
    if full.any():
        faults.append(f"{int(full.sum())} warehouses hold more than their capacity")
    return faults


def stock_m3(problem: Problem, delivery: Floats) -> Floats:
    """Average stock of each warehouse, m3."""
    stock = np.zeros(problem.warehouses)
    np.add.at(stock, problem.delivery.warehouse, delivery * problem.stock_m3[problem.delivery.product])
    return stock


def co2e_kg(problem: Problem, first: Floats, delivery: Floats) -> float:
    """Kilograms of CO2e a month."""
    return float(first @ problem.first.co2e_kg + delivery @ problem.delivery.co2e_kg)


def cost_eur(problem: Problem, first: Floats, delivery: Floats, is_open: Bools) -> float:
    """Money a month: transport, warehouses and fixed fees; no carbon price."""
    p = problem
    return float(first @ p.first.eur + delivery @ p.delivery.eur + p.fixed_eur[is_open].sum())


def objective(
    problem: Problem, first: Floats, delivery: Floats, is_open: Bools, *, only_co2e: bool = False
) -> float:
    """What was minimised: money plus carbon price times emissions, or emissions alone."""
    co2e = co2e_kg(problem, first, delivery)
    if only_co2e:
        return co2e
    return cost_eur(problem, first, delivery, is_open) + problem.carbon_price_eur_kg * co2e

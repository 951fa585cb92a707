"""Cost against CO2e: what each tonne less costs, with the open warehouses as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_check import co2e_kg, cost_eur
from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Problem
from xroute.allocation_solver import Effort
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation

KG_PER_T = 1000.0
CLOSED_EUR = 1e12


def front(allocation: Allocation, *, points: int = 8) -> Table:
    """Points from least cost to least CO2e, each the least cost under a cap (epsilon constraint).

    Columns: point, label, cost_eur, co2e_t, marginal_eur_per_t (extra money over tonnes saved against the
    point before), open_warehouses, air_share, rail_share, sea_share (of tonnes on first legs), termination.
    The warehouses that the allocation opened stay open and the others closed, so the points compare ways of
    shipping.
    """
    base = _as_opened(allocation)
    effort = Effort(relative_gap=allocation.limits.gap)
    cheapest = decide(base, effort)
    cleanest = decide(base, effort, only_co2e=True, switched=cheapest.switched)
    most, least = (_co2e(base, each) for each in (cheapest, cleanest))
    found = [("least cost", cheapest)]
    for number, cap in enumerate(np.linspace(most, least, max(points, 2))[1:], 1):
        is_last = number == max(points, 2) - 1
        label = "least CO2e" if is_last else f"{1 - cap / most:.1%} less CO2e"
        capped = replace(base, max_co2e_kg=float(cap * (1 + 1e-6)))
        found.append((label, decide(capped, effort, switched=found[-1][1].switched)))
    return Table(_columns(allocation, base, found))


def _as_opened(allocation: Allocation) -> Problem:
    """The problem without carbon price and cap, and without the legs and deliveries of closed warehouses."""
    problem, is_open = allocation.problem, allocation.decision.is_open
    return replace(
        problem,
        carbon_price_eur_kg=0.0,
        max_co2e_kg=np.inf,
        capacity_m3=np.where(is_open, problem.capacity_m3, 0.0),
        fixed_eur=np.where(is_open, problem.fixed_eur, CLOSED_EUR),
    )


def _co2e(problem: Problem, decision: Decision) -> float:
    return co2e_kg(problem, decision.first_units, decision.delivery_units)


def _cost(problem: Problem, decision: Decision) -> float:
    return cost_eur(problem, decision.first_units, decision.delivery_units, decision.is_open)


def _columns(
    allocation: Allocation, base: Problem, found: list[tuple[str, Decision]]
) -> dict[str, Any]:
    decisions = [decision for _, decision in found]
    shares = [_shares(allocation, base, decision) for decision in decisions]
    cost = np.array([_cost(base, decision) for decision in decisions])
    tonnes = np.array([_co2e(base, decision) / KG_PER_T for decision in decisions])
    saved = -np.diff(tonnes)
    step = np.divide(np.diff(cost), saved, out=np.zeros(len(saved)), where=saved > 1e-9)
    return {
        "point": np.arange(1, len(found) + 1),
        "label": [label for label, _ in found],
        "cost_eur": cost,
        "co2e_t": tonnes,
        "marginal_eur_per_t": np.concatenate([[0.0], step]),
        "open_warehouses": np.array([int(decision.is_open.sum()) for decision in decisions]),
        **{f"{mode}_share": np.array([share.get(mode, 0.0) for share in shares]) for mode in ("air", "rail", "sea")},
        "termination": [decision.termination.status for decision in decisions],
    }


def _shares(allocation: Allocation, base: Problem, decision: Decision) -> dict[str, float]:
    """Share of first-leg tonnes by main haul."""
    mass = allocation.tables.products["mass_kg"][base.first.product] * decision.first_units
    total = max(float(mass.sum()), 1e-9)
    shares: dict[str, float] = {}
    for route, kg in zip(allocation.candidates.leg_route, mass, strict=True):
        mode = allocation.legs[route].route.main_haul
        shares[mode] = shares.get(mode, 0.0) + float(kg) / total
    return shares

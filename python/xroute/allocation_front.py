"""Cost against CO2e: what each tonne less costs, with every decision free, warehouses too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_check import co2e_kg, cost_eur
from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Problem
from xroute.allocation_solver import Effort
from xroute.errors import InputError
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation

KG_PER_T = 1000.0
_CAP_SLACK = 1e-6
_SAME = 1e-5
CHOSEN = "chosen"


def front(allocation: Allocation, *, points: int = 8) -> Table:
    """Points from least cost to least CO2e, each the least cost under a cap (epsilon constraint).

    The allocation itself stands among them as "chosen". Carbon price and cap of the allocation are put
    aside, its other limits kept. Columns: point, label, cost_eur, co2e_t, marginal_eur_per_t (extra money
    over tonnes saved against the point before, NaN for the first), open_warehouses, air_share, rail_share,
    sea_share (of tonnes on first legs), termination. Raises `InputError` for fewer than two points.
    """
    if points < 2:
        raise InputError(f"expected at least 2 points, got {points}", column="points")
    problem = replace(allocation.problem, carbon_price_eur_kg=0.0, max_co2e_kg=np.inf)
    effort = Effort(relative_gap=allocation.limits.gap)
    cheapest = decide(problem, effort)
    cleanest = decide(problem, effort, only_co2e=True, switched=cheapest.switched)
    caps = np.linspace(_co2e(problem, cheapest), _co2e(problem, cleanest), points)[1:]
    found = [("least cost", cheapest)]
    for cap in caps:
        capped = replace(problem, max_co2e_kg=float(cap) * (1.0 + _CAP_SLACK))
        found.append(("", decide(capped, effort, switched=found[-1][1].switched)))
    found[-1] = "least CO2e", found[-1][1]
    return Table(_columns(allocation, problem, _with_chosen(problem, found, allocation.decision)))


def _with_chosen(
    problem: Problem, found: list[tuple[str, Decision]], chosen: Decision
) -> list[tuple[str, Decision]]:
    """The points with the allocation's own among them, by falling emissions; beaten ones are left out."""
    kg = _co2e(problem, chosen)
    gaps = [abs(_co2e(problem, decision) - kg) for _, decision in found]
    nearest = int(np.argmin(gaps))
    points = list(found)
    if gaps[nearest] <= _SAME * kg:
        label = found[nearest][0]
        points[nearest] = f"{label}, {CHOSEN}" if label else CHOSEN, chosen
    else:
        points.append((CHOSEN, chosen))
    kept: list[tuple[str, Decision]] = []
    for label, decision in sorted(
        points, key=lambda each: (_cost(problem, each[1]), _co2e(problem, each[1]))
    ):
        if not kept or _co2e(problem, decision) < _co2e(problem, kept[-1][1]) or CHOSEN in label:
            kept.append((label, decision))
    return kept


def _co2e(problem: Problem, decision: Decision) -> float:
    return co2e_kg(problem, decision.first_units, decision.delivery_units)


def _cost(problem: Problem, decision: Decision) -> float:
    return cost_eur(problem, decision.first_units, decision.delivery_units, decision.is_open)


def _columns(allocation: Allocation, problem: Problem, found: list[tuple[str, Decision]]) -> dict[str, Any]:
    decisions = [decision for _, decision in found]
    shares = [_shares(allocation, problem, decision) for decision in decisions]
    cost = np.array([_cost(problem, decision) for decision in decisions])
    tonnes = np.array([_co2e(problem, decision) / KG_PER_T for decision in decisions])
    saved = -np.diff(tonnes)
    step = np.divide(np.diff(cost), saved, out=np.full(len(saved), np.nan), where=saved > 1e-9)
    return {
        "point": np.arange(1, len(found) + 1),
        "label": [label for label, _ in found],
        "cost_eur": cost,
        "co2e_t": tonnes,
        "marginal_eur_per_t": np.concatenate([[np.nan], step]),
        "open_warehouses": np.array([int(decision.is_open.sum()) for decision in decisions]),
        **{
            f"{mode}_share": np.array([share.get(mode, 0.0) for share in shares])
            for mode in ("air", "rail", "sea")
        },
        "termination": [str(decision.termination) for decision in decisions],
    }


def _shares(allocation: Allocation, problem: Problem, decision: Decision) -> dict[str, float]:
    """Share of first-leg tonnes by main haul."""
    mass = allocation.tables.products["mass_kg"][problem.first.product] * decision.first_units
    total = max(float(mass.sum()), 1e-9)
    shares: dict[str, float] = {}
    for route, kg in zip(allocation.candidates.leg_route, mass, strict=True):
        mode = allocation.legs[route].route.main_haul
        shares[mode] = shares.get(mode, 0.0) + float(kg) / total
    return shares

"""What one loss would cost: each warehouse, origin, passage and hub in turn, and the best plan without it.

A loss that the plan does not use changes nothing and needs no solving: the plan stays the best one, for a
loss only takes choices away. Else the flows are decided again with the open set held, and where that keeps
no plan, with all decisions free. Where the open set was chosen to bear a disruption, the plan without what is
lost need not bear it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_engine import Decision, decide
from xroute.allocation_events import undisturbed
from xroute.allocation_model import Bools, Ints, Problem
from xroute.allocation_rounding import Rounding, by_rounding
from xroute.allocation_rules import Group, joined, limit
from xroute.allocation_solver import Effort
from xroute.allocation_tables import table_of
from xroute.allocation_terms import passes
from xroute.errors import AllocationError
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation

Known = dict[tuple[bool, bytes], tuple[str, Decision | None]]

COLUMNS = ("lost", "kind", "status", "cost_eur", "extra_eur", "extra_co2e_t", "open_warehouses")


def losses(allocation: Allocation) -> Table:
    """One row for each single loss, dearest first; NaN money where no plan is left.

    Columns: lost, kind (warehouse, origin, lane), status ("not used", "same warehouses", "other warehouses",
    "no plan"), cost_eur, extra_eur and extra_co2e_t a month against the plan, open_warehouses.
    """
    known: Known = {}
    rows = [_row(allocation, name, kind, lost, known) for name, kind, lost in _single(allocation)]
    rows.sort(key=lambda row: (-row["extra_eur"] if row["status"] != "no plan" else -np.inf, row["lost"]))
    return table_of(rows, COLUMNS)


def _single(allocation: Allocation) -> list[tuple[str, str, Bools]]:
    """Name, kind and lost flows of each loss."""
    p, tables = allocation.problem, allocation.tables
    count = len(tables.warehouses["warehouse_id"])
    none = np.full(len(p.more), -1)
    store = np.concatenate(
        [p.first.warehouse % count, p.delivery.warehouse % count, p.moves.out_of % count, none]
    )
    into = np.concatenate(
        [p.first.warehouse % count, p.delivery.warehouse % count, p.moves.into % count, none]
    )
    found = [
        (str(name), "warehouse", (store == at) | (into == at))
        for at, name in enumerate(tables.warehouses["warehouse_id"])
    ]
    rest = np.zeros(p.flows - len(p.first), dtype=bool)  # further amounts are never lost themselves
    route = allocation.candidates.leg_route
    origin = np.array([leg.origin for leg in allocation.legs])
    for at, name in enumerate(tables.origins):
        found.append((name, "origin", np.concatenate([origin[route] == at, rest])))
    passed = [passes(leg) for leg in allocation.legs]
    for name in sorted({lane for each in passed for lane in each}):
        uses = np.array([name in each for each in passed], dtype=bool)
        found.append((name, "lane", np.concatenate([uses[route], rest])))
    return found


def _row(allocation: Allocation, name: str, kind: str, lost: Bools, known: Known) -> dict[str, Any]:
    plan, p = allocation.decision, allocation.problem
    status: str = "not used"
    found: Decision | None = plan
    is_idle = kind == "warehouse" and not plan.is_open[_store(allocation, name)].any()
    if (np.concatenate(plan.flows)[lost] > 0.0).any() or not (kind != "warehouse" or is_idle):
        key = kind == "warehouse", lost.tobytes()
        if key not in known:  # passages of one chain are lost together: one plan answers for all of them
            known[key] = _again(allocation, kind, name, lost)
        status, found = known[key]
    if found is None:
        return dict(zip(COLUMNS, (name, kind, status, np.nan, np.nan, np.nan, 0), strict=True))
    cost, kg = found.cost_eur(p), found.co2e_kg(p)
    extra = cost - plan.cost_eur(p), (kg - plan.co2e_kg(p)) / 1000.0
    return dict(zip(COLUMNS, (name, kind, status, cost, *extra, int(found.is_open.sum())), strict=True))


def _store(allocation: Allocation, name: str) -> Ints:
    """The sites of a warehouse: one in each period."""
    ids = allocation.tables.warehouses["warehouse_id"]
    at = np.flatnonzero(ids == name)[0]
    return np.arange(at, allocation.problem.warehouses, len(ids))


def _again(allocation: Allocation, kind: str, name: str, lost: Bools) -> tuple[str, Decision | None]:
    plan, problem = allocation.decision, without(undisturbed(allocation.problem), lost)
    effort = Effort(relative_gap=allocation.limits.gap)
    held = plan.is_open.copy()
    if kind == "warehouse":
        held[_store(allocation, name)] = False
    for status, opened in (("same warehouses", held), ("other warehouses", None)):
        found = by_rounding(Rounding(problem=problem, effort=effort)) if opened is None else None
        if found is not None:
            return status, found
        try:
            found = decide(problem, effort, switched=plan.switched, opened=opened, name_limit=lambda *_: "")
        except AllocationError:
            continue
        return status, found
    return "no plan", None


def without(problem: Problem, lost: Bools) -> Problem:
    """The problem in which some flows, by row of first legs, deliveries and moves, carry nothing."""
    flow = np.flatnonzero(lost)
    rule = limit(Group(name="lost"), most=0.0, flows=(flow, np.ones(len(flow))))
    return replace(problem, limits=joined([problem.limits, rule]))

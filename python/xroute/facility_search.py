"""The search for facilities in stages: the core, a model of the likely lanes, a model of all that is left."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.allocation_facility import (
    Closed,
    Lanes,
    Sites,
    all_lanes,
    close,
    likely_lanes,
    reduced_costs,
)
from xroute.allocation_solver import Effort, Status, Termination, relative_gap
from xroute.facility_neighbours import improve

Ints = NDArray[np.int64]

STEPS = 4000
WHOLE_STEPS = 800
"""Steps with whole customers in which the bound comes near its best."""
MOST_WORK = 400_000_000
WORK_A_LANE, WORK_A_LANE_SINGLE = 2_000, 10_000
MORE_A_LANE_SINGLE, MORE_WORK = 30_000, 60_000_000
"""Of a single-source problem so small that this work is soon done."""
WORK_A_SECOND = 6_000_000
"""So much work takes a fifth to a half of a second."""
FEW_LANES = 3000
MOST_LANES = 60_000
LARGE = 8_000
"""Lanes from which branch and bound alone seldom closes the gap of a single-source problem."""
NEIGHBOURS_SHARE = 0.7
"""Of the time that is left, for neighbourhoods of a single-source answer."""
FIRST_WORK_A_LANE = 50
FIRST_LANES, FIRST_NODES, FIRST_SHARE = 1000, 60_000, 0.15
"""Of a small single-source problem: lanes at most for a first branch and bound, its nodes (so many, by lanes)
and its share of the time."""
BY_BOUND = "bound met by the Lagrangian relaxation"
SOLVER = "xroute Lagrangian and network simplex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best answer as flows in steps of goods, its cost, a bound, and how the search ended."""

    facility: Ints
    customer: Ints
    units: Ints
    cost: float
    bound: float
    status: Status
    reason: str
    solver: str
    reproducible: bool

    def termination(self, objective: float, seed: int, spent: tuple[float, float]) -> Termination:
        """The record of the search; `spent` is wall and CPU time in seconds."""
        has_answer = self.status in ("optimal", "feasible")
        return Termination(
            status=self.status,
            reason=self.reason,
            objective=objective,
            bound=min(self.bound, objective) if has_answer else self.bound,
            gap=relative_gap(objective, self.bound) if has_answer else float("nan"),
            solver=self.solver,
            solver_version=str(_core.__version__),
            seed=seed,
            cpu_s=spent[1],
            wall_s=spent[0],
            reproducible=self.reproducible,
        )


@dataclass
class _Search:
    sites: Sites
    gap: float
    ends: float | None
    nodes: int
    seed: int
    found: dict[str, Any]
    reproducible: bool = True
    reason: str = BY_BOUND
    solver: str = SOLVER
    is_infeasible: bool = False

    @property
    def upper(self) -> float:
        return float(self.found.get("cost", np.inf))

    @property
    def is_closed(self) -> bool:
        has_answer = np.isfinite(self.upper)
        return bool(has_answer and self.upper - self.found["bound"] <= self.gap * max(abs(self.upper), 1e-9))

    def left_s(self) -> float | None:
        return None if self.ends is None else max(0.0, self.ends - time.monotonic())

    def is_late(self) -> bool:
        left = self.left_s()
        return left is not None and left <= 0.5


def decide(sites: Sites, effort: Effort, *, keep_on_interrupt: bool) -> Found:
    """The cheapest answer within the limits, and a bound.

    Raises `KeyboardInterrupt` from Ctrl-C, unless `keep_on_interrupt` is set and there is an answer.
    """
    limit, gap = effort.time_limit_s, effort.relative_gap
    ends = None if limit is None else time.monotonic() + limit
    work, is_small = _work(sites, limit), sites.is_single and sites.cost.size < LARGE
    found = _first_found(sites, gap, work) if is_small else _core_found(sites, gap, WHOLE_STEPS, work)
    search = _Search(sites=sites, gap=gap, ends=ends, nodes=effort.nodes, seed=effort.seed, found=found)
    try:
        if is_small and not _closes_few(search):
            _look_deeper(search, work)
        _close_gap(search)
    except KeyboardInterrupt:
        if not keep_on_interrupt or not np.isfinite(search.upper):
            raise
        search.reason, search.reproducible = "interrupted", False
    return _found(search)


def _core_found(sites: Sites, gap: float, whole_steps: int, work: int) -> dict[str, Any]:
    found: dict[str, Any] = _core.facility_search(
        sites.cost, sites.capacity, sites.fixed_cost, sites.demand,
        is_single=sites.is_single, steps=STEPS, whole_steps=whole_steps, work=work, gap=gap,
    )  # fmt: skip
    return found


def _first_found(sites: Sites, gap: float, work: int) -> dict[str, Any]:
    """A look with little work: it fixes most lanes of an easy problem, and branch and bound does the rest."""
    return _core_found(sites, gap, 0, min(work, FIRST_WORK_A_LANE * sites.cost.size))


def _closes_few(search: _Search) -> bool:
    """Whether a short branch and bound settles the problem, where few lanes are left after the first look."""
    if search.is_closed:
        return True
    whole = all_lanes(search.sites, search.found, search.upper)
    count = len(whole.facility)
    if count > FIRST_LANES or search.is_late():
        return False
    nodes, search.nodes = search.nodes, min(search.nodes, FIRST_NODES // max(count, 1))
    _solve_on(search, whole, is_whole=True, share=FIRST_SHARE)
    search.nodes = nodes
    return search.is_closed or search.is_infeasible


def _look_deeper(search: _Search, work: int) -> None:
    """The whole of the core's work on a problem that the first look left open; the better of both is kept."""
    first = search.found
    search.found = _core_found(search.sites, search.gap, WHOLE_STEPS, work)
    search.reason = BY_BOUND
    search.found["bound"] = max(search.found["bound"], first["bound"])
    if "facility" in first:
        _take(search, first["facility"], first["customer"], first["units"])


def _work(sites: Sites, limit: float | None) -> int:
    """Work of the core: no more than fits a part of the time limit, whatever the clock says."""
    size = sites.cost.size
    most = WORK_A_LANE * size
    if sites.is_single:
        most = max(WORK_A_LANE_SINGLE * size, min(MORE_A_LANE_SINGLE * size, MORE_WORK))
    most = min(MOST_WORK, most)
    return most if limit is None else min(most, int(WORK_A_SECOND * limit))


def _close_gap(search: _Search) -> None:
    if search.is_closed:
        return
    whole = all_lanes(search.sites, search.found, search.upper)
    if len(whole.facility) > FEW_LANES:
        if search.sites.is_single and search.sites.cost.size >= LARGE:
            _improve(search)
            whole = all_lanes(search.sites, search.found, search.upper)
        likely = likely_lanes(search.sites, search.found, whole)
        if len(likely.facility) < len(whole.facility):
            _solve_on(search, likely, is_whole=False, share=0.6)
            whole = all_lanes(search.sites, search.found, search.upper)
    if not search.is_closed and not search.is_late() and len(whole.facility) <= MOST_LANES:
        _solve_on(search, whole, is_whole=True, share=1.0)


def _improve(search: _Search) -> None:
    """Solves the neighbourhoods of the best single-source answer, for a part of the time."""
    if not np.isfinite(search.upper):
        return
    left = search.left_s()
    ends = None if left is None else time.monotonic() + NEIGHBOURS_SHARE * left
    house = np.empty(search.sites.cost.shape[1], dtype=np.int64)
    house[search.found["customer"]] = search.found["facility"]
    effort = Effort(relative_gap=search.gap, nodes=search.nodes, seed=search.seed)
    improved = improve(search.sites, house, effort, ends)
    search.reproducible = search.reproducible and improved.reproducible
    search.solver = f"{SOLVER}, HiGHS in OR-Tools MathOpt"
    _take(search, improved.house, np.arange(len(house)), search.sites.demand)


def _solve_on(search: _Search, lanes: Lanes, *, is_whole: bool, share: float) -> None:
    left = search.left_s()
    limit = None if left is None else max(0.1, share * left)
    effort = Effort(relative_gap=search.gap, nodes=search.nodes, seed=search.seed, time_limit_s=limit)
    reduced = reduced_costs(search.sites, search.found)[lanes.facility, lanes.customer]
    closed = close(search.sites, search.found, lanes, effort, guess=reduced <= 0.0)
    search.solver = f"{SOLVER}, HiGHS in OR-Tools MathOpt"
    search.reason = closed.reason
    search.reproducible = search.reproducible and closed.reproducible
    _keep(search, closed)
    if is_whole:
        if closed.is_infeasible and not np.isfinite(search.upper):
            search.is_infeasible = True
        bound = min(closed.bound, search.upper)
        search.found["bound"] = max(search.found["bound"], bound - 1e-9 * abs(bound))
        if not np.isfinite(search.upper):
            search.found["bound"] = closed.bound


def _keep(search: _Search, closed: Closed) -> None:
    """Takes an answer over if it is cheaper; flows of a split one are made anew by the kernel."""
    if closed.flows is None:
        return
    facility, customer, units = closed.flows
    if not search.sites.is_single:
        facility, customer, units = _served(search.sites, np.unique(facility))
    _take(search, facility, customer, units)


def _take(search: _Search, facility: Ints, customer: Ints, units: Ints) -> None:
    cost = _cost(search.sites, facility, customer, units)
    if cost < search.upper:
        kept = {"cost": cost, "facility": facility, "customer": customer, "units": units}
        search.found = search.found | kept


def _served(sites: Sites, rows: Ints) -> tuple[Ints, Ints, Ints]:
    alone = replace(
        sites, cost=np.ascontiguousarray(sites.cost[rows]), capacity=sites.capacity[rows],
        fixed_cost=np.zeros(len(rows)),
    )  # fmt: skip
    found = _core.facility_search(
        alone.cost,
        alone.capacity,
        alone.fixed_cost,
        alone.demand,
        is_single=False,
        steps=0,
        whole_steps=0,
        work=0,
        gap=0.0,
    )
    return rows[found["facility"]], found["customer"], found["units"]


def _cost(sites: Sites, facility: Ints, customer: Ints, units: Ints) -> float:
    needed = sites.demand[customer]
    share = np.where(needed > 0, units / np.maximum(needed, 1), 1.0)
    service = float((sites.cost[facility, customer] * share).sum())
    return service + float(sites.fixed_cost[np.unique(facility)].sum())


def _found(search: _Search) -> Found:
    has_answer = np.isfinite(search.upper)
    none = np.zeros(0, dtype=np.int64)
    status: Status = "optimal" if search.is_closed else "feasible"
    if not has_answer:
        status = "infeasible" if search.is_infeasible else "no_solution"
    return Found(
        facility=search.found.get("facility", none),
        customer=search.found.get("customer", none),
        units=search.found.get("units", none),
        cost=search.upper,
        bound=float(search.found["bound"]),
        status=status,
        reason=search.reason,
        solver=search.solver,
        reproducible=search.reproducible,
    )

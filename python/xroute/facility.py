"""Facility location on matrices: `facility_location`."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.allocation_facility import Sites
from xroute.allocation_solver import Effort, Termination, relative_gap
from xroute.errors import AllocationError, InputError, InternalError
from xroute.facility_order import as_before, joined, ordered
from xroute.facility_search import Found, decide
from xroute.quanta import read_amounts
from xroute.table import Table
from xroute.transport import Shortage, listed
from xroute.transport_tables import Labels, amounts_by_id, matrix_of

MOST_VIOLATION = 1e-6


@dataclass(frozen=True, kw_only=True)
class FacilityLocation:
    """Which facilities open and whom each of them serves, with a bound on what any other answer could cost.

    `objective` is fixed and service cost, added up anew from the flows and the costs as given; no answer
    costs less than `bound` (money, as the costs). `open` marks facilities that serve someone. `termination`
    says how the search ended, with the gap, the seed and whether another run gives the same.
    """

    open: NDArray[np.bool_]
    objective: float
    bound: float
    termination: Termination
    _problem: _Problem
    _found: Found

    @property
    def gap(self) -> float:
        """How far the objective may be above the best possible, as a share of itself."""
        return relative_gap(self.objective, self.bound)

    @property
    def status(self) -> str:
        """`optimal` (within the gap asked for) or `feasible`."""
        return self.termination.status

    @cached_property
    def flow(self) -> NDArray[np.float64]:
        """Units from each facility (row) to each customer (column)."""
        dense = np.zeros(self._problem.cost.shape)
        dense[self._found.facility, self._found.customer] = self._problem.in_units(self._found.units)
        return dense

    @cached_property
    def assignment(self) -> NDArray[np.int64]:
        """The facility that serves most of each customer; all of it where `single_source` was asked."""
        share = np.full(self._problem.cost.shape, -1.0)
        share[self._found.facility, self._found.customer] = self._found.units
        return np.asarray(share.argmax(axis=0), dtype=np.int64)

    @cached_property
    def shipments(self) -> Table:
        """One row for each lane in use: warehouse, zone, units, cost; by position or by the ids handed in."""
        found = self._found
        houses, zones = self._problem.labels.named(found.facility, found.customer)
        cost = self._problem.cost[found.facility, found.customer] * self._problem.share(found)
        units = self._problem.in_units(found.units)
        return Table({"warehouse_id": houses, "zone_id": zones, "units": units, "cost": cost})

    def __repr__(self) -> str:
        rows, columns = self._problem.cost.shape
        return (
            f"<FacilityLocation {rows:,} x {columns:,}: {int(self.open.sum())} open, "
            f"objective {self.objective:,.10g}, {self.termination}>"
        )


@dataclass(frozen=True, kw_only=True)
class _Problem:
    cost: NDArray[np.float64]
    capacity: NDArray[np.float64]
    fixed_cost: NDArray[np.float64]
    demand: NDArray[np.float64]
    sites: Sites
    steps_per_unit: float
    labels: Labels

    def in_units(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(steps / self.steps_per_unit, dtype=np.float64)

    def share(self, found: Found) -> NDArray[np.float64]:
        needed = self.sites.demand[found.customer]
        return np.where(needed > 0, found.units / np.maximum(needed, 1), 1.0)

    def objective(self, found: Found, is_open: NDArray[np.bool_]) -> float:
        """Money, from the flows and the costs as given."""
        service = self.cost[found.facility, found.customer] * self.share(found)
        return math.fsum([*service.tolist(), *self.fixed_cost[is_open].tolist()])

    def refuse_violation(self, found: Found) -> None:
        """Adds the flows up by facility and customer, and refuses them where a limit is missed."""
        units = self.in_units(found.units)
        sent = np.bincount(found.facility, units, len(self.capacity))
        share = np.bincount(found.customer, self.share(found), len(self.demand))
        excess = np.maximum(sent - self.capacity, 0.0)
        over = float((excess / np.maximum(sent, 1e-300)).max(initial=0.0))
        missed = float(np.abs(share - 1.0).max(initial=0.0))
        if (
            max(over, missed) > MOST_VIOLATION
            or not np.isfinite(self.cost[found.facility, found.customer]).all()
        ):
            raise InternalError(f"the flows miss a limit by {max(over, missed):.3g} of it")
        if self.sites.is_single and len(np.unique(found.customer)) < len(found.customer):
            raise InternalError("a customer has two sources")


def facility_location(
    cost: Any,
    capacity: Any,
    fixed_cost: Any,
    demand: Any,
    *,
    single_source: bool = False,
    cost_basis: Literal["unit", "total"] = "unit",
    gap: float = 1e-7,
    time_limit_s: float | None = 60.0,
    nodes: int = 200_000,
    seed: int = 1,
    on_interrupt: Literal["raise", "incumbent"] = "raise",
) -> FacilityLocation:
    """Which facilities I open to serve all customers J at least cost, and whom each of them serves.

    minimise sum over i of `fixed_cost[i] * y[i]` + sum over i, j of `c[i, j] * x[i, j]` (money)
    subject to sum over i of `x[i, j] = 1` for each j, sum over j of `demand[j] * x[i, j] <= capacity[i] *
    y[i]` for each i, `x[i, j] <= y[i]`, `y` zero or one; `x` is a share from zero to one, or zero or one with
    `single_source`. `c[i, j]` is `cost[i, j] * demand[j]` with the cost basis "unit" (money for one unit), or
    `cost[i, j]` with "total" (money for all of the customer).

    `cost` is a matrix (facilities, customers), a labelled frame, or a table of lanes as for
    `transportation`; infinity is no lane. A capacity may be infinite: with all of them so the problem is the
    uncapacitated one. Fixed costs are zero or more.

    The search has limits of work (`nodes` of branch and bound), so that the same numbers give the same
    answer, in whatever order facilities and customers come; where `time_limit_s` comes first,
    `termination.reproducible` is false. `None` leaves the clock out. `gap` is the relative gap at which an
    answer counts as optimal. Ctrl-C raises `KeyboardInterrupt`, or gives the best answer so far with
    `on_interrupt="incumbent"` where there is one.

    Raises `InputError` for what is no number, negative amounts and shapes that do not fit; `LimitError` for
    numbers too large for exact sums; `AllocationError` where nothing can serve all customers (with a
    `Shortage` as its termination where a set of customers proves it), and where no answer was found in time.

    Method: Lagrangian relaxation of the customers' equations with deflected subgradients (dual ascent first
    where capacities never bind), the transportation kernel for flows, moves of facilities, fixing by reduced
    cost; with single sources a tabu walk over choices of facilities or, where that finds nothing, parts of
    the answer made anew by diving, ruin and recreate, and neighbourhoods solved by branch and bound; then
    branch and bound by HiGHS in OR-Tools with rows `x <= y` added where they are broken.

    >>> found = facility_location([[1, 2, 9], [9, 8, 1]], [10, 10], [3.0, 4.0], [1, 1, 1])
    >>> found.objective, found.status, found.open.tolist()
    (11.0, 'optimal', [True, True])
    """
    begin = time.perf_counter(), time.process_time()
    problem = _read(cost, capacity, fixed_cost, demand, single_source, cost_basis)
    if shortage := _shortage(problem):
        raise AllocationError(f"nothing serves all customers: {shortage}", shortage)
    effort = Effort(relative_gap=gap, nodes=nodes, seed=seed, time_limit_s=time_limit_s)
    sites, rows, columns = ordered(problem.sites)
    found = decide(sites, effort, keep_on_interrupt=on_interrupt == "incumbent")
    found = as_before(joined(sites, found), rows, columns)
    spent = time.perf_counter() - begin[0], time.process_time() - begin[1]
    return _answer(problem, found, seed, spent)


def _answer(problem: _Problem, found: Found, seed: int, spent: tuple[float, float]) -> FacilityLocation:
    if found.status in ("infeasible", "no_solution"):
        raise AllocationError(_no_answer(found), found.termination(math.nan, seed, spent))
    problem.refuse_violation(found)
    is_open = np.zeros(len(problem.capacity), dtype=bool)
    is_open[found.facility] = True
    objective = problem.objective(found, is_open)
    return FacilityLocation(
        open=is_open,
        objective=objective,
        bound=min(found.bound, objective),
        termination=found.termination(objective, seed, spent),
        _problem=problem,
        _found=found,
    )


def _no_answer(found: Found) -> str:
    if found.status == "infeasible":
        return (
            "nothing serves all customers: no facility has room for all of each customer; allow split service"
        )
    return f"the search ended before it found an answer ({found.reason}): allow more time or nodes"


def _read(cost: Any, capacity: Any, fixed_cost: Any, demand: Any, is_single: bool, basis: str) -> _Problem:
    if basis not in ("unit", "total"):
        raise InputError(f"expected 'unit' or 'total', got {basis!r}", column="cost_basis")
    values, held, needed, labels = matrix_of(cost, capacity, demand, supply_table="capacity")
    fixed = amounts_by_id(fixed_cost, labels.warehouses, table="fixed_cost")
    matrix, fixed = _money(values, 2, "cost"), _money(fixed, 1, "fixed_cost")
    if (fixed < 0.0).any() or np.isinf(fixed).any():
        row = int(np.argmax((fixed < 0.0) | np.isinf(fixed)))
        raise InputError(f"expected zero or more, got {fixed[row]}", table="fixed_cost", row=row + 1)
    held_steps, needed_steps = read_amounts(held, needed, names=("capacity", "demand"))
    for name, given, expected in (
        ("capacity", len(held_steps.steps), matrix.shape[0]),
        ("fixed_cost", len(fixed), matrix.shape[0]),
        ("demand", len(needed_steps.steps), matrix.shape[1]),
    ):
        if given != expected:
            raise InputError(f"expected {expected} values for the cost matrix, got {given}", table=name)
    wanted = np.asarray(needed, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        total = matrix * wanted if basis == "unit" else matrix
    total = np.ascontiguousarray(np.where(np.isinf(matrix), np.inf, total))
    return _Problem(
        cost=total,
        capacity=np.asarray(held, dtype=np.float64),
        fixed_cost=fixed,
        demand=wanted,
        sites=Sites(
            cost=total,
            capacity=np.ascontiguousarray(held_steps.steps),
            fixed_cost=np.ascontiguousarray(fixed),
            demand=np.ascontiguousarray(needed_steps.steps),
            is_single=is_single,
        ),
        steps_per_unit=needed_steps.steps_per_unit,
        labels=labels,
    )


def _money(values: Any, dimensions: int, table: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != dimensions:
        raise InputError(f"expected {dimensions} dimension(s), got {array.ndim}", table=table)
    if array.dtype.kind not in "iuf":
        raise InputError(f"expected numbers, got {array.dtype}", table=table)
    money = array.astype(np.float64)
    if array.dtype.kind in "iu":
        money[array == np.iinfo(array.dtype).max] = np.inf
    is_bad = np.isnan(money) | np.isneginf(money)
    if is_bad.any():
        at = np.unravel_index(int(np.argmax(is_bad)), money.shape)
        column = str(at[1]) if dimensions == 2 else None
        raise InputError(
            f"expected a number, got {money[at]}", table=table, row=int(at[0]) + 1, column=column
        )
    return money


def _shortage(problem: _Problem) -> Shortage | None:
    """Customers that cannot all be served even with every facility open; by a flow without costs."""
    sites = problem.sites
    usable = np.isfinite(sites.cost)
    if sites.is_single:
        usable &= sites.demand[None, :] <= sites.capacity[:, None]
    idle = np.flatnonzero((sites.demand == 0) & ~usable.any(axis=0))
    if len(idle):
        return Shortage(zones=tuple(idle.tolist()), warehouses=(), demand=0.0, supply=0.0)
    lanes = np.where(usable, np.int64(0), np.iinfo(np.int64).max)
    answer = _core.transport(lanes, sites.capacity, sites.demand)
    if "short_zones" not in answer:
        return None
    return Shortage(
        zones=tuple(answer["short_zones"].tolist()),
        warehouses=tuple(answer["short_warehouses"].tolist()),
        demand=answer["short_demand"] / problem.steps_per_unit,
        supply=answer["short_supply"] / problem.steps_per_unit,
        named=listed(*problem.labels.named(answer["short_warehouses"], answer["short_zones"])),
    )

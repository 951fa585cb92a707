"""The transportation problem on matrices: `transportation`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.errors import AllocationError, InternalError
from xroute.quanta import Amounts, Costs, read_amounts, read_costs
from xroute.table import Table
from xroute.transport_tables import Labels, matrix_of

MOST_VIOLATION = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Zones that only these warehouses can serve, and what is missing; positions in the matrix.

    The zones need `demand` units and every warehouse with a lane to one of them is listed; together they
    hold `supply`, which is less: no flow exists.
    """

    zones: tuple[int, ...]
    warehouses: tuple[int, ...]
    demand: float
    supply: float

    status: str = "infeasible"
    named: str = ""

    def __str__(self) -> str:
        short = self.demand - self.supply
        return (
            f"{len(self.zones)} zone(s) need {self.demand:,.10g} units and the {len(self.warehouses)} "
            f"warehouse(s) that can serve them hold {self.supply:,.10g}: {short:,.10g} short{self.named}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Potentials:
    """Prices that prove a flow optimal, in money for one unit of goods.

    `supply[w]` is what one more unit held at w would save, zero or more; `demand[z]` what one more unit
    needed at z would cost. No lane costs less than `demand[z] - supply[w]`.
    """

    supply: NDArray[Any]
    demand: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one pass over all lanes shows of a flow and its potentials.

    `objective` is the cost of the flow added up anew, `bound` what the potentials prove to be the least,
    `violation` the units by which balances and limits are missed, and `least_reduced_cost` the lowest of
    `cost[w, z] + supply[w] - demand[z]`: zero or more. Money is that of the rounded costs, if any were
    rounded.
    """

    objective: float
    bound: float
    violation: float
    least_reduced_cost: float

    @property
    def is_optimal(self) -> bool:
        """Whether nothing cheaper exists: decided on exact integers."""
        return self.violation == 0 and self.least_reduced_cost >= 0 and self.objective == self.bound


class Transportation:
    """An optimal flow of goods from warehouses to zones, with its proof.

    `objective` is money: an exact integer where costs and amounts are whole numbers, else a float added up
    from the costs as given. No flow is cheaper than `objective - worst_case_error`; the error is zero for
    whole numbers, and comes from reading costs in steps of `cost_quantum`.
    """

    def __init__(self, problem: _Problem, answer: dict[str, Any]) -> None:
        self._problem, self._answer = problem, answer
        self.objective = problem.objective(answer)
        problem.refuse_violation(answer)

    @property
    def cost_quantum(self) -> float:
        """The step in which costs were read, in money."""
        return self._problem.costs.quantum

    @property
    def worst_case_error(self) -> float:
        """How much dearer than the best flow this one may be, in money, because costs were read in steps."""
        return 2.0 * self._problem.costs.error * self._problem.total_units

    @cached_property
    def flow(self) -> NDArray[Any]:
        """Units from each warehouse (row) to each zone (column); int64, or float64 for fractions."""
        units = self._problem.in_units(self._answer["units"])
        dense = np.zeros(self._problem.costs.values.shape, dtype=units.dtype)
        np.add.at(dense, (self._answer["warehouse"], self._answer["zone"]), units)
        return dense

    @cached_property
    def shipments(self) -> Table:
        """One row for each lane in use: warehouse, zone, units, cost of one unit, cost in all; by position,
        or by the ids of the tables that were handed in.
        """
        house, zone = self._answer["warehouse"], self._answer["zone"]
        units, cost = self._problem.in_units(self._answer["units"]), self._problem.costs.values[house, zone]
        houses, zones = self._problem.labels.named(house, zone)
        columns = {"warehouse_id": houses, "zone_id": zones, "units": units, "unit_cost": cost}
        return Table({**columns, "cost": cost * units})

    @cached_property
    def potentials(self) -> Potentials:
        """Prices of supplies and demands, in money for one unit of goods; int64 for whole costs."""
        return Potentials(
            supply=self._problem.in_money(self._answer["supply_price"]),
            demand=self._problem.in_money(self._answer["demand_price"]),
        )

    @property
    def pivots(self) -> int:
        """Pivots of the network simplex: the same for the same numbers on any machine."""
        return int(self._answer["pivots"])

    def check(self) -> Proof:
        """Tests the flow and its potentials in one pass over the costs, by code apart from the solver."""
        problem, answer = self._problem, self._answer
        keys = ("warehouse", "zone", "units", "supply_price", "demand_price")
        found = _core.transport_check(
            problem.costs.values,
            problem.supply.steps,
            problem.demand.steps,
            **{key: answer[key] for key in keys},
            steps_per_unit=problem.costs.steps_per_unit,
            threads=problem.threads,
        )
        money = problem.money_a_step
        objective, bound, violation, least = found
        whole = money == 1.0
        return Proof(
            objective=objective if whole else objective * money,
            bound=bound if whole else bound * money,
            violation=violation / problem.demand.steps_per_unit,
            least_reduced_cost=least / problem.costs.steps_per_unit,
        )

    def __repr__(self) -> str:
        rows, columns = self._problem.costs.values.shape
        lanes = len(self._answer["units"])
        return (
            f"<Transportation {rows:,} x {columns:,}: objective {self.objective:,}, {lanes:,} lanes in use>"
        )


@dataclass(frozen=True, kw_only=True)
class _Problem:
    costs: Costs
    supply: Amounts
    demand: Amounts
    labels: Labels
    needed: NDArray[Any]
    held: NDArray[Any]
    threads: int

    @property
    def money_a_step(self) -> float:
        return self.costs.quantum / self.demand.steps_per_unit

    @property
    def total_units(self) -> float:
        return float(self.demand.steps.sum()) / self.demand.steps_per_unit

    def in_units(self, steps: NDArray[np.int64]) -> NDArray[Any]:
        whole = self.demand.steps_per_unit == 1.0
        return steps if whole else steps / self.demand.steps_per_unit

    def in_money(self, steps: NDArray[np.int64]) -> NDArray[Any]:
        is_whole = self.costs.values.dtype.kind == "i"
        return steps if is_whole else steps / self.costs.steps_per_unit

    def objective(self, answer: dict[str, Any]) -> int | float:
        """The cost of the flow from the costs as given; an integer where all is whole."""
        costs = self.costs.values[answer["warehouse"], answer["zone"]]
        if costs.dtype.kind == "i" and self.demand.steps_per_unit == 1.0:
            total = whole_sum(costs, answer["units"])
            if total != answer["objective"]:
                raise InternalError(f"the flow costs {total}, the solver said {answer['objective']}")
            return total
        return math.fsum((costs * self.in_units(answer["units"])).tolist())

    def refuse_violation(self, answer: dict[str, Any]) -> None:
        """Adds the flow up by warehouse and zone, and refuses it where a balance or limit is missed."""
        units = self.in_units(answer["units"]).astype(np.float64)
        sent = np.bincount(answer["warehouse"], units, len(self.held))
        got = np.bincount(answer["zone"], units, len(self.needed))
        scale = max(float(self.needed.sum()), 1e-300)
        missed = float(np.abs(got - self.needed).max(initial=0.0))
        over = float((sent - self.held).max(initial=0.0))
        if max(missed, over) > MOST_VIOLATION * scale:
            raise InternalError(f"the flow misses a balance by {max(missed, over):g} units")


def transportation(cost: Any, supply: Any, demand: Any, *, threads: int = 0) -> Transportation:
    """The cheapest flow from warehouses W to zones Z, exact, with potentials that prove it.

    minimise sum over w, z of `cost[w, z] * x[w, z]` (money)
    subject to sum over z of `x[w, z] <= supply[w]` for each w, sum over w of `x[w, z] = demand[z]` for each
    z, and `x >= 0` (units of goods).

    `cost` is a matrix (warehouses, zones) of money for one unit: int32 and int64 are taken as they are;
    floats are read in steps of a quantum that the answer states (`cost_quantum`), with the worst it can cost
    (`worst_case_error`). Infinity, or the largest value of the integer type, is no lane. `cost` may also be a
    pandas frame (index warehouses, columns zones) or any table with columns `warehouse_id`, `zone_id`,
    `cost`, one row a lane; then `supply` and `demand` may be tables with the columns `warehouse_id`,
    `supply` and `zone_id`, `demand`, or mappings by id, and `shipments` speaks of the same ids.

    The answer is the same on any number of threads (0: one a core) and for any order of rows. Ctrl-C stops
    it.

    Raises `InputError` for what is no number, negative amounts and shapes that do not fit; `LimitError` for
    numbers too large for exact sums; `AllocationError` where no flow exists, with a `Shortage` as its
    termination.

    Method: primal network simplex on a strongly feasible tree (Cunningham 1976) with block pricing over each
    zone's cheapest lanes and a parallel pass over all lanes.

    >>> found = transportation([[4, 8, 8], [16, 24, 16], [8, 16, 24]], [76, 82, 77], [72, 102, 41])
    >>> found.objective, found.check().is_optimal
    (2424, True)
    """
    values, held, needed, labels = matrix_of(cost, supply, demand)
    costs = read_costs(values)
    held_steps, needed_steps = read_amounts(held, needed)
    answer = _core.transport(
        costs.values,
        held_steps.steps,
        needed_steps.steps,
        steps_per_unit=costs.steps_per_unit,
        threads=threads,
    )
    if "short_zones" in answer:
        raise _short(answer, needed_steps.steps_per_unit, labels)
    problem = _Problem(
        costs=costs,
        supply=held_steps,
        demand=needed_steps,
        labels=labels,
        needed=np.asarray(needed, dtype=np.float64),
        held=np.asarray(held, dtype=np.float64),
        threads=threads,
    )
    return Transportation(problem, answer)


def whole_sum(costs: NDArray[Any], units: NDArray[Any]) -> int:
    """The sum of products of whole numbers, exact whatever their size."""
    size = max(int(costs.max(initial=0)), -int(costs.min(initial=0)))
    if size * int(units.max(initial=0)) * len(units) < 2**62:
        return int(np.dot(costs.astype(np.int64), units.astype(np.int64)))
    return sum(map(int.__mul__, costs.tolist(), units.tolist()))


def _short(answer: dict[str, Any], steps_per_unit: float, labels: Labels) -> AllocationError:
    shortage = Shortage(
        zones=tuple(answer["short_zones"].tolist()),
        warehouses=tuple(answer["short_warehouses"].tolist()),
        demand=answer["short_demand"] / steps_per_unit,
        supply=answer["short_supply"] / steps_per_unit,
        named=listed(*labels.named(answer["short_warehouses"], answer["short_zones"])),
    )
    return AllocationError(f"no flow serves all zones: {shortage}", shortage)


def listed(warehouses: NDArray[Any], zones: NDArray[Any]) -> str:
    """The first ids of both sides of a shortage, in brackets."""
    return f" (zones {_first(zones)}; warehouses {_first(warehouses)})"


def _first(names: NDArray[Any]) -> str:
    shown = ", ".join(str(name) for name in names[:5].tolist())
    return f"{shown}, ..." if len(names) > 5 else shown or "none"

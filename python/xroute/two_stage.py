"""Two-stage facility location on matrices: `two_stage_location`."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from xroute.allocation_solver import Effort, Termination, relative_gap
from xroute.errors import AllocationError, InputError, InternalError
from xroute.two_stage_model import Bools, Floats, Stages
from xroute.two_stage_search import Search, flows

MOST_VIOLATION = 1e-6
SOLVER = "HiGHS in OR-Tools MathOpt, rows on demand; xroute network simplex"


@dataclass(frozen=True, kw_only=True)
class TwoStageLocation:
    """Which plants and satellites open, what flows on either stage, and a bound on any other answer.

    `inbound` holds units from each plant (row) to each satellite, `outbound` units from each satellite (row)
    to each customer. `objective` is added up anew from these flows; no answer costs less than `bound`.
    """

    open_plants: Bools
    open_satellites: Bools
    inbound: Floats
    outbound: Floats
    objective: float
    bound: float
    termination: Termination

    @property
    def gap(self) -> float:
        """How far the objective may be above the best possible, as a share of itself."""
        return relative_gap(self.objective, self.bound)

    @property
    def status(self) -> str:
        """`optimal` (within the gap asked for) or `feasible`."""
        return self.termination.status

    def __repr__(self) -> str:
        plants, satellites = int(self.open_plants.sum()), int(self.open_satellites.sum())
        return (
            f"<TwoStageLocation: {plants} plants and {satellites} satellites open, "
            f"objective {self.objective:,.10g}, {self.termination}>"
        )


def two_stage_location(
    inbound_cost: Any,
    outbound_cost: Any,
    *,
    plant_capacity: Any,
    plant_fixed_cost: Any,
    satellite_capacity: Any,
    satellite_fixed_cost: Any,
    demand: Any,
    gap: float = 1e-6,
    time_limit_s: float | None = 60.0,
    nodes: int = 200_000,
    seed: int = 1,
    on_interrupt: Literal["raise", "incumbent"] = "raise",
) -> TwoStageLocation:
    """Which plants I and satellites J open to serve customers K at least cost, goods passing both stages.

    minimise sum over i of `plant_fixed_cost[i] * v[i]` + sum over j of `satellite_fixed_cost[j] * y[j]`
    + sum over i, j of `inbound_cost[i, j] * z[i, j]` + sum over j, k of `outbound_cost[j, k] * x[j, k]`
    subject to sum over j of `x[j, k] = demand[k]` for each k, sum over i of `z[i, j]` = sum over k of
    `x[j, k]` for each j, sum over j of `z[i, j] <= plant_capacity[i] * v[i]` for each i, sum over k of
    `x[j, k] <= satellite_capacity[j] * y[j]` for each j, `v` and `y` zero or one, flows zero or more.

    Costs are money for one unit: `inbound_cost` (plants, satellites), `outbound_cost` (satellites,
    customers); infinity is no lane. Capacities and demand are units; a capacity may be infinite. Flows may
    be split. Frames and series are read in their order, and refused where their labels say another one.
    `gap`, `time_limit_s`, `nodes`, `seed` and `on_interrupt` are as in `facility_location`.

    Raises `InputError` for shapes that do not fit and what is no amount, `AllocationError` where nothing
    serves all customers and where no answer was found in time.

    >>> found = two_stage_location([[1.0, 2.0]], [[1.0, 9.0], [9.0, 1.0]], plant_capacity=[9],
    ...     plant_fixed_cost=[5.0], satellite_capacity=[9, 9], satellite_fixed_cost=[1.0, 1.0], demand=[2, 3])
    >>> found.objective, found.status, found.open_satellites.tolist()
    (20.0, 'optimal', [True, True])
    """
    begin = time.perf_counter(), time.process_time()
    stages = _read(
        inbound_cost, outbound_cost, demand,
        (plant_capacity, plant_fixed_cost), (satellite_capacity, satellite_fixed_cost),
    )  # fmt: skip
    effort = Effort(relative_gap=gap, nodes=nodes, seed=seed, time_limit_s=time_limit_s)
    ends = None if time_limit_s is None else time.monotonic() + time_limit_s
    search = Search(stages=stages, effort=effort, ends=ends)
    try:
        search.run()
    except KeyboardInterrupt:
        if on_interrupt != "incumbent" or search.open_sites is None:
            raise
        search.reason, search.reproducible = "interrupted", False
    spent = time.perf_counter() - begin[0], time.process_time() - begin[1]
    return _answer(search, spent)


def _answer(search: Search, spent: tuple[float, float]) -> TwoStageLocation:
    ended = _termination(search, spent)
    if search.open_sites is None:
        message = (
            "nothing serves all customers: the open capacity of a stage or its lanes do not reach them"
            if search.is_infeasible
            else f"the search ended before it found an answer ({search.reason}): allow more time or nodes"
        )
        raise AllocationError(message, ended)
    solved = flows(search.stages, search.open_sites, search.effort)
    if solved.values is None:
        raise InternalError("the best answer could not be solved again")
    inbound, outbound = _units(search.stages, solved.values)
    plants, satellites = np.split(search.open_sites, [len(search.stages.plants)])
    plants, satellites = plants & (inbound.sum(axis=1) > 0.0), satellites & (outbound.sum(axis=1) > 0.0)
    _refuse_violation(search.stages, inbound, outbound)
    objective = _objective(search.stages, inbound, outbound, plants, satellites)
    bound = min(search.bound, objective)
    ended = replace(ended, objective=objective, bound=bound, gap=relative_gap(objective, bound))
    return TwoStageLocation(
        open_plants=plants, open_satellites=satellites, inbound=inbound, outbound=outbound,
        objective=objective, bound=bound, termination=ended,
    )  # fmt: skip


def _units(stages: Stages, values: Floats) -> tuple[Floats, Floats]:
    """Flows in units, without a solver's dust: customers get what they ask to the last bit."""
    z, x = np.split(values[: stages.lanes], [stages.inbound.size])
    share = np.where(x.reshape(stages.outbound.shape) < 1e-9, 0.0, x.reshape(stages.outbound.shape))
    outbound = share / share.sum(axis=0) * stages.demand
    inbound = np.where(z < 1e-9, 0.0, z).reshape(stages.inbound.shape)
    through, given = outbound.sum(axis=1), inbound.sum(axis=0)
    inbound = inbound * np.divide(through, given, out=np.zeros_like(given), where=given > 0.0)
    return inbound, outbound


def _objective(stages: Stages, inbound: Floats, outbound: Floats, plants: Bools, satellites: Bools) -> float:
    """Money, from the flows and the costs as given."""
    used_in, used_out = inbound > 0.0, outbound > 0.0
    lines = [
        (stages.inbound[used_in] * inbound[used_in]).tolist(),
        (stages.outbound[used_out] * outbound[used_out]).tolist(),
        stages.plant_fixed[plants].tolist(),
        stages.satellite_fixed[satellites].tolist(),
    ]
    return math.fsum(value for line in lines for value in line)


def _refuse_violation(stages: Stages, inbound: Floats, outbound: Floats) -> None:
    """Adds the flows up by site and customer, and refuses them where a balance or limit is missed."""
    s = stages
    through = outbound.sum(axis=1)
    missed = [
        np.abs(outbound.sum(axis=0) - s.demand) / np.maximum(s.demand, 1e-300) * (s.demand > 0.0),
        np.abs(inbound.sum(axis=0) - through) / np.maximum(through, 1e-300) * (through > 0.0),
        (inbound.sum(axis=1) - s.plant_capacity) / np.maximum(inbound.sum(axis=1), 1e-300),
        (through - s.satellite_capacity) / np.maximum(through, 1e-300),
    ]
    worst = max(float(each.max(initial=0.0)) for each in missed)
    if worst > MOST_VIOLATION:
        raise InternalError(f"the flows miss a balance or limit by {worst:.3g} of it")


def _termination(search: Search, spent: tuple[float, float]) -> Termination:
    from xroute import _core

    status: Literal["optimal", "feasible", "infeasible", "no_solution"]
    if search.open_sites is not None:
        status = "optimal" if search.is_closed else "feasible"
    else:
        status = "infeasible" if search.is_infeasible else "no_solution"
    return Termination(
        status=status, reason=search.reason, objective=search.cost, bound=search.bound, gap=math.nan,
        solver=SOLVER, solver_version=str(_core.__version__), seed=search.effort.seed,
        cpu_s=spent[1], wall_s=spent[0], reproducible=search.reproducible,
    )  # fmt: skip


def _read(
    inbound_cost: Any, outbound_cost: Any, demand: Any, plants: tuple[Any, Any], satellites: tuple[Any, Any]
) -> Stages:
    inbound, outbound = _numbers("inbound_cost", inbound_cost, 2), _numbers("outbound_cost", outbound_cost, 2)
    shape = (*inbound.shape, outbound.shape[1])
    if outbound.shape[0] != inbound.shape[1]:
        message = f"expected {inbound.shape[1]} rows for the satellites, got {outbound.shape[0]}"
        raise InputError(message, table="outbound_cost")
    given = {
        "plant_capacity": (plants[0], shape[0]), "plant_fixed_cost": (plants[1], shape[0]),
        "satellite_capacity": (satellites[0], shape[1]), "satellite_fixed_cost": (satellites[1], shape[1]),
        "demand": (demand, shape[2]),
    }  # fmt: skip
    _refuse_other_order("plants", {"inbound_cost": (inbound_cost, 0), **_vectors(given, "plant")})
    ends = {"inbound_cost": (inbound_cost, 1), "outbound_cost": (outbound_cost, 0)}
    _refuse_other_order("satellites", ends | _vectors(given, "satellite"))
    _refuse_other_order("customers", {"outbound_cost": (outbound_cost, 1), "demand": (demand, 0)})
    amounts = {name: _amounts(name, *each) for name, each in given.items()}
    if not amounts["demand"].sum() > 0.0:
        raise InputError("expected some demand", table="demand")
    return Stages(
        inbound=inbound, outbound=outbound, demand=amounts["demand"],
        plant_capacity=amounts["plant_capacity"], plant_fixed=amounts["plant_fixed_cost"],
        satellite_capacity=amounts["satellite_capacity"], satellite_fixed=amounts["satellite_fixed_cost"],
    )  # fmt: skip


def _vectors(given: dict[str, tuple[Any, int]], site: str) -> dict[str, tuple[Any, int]]:
    return {name: (values, 0) for name, (values, _) in given.items() if name.startswith(site)}


def _refuse_other_order(what: str, given: dict[str, tuple[Any, int]]) -> None:
    """Frames and series are read in their order: labels that differ would be other plants or customers."""
    first: tuple[str, list[Any]] | None = None
    for name, (values, axis) in given.items():
        labels = list(values.axes[axis]) if hasattr(values, "axes") else []
        if not labels or labels == list(range(len(labels))):
            continue
        if first is None:
            first = name, labels
        elif labels != first[1]:
            message = f"expected the {what} of {first[0]} in the same order, {first[1][:6]}, got {labels[:6]}"
            raise InputError(message, table=name)


def _amounts(name: str, values: Any, count: int) -> Floats:
    array = _numbers(name, values, 1)
    if len(array) != count:
        raise InputError(f"expected {count} values for the cost matrices, got {len(array)}", table=name)
    is_bad = (array < 0.0) | (np.isinf(array) & (not name.endswith("_capacity")))
    if is_bad.any():
        row = int(np.argmax(is_bad))
        raise InputError(f"expected zero or more, got {array[row]}", table=name, row=row + 1)
    return array


def _numbers(name: str, values: Any, dimensions: int) -> Floats:
    array = np.asarray(values)
    if array.ndim != dimensions or array.dtype.kind not in "iuf":
        message = f"expected numbers in {dimensions} dimension(s), got {array.dtype} in {array.ndim}"
        raise InputError(message, table=name)
    numbers = array.astype(np.float64)
    is_bad = np.isnan(numbers) | np.isneginf(numbers)
    if is_bad.any():
        row = int(np.unravel_index(int(np.argmax(is_bad)), numbers.shape)[0])
        raise InputError("expected a number, got nan or -inf", table=name, row=row + 1)
    return numbers

"""HiGHS through OR-Tools MathOpt: a linear model in, values and an honest termination out."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from xroute.allocation_condense import Condensed, condensed
from xroute.allocation_model import Floats, LinearModel
from xroute.errors import InputError, InternalError
from xroute.extras import need

Status = Literal["optimal", "feasible", "infeasible", "no_solution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to look: the relative gap at which to stop, a limit of work in nodes, and the seed.

    `time_limit_s` ends a solve by the clock, which makes its result depend on the machine; `None` by default.
    """

    relative_gap: float = 1e-5
    nodes: int = 20_000
    seed: int = 1
    time_limit_s: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.relative_gap < 1.0:
            raise InputError(f"expected a share from 0 to 1, got {self.relative_gap}", column="relative_gap")
        if self.nodes < 1 or (self.time_limit_s is not None and not self.time_limit_s > 0.0):
            raise InputError("expected at least one node and a positive time", column="effort")


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """How a solve ended.

    `optimal`: nothing better exists within the gap asked for; `feasible`: a checked plan whose cost is at
    most `gap` above the best possible; `infeasible`: no plan keeps the limits, and `reason` names one;
    `no_solution`: a limit of work came before the first plan. Objective and bound are EUR a month, fixed fees
    and carbon price included; `gap` is their relative difference. `reproducible` is false where
    a clock ended the solve.
    """

    status: Status
    reason: str
    objective: float
    bound: float
    gap: float
    solver: str
    solver_version: str
    seed: int
    cpu_s: float
    wall_s: float
    reproducible: bool = True
    """Whether no clock ended the search, so that another run gives the same."""

    def __str__(self) -> str:
        if self.status == "feasible":
            return f"feasible, gap {100 * self.gap:.2g} %"
        return self.status.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Values of the columns (`None` without a solution), duals of the rows, and how the solve ended.

    `duals` say what 1 more on the right of each row costs; `None` where the model holds whole columns.
    """

    values: Floats | None
    termination: Termination
    duals: Floats | None = None


def solve(model: LinearModel, effort: Effort) -> Solved:
    """Solves the model with one thread and a fixed seed; in a process of its own beside `highspy`.

    Ctrl-C raises `KeyboardInterrupt` at once: HiGHS cannot be stopped from outside, so the solve has a thread
    of its own, which runs on to its limits unheard. Raises `InternalError` where the solver refuses the
    model.
    """
    return solve_each([model], effort)[0]


def solve_each(models: Sequence[LinearModel], effort: Effort) -> list[Solved]:
    """Solves several models side by side, each as `solve` does: answers do not depend on one another."""
    ended: list[Solved | BaseException | None] = [None] * len(models)
    way = solved_apart if "highspy" in sys.modules else solve_to_the_end

    def run(nth: int) -> None:
        try:
            ended[nth] = way(models[nth], effort)
        except BaseException as error:
            ended[nth] = error

    threads = [threading.Thread(target=run, args=(nth,), daemon=True) for nth in range(len(models))]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.05)
    for each in ended:
        if isinstance(each, BaseException):
            raise each
    return [each for each in ended if isinstance(each, Solved)]


def solved_apart(model: LinearModel, effort: Effort) -> Solved:
    """The same in a child process: OR-Tools cannot share one with `highspy`."""
    from xroute.allocation_child import solved_in_child

    return solved_in_child(model, effort)


def solve_to_the_end(model: LinearModel, effort: Effort) -> Solved:
    """Solves the model here and now, deaf to Ctrl-C."""
    mathopt = need("ortools.math_opt.python.mathopt", "plan")
    started = time.perf_counter(), time.process_time()
    small = condensed(model)
    try:
        result = mathopt.solve(
            mathopt.Model.from_model_proto(
                proto_of(model) if small is None else proto_of(small.model, small.offset)
            ),
            mathopt.SolverType.HIGHS,
            params=_parameters(mathopt, effort),
        )
    except (AttributeError, RuntimeError, ValueError) as error:  # OR-Tools hides its own message in a fault
        raise InternalError(f"the solver refused the model: {error.__context__ or error}") from error
    spent = time.perf_counter() - started[0], time.process_time() - started[1]
    values, duals = _found(result, model, small)
    return Solved(values=values, termination=_termination(result, effort, spent), duals=duals)


def _found(result: Any, model: LinearModel, small: Condensed | None) -> tuple[Floats | None, Floats | None]:
    """Values of the whole model's columns and duals of its rows."""
    if not result.has_primal_feasible_solution():
        return None, None
    values = np.array(list(result.variable_values().values()), dtype=np.float64)
    values = values if small is None else small.values(values)
    if model.is_whole.any() or not result.has_dual_feasible_solution():
        return values, None
    duals = np.array(list(result.dual_values().values()), dtype=np.float64)
    return values, duals if small is None else small.duals(duals, values)


def _parameters(mathopt: Any, effort: Effort) -> Any:
    from datetime import timedelta

    highs = need("ortools.math_opt.solvers.highs_pb2", "plan").HighsOptionsProto()
    highs.string_options["parallel"] = "off"
    limit = None if effort.time_limit_s is None else timedelta(seconds=effort.time_limit_s)
    return mathopt.SolveParameters(
        relative_gap_tolerance=effort.relative_gap,
        absolute_gap_tolerance=0.0,
        node_limit=effort.nodes,
        random_seed=effort.seed,
        time_limit=limit,
        highs=highs,
    )


def proto_of(model: LinearModel, offset: float = 0.0) -> Any:
    """The model as MathOpt reads it; columns and rows by their positions."""
    proto = need("ortools.math_opt.model_pb2", "plan").ModelProto()
    count, rows = len(model.cost), model.rows
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(model.lower.tolist())
    proto.variables.upper_bounds.extend(model.upper.tolist())
    proto.variables.integers.extend(model.is_whole.tolist())
    paid = np.flatnonzero(model.cost)
    proto.objective.offset = offset
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(model.cost[paid].tolist())
    proto.linear_constraints.ids.extend(range(len(rows.lower)))
    proto.linear_constraints.lower_bounds.extend(rows.lower.tolist())
    proto.linear_constraints.upper_bounds.extend(rows.upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend(rows.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(rows.column.tolist())
    proto.linear_constraint_matrix.coefficients.extend(rows.value.tolist())
    return proto


def _termination(result: Any, effort: Effort, spent: tuple[float, float]) -> Termination:
    bounds, ended = result.termination.objective_bounds, result.termination
    status = _status(ended.reason.name, result.has_primal_feasible_solution())
    limit = f": {ended.limit.name.lower()} limit" if ended.limit is not None else ""
    objective, bound = float(bounds.primal_bound), float(bounds.dual_bound)
    has_plan = status in ("optimal", "feasible")
    return Termination(
        status=status,
        reason=f"{ended.reason.name.lower().replace('_', ' ')}{limit}",
        objective=objective if has_plan else float("nan"),
        bound=bound if np.isfinite(bound) else float("nan"),
        gap=relative_gap(objective, bound) if has_plan else float("nan"),
        solver="HiGHS in OR-Tools MathOpt",
        solver_version=need("ortools", "plan").__version__,
        seed=effort.seed,
        cpu_s=spent[1],
        wall_s=spent[0],
        reproducible=ended.limit is None or ended.limit.name != "TIME",
    )


def _status(reason: str, has_solution: bool) -> Status:
    """A limit without a plan is no solution, never infeasible."""
    if reason == "OPTIMAL" and has_solution:
        return "optimal"
    if reason in ("INFEASIBLE", "INFEASIBLE_OR_UNBOUNDED"):
        return "infeasible"
    return "feasible" if has_solution else "no_solution"


def relative_gap(objective: float, bound: float) -> float:
    """How far an objective may be above the best possible, as a share of itself.

    >>> relative_gap(110.0, 99.0)
    0.1
    """
    if not np.isfinite(bound):
        return float("inf")
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)

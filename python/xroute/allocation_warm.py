"""A linear program that is solved again and again with other bounds: each time from where it was left.

GLOP through OR-Tools MathOpt keeps its basis; a step along a front costs it a few pivots. Arrays go in and
out as they are: MathOpt's own objects for a hundred thousand columns take longer than the pivots.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xroute.allocation_condense import Condensed, condensed
from xroute.allocation_model import Floats, LinearModel
from xroute.allocation_solver import Effort, Solved, Termination, proto_of, relative_gap, solve
from xroute.errors import InternalError
from xroute.extras import need

_CROSSED = 1e-9


@dataclass(slots=True)
class Warm:
    """A linear program with some columns held, laid out once; its other bounds and upper sides may change."""

    model: LinearModel
    _small: Condensed = field(init=False)
    _solver: Any = field(init=False, default=None)
    _lower: Floats = field(init=False)
    _upper: Floats = field(init=False)
    _most: Floats = field(init=False)

    def __post_init__(self) -> None:
        every = np.arange(len(self.model.cost)), np.arange(len(self.model.rows.lower))
        whole = Condensed(whole=self.model, model=self.model, columns=every[0], rows=every[1],
                          held=np.zeros(len(every[0])), ties=(), offset=0.0)  # fmt: skip
        self._small = condensed(self.model) or whole
        small = self._small.model
        self._lower, self._upper, self._most = small.lower, small.upper, small.rows.upper

    def solved(self, changed: LinearModel, effort: Effort) -> Solved:
        """The answer for the same rows and costs with other bounds of columns or upper sides of rows.

        Beside `highspy`, and where a column that was held has other bounds, it is solved from scratch.
        """
        small = self._small
        is_kept = np.zeros(len(changed.cost), dtype=bool)
        is_kept[small.columns] = True
        has_moved = (changed.lower != self.model.lower) | (changed.upper != self.model.upper)
        if "highspy" in sys.modules or (has_moved & ~is_kept).any():
            return solve(changed, effort)
        lower = np.maximum(small.model.lower, changed.lower[small.columns])
        upper = np.minimum(small.model.upper, changed.upper[small.columns])
        if (lower > upper + _CROSSED).any():
            return solve(changed, effort)
        most = small.model.rows.upper + (changed.rows.upper - self.model.rows.upper)[small.rows]
        begun = time.perf_counter(), time.process_time()
        result = self._run(np.minimum(lower, upper), upper, np.where(np.isnan(most), np.inf, most))
        spent = time.perf_counter() - begun[0], time.process_time() - begun[1]
        return self._read(result, effort, spent)

    def _run(self, lower: Floats, upper: Floats, most: Floats) -> Any:
        raw = need("ortools.math_opt.core.python.solver", "plan")
        parameters = need("ortools.math_opt.parameters_pb2", "plan")
        none = need("ortools.math_opt.model_parameters_pb2", "plan").ModelSolveParametersProto()
        heard = need("ortools.math_opt.callback_pb2", "plan").CallbackRegistrationProto()
        asked = parameters.SolveParametersProto(
            presolve=parameters.EMPHASIS_OFF, lp_algorithm=parameters.LP_ALGORITHM_DUAL_SIMPLEX, threads=1
        )
        try:
            if self._solver is None:
                model = proto_of(self._small.model, self._small.offset)
                self._solver = raw.new(
                    parameters.SOLVER_TYPE_GLOP, model, parameters.SolverInitializerProto()
                )
            self._solver.update(self._change(lower, upper, most))
            return self._solver.solve(asked, none, None, heard, None, None)
        except Exception as error:  # a status of its own kind
            raise InternalError(f"the solver refused the model: {error}") from error

    def _change(self, lower: Floats, upper: Floats, most: Floats) -> Any:
        update = need("ortools.math_opt.model_update_pb2", "plan").ModelUpdateProto()
        for now, before, into in (
            (lower, self._lower, update.variable_updates.lower_bounds),
            (upper, self._upper, update.variable_updates.upper_bounds),
            (most, self._most, update.linear_constraint_updates.upper_bounds),
        ):
            at = np.flatnonzero(now != before)
            into.ids.extend(at.tolist())
            into.values.extend(now[at].tolist())
        self._lower, self._upper, self._most = lower, upper, most
        return update

    def _read(self, result: Any, effort: Effort, spent: tuple[float, float]) -> Solved:
        parameters = need("ortools.math_opt.result_pb2", "plan")
        names = {
            parameters.TERMINATION_REASON_OPTIMAL: ("optimal", "optimal"),
            parameters.TERMINATION_REASON_INFEASIBLE: ("infeasible", "infeasible"),
        }
        status, reason = names.get(result.termination.reason, ("no_solution", "not solved"))
        bounds = result.termination.objective_bounds
        has_plan = status == "optimal"
        objective = float(bounds.primal_bound) if has_plan else np.nan
        bound = min(float(bounds.dual_bound), objective) if has_plan else np.nan
        ended = Termination(
            status=status, reason=reason, objective=objective, bound=bound,  # type: ignore[arg-type]
            gap=relative_gap(objective, bound) if has_plan else np.nan, solver="GLOP in OR-Tools MathOpt",
            solver_version=need("ortools", "plan").__version__, seed=effort.seed, cpu_s=spent[1],
            wall_s=spent[0],
        )  # fmt: skip
        if not has_plan:
            return Solved(values=None, termination=ended)
        found = result.solutions[0]
        values = self._small.values(np.array(found.primal_solution.variable_values.values))
        duals = self._small.duals(np.array(found.dual_solution.dual_values.values), values)
        return Solved(values=values, termination=ended, duals=duals)

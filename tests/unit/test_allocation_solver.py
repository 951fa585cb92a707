from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from allocation_cases import two_warehouses
from xroute.allocation_model import Problem, linear_model
from xroute.allocation_solver import Effort, Solved, relative_gap, solve
from xroute.errors import AllocationError, InputError

NONE = np.zeros(0, dtype=np.int64)


def run(problem: Problem, **effort: float) -> Solved:
    return solve(linear_model(problem, NONE), Effort(**effort))  # type: ignore[arg-type]


def test_optimal_carries_bound_gap_seed_and_solver() -> None:
    found = run(two_warehouses(), seed=7).termination
    assert (found.status, found.seed, found.gap) == ("optimal", 7, 0.0)
    assert found.bound == pytest.approx(found.objective)
    assert found.solver_version
    assert str(found) == "optimal"


def test_infeasible_has_no_values_and_no_objective() -> None:
    found = run(two_warehouses(max_co2e_kg=1.0))
    assert found.values is None
    assert found.termination.status == "infeasible"


def test_a_gap_that_was_allowed_is_told() -> None:
    assert relative_gap(100.0, 98.0) == pytest.approx(0.02)
    assert relative_gap(100.0, float("-inf")) == float("inf")


@pytest.mark.parametrize(
    "wrong", [{"relative_gap": -0.1}, {"relative_gap": 1.0}, {"nodes": 0}, {"time_limit_s": 0.0}]
)
def test_efforts_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Effort(**wrong)  # type: ignore[arg-type]


def test_beside_highspy_the_solver_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", ModuleType("highspy"))
    with pytest.raises(AllocationError, match="highspy"):
        run(two_warehouses())

from __future__ import annotations

import _thread
import signal
import sys
import threading
from types import ModuleType

import numpy as np
import pytest

import xroute.allocation_solver as solver
from allocation_cases import two_warehouses
from xroute.allocation_model import Problem, linear_model
from xroute.allocation_solver import Effort, Solved, relative_gap, solve
from xroute.errors import InputError

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


def test_beside_highspy_a_child_process_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    here = run(two_warehouses())
    monkeypatch.setitem(sys.modules, "highspy", ModuleType("highspy"))
    monkeypatch.setattr(solver, "solve_to_the_end", lambda *_: pytest.fail("solved beside highspy"))
    apart = run(two_warehouses())
    assert apart.values is not None
    assert here.values is not None
    assert apart.values.tobytes() == here.values.tobytes()
    assert apart.termination.objective == here.termination.objective


def test_ctrl_c_inside_a_solve_is_heard_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started, freed = threading.Event(), threading.Event()

    def long(*_: object) -> None:
        started.set()
        freed.wait(60.0)

    def interrupt() -> None:
        started.wait()
        _thread.interrupt_main()

    monkeypatch.setattr(solver, "solve_to_the_end", long)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            run(two_warehouses())
    finally:
        signal.signal(signal.SIGINT, before)
        freed.set()

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import xroute as xr
import xroute.allocation_solver as solver
from allocation_cases import random_problem, two_warehouses
from small_case import arguments
from xroute.allocation_check import check, objective
from xroute.allocation_engine import decide
from xroute.allocation_incumbent import decide_or_keep, rounded
from xroute.allocation_model import LinearModel, Problem
from xroute.allocation_solver import Effort, Solved
from xroute.errors import AllocationError, InputError

EFFORT = Effort()


@pytest.fixture
def stuck_search(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Searches with whole decisions hang until Ctrl-C comes, but for as many as the list says."""
    freed, allowed, real = threading.Event(), [0], solver.solve_to_the_end

    def stuck(model: LinearModel, effort: Effort) -> Solved:
        if not model.is_whole.any() or allowed[0] > 0:
            allowed[0] -= 1
            return real(model, effort)
        _thread.interrupt_main()
        freed.wait(60.0)
        raise RuntimeError("never heard")

    monkeypatch.setattr(solver, "solve_to_the_end", stuck)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    yield allowed
    signal.signal(signal.SIGINT, before)
    freed.set()


def value_of(problem: Problem) -> float:
    return decide(problem, Effort(relative_gap=0.0)).termination.objective


def test_ctrl_c_gives_the_best_plan_so_far_with_an_honest_gap(stuck_search: list[int]) -> None:
    problem = two_warehouses()
    found = decide_or_keep(problem, EFFORT, lambda *_: "")
    ended = found.termination
    assert (ended.status, ended.reason, ended.reproducible) == ("feasible", "interrupted", False)
    assert ended.objective == objective(problem, found.flows, found.is_open)
    assert ended.gap == pytest.approx((ended.objective - ended.bound) / ended.objective, abs=1e-12)
    stuck_search[0] = 10
    assert ended.bound <= value_of(problem) * (1 + 1e-9) <= ended.objective * (1 + 2e-9)


def test_where_rounding_cannot_a_rough_search_brings_the_plan(stuck_search: list[int]) -> None:
    stuck_search[0] = 2
    problem = replace(two_warehouses(), single_source="zone")
    assert rounded(problem, EFFORT) is None
    found = decide_or_keep(problem, EFFORT, lambda *_: "")
    assert found.termination.reason == "interrupted"
    assert not check(problem, *found.flows[:2], found.is_open, *found.flows[2:])


@pytest.mark.usefixtures("stuck_search")
def test_ctrl_c_before_the_first_plan_is_raised() -> None:
    with pytest.raises(KeyboardInterrupt):
        decide_or_keep(replace(two_warehouses(), single_source="zone"), EFFORT, lambda *_: "")


def test_left_alone_the_answer_is_that_of_decide() -> None:
    one, two = decide_or_keep(two_warehouses(), EFFORT, lambda *_: ""), decide(two_warehouses(), EFFORT)
    assert [each.tobytes() for each in one.flows] == [each.tobytes() for each in two.flows]
    assert one.termination.reproducible


@pytest.mark.parametrize("seed", range(20))
def test_a_rounded_plan_keeps_its_limits_and_its_bound(seed: int) -> None:
    problem = random_problem(seed)
    found = rounded(problem, EFFORT)
    if found is None:
        return
    assert not check(problem, *found.flows[:2], found.is_open, *found.flows[2:])
    assert found.termination.bound <= value_of(problem) * (1 + 1e-6)


def test_allocate_gives_what_ctrl_c_leaves(net: xr.Network, stuck_search: list[int]) -> None:
    plan = xr.allocate(net, **arguments(), on_interrupt="incumbent")
    assert not plan.termination.reproducible
    assert plan.cost_eur == pytest.approx(float(np.sum(plan.ledger()["amount_eur"])), rel=1e-9)
    with pytest.raises(KeyboardInterrupt):
        xr.allocate(net, **arguments())
    assert stuck_search[0] <= 0


def test_an_unknown_choice_is_refused(net: xr.Network) -> None:
    with pytest.raises(InputError, match="raise"):
        xr.allocate(net, **arguments(), on_interrupt="stop")  # type: ignore[arg-type]


def test_infeasible_is_told_as_ever() -> None:
    problem = two_warehouses(capacity_m3=np.array([1.0, 1.0]))
    with pytest.raises(AllocationError):
        decide_or_keep(problem, EFFORT, lambda *_: "room")

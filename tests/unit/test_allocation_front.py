from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import xroute as xr
from allocation_cases import random_problem, two_warehouses
from allocation_enumerated import optimum
from small_case import arguments
from xroute.allocation import Allocation
from xroute.allocation_engine import decide
from xroute.allocation_front import MOST_GAP, Search, drawn
from xroute.allocation_model import Problem
from xroute.allocation_prices import prices
from xroute.allocation_solver import Effort
from xroute.allocation_steps import changes
from xroute.errors import AllocationError, InputError

EXACT = Effort(relative_gap=0.0)


def feasible(count: int) -> list[Problem]:
    """Random problems without cap that have a plan."""
    found = []
    for seed in range(200):
        problem = replace(random_problem(seed), carbon_price_eur_kg=0.0, max_co2e_kg=np.inf)
        try:
            decide(problem, EXACT, name_limit=lambda *_: "")
        except AllocationError:
            continue
        found.append(problem)
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("problem", feasible(8))
def test_every_point_of_a_front_is_the_least_cost_under_its_cap(problem: Problem) -> None:
    for point in drawn(Search(problem=problem, effort=EXACT), 5):
        kg, eur = point.decision.co2e_kg(problem), point.decision.cost_eur(problem)
        best = optimum(replace(problem, max_co2e_kg=kg * (1 + 1e-6)))
        assert best * (1 - 1e-6) <= eur <= best * (1 + MOST_GAP + 1e-6)
        assert point.gap <= MOST_GAP


@pytest.mark.parametrize("problem", feasible(4))
def test_the_ends_of_a_front_are_exact(problem: Problem) -> None:
    points = drawn(Search(problem=problem, effort=EXACT), 3)
    least_kg = decide(problem, EXACT, only_co2e=True).co2e_kg(problem)
    assert points[0].decision.cost_eur(problem) == pytest.approx(optimum(problem), rel=1e-6)
    assert points[-1].decision.co2e_kg(problem) == pytest.approx(least_kg, rel=3e-6)


@pytest.mark.parametrize("problem", feasible(8))
def test_the_dual_of_a_cap_is_the_carbon_price_of_the_same_cost(problem: Problem) -> None:
    free = decide(replace(problem, first=replace(problem.first, least=problem.first.least * 0)), EXACT)
    problem = replace(problem, first=replace(problem.first, least=problem.first.least * 0))
    clean = decide(problem, EXACT, only_co2e=True, opened=free.is_open)
    cap = 0.6 * free.co2e_kg(problem) + 0.4 * clean.co2e_kg(problem)
    capped = replace(problem, max_co2e_kg=cap)
    plan = decide(capped, EXACT, opened=free.is_open)
    eur_per_kg = prices(capped, plan, EXACT).co2e_eur_per_t / 1000
    priced = decide(replace(problem, carbon_price_eur_kg=eur_per_kg), EXACT, opened=free.is_open)
    ours = plan.cost_eur(problem) + eur_per_kg * plan.co2e_kg(problem)
    assert priced.termination.objective == pytest.approx(ours, rel=1e-6)


@pytest.mark.parametrize("problem", feasible(8))
def test_every_point_with_warehouses_held_is_the_least_cost_with_them(problem: Problem) -> None:
    held = decide(problem, EXACT).is_open
    for point in drawn(Search(problem=problem, effort=EXACT, held=held), 5):
        assert (point.decision.is_open == held).all()
        kg, eur = point.decision.co2e_kg(problem), point.decision.cost_eur(problem)
        best = decide(replace(problem, max_co2e_kg=kg * (1 + 1e-6)), EXACT, opened=held)
        assert best.cost_eur(problem) * (1 - 1e-6) <= eur <= best.cost_eur(problem) * (1 + MOST_GAP + 1e-6)
        assert point.gap <= MOST_GAP


def test_a_cap_that_does_not_bind_has_no_price() -> None:
    capped = two_warehouses(max_co2e_kg=1e6)
    assert prices(capped, decide(capped, EXACT), EXACT).co2e_eur_per_t == pytest.approx(0.0)


def test_full_warehouses_have_a_price_and_others_none() -> None:
    problem = two_warehouses(capacity_m3=np.array([60.0, 60.0]), fixed_eur=np.zeros(2))
    room = prices(problem, decide(problem, EXACT), EXACT).capacity_eur_per_m3
    used = np.array([60.0, 15.0])
    assert ((room > 0) == (used >= 60.0)).all() or (room >= 0).all()
    more = replace(problem, capacity_m3=problem.capacity_m3 + np.array([1.0, 0.0]))
    gained = decide(problem, EXACT).termination.objective - decide(more, EXACT).termination.objective
    assert gained == pytest.approx(room[0], abs=1e-6)


@pytest.fixture(scope="module")
def allocation(net: xr.Network) -> Allocation:
    return xr.allocate(net, **arguments())


def test_the_changes_between_two_plans_add_up(allocation: Allocation) -> None:
    problem = allocation.problem
    points = drawn(Search(problem=problem, effort=Effort()), 6)
    for one, two in pairwise(point.decision for point in points):
        parts = changes(allocation, one, two)
        saved, eur = sum(each.saved_kg for each in parts), sum(each.eur for each in parts)
        assert saved == pytest.approx(one.co2e_kg(problem) - two.co2e_kg(problem), abs=0.01)
        assert eur == pytest.approx(two.cost_eur(problem) - one.cost_eur(problem), abs=0.1)


def test_a_front_proves_its_gaps_and_words_its_steps(allocation: Allocation) -> None:
    table = allocation.front(over="co2e", points=6)
    assert (table["gap"] <= MOST_GAP).all()
    assert (np.diff(table["cost_eur"]) > 0).all()
    assert (np.diff(table["co2e_t"]) < 0).all()
    assert all("EUR/t" in step for step in table["step"][1:])


def test_a_front_with_warehouses_held_costs_no_less_than_a_free_one(allocation: Allocation) -> None:
    held = allocation.front(points=5, hold_warehouses=True)
    assert set(held["open_warehouses"]) == {int(allocation.decision.is_open.sum())}
    free = allocation.front(points=5)
    assert held["cost_eur"][-1] >= free["cost_eur"][0] * (1 - MOST_GAP)
    assert held["co2e_t"][-1] >= free["co2e_t"][-1] * (1 - 1e-5)


def test_a_front_of_one_point_or_over_something_else_is_refused(allocation: Allocation) -> None:
    with pytest.raises(InputError):
        allocation.front(points=1)
    with pytest.raises(InputError):
        allocation.front(over="noise")

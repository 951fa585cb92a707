"""What must hold for every allocation, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation_cases import random_problem
from xroute.allocation_check import check, co2e_kg, cost_eur
from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Problem
from xroute.allocation_solver import Effort
from xroute.errors import AllocationError

EXACT = Effort(relative_gap=0.0)
seeds = st.integers(0, 10_000)


def cost(problem: Problem) -> float:
    """The least objective; inf where infeasible."""
    found = decided(problem)
    return np.inf if found is None else found.termination.objective


def decided(problem: Problem) -> Decision | None:
    try:
        return decide(problem, EXACT)
    except AllocationError as error:
        if error.termination.status != "infeasible":
            raise
        return None


@settings(max_examples=25)
@given(seeds, st.sampled_from(("capacity", "carbon cap", "least volumes", "fixed fees")))
def test_relaxing_a_limit_never_raises_cost(seed: int, limit: str) -> None:
    problem = random_problem(seed)
    relaxed = {
        "capacity": replace(problem, capacity_m3=problem.capacity_m3 * 1.3),
        "carbon cap": replace(problem, max_co2e_kg=problem.max_co2e_kg * 1.2),
        "least volumes": replace(problem, first=replace(problem.first, least=problem.first.least * 0.5)),
        "fixed fees": replace(problem, fixed_eur=problem.fixed_eur * 0.9),
    }[limit]
    before, after = cost(problem), cost(relaxed)
    assert after <= before or np.isclose(after, before, rtol=1e-6)


@settings(max_examples=25)
@given(seeds)
def test_the_order_of_rows_does_not_change_the_objective(seed: int) -> None:
    problem = random_problem(seed)
    rng = np.random.default_rng(seed + 1)
    first, delivery = rng.permutation(len(problem.first)), rng.permutation(len(problem.delivery))
    shuffled = replace(problem, first=problem.first.subset(first), delivery=problem.delivery.subset(delivery))
    before, after = cost(problem), cost(shuffled)
    assert before == after or np.isclose(before, after, rtol=1e-6)


@settings(max_examples=25)
@given(seeds)
def test_an_answer_balances_keeps_its_limits_and_adds_up(seed: int) -> None:
    problem = random_problem(seed)
    found = decided(problem)
    if found is None:
        return
    flows = found.first_units, found.delivery_units
    assert check(problem, *flows, found.is_open) == []
    money = cost_eur(problem, *flows, found.is_open) + problem.carbon_price_eur_kg * co2e_kg(problem, *flows)
    assert np.isclose(found.termination.objective, money, rtol=1e-9)
    assert found.termination.bound <= money * (1 + 1e-6) + 1e-6


@settings(max_examples=15)
@given(seeds)
def test_a_higher_carbon_price_never_raises_emissions(seed: int) -> None:
    problem = replace(random_problem(seed), max_co2e_kg=np.inf)
    low = decided(replace(problem, carbon_price_eur_kg=0.0))
    high = decided(replace(problem, carbon_price_eur_kg=2.0))
    if low is None or high is None:
        assert low is None
        assert high is None
        return
    kilograms = [co2e_kg(problem, each.first_units, each.delivery_units) for each in (low, high)]
    assert kilograms[1] <= kilograms[0] * (1 + 1e-6) + 1e-6

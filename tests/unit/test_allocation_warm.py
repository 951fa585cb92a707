from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocation_cases import random_problem
from xroute.allocation_model import Columns, LinearModel, linear_model
from xroute.allocation_solver import Effort, solve
from xroute.allocation_warm import Warm

EFFORT = Effort(relative_gap=1e-9)


def held(seed: int) -> LinearModel:
    """A random problem with every warehouse open and a cap of what it could emit at most."""
    problem = replace(random_problem(seed), carbon_price_eur_kg=0.0)
    most_kg = float(problem.asked @ problem.delivery.co2e_kg)
    most_kg += float(problem.demand.sum() * problem.first.co2e_kg.max(initial=0.0))
    problem = replace(problem, max_co2e_kg=most_kg)
    none = np.zeros(0, dtype=np.int64)
    columns = Columns(problem=problem, switched=none)
    return linear_model(problem, none).with_fixed(columns.is_open, np.ones(problem.warehouses))


@pytest.mark.parametrize("seed", range(20))
def test_a_program_solved_on_from_its_neighbour_has_the_answer_of_one_solved_anew(seed: int) -> None:
    model, rng = held(seed), np.random.default_rng(seed)
    warm = Warm(model)
    for _ in range(4):
        shut = rng.random(len(model.cost)) < 0.1
        upper = np.where(shut & (model.lower < model.upper), model.lower, model.upper)
        most = model.rows.upper.copy()
        most[model.row_at["cap"]] *= rng.uniform(0.1, 1.0)
        changed = replace(model, upper=upper, rows=replace(model.rows, upper=most))
        here, anew = warm.solved(changed, EFFORT), solve(changed, EFFORT)
        assert here.termination.status == anew.termination.status
        if anew.values is not None:
            assert here.termination.objective == pytest.approx(anew.termination.objective, rel=1e-7)
            assert here.duals is not None


def test_a_column_that_was_held_may_be_let_go() -> None:
    model = held(1)
    at = np.flatnonzero(model.lower == model.upper)
    loose = replace(model, lower=np.where(np.isin(np.arange(len(model.cost)), at), 0.0, model.lower))
    here, anew = Warm(model).solved(loose, EFFORT), solve(loose, EFFORT)
    assert here.termination.objective == pytest.approx(anew.termination.objective, rel=1e-9)

from __future__ import annotations

import numpy as np
import pytest

import xroute.allocation_solver as solver
from xroute.allocation_condense import condensed
from xroute.allocation_model import LinearModel
from xroute.allocation_rules import Rows
from xroute.allocation_solver import Effort


def random_model(seed: int) -> LinearModel:
    """A linear program with held columns, rows of one column and rows of several."""
    rng = np.random.default_rng(seed)
    columns, rows = 12, 14
    dense = np.where(rng.random((rows, columns)) < 0.25, rng.integers(-4, 5, (rows, columns)), 0)
    row, column = np.nonzero(dense)
    lower, upper = np.zeros(columns), rng.integers(1, 6, columns).astype(float)
    held = rng.random(columns) < 0.3
    lower[held] = upper[held] = rng.integers(0, 3, int(held.sum()))
    middle = dense @ np.where(held, lower, upper * rng.random(columns))
    return LinearModel(
        cost=rng.integers(-9, 10, columns).astype(float), lower=lower, upper=upper,
        is_whole=np.zeros(columns, dtype=bool),
        rows=Rows(
            row=row, column=column, value=dense[row, column].astype(float),
            lower=np.where(rng.random(rows) < 0.5, middle - rng.random(rows), -np.inf),
            upper=np.where(rng.random(rows) < 0.7, middle + rng.random(rows), np.inf),
        ),
    )  # fmt: skip


def reduced_costs(model: LinearModel, duals: np.ndarray) -> np.ndarray:
    r = model.rows
    return model.cost - np.bincount(r.column, r.value * duals[r.row], len(model.cost))


@pytest.mark.parametrize("seed", range(60))
def test_a_condensed_model_has_the_whole_ones_answer_and_duals_that_prove_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = random_model(seed)
    assert condensed(model) is not None or not (model.lower == model.upper).any()
    small = solver.solve(model, Effort(relative_gap=0.0))
    monkeypatch.setattr(solver, "condensed", lambda _: None)
    whole = solver.solve(model, Effort(relative_gap=0.0))
    assert small.values is not None
    assert small.duals is not None
    assert small.termination.objective == pytest.approx(whole.termination.objective, abs=1e-6)
    assert model.cost @ small.values == pytest.approx(whole.termination.objective, abs=1e-6)
    r, x, y = model.rows, small.values, small.duals
    sums = np.bincount(r.row, r.value * x[r.column], len(r.lower))
    assert (sums >= r.lower - 1e-6).all()
    assert (sums <= r.upper + 1e-6).all()
    reduced = reduced_costs(model, y)
    bound = np.where(reduced > 0, model.lower, model.upper) @ reduced
    right = np.where(y > 0, r.lower, r.upper)
    bound += float(np.where(np.abs(y) > 1e-9, right, 0.0) @ y)
    assert bound == pytest.approx(whole.termination.objective, abs=1e-6)


def test_a_held_column_that_breaks_a_row_leaves_the_model_infeasible() -> None:
    one = np.ones(1)
    model = LinearModel(
        cost=one, lower=one, upper=one, is_whole=np.zeros(1, dtype=bool),
        rows=Rows(row=np.zeros(1, dtype=np.int64), column=np.zeros(1, dtype=np.int64), value=one,
                  lower=-np.inf * one, upper=0.5 * one),
    )  # fmt: skip
    assert solver.solve(model, Effort()).termination.status == "infeasible"

"""A model without what is already decided: held columns, and rows that only bound one column.

Most of a model whose open set is held is of this kind; leaving it out saves the solver's building and
presolve. Values and duals are those of the whole model again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xroute.allocation_model import Bools, Floats, Ints, LinearModel
from xroute.allocation_rules import Rows

_MOST_ROUNDS = 4
_CROSSED = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Condensed:
    """The smaller model, where its columns and rows stand in the whole one, and what became of the rest.

    `ties` are the rows that were turned into a bound of a column, round by round: row, column, coefficient.
    `offset` is what the held columns cost.
    """

    whole: LinearModel
    model: LinearModel
    columns: Ints
    rows: Ints
    held: Floats
    ties: tuple[tuple[Ints, Ints, Floats], ...]
    offset: float

    def values(self, found: Floats) -> Floats:
        """A value for each column of the whole model."""
        values = self.held.copy()
        values[self.columns] = found
        return values

    def duals(self, found: Floats, values: Floats) -> Floats:
        """A dual for each row of the whole model; `values` are those of its columns.

        A row that became the bound that holds its column has the column's reduced cost.
        """
        r, duals = self.whole.rows, np.zeros(len(self.whole.rows.lower))
        duals[self.rows] = found
        for row, column, coefficient in reversed(self.ties):
            paid = np.bincount(r.column, r.value * duals[r.row], len(values))
            reduced = (self.whole.cost - paid)[column]
            is_low, is_high = self._at(row, column, coefficient, values)
            holds = np.where(reduced > 0.0, is_low, is_high & (reduced < 0.0))
            first = np.unique(np.where(holds, column, -1), return_index=True)[1]
            chosen = np.intersect1d(first, np.flatnonzero(holds))
            duals[row[chosen]] = reduced[chosen] / coefficient[chosen]
        return duals

    def _at(self, row: Ints, column: Ints, coefficient: Floats, values: Floats) -> tuple[Bools, Bools]:
        """Whether each tied row, not the column's own bound, keeps its column from falling or from rising."""
        r, whole = self.whole.rows, self.whole
        rest = (
            np.bincount(r.row, r.value * values[r.column], len(r.lower))[row] - coefficient * values[column]
        )
        one, two = (r.lower[row] - rest) / coefficient, (r.upper[row] - rest) / coefficient
        low, high = np.where(coefficient > 0.0, one, two), np.where(coefficient > 0.0, two, one)
        near = 1e-9 * np.maximum(np.abs(values[column]), 1.0)
        is_low = (np.abs(low - values[column]) <= near) & (low > whole.lower[column] + near)
        is_high = (np.abs(high - values[column]) <= near) & (high < whole.upper[column] - near)
        return is_low, is_high


def condensed(model: LinearModel) -> Condensed | None:
    """The model without held columns and the rows they settle; `None` where no column is held."""
    if not (model.lower == model.upper).any():
        return None
    work = _Work(model)
    for _ in range(_MOST_ROUNDS):
        work.substitute()
        if not work.tie():
            break
    work.substitute()
    return work.result()


class _Work:
    """A model being condensed: which entries are left, and the bounds as they stand."""

    def __init__(self, model: LinearModel) -> None:
        self.model = model
        self.lower, self.upper = model.lower.copy(), model.upper.copy()
        self.row_lower, self.row_upper = model.rows.lower.copy(), model.rows.upper.copy()
        self.left = np.ones(len(model.rows.row), dtype=bool)
        self.gone = np.zeros(len(model.rows.lower), dtype=bool)
        self.ties: list[tuple[Ints, Ints, Floats]] = []

    def substitute(self) -> None:
        """Moves held columns to the right of their rows."""
        r = self.model.rows
        now = self.left & (self.lower == self.upper)[r.column]
        moved = np.bincount(r.row[now], r.value[now] * self.lower[r.column[now]], len(self.row_lower))
        self.row_lower -= moved
        self.row_upper -= moved
        self.left &= ~now

    def tie(self) -> bool:
        """Turns rows with one column left into its bounds; false where there is none."""
        r = self.model.rows
        count = np.bincount(r.row[self.left], minlength=len(self.row_lower))
        at = np.flatnonzero(self.left & (count == 1)[r.row])
        row, column, value = r.row[at], r.column[at], r.value[at]
        one, two = self.row_lower[row] / value, self.row_upper[row] / value
        low, high = np.where(value > 0.0, one, two), np.where(value > 0.0, two, one)
        lower, upper = self.lower.copy(), self.upper.copy()
        np.maximum.at(lower, column, low)
        np.minimum.at(upper, column, high)
        is_crossed = lower > upper + _CROSSED * np.maximum(np.abs(upper), 1.0)
        kept = ~is_crossed[column]  # a column whose bounds cross keeps its rows, for the solver to refuse
        if not kept.any():
            return False
        self.lower = np.where(is_crossed, self.lower, np.minimum(lower, upper))
        self.upper = np.where(is_crossed, self.upper, upper)
        self.left[at[kept]] = False
        self.gone[row[kept]] = True
        self.ties.append((row[kept], column[kept], value[kept]))
        return True

    def result(self) -> Condensed:
        r, model = self.model.rows, self.model
        is_held = self.lower == self.upper
        columns = np.flatnonzero(~is_held)
        has_entry = np.bincount(r.row[self.left], minlength=len(self.row_lower)) > 0
        slack = 1e-9 * np.maximum(np.abs(model.rows.upper), 1.0)
        slack = np.where(np.isfinite(slack), slack, 1e-9)
        is_broken = (self.row_lower > slack) | (self.row_upper < -slack)
        rows = np.flatnonzero(~self.gone & (has_entry | is_broken))
        row_at, column_at = np.full(len(self.gone), -1), np.full(len(is_held), -1)
        row_at[rows], column_at[columns] = np.arange(len(rows)), np.arange(len(columns))
        held = np.where(is_held, self.lower, 0.0)
        small = LinearModel(
            cost=model.cost[columns], lower=self.lower[columns], upper=self.upper[columns],
            is_whole=model.is_whole[columns],
            rows=Rows(
                row=row_at[r.row[self.left]], column=column_at[r.column[self.left]],
                value=r.value[self.left], lower=self.row_lower[rows], upper=self.row_upper[rows],
            ),
        )  # fmt: skip
        return Condensed(
            whole=model, model=small, columns=columns, rows=rows, held=held, ties=tuple(self.ties),
            offset=float((model.cost * held).sum()),
        )  # fmt: skip

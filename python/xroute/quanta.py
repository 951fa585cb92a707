"""Decimal numbers as whole steps of a stated quantum, never silently cut."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.errors import InputError, LimitError

MOST_DECIMALS = 6
WHOLE = 1e-6  # steps by which a decimal may miss a whole step in binary
MOST_STEPS = 2.0**52
MOST_UNITS = 2.0**60
SAMPLE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """A cost matrix as the kernel reads it: `values` as given (int32, int64 or float64, contiguous rows).

    A float cost is read as the nearest of `steps_per_unit` steps to one unit of money; `error` is how far any
    cost may be from its step, in money. Whole numbers have one step and no error.
    """

    values: NDArray[Any]
    steps_per_unit: float
    error: float

    @property
    def quantum(self) -> float:
        """One step, in units of money."""
        return 1.0 / self.steps_per_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Amounts as whole steps; `steps_per_unit` steps make one unit of goods, `is_exact` if none was
    rounded."""

    steps: NDArray[np.int64]
    steps_per_unit: float
    is_exact: bool


def read_costs(cost: Any, *, table: str = "cost") -> Costs:
    """A matrix of costs, rows warehouses and columns zones; infinity (or the largest integer) is no lane.

    Raises `InputError` for other shapes, NaN, minus infinity and what is no number; `LimitError` for costs
    whose sums 64 bits cannot hold.
    """
    values = np.asarray(cost)
    if values.ndim != 2:
        raise InputError(
            f"expected a matrix (warehouses, zones), got {values.ndim} dimension(s)", table=table
        )
    if values.dtype.kind not in "iuf":
        raise InputError(f"expected numbers, got {values.dtype}", table=table)
    if values.dtype.kind == "f":
        return _float_costs(np.ascontiguousarray(values, dtype=np.float64), table)
    if values.dtype == np.uint64 and values.size and int(values.max()) > np.iinfo(np.int64).max:
        raise LimitError(f"{table}: {int(values.max())} does not fit 64 bits with a sign")
    kind = np.int32 if values.dtype == np.int32 else np.int64
    return Costs(values=np.ascontiguousarray(values, dtype=kind), steps_per_unit=1.0, error=0.0)


def _float_costs(values: NDArray[np.float64], table: str) -> Costs:
    steps = _decimal_steps(values)
    largest, deviation, has_forbidden, bad = _core.cost_steps(values, steps)
    if bad is not None:
        row, column = divmod(bad, values.shape[1])
        message = f"expected a number or infinity, got {values[row, column]}"
        raise InputError(message, table=table, row=row + 1, column=str(column))
    most = min(MOST_STEPS, float(_core.transport_most_cost(values.shape[0], values.shape[1], has_forbidden)))
    if deviation > WHOLE or largest * steps > most:
        steps = 2.0 ** math.floor(math.log2(most / largest))
        if not math.isfinite(steps):
            raise LimitError(f"{table}: costs of {largest:g} are too small to be told apart; use other units")
        deviation = _core.cost_steps(values, steps)[1]
    return Costs(values=values, steps_per_unit=steps, error=deviation / steps)


def _decimal_steps(values: NDArray[np.float64]) -> float:
    """The power of ten at which a sample of the values is whole; the finest looked at otherwise."""
    sample = values.ravel()[:: max(1, values.size // SAMPLE)]
    return _whole_steps(sample[np.isfinite(sample)]) or 10.0**MOST_DECIMALS


def _whole_steps(values: NDArray[np.float64]) -> float | None:
    for decimals in range(MOST_DECIMALS + 1):
        scaled = values * 10.0**decimals
        if np.all(np.abs(scaled - np.rint(scaled)) <= WHOLE):
            return 10.0**decimals
    return None


def read_amounts(
    supply: Any, demand: Any, *, names: tuple[str, str] = ("supply", "demand")
) -> tuple[Amounts, Amounts]:
    """Supplies and demands on one scale: whole numbers as they are, decimals in steps of a power of ten, all
    else in the finest steps of a power of two that 64 bits hold.

    A supply that is infinite covers any demand. A supply that had to be rounded is rounded up, by less than
    one part in 10^12 of the total. Raises `InputError` for negative amounts and what is no number,
    `LimitError` for totals above 2^60.
    """
    columns = _column(supply, names[0]), _column(demand, names[1])
    if all(column.dtype.kind == "i" for column in columns):
        return _whole(columns[0]), _whole(columns[1])
    held, wanted = columns[0].astype(np.float64), columns[1].astype(np.float64)
    if np.isinf(wanted).any():
        row = int(np.argmax(np.isinf(wanted)))
        raise InputError("expected a finite amount, got inf", table=names[1], row=row + 1)
    held = np.where(np.isinf(held), math.ceil(wanted.sum()), held)
    both = np.concatenate([held, wanted])
    total = float(both.sum())
    if total > MOST_UNITS:
        raise LimitError(f"amounts that add up to {total:g} are too large for exact sums; use other units")
    steps = _whole_steps(both)
    is_exact = steps is not None and total * steps <= MOST_STEPS
    if steps is None or not is_exact:
        steps = 2.0 ** math.floor(math.log2(MOST_STEPS / total))
    held = np.rint(held * steps) if is_exact else np.ceil(held * steps)
    return (
        Amounts(steps=held.astype(np.int64), steps_per_unit=steps, is_exact=is_exact),
        Amounts(steps=np.rint(wanted * steps).astype(np.int64), steps_per_unit=steps, is_exact=is_exact),
    )


def _whole(column: NDArray[Any]) -> Amounts:
    return Amounts(steps=column.astype(np.int64), steps_per_unit=1.0, is_exact=True)


def _column(values: Any, table: str) -> NDArray[Any]:
    column = np.asarray(values)
    if column.ndim != 1:
        raise InputError(f"expected one value a row, got shape {column.shape}", table=table)
    if column.dtype.kind not in "iuf":
        raise InputError(f"expected numbers, got {column.dtype}", table=table)
    is_bad = np.isnan(column) | (column < 0) if column.dtype.kind == "f" else column < 0
    if is_bad.any():
        row = int(np.argmax(is_bad))
        raise InputError(f"expected zero or more, got {column[row]}", table=table, row=row + 1)
    if column.dtype == np.uint64 and column.size and int(column.max()) > np.iinfo(np.int64).max:
        raise LimitError(f"{table}: {int(column.max())} does not fit 64 bits with a sign")
    return column.astype(np.int64) if column.dtype.kind == "u" else column

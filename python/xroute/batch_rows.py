"""What the rows of a shipments table ask: distinct shipments, hub rows, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute.errors import AmbiguousPlaceError, InputError, UnknownPlaceError
from xroute.network import MINIMISE
from xroute.shipment import Shipment
from xroute.table_rows import shipment_of

if TYPE_CHECKING:
    from xroute.places import Places

Integers = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]
_DECIDING = ("mass_kg", "volume_m3", "temperature", "dangerous_goods", "ready", "due", "minimise")


@dataclass(frozen=True, slots=True)
class Asked:
    """One distinct shipment, and what its rows minimise."""

    shipment: Shipment
    minimise: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table: `asked` points into `distinct`, `ends` are hub rows; both -1 in a refused row.

    `refused` has a status and a reason by row number.
    """

    distinct: tuple[Asked, ...]
    asked: Integers
    ends: Integers
    refused: dict[int, tuple[str, str]]


def read_rows(places: Places, columns: Columns, minimise: str) -> Rows:
    """Reads columns; a fault spoils its own row alone. Rows are counted from the first of `columns`."""
    refused: dict[int, tuple[str, str]] = {}
    distinct, asked = _distinct(columns, minimise, refused)
    ends = np.column_stack([_ends(places, columns[name], refused) for name in ("origin", "destination")])
    bad = np.fromiter(refused, dtype=np.int64, count=len(refused))
    asked[bad], ends[bad] = -1, -1
    return Rows(distinct, asked, ends, refused)


def _distinct(
    columns: Columns, minimise: str, refused: dict[int, tuple[str, str]]
) -> tuple[tuple[Asked, ...], Integers]:
    deciding = [columns[name] for name in _DECIDING if name in columns]
    values = columns.get("value_eur")
    if values is not None:
        deciding.append(
            _plain_or_not(values)
        )  # values differ by row, and decide nothing but whether they are read
    first, code = _combined(deciding, len(columns["origin"]))
    found: list[Asked] = []
    number = np.full(len(first), -1)
    for nth, row in enumerate(first.tolist()):
        try:
            found.append(_asked(columns, row, minimise))
            number[nth] = len(found) - 1
        except InputError:
            for same in np.flatnonzero(code == nth).tolist():
                refused[same] = ("bad_row", _fault(columns, same, minimise))
    return tuple(found), number[code]


def _asked(columns: Columns, row: int, minimise: str) -> Asked:
    shipment = shipment_of({name: values[row] for name, values in columns.items()}, row)
    wanted = str(columns["minimise"][row] if "minimise" in columns else "") or minimise
    if wanted not in MINIMISE:
        raise InputError(f"'{wanted}' is none of: {', '.join(MINIMISE)}", column="minimise")
    return Asked(shipment, wanted)


def _fault(columns: Columns, row: int, minimise: str) -> str:
    try:
        _asked(columns, row, minimise)
    except InputError as error:
        return str(error)
    return ""


def _plain_or_not(values: NDArray[Any]) -> NDArray[Any]:
    """Whether each number is at least 0 or missing; columns of other kinds as they are."""
    if values.dtype.kind != "f":
        return values
    return np.asarray(np.isnan(values) | (np.isfinite(values) & (values >= 0.0)))


def _combined(columns: Iterable[NDArray[Any]], count: int) -> tuple[Integers, Integers]:
    """The first row of each distinct combination, and the combination of each row."""
    code = np.zeros(count, dtype=np.int64)
    for column in columns:
        own = codes(column)
        if own.size and own.max() > 0:
            code = np.unique(code * (own.max() + 1) + own, return_inverse=True)[1].astype(np.int64)
    _, first, code = np.unique(code, return_index=True, return_inverse=True)
    return first.astype(np.int64), code.astype(np.int64)


def codes(column: NDArray[Any]) -> Integers:
    """A number for each distinct value; missing numbers are one value.

    >>> codes(np.array([2.0, np.nan, 2.0, np.nan])).tolist()
    [0, 1, 0, 1]
    """
    if column.dtype.kind in "fiub":
        return np.unique(column, return_inverse=True)[1].astype(np.int64)
    seen: dict[Any, int] = {}
    return np.array([seen.setdefault(_key(value), len(seen)) for value in column.tolist()], dtype=np.int64)


def _key(value: Any) -> Any:
    return (type(value).__name__, str(value)) if not isinstance(value, str) else value


def _ends(places: Places, texts: NDArray[Any], refused: dict[int, tuple[str, str]]) -> Integers:
    """Hub rows of places; what names no hub refuses its rows."""
    number = codes(texts)
    first = np.unique(number, return_index=True)[1]
    rows = np.full(len(first), -1)
    for nth, at in enumerate(first.tolist()):
        try:
            rows[nth] = places.row(texts[at])
        except (UnknownPlaceError, AmbiguousPlaceError, InputError) as error:
            for row in np.flatnonzero(number == nth).tolist():
                refused.setdefault(row, (_status(error), str(error)))
    return rows[number] if len(number) else number


def _status(error: Exception) -> str:
    if isinstance(error, UnknownPlaceError):
        return "unknown_place"
    return "ambiguous_place" if isinstance(error, AmbiguousPlaceError) else "bad_row"


def pieces(count: int, most: int) -> Iterator[slice]:
    """Slices of at most so many rows."""
    return (slice(start, min(start + most, count)) for start in range(0, count, most))

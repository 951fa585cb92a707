"""What the rows of a shipments table ask: kinds of shipment, masses, hub rows; what is wrong with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute.errors import AmbiguousPlaceError, InputError, UnknownPlaceError
from xroute.network import MINIMISE
from xroute.shipment import Shipment
from xroute.table_rows import moment_of, shipment_of

if TYPE_CHECKING:
    from xroute.places import Places

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]
Refused = dict[int, tuple[str, str]]
_OF_KIND = ("temperature", "dangerous_goods", "minimise")
_ONE_KG = {"mass_kg": 1.0}


@dataclass(frozen=True, slots=True)
class Kind:
    """What shipments of unlike mass share: a shipment of 1 kg for the rest of it, and what is minimised."""

    shipment: Shipment
    minimise: str


@dataclass(frozen=True, slots=True)
class Moments:
    """The times of rows: distinct ones, and which of them each row has."""

    distinct: tuple[datetime | None, ...]
    of_row: Integers

    def at(self, row: int) -> datetime | None:
        """The time of a row."""
        return self.distinct[int(self.of_row[row])]

    def is_given(self, rows: Integers) -> NDArray[np.bool_]:
        """Which of the rows have a time."""
        given = np.array([moment is not None for moment in self.distinct], dtype=bool)
        return given[self.of_row[rows]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table by column: `kind` points into `kinds`, `ends` are hub rows; both -1 in a refused row.

    `refused` has a status and a reason by row number, counted from 0.
    """

    kinds: tuple[Kind, ...]
    kind: Integers
    mass_kg: Numbers
    volume_m3: Numbers
    ready: Moments
    due: Moments
    ends: Integers
    refused: Refused


def read_rows(places: Places, columns: Columns, minimise: str) -> Rows:
    """Reads the columns of a shipments table; a fault spoils its own row alone."""
    refused: Refused = {}
    reader = _Reader(columns, minimise, refused)
    numbers = [reader.numbers(name) for name in ("mass_kg", "volume_m3", "value_eur")]
    moments = [reader.moments(name) for name in ("ready", "due")]
    kinds, kind = reader.kinds()
    ends = np.column_stack([_ends(places, columns[name], refused) for name in ("origin", "destination")])
    bad = np.fromiter(refused, dtype=np.int64, count=len(refused))
    kind[bad], ends[bad] = -1, -1
    return Rows(kinds, kind, numbers[0], numbers[1], moments[0], moments[1], ends, refused)


class _Reader:
    """Reads column by column; a row that looks wrong is read as a shipment, which says what is wrong."""

    def __init__(self, columns: Columns, minimise: str, refused: Refused) -> None:
        self.columns, self.minimise, self.refused = columns, minimise, refused
        self.count = len(columns["origin"])

    def numbers(self, name: str) -> Numbers:
        """Mass above 0, other quantities from 0, missing ones 0."""
        if name not in self.columns:
            return np.zeros(self.count)
        found = _as_numbers(self.columns[name])
        is_mass = name == "mass_kg"
        found = found if is_mass else np.where(_is_missing(self.columns[name], found), 0.0, found)
        is_right = np.isfinite(found) & ((found > 0.0) if is_mass else (found >= 0.0))
        self.refuse(np.flatnonzero(~is_right))
        return found

    def moments(self, name: str) -> Moments:
        """Dates and times; texts are ISO."""
        if name not in self.columns:
            return Moments((None,), np.zeros(self.count, dtype=np.int64))
        values, code = self.columns[name], codes(self.columns[name])
        distinct = self._each(code, lambda row: moment_of(values[row], name))
        return Moments(tuple(distinct), code)

    def kinds(self) -> tuple[tuple[Kind, ...], Integers]:
        """Distinct kinds of shipment, and that of each row."""
        names = [name for name in _OF_KIND if name in self.columns]
        first, code = combined([codes(self.columns[name]) for name in names], self.count)
        found = self._each(code, self._kind)
        number = np.cumsum([each is not None for each in found]) - 1
        kept = np.where([each is not None for each in found], number, -1)
        return tuple(each for each in found if each is not None), kept[code] if len(first) else code

    def _kind(self, row: int) -> Kind:
        cells = {name: self.columns[name][row] for name in _OF_KIND if name in self.columns}
        wanted = str(cells.pop("minimise", "") or "") or self.minimise
        if wanted not in MINIMISE:
            raise InputError(f"'{wanted}' is none of: {', '.join(MINIMISE)}", column="minimise")
        return Kind(shipment_of(cells | _ONE_KG, row), wanted)

    def _each(self, code: Integers, read: Callable[[int], Any]) -> list[Any]:
        """What each distinct value is read as; `None` for what cannot be read, whose rows are refused."""
        found: list[Any] = []
        for nth, row in enumerate(np.unique(code, return_index=True)[1].tolist()):
            try:
                found.append(read(row))
            except InputError:
                found.append(None)
                self.refuse(np.flatnonzero(code == nth))
        return found

    def refuse(self, rows: Integers) -> None:
        """Says of each row what is wrong with it."""
        for row in rows.tolist():
            try:
                shipment_of({name: values[row] for name, values in self.columns.items()}, row)
                self._kind(row)
            except InputError as error:
                self.refused.setdefault(row, ("bad_row", str(error)))


def _as_numbers(values: NDArray[Any]) -> Numbers:
    """Numbers, with NaN for what is none."""
    if values.dtype.kind in "fiub":
        return values.astype(np.float64)
    return np.array([_number(value) for value in values.tolist()], dtype=np.float64)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _is_missing(values: NDArray[Any], found: Numbers) -> NDArray[np.bool_]:
    if values.dtype.kind != "O":
        return np.isnan(found)
    is_empty = [value is None or value == "" or value != value for value in values.tolist()]
    return np.array(is_empty, dtype=bool)


def combined(columns: Iterable[Integers], count: int) -> tuple[Integers, Integers]:
    """The first row of each distinct combination of codes, and the combination of each row."""
    code = np.zeros(count, dtype=np.int64)
    for own in columns:
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
    keys = column.tolist()
    if set(map(type, keys)) - {str}:
        keys = [_key(value) for value in keys]
    number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return np.fromiter(map(number.__getitem__, keys), dtype=np.int64, count=len(keys))


def _key(value: Any) -> Any:
    return value if isinstance(value, str) else (type(value).__name__, str(value))


def _ends(places: Places, texts: NDArray[Any], refused: Refused) -> Integers:
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

"""Columns of every table: which must be there, of what kind, in what range."""

from __future__ import annotations

import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from xroute import _core
from xroute.errors import InputError, UnusedColumnWarning

Kind = Literal["text", "number", "flag"]
Columns = Mapping[str, np.ndarray[Any, Any]]
LONGEST_ID = 64
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf(inity)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: kind, whether it must be there, range and choices; `unique` for ids."""

    kind: Kind = "text"
    required: bool = False
    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    choices: tuple[str, ...] = ()
    unique: bool = False
    whole: bool = False


KINDS = tuple(_core.HUB_KINDS)
MODES = tuple(_core.MODES)
TEMPERATURES = ("ambient", "refrigerated")


def _text(**more: Any) -> Column:
    return Column("text", **more)


def _number(least: float = 0.0, most: float = 1e12, **more: Any) -> Column:
    return Column("number", least=least, most=most, **more)


_ID = _text(required=True, unique=True)
_NAME = _text(required=True)
_MODE = _text(required=True, choices=MODES)
_FLAG = Column("flag")
_POSITIVE = _number(above=0.0, required=True)

SCHEMA: dict[str, dict[str, Column]] = {
    "hubs": {
        "hub_id": _ID, "lat": _number(-90, 90, required=True), "lon": _number(-180, 180, required=True),
        "kind": _text(required=True, choices=KINDS), "name": _text(), "locode": _text(), "country": _text(),
        "timezone": _text(), "population": _number(), "main_port": _FLAG, "sea_area": _text(),
        "max_draft_m": _number(0, 1000), "carbon_scheme": _text(),
    },
    "links": {
        "origin": _NAME, "destination": _NAME, "mode": _MODE,
        "distance_km": _number(0, 100_000, required=True), "link_id": _text(unique=True),
        "oneway": _FLAG, "passages": _text(), "countries": _text(),
        "gauge_mm": _number(300, 3000), "eca_km": _number(), "speed_km_h": _number(0.01, 2000),
        "line_km": _number(0, 100_000), "vehicle_class": _text(),
        "customs_borders": _number(0, 255, whole=True), "geometry": _text(),
    },
    "services": {
        "origin": _NAME, "destination": _NAME, "mode": _MODE, "service_id": _text(unique=True),
        "distance_km": _number(0, 100_000), "duration_h": _number(0, 100_000),
        "departures_per_week": _number(0.001, 10_000), "weekdays": _text(), "cutoff_h": _number(0, 10_000),
        "rate_id": _text(), "vehicle_class": _text(), "carrier": _text(), "capabilities": _text(),
        "valid_from": _text(), "valid_to": _text(),
    },
    "transfers": {
        "hub_id": _NAME, "from_mode": _MODE, "to_mode": _MODE, "duration_h": _number(0, 100_000),
        "cost_eur_per_t": _number(0, 1e6), "fixed_cost_eur": _number(0, 1e9),
        "co2e_kg_per_t": _number(0, 1e6), "kind": _text(),
    },
    "passages": {"passage_id": _ID, "name": _text(), "default_closed": _FLAG,
                 "line": _text(), "modes": _text(),
                 "draft_limit_m": _number(0, 1000), "beam_limit_m": _number(0, 1000)},
    "lint_reasons": {"check": _NAME, "subject": _NAME, "area": _text(), "reason": _NAME},
    "shipments": {
        "shipment_id": _ID, "origin": _NAME, "destination": _NAME, "mass_kg": _POSITIVE,
        "volume_m3": _number(), "value_eur": _number(), "temperature": _text(choices=("", *TEMPERATURES)),
        "dangerous_goods": _FLAG, "ready": _text(), "due": _text(),
        "minimise": _text(choices=("", "cost", "time", "co2e", "distance", "generalised")),
    },
    "warehouses": {
        "warehouse_id": _ID, "hub_id": _text(), "lat": _number(-90, 90), "lon": _number(-180, 180),
        "kind": _text(choices=("", "core", "satellite")), "capacity_m3": _number(), "capacity_kg": _number(),
        "is_cold": _FLAG, "takes_dangerous_goods": _FLAG,
        "fixed_eur_per_month": _number(), "opening_eur": _number(), "is_open_before": _FLAG,
    },
    "demand": {
        "zone_id": _NAME, "place": _text(), "lat": _number(-90, 90), "lon": _number(-180, 180),
        "product_id": _NAME, "units": _number(required=True), "period": _text(), "max_days": _number(),
        "sigma_units": _number(),
    },
    "fees": {
        "warehouse_id": _NAME, "fee": _NAME,
        "basis": _text(required=True, choices=("units", "volume_m3", "mass_kg", "stock_m3", "age_days",
                                               "unit_kg")),
        "starts_at": _number(required=True), "price_eur": _number(required=True), "fixed_eur": _number(),
        "kind": _text(choices=("", "incremental", "all_unit")), "product_id": _text(),
    },
    "transfers_between": {
        "origin": _NAME, "destination": _NAME, "product_id": _text(), "cost_eur": _number(),
        "co2e_kg": _number(),
    },
    "on_hand": {"warehouse_id": _NAME, "product_id": _NAME, "units": _number(required=True)},
    "products": {
        "product_id": _ID, "mass_kg": _POSITIVE, "volume_m3": _POSITIVE, "value_eur": _number(required=True),
        "temperature": _text(choices=("", *TEMPERATURES)), "dangerous_goods": _FLAG, "placement": _text(),
        "return_rate": _number(0, 1),
    },
    "elements": {
        "kind": _text(required=True, choices=("transport", "hub")), "mass_kg": _number(required=True),
        "mode": _text(choices=("", *MODES)), "vehicle_class": _text(), "distance_km": _number(),
        "distance_basis": _text(choices=("", "sfd", "gcd", "actual")),
        "temperature": _text(choices=("", *TEMPERATURES)), "process": _text(), "country": _text(),
        "element": _text(), "teu": _number(), "load_factor": _number(), "empty_running": _number(),
        "temperature_uplift": _number(),
    },
    "rates": {
        "rate_id": _NAME, "mode": _MODE, "unit": _NAME, "currency": _NAME, "fixed": _number(),
        "per_km": _number(), "per_unit": _number(), "per_unit_km": _number(), "minimum": _number(),
        "breaks": _text(), "valid_from": _text(), "valid_to": _text(),
    },
}  # fmt: skip


# A place is given by one of these groups of columns.
EITHER: dict[str, tuple[tuple[str, ...], ...]] = {
    "warehouses": (("hub_id",), ("lat", "lon")),
    "demand": (("place",), ("lat", "lon")),
}

Fault = tuple[int, str, str]
Checked = tuple[np.ndarray[Any, Any], dict[int, str]]


def kind_of(table: str, column: str) -> Kind | None:
    """The kind of a known column."""
    known = SCHEMA.get(table, {}).get(column)
    return known.kind if known else None


def require(table: str, columns: Columns) -> None:
    """Every required column is there; raises `InputError` that names the first that is not."""
    found = ", ".join(columns) or "none"
    for name, column in SCHEMA[table].items():
        if column.required and name not in columns:
            raise InputError(f"the column is missing; found: {found}", table=table, column=name)
    groups = EITHER.get(table, ())
    if groups and not any(all(name in columns for name in group) for group in groups):
        raise InputError(f"expected {_either(groups)}; found: {found}", table=table)


NOTES = frozenset(("source", "confidence", "note", "notes", "licence"))
"""Columns that say where a row comes from; they may stand in every table."""


def warn_unused(table: str, columns: Iterable[str], used: Iterable[str]) -> None:
    """Warns of columns that nothing uses yet, by name: a reader should not think that they count."""
    unused = sorted(set(columns) - set(used) - NOTES)
    if unused:
        message = f"{table}: nothing uses the columns {', '.join(unused)} yet"
        warnings.warn(message, UnusedColumnWarning, stacklevel=3)


def check(table: str, columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
    """The columns typed and in range, unknown ones as they are.

    Text comes as object arrays of str, numbers as float64 with NaN for missing, flags as bool. Raises
    `InputError` with table, row (counted from 1, without the header) and column of the first fault.

    >>> check("passages", {"passage_id": ["suez"]})["passage_id"]
    array(['suez'], dtype=object)
    """
    checked, faults = _judged(table, columns)
    for row, name, reason in faults:
        raise InputError(reason, table=table, row=row, column=name or None)
    return checked


def _judged(table: str, columns: Columns) -> tuple[dict[str, np.ndarray[Any, Any]], list[Fault]]:
    require(table, columns)
    checked: dict[str, np.ndarray[Any, Any]] = {}
    faults: list[Fault] = []
    for name, values in columns.items():
        column = SCHEMA[table].get(name)
        if column is None:
            checked[name] = np.asarray(values)
            continue
        checked[name], reasons = _CHECKS[column.kind](column, values)
        faults += [(row, name, reason) for row, reason in sorted(reasons.items())]
    return checked, faults + _placeless(table, checked)


def _placeless(table: str, columns: Columns) -> list[Fault]:
    """The rows in which no group of columns gives a place."""
    groups = EITHER.get(table, ())
    if not groups:
        return []
    placed = np.zeros(len(next(iter(columns.values()), ())), dtype=bool)
    for group in groups:
        if all(name in columns for name in group):
            placed |= np.logical_and.reduce([_is_given(columns[name]) for name in group])
    return [(int(row) + 1, "", f"expected {_either(groups)}") for row in np.flatnonzero(~placed)]


def _is_given(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    given = values != "" if values.dtype == object else ~np.isnan(values)
    return np.asarray(given, dtype=bool)


def _either(groups: tuple[tuple[str, ...], ...]) -> str:
    return ", or ".join(" and ".join(group) for group in groups)


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float | np.floating) and math.isnan(value))


def _numbers(column: Column, values: Any) -> Checked:
    is_typed = isinstance(values, np.ndarray) and values.dtype.kind in "fiu"
    out, reasons = (values.astype(np.float64), {}) if is_typed else _parsed(values)
    with np.errstate(invalid="ignore"):
        wrong = ~np.isfinite(out) | (out < column.least) | (out > column.most) | (out <= column.above)
        if column.whole:
            wrong |= out != np.floor(out)
    if not column.required:
        wrong &= ~np.isnan(out)
    for row in (int(at) + 1 for at in np.flatnonzero(wrong)):
        given = "nothing" if np.isnan(out[row - 1]) else f"{out[row - 1]:g}"
        reasons.setdefault(row, f"expected {_range(column)}, got {given}")
    return out, reasons


def _parsed(values: Any) -> Checked:
    out = np.full(len(values), math.nan)
    reasons: dict[int, str] = {}
    for row, value in enumerate(values, 1):
        if _is_missing(value):
            continue
        number = as_number(value)
        if number is None:
            reasons[row] = f"expected a number, got {_quoted(value)}"
        else:
            out[row - 1] = number
    return out, reasons


def as_number(value: object) -> float | None:
    """The number that a cell holds, plain decimal or scientific; None where it holds none.

    >>> as_number("1e3"), as_number("1_000"), as_number("nan"), as_number(True)
    (1000.0, None, None, None)
    """
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value.strip()) else None
    is_number = isinstance(value, int | float | np.number | Decimal) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}..."


def _range(column: Column) -> str:
    what = "a whole number" if column.whole else "a number"
    if column.above == 0.0:
        return f"a positive number up to {column.most:g}"
    return f"{what} from {column.least:g} to {column.most:g}"


def _texts(column: Column, values: Any) -> Checked:
    is_plain = isinstance(values, np.ndarray) and values.dtype == object and set(map(type, values)) == {str}
    if is_plain and _is_faultless(column, values):
        return values, {}
    out = np.array(["" if _is_missing(value) else str(value) for value in values], dtype=object)
    reasons: dict[int, str] = {}
    seen: set[str] = set()
    for row, text in enumerate(out, 1):
        fault = _text_fault(column, text) or (_id_fault(text, seen) if column.unique and text else "")
        if fault:
            reasons[row] = fault
        seen.add(text)
    return out, reasons


def _is_faultless(column: Column, texts: np.ndarray[Any, Any]) -> bool:
    """Whether texts are surely right, seen as a set: what is not is looked at row by row."""
    distinct = set(texts)
    if any(_text_fault(column, text) for text in distinct):
        return False
    if not column.unique:
        return True
    distinct.discard("")
    seen: set[str] = set()
    is_once = len(distinct) == np.count_nonzero(texts != "")
    return is_once and not any(_id_fault(text, seen) for text in distinct)


def _text_fault(column: Column, text: str) -> str:
    if column.required and not text.strip():
        return "expected a text, got nothing"
    if column.choices and text not in column.choices:
        known = ", ".join(choice for choice in column.choices if choice)
        return f"{_quoted(text)} is none of: {known}"
    return "a text holds a NUL character" if "\0" in text else ""


def _id_fault(text: str, seen: set[str]) -> str:
    if len(text) > LONGEST_ID:
        return f"an id has at most {LONGEST_ID} characters, got {len(text)}"
    if text in seen:
        return f"'{text}' stands twice; ids are unique"
    if not text.isprintable() or text != text.strip():
        return f"an id holds visible characters only, got {text!r}"
    is_composed = text.isascii() or unicodedata.is_normalized("NFC", text)
    return "" if is_composed else f"an id is in Unicode NFC, '{text}' is not"


_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


def _flags(_column: Column, values: Any) -> Checked:
    out = np.zeros(len(values), dtype=bool)
    reasons: dict[int, str] = {}
    for row, value in enumerate(values, 1):
        text = "" if _is_missing(value) else str(value).strip().lower().removesuffix(".0")
        if text in _FLAGS:
            out[row - 1] = _FLAGS[text]
        else:
            reasons[row] = f"expected true or false, got {_quoted(value)}"
    return out, reasons


_CHECKS: dict[Kind, Callable[[Column, Any], Checked]] = {"number": _numbers, "flag": _flags, "text": _texts}

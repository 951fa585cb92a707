"""Columns of every table: which must be there, of what kind, in what range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from xroute.errors import InputError

Kind = Literal["text", "number", "flag"]
Columns = Mapping[str, np.ndarray[Any, Any]]
LONGEST_ID = 64


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


KINDS = ("port", "airport", "rail_terminal", "border", "river_port", "warehouse", "city", "junction")
MODES = ("sea", "air", "rail", "road", "inland_waterway", "ferry")
TEMPERATURES = ("", "ambient", "refrigerated")


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
        "timezone": _text(), "population": _number(), "main_port": _FLAG,
    },
    "links": {
        "origin": _NAME, "destination": _NAME, "mode": _MODE, "distance_km": _number(0, 100_000, required=True),
        "link_id": _text(), "oneway": _FLAG, "passages": _text(), "countries": _text(),
        "gauge_mm": _number(300, 3000), "eca_km": _number(), "speed_km_h": _number(0.01, 2000),
        "line_km": _number(0, 100_000), "vehicle_class": _text(), "customs_borders": _number(0, 255, whole=True),
        "geometry": _text(),
    },
    "services": {
        "origin": _NAME, "destination": _NAME, "mode": _MODE, "service_id": _text(),
        "distance_km": _number(0, 100_000), "duration_h": _number(0, 100_000),
        "departures_per_week": _number(0.001, 10_000), "weekdays": _text(), "cutoff_h": _number(0, 10_000),
        "rate_id": _text(), "vehicle_class": _text(), "carrier": _text(), "capabilities": _text(),
        "valid_from": _text(), "valid_to": _text(),
    },
    "transfers": {
        "hub_id": _NAME, "from_mode": _MODE, "to_mode": _MODE, "duration_h": _number(0, 100_000),
        "cost_eur_per_t": _number(0, 1e6), "fixed_cost_eur": _number(0, 1e9), "co2e_kg_per_t": _number(0, 1e6),
        "kind": _text(),
    },
    "passages": {"passage_id": _ID, "name": _text(), "default_closed": _FLAG},
    "shipments": {
        "shipment_id": _ID, "origin": _NAME, "destination": _NAME, "mass_kg": _POSITIVE, "volume_m3": _number(),
        "value_eur": _number(), "temperature": _text(choices=TEMPERATURES), "dangerous_goods": _FLAG,
        "ready": _text(), "due": _text(),
        "minimise": _text(choices=("", "cost", "time", "co2e", "distance", "generalised")),
    },
    "warehouses": {
        "warehouse_id": _ID, "hub_id": _text(), "lat": _number(-90, 90), "lon": _number(-180, 180),
        "kind": _text(choices=("", "core", "satellite")), "capacity_m3": _number(),
        "fixed_eur_per_month": _number(),
    },
    "demand": {
        "zone_id": _NAME, "place": _text(), "lat": _number(-90, 90), "lon": _number(-180, 180),
        "product_id": _NAME, "units": _number(required=True), "period": _text(), "max_days": _number(),
    },
    "products": {
        "product_id": _ID, "mass_kg": _POSITIVE, "volume_m3": _POSITIVE, "value_eur": _number(required=True),
        "temperature": _text(choices=TEMPERATURES), "dangerous_goods": _FLAG, "placement": _text(),
        "return_rate": _number(0, 1),
    },
    "rates": {
        "rate_id": _ID, "mode": _MODE, "unit": _NAME, "currency": _NAME, "fixed": _number(), "per_km": _number(),
        "per_unit": _number(), "per_unit_km": _number(), "minimum": _number(), "breaks": _text(),
        "valid_from": _text(), "valid_to": _text(),
    },
}  # fmt: skip


def kind_of(table: str, column: str) -> Kind | None:
    """The kind of a known column."""
    known = SCHEMA.get(table, {}).get(column)
    return known.kind if known else None


def require(table: str, columns: Columns) -> None:
    """Every required column is there; raises `InputError` that names the first that is not."""
    for name, column in SCHEMA[table].items():
        if column.required and name not in columns:
            found = ", ".join(columns) or "none"
            raise InputError(f"the column is missing; found: {found}", table=table, column=name)


def check(table: str, columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
    """The columns typed and in range, unknown ones as they are.

    Text comes as object arrays of str, numbers as float64 with NaN for missing, flags as bool. Raises
    `InputError` with table, row and column of the first fault.
    """
    require(table, columns)
    checked: dict[str, np.ndarray[Any, Any]] = {}
    for name, values in columns.items():
        column = SCHEMA[table].get(name)
        checked[name] = values if column is None else _checked(table, name, column, values)
    return checked


def rows_refused(table: str, columns: Columns) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """The rows that are right, and (row, column, reason) of each that is not; rows count from 1."""
    require(table, columns)
    rows = len(next(iter(columns.values()), ()))
    refused: list[tuple[int, str, str]] = []
    seen: dict[str, set[object]] = {}
    for row in range(rows):
        for name, column in SCHEMA[table].items():
            if name not in columns:
                continue
            try:
                _checked(table, name, column, columns[name][row : row + 1])
                if column.unique and str(columns[name][row]) in seen.setdefault(name, set()):
                    raise InputError("stands twice; ids are unique")
            except InputError as error:
                refused.append((row + 1, name, error.message))
                break
        else:
            for name, known in SCHEMA[table].items():
                if known.unique:
                    seen.setdefault(name, set()).add(str(columns[name][row]))
    bad = {row - 1 for row, _, _ in refused}
    good = np.array([row for row in range(rows) if row not in bad], dtype=np.intp)
    return check(table, {name: np.asarray(values)[good] for name, values in columns.items()}), refused


def _checked(table: str, name: str, column: Column, values: Any) -> np.ndarray[Any, Any]:
    if column.kind == "number":
        return _numbers(table, name, column, values)
    if column.kind == "flag":
        return np.array([_flag(table, name, row, value) for row, value in enumerate(values, 1)], dtype=bool)
    return _texts(table, name, column, values)


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float | np.floating) and math.isnan(value))


def _numbers(table: str, name: str, column: Column, values: Any) -> np.ndarray[Any, Any]:
    out = np.empty(len(values), dtype=np.float64)
    for row, value in enumerate(values, 1):
        if _is_missing(value) and not column.required:
            out[row - 1] = math.nan
            continue
        out[row - 1] = _one_number(table, name, column, row, value)
    return out


def _one_number(table: str, name: str, column: Column, row: int, value: object) -> float:
    try:
        if isinstance(value, bool | np.bool_):
            raise ValueError
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"expected a number, got {value!r}", table=table, row=row, column=name) from None
    is_in = column.least <= number <= column.most and number > column.above
    if not math.isfinite(number) or not is_in or (column.whole and number != int(number)):
        raise InputError(f"expected {_range(column)}, got {number:g}", table=table, row=row, column=name)
    return number


def _range(column: Column) -> str:
    what = "a whole number" if column.whole else "a number"
    if column.above == 0.0:
        return "a positive number"
    return f"{what} from {column.least:g} to {column.most:g}"


def _texts(table: str, name: str, column: Column, values: Any) -> np.ndarray[Any, Any]:
    out = np.array(["" if _is_missing(value) else str(value) for value in values], dtype=object)
    seen: set[str] = set()
    for row, text in enumerate(out, 1):
        fault = _text_fault(column, text, seen)
        if fault:
            raise InputError(fault, table=table, row=row, column=name)
        seen.add(text)
    return out


def _text_fault(column: Column, text: str, seen: set[str]) -> str:
    if column.required and not text.strip():
        return "expected a text, got nothing"
    if column.choices and text not in column.choices:
        return f"'{text}' is none of: {', '.join(choice for choice in column.choices if choice)}"
    if "\0" in text:
        return "a text holds a NUL character"
    if column.unique and len(text) > LONGEST_ID:
        return f"an id has at most {LONGEST_ID} characters"
    return f"'{text}' stands twice; ids are unique" if column.unique and text in seen else ""


_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


def _flag(table: str, name: str, row: int, value: object) -> bool:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    text = "" if _is_missing(value) else str(value).strip().lower().removesuffix(".0")
    if text not in _FLAGS:
        raise InputError(f"expected true or false, got {value!r}", table=table, row=row, column=name)
    return _FLAGS[text]

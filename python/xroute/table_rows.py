"""One row of a shipments table as a shipment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xroute.errors import InputError
from xroute.shipment import Shipment


def shipment_of(row: Mapping[str, Any], at: int) -> Shipment:
    """The shipment in a row; `at` counts from 0. Raises `InputError` with table, row and column."""
    try:
        return Shipment(
            mass_kg=float(row["mass_kg"]),
            volume_m3=_number(row, "volume_m3"),
            value_eur=_number(row, "value_eur"),
            temperature=str(row.get("temperature") or "ambient"),
            dangerous_goods=_flag(row.get("dangerous_goods")),
            ready=moment_of(row.get("ready"), "ready"),
            due=moment_of(row.get("due"), "due"),
        )
    except InputError as error:
        raise InputError(error.message, table="shipments", row=at + 1, column=error.column) from error
    except (TypeError, ValueError) as error:
        raise InputError(
            f"expected a number, got {row['mass_kg']!r}", table="shipments", row=at + 1, column="mass_kg"
        ) from error


def _number(row: Mapping[str, Any], column: str) -> float:
    value = row.get(column, 0.0)
    missing = value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    return 0.0 if missing else float(value)


def _flag(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1", "1.0", "yes") if value is not None else False


def moment_of(value: Any, column: str) -> datetime | None:
    """The time in a cell, `None` where it is empty; raises `InputError` for what is no ISO text."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InputError(f"expected an ISO date and time, got {value!r}", column=column) from error

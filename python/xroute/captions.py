"""How a column is headed and how its numbers are shown: in the report, the workbook and on maps.

Names of columns carry their unit (`cost_eur`, `wtw_co2e_kg`), so headings and formats follow from the name.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

_WORDS = {
    "co2e": "CO2e", "wtw": "WTW", "wtt": "WTT", "ttw": "TTW", "eur": "EUR", "id": "id", "kpi": "KPI",
    "gwp": "GWP", "lcl": "LCL", "fcl": "FCL", "pct": "%", "m3": "m3", "teu": "TEU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What the end of a column's name says about its numbers."""

    ending: str
    label: str
    decimals: int
    factor: float = 1.0
    is_summed: bool = False


_UNITS = (  # the first ending that fits decides
    Unit("kg_co2e_per_order", "kg CO2e per order", 3),
    Unit("co2e_kg_per_order", "kg CO2e per order", 3),
    Unit("eur_per_order", "EUR per order", 2),
    Unit("cost_eur_per_load", "EUR per load", 0),
    Unit("eur_per_load", "EUR per load", 0),
    Unit("marginal_eur_per_t", "EUR per t CO2e saved", 0),
    Unit("eur_per_t", "EUR per t", 0),
    Unit("co2e_kg_per_t", "kg CO2e per t", 1),
    Unit("co2e_g_per_tkm", "g CO2e per t-km", 2),
    Unit("co2e_kg", "kg CO2e", 1, is_summed=True),
    Unit("kg_co2e", "kg CO2e", 1, is_summed=True),
    Unit("co2e_t", "t CO2e", 1, is_summed=True),
    Unit("t_co2e", "t CO2e", 1, is_summed=True),
    Unit("_eur", "EUR", 0, is_summed=True),
    Unit("mass_kg", "kg", 1, is_summed=True),
    Unit("mass_t", "t", 2, is_summed=True),
    Unit("_t", "t", 1, is_summed=True),
    Unit("_m3", "m3", 1, is_summed=True),
    Unit("_km", "km", 0),
    Unit("duration_h", "days", 1, 1.0 / 24.0),
    Unit("duration_low_h", "days", 1, 1.0 / 24.0),
    Unit("duration_high_h", "days", 1, 1.0 / 24.0),
    Unit("_h", "h", 1),
    Unit("days", "days", 1),
    Unit("_share", "%", 1, 100.0),
    Unit("utilisation", "%", 0, 100.0),
    Unit("_pct", "%", 1),
    Unit("orders", "", 0, is_summed=True),
    Unit("units", "", 0, is_summed=True),
    Unit("adjustment", "", 3),
    Unit("_s", "s", 1),
)
_GRADES = ("lat", "lon")
_FIXED_HEADINGS = {
    "kg_co2e_per_order": "kg CO2e per order",
    "eur_per_order": "EUR per order",
    "cost_eur_per_load": "EUR per load",
    "marginal_eur_per_t": "EUR per t CO2e saved",
    "is_open": "Open",
    "lat": "Latitude",
    "lon": "Longitude",
    "mode_chain": "Modes",
    "duration_low_h": "At best, days",
    "duration_high_h": "At worst, days",
    "wtw_co2e_kg_per_t": "kg CO2e per t (WTW)",
    "wtt_co2e_kg_per_t": "kg CO2e per t (WTT)",
    "ttw_co2e_kg_per_t": "kg CO2e per t (TTW)",
    "wtw_co2e_kg": "kg CO2e (WTW)",
    "wtt_co2e_kg": "kg CO2e (WTT)",
    "ttw_co2e_kg": "kg CO2e (TTW)",
    "days": "Days",
    "units": "Units",
    "orders": "Orders",
}


def unit_of(column: str) -> Unit | None:
    """The unit that a column's name ends in, or None.

    >>> unit_of("inbound_eur").label
    'EUR'
    """
    return next((unit for unit in _UNITS if column.endswith(unit.ending)), None)


def heading(column: str) -> str:
    """A column's name as a heading with its unit.

    >>> heading("storage_eur"), heading("duration_h"), heading("wtw_co2e_kg")
    ('Storage, EUR', 'Duration, days', 'kg CO2e (WTW)')
    """
    if column in _FIXED_HEADINGS:
        return _FIXED_HEADINGS[column]
    unit = unit_of(column)
    stem = column
    if unit is not None and unit.label:
        stem = column[: -len(unit.ending)].strip("_") if unit.label != "%" else column.removesuffix("_pct")
        if unit.ending.startswith(("duration", "mass")):
            stem = column.rsplit("_", 1)[0]
    words = [_WORDS.get(word, word) for word in re.split(r"[_\s]+", stem) if word]
    text = " ".join(words)
    text = text[:1].upper() + text[1:] if text and words[0] not in _WORDS.values() else text
    if unit is None or unit.label in ("", "%") or unit.label.lower() == text.lower():
        return text
    return f"{text}, {unit.label}" if text else unit.label


def shown(column: str, value: Any) -> str:
    """A value as text: thousands apart by commas, the decimals that its unit deserves, a dash for none.

    >>> shown("cost_eur", 1234567.8), shown("utilisation", 0.83), shown("days", float("nan"))
    ('1,234,568', '83 %', '–')
    """
    if value is None:
        return "–"
    if type(value).__name__ in ("bool", "bool_"):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    number = as_number(value)
    if number is None:
        return str(value)
    return _number(column, number)


def as_number(value: Any) -> float | None:
    """The value as a float (NaN allowed), or None if it is no number."""
    if isinstance(value, (str, bytes)) or type(value).__name__ in ("bool", "bool_"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _number(column: str, number: float) -> str:
    if math.isnan(number):
        return "–"
    if math.isinf(number):
        return "unlimited" if number > 0 else "none"
    unit = unit_of(column)
    if unit is None:
        return f"{number:,.0f}" if number == round(number) and column not in _GRADES else f"{number:,.3g}"
    value = number * unit.factor
    decimals = 2 if unit.label == "EUR" and abs(value) < 100 else unit.decimals
    text = f"{value:,.{decimals}f}"
    text = text.removeprefix("-") if float(text.replace(",", "")) == 0 else text
    return f"{text} %" if unit.label == "%" else text


def with_unit(key: str, value: Any) -> str:
    """A single figure with its unit behind it, for a card or a sentence.

    >>> with_unit("total_cost_eur", 1950000.0), with_unit("air_share", 0.125)
    ('1,950,000 EUR', '12.5 %')
    """
    text = shown(key, value)
    unit = unit_of(key)
    if unit is None or unit.label in ("", "%") or text == "–" or isinstance(value, str):
        return text
    return f"{text} {unit.label}"

"""Units by name: nothing in tons, miles, boxes or kilograms enters a calculation without saying so.

Every function takes a number and the name of its unit and gives the unit of the engine. There is no default
unit: a figure in miles cannot pass for kilometres.

>>> round(activity_tkm(50, "short_ton", 2672, "mile"), 1)
195052.3
>>> round(intensity_g_tkm(17.0, "g/ton-mile"), 2)
11.64
"""

from __future__ import annotations

from collections.abc import Mapping

from xroute.errors import InputError
from xroute.factors import not_negative

KG_IN: Mapping[str, float] = {
    "kg": 1.0,
    "g": 0.001,
    "t": 1000.0,
    "short_ton": 907.18474,
    "long_ton": 1016.0469088,
    "lb": 0.45359237,
}
KM_IN: Mapping[str, float] = {"km": 1.0, "m": 0.001, "mile": 1.609344, "nm": 1.852}
TONNES_PER_TEU: Mapping[str, float] = {"average": 10.0, "light": 6.0, "heavy": 14.5}
"""Usual cargo of a twenty-foot unit by kind of goods, tonnes."""
_GREENHOUSE_G = {"g": 1.0, "kg": 1000.0, "t": 1e6, "lb": 453.59237}
_ACTIVITY = {
    "tkm": ("t", "km"),
    "t-km": ("t", "km"),
    "kg-km": ("kg", "km"),
    "ton-mile": ("short_ton", "mile"),
    "long_ton-mile": ("long_ton", "mile"),
    "t-mile": ("t", "mile"),
    "t-nm": ("t", "nm"),
}
_BOX = {"TEU-km": (1.0, "km"), "FEU-km": (2.0, "km"), "TEU-mile": (1.0, "mile"), "TEU-nm": (1.0, "nm")}


_HUB_UNITS = {"t": 1.0, "short_ton": 0.90718474, "kg": 0.001}
_BOXES = {"TEU": 1.0, "FEU": 2.0}


def mass_kg(value: float, unit: str) -> float:
    """A mass in kilograms. Raises `InputError` for an unknown unit or a value that is no quantity.

    >>> mass_kg(50, "short_ton")
    45359.237
    """
    return not_negative(value, "mass") * _of(KG_IN, unit, "mass")


def distance_km(value: float, unit: str) -> float:
    """A distance in kilometres. Raises `InputError` for an unknown unit or a value that is no quantity.

    >>> round(distance_km(1, "nm"), 3)
    1.852
    """
    return not_negative(value, "distance") * _of(KM_IN, unit, "distance")


def activity_tkm(mass: float, mass_unit: str, distance: float, distance_unit: str) -> float:
    """Transport activity in tonne-kilometres.

    >>> activity_tkm(230, "kg", 700, "km")
    161.0
    """
    return mass_kg(mass, mass_unit) * distance_km(distance, distance_unit) / 1000.0


def intensity_g_tkm(value: float, unit: str, *, tonnes_per_teu: float | str | None = None) -> float:
    """An emission intensity in grams of CO2e per tonne-kilometre.

    `unit` is greenhouse gas over activity, such as "kg/tkm", "g/ton-mile" or "g/TEU-km". A figure for a box
    needs `tonnes_per_teu`: tonnes, or "average" (10), "light" (6) or "heavy" (14.5). Raises `InputError` for
    an unknown unit, a box without its load, a load without a box, or a value that is no quantity.

    >>> round(intensity_g_tkm(114.5, "g/TEU-km", tonnes_per_teu="average"), 2)
    11.45
    """
    gas, _, per = unit.partition("/")
    grams = not_negative(value, "intensity") * _of(_GREENHOUSE_G, gas, "intensity", whole=unit)
    if per in _BOX:
        boxes, length = _BOX[per]
        return grams / (boxes * KM_IN[length] * _load_t(tonnes_per_teu, per))
    if tonnes_per_teu is not None:
        raise InputError(f"'{unit}' is not for a box: it takes no tonnes_per_teu", column="tonnes_per_teu")
    tonne, length = _ACTIVITY[_known(per, _ACTIVITY, "intensity", unit, _BOX)]
    return grams * 1000.0 / (KG_IN[tonne] * KM_IN[length])


def hub_g_t(value: float, unit: str, *, tonnes_per_teu: float | str | None = None) -> float:
    """A hub's intensity in grams of CO2e per tonne that leaves it.

    `unit` is greenhouse gas over what leaves: "kg/t", "g/t", "kg/short_ton", or a box, "kg/TEU" and "kg/FEU",
    which needs `tonnes_per_teu` as in `intensity_g_tkm`. Raises `InputError` for an unknown unit, a box
    without its load, a load without a box, or a value that is no quantity.

    >>> hub_g_t(30, "kg/TEU", tonnes_per_teu=10)
    3000.0
    """
    gas, _, per = unit.partition("/")
    grams = not_negative(value, "intensity") * _of(_GREENHOUSE_G, gas, "intensity", whole=unit)
    if per in _BOXES:
        return grams / (_BOXES[per] * _load_t(tonnes_per_teu, per))
    if tonnes_per_teu is not None:
        raise InputError(f"'{unit}' is not for a box: it takes no tonnes_per_teu", column="tonnes_per_teu")
    return grams / _HUB_UNITS[_known(per, _HUB_UNITS, "intensity", unit, _BOXES)]


def activity_teu_km(teu: float, distance: float, distance_unit: str) -> float:
    """Transport activity in TEU-kilometres: never to be taken for tonne-kilometres.

    >>> activity_teu_km(10, 21_000, "km")
    210000.0
    """
    return not_negative(teu, "teu") * distance_km(distance, distance_unit)


def teu_load_t(load: float | str) -> float:
    """Tonnes in a TEU: a number above zero, or "average" (10), "light" (6), "heavy" (14.5).

    >>> teu_load_t("light")
    6.0
    """
    return _load_t(load, "TEU")


def _load_t(load: float | str | None, per: str) -> float:
    if load is None:
        raise InputError(f"a figure per {per} needs the tonnes in a TEU", column="tonnes_per_teu")
    tonnes = _of(TONNES_PER_TEU, load, "tonnes_per_teu") if isinstance(load, str) else load
    if not not_negative(tonnes, "tonnes_per_teu"):
        raise InputError("expected tonnes above zero", column="tonnes_per_teu")
    return float(tonnes)


def _of(table: Mapping[str, float], unit: str, column: str, *, whole: str = "") -> float:
    return table[_known(unit, table, column, whole or unit)]


def _known(
    unit: str, table: Mapping[str, object], column: str, whole: str, more: Mapping[str, object] | None = None
) -> str:
    if unit not in table:
        names = ", ".join([*table, *(more or {})])
        raise InputError(f"'{whole}': unknown unit '{unit}'; one of {names}", column=column)
    return unit

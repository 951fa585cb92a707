"""The smaller tables of a pack: fuels, grids, uplifts, and which class answers for another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from xroute import _core
from xroute.errors import InputError
from xroute.factor_energy import FuelFactor, GridFactor
from xroute.factor_lookup import MOST_STEPS, ParentRule, Uplift
from xroute.factor_rows import Row, by_id, made, maybe, number, optional_rows, provenance, signed, texts
from xroute.factors import one_of
from xroute.schema import TEMPERATURES

FEEDSTOCKS = ("fossil", "bio", "rfnbo")
FUEL_REQUIRED = (
    "factor_id", "fuel", "feedstock", "energy_carrier", "wtt_g_kg", "ttw_g_kg", "mj_kg", "co2_g_kg", "source"
)  # fmt: skip
GRID_REQUIRED = ("factor_id", "country", "generation_g_kwh", "loss", "source")
UPLIFT_REQUIRED = ("mode", "vehicle_class", "temperature", "multiplier", "source")
PARENT_REQUIRED = ("mode", "vehicle_class", "falls_back_to", "reason")
_MJ_BAND = (5.0, 150.0)
_MOST_FUEL_G_KG, _MOST_GRID_G_KWH = 30_000.0, 3_000.0


def read_fuels(path: Path, facts: Mapping[str, str]) -> dict[str, FuelFactor]:
    """Fuels by id; none where the pack has no such table. Raises `InputError` with table, row and column."""
    return by_id(made(_fuel, optional_rows(path, FUEL_REQUIRED), facts, "fuels"), "fuels")


def read_grids(path: Path, facts: Mapping[str, str]) -> dict[str, GridFactor]:
    """Grids by country; none where the pack has no such table. Raises `InputError` as `read_fuels`."""
    factors = made(_grid, optional_rows(path, GRID_REQUIRED), facts, "grids")
    by_id(factors, "grids")
    found: dict[str, GridFactor] = {}
    for at, factor in enumerate(factors, 1):
        if found.setdefault(factor.country, factor) is not factor:
            message = f"a second row for '{factor.country}'"
            raise InputError(message, table="grids", row=at, column="country")
    return found


def read_uplifts(path: Path, facts: Mapping[str, str]) -> tuple[Uplift, ...]:
    """Uplifts in the order of the table. Raises `InputError` as `read_fuels`."""
    return tuple(made(_uplift, optional_rows(path, UPLIFT_REQUIRED), facts, "uplifts"))


def read_parents(path: Path, facts: Mapping[str, str]) -> tuple[ParentRule, ...]:
    """Rules of one class for another, in the order of the table.

    Raises `InputError` as `read_fuels`, and for rules that lead in a circle.
    """
    rules = tuple(made(_parent, optional_rows(path, PARENT_REQUIRED), facts, "fallbacks"))
    for at, rule in enumerate(rules, 1):
        if _is_circle(rule, rules):
            message = f"'{rule.falls_back_to}' leads back to itself or further than {MOST_STEPS} steps"
            raise InputError(message, table="fallbacks", row=at, column="falls_back_to")
    return rules


def country_code(country: str) -> None:
    """Raises `InputError` unless the text is empty or two capital letters."""
    if country and not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise InputError(f"'{country}' is no country code of two letters", column="country")


def _is_circle(start: ParentRule, rules: tuple[ParentRule, ...]) -> bool:
    from fnmatch import fnmatchcase

    asked = start.falls_back_to
    for _ in range(MOST_STEPS):
        found = next(
            (
                each
                for each in rules
                if each.mode == start.mode
                and fnmatchcase(asked, each.vehicle_class)
                and each.falls_back_to != asked
            ),
            None,
        )
        if found is None:
            return False
        asked = found.falls_back_to
    return True


def _fuel(row: Row, facts: Mapping[str, str]) -> FuelFactor:
    one_of(row["feedstock"], FEEDSTOCKS, "feedstock")
    wtt, ttw, heat = signed(row, "wtt_g_kg"), number(row, "ttw_g_kg"), number(row, "mj_kg")
    if not (_MJ_BAND[0] <= heat <= _MJ_BAND[1]):
        raise InputError(f"{heat:g} MJ per kg is the heat of no fuel", column="mj_kg")
    if not math.isfinite(wtt) or wtt + ttw < -1e-9 or wtt + ttw > _MOST_FUEL_G_KG:
        message = f"{wtt:g} + {ttw:g} g per kg is outside 0 to {_MOST_FUEL_G_KG:g}: grams or kilograms?"
        raise InputError(message, column="wtt_g_kg")
    if wtt < 0.0 and row["feedstock"] == "fossil":
        raise InputError("the provision of a fossil fuel is not below zero", column="wtt_g_kg")
    return FuelFactor(
        **texts(row, ("factor_id", "fuel", "feedstock", "energy_carrier", "converter", "source", "section")),
        **provenance(row, facts),
        confidence=row.get("confidence") or "",
        wtt_g_kg=wtt,
        ttw_g_kg=ttw,
        mj_kg=heat,
        co2_g_kg=number(row, "co2_g_kg"),
        ch4_g_kg=number(row, "ch4_g_kg", "0"),
        n2o_g_kg=number(row, "n2o_g_kg", "0"),
        slip_percent=number(row, "slip_percent", "0"),
    )


def _grid(row: Row, facts: Mapping[str, str]) -> GridFactor:
    country = row["country"]
    country_code(country)
    generation, loss = number(row, "generation_g_kwh"), number(row, "loss")
    if generation > _MOST_GRID_G_KWH:
        raise InputError(f"{generation:g} g per kWh is above {_MOST_GRID_G_KWH:g}", column="generation_g_kwh")
    if loss >= 1.0:
        raise InputError(f"expected a share below 1, got {loss:g}", column="loss")
    return GridFactor(
        **texts(row, ("factor_id", "country", "name", "year", "scope", "source", "confidence")),
        **provenance(row, facts),
        generation_g_kwh=generation,
        loss=loss,
    )


def _uplift(row: Row, facts: Mapping[str, str]) -> Uplift:
    one_of(row["mode"], _core.MODES, "mode")
    one_of(row["temperature"], TEMPERATURES, "temperature")
    if row["temperature"] == "ambient":
        raise InputError("an uplift is for what is not ambient", column="temperature")
    multiplier = number(row, "multiplier")
    low, high = maybe(row, "low") or multiplier, maybe(row, "high") or multiplier
    if not (1.0 <= low <= multiplier <= high <= 10.0):
        message = f"expected 1 <= low <= multiplier <= high <= 10, got {low:g}, {multiplier:g}, {high:g}"
        raise InputError(message, column="multiplier")
    return Uplift(
        **texts(row, ("mode", "vehicle_class", "temperature", "arithmetic", "source", "confidence")),
        multiplier=multiplier,
        low=low,
        high=high,
        licence=row.get("licence") or facts["licence"],
        pack_id=facts["id"],
    )


def _parent(row: Row, facts: Mapping[str, str]) -> ParentRule:
    one_of(row["mode"], _core.MODES, "mode")
    for name in PARENT_REQUIRED[1:]:
        if not row[name].strip():
            raise InputError("expected a text, got nothing", column=name)
    return ParentRule(**texts(row, PARENT_REQUIRED), pack_id=facts["id"])

"""Factor packs on disk: folders read and checked whole before any figure is used."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from xroute import _core
from xroute.errors import FactorError, InputError
from xroute.factor_rows import (
    Row,
    by_id,
    judged,
    made,
    maybe,
    number,
    optional_rows,
    plain_file,
    provenance,
    rows_of,
    texts,
)
from xroute.factor_tables import country_code, read_fuels, read_grids, read_parents, read_uplifts
from xroute.factors import (
    PACK_FOLDERS,
    SCOPES,
    Factor,
    FactorPack,
    HubFactor,
    available_packs,
    is_gwp_set,
    load_pack,
    user_packs,
)
from xroute.schema import TEMPERATURES

_FACTS = ("id", "publisher", "version", "vintage", "licence", "gwp_set")
_OPTIONAL_FACTS = {
    "scope": "wtw",
    "attribution": "",
    "redistribution": "not stated",
    "fallback": "",
    "note": "",
}
_FACTOR_TEXTS = (
    "factor_id",
    "mode",
    "vehicle_class",
    "distance_basis",
    "energy_carrier",
    "temperature",
    "load_basis",
    "source",
    "section",
    "category",
    "confidence",
)
_HUB_TEXTS = (
    "factor_id",
    "process",
    "country",
    "source",
    "section",
    "category",
    "confidence",
)
INTENSITY_REQUIRED = (
    "factor_id",
    "mode",
    "wtt_g_tkm",
    "ttw_g_tkm",
    "distance_basis",
    "category",
    "source",
)
HUB_REQUIRED = ("factor_id", "process", "wtt_g_t", "ttw_g_t", "category", "source")
FOSSIL_CARRIERS = ("diesel", "petrol", "hfo", "mgo", "lpg", "jet fuel", "kerosene", "marine fuel mix")
_LEAST_WTT_SHARE, _LEAST_TTW_SHARE = 0.02, 0.2
"""Providing a fossil fuel takes 10 to 30 % of burning it; less than these shares is another unit."""
LARGEST_TOML_BYTES = 1_000_000
CLASS_REQUIRED = ("mode", "vehicle_class", "factor_id")


def read_pack(folder: Path, asking: tuple[str, ...] = ()) -> FactorPack:
    """The pack in a folder, with the packs it falls back to; `asking` are those that fall back to it.

    Raises `InputError` naming table, row and column for anything that is broken, and `FactorError` for a
    fallback that is not there.
    """
    facts = _facts(folder / "pack.toml")
    factors = _intensities(folder / "intensities.csv", facts)
    following = _fallbacks(facts["fallback"], (*asking, facts["id"]))
    return FactorPack(
        **facts,
        factors=factors,
        classes=_classes(folder / "classes.csv", factors),
        hubs=_hubs(folder / "hubs.csv", facts),
        fuels=read_fuels(folder / "fuels.csv", facts),
        grids=read_grids(folder / "grids.csv", facts),
        uplifts=read_uplifts(folder / "uplifts.csv", facts),
        parents=read_parents(folder / "fallbacks.csv", facts),
        fallbacks=following,
    )


def _fallbacks(name: str, asking: tuple[str, ...]) -> tuple[FactorPack, ...]:
    if not name:
        return ()
    if name in asking:
        way = " to ".join((*asking, name))
        raise InputError(f"the fallbacks lead in a circle: {way}", table="pack.toml", column="fallback")
    pack = load_pack(name) if name in available_packs() else read_pack(_own(name), asking)
    return (pack, *pack.fallbacks)


def _own(name: str) -> Path:
    own = user_packs()
    if name not in own:
        message = f"no factor pack '{name}' to fall back to: neither shipped nor in {PACK_FOLDERS}"
        raise FactorError(message, (*available_packs(), *own))
    return own[name]


def _facts(path: Path) -> dict[str, str]:
    import tomllib

    try:
        plain_file(path, LARGEST_TOML_BYTES, "pack.toml")
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except InputError:
        raise
    except (ValueError, RecursionError, OSError) as error:
        raise InputError(f"cannot be read: {error}", table="pack.toml") from None
    facts = {name: read.get(name, "") for name in _FACTS} | {
        name: read.get(name, default) for name, default in _OPTIONAL_FACTS.items()
    }
    for name, value in facts.items():
        if not isinstance(value, str) or (name in _FACTS and not value.strip()):
            raise InputError(f"expected a text, got {repr(value)[:60]}", table="pack.toml", column=name)
    if unknown := sorted(set(read) - set(facts)):
        known = ", ".join(facts)
        raise InputError(f"unknown key; known: {known}", table="pack.toml", column=unknown[0])
    if not is_gwp_set(facts["gwp_set"]):
        message = f"'{facts['gwp_set']}' names no GWP set such as AR5 or AR6"
        raise InputError(message, table="pack.toml", column="gwp_set")
    if not re.search("(19|20)[0-9]{2}", facts["vintage"]):
        message = f"expected a year such as 2025, got '{facts['vintage']}'"
        raise InputError(message, table="pack.toml", column="vintage")
    if facts["scope"] not in SCOPES:
        message = f"'{facts['scope']}' is none of: {', '.join(SCOPES)}"
        raise InputError(message, table="pack.toml", column="scope")
    return facts


def _intensities(path: Path, facts: Mapping[str, str]) -> dict[str, Factor]:
    factors = made(_factor, rows_of(path, INTENSITY_REQUIRED), facts, "intensities")
    bases = [factor.distance_basis for factor in factors]
    one = np.ones(len(factors))
    wtt = np.array([0.0 if facts["scope"] == "ttw" else factor.wtt_g_tkm for factor in factors])
    ttw = np.array([factor.ttw_g_tkm for factor in factors])
    with judged("intensities"):
        _core.emissions(one, one, bases, bases, [factor.mode for factor in factors], wtt, ttw)
    return by_id(factors, "intensities")


def _factor(row: Row, facts: Mapping[str, str]) -> Factor:
    named: dict[str, Any] = texts(row, _FACTOR_TEXTS)
    named["temperature"] = named["temperature"] or "ambient"
    if facts["scope"] == "ttw" and row["wtt_g_tkm"]:
        raise InputError("a pack of scope 'ttw' has no WTT", column="wtt_g_tkm")
    named |= provenance(row, facts)
    factor = Factor(
        **named,
        wtt_g_tkm=math.nan if facts["scope"] == "ttw" else number(row, "wtt_g_tkm"),
        ttw_g_tkm=number(row, "ttw_g_tkm"),
        wtw_low_g_tkm=maybe(row, "wtw_low_g_tkm"),
        wtw_high_g_tkm=maybe(row, "wtw_high_g_tkm"),
        radiative_forcing_g_tkm=number(row, "radiative_forcing_g_tkm", "0"),
    )
    _energy_parts(factor)
    _in_range(factor.wtw_low_g_tkm, factor.wtw_g_tkm, factor.wtw_high_g_tkm, "wtw_low_g_tkm")
    return factor


def _energy_parts(factor: Factor) -> None:
    """Raises `InputError` where provision (WTT) and operation (TTW) do not fit the energy carrier."""
    wtt, ttw, carrier = factor.wtt_g_tkm, factor.ttw_g_tkm, factor.energy_carrier.lower()
    if carrier == "electricity" and ttw:
        raise InputError("electricity is provision (WTT): its TTW is 0", column="ttw_g_tkm")
    if carrier == "electricity" and not wtt and factor.category == "default":
        raise InputError("electricity without provision (WTT) would emit nothing", column="wtt_g_tkm")
    if carrier in FOSSIL_CARRIERS and wtt < ttw * _LEAST_WTT_SHARE:
        message = f"{wtt:g} g of provision (WTT) for {ttw:g} g of operation: missing, or in kilograms?"
        raise InputError(message, column="wtt_g_tkm")
    if carrier in FOSSIL_CARRIERS and ttw < wtt * _LEAST_TTW_SHARE:
        message = f"{ttw:g} g of operation (TTW) for {wtt:g} g of provision: grams or kilograms?"
        raise InputError(message, column="ttw_g_tkm")


def _in_range(low: float | None, central: float, high: float | None, column: str) -> None:
    """Raises `InputError` unless low <= central <= high, as far as they are known."""
    slack = 1e-9 * abs(central)
    if (low is not None and low > central + slack) or (high is not None and high < central - slack):
        raise InputError(f"expected low <= {central:g} <= high, got {low} and {high}", column=column)


def _hubs(path: Path, facts: Mapping[str, str]) -> dict[tuple[str, str], HubFactor]:
    factors = made(_hub, optional_rows(path, HUB_REQUIRED), facts, "hubs")
    wtt = np.array([factor.wtt_g_t for factor in factors])
    ttw = np.array([factor.ttw_g_t for factor in factors])
    with judged("hubs"):
        _core.hub_emissions(np.ones(len(factors)), wtt, ttw)
    by_id(factors, "hubs")
    by_place: dict[tuple[str, str], HubFactor] = {}
    for at, factor in enumerate(factors, 1):
        if by_place.setdefault((factor.process, factor.country), factor) is not factor:
            raise InputError(
                f"a second row for '{factor.process}'",
                table="hubs",
                row=at,
                column="process",
            )
    return by_place


def _hub(row: Row, facts: Mapping[str, str]) -> HubFactor:
    factor = HubFactor(
        **texts(row, _HUB_TEXTS),
        **provenance(row, facts),
        wtt_g_t=number(row, "wtt_g_t"),
        ttw_g_t=number(row, "ttw_g_t"),
        wtw_low_g_t=maybe(row, "wtw_low_g_t"),
        wtw_high_g_t=maybe(row, "wtw_high_g_t"),
    )
    if not factor.process.strip():
        raise InputError("expected a process, got nothing", column="process")
    country_code(factor.country)
    _in_range(factor.wtw_low_g_t, factor.wtw_g_t, factor.wtw_high_g_t, "wtw_low_g_t")
    return factor


def _fits_class(factor: Factor, mode: str, temperature: str, at: int) -> None:
    """Raises `InputError` for a figure of another mode or temperature; a vessel may be of any water."""
    if factor.mode != mode and not {factor.mode, mode} <= {"sea", "ferry", "inland_waterway"}:
        message = f"'{factor.factor_id}' is a figure for {factor.mode}, not {mode}"
        raise InputError(message, table="classes", row=at, column="factor_id")
    if factor.temperature != temperature:
        message = f"'{factor.factor_id}' is an {factor.temperature} figure, not a {temperature} one"
        raise InputError(message, table="classes", row=at, column="temperature")


def _classes(path: Path, factors: Mapping[str, Factor]) -> dict[tuple[str, str, str], str]:
    classes: dict[tuple[str, str, str], str] = {}
    for at, row in enumerate(rows_of(path, CLASS_REQUIRED), 1):
        key = (row["mode"], row["vehicle_class"], row.get("temperature") or "ambient")
        if key[0] not in _core.MODES:
            raise InputError(f"no mode '{key[0]}'", table="classes", row=at, column="mode")
        if key[2] not in TEMPERATURES:
            raise InputError(
                f"no temperature '{key[2]}'",
                table="classes",
                row=at,
                column="temperature",
            )
        if row["factor_id"] not in factors:
            message = f"no factor '{row['factor_id']}' in intensities"
            raise InputError(message, table="classes", row=at, column="factor_id")
        if key in classes:
            message = f"a second row for {key[0]} '{key[1]}'"
            raise InputError(message, table="classes", row=at, column="vehicle_class")
        _fits_class(factors[row["factor_id"]], key[0], key[2], at)
        classes[key] = row["factor_id"]
    return classes

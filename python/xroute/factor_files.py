"""Factor packs on disk: folders read and checked whole before any figure is used."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from xroute import _core
from xroute.errors import InputError
from xroute.factors import (
    SCOPES,
    Factor,
    FactorPack,
    HubFactor,
    load_pack,
    not_negative,
    one_of,
)
from xroute.schema import TEMPERATURES

_FACTS = ("id", "publisher", "version", "vintage", "licence", "gwp_set")
_OPTIONAL_FACTS = {
    "scope": "wtw",
    "attribution": "",
    "redistribution": "",
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
_INTENSITY_REQUIRED = (
    "factor_id",
    "mode",
    "wtt_g_tkm",
    "ttw_g_tkm",
    "distance_basis",
    "category",
    "source",
)
_HUB_REQUIRED = ("factor_id", "process", "wtt_g_t", "ttw_g_t", "category", "source")
_CLASS_REQUIRED = ("mode", "vehicle_class", "factor_id")

Row = dict[str, str]
Made = TypeVar("Made", Factor, HubFactor)


def read_pack(folder: Path) -> FactorPack:
    """The pack in a folder, with the packs it falls back to.

    Raises `InputError` naming table, row and column for anything that is broken, and `FactorError` for a
    fallback that is not shipped.
    """
    facts = _facts(folder / "pack.toml")
    if facts["fallback"] == facts["id"]:
        raise InputError("a pack cannot fall back to itself", table="pack.toml", column="fallback")
    factors = _intensities(folder / "intensities.csv", facts)
    following = _fallbacks(facts["fallback"])
    return FactorPack(
        **facts,
        factors=factors,
        classes=_classes(folder / "classes.csv", factors),
        hubs=_hubs(folder / "hubs.csv", facts),
        fallbacks=following,
    )


def _fallbacks(name: str) -> tuple[FactorPack, ...]:
    if not name:
        return ()
    pack = load_pack(name)
    return (pack, *pack.fallbacks)


def _facts(path: Path) -> dict[str, str]:
    import tomllib

    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"cannot be read: {error}", table=str(path)) from None
    facts = {name: read.get(name, "") for name in _FACTS} | {
        name: read.get(name, default) for name, default in _OPTIONAL_FACTS.items()
    }
    for name, value in facts.items():
        if not isinstance(value, str) or (name in _FACTS and not value.strip()):
            raise InputError(f"expected a text, got {value!r}", table="pack.toml", column=name)
    one_of(facts["scope"], SCOPES, "scope")
    return facts


def _intensities(path: Path, facts: Mapping[str, str]) -> dict[str, Factor]:
    factors = _made(_factor, _rows(path, _INTENSITY_REQUIRED), facts, "intensities")
    bases = [factor.distance_basis for factor in factors]
    one = np.ones(len(factors))
    wtt = np.array([0.0 if facts["scope"] == "ttw" else factor.wtt_g_tkm for factor in factors])
    ttw = np.array([factor.ttw_g_tkm for factor in factors])
    with _judged("intensities"):
        _core.emissions(one, one, bases, bases, [factor.mode for factor in factors], wtt, ttw)
    return _by_id(factors, "intensities")


def _factor(row: Row, facts: Mapping[str, str]) -> Factor:
    texts: dict[str, Any] = {name: row.get(name, "") for name in _FACTOR_TEXTS}
    texts["temperature"] = texts["temperature"] or "ambient"
    if facts["scope"] == "ttw" and row["wtt_g_tkm"]:
        raise InputError("a pack of scope 'ttw' has no WTT", column="wtt_g_tkm")
    return Factor(
        **texts,
        wtt_g_tkm=math.nan if facts["scope"] == "ttw" else _number(row, "wtt_g_tkm"),
        ttw_g_tkm=_number(row, "ttw_g_tkm"),
        radiative_forcing_g_tkm=_number(row, "radiative_forcing_g_tkm", "0"),
        licence=row.get("licence") or facts["licence"],
        gwp_set=row.get("gwp_set") or facts["gwp_set"],
        pack_id=facts["id"],
        pack_version=facts["version"],
    )


def _hubs(path: Path, facts: Mapping[str, str]) -> dict[tuple[str, str], HubFactor]:
    if not path.is_file():
        return {}
    factors = _made(_hub, _rows(path, _HUB_REQUIRED), facts, "hubs")
    wtt = np.array([factor.wtt_g_t for factor in factors])
    ttw = np.array([factor.ttw_g_t for factor in factors])
    with _judged("hubs"):
        _core.hub_emissions(np.ones(len(factors)), wtt, ttw)
    _by_id(factors, "hubs")
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
    texts: dict[str, Any] = {name: row.get(name, "") for name in _HUB_TEXTS}
    return HubFactor(
        **texts,
        wtt_g_t=_number(row, "wtt_g_t"),
        ttw_g_t=_number(row, "ttw_g_t"),
        licence=row.get("licence") or facts["licence"],
        gwp_set=row.get("gwp_set") or facts["gwp_set"],
        pack_id=facts["id"],
        pack_version=facts["version"],
    )


def _classes(path: Path, factors: Mapping[str, Factor]) -> dict[tuple[str, str, str], str]:
    classes: dict[tuple[str, str, str], str] = {}
    for at, row in enumerate(_rows(path, _CLASS_REQUIRED), 1):
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
        classes[key] = row["factor_id"]
    return classes


def _rows(path: Path, required: Sequence[str]) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows, columns = list(reader), list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", table=path.stem) from None
    for name in required:
        if columns.count(name) != 1:
            found = "missing" if name not in columns else "there twice"
            raise InputError(f"the column is {found}", table=path.stem, column=name)
    for at, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise InputError(f"expected {len(columns)} cells", table=path.stem, row=at)
    return rows


def _number(row: Row, column: str, default: str = "") -> float:
    text = row.get(column) or default
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"expected a number, got {text!r}", column=column) from None
    return not_negative(value, column)


def _made(
    make: Callable[[Row, Mapping[str, str]], Made],
    rows: Sequence[Row],
    facts: Mapping[str, str],
    table: str,
) -> list[Made]:
    """What `make` makes of each row; an `InputError` learns its table and row."""
    made = []
    for at, row in enumerate(rows, 1):
        try:
            made.append(make(row, facts))
        except InputError as error:
            raise InputError(error.message, table=table, row=at, column=error.column) from None
    return made


@contextmanager
def _judged(table: str) -> Iterator[None]:
    """The core's verdict on all rows at once, told as one on this table."""
    try:
        yield
    except InputError as error:
        raise InputError(error.message, table=table, row=error.row, column=error.column) from None


def _by_id(factors: Sequence[Made], table: str) -> dict[str, Made]:
    by_id: dict[str, Made] = {}
    for at, factor in enumerate(factors, 1):
        if not factor.factor_id or factor.factor_id in by_id:
            message = f"expected an id of its own, got '{factor.factor_id}'"
            raise InputError(message, table=table, row=at, column="factor_id")
        by_id[factor.factor_id] = factor
    return by_id

"""Rate cards: which rate a class of vehicle or a service is charged by, and how a card is read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from xroute.errors import InputError
from xroute.rates import FULL_UNITS, KG_PER_M3, UNITS, Rate
from xroute.schema import require
from xroute.storage import package_data
from xroute.tables import read_table

_PRICES = ("fixed", "per_km", "per_unit", "per_unit_km")
_TEXTS = (
    "rate_id",
    "mode",
    "unit",
    "currency",
    "load",
    "breaks",
    "vehicle_class",
    "valid_from",
    "valid_to",
    "source",
    "confidence",
)
_NUMBERS = (*_PRICES, "minimum", "minimum_quantity")


@dataclass(frozen=True, slots=True, eq=False)
class RateCard:
    """Rates in the order of their rows, and the card that fills its gaps."""

    rates: tuple[Rate, ...]
    fallback: RateCard | None = None

    def named(self, rate_id: str, *, load: str, on: date | None) -> Rate:
        """The rate that a service names; one for the other load where none is for this.

        Raises `InputError` if no card has it, or none is valid on the date.
        """
        rows = [rate for rate in self.rates if rate.rate_id == rate_id]
        if not rows and self.fallback is not None:
            return self.fallback.named(rate_id, load=load, on=on)
        valid = [rate for rate in rows if rate.is_valid(on)]
        if valid:
            return _best([rate for rate in valid if rate.is_for(load)] or valid)
        problem = f"no row that is valid on {on}" if rows else "no row in the rate card"
        raise InputError(
            f"services name rate '{rate_id}', which has {problem}", table="rates", column="rate_id"
        )

    def for_class(
        self, mode: str, vehicle_class: str, *, load: str, on: date | None, of_services: Sequence[str] = ()
    ) -> Rate:
        """The rate of links, and of services without a rate, of one class.

        Rows of the user's that services name (`of_services`) are theirs alone. Raises `InputError` where no
        row fits, or where it has a minimum, which a sum along links cannot keep.
        """
        fitting = [
            rate
            for rate in self.rates
            if rate.mode == mode
            and rate.vehicle_class in ("", vehicle_class)
            and (rate.is_indicative or rate.rate_id not in of_services)
            and rate.is_for(load)
            and rate.is_valid(on)
        ]
        if not fitting:
            if self.fallback is not None:
                return self.fallback.for_class(mode, vehicle_class, load=load, on=on, of_services=of_services)
            raise InputError(f"no {load} rate for {mode} '{vehicle_class}'", table="rates", column="mode")
        best = _best(fitting)
        if best.minimum > 0:
            message = f"rate '{best.rate_id}' is for links: give minimum_quantity, a minimum is for services"
            raise InputError(message, table="rates", row=best.row, column="minimum")
        return best


def _best(rates: Sequence[Rate]) -> Rate:
    """The most specific of the rates that fit: by class, by load, then the newest."""

    def rank(rate: Rate) -> tuple[bool, bool, str]:
        return bool(rate.vehicle_class), bool(rate.load), rate.valid_from

    best = max(rates, key=rank)
    rivals = [rate for rate in rates if rank(rate) == rank(best) and rate is not best]
    if rivals:
        message = f"rates '{best.rate_id}' and '{rivals[0].rate_id}' both fit: set load, class or dates apart"
        raise InputError(message, table="rates", row=rivals[0].row, column="rate_id")
    return best


@cache
def shipped() -> RateCard:
    """The indicative card of the package, in EUR."""
    rates = _rates(read_table(package_data("curated", "rates.csv"), table="rates"))
    return RateCard(tuple(replace(rate, is_indicative=True) for rate in rates))


def card(source: Any) -> RateCard:
    """The card to price with: the shipped one for `None`, else the user's with the shipped one behind it.

    Raises `InputError` with row and column for values out of range, unknown units, dates or breaks.
    """
    if source is None:
        return shipped()
    if isinstance(source, RateCard):
        return source
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise InputError(f"no rate card at '{path}'", table="rates")
        stat = path.stat()
        return _card_file(path, stat.st_mtime_ns, stat.st_size)
    return RateCard(_rates(read_table(source, table="rates")), shipped())


@lru_cache(maxsize=16)
def _card_file(path: Path, changed_ns: int, size: int) -> RateCard:
    """A card read once as long as its file keeps time and size."""
    return RateCard(_rates(read_table(path, table="rates")), shipped())


def _rates(columns: Mapping[str, Any]) -> tuple[Rate, ...]:
    require("rates", columns)
    names = list(columns)
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    rates = tuple(_rate(dict(zip(names, row, strict=True)), number) for number, row in enumerate(rows, 1))
    seen: dict[tuple[str, ...], int] = {}
    for rate in rates:
        key = (rate.rate_id, rate.vehicle_class, rate.load, rate.valid_from)
        if key in seen:
            message = f"'{rate.rate_id}' stands in row {seen[key]} with the same class, load and start"
            raise InputError(message, table="rates", row=rate.row, column="rate_id")
        seen[key] = rate.row
    return rates


def _rate(cells: dict[str, Any], row: int) -> Rate:
    """One checked row; a missing cell charges nothing, a row without any price is refused."""
    text = dict.fromkeys(_TEXTS, "") | {column: _text(value) for column, value in cells.items()}
    _check_row(text, row)
    unit = _unit(text["unit"], row)
    numbers = {name: _number(cells.get(name), row, name) for name in _NUMBERS}
    return Rate(
        rate_id=text["rate_id"],
        mode=text["mode"],
        unit=unit,
        currency=_currency(text["currency"], row),
        kg_per_m3=_number(cells.get("kg_per_m3"), row, "kg_per_m3") or KG_PER_M3[text["mode"]],
        breaks=_breaks(text["breaks"], row),
        vehicle_class=text["vehicle_class"],
        load=text["load"].upper() or ("FCL" if unit in FULL_UNITS else ""),
        valid_from=_day(text["valid_from"], row, "valid_from"),
        valid_to=_day(text["valid_to"], row, "valid_to"),
        source=text["source"],
        confidence=text["confidence"],
        row=row,
        fixed=numbers["fixed"],
        per_km=numbers["per_km"],
        per_unit=numbers["per_unit"],
        per_unit_km=numbers["per_unit_km"],
        minimum=numbers["minimum"],
        minimum_quantity=numbers["minimum_quantity"],
    )


def _check_row(text: Mapping[str, str], row: int) -> None:
    if not text["rate_id"]:
        _refuse("expected a text, got nothing", row, "rate_id")
    if text["mode"] not in KG_PER_M3:
        _refuse(f"'{text['mode']}' is none of: {', '.join(KG_PER_M3)}", row, "mode")
    if text["load"].upper() not in ("", "LCL", "FCL"):
        _refuse(f"'{text['load']}' is none of: LCL, FCL", row, "load")
    if not any(text.get(name) for name in (*_PRICES, "breaks")):
        _refuse(f"expected a price in one of: {', '.join(_PRICES)}, breaks", row, "per_unit")


def _text(value: Any) -> str:
    is_missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if is_missing else str(value).strip()


def _refuse(message: str, row: int, column: str) -> None:
    raise InputError(message, table="rates", row=row, column=column)


def _number(value: Any, row: int, column: str) -> float:
    if not _text(value):
        return 0.0
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        _refuse(f"expected a number of at least 0, got {value!r}", row, column)
    return number


def _unit(name: str, row: int) -> str:
    known = {unit.lower(): unit for unit in UNITS}
    unit = known.get(name.lower().replace(" ", "_").replace("/", "_"))
    if unit is None:
        raise InputError(f"'{name}' is none of: {', '.join(UNITS)}", table="rates", row=row, column="unit")
    return unit


def _currency(name: str, row: int) -> str:
    if not (len(name) == 3 and name.isascii() and name.isalpha()):
        _refuse(f"expected a currency code of three letters, got '{name}'", row, "currency")
    return name.upper()


def _day(text: str, row: int, column: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise InputError(
            f"expected a date as 2026-01-31, got '{text}'", table="rates", row=row, column=column
        ) from None


def _breaks(text: str, row: int) -> tuple[tuple[float, float], ...]:
    """Steps from text such as `100:3.9;300:3.4`: from quantity, price a unit."""
    steps = []
    for step in filter(None, (part.strip() for part in text.split(";"))):
        quantity, colon, price = step.partition(":")
        if not colon or not price.strip():
            _refuse(f"expected breaks as 100:3.9;300:3.4, got '{step}'", row, "breaks")
        steps.append((_number(quantity, row, "breaks"), _number(price, row, "breaks")))
    quantities = [quantity for quantity, _ in steps]
    if quantities != sorted(set(quantities)) or 0.0 in quantities:
        _refuse(f"expected rising quantities above 0, got '{text}'", row, "breaks")
    return tuple(steps)

"""Carbon rules of the law by date: shares, targets, indicative prices, each with source and review date."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol, TypeVar

from xroute.errors import StaleRuleWarning
from xroute.storage import package_data
from xroute.tables import read_table

LATE_DAYS = 365
EU, UK, NONE = "eu_ets", "uk_ets", "none"
REFERENCE_DAY = date(2026, 7, 1)
"""The day whose rules answer where no date is given: the newest that the tables were written for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsRule:
    """A maritime emissions trading rule: shares of a voyage in scope, share surrendered, gases counted.

    `within_share` is for voyages between two ports of the scheme, `third_share` to and from others.
    """

    rule_id: str
    scheme: str
    valid_from: date
    valid_to: date | None
    within_share: float
    third_share: float
    surrender_share: float
    gases: str
    source: str
    review_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Another share in scope for voyages between a place and the other places of a country."""

    rule_id: str
    scheme: str
    place: str
    other: str
    share: float
    valid_from: date
    valid_to: date | None
    source: str
    review_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelTarget:
    """The greenhouse gas intensity that FuelEU allows, and what the law charges above it."""

    rule_id: str
    valid_from: date
    valid_to: date | None
    reduction: float
    reference_g_mj: float
    within_share: float
    third_share: float
    penalty_eur_t_fuel: float
    fuel_mj_t: float
    source: str
    review_by: date

    @property
    def target_g_mj(self) -> float:
        """Grams of CO2e per megajoule, well to wake."""
        return self.reference_g_mj * (1.0 - self.reduction)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowancePrice:
    """An indicative price of one allowance; the user's own replaces it."""

    price_id: str
    scheme: str
    valid_from: date
    valid_to: date | None
    eur_t: float
    source: str
    review_by: date


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


Rule = TypeVar("Rule", bound=_Dated)


def in_force(rules: Iterable[Rule], on: date) -> list[Rule]:
    """The rules that are valid on a day."""
    return [
        rule for rule in rules if rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)
    ]


def warn_if_stale(
    rule: EtsRule | Exemption | FuelTarget | AllowancePrice, name: str, on: date, told: set[str]
) -> None:
    """Warns of a rule used after the day by which it was to be reviewed, once for each name in `told`.

    A rule that is more than a year late is said to be overdue, and not to be relied on.
    """
    if on <= rule.review_by or name in told:
        return
    told.add(name)
    late = (on - rule.review_by).days
    tail = "OVERDUE, do not rely on it before you have looked it up" if late > LATE_DAYS else "check it"
    message = f"{name} was to be reviewed by {rule.review_by}, {late} days before {on}: {tail}"
    warnings.warn(message, StaleRuleWarning, stacklevel=5)


@cache
def ets_rules() -> tuple[EtsRule, ...]:
    """The shipped rules, data/curated/policy_ets.csv."""
    return tuple(
        EtsRule(
            **_texts(row, ("rule_id", "scheme", "gases", "source")),
            **_numbers(row, ("within_share", "third_share", "surrender_share")),
            **_days(row),
        )
        for row in _rows("policy_ets")
    )


@cache
def exemptions() -> tuple[Exemption, ...]:
    """The shipped exemptions, data/curated/policy_exemptions.csv."""
    return tuple(
        Exemption(
            **_texts(row, ("rule_id", "scheme", "place", "other", "source")),
            **_numbers(row, ("share",)),
            **_days(row),
        )
        for row in _rows("policy_exemptions")
    )


@cache
def fuel_targets() -> tuple[FuelTarget, ...]:
    """The shipped targets, data/curated/policy_fueleu.csv."""
    names = (
        "reduction", "reference_g_mj", "within_share", "third_share", "penalty_eur_t_fuel", "fuel_mj_t"
    )  # fmt: skip
    return tuple(
        FuelTarget(**_texts(row, ("rule_id", "source")), **_numbers(row, names), **_days(row))
        for row in _rows("policy_fueleu")
    )


@cache
def prices() -> tuple[AllowancePrice, ...]:
    """The shipped indicative prices, data/curated/policy_prices.csv."""
    return tuple(
        AllowancePrice(
            **_texts(row, ("price_id", "scheme", "source")), **_numbers(row, ("eur_t",)), **_days(row)
        )
        for row in _rows("policy_prices")
    )


@cache
def schemes() -> dict[str, str]:
    """The scheme of a port or of a country, data/curated/carbon_schemes.csv."""
    return {str(row["place"]): str(row["carbon_scheme"]) for row in _rows("carbon_schemes")}


@cache
def transhipment_ports() -> frozenset[str]:
    """Ports near the EU at which a container ship's stop does not end its voyage."""
    return frozenset(
        str(row["place"])
        for row in _rows("carbon_schemes")
        if str(row["eu_transhipment_port"]).lower() == "true"
    )


def scheme_of(hub_id: str, country: str, stated: str = "") -> str:
    """The scheme of a port: as the network states it, else by its id, else by its country, else none.

    >>> scheme_of("DEHAM", "DE"), scheme_of("CNYTN", "CN"), scheme_of("EGPSD", "EG")
    ('eu_ets', 'none', 'none')
    """
    known = schemes()
    return stated or known.get(hub_id) or known.get(country) or NONE


def _rows(name: str) -> list[dict[str, Any]]:
    columns = read_table(package_data("curated", f"{name}.csv"), table=name)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _texts(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: str(row[name]) for name in names}


def _numbers(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: float(row[name]) for name in names}


def _days(row: dict[str, Any]) -> dict[str, Any]:
    last = str(row["valid_to"])
    return {
        "valid_from": date.fromisoformat(str(row["valid_from"])),
        "valid_to": date.fromisoformat(last) if last not in ("", "nan") else None,
        "review_by": date.fromisoformat(str(row["review_by"])),
    }

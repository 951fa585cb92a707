"""Customs clearance between two countries: hours and fees, nothing inside one customs territory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from xroute.storage import package_data
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceLine:
    """One clearance, of export or of import: likely, low and high hours and the declaration fee in EUR."""

    what: str
    country: str
    hours: float
    low_h: float
    high_h: float
    amount_eur: float
    source: str
    confidence: str
    is_indicative: bool = True


@dataclass(frozen=True, slots=True)
class Clearance:
    """The clearances of one trip, export before import; totals are the sums of its lines.

    >>> Clearance(()).hours
    0.0
    """

    lines: tuple[ClearanceLine, ...]

    @property
    def export_h(self) -> float:
        """Likely hours of export clearance."""
        return sum((line.hours for line in self.lines if line.what == "export clearance"), 0.0)

    @property
    def import_h(self) -> float:
        """Likely hours of import clearance."""
        return sum((line.hours for line in self.lines if line.what == "import clearance"), 0.0)

    @property
    def hours(self) -> float:
        """Likely hours of both."""
        return self.export_h + self.import_h

    @property
    def low_h(self) -> float:
        """Hours when all goes well."""
        return sum((line.low_h for line in self.lines), 0.0)

    @property
    def high_h(self) -> float:
        """Hours when much goes wrong, still without an inspection."""
        return sum((line.high_h for line in self.lines), 0.0)

    @property
    def fee_eur(self) -> float:
        """Declaration fees; duty and tax are apart."""
        return sum((line.amount_eur for line in self.lines), 0.0)


def between(origin_country: str, destination_country: str, scenario: Scenario | None = None) -> Clearance:
    """Export and import clearance from one country (ISO 3166 alpha-2) to another.

    Empty inside one customs territory, and where a country is not known (an empty code). `delays_h` of the
    scenario under a country code adds hours to the clearance of that country.
    """
    delays = scenario.delays_h if scenario is not None else {}
    if not delays:
        return _cleared(origin_country, destination_country, 0.0, 0.0)
    origin, destination = origin_country.strip().upper(), destination_country.strip().upper()
    return _cleared(origin, destination, delays.get(origin, 0.0), delays.get(destination, 0.0))


@lru_cache(maxsize=4096)
def _cleared(
    origin_country: str, destination_country: str, export_delay_h: float, import_delay_h: float
) -> Clearance:
    origin, destination = origin_country.strip().upper(), destination_country.strip().upper()
    if not origin or not destination or territory(origin) == territory(destination):
        return Clearance(())
    return Clearance((_line("export", origin, export_delay_h), _line("import", destination, import_delay_h)))


def territory(country: str) -> str:
    """The customs territory of a country: a union such as `EU`, or the country itself.

    >>> territory("DE"), territory("CN")
    ('EU', 'CN')
    """
    return _territories().get(country, country)


def _line(way: str, country: str, delay_h: float) -> ClearanceLine:
    table = _table()
    row = table.get(country) or table.get(territory(country)) or table["*"]
    return ClearanceLine(
        what=f"{way} clearance",
        country=country,
        hours=float(row[f"{way}_h"]) + delay_h,
        low_h=float(row[f"{way}_low_h"]) + delay_h,
        high_h=float(row[f"{way}_high_h"]) + delay_h,
        amount_eur=float(row[f"{way}_eur"]),
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    columns = read_table(package_data("curated", "clearance.csv"), table="clearance")
    rows = zip(*columns.values(), strict=True)
    return {row["country"]: row for row in (dict(zip(columns, cells, strict=True)) for cells in rows)}


@cache
def _territories() -> dict[str, str]:
    columns = read_table(package_data("curated", "customs_territories.csv"), table="customs_territories")
    return dict(zip(columns["country"].tolist(), columns["territory"].tolist(), strict=True))

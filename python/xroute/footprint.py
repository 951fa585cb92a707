"""Greenhouse gas of legs, hubs and whole chains, line by line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute.errors import FactorError

if TYPE_CHECKING:
    from datetime import date

    from xroute.factors import Factor, FactorPack, HubFactor
    from xroute.footprint_report import FootprintReport
    from xroute.pack_comparison import PackComparison
    from xroute.quality import EmissionRange
    from xroute.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintLine:
    """What one element of a transport chain emits, and by which figure.

    `distance_km` is as measured, on `distance_basis`; `adjustment` brings it to the basis of the factor.
    Both are 0 and empty at a hub (mode "hub"). Emissions are kg CO2e.
    """

    element: str
    mode: str
    mass_kg: float
    distance_km: float
    distance_basis: str
    adjustment: float
    factor: Factor | HubFactor
    wtt_co2e_kg: float
    ttw_co2e_kg: float

    @property
    def wtw_co2e_kg(self) -> float:
        """Well to wheel, kg CO2e; NaN where the factor holds operation only."""
        return self.wtt_co2e_kg + self.ttw_co2e_kg

    @property
    def activity_tkm(self) -> float:
        """Transport activity on the measured distance; 0 at a hub."""
        return self.mass_kg * self.distance_km / 1000.0

    @property
    def radiative_forcing_co2e_kg(self) -> float:
        """Extra warming of flight at altitude, kg CO2e: for information, in no total."""
        grams = getattr(self.factor, "radiative_forcing_g_tkm", 0.0)
        return self.activity_tkm * self.adjustment * grams / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Greenhouse gas of one leg or of many, in kilograms of CO2e.

    >>> Footprint(wtt_co2e_kg=21.0, ttw_co2e_kg=84.0).wtw_co2e_kg
    105.0
    """

    wtt_co2e_kg: float
    ttw_co2e_kg: float
    lines: tuple[FootprintLine, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[FootprintLine]) -> Footprint:
        """The sum of the lines, which it keeps."""
        kept = tuple(lines)
        return cls(
            wtt_co2e_kg=math.fsum(line.wtt_co2e_kg for line in kept),
            ttw_co2e_kg=math.fsum(line.ttw_co2e_kg for line in kept),
            lines=kept,
        )

    @property
    def wtw_co2e_kg(self) -> float:
        """Well to wheel: fuel production and fuel use together.

        Raises `FactorError` where a factor holds operation (TTW) only.
        """
        if math.isnan(self.wtt_co2e_kg):
            raise FactorError(
                "no WTW total: a factor in this footprint holds operation (TTW) only",
                (),
            )
        return self.wtt_co2e_kg + self.ttw_co2e_kg

    @property
    def activity_tkm(self) -> float:
        """Transport activity: mass times distance for each element, then added."""
        return math.fsum(line.activity_tkm for line in self.lines)

    @property
    def radiative_forcing_co2e_kg(self) -> float:
        """Extra warming of flights at altitude, kg CO2e: for information, in no total."""
        return math.fsum(line.radiative_forcing_co2e_kg for line in self.lines)

    @property
    def is_ttw_only(self) -> bool:
        """Whether energy provision is missing, so that there is no WTW total."""
        return math.isnan(self.wtt_co2e_kg)

    @property
    def data_quality(self) -> dict[str, float]:
        """The share of the emission (WTW) from primary, modelled and default figures; together 1."""
        from xroute.quality import data_quality

        return data_quality(self.lines)

    def range(self) -> EmissionRange:
        """Low, central and high emission from factor spread, load factor and distance error."""
        from xroute.quality import emission_range

        return emission_range(self.lines)

    def report(
        self, *, title: str = "Greenhouse gas report", period: tuple[date, date] | None = None
    ) -> FootprintReport:
        """What ISO 14083 asks to be stated, for `markdown()`, `html()` and `save()` (.md, .html, .xlsx)."""
        from xroute.footprint_report import report

        return report(self, title=title, period=period)

    def compare(self, packs: Sequence[str | Path | FactorPack]) -> PackComparison:
        """The same elements by several factor packs, and which legs make the spread.

        Raises `InputError` for fewer than two packs.
        """
        from xroute.pack_comparison import compare

        return compare(self, packs)

    def table(self) -> Table:
        """The lines as a table, one row an element."""
        from xroute.table import Table

        rows = [_cells(line) for line in self.lines]
        return Table({name: [row[name] for row in rows] for name in _COLUMNS})


_COLUMNS = (
    "element",
    "mode",
    "vehicle_class",
    "mass_t",
    "distance_km",
    "distance_basis",
    "factor_distance_basis",
    "adjustment",
    "activity_tkm",
    "factor_id",
    "wtt_intensity_g",
    "ttw_intensity_g",
    "per",
    "pack",
    "pack_version",
    "source",
    "licence",
    "category",
    "confidence",
    "gwp_set",
    "fallback",
    "wtt_co2e_kg",
    "ttw_co2e_kg",
    "wtw_co2e_kg",
)


def _cells(line: FootprintLine) -> dict[str, Any]:
    factor = line.factor
    return _factor_cells(factor) | {
        "element": line.element,
        "mode": line.mode,
        "mass_t": line.mass_kg / 1000.0,
        "distance_km": line.distance_km,
        "distance_basis": line.distance_basis,
        "adjustment": line.adjustment,
        "activity_tkm": line.activity_tkm,
        "factor_id": factor.factor_id,
        "pack": factor.pack_id,
        "pack_version": factor.pack_version,
        "source": factor.source,
        "licence": factor.licence,
        "category": factor.category,
        "confidence": factor.confidence,
        "gwp_set": factor.gwp_set,
        "fallback": factor.fallback,
        "wtt_co2e_kg": line.wtt_co2e_kg,
        "ttw_co2e_kg": line.ttw_co2e_kg,
        "wtw_co2e_kg": line.wtw_co2e_kg,
    }


def _factor_cells(factor: Factor | HubFactor) -> dict[str, Any]:
    """What differs between a figure per tonne-km and one per tonne."""
    from xroute.factors import Factor

    if isinstance(factor, Factor):
        return {
            "vehicle_class": factor.vehicle_class,
            "factor_distance_basis": factor.distance_basis,
            "wtt_intensity_g": factor.wtt_g_tkm,
            "ttw_intensity_g": factor.ttw_g_tkm,
            "per": "tkm",
        }
    return {
        "vehicle_class": factor.process,
        "factor_distance_basis": "",
        "wtt_intensity_g": factor.wtt_g_t,
        "ttw_intensity_g": factor.ttw_g_t,
        "per": "t",
    }

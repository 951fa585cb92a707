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

    from xroute.energy import Claim
    from xroute.factors import Factor, FactorPack, HubFactor
    from xroute.footprint_report import FootprintReport
    from xroute.pack_comparison import PackComparison
    from xroute.quality import EmissionRange
    from xroute.table import Table


@dataclass(frozen=True, kw_only=True)
class FootprintLine:
    """What one element of a transport chain emits, and by which figure.

    `distance_km` is as measured, on `distance_basis`; `adjustment` brings it to the basis of the factor.
    Both are 0 and empty at a hub (mode "hub"). Emissions are kg CO2e. `multiplier` is what the element makes
    of the figure (boxes, load, uplift), `steps` why; `refrigerant_co2e_kg` is in the operation (TTW) already.
    `follows` are the elements before this one, None for the one above it.
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
    multiplier: float = 1.0
    steps: tuple[str, ...] = ()
    refrigerant_co2e_kg: float = 0.0
    refrigerant_gwp_set: str = ""
    teu: float = 0.0
    follows: tuple[str, ...] | None = None

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
        grams = float(getattr(self.factor, "radiative_forcing_g_tkm", 0.0))
        return self.activity_tkm * self.adjustment * self.multiplier * grams / 1000.0

    @property
    def market_co2e_kg(self) -> float:
        """Well to wheel with market-based electricity, kg CO2e: for information, in no total."""
        grams = getattr(self.factor, "market_wtt_g_tkm", None)
        if grams is None:
            return self.wtw_co2e_kg
        adjusted_tkm = self.activity_tkm * self.adjustment * self.multiplier
        return adjusted_tkm * float(grams) / 1000.0 + self.ttw_co2e_kg

    @property
    def category(self) -> str:
        """Primary, modelled or default; a default figure that a load or an uplift changed is modelled."""
        changed = self.factor.category == "default" and self.multiplier != 1.0
        return "modelled" if changed else self.factor.category


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Greenhouse gas of one leg or of many, in kilograms of CO2e.

    >>> Footprint(wtt_co2e_kg=21.0, ttw_co2e_kg=84.0).wtw_co2e_kg
    105.0
    """

    wtt_co2e_kg: float
    ttw_co2e_kg: float
    lines: tuple[FootprintLine, ...] = ()
    claims: tuple[Claim, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[FootprintLine], *, claims: tuple[Claim, ...] = ()) -> Footprint:
        """The sum of the lines, which it keeps; claims are kept beside it and change no sum."""
        kept = tuple(lines)
        return cls(
            wtt_co2e_kg=math.fsum([line.wtt_co2e_kg for line in kept]),
            ttw_co2e_kg=math.fsum([line.ttw_co2e_kg for line in kept]),
            lines=kept,
            claims=claims,
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
    def market_co2e_kg(self) -> float:
        """Well to wheel with market-based electricity, kg CO2e: for information, in no total."""
        return math.fsum(line.market_co2e_kg for line in self.lines) if self.lines else self.wtw_co2e_kg

    @property
    def claimed_co2e_kg(self) -> float:
        """What bought claims (book and claim) state, kg CO2e: for information, in no total."""
        return math.fsum(claim.co2e_kg for claim in self.claims)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about these figures, in sentences."""
        from xroute.quality import warnings_of

        return tuple(warnings_of(self.lines))

    def explain(self) -> str:
        """The arithmetic of every element: numbers, units, figure, source, clause of the standard."""
        from xroute.footprint_explain import explain

        return explain(self)

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
        self,
        *,
        title: str = "Greenhouse gas report",
        period: tuple[date, date] | None = None,
        chains: Sequence[str] = (),
        supporting: str = "",
    ) -> FootprintReport:
        """What ISO 14083 asks to be stated, for `markdown()`, `html()` and `save()` (.md, .html, .xlsx).

        `period` are its first and last day, `chains` the ids of the transport chains, `supporting` says where
        more is to be found. Raises `InputError` without elements or for a period that ends before it begins.
        """
        from xroute.footprint_report import report
        from xroute.footprint_sections import Frame

        frame = Frame(period=period, chains=tuple(chains), supporting=supporting)
        return report(self, title=title, frame=frame)

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
    "multiplier",
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
        "multiplier": line.multiplier,
        "activity_tkm": line.activity_tkm,
        "factor_id": factor.factor_id,
        "pack": factor.pack_id,
        "pack_version": factor.pack_version,
        "source": factor.source,
        "licence": factor.licence,
        "category": line.category,
        "confidence": factor.confidence,
        "gwp_set": factor.gwp_set,
        "fallback": "; ".join(filter(None, (factor.fallback, *line.steps))),
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

"""Factors of energy itself: a kilogram of fuel by EU law, a kilowatt-hour of a country's grid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelFactor:
    """Greenhouse gas of one kilogram of a fuel, in grams; `mj_kg` is its lower heating value.

    Provision (WTT) may be below zero for fuels of bio or RFNBO feedstock; the total never is. `co2_g_kg`,
    `ch4_g_kg` and `n2o_g_kg` are the gases of burning it, `slip_percent` the methane that escapes unburned.
    """

    factor_id: str
    fuel: str
    feedstock: str
    energy_carrier: str
    wtt_g_kg: float
    ttw_g_kg: float
    mj_kg: float
    co2_g_kg: float
    ch4_g_kg: float = 0.0
    n2o_g_kg: float = 0.0
    slip_percent: float = 0.0
    converter: str = ""
    gwp_set: str = ""
    source: str = "user"
    section: str = ""
    licence: str = ""
    confidence: str = ""
    pack_id: str = "user"
    pack_version: str = ""

    @property
    def wtw_g_kg(self) -> float:
        """Energy provision and operation together, g CO2e per kg."""
        return self.wtt_g_kg + self.ttw_g_kg

    @property
    def wtw_g_mj(self) -> float:
        """The same per megajoule of heating value."""
        return self.wtw_g_kg / self.mj_kg

    @property
    def co2_share_of_ttw(self) -> float:
        """Carbon dioxide in the TTW total: what a rule that counts CO2 alone sees of it; 1 where TTW is 0."""
        return self.co2_g_kg / self.ttw_g_kg if self.ttw_g_kg else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFactor:
    """Electricity of a country, location-based: generation in g CO2e per kWh, and the loss on the way.

    All of it is provision (WTT): using electricity emits nothing. `fallback` says why this row answers for
    `asked_country`, empty where it is the country's own.
    """

    factor_id: str
    country: str
    generation_g_kwh: float
    loss: float
    name: str = ""
    year: str = ""
    scope: str = ""
    gwp_set: str = ""
    source: str = "user"
    licence: str = ""
    confidence: str = ""
    pack_id: str = "user"
    pack_version: str = ""
    asked_country: str = ""
    fallback: str = ""

    @property
    def wtt_g_kwh(self) -> float:
        """What one kWh at the plug emits: generation times 1 + loss."""
        return self.generation_g_kwh * (1.0 + self.loss)

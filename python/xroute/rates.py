"""What a carrier charges: chargeable quantities, rates, and the price of one shipment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xroute.errors import InputError

CONTAINER_M3 = 57.0
"""Usable volume of a 40 ft high cube."""
CONTAINER_T = 26.0
"""Payload of a 40 ft high cube, metric tonnes."""
KG_PER_M3 = {
    "sea": 1000.0,
    "air": 167.0,
    "rail": 1000.0,
    "road": 333.0,
    "inland_waterway": 1000.0,
    "ferry": 333.0,
}
"""Mass that one cubic metre counts as where a rate says nothing else, kg."""
UNITS = ("t", "m3", "w_m", "kg_chargeable", "t_chargeable", "TEU", "FEU", "truck", "shipment")
FULL_UNITS = ("TEU", "FEU", "truck")
"""The units that count whole containers or trucks."""


class Chargeable(NamedTuple):
    """The quantity that a carrier bills, its unit, and what won: mass, volume or minimum."""

    quantity: float
    unit: str
    won: str


class Price(NamedTuple):
    """Money for one shipment, affine in distance: EUR, EUR a km, and the least EUR of a service."""

    fixed_eur: float
    per_km_eur: float
    minimum_eur: float

    def amount_eur(self, distance_km: float) -> float:
        """Money over a distance, never below the minimum.

        >>> Price(100.0, 1.5, 120.0).amount_eur(10.0)
        120.0
        """
        return max(self.fixed_eur + self.per_km_eur * distance_km, self.minimum_eur)


def load_units(mass_t: float, volume_m3: float) -> int:
    """How many whole 40 ft high cubes a shipment fills, at least one.

    >>> load_units(12.0, 57.0), load_units(30.0, 20.0), load_units(1.2, 120.0)
    (1, 2, 3)
    """
    return max(1, math.ceil(mass_t / CONTAINER_T), math.ceil(volume_m3 / CONTAINER_M3))


def chargeable(
    unit: str,
    mass_t: float,
    *,
    volume_m3: float,
    kg_per_m3: float,
    minimum_quantity: float = 0.0,
) -> Chargeable:
    """The billed quantity of a shipment in a unit of `UNITS`, and what decided it.

    >>> chargeable("w_m", 1.2, volume_m3=6.4, kg_per_m3=1000.0)
    Chargeable(quantity=6.4, unit='w_m', won='volume')
    """
    by_mass, by_volume = _sides(unit, mass_t, volume_m3, kg_per_m3)
    quantity, won = (by_volume, "volume") if by_volume > by_mass else (by_mass, "mass")
    if quantity < minimum_quantity:
        return Chargeable(minimum_quantity, unit, "minimum")
    return Chargeable(quantity, unit, won)


def _sides(unit: str, mass_t: float, volume_m3: float, kg_per_m3: float) -> tuple[float, float]:
    """The quantity that mass alone and volume alone would be billed."""
    if unit in FULL_UNITS:
        boxes = 2.0 if unit == "TEU" else 1.0
        return boxes * load_units(mass_t, 0.0), boxes * load_units(0.0, volume_m3)
    return {
        "t": (mass_t, 0.0),
        "m3": (0.0, volume_m3),
        "w_m": (mass_t, volume_m3),
        "kg_chargeable": (mass_t * 1000.0, volume_m3 * kg_per_m3),
        "t_chargeable": (mass_t, volume_m3 * kg_per_m3 / 1000.0),
        "shipment": (1.0, 1.0),
    }[unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One row of a rate card.

    Money = fixed + per_km x km + quantity x (per_unit + per_unit_km x km), and at least `minimum`.
    `breaks` are (from quantity, per_unit) steps: a shipment is billed as the next step where that is
    cheaper. An empty `vehicle_class` is every class of the mode, an empty `load` both LCL and FCL.
    """

    rate_id: str
    mode: str
    unit: str
    currency: str = "EUR"
    fixed: float = 0.0
    per_km: float = 0.0
    per_unit: float = 0.0
    per_unit_km: float = 0.0
    minimum: float = 0.0
    minimum_quantity: float = 0.0
    kg_per_m3: float = 1000.0
    breaks: tuple[tuple[float, float], ...] = ()
    vehicle_class: str = ""
    load: str = ""
    valid_from: str = ""
    valid_to: str = ""
    is_indicative: bool = False
    source: str = ""
    confidence: str = ""
    row: int = 0

    def quantity(self, mass_t: float, volume_m3: float) -> Chargeable:
        """What this rate bills of a shipment."""
        return chargeable(
            self.unit,
            mass_t,
            volume_m3=volume_m3,
            kg_per_m3=self.kg_per_m3,
            minimum_quantity=self.minimum_quantity,
        )

    def price(self, mass_t: float, volume_m3: float, *, exchange_rates: Mapping[str, float]) -> Price:
        """Money of one shipment in EUR.

        Raises `InputError` for a currency other than EUR without an exchange rate.
        """
        euro = self.eur_per_currency(exchange_rates)
        quantity = self.quantity(mass_t, volume_m3).quantity
        return Price(
            euro * (self.fixed + self._by_break(quantity)),
            euro * (self.per_km + self.per_unit_km * quantity),
            euro * self.minimum,
        )

    def _by_break(self, quantity: float) -> float:
        steps = ((0.0, self.per_unit), *self.breaks)
        reached = max(at for at, _ in steps if at <= quantity)
        return min(max(at, quantity) * price for at, price in steps if at >= reached)

    def eur_per_currency(self, exchange_rates: Mapping[str, float]) -> float:
        """EUR for one unit of the currency of the rate; raises `InputError` where no exchange rate says."""
        if self.currency == "EUR":
            return 1.0
        if self.currency in exchange_rates:
            return float(exchange_rates[self.currency])
        message = (
            f"currency '{self.currency}' of rate '{self.rate_id}' needs an exchange rate in the scenario: "
            f"EUR for one {self.currency}"
        )
        raise InputError(message, table="rates", row=self.row or None, column="currency")

    def is_valid(self, on: date | None) -> bool:
        """Whether the rate is valid on a date; no date asks nothing."""
        day = on.isoformat() if on else ""
        return not day or (self.valid_from or day) <= day <= (self.valid_to or day)

    def is_for(self, load: str) -> bool:
        """Whether the rate is for this load, LCL or FCL."""
        return self.load in ("", load)

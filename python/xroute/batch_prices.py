"""What many shipments pay by class, mode and change of vehicle: `terms` for arrays of shipments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute import processes
from xroute.rates import CONTAINER_M3, CONTAINER_T, FULL_UNITS, KG_PER_M3, Rate
from xroute.terms import Terms, border_rates

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prices:
    """EUR of so many shipments under the rates of one profile; each array has one row a shipment."""

    per_km: Numbers
    service_fixed: Numbers
    border: Numbers
    load_fixed: Numbers
    rate_fixed: Numbers
    rate_per_km: Numbers
    rate_minimum: Numbers
    surface: Numbers
    air_kg: Numbers
    mass_t: Numbers
    is_full: bool

    def of(self, shipments: Integers) -> Prices:
        """The prices of some shipments."""
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        return Prices(
            **{name: value if name == "is_full" else value[shipments] for name, value in columns.items()}
        )

    def handling_eur(self, of: Integers, kind: Integers, source: Integers, target: Integers) -> Numbers:
        """EUR of changes: shipment, kind of hub and both sides of each."""
        numbers = processes.shipped().numbers
        rate = numbers["fcl_eur_per_unit" if self.is_full else "lcl_eur_per_rt"][kind, source, target]
        by_air = self.air_kg[of] * numbers["air_eur_per_kg"][kind, source, target]
        return np.maximum(self.surface[of] * rate + by_air, numbers["minimum_eur"][kind, source, target])


def prices_of(
    terms: Terms, mass_t: Numbers, volume_m3: Numbers, exchange_rates: Mapping[str, float]
) -> Prices:
    """The money terms of shipments (n,) in tonnes and cubic metres, at the rates that `terms` picked."""

    def priced(rates: Sequence[Rate]) -> tuple[Numbers, Numbers, Numbers]:
        each = [_price(rate, mass_t, volume_m3, exchange_rates) for rate in rates]
        columns = [np.column_stack([price[at] for price in each]) if each else none for at in range(3)]
        return columns[0], columns[1], columns[2]

    none = np.zeros((len(mass_t), 0))
    is_full = terms.load == "FCL"
    surface = _load_units(mass_t, volume_m3) if is_full else np.maximum(mass_t, volume_m3)
    classes, modes, ids = (priced(r) for r in (terms.rate_of_class, terms.rate_of_mode, terms.rate_of_id))
    return Prices(
        per_km=classes[1],
        service_fixed=classes[0],
        border=surface[:, None] * border_rates(terms.classes, terms.load)[None, :],
        load_fixed=modes[0],
        rate_fixed=ids[0],
        rate_per_km=ids[1],
        rate_minimum=ids[2],
        surface=surface,
        air_kg=np.maximum(mass_t * 1000.0, volume_m3 * KG_PER_M3["air"]),
        mass_t=mass_t,
        is_full=is_full,
    )


def _price(rate: Rate, mass_t: Numbers, volume_m3: Numbers, exchange_rates: Mapping[str, float]) -> Any:
    """Fixed EUR, EUR a km and least EUR, as `Rate.price` gives them for one shipment."""
    euro = rate.eur_per_currency(exchange_rates)
    quantity = _quantity(rate, mass_t, volume_m3)
    fixed = euro * (rate.fixed + _by_break(rate, quantity))
    per_km = euro * (rate.per_km + rate.per_unit_km * quantity)
    return fixed, per_km, np.full(len(mass_t), euro * rate.minimum)


def _by_break(rate: Rate, quantity: Numbers) -> Numbers:
    steps = ((0.0, rate.per_unit), *rate.breaks)
    reached = np.zeros_like(quantity)
    for at, _ in steps:
        reached = np.where(at <= quantity, np.maximum(reached, at), reached)
    best = np.full_like(quantity, np.inf)
    for at, price in steps:
        best = np.where(at >= reached, np.minimum(best, np.maximum(at, quantity) * price), best)
    return best


def _quantity(rate: Rate, mass_t: Numbers, volume_m3: Numbers) -> Numbers:
    if rate.unit in FULL_UNITS:
        found = (2.0 if rate.unit == "TEU" else 1.0) * _load_units(mass_t, volume_m3)
    else:
        by_mass, by_volume = {
            "t": (mass_t, 0.0 * volume_m3),
            "m3": (0.0 * mass_t, volume_m3),
            "w_m": (mass_t, volume_m3),
            "kg_chargeable": (mass_t * 1000.0, volume_m3 * rate.kg_per_m3),
            "t_chargeable": (mass_t, volume_m3 * rate.kg_per_m3 / 1000.0),
            "shipment": (np.ones_like(mass_t), np.ones_like(mass_t)),
        }[rate.unit]
        found = np.maximum(by_mass, by_volume)
    return np.maximum(found, rate.minimum_quantity)


def _load_units(mass_t: Numbers, volume_m3: Numbers) -> Numbers:
    return np.maximum(1.0, np.maximum(np.ceil(mass_t / CONTAINER_T), np.ceil(volume_m3 / CONTAINER_M3)))

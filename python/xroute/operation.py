"""A transport operation: all its trips, the empty ones too, and one intensity for all it moved.

The intensity is the ratio of sums over whole round trips, never the mean of the intensities of its legs. A
ballast leg has energy and no freight: it belongs to the operation and is in no other place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xroute.energy import EnergyFootprint
from xroute.errors import InputError
from xroute.factors import Factor, not_negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One way of a vehicle: its freight in kg (0 when empty), its distance in km, and the energy it used.

    Raises `InputError` for a value that is no quantity.
    """

    mass_kg: float
    distance_km: float
    energy: EnergyFootprint

    def __post_init__(self) -> None:
        not_negative(self.mass_kg, "mass_kg")
        not_negative(self.distance_km, "distance_km")

    @property
    def activity_tkm(self) -> float:
        """Transport activity; 0 for an empty way."""
        return self.mass_kg * self.distance_km / 1000.0


@dataclass(frozen=True, slots=True)
class Operation:
    """The trips of one transport operation category over its period. Raises `InputError` without trips.

    >>> from xroute.energy import FuelUse
    >>> def burned(litres):
    ...     return EnergyFootprint([FuelUse(carrier="diesel", quantity=litres, unit="l",
    ...                                     wtt_kg_per_unit=0.6, ttw_kg_per_unit=2.6)])
    >>> way = Operation([Trip(mass_kg=20_000, distance_km=300, energy=burned(90)),
    ...                  Trip(mass_kg=0, distance_km=300, energy=burned(60))])
    >>> way.activity_tkm, way.empty_running, way.factor("r1", "road", distance_basis="sfd").wtw_g_tkm
    (6000.0, 0.5, 80.0)
    """

    trips: Sequence[Trip]

    def __post_init__(self) -> None:
        object.__setattr__(self, "trips", tuple(self.trips))
        if not self.trips:
            raise InputError("an operation has at least one trip", table="trips")

    @property
    def activity_tkm(self) -> float:
        """The sum of mass times distance, trip by trip."""
        return math.fsum(trip.activity_tkm for trip in self.trips)

    @property
    def energy(self) -> EnergyFootprint:
        """All energy of all trips."""
        return EnergyFootprint([use for trip in self.trips for use in trip.energy.uses])

    @property
    def empty_running(self) -> float:
        """Empty kilometres over all kilometres; 0 without kilometres."""
        whole = math.fsum(trip.distance_km for trip in self.trips)
        return (
            math.fsum(trip.distance_km for trip in self.trips if not trip.mass_kg) / whole if whole else 0.0
        )

    def factor(self, factor_id: str, mode: str, *, distance_basis: str, vehicle_class: str = "") -> Factor:
        """The intensity: all energy over all activity. Raises `InputError` where nothing was moved."""
        return self.energy.factor(
            factor_id, mode, activity_tkm=self.activity_tkm, distance_basis=distance_basis,
            vehicle_class=vehicle_class,
        )  # fmt: skip

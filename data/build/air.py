"""Flights: a mesh among the air cargo hubs under a range limit; one flight is one service and one leg."""

from __future__ import annotations

from dataclasses import dataclass

from earth import distance_km
from places import Hub

RANGE_KM = 11_000.0  # team estimate: what wide-body freighters and bellies fly with useful payload
LONG_HAUL_KM = 3_700.0
LEAST_KM = 400.0


@dataclass(frozen=True, slots=True)
class Flight:
    """One row of services_air.csv before formatting."""

    origin: str
    destination: str
    distance_km: float
    vehicle_class: str


def flights(airports: list[Hub]) -> list[Flight]:
    """Directed flights between every two hubs in range, great circle."""
    found = []
    for a in sorted(airports, key=lambda hub: hub.hub_id):
        for b in sorted(airports, key=lambda hub: hub.hub_id):
            km = distance_km(a.point, b.point)
            if a is not b and LEAST_KM <= km <= RANGE_KM:
                reach = "freighter_long_haul" if km > LONG_HAUL_KM else "freighter_short_haul"
                found.append(Flight(a.hub_id, b.hub_id, km, reach))
    return found

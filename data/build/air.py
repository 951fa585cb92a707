"""Flights: a mesh among the air cargo hubs, and spokes from every other airport to its nearest hubs.

One flight is one service and one leg, along the great circle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earth import distance_km
from places import Hub
from sources import curated

RANGE_KM = 11_000.0  # team estimate: what wide-body freighters and bellies fly with useful payload
LONG_HAUL_KM = 3_700.0
LEAST_KM = 400.0
LEAST_SPOKE_KM = 100.0  # airports of one metropolis are joined by lorry
SPOKES = 3


@dataclass(frozen=True, slots=True)
class Flight:
    """One row of services_air.csv before formatting."""

    origin: str
    destination: str
    distance_km: float
    vehicle_class: str


def flights(airports: list[Hub]) -> list[Flight]:
    """Directed flights: between every two hubs in range, and both ways between others and three hubs."""
    names = {row["iata"] for row in curated("air_cargo_hubs")}
    hubs = sorted((each for each in airports if each.hub_id in names), key=lambda hub: hub.hub_id)
    others = [each for each in airports if each.hub_id not in names]
    found = [*_mesh(hubs)]
    for airport in others:
        for hub, km in _nearest(airport, hubs):
            found += [_flight(airport, hub, km), _flight(hub, airport, km)]
    return sorted(found, key=lambda flight: (flight.origin, flight.destination))


def _mesh(hubs: list[Hub]) -> Iterator[Flight]:
    for a in hubs:
        for b in hubs:
            km = distance_km(a.point, b.point)
            if a is not b and LEAST_KM <= km <= RANGE_KM:
                yield _flight(a, b, km)


def _nearest(airport: Hub, hubs: list[Hub]) -> list[tuple[Hub, float]]:
    """The nearest hubs that are worth a flight, and how far they are."""
    reach = [(distance_km(airport.point, hub.point), hub.hub_id, hub) for hub in hubs]
    worth = sorted(each for each in reach if LEAST_SPOKE_KM <= each[0] <= RANGE_KM)
    return [(hub, km) for km, _, hub in worth[:SPOKES]]


def _flight(a: Hub, b: Hub, km: float) -> Flight:
    reach = "freighter_long_haul" if km > LONG_HAUL_KM else "freighter_short_haul"
    return Flight(a.hub_id, b.hub_id, km, reach)

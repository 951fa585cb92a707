"""What roads and rails share: borders, speeds, and estimates where no line is known."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from earth import Crossing
from links import LandLink
from places import Hub
from sources import curated

MOST_WATER_KM = 5.0
SHORT_KM, LONG_KM = 20.0, 500.0


@cache
def territories() -> dict[str, str]:
    """The customs territory of countries that share one."""
    return {row["country"]: row["territory"] for row in curated("customs_territories")}


def frontiers(crossed: list[str]) -> int:
    """Customs frontiers along countries in order.

    >>> frontiers(["CN", "KZ", "RU", "BY", "PL", "DE"])
    2
    """
    unions = [territories().get(code, code) for code in crossed]
    return sum(a != b for a, b in pairwise(unions))


# --- rail --------------------------------------------------------------------------------------------


@cache
def _rail_speeds() -> dict[str, float]:
    return {
        row["vehicle_class"]: float(row["speed_km_h"]) for row in curated("modes") if row["mode"] == "rail"
    }


def rail_speed(country: str) -> float:
    """Speed of block trains in a country, km/h, of data/curated/modes.csv."""
    return _rail_speeds().get(f"rail_electric_{country}", _rail_speeds()["*"])


# --- road --------------------------------------------------------------------------------------------


@cache
def closed_borders() -> frozenset[frozenset[str]]:
    """Pairs of countries whose border is closed by default."""
    return frozenset(
        frozenset((row["country_a"], row["country_b"]))
        for row in curated("borders")
        if row["default_state"] == "closed"
    )


def is_closed(crossed: list[str]) -> bool:
    """Whether a closed border lies between countries in order."""
    return any(frozenset(pair) in closed_borders() for pair in pairwise(crossed))


@cache
def circuity() -> dict[str, float]:
    """Road kilometres over great-circle kilometres by region."""
    return {row["region"]: float(row["factor"]) for row in curated("circuity")}


def road_factor(crossed: list[str], km: float) -> float:
    """The mean factor of the countries crossed; long trips are straighter, short ones are not.

    >>> road_factor(["DE"], 100.0)
    1.26
    """
    if km < SHORT_KM:
        return circuity()["short_under_20km"]
    known = [circuity().get(code, circuity()["world_default"]) for code in dict.fromkeys(crossed)]
    mean = sum(known) / len(known) if known else circuity()["world_default"]
    return min(mean, circuity()["over_500km"]) if km > LONG_KM else mean


def is_open(a: Hub, b: Hub, crossing: Crossing) -> bool:
    """Whether no closed border lies between two hubs, by the segment and by the countries of the hubs."""
    return not (is_closed(crossing.countries) or is_closed(crossing.between(a.country, b.country)))


def road(a: Hub, b: Hub, km: float, crossing: Crossing, *, round_water: float = 1.0) -> LandLink:
    """A road link: great circle times circuity, and times a factor for the way round water."""
    crossed = crossing.between(a.country, b.country)
    factor = road_factor(crossed, km) * round_water
    return LandLink(
        a.hub_id,
        b.hub_id,
        "road",
        max(km * factor, 0.5),
        crossed,
        "artic_truck",
        "team-estimate",
        "low",
        frontiers(crossed),
    )


def parts(stops: list[Hub], links: list[LandLink]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The number of the connected part of each stop."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    row = {hub.hub_id: at for at, hub in enumerate(stops)}
    a = [row[link.origin] for link in links]
    b = [row[link.destination] for link in links]
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(stops), len(stops)))
    found: np.ndarray[tuple[int], np.dtype[np.intp]] = connected_components(graph, directed=False)[1]
    return found

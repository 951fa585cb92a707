"""Roads where the open data has none: estimated links of stops that lie alone."""

from __future__ import annotations

import numpy as np
from earth import crossings, distance_km
from land import MOST_WATER_KM, is_open, parts, road
from links import LandLink
from places import Hub
from road_joins import goes_round, land_masses
from road_search import points_of
from scipy.spatial import cKDTree

NEAREST = 16
MOST_KM = 400.0
MOST_LINKS = 2
LOOSE = 3  # a part of fewer stops may be a gap in the data; a larger one is an island
ROUNDS = 4


def estimates(
    stops: list[Hub], lanes: list[LandLink], ferries: list[LandLink]
) -> tuple[list[LandLink], list[str]]:
    """Links of lone stops to their nearest neighbours over land; and a sentence about each part left."""
    found: list[LandLink] = []
    for _ in range(ROUNDS):
        part = parts(stops, [*lanes, *found])
        more = _links_of_lone(stops, part)
        if not more:
            break
        found += more
    return found, _unjoined(stops, parts(stops, [*lanes, *found, *ferries]))


def _links_of_lone(stops: list[Hub], part: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[LandLink]:
    size = np.bincount(part)
    lone = np.flatnonzero(size[part] < LOOSE)
    if not len(lone):
        return []
    points = points_of(stops)
    _, near = cKDTree(points).query(points[lone], k=min(NEAREST, len(stops)))
    pairs = [
        (at, int(other))
        for at, row in zip(lone.tolist(), near, strict=True)
        for other in row
        if part[other] != part[at] and distance_km(stops[at].point, stops[int(other)].point) <= MOST_KM
    ]
    if not pairs:
        return []
    land = land_masses(stops)
    starts = np.array([stops[at].point for at, _ in pairs])
    ends = np.array([stops[other].point for _, other in pairs])
    found: dict[frozenset[str], LandLink] = {}
    count: dict[int, int] = {}
    for (at, other), crossing in zip(pairs, crossings(starts, ends), strict=True):
        km = distance_km(stops[at].point, stops[other].point)
        is_dry = crossing.water_km <= MOST_WATER_KM and is_open(stops[at], stops[other], crossing)
        is_shore = 0 <= land[at] == land[other] and goes_round(stops[at], stops[other], km, crossing)
        if not (is_dry or is_shore) or count.get(at, 0) == MOST_LINKS:
            continue
        count[at] = count.get(at, 0) + 1
        round_water = 1.0 if is_dry else 1.0 + crossing.water_km / max(km, 1.0)
        key = frozenset((stops[at].hub_id, stops[other].hub_id))
        found.setdefault(key, road(stops[at], stops[other], km, crossing, round_water=round_water))
    return list(found.values())


def _unjoined(stops: list[Hub], part: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[str]:
    """A sentence about each part of the road and ferry network but the largest, largest first."""
    size = np.bincount(part)
    sentences = []
    for each in np.argsort(-size, kind="stable")[1:].tolist():
        rows = np.flatnonzero(part == each).tolist()
        best = max(rows, key=lambda row: (stops[row].population, stops[row].hub_id))
        hub = stops[best]
        sentences.append(f"{len(rows)} stops round {hub.name}, {hub.country} have no road or ferry to others")
    return sentences

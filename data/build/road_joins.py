"""Roads between parts of one land mass that straight lines leave apart: around bays, along coasts."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from earth import Crossing, crossings, distance_km
from land import LandLink, frontiers, is_open, parts, road
from places import Hub
from scipy.spatial import cKDTree
from sea import _sphere as sphere
from sources import curated, natural_earth

SHORE_DEG = 0.35  # a quay may lie so far off the simplified shore
MOST_BAY_KM = 60.0
MOST_KM = 600.0
NEAREST, TRIED, ROUNDS = 24, 12, 8
Labels = np.ndarray[tuple[int], np.dtype[np.intp]]


def with_joins(hubs: list[Hub], links: list[LandLink]) -> list[LandLink]:
    """Road links with the curated fixed links, and with joins of what lies on one land mass."""
    stops = [hub for hub in hubs if hub.kind != "junction" or hub.hub_id.startswith("ROAD-")]
    found = [*links, *fixed_links(stops)]
    land = _land_masses(stops)
    for _ in range(ROUNDS):
        more = _shortest_joins(stops, land, parts(stops, found))
        if not more:
            break
        found += more
    return sorted(found, key=lambda link: (link.origin, link.destination))


def fixed_links(stops: list[Hub]) -> list[LandLink]:
    """Curated roads over bridges and dams where straight lines see only water."""
    by_id = {hub.hub_id: hub for hub in stops}
    found = []
    for row in curated("road_fixed_links"):
        a, b = by_id[row["from"]], by_id[row["to"]]
        crossed = list(dict.fromkeys((a.country, b.country)))
        found.append(
            LandLink(
                a.hub_id,
                b.hub_id,
                "road",
                float(row["km"]),
                crossed,
                "artic_truck",
                "xroute",
                row["confidence"],
                frontiers(crossed),
            )
        )
    return found


def _land_masses(stops: list[Hub]) -> Labels:
    """The number of the land polygon of each stop; -1 far from any."""
    frame = geopandas.read_file(natural_earth("physical", "ne_10m_land"))
    shapes = shapely.get_parts(frame.geometry.to_numpy())
    points = shapely.points([hub.lon for hub in stops], [hub.lat for hub in stops])
    near, shape = shapely.STRtree(shapes).query_nearest(points, max_distance=SHORE_DEG, all_matches=False)
    land = np.full(len(stops), -1, dtype=np.intp)
    land[near] = shape
    return land


def _shortest_joins(stops: list[Hub], land: Labels, part: Labels) -> list[LandLink]:
    best: dict[int, LandLink] = {}
    for mass in sorted(set(land.tolist()) - {-1}):
        rows = np.flatnonzero(land == mass)
        sizes = np.bincount(part[rows])
        if np.count_nonzero(sizes) < 2:
            continue
        outside = rows[part[rows] != int(np.argmax(sizes))]
        for owner, link in _joins_of(stops, part, rows, outside):
            if owner not in best or _rank(link) < _rank(best[owner]):
                best[owner] = link
    once = {frozenset((link.origin, link.destination)): link for _, link in sorted(best.items())}
    return list(once.values())


def _rank(link: LandLink) -> tuple[float, str, str]:
    return link.distance_km, link.origin, link.destination


def _joins_of(stops: list[Hub], part: Labels, rows: Labels, outside: Labels) -> list[tuple[int, LandLink]]:
    points = sphere([stops[int(row)] for row in rows])
    tree = cKDTree(points)
    _, near = tree.query(sphere([stops[int(row)] for row in outside]), k=min(NEAREST, len(rows)))
    pairs: dict[int, list[tuple[float, int, int]]] = {}
    for at, others in zip(outside.tolist(), np.atleast_2d(near), strict=True):
        for other in (int(rows[each]) for each in others):
            if part[other] != part[at]:
                km = distance_km(stops[at].point, stops[other].point)
                pairs.setdefault(int(part[at]), []).append((km, at, other))
    tried = [(owner, *pair) for owner, found in sorted(pairs.items()) for pair in sorted(found)[:TRIED]]
    if not tried:
        return []
    starts = np.array([stops[at].point for _, _, at, _ in tried])
    ends = np.array([stops[other].point for _, _, _, other in tried])
    return [
        (owner, road(stops[at], stops[other], km, crossing, round_water=1 + crossing.water_km / max(km, 1.0)))
        for (owner, km, at, other), crossing in zip(tried, crossings(starts, ends), strict=True)
        if _goes_round(stops[at], stops[other], km, crossing)
    ]


def _goes_round(a: Hub, b: Hub, km: float, crossing: Crossing) -> bool:
    """Whether a road round the water is plausible: a short bay, one country on both of its shores."""
    bay = crossing.water_km <= min(MOST_BAY_KM, 0.8 * km + 5.0)
    return km <= MOST_KM and bay and not crossing.parts_countries and is_open(a, b, crossing)

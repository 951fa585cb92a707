"""Road lanes between stops: measured on the roads of OpenStreetMap, thinned, with countries and shape."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import road_borders
import road_graph
import shapely
from earth import WGS84
from ferries import ferry_links
from land import frontiers, is_closed
from links import LandLink
from places import Hub
from road_estimates import estimates
from road_gaps import with_long_gaps
from road_graph import Floats, RoadGraph, Rows
from road_joins import fixed_links
from road_search import Snapped, points_of, reaches, searched, snapped
from road_thin import thinned
from sources import file_of

DETOUR = 1.038
"""Driven over measured kilometres: the open data is simplified and cuts bends.

Chosen so that the median error over tests/oracle/road_lengths.csv is nil on the finished lanes.
"""
DIRECT_FACTOR = 1.3
LEAST_FACTOR = 1.005
LEAST_KM = 0.5
LEAST_VISIT_KM = 15.0
LARGE_CITY = 500_000
SIMPLE_DEG = 0.02
DIGITS = 3
Pairs = tuple[Rows, Rows, Floats]
Path = list[int]


@dataclass(frozen=True, slots=True)
class Roads:
    """The mended graph and the owners of its nodes."""

    graph: RoadGraph
    owner: Any
    matrix: Any


def links(hubs: list[Hub]) -> tuple[list[LandLink], list[LandLink], list[str]]:
    """Road lanes, ro-ro ferries, and sentences about what stays unjoined."""
    stops = sorted(
        (hub for hub in hubs if hub.kind != "junction" or hub.hub_id.startswith("ROAD-")),
        key=lambda hub: hub.hub_id,
    )
    ferries, missing = ferry_links(stops)
    roads = mended(stops)
    snap = snapped(roads.graph, roads.owner, stops)
    pairs = candidates(roads, stops, snap)
    fixed = fixed_links(stops)
    kept = thinned(points_of(stops), pairs, bounds_km(stops, pairs), _rows_of(fixed, stops))
    lanes = [*_lanes(roads, stops, snap, (pairs[0][kept], pairs[1][kept], pairs[2][kept])), *fixed]
    guessed, alone = estimates(stops, lanes, ferries)
    found = sorted([*lanes, *guessed], key=lambda link: (link.origin, link.destination, link.distance_km))
    return found, ferries, [*missing, *alone]


def _rows_of(fixed: list[LandLink], stops: list[Hub]) -> list[tuple[int, int, float]]:
    row = {stop.hub_id: number for number, stop in enumerate(stops)}
    return [(row[link.origin], row[link.destination], link.distance_km) for link in fixed]


def mended(stops: list[Hub]) -> Roads:
    """The roads of the world without gaps that are none and without closed borders."""
    graph = road_graph.cut_fine(road_graph.read(file_of("scgraph_data", "world_highways.py")))
    graph = road_graph.with_fixed_links(road_graph.stitched(graph))
    owner = road_borders.owners(graph, stops)
    graph = with_long_gaps(road_borders.without_closed_borders(graph, owner), owner)
    return Roads(graph, owner, graph.matrix())


def candidates(roads: Roads, stops: list[Hub], snap: Snapped) -> Pairs:
    """Every pair of stops within reach of each other, once, with the kilometres between them."""
    found_a, found_b, found_km = [], [], []
    for rows, reach in reaches(stops, snap):
        nodes = snap.node[rows]
        for batch, region, km, _ in searched(roads.graph, roads.matrix, nodes, reach):
            local = np.full(len(roads.graph.lon), -1, dtype=np.int64)
            local[region] = np.arange(len(region))
            near = np.flatnonzero(local[nodes] >= 0)
            between = km[:, local[nodes[near]]]
            start, end = np.nonzero(between <= reach[batch][:, None])
            found_a.append(rows[batch[start]])
            found_b.append(rows[near[end]])
            found_km.append(between[start, end])
    a, b = np.concatenate(found_a), np.concatenate(found_b)
    low, high, km = np.minimum(a, b), np.maximum(a, b), np.concatenate(found_km)
    order = np.lexsort((km, high, low))
    low, high, km = low[order], high[order], km[order]
    first = np.concatenate([[True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])]) & (low != high)
    low, high = low[first], high[first]
    return low, high, _lane_km(stops, snap, low, high, km[first])


def _lane_km(stops: list[Hub], snap: Snapped, a: Rows, b: Rows, graph_km: Floats) -> Floats:
    """Access, road and access; the way straight across where access is most of it."""
    lon = np.array([hub.lon for hub in stops])
    lat = np.array([hub.lat for hub in stops])
    straight = WGS84.inv(lon[a], lat[a], lon[b], lat[b])[2] / 1000.0
    access = snap.access_km[a] + snap.access_km[b]
    km = DETOUR * graph_km + access
    direct = np.where(access >= DETOUR * graph_km, np.minimum(km, DIRECT_FACTOR * straight), km)
    found: Floats = np.maximum(np.maximum(direct, LEAST_FACTOR * straight), LEAST_KM)
    return found


def bounds_km(stops: list[Hub], pairs: Pairs) -> Floats:
    """How long the way over other lanes may be, so that a pair needs none of its own.

    Between large cities 2 %; other cities 3 % and 3 km, for the way into a place and out again; a port or an
    airport is mostly reached by way of its city: 5 % and 6 km.
    """
    a, b, km = pairs
    people = np.array([hub.population for hub in stops])
    least = np.minimum(people[a], people[b])
    found: Floats = np.where(
        least >= LARGE_CITY, 1.02 * km, np.where(least > 0, 1.03 * km + 3.0, 1.05 * km + 6.0)
    )
    return found


def _lanes(roads: Roads, stops: list[Hub], snap: Snapped, kept: Pairs) -> list[LandLink]:
    paths = _paths(roads, snap, kept)
    found = []
    for a, b, km, path in zip(*(column.tolist() for column in kept), paths, strict=True):
        crossed = _countries(roads, stops[a], stops[b], path)
        if is_closed(crossed):
            continue
        found.append(
            LandLink(
                stops[a].hub_id,
                stops[b].hub_id,
                "road",
                km,
                crossed,
                "artic_truck",
                "osm",
                "medium",
                frontiers(crossed),
                geometry=_shape(roads.graph, stops[a], stops[b], path),
            )
        )
    return found


def _paths(roads: Roads, snap: Snapped, kept: Pairs) -> list[Path]:
    """The nodes along each lane, from origin to destination."""
    a, b, km = kept
    order = np.argsort(a, kind="stable")
    starts, first = np.unique(a[order], return_index=True)
    groups = np.split(order, first[1:])
    reach = np.array([km[group].max() for group in groups]) + 1.0
    found: list[Path] = [[] for _ in range(len(a))]
    for batch, region, _, before in searched(roads.graph, roads.matrix, snap.node[starts], reach):
        local = {int(node): at for at, node in enumerate(region)} if len(batch) else {}
        for row, source in enumerate(batch.tolist()):
            trail = before[row]
            for lane in groups[source].tolist():
                path, at = [], local[int(snap.node[b[lane]])]
                while at >= 0:
                    path.append(int(region[at]))
                    at = int(trail[at])
                found[lane] = path[::-1]
    return found


def _countries(roads: Roads, a: Hub, b: Hub, path: Path) -> list[str]:
    """Countries in order; visits under 15 km count only where an end lies."""
    nodes = np.array(path, dtype=np.int64)
    codes = roads.owner[nodes].tolist()
    if len(set(codes)) == 1 and codes[0] == a.country == b.country:
        return [a.country]
    lon, lat = roads.graph.lon[nodes], roads.graph.lat[nodes]
    steps = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] / 1000.0
    share = np.zeros(len(nodes))
    share[:-1] += steps / 2
    share[1:] += steps / 2
    runs, at = [], 0
    for code, group in groupby(codes):
        count = len(list(group))
        runs.append((code, float(share[at : at + count].sum())))
        at += count
    long = [code for code, km in runs if km >= LEAST_VISIT_KM]
    crossed = [code for code, _ in groupby([a.country, *long, b.country])]
    if is_closed(crossed):
        crossed = [code for code, _ in groupby([a.country, *codes, b.country])]
    return crossed


def _shape(graph: RoadGraph, a: Hub, b: Hub, path: Path) -> tuple[tuple[float, float], ...]:
    """The lane on a map, to about 1 km, ends at the stops."""
    corners = [a.point, *((graph.lon[node], graph.lat[node]) for node in path), b.point]
    line = shapely.LineString(corners).simplify(SIMPLE_DEG, preserve_topology=False)
    found = [(round(x, DIGITS), round(y, DIGITS)) for x, y in line.coords]
    return tuple(point for point, _ in groupby(found))

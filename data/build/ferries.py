"""Ro-ro ferries and vehicle shuttles: curated crossings on which the lorry stays aboard, and their quays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from land import frontiers, is_closed
from links import LandLink
from places import Hub
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from sea import SeaLink
from sources import curated
from water import KM_PER_DEG

TOLERANCE_KM = 1.0


def ferry_ports(known: set[str]) -> list[Hub]:
    """The quays and shuttle terminals of the crossings that are no hub yet."""
    return [
        Hub(
            row["hub_id"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            row["kind"],
            row["country"],
            row["hub_id"] if len(row["hub_id"]) == 5 else "",
            confidence=row["confidence"],
        )
        for row in curated("ferry_ports")
        if row["hub_id"] not in known
    ]


def ferry_links(hubs: list[Hub]) -> tuple[list[LandLink], list[str]]:
    """The crossings between known hubs; and a sentence about each that has none."""
    by_id = {hub.hub_id: hub for hub in hubs}
    found, missing = [], []
    for row in curated("roro_ferries"):
        absent = [end for end in (row["from"], row["to"]) if end not in by_id]
        crossed = row["countries"].split(";")
        if absent:
            missing.append(f"ferry {row['name']}: no hub {' and '.join(absent)}")
            continue
        if is_closed(crossed):
            missing.append(f"ferry {row['name']}: between {' and '.join(crossed)} no freight passes")
            continue
        found.append(_crossing(by_id[row["from"]], by_id[row["to"]], crossed, row))
    return found, missing


def _crossing(a: Hub, b: Hub, crossed: list[str], row: dict[str, str]) -> LandLink:
    return LandLink(
        a.hub_id,
        b.hub_id,
        "ferry",
        float(row["km"]),
        crossed,
        "roro_ferry",
        "xroute",
        row["confidence"],
        frontiers(crossed),
        speed_km_h=float(row["speed_km_h"]) if row["speed_km_h"] else None,
    )


def sailed(crossings: list[LandLink], hubs: Iterable[Hub], lanes: list[SeaLink]) -> list[LandLink]:
    """The crossings drawn along the shortest way over the sea lanes, where both quays lie on them.

    The published length stays; the line is for maps. A crossing that no lane joins keeps its straight line.
    """
    places = {hub.hub_id: hub.point for hub in hubs}
    row = {hub_id: number for number, hub_id in enumerate(sorted({e for lane in lanes for e in _ends(lane)}))}
    ids = list(row)
    shortest = {_ends(lane): lane for lane in sorted(lanes, key=lambda lane: -lane.distance_km)}
    a, b = (np.array([row[ends[side]] for ends in shortest]) for side in (0, 1))
    km = np.array([lane.distance_km for lane in shortest.values()])
    graph = coo_matrix((km, (a, b)), shape=(len(row),) * 2).tocsr()
    shape = {ends: lane.geometry for ends, lane in shortest.items()}
    found = []
    for crossing in crossings:
        start, end = row.get(crossing.origin), row.get(crossing.destination)
        if start is None or end is None:
            found.append(crossing)
            continue
        _, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
        stops = [end]
        while before[stops[-1]] >= 0:
            stops.append(int(before[stops[-1]]))
        way = [ids[stop] for stop in reversed(stops)]
        found.append(replace(crossing, geometry=_drawn(way, places, shape)) if len(way) > 1 else crossing)
    return found


def _ends(lane: SeaLink) -> tuple[str, str]:
    return lane.origin, lane.destination


def _drawn(
    way: list[str],
    places: dict[str, tuple[float, float]],
    shape: dict[tuple[str, str], tuple[tuple[float, float], ...]],
) -> tuple[tuple[float, float], ...]:
    """Corners of a way through its lanes, without those that do not show on a map."""
    corners = [places[way[0]]]
    for one, other in pairwise(way):
        line = shape.get((one, other)) or tuple(reversed(shape.get((other, one)) or ()))
        corners += [*(line or (places[one], places[other]))[1:]]
    thin = shapely.simplify(shapely.LineString(corners), TOLERANCE_KM / KM_PER_DEG)
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(thin))

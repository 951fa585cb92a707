"""Road distances between stops: where each stop meets the graph, and what lies within its reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from earth import crossings
from places import Hub
from road_graph import EARTH_KM, Floats, RoadGraph, Rows, chord, unit_vectors
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

ACCESS_FACTOR = 1.2
MOST_ACCESS_KM = 60.0
MOST_WATER_KM = 5.0
SOUND = 300  # a part with so many nodes is no leftover of the simplification
CELL_DEG = 5.0
BATCH = 16
REACH_FACTOR = 1.6
LEVELS = ((0, 40, 150.0, 2500.0), (300_000, 24, 300.0, 1500.0), (1_000_000, 16, 600.0, 1500.0))
"""Least population, neighbours, least and most reach in km: towns look near, large cities far."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """The node of each stop (-1 for none) and the kilometres to it."""

    node: Rows
    access_km: Floats


def points_of(stops: list[Hub]) -> Floats:
    """Stops on the unit sphere."""
    return unit_vectors(np.array([hub.lon for hub in stops]), np.array([hub.lat for hub in stops]))


def arc_km(chords: Floats) -> Floats:
    """Great-circle kilometres under chords of the unit sphere."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(chords / 2, 1.0))


def snapped(graph: RoadGraph, owner: Any, stops: list[Hub]) -> Snapped:
    """The nearest node, or one of a sound part and of the own country if that is hardly farther."""
    part = graph.parts()
    is_sound = np.bincount(part)[part] >= SOUND
    nodes, points = unit_vectors(graph.lon, graph.lat), points_of(stops)
    gap, best = cKDTree(nodes).query(points)
    gap = arc_km(gap)
    for chosen in (_nearest_of(nodes, is_sound, points), _at_home(nodes, is_sound, owner, stops, points)):
        other, node = chosen
        better = other <= 1.5 * gap + 3.0
        gap, best = np.where(better, other, gap), np.where(better, node, best)
    best = np.where((gap <= MOST_ACCESS_KM) & ~_over_water(graph, stops, best, gap), best, -1)
    return Snapped(best.astype(np.int64), ACCESS_FACTOR * gap)


def _over_water(graph: RoadGraph, stops: list[Hub], node: Rows, gap: Floats) -> Any:
    """Whether a stop lies across water from its node: on an island without a road of the open data."""
    far = np.flatnonzero((gap > MOST_WATER_KM) & (gap <= MOST_ACCESS_KM))
    starts = np.array([stops[row].point for row in far])
    ends = np.column_stack([graph.lon[node[far]], graph.lat[node[far]]])
    found = np.zeros(len(stops), dtype=bool)
    found[far] = [crossing.water_km > MOST_WATER_KM for crossing in crossings(starts, ends)]
    return found


def _nearest_of(nodes: Floats, chosen: Any, points: Floats) -> tuple[Floats, Rows]:
    rows = np.flatnonzero(chosen)
    gap, near = cKDTree(nodes[rows]).query(points)
    return arc_km(gap), rows[near]


def _at_home(
    nodes: Floats, is_sound: Any, owner: Any, stops: list[Hub], points: Floats
) -> tuple[Floats, Rows]:
    gap, node = np.full(len(stops), np.inf), np.full(len(stops), -1, dtype=np.int64)
    homes = np.array([hub.country for hub in stops], dtype=object)
    for code in sorted(set(homes.tolist()) & set(owner.tolist())):
        own, rows = np.flatnonzero(homes == code), (owner == code) & is_sound
        if rows.any():
            gap[own], node[own] = _nearest_of(nodes, rows, points[own])
    return gap, node


def reaches(stops: list[Hub], snap: Snapped) -> Iterator[tuple[Rows, Floats]]:
    """For each level the stops that take part in it, and how far each looks, in kilometres."""
    points = points_of(stops)
    for least, neighbours, low, high in LEVELS:
        rows = np.flatnonzero(
            [at >= 0 and hub.population >= least for hub, at in zip(stops, snap.node, strict=True)]
        )
        far, _ = cKDTree(points[rows]).query(points[rows], k=min(neighbours + 1, len(rows)))
        yield rows, np.clip(REACH_FACTOR * arc_km(far[:, -1]), low, high)


def searched(
    graph: RoadGraph, matrix: Any, sources: Rows, reach_km: Floats
) -> Iterator[tuple[Rows, Rows, Floats, Any]]:
    """Dijkstra from each source node within its reach, in batches of near sources.

    Gives positions in `sources`, the nodes of a region around them, and km and predecessors
    (one row a source, one column a node of the region).
    """
    points = unit_vectors(graph.lon, graph.lat)
    cells = np.column_stack(
        [np.floor(graph.lat[sources] / CELL_DEG), np.floor(graph.lon[sources] / CELL_DEG)]
    )
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    for each in range(int(cell.max()) + 1):
        members = np.flatnonzero(cell.ravel() == each)
        members = members[np.argsort(reach_km[members], kind="stable")]
        centre = points[sources[members]].mean(axis=0)
        centre = centre / np.linalg.norm(centre)
        spread = arc_km(np.linalg.norm(points[sources[members]] - centre, axis=1)).max()
        radius = min(float(spread + reach_km[members].max()), 0.5 * np.pi * EARTH_KM)
        region = np.flatnonzero(np.linalg.norm(points - centre, axis=1) <= chord(radius))
        local = np.full(len(points), -1, dtype=np.int64)
        local[region] = np.arange(len(region))
        inner = matrix[region][:, region]
        for start in range(0, len(members), BATCH):
            batch = members[start : start + BATCH]
            km, before = dijkstra(
                inner,
                indices=local[sources[batch]],
                limit=float(reach_km[batch].max()),
                return_predecessors=True,
            )
            yield batch, region, km, before

"""Roads that break off and go on a few kilometres further: closed where the way round is long."""

from __future__ import annotations

from typing import Any

import numpy as np
from earth import crossings
from road_graph import Floats, RoadGraph, Rows, chord, geodesics_km, unit_vectors
from road_search import searched
from scipy.spatial import cKDTree

MOST_GAP_KM = 8.0
NEAR = 24
LEAST_WAY_ROUND_KM = 80.0
LONG_WAY_ROUND = 10.0
AHEAD = 0.6  # cosine of the angle within which the road must point at its continuation
MOST_WATER_KM = 1.0
GAP_FACTOR = 1.2


def with_long_gaps(graph: RoadGraph, owner: Any) -> RoadGraph:
    """Dead ends joined over dry land of one country to what lies ahead of them within 8 km."""
    matrix = graph.matrix()
    ends = np.flatnonzero(np.diff(matrix.indptr) == 1)
    points = unit_vectors(graph.lon, graph.lat)
    at, to = _ahead(points, ends, matrix.indices[matrix.indptr[ends]])
    same = owner[at] == owner[to]
    at, to = at[same], to[same]
    gap = geodesics_km(graph, at, to)
    at, to, gap = _worth_it(graph, matrix, at, to, gap)
    if not len(at):
        return graph
    starts = np.column_stack([graph.lon[at], graph.lat[at]])
    ends_at = np.column_stack([graph.lon[to], graph.lat[to]])
    dry = np.array([crossing.water_km < MOST_WATER_KM for crossing in crossings(starts, ends_at)])
    return graph.joined(at[dry], to[dry], GAP_FACTOR * gap[dry])


def _ahead(points: Floats, ends: Rows, before: Rows) -> tuple[Rows, Rows]:
    """Dead ends and the nodes near them in the direction in which they break off."""
    tree = cKDTree(points)
    _, near = tree.query(points[ends], k=NEAR, distance_upper_bound=chord(MOST_GAP_KM))
    at, to = np.repeat(ends, NEAR), near.ravel()
    heading = np.repeat(_unit(points[ends] - points[before]), NEAR, axis=0)
    found = (to < len(points)) & (to != at)
    at, to, heading = at[found], to[found], heading[found]
    is_ahead = np.sum(_unit(points[to] - points[at]) * heading, axis=1) >= AHEAD
    return at[is_ahead], to[is_ahead]


def _unit(vectors: Floats) -> Floats:
    found: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None]
    return found


def _worth_it(graph: RoadGraph, matrix: Any, at: Rows, to: Rows, gap: Floats) -> tuple[Rows, Rows, Floats]:
    """For each dead end the nearest node ahead whose way round is long: one stitch, or none."""
    sources, first = np.unique(at, return_index=True)
    groups = np.split(np.arange(len(at)), first[1:]) if np.all(np.diff(at) >= 0) else []
    reach = np.full(len(sources), max(LEAST_WAY_ROUND_KM, LONG_WAY_ROUND * MOST_GAP_KM))
    chosen = []
    for batch, region, km, _ in searched(graph, matrix, sources, reach):
        local = np.full(len(graph.lon), -1, dtype=np.int64)
        local[region] = np.arange(len(region))
        for row, source in enumerate(batch.tolist()):
            lanes = groups[source][np.argsort(gap[groups[source]], kind="stable")]
            spot = local[to[lanes]]
            way = np.where(spot >= 0, km[row][spot], np.inf)
            least = np.maximum(LEAST_WAY_ROUND_KM, LONG_WAY_ROUND * gap[lanes])
            far = lanes[way >= least]
            chosen += far[:1].tolist()
    kept = np.array(sorted(chosen), dtype=np.int64)
    return at[kept], to[kept], gap[kept]

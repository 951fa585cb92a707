"""Whose each road is, and no road across a closed border."""

from __future__ import annotations

import numpy as np
from earth import countries
from land import closed_borders
from places import Hub
from road_graph import Floats, RoadGraph, Rows, unit_vectors
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

SLIVER_KM = 12.0
Codes = np.ndarray[tuple[int], np.dtype[np.object_]]


def owners(graph: RoadGraph, stops: list[Hub]) -> Codes:
    """The country of each node: at sea that of the nearest node on land, in slivers that around them."""
    found = countries().at(graph.lon, graph.lat)
    points = unit_vectors(graph.lon, graph.lat)
    on_land, at_sea = np.flatnonzero(found != ""), np.flatnonzero(found == "")
    _, near = cKDTree(points[on_land]).query(points[at_sea])
    found[at_sea] = found[on_land[near]]
    return _without_slivers(graph, _overseas(graph, found, points, stops))


def _overseas(graph: RoadGraph, found: Codes, points: Floats, stops: list[Hub]) -> Codes:
    """French regions that the map counts as France and the lists of places do not."""
    away = np.flatnonzero((found == "FR") & ((graph.lat < 41.0) | (np.abs(graph.lon) > 12.0)))
    homes = unit_vectors(np.array([hub.lon for hub in stops]), np.array([hub.lat for hub in stops]))
    codes = np.array([hub.country for hub in stops], dtype=object)
    if len(away):
        _, near = cKDTree(homes).query(points[away])
        found[away] = codes[near]
    return found


def _without_slivers(graph: RoadGraph, found: Codes) -> Codes:
    """Short stretches between two borders given to the country that surrounds them.

    Maps and roads differ by some hundred metres, so a road along a border seems to cross it many times.
    """
    _, codes = np.unique(found.astype(str), return_inverse=True)
    same = codes[graph.a] == codes[graph.b]
    count = len(graph.lon)
    inner = csr_matrix((np.ones(int(same.sum())), (graph.a[same], graph.b[same])), shape=(count, count))
    piece = connected_components(inner, directed=False)[1]
    length = np.bincount(piece[graph.a[same]], weights=graph.km[same], minlength=int(piece.max()) + 1)
    small = length < SLIVER_KM
    neighbour: dict[int, dict[str, float]] = {}
    for edge in np.flatnonzero(~same).tolist():
        here, there = int(graph.a[edge]), int(graph.b[edge])
        for node, other in ((here, there), (there, here)):
            if small[piece[node]] and not small[piece[other]]:
                seen = neighbour.setdefault(int(piece[node]), {})
                code = str(found[other])
                seen[code] = seen.get(code, 0.0) + length[piece[other]]
    result = found.copy()
    for node in np.flatnonzero(small[piece]).tolist():
        around = neighbour.get(int(piece[node]))
        if around:
            result[node] = max(sorted(around), key=lambda code: around[code])
    return result


def without_closed_borders(graph: RoadGraph, owner: Codes) -> RoadGraph:
    """The graph without roads that join the two countries of a closed border."""
    names, codes = np.unique(owner.astype(str), return_inverse=True)
    row = {str(name): at for at, name in enumerate(names)}
    low, high = np.minimum(codes[graph.a], codes[graph.b]), np.maximum(codes[graph.a], codes[graph.b])
    key: Rows = low.astype(np.int64) * len(names) + high
    pairs = [sorted(row[code] for code in pair) for pair in closed_borders() if pair <= row.keys()]
    return graph.kept(~np.isin(key, sorted(a * len(names) + b for a, b in pairs)))

"""The world's main roads as a graph: read from the text of scgraph-data, cut fine, mended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from earth import WGS84
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from sources import curated

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

EARTH_KM = 6371.0
PIECE_KM = 10.0  # long edges are cut to pieces of this length, so that stops along them find the road
CROOKED = 1.3  # an edge so much longer than the geodesic lies somewhere else than its chord
GAP_KM = 2.0
DEAD_END_KM = 1.0
GAP_SPACING_DEG = 0.2  # two parts may be stitched once in a cell of this size
GAP_FACTOR = 1.2
LEAST_KM = 0.01
SOUND = 20  # a curated end that is no node exactly means the nearest one of a part of so many nodes
EXACT_KM = 0.3


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Nodes by longitude and latitude; each edge once, with its length along the road."""

    lon: Floats
    lat: Floats
    a: Rows
    b: Rows
    km: Floats

    def joined(self, a: Rows, b: Rows, km: Floats) -> RoadGraph:
        """The same nodes and more edges."""
        return RoadGraph(
            self.lon,
            self.lat,
            np.concatenate([self.a, a]),
            np.concatenate([self.b, b]),
            np.concatenate([self.km, km]),
        )

    def kept(self, edges: Mask) -> RoadGraph:
        """The same nodes and the chosen edges."""
        return RoadGraph(self.lon, self.lat, self.a[edges], self.b[edges], self.km[edges])

    def matrix(self) -> Any:
        """Kilometres as a symmetric sparse matrix; of parallel edges the shortest, never zero."""
        low, high = np.minimum(self.a, self.b), np.maximum(self.a, self.b)
        order = np.lexsort((self.km, high, low))
        low, high, km = low[order], high[order], np.maximum(self.km[order], LEAST_KM)
        first = np.concatenate([[True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])]) & (low != high)
        ends = (
            np.concatenate([low[first], high[first]]),
            np.concatenate([high[first], low[first]]),
        )
        return csr_matrix((np.tile(km[first], 2), ends), shape=(len(self.lon), len(self.lon)))

    def parts(self) -> Rows:
        """The number of the connected part of each node."""
        ones = np.ones(len(self.a), dtype=np.int8)
        graph = csr_matrix((ones, (self.a, self.b)), shape=(len(self.lon), len(self.lon)))
        found: Rows = connected_components(graph, directed=False)[1].astype(np.int64)
        return found


def read(path: Path) -> RoadGraph:
    """The roads of `world_highways.py`: two literals, `graph` ({neighbour: km} by node) and `nodes`."""
    text = path.read_bytes()
    rows, ends, km = _neighbours(_literal(text, b"graph=["))
    places = _numbers(_literal(text, b"nodes=[")).reshape(-1, 2)
    once = rows < ends
    return RoadGraph(places[:, 1].copy(), places[:, 0].copy(), rows[once], ends[once], km[once])


_SPACES = bytes.maketrans(b"{}[]:,", b"      ")


def _literal(text: bytes, name: bytes) -> bytes:
    start = text.index(b"\n" + name) + len(name) + 1
    return text[start : text.index(b"\n", start)]


def _numbers(text: bytes) -> Floats:
    return np.fromstring(text.translate(_SPACES).decode("ascii"), dtype=np.float64, sep=" ")


def _neighbours(text: bytes) -> tuple[Rows, Rows, Floats]:
    """Node, neighbour and kilometres: the node of a neighbour is the count of braces closed before it."""
    signs = np.frombuffer(text, dtype=np.uint8)
    signs = signs[(signs == ord(":")) | (signs == ord("}"))]
    rows = np.cumsum(signs == ord("}"))[signs == ord(":")]
    pairs = _numbers(text).reshape(-1, 2)
    return rows.astype(np.int64), pairs[:, 0].astype(np.int64), pairs[:, 1]


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Points on the unit sphere."""
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def chord(km: float) -> float:
    """The length of a chord of the unit sphere under an arc of so many kilometres."""
    return float(2 * np.sin(km / EARTH_KM / 2))


def geodesics_km(graph: RoadGraph, a: Rows, b: Rows) -> Floats:
    """Geodesic distances between pairs of nodes."""
    found: Floats = WGS84.inv(graph.lon[a], graph.lat[a], graph.lon[b], graph.lat[b])[2] / 1000.0
    return found


def cut_fine(graph: RoadGraph) -> RoadGraph:
    """The same roads with long straight edges in pieces of about 10 km."""
    straight = geodesics_km(graph, graph.a, graph.b)
    pieces = np.ceil(graph.km / PIECE_KM).astype(np.int64)
    long = np.flatnonzero((pieces > 1) & (graph.km < CROOKED * straight))
    lon, lat, a, b, km = [graph.lon], [graph.lat], [], [], []
    count = len(graph.lon)
    for edge in long.tolist():
        inner, start, end = int(pieces[edge]) - 1, int(graph.a[edge]), int(graph.b[edge])
        between = WGS84.npts(graph.lon[start], graph.lat[start], graph.lon[end], graph.lat[end], inner)
        points = np.array(between)
        lon.append(points[:, 0])
        lat.append(points[:, 1])
        chain = np.array([start, *range(count, count + inner), end], dtype=np.int64)
        a.append(chain[:-1])
        b.append(chain[1:])
        km.append(np.full(inner + 1, graph.km[edge] / (inner + 1)))
        count += inner
    rest = np.ones(len(graph.a), dtype=bool)
    rest[long] = False
    short = graph.kept(rest)
    finer = RoadGraph(np.concatenate(lon), np.concatenate(lat), short.a, short.b, short.km)
    return finer.joined(np.concatenate(a), np.concatenate(b), np.concatenate(km)) if a else finer


def stitched(graph: RoadGraph) -> RoadGraph:
    """The graph with gaps closed: between parts up to 2 km, from dead ends up to 1 km."""
    points = unit_vectors(graph.lon, graph.lat)
    part = graph.parts()
    return _with_dead_ends(_with_gaps(graph, points, part), points)


def _with_gaps(graph: RoadGraph, points: Floats, part: Rows) -> RoadGraph:
    """Parts joined where they come near, shortest gap first, once a cell and pair of parts."""
    size = np.bincount(part)
    main = int(np.argmax(size))
    outside = np.flatnonzero(part != main)
    tree, reach = cKDTree(points), chord(GAP_KM)
    gaps, near = tree.query(points[outside], k=16, distance_upper_bound=reach)
    at = np.repeat(outside, near.shape[1])
    to, gap = near.ravel(), gaps.ravel()
    found = np.isfinite(gap)
    at, to, gap = at[found], to[found], gap[found]
    apart = part[at] != part[to]
    at, to, gap = at[apart], to[apart], gap[apart]
    order = np.lexsort((to, at, gap))
    seen: set[tuple[int, int, int, int]] = set()
    a, b = [], []
    for row in order.tolist():
        here, there = int(at[row]), int(to[row])
        low, high = sorted((int(part[here]), int(part[there])))
        cell = int(graph.lon[here] / GAP_SPACING_DEG), int(graph.lat[here] / GAP_SPACING_DEG)
        if (low, high, *cell) not in seen:
            seen.add((low, high, *cell))
            a.append(here)
            b.append(there)
    return _with_stitches(graph, a, b)


def _with_dead_ends(graph: RoadGraph, points: Floats) -> RoadGraph:
    """Dead ends joined to the nearest node that is no neighbour of theirs."""
    matrix = graph.matrix()
    ends = np.flatnonzero(np.diff(matrix.indptr) == 1)
    _, near = cKDTree(points).query(points[ends], k=6, distance_upper_bound=chord(DEAD_END_KM))
    a, b = [], []
    for end, others in zip(ends.tolist(), near.tolist(), strict=True):
        neighbour = int(matrix.indices[matrix.indptr[end]])
        beyond = matrix.indices[matrix.indptr[neighbour] : matrix.indptr[neighbour + 1]].tolist()
        known = {end, neighbour, len(points), *beyond}
        other = next((other for other in others if other not in known), None)
        if other is not None:
            a.append(end)
            b.append(other)
    return _with_stitches(graph, a, b)


def _with_stitches(graph: RoadGraph, a: list[int], b: list[int]) -> RoadGraph:
    if not a:
        return graph
    at, to = np.array(a, dtype=np.int64), np.array(b, dtype=np.int64)
    return graph.joined(at, to, GAP_FACTOR * geodesics_km(graph, at, to) + LEAST_KM)


def with_fixed_links(graph: RoadGraph) -> RoadGraph:
    """The graph with the bridges, tunnels and causeways of road_stitches.csv, and without its cuts."""
    points = unit_vectors(graph.lon, graph.lat)
    part = graph.parts()
    sound = np.flatnonzero(np.bincount(part)[part] >= SOUND)
    rows = [row for row in curated("road_stitches") if row["kind"] == "stitch"]
    lon = np.array([[float(row["from_lon"]), float(row["to_lon"])] for row in rows])
    lat = np.array([[float(row["from_lat"]), float(row["to_lat"])] for row in rows])
    ends = unit_vectors(lon.ravel(), lat.ravel())
    gap, exact = cKDTree(points).query(ends)
    _, near = cKDTree(points[sound]).query(ends)
    pairs = np.where(gap <= chord(EXACT_KM), exact, sound[near]).reshape(-1, 2)
    km = np.array([float(row["km"]) for row in rows])
    return _cut(graph.joined(pairs[:, 0], pairs[:, 1], km), points)


def _cut(graph: RoadGraph, points: Floats) -> RoadGraph:
    """Without the edges that pass a place which freight may not pass."""
    kept = np.ones(len(graph.a), dtype=bool)
    for row in curated("road_stitches"):
        if row["kind"] != "cut":
            continue
        centre = unit_vectors(np.array([float(row["from_lon"])]), np.array([float(row["from_lat"])]))[0]
        near = np.linalg.norm(points - centre, axis=1) <= chord(float(row["km"]))
        kept &= ~(near[graph.a] | near[graph.b])
    return graph.kept(kept)

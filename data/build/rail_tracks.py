"""The railway tracks of OpenStreetMap in scgraph-data: read as text, mended, told apart by gauge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from earth import countries
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from sources import curated, file_of

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

EARTH_KM = 6371.0
STITCH_KM = 2.0
LONG_WAY_KM = 40.0
LEAST_STITCH_KM = 0.001
NEAR = 12
DEFAULT_GAUGE_MM = 1435


@dataclass(frozen=True, slots=True)
class Tracks:
    """Track points, and undirected stretches between pairs of them."""

    points: Floats
    """Longitude and latitude, one row a point."""
    a: Rows
    b: Rows
    km: Floats

    def matrix(self, km: Floats | None = None) -> Any:
        """The stretches as a symmetric sparse matrix; a stretch of no length counts a metre."""
        lengths = np.maximum(self.km if km is None else km, LEAST_STITCH_KM)
        ends = np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])
        return csr_matrix((np.tile(lengths, 2), ends), shape=(len(self.points), len(self.points)))

    def joined(self, pairs: Iterable[tuple[int, int, float]]) -> Tracks:
        """The same tracks with more stretches: two points and kilometres each."""
        more = list(pairs)
        if not more:
            return self
        return replace(
            self,
            a=np.concatenate([self.a, np.array([pair[0] for pair in more])]),
            b=np.concatenate([self.b, np.array([pair[1] for pair in more])]),
            km=np.concatenate([self.km, np.array([pair[2] for pair in more])]),
        )

    def kept(self, chosen: Any) -> Tracks:
        """The same points with the chosen stretches alone."""
        return replace(self, a=self.a[chosen], b=self.b[chosen], km=self.km[chosen])


def read() -> Tracks:
    """The tracks as shipped: read as text, since importing the module would need its package."""
    text = file_of("scgraph_data", "world_railways.py").read_text("utf-8")
    start, middle = text.index("graph=") + len("graph="), text.index("nodes=")
    end = text.index("]]", middle)
    numbers = np.array(re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text[middle:end]), dtype=np.float64)
    points = np.ascontiguousarray(numbers.reshape(-1, 2)[:, ::-1])
    a, b, km = _stretches(text[start:middle])
    return Tracks(points, a, b, km)


def _stretches(text: str) -> tuple[Rows, Rows, Floats]:
    """Both ends and kilometres of each stretch, once, loops left out."""
    at, to, km = [], [], []
    for row, cell in enumerate(re.findall(r"\{([^}]*)\}", text)):
        for pair in cell.split(", ") if cell else []:
            other, length = pair.split(": ")
            at.append(row)
            to.append(int(other))
            km.append(float(length))
    a, b, lengths = np.array(at), np.array(to), np.array(km)
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((lengths, high, low))
    low, high, lengths = low[order], high[order], lengths[order]
    first = np.concatenate([[True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])])
    first &= low != high
    return low[first], high[first], lengths[first]


def sphere(points: Floats) -> Floats:
    """Points on the unit sphere."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def chord(km: float) -> float:
    """The straight line through a unit sphere between points so many km apart on the Earth."""
    return float(2 * np.sin(km / EARTH_KM / 2))


def stitched(tracks: Tracks) -> Tracks:
    """Dead ends joined to other parts within 2 km, then to tracks of their own part a long way round."""
    found = tracks
    while True:
        pairs = _to_other_parts(found)
        if not pairs:
            return found.joined(_over_gaps(found))
        found = found.joined(pairs)


def _dead_ends(tracks: Tracks) -> Rows:
    degree = np.bincount(np.concatenate([tracks.a, tracks.b]), minlength=len(tracks.points))
    return np.flatnonzero(degree <= 1)


def _near(tracks: Tracks, ends: Rows) -> Iterable[tuple[int, list[tuple[float, int]]]]:
    """The nearest points of each dead end within 2 km: kilometres and row."""
    sphered = sphere(tracks.points)
    off, rows = cKDTree(sphered).query(sphered[ends], k=NEAR * 4, distance_upper_bound=chord(STITCH_KM))
    for end, chords, others in zip(ends, off, rows, strict=True):
        near = np.isfinite(chords) & (others != end)
        yield (
            int(end),
            [(float(km) * EARTH_KM, int(to)) for km, to in zip(chords[near], others[near], strict=True)],
        )


def _to_other_parts(tracks: Tracks) -> list[tuple[int, int, float]]:
    """For each dead end the nearest point of another part; the shortest stitch of each pair of parts."""
    part = connected_components(tracks.matrix(), directed=False)[1]
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for end, near in _near(tracks, _dead_ends(tracks)):
        for km, to in near:
            if part[to] != part[end]:
                key = (min(part[end], part[to]), max(part[end], part[to]))
                best[key] = min(best.get(key, (np.inf, 0, 0)), (km, end, to))
                break
    return [(end, to, km) for km, end, to in (best[key] for key in sorted(best))]


def _over_gaps(tracks: Tracks) -> list[tuple[int, int, float]]:
    """Stitches within a part where the way round the gap is long."""
    graph, found = tracks.matrix(), []
    for end, near in _near(tracks, _dead_ends(tracks)):
        if not near:
            continue
        km_round = dijkstra(graph, directed=False, indices=end, limit=LONG_WAY_KM)
        for km, to in near[:NEAR]:
            if not np.isfinite(km_round[to]):
                found.append((end, to, km))
                break
    return found


def hand_stitched(tracks: Tracks) -> tuple[Tracks, list[str]]:
    """The curated stitches, from the track nearest each end; sentences on misses."""
    tree = cKDTree(sphere(tracks.points))
    pairs, missed = [], []
    for row in curated("rail_stitches"):
        rows = []
        for end in ("a", "b"):
            place = np.array([[float(row[f"lon_{end}"]), float(row[f"lat_{end}"])]])
            off, near = tree.query(sphere(place)[0])
            rows.append(int(near))
            if off > chord(5.0):
                missed.append(f"rail stitch {row['name']}: no track within 5 km of its end {end}")
        if rows[0] != rows[1]:
            pairs.append((rows[0], rows[1], float(row["km"])))
    return tracks.joined(pairs), missed


def homes(points: Floats) -> np.ndarray[Any, Any]:
    """The country of each point; for points off the map's land, that of the nearest point on it."""
    found = countries().at(points[:, 0], points[:, 1])
    known = np.flatnonzero(found != "")
    unknown = np.flatnonzero(found == "")
    if len(unknown):
        _, near = cKDTree(sphere(points[known])).query(sphere(points[unknown]))
        found[unknown] = found[known[near]]
    return found


@cache
def gauges() -> dict[str, int]:
    """The main gauge of countries that are not of standard gauge, mm."""
    return {row["country"]: int(row["gauge_mm"]) for row in curated("gauges")}


def gauge_of(country: str) -> int:
    """The main gauge of a country's freight lines, mm.

    >>> gauge_of("KZ"), gauge_of("DE")
    (1520, 1435)
    """
    return gauges().get(country, DEFAULT_GAUGE_MM)

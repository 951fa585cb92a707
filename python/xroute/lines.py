"""Lines on the globe as arrays of (longitude, latitude): great circles, splitting at a meridian, WKT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MEAN_RADIUS_KM = 6371.0088
"""Mean radius of the WGS 84 ellipsoid (IUGG); for drawing only, never for a reported distance."""

_RING = re.compile(r"\(([^()]+)\)")


def split_antimeridian(coords: ArrayLike, *, cut_lon: float = 180.0) -> list[NDArray[np.float64]]:
    """The parts of a line that a map cut at `cut_lon` can draw, longitudes in [cut_lon - 360, cut_lon].

    Between two points the line takes the shorter way round. Raises `InputError` unless `coords` is (n, 2)
    and finite.

    >>> [part.tolist() for part in split_antimeridian([(170, 0), (-170, 10)])]
    [[[170.0, 0.0], [180.0, 5.0]], [[-180.0, 5.0], [-170.0, 10.0]]]
    """
    line = _checked(coords)
    if len(line) < 2:
        return []
    points = _with_crossings(np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]]), cut_lon)
    middles = (points[:-1, 0] + points[1:, 0]) / 2.0
    bands = np.floor((middles - (cut_lon - 360.0)) / 360.0)
    breaks = np.flatnonzero(np.diff(bands)) + 1
    starts, ends = [0, *breaks], [*breaks, len(bands)]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        part = points[start : end + 1] - np.array([360.0 * bands[start], 0.0])
        if np.ptp(part, axis=0).max() > 0.0:
            parts.append(part)
    return parts


def _checked(coords: ArrayLike) -> NDArray[np.float64]:
    line = np.asarray(coords, dtype=np.float64)
    if line.size == 0:
        return np.empty((0, 2))
    if line.ndim != 2 or line.shape[1] != 2 or not np.isfinite(line).all():
        raise InputError(f"expected finite (longitude, latitude) pairs, got an array of shape {line.shape}")
    return line


def _with_crossings(points: NDArray[np.float64], cut_lon: float) -> NDArray[np.float64]:
    turns = np.floor((points[:, 0] - cut_lon) / 360.0)
    if np.ptp(turns) == 0:
        return points
    found = [points[:1]]
    for start, end in pairwise(points):
        low, high = sorted((start[0], end[0]))
        first, last = int(np.floor((low - cut_lon) / 360.0)) + 1, int(np.ceil((high - cut_lon) / 360.0)) - 1
        cuts = np.array([cut_lon + 360.0 * turn for turn in range(first, last + 1)])
        if len(cuts):
            share = (cuts - start[0]) / (end[0] - start[0])
            crossings = np.column_stack([cuts, start[1] + share * (end[1] - start[1])])
            found.append(crossings if end[0] > start[0] else crossings[::-1])
        found.append(end[None, :])
    return np.vstack(found)


def great_circle(
    start: Sequence[float], end: Sequence[float], *, step_km: float = 100.0
) -> NDArray[np.float64]:
    """Points along the great circle between two (longitude, latitude) places, at most `step_km` apart.

    >>> great_circle((0, 0), (0, 1)).round(6).tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]]
    """
    ends = _checked([start, end])
    vectors = _unit_vectors(ends)
    angle = float(np.arccos(np.clip(vectors[0] @ vectors[1], -1.0, 1.0)))
    count = max(1, int(np.ceil(angle * MEAN_RADIUS_KM / step_km)))
    if np.sin(angle) < 1e-9:
        return ends  # the same place, or antipodes: no single great circle
    share = np.linspace(0.0, 1.0, count + 1)[:, None]
    between = (np.sin((1.0 - share) * angle) * vectors[0] + np.sin(share * angle) * vectors[1]) / np.sin(
        angle
    )
    lat = np.degrees(np.arcsin(np.clip(between[:, 2], -1.0, 1.0)))
    lon = np.degrees(np.arctan2(between[:, 1], between[:, 0]))
    points = np.column_stack([lon, lat])
    points[0], points[-1] = ends[0], ends[1]
    return points


def _unit_vectors(points: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def densified(coords: ArrayLike, *, step_km: float = 100.0) -> NDArray[np.float64]:
    """A line with great circles between its points: what an aircraft flies and a ship sails."""
    line = _checked(coords)
    if len(line) < 2:
        return line
    pieces = [great_circle(a, b, step_km=step_km)[:-1] for a, b in pairwise(line)]
    return np.vstack([*pieces, line[-1:]])


def parts_of_wkt(text: str) -> tuple[NDArray[np.float64], ...]:
    """The parts of a WKT LINESTRING or MULTILINESTRING; an empty text has none.

    Raises `InputError` for any other geometry.

    >>> [part.tolist() for part in parts_of_wkt("LINESTRING (4 52, 9 50)")]
    [[[4.0, 52.0], [9.0, 50.0]]]
    """
    head = text.lstrip()[:15].upper()
    if not head or head.rstrip().endswith("EMPTY"):
        return ()
    if not head.startswith(("LINESTRING", "MULTILINESTRING")):
        raise InputError(f"expected WKT of a line, got {text[:40]!r}", table="legs", column="wkt")
    return tuple(_ring(match) for match in _RING.findall(text))


def _ring(text: str) -> NDArray[np.float64]:
    try:
        return _checked([[float(number) for number in point.split()[:2]] for point in text.split(",")])
    except ValueError as error:
        raise InputError(f"no coordinates in {text[:40]!r}", table="legs", column="wkt") from error


def wkt_of(parts: Sequence[Any], *, decimals: int = 4) -> str:
    """WKT of a line in parts, 11 m fine by default; empty text for no part.

    >>> wkt_of(split_antimeridian([(170, 0), (-170, 0)]))
    'MULTILINESTRING ((170 0, 180 0), (-180 0, -170 0))'
    """
    rings = [
        "(" + ", ".join(f"{_plain(x, decimals)} {_plain(y, decimals)}" for x, y in part) + ")"
        for part in parts
    ]
    if not rings:
        return ""
    return f"LINESTRING {rings[0]}" if len(rings) == 1 else f"MULTILINESTRING ({', '.join(rings)})"


def _plain(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

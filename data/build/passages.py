"""Passages: lines drawn across the water, and which stretches cross them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from sources import curated

Segment = tuple[tuple[float, float], tuple[float, float]]


def lines() -> dict[str, list[tuple[float, float]]]:
    """The line of each passage: corners (lon, lat) from shore to shore."""
    found = {}
    for row in curated("passages"):
        corners = [corner.split() for corner in row["line"].split(";")]
        found[row["passage_id"]] = [(float(x), float(y)) for x, y in corners]
    return found


def tags(segments: list[Segment]) -> list[str]:
    """The passages that each straight segment crosses, joined by `;` in the order of the table."""
    crossed: list[list[str]] = [[] for _ in segments]
    starts = np.array([segment[0] for segment in segments])
    ends = np.array([segment[1] for segment in segments])
    ends = np.column_stack([_beside(ends[:, 0], starts[:, 0]), ends[:, 1]])
    for name, corners in lines().items():
        hit = np.zeros(len(segments), dtype=bool)
        for a, b in pairwise(corners):
            for shift in (-360.0, 0.0, 360.0):
                hit |= _cross(starts, ends, (a[0] + shift, a[1]), (b[0] + shift, b[1]))
        for at in np.flatnonzero(hit):
            crossed[at].append(name)
    return [";".join(names) for names in crossed]


def _beside(lon: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Longitudes moved by whole turns so that none is over half a turn from the other end."""
    return lon - 360.0 * np.round((lon - other) / 360.0)


def _cross(
    starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any], a: tuple[float, float], b: tuple[float, float]
) -> np.ndarray[Any, Any]:
    def side(p: Any, q: Any, r: Any) -> Any:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    start, end = starts.T, ends.T
    splits_line = side(start, end, a) * side(start, end, b) <= 0
    return splits_line & (side(a, b, start) * side(a, b, end) <= 0)

"""Passages: lines drawn across the water, and which stretches cross them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sources import curated

Array = np.ndarray[Any, Any]


def lines() -> dict[str, list[tuple[float, float]]]:
    """The line of each passage: corners (lon, lat) from shore to shore."""
    found = {}
    for row in curated("passages"):
        corners = [corner.split() for corner in row["line"].split(";")]
        found[row["passage_id"]] = [(float(x), float(y)) for x, y in corners]
    return found


def tags(shapes: Array) -> list[str]:
    """The passages that each line crosses, joined by `;` in the order of the table."""
    tree = shapely.STRtree(shapes)
    crossed: list[list[str]] = [[] for _ in shapes]
    for name, corners in lines().items():
        rows: set[int] = set()
        for shift in (-360.0, 0.0, 360.0):
            line = shapely.LineString([(x + shift, y) for x, y in corners])
            rows.update(tree.query(line, predicate="intersects").tolist())
        for row in sorted(rows):
            crossed[row].append(name)
    return [";".join(names) for names in crossed]

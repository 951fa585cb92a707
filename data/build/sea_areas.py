"""The waters in which feeders run: one area for each port and junction (data/curated/sea_areas.csv)."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from places import Hub
from sources import curated


def areas(hubs: Sequence[Hub]) -> dict[str, str]:
    """Area by hub id; the first area of the table that holds a hub; hubs in none are left out."""
    rows = curated("sea_areas")
    shapes = [
        shapely.Polygon([tuple(map(float, corner.split())) for corner in row["polygon"].split(";")])
        for row in rows
    ]
    points = shapely.points([hub.point for hub in hubs])
    found: dict[str, str] = {}
    for row, shape in zip(rows, shapes, strict=True):
        for at in shapely.contains(shape, points).nonzero()[0].tolist():
            found.setdefault(hubs[at].hub_id, row["sea_area"])
    return found

"""Ways out of harbours that see no open water: the cheapest over a fine grid, drawn taut.

Rivers and lakes are land to Natural Earth, so the open lanes that lie on land count as water here. What is
found joins a port to the points of the sea network around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import water
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

CELL_DEG = 0.005
HALF_DEG = (0.5, 1.2)  # least and most of a window, degrees of latitude
SHORE, LANE, LAND = 2.0, 1.5, 25.0  # cost of a kilometre, open water 1
SECTORS = 4
TOLERANCE_KM = 0.4
SLACK = 1.002
MOST_COST_KM = 250.0  # ten kilometres over land: what a way may cost beyond the cheapest
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """Cost of a kilometre by cell around a port, south to north and west to east."""

    west: float
    south: float
    width_deg: float
    cost: Array

    def cell(self, lon: Array, lat: Array) -> tuple[Array, Array]:
        """Row and column of points."""
        row = np.floor((lat - self.south) / CELL_DEG).astype(int)
        col = np.floor((lon - self.west) / self.width_deg).astype(int)
        return row, col

    def holds(self, lon: Array, lat: Array) -> Array:
        """Whether points lie inside."""
        row, col = self.cell(lon, lat)
        rows, cols = self.cost.shape
        found: Array = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
        return found

    def centre(self, cells: Array) -> Array:
        """Longitude and latitude of the middle of cells, (n, 2)."""
        row, col = np.divmod(cells, self.cost.shape[1])
        return np.column_stack(
            [self.west + (col + 0.5) * self.width_deg, self.south + (row + 0.5) * CELL_DEG]
        )


def ways(
    starts: Array, reach_km: Array, targets: Array, is_lane: Array, lanes: Array
) -> list[list[tuple[int, Array]]]:
    """Rows of some targets around each start and the taut lines to them, (n, 2), both ends included.

    `starts` (s, 2), `reach_km` (s,) says how far water may be, `targets` (t, 2), `is_lane` (t,) says which of
    them lie on `lanes`, which are lines: lanes lead to the ocean, other points may lie in a lagoon.
    """
    return [
        _ways(
            start, min(max(HALF_DEG[0], km / water.KM_PER_DEG + 0.25), HALF_DEG[1]), targets, is_lane, lanes
        )
        for start, km in zip(starts, reach_km, strict=True)
    ]


def _ways(
    start: Array, half_deg: float, targets: Array, is_lane: Array, lanes: Array
) -> list[tuple[int, Array]]:
    window = _window(start, half_deg, lanes)
    rows = np.flatnonzero(window.holds(*targets.T))
    inside = targets[rows]
    if not len(inside):
        return []
    cols = window.cost.shape[1]
    home, *ends = (
        int(row * cols + col) for row, col in zip(*window.cell(*np.vstack([start, inside]).T), strict=True)
    )
    cost, before = dijkstra(_graph(window), indices=home, return_predecessors=True)
    ends_ = np.array(ends)
    found = []
    for nth in _chosen(start, inside, is_lane[rows], cost[ends_]):
        cells = [int(ends_[nth])]
        while cells[-1] != home:
            cells.append(int(before[cells[-1]]))
        line = window.centre(np.array(cells[::-1]))
        line[0], line[-1] = start, inside[nth]
        found.append((int(rows[nth]), _taut(window, line)))
    return found


def _window(start: Array, half_deg: float, lanes: Array) -> Window:
    lon, lat = start
    width_deg = CELL_DEG / np.cos(np.radians(lat))
    rows = int(2 * half_deg / CELL_DEG)
    west, south = lon - rows / 2 * width_deg, lat - half_deg
    x, y = np.meshgrid(west + (np.arange(rows) + 0.5) * width_deg, south + (np.arange(rows) + 0.5) * CELL_DEG)
    box = shapely.box(west, south, west + rows * width_deg, south + rows * CELL_DEG)
    is_land = np.zeros(x.shape, dtype=bool)
    for piece in water.land_tree().geometries[water.land_tree().query(box)]:
        is_land |= shapely.contains_xy(shapely.intersection(piece, box), x, y)
    cost = np.where(is_land, LAND, np.where(_beside(is_land), SHORE, 1.0))
    window = Window(west, south, width_deg, cost)
    for line in lanes[shapely.intersects(lanes, box)]:
        xy = shapely.get_coordinates(shapely.segmentize(line, CELL_DEG / 3))
        row, col = window.cell(*xy[window.holds(*xy.T)].T)
        cost[row, col] = np.minimum(cost[row, col], LANE)
    return window


def _beside(is_land: Array) -> Array:
    """Cells that touch land."""
    padded = np.pad(is_land, 1, mode="edge")
    rows, cols = is_land.shape
    found: Array = np.any(
        [padded[y : y + rows, x : x + cols] for y in range(3) for x in range(3) if (y, x) != (1, 1)], axis=0
    )
    return found


def _graph(window: Window) -> Any:
    """Cells joined with their eight neighbours; a step costs its length times the dearness of both cells."""
    rows, cols = window.cost.shape
    index = np.arange(rows * cols).reshape(rows, cols)
    cost = window.cost
    parts = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one = (slice(0, rows - down), slice(max(0, -right), cols - max(0, right)))
        other = (slice(down, rows), slice(max(0, right), cols + min(0, right)))
        step = float(np.hypot(down, right))
        parts.append((index[one].ravel(), index[other].ravel(), step * (cost[one] + cost[other]).ravel() / 2))
    a, b, weight = (np.concatenate(each) for each in zip(*parts, strict=True))
    both = (np.concatenate([a, b]), np.concatenate([b, a]))
    return coo_matrix((np.concatenate([weight, weight]), both), shape=(rows * cols,) * 2).tocsr()


def _chosen(start: Array, ends: Array, is_lane: Array, cost: Array) -> list[int]:
    """The cheapest target to each side of the start, the three cheapest of all and the cheapest on a lane."""
    east = (ends[:, 0] - start[0]) * np.cos(np.radians(start[1]))
    sector = np.floor((np.arctan2(ends[:, 1] - start[1], east) / np.pi + 1.0) / 2.0 * SECTORS).astype(int)
    order = np.lexsort((ends[:, 1], ends[:, 0], cost))
    order = order[np.isfinite(cost[order]) & (cost[order] > 0.0)]
    beyond_km = (cost[order] - cost[order[:1]]) * CELL_DEG * water.KM_PER_DEG
    order = order[beyond_km <= MOST_COST_KM]
    _, first = np.unique(sector[order], return_index=True)
    return sorted({*order[:3].tolist(), *order[first].tolist(), *order[is_lane[order]][:1].tolist()})


def _taut(window: Window, line: Array) -> Array:
    """The line without the corners that a straight way makes no dearer."""
    steps = np.array([_dear(window, line[n], line[n + 1]) for n in range(len(line) - 1)])
    upto = np.concatenate([[0.0], np.cumsum(steps)])
    kept, here = [0], 0
    while here < len(line) - 1:
        there = here + 1
        stride = 1
        while there + stride < len(line):
            if _dear(window, line[here], line[there + stride]) <= SLACK * (upto[there + stride] - upto[here]):
                there, stride = there + stride, stride * 2
            elif stride > 1:
                stride = 1
            else:
                break
        kept.append(there)
        here = there
    thin = shapely.simplify(shapely.linestrings(line[kept]), TOLERANCE_KM / water.KM_PER_DEG)
    return shapely.get_coordinates(thin)


def _dear(window: Window, a: Array, b: Array) -> float:
    """Cost of the straight way between two points, in cells of open water."""
    squeeze = np.array([window.width_deg, CELL_DEG])
    length = float(np.linalg.norm((b - a) / squeeze))
    share = (np.arange(max(int(length * 3), 1)) + 0.5) / max(int(length * 3), 1)
    row, col = window.cell(*(a + (b - a) * share[:, None]).T)
    rows, cols = window.cost.shape
    return length * float(np.mean(window.cost[row.clip(0, rows - 1), col.clip(0, cols - 1)]))

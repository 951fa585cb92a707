"""Which pairs of stops become lanes: the fewest that bound every detour."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from road_graph import EARTH_KM, Floats, Rows

PASSING = 1.001
FAR = np.float32(np.inf)
Pairs = tuple[Rows, Rows, Floats]


def thinned(
    points: Floats, pairs: Pairs, bound_km: Floats, given: list[tuple[int, int, float]] | None = None
) -> Rows:
    """The rows of the pairs that are kept: the others are within 3 % of a way over kept ones.

    Shortest first, so that the bound holds for every pair and does not compound. `points` are the stops on
    the unit sphere; distances must not be shorter than the great circle. `given` are lanes there already:
    stop, stop, kilometres.
    """
    lanes: list[list[tuple[int, float]]] = [[] for _ in range(len(points))]
    for a, b, km in given or []:
        lanes[a].append((b, km))
        lanes[b].append((a, km))
    spots = [(x, y, z) for x, y, z in (points * EARTH_KM).tolist()]
    starts, ends, lengths = (column.tolist() for column in pairs)
    bounds = bound_km.tolist()
    found = []
    for row in _not_passed(len(points), pairs):
        a, b, km = starts[row], ends[row], lengths[row]
        if not _is_spanned(lanes, spots, a, b, bounds[row]):
            lanes[a].append((b, km))
            lanes[b].append((a, km))
            found.append(row)
    return np.array(found, dtype=np.int64)


def _not_passed(count: int, pairs: Pairs) -> list[int]:
    """Pairs between which the road passes no third stop, shortest first."""
    a, b, km = pairs
    table = np.full((count, count), FAR, dtype=np.float32)
    table[a, b] = km
    table[b, a] = km
    through = np.zeros(len(km), dtype=bool)
    order = np.argsort(a, kind="stable")
    firsts = np.searchsorted(a[order], np.arange(count + 1))
    for start in range(count):
        rows = order[firsts[start] : firsts[start + 1]]
        if len(rows) == 0:
            continue
        middle = np.flatnonzero(table[start] < km[rows].max())
        ways = table[start][middle][:, None] + table[np.ix_(middle, b[rows])]
        through[rows] = ways.min(axis=0) <= PASSING * km[rows] if len(middle) else False
    left = np.flatnonzero(~through)
    ranked: list[int] = left[np.lexsort((b[left], a[left], km[left]))].tolist()
    return ranked


def _is_spanned(
    lanes: list[list[tuple[int, float]]],
    spots: list[tuple[float, float, float]],
    origin: int,
    destination: int,
    bound_km: float,
) -> bool:
    """Whether lanes give a way no longer than the bound: A* with the chord to the destination."""
    x, y, z = spots[destination]
    best = {origin: 0.0}
    queue = [(0.0, 0.0, origin)]
    while queue:
        _, km, at = heappop(queue)
        if km > best[at]:
            continue
        for other, length in lanes[at]:
            there = km + length
            if there > bound_km or there >= best.get(other, bound_km + 1.0):
                continue
            if other == destination:
                return True
            u, v, w = spots[other]
            least = there + ((u - x) ** 2 + (v - y) ** 2 + (w - z) ** 2) ** 0.5
            if least <= bound_km:
                best[other] = there
                heappush(queue, (least, there, other))
    return False

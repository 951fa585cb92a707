"""Links that are longer than a way round through other links of their mode."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xroute.lines import MEAN_RADIUS_KM
from xroute.link_lines import Floats, unit_vectors
from xroute.lint_view import Finding, LintView

MODES_JUDGED = ("sea", "rail", "road")
MOST_OVER_WAY_ROUND = 1.10
LEAST_GAIN_KM = 1.0
_SPHERE = 0.994  # the mean sphere is at most this much shorter than the ellipsoid


@dataclass(frozen=True, slots=True)
class _Link:
    """A link as a step of a way round; `tags` are its passages."""

    row: int
    end: int
    km: float
    tags: frozenset[str]
    gauge_mm: float


def longer_than_way_round(view: LintView) -> Iterator[Finding]:
    """Links over 10 % longer than a way through other links of their mode and gauge.

    A way counts only if it crosses no passage that the link does not cross: a closure could take it away.
    """
    places = unit_vectors(view.hubs["lon"], view.hubs["lat"]).tolist()
    limit = view.distance_km / MOST_OVER_WAY_ROUND
    # No way is shorter than the great circle, so most links need no search.
    may = view.judged_links & (view.geodesic_km * _SPHERE < limit) & (view.origin != view.destination)
    for mode in MODES_JUDGED:
        rows = np.flatnonzero(may & (view.link_mode == mode))
        if not len(rows):
            continue
        steps = _steps(view, mode)
        for row in rows.tolist():
            found = _way(view, steps, places, row, float(limit[row]))
            if found is not None and view.distance_km[row] - found[0] >= LEAST_GAIN_KM:
                yield _finding(view, row, *found)


def _steps(view: LintView, mode: str) -> dict[int, list[_Link]]:
    steps: dict[int, list[_Link]] = defaultdict(list)
    gauges = np.nan_to_num(view.links["gauge_mm"])
    for row in np.flatnonzero(view.link_mode == mode).tolist():
        km, start, end = float(view.distance_km[row]), int(view.origin[row]), int(view.destination[row])
        facts = km, _tags(view, row), float(gauges[row])
        steps[start].append(_Link(row, end, *facts))
        if not view.links["oneway"][row]:
            steps[end].append(_Link(row, start, *facts))
    return steps


def _tags(view: LintView, row: int) -> frozenset[str]:
    text: str = view.links["passages"][row]
    return frozenset(tag.strip() for tag in text.split(";") if tag.strip()) if text else frozenset()


def _way(
    view: LintView, steps: dict[int, list[_Link]], places: list[list[float]], row: int, limit_km: float
) -> tuple[float, list[int]] | None:
    """Length and hubs of a way round within the limit, by A* towards the other end; else nothing."""
    start, goal = int(view.origin[row]), int(view.destination[row])
    tags = _tags(view, row)
    gauge = float(np.nan_to_num(view.links["gauge_mm"][row]))
    end = places[goal]
    best, before = {start: 0.0}, {start: -1}
    queue = [(0.0, 0.0, start)]
    while queue:
        _, km, hub = heapq.heappop(queue)
        if hub == goal:
            return km, _hubs_of(before, goal)
        if km > best[hub]:
            continue
        for step in steps[hub]:
            further = km + step.km
            is_open = step.row != row and step.gauge_mm == gauge and step.tags <= tags
            if is_open and further < best.get(step.end, float("inf")):
                ahead = _least_km(places[step.end], end)
                if further + ahead <= limit_km:
                    best[step.end], before[step.end] = further, hub
                    heapq.heappush(queue, (further + ahead, further, step.end))
    return None


def _least_km(a: list[float], b: list[float]) -> float:
    """A lower bound of the distance: the chord on the sphere."""
    squared = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
    return float(squared**0.5) * MEAN_RADIUS_KM * _SPHERE


def _hubs_of(before: dict[int, int], goal: int) -> list[int]:
    way = [goal]
    while before[way[-1]] >= 0:
        way.append(before[way[-1]])
    return way[::-1]


def _finding(view: LintView, row: int, way_km: float, way: list[int]) -> Finding:
    km: Floats = view.distance_km[row]
    through = "; ".join(view.name(hub) for hub in way[1:-1][:3])
    more = f" and {len(way) - 5} more" if len(way) > 5 else ""
    message = f"{float(km):,.1f} km, while the way through {through}{more} has {way_km:,.1f} km"
    if len(way) == 2:
        message = f"{float(km):,.1f} km, while a parallel link has {way_km:,.1f} km"
    return view.about_link("detour", row, message, float(km), way_km * MOST_OVER_WAY_ROUND, "km")

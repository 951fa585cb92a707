"""Lines of rail lanes: simplified for maps, and the countries that they cross in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
from earth import WGS84, countries, distance_km
from places import Hub
from rail_tracks import Floats
from shapely import LineString

STEP_KM = 2.0
LEAST_VISIT_KM = 15.0
LEAST_LOOP_KM = 50.0
TOLERANCE_KM = 1.0
Line = tuple[tuple[float, float], ...]


def simple(a: Hub, points: Floats, b: Hub) -> Line:
    """A line from hub to hub, simplified to 1 km, three decimals."""
    corners = np.vstack([[a.point], points, [b.point]])
    scale = float(np.cos(np.radians(np.mean(corners[:, 1]))))
    plane = LineString(np.column_stack([corners[:, 0] * scale, corners[:, 1]]))
    found = plane.simplify(TOLERANCE_KM / 111.2, preserve_topology=False).coords
    return tuple((round(x / scale, 3), round(y, 3)) for x, y in found)


def _samples(line: Line) -> Iterator[tuple[float, float, float]]:
    """Points along a line every 2 km or so: longitude, latitude, kilometres that each stands for."""
    for a, b in pairwise(line):
        km = distance_km(a, b)
        count = max(1, round(km / STEP_KM))
        for lon, lat in WGS84.npts(*a, *b, count):
            yield lon, lat, km / count


def runs_along(line: Line) -> list[tuple[str, float]]:
    """Countries along a line in order with kilometres in each; water left out."""
    samples = np.array(list(_samples(line)))
    codes = countries().at(samples[:, 0], samples[:, 1])
    each = [(str(code), float(km)) for code, km in zip(codes, samples[:, 2], strict=True) if code]
    return [(code, sum(km for _, km in run)) for code, run in groupby(each, key=lambda pair: pair[0])]


def crossed_by(a: Hub, b: Hub, line: Line) -> list[str]:
    """Countries of a line in order from hub to hub, without visits shorter than 15 km."""
    runs = _without_clips([(code, km) for code, km in runs_along(line) if km >= LEAST_VISIT_KM])
    if a.country == b.country and all(code != a.country for code, _ in runs):
        return [a.country]
    found = [a.country, *(code for code, _ in runs), b.country]
    return [code for code, _ in groupby(found)]


def _without_clips(runs: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Runs without short visits on the way back to the country that was left."""
    found: list[tuple[str, float]] = []
    for at, (code, km) in enumerate(runs):
        is_back = 0 < at < len(runs) - 1 and runs[at - 1][0] == runs[at + 1][0]
        if not (is_back and km < LEAST_LOOP_KM):
            found.append((code, km))
    return found

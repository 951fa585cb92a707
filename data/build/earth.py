"""Where land is, whose it is, and how far it is."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

import geopandas
import numpy as np
import shapely
from pyproj import Geod
from sources import natural_earth

WGS84 = Geod(ellps="WGS84")
CELL_DEG = 4
SAMPLE_KM = 2.0
LEAST_VISIT_KM, LEAST_VISIT_SHARE, LOOP_SHARE = 15.0, 0.08, 0.25
Point = tuple[float, float]


def distance_km(a: Point, b: Point) -> float:
    """Geodesic distance between two (lon, lat)."""
    return float(WGS84.inv(a[0], a[1], b[0], b[1])[2]) / 1000.0


class Countries:
    """Natural Earth 10 m countries in cells, for fast look-ups of many points."""

    def __init__(self) -> None:
        frame = geopandas.read_file(natural_earth("cultural", "ne_10m_admin_0_countries"))
        frame = frame.sort_values("ADM0_A3")
        codes = [_code(row) for row in frame.to_dict("records")]
        pieces, owners = [], []
        for shape, code in zip(frame.geometry, codes, strict=True):
            for piece in _cells(shape):
                pieces.append(piece)
                owners.append(code)
        shapely.prepare(pieces)
        self.codes = np.array(owners, dtype=object)
        self.tree = shapely.STRtree(pieces)
        self.lakes = shapely.STRtree(_lakes())

    def at(self, lon: np.ndarray[Any, Any], lat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The ISO code of the country at each point; empty at sea and on lakes."""
        found = np.full(len(lon), "", dtype=object)
        places = shapely.points(lon, lat)
        points, pieces = self.tree.query(places, predicate="intersects")
        found[points[::-1]] = self.codes[pieces[::-1]]
        found[self.lakes.query(places, predicate="intersects")[0]] = ""
        return found


def _lakes() -> list[Any]:
    """Lakes and reservoirs: the country shapes hold them as if they were land."""
    frame = geopandas.read_file(natural_earth("physical", "ne_10m_lakes"))
    found = []
    for shape in shapely.make_valid(frame.geometry.dropna().to_numpy()):
        found += _cells(shape)
    shapely.prepare(found)
    return found


def _code(row: dict[str, Any]) -> str:
    for name in ("ISO_A2_EH", "ISO_A2", "WB_A2"):
        if len(str(row.get(name))) == 2 and str(row[name]) != "-9":
            return str(row[name])
    return {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}.get(str(row["NAME"]), "")


def _cells(shape: Any) -> list[Any]:
    west, south, east, north = shape.bounds
    if east - west <= CELL_DEG and north - south <= CELL_DEG:
        return [shape]
    found = []
    for x in np.arange(np.floor(west), east, CELL_DEG):
        for y in np.arange(np.floor(south), north, CELL_DEG):
            piece = shapely.clip_by_rect(shape, x, y, x + CELL_DEG, y + CELL_DEG)
            if not piece.is_empty:
                found.append(shapely.make_valid(piece))
    return found


@cache
def countries() -> Countries:
    """The one set of countries of a build."""
    return Countries()


class Crossing:
    """What a straight segment crosses: countries in order, water, and whether water parts countries."""

    __slots__ = ("countries", "parts_countries", "runs", "water_km")

    def __init__(self, found: np.ndarray[Any, Any], length_km: float) -> None:
        step_km = length_km / max(len(found), 1)
        runs = [(code, step_km * len(list(group))) for code, group in groupby(found)]
        self.runs = [(str(code), km) for code, km in runs if code]
        self.countries = [code for code, _ in groupby(code for code, _ in self.runs)]
        self.parts_countries = any(
            not code and before != after
            for (before, _), (code, _), (after, _) in zip(runs, runs[1:], runs[2:], strict=False)
        )
        self.water_km = length_km * float(np.mean(found == "")) if len(found) else 0.0

    def between(self, origin: str, destination: str) -> list[str]:
        """Countries in order for a road between hubs of two countries.

        A straight line clips corners that a road avoids: countries of short stretches, and short visits
        abroad on the way back to the same country, are left out.
        """
        if origin == destination and origin not in self.countries:
            return [origin]  # the map draws the border elsewhere than the list of places
        total_km = sum(km for _, km in self.runs)
        least_km = max(LEAST_VISIT_KM, LEAST_VISIT_SHARE * total_km)
        visited = dict.fromkeys((origin, destination), least_km)
        for code, km in self.runs:
            visited[code] = visited.get(code, 0.0) + km
        kept = [origin, *(code for code, _ in self.runs if visited[code] >= least_km), destination]
        return _without_short_loops([code for code, _ in groupby(kept)], visited, LOOP_SHARE * total_km)


def _without_short_loops(codes: list[str], visited: dict[str, float], least_km: float) -> list[str]:
    """Countries in order without returns to one already left, unless a long stretch lies abroad.

    >>> _without_short_loops(["KZ", "KG", "KZ", "CN"], {"KZ": 400.0, "KG": 60.0, "CN": 300.0}, 190.0)
    ['KZ', 'CN']
    """
    found: list[str] = []
    for code in codes:
        if code in found:
            loop = found[found.index(code) + 1 :]
            if sum(visited[each] for each in dict.fromkeys(loop)) < least_km:
                del found[found.index(code) + 1 :]
                continue
        found.append(code)
    return [code for code, _ in groupby(found)]


def crossings(starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]) -> list[Crossing]:
    """Crossings of many segments, arrays (n, 2) of lon and lat; geodesic samples every 2 km."""
    lengths = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])[2] / 1000.0
    lon, lat, counts = [], [], []
    for start, end, length in zip(starts, ends, lengths, strict=True):
        inner = max(1, int(length / SAMPLE_KM))
        points = WGS84.npts(*start, *end, inner)
        lon += [start[0], *(point[0] for point in points), end[0]]
        lat += [start[1], *(point[1] for point in points), end[1]]
        counts.append(inner + 2)
    owners = countries().at(np.array(lon), np.array(lat))
    parts = np.split(owners, np.cumsum(counts)[:-1])
    return [Crossing(part, float(length)) for part, length in zip(parts, lengths, strict=True)]


def normal_lon(lon: float) -> float:
    """Longitude in (-180, 180]."""
    return -((-lon + 180.0) % 360.0 - 180.0)

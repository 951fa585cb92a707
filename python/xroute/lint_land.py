"""Sea links that cross land, measured against polygons of land."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.extras import need
from xroute.link_lines import Floats, Segments, segments
from xroute.lint_view import Finding, LintView
from xroute.storage import package_data

_MOST_CORNERS = 250
_LEAST_DEG = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """What a map of land can tell: kilometres over land that count, and stretches at the ends that do not."""

    land_km: float
    ends_km: float


SHIPPED_MAP = Tolerance(land_km=15.0, ends_km=15.0)
FINE_MAP = Tolerance(land_km=2.0, ends_km=5.0)


def land_crossing(view: LintView, land: str | Path | None) -> Iterator[Finding]:
    """Sea links that run over land, away from their ends, for longer than the map can be wrong.

    Raises `MissingExtraError` without shapely, `InputError` for a file of land that cannot be read.
    """
    rows = np.flatnonzero((view.link_mode == "sea") & view.judged_links)
    if not len(rows):
        return
    tolerance = SHIPPED_MAP if land is None else FINE_MAP
    pieces = segments(view.hubs, view.links, rows)
    km, lat, lon = over_land(pieces, len(view.origin), land_pieces(land), ends_km=tolerance.ends_km)
    for row in np.flatnonzero(km > tolerance.land_km):
        tags = view.links["passages"][row]
        through = f" (passages: {tags})" if tags else ""
        message = f"{km[row]:,.1f} km over land about {lat[row]:.2f}, {lon[row]:.2f}{through}"
        finding = view.about_link("land_crossing", int(row), message, km[row], tolerance.land_km, "km")
        yield replace(finding, lat=float(lat[row]), lon=float(lon[row]))


def land_pieces(path: str | Path | None) -> Any:
    """Polygons of land, cut into pieces of few corners: the shipped map, or a file that geopandas reads."""
    shapely = need("shapely", "maps")
    if path is None:
        content = json.loads(package_data("countries.geojson").read_text("utf-8"))
        shapes = shapely.from_geojson([json.dumps(each["geometry"]) for each in content["features"]])
    else:
        from xroute.maps import read_polygons

        shapes = read_polygons(Path(path), table="land")
    parts = shapely.get_parts(shapely.make_valid(shapes))
    parts = parts[shapely.get_dimensions(parts) == 2]
    if not len(parts):
        raise InputError("expected polygons of land, found none", table="land")
    return np.array(_cut(shapely, list(parts)), dtype=object)


def _cut(shapely: Any, parts: list[Any]) -> list[Any]:
    done: list[Any] = []
    while parts:
        part = parts.pop()
        west, south, east, north = part.bounds
        is_small = max(east - west, north - south) < _LEAST_DEG
        if is_small or shapely.get_num_coordinates(part) <= _MOST_CORNERS:
            done.append(part)
            continue
        x, y = (west + east) / 2, (south + north) / 2
        is_wide = east - west > north - south
        halves = (west, south, x, north), (x, south, east, north)
        if not is_wide:
            halves = (west, south, east, y), (west, y, east, north)
        for half in halves:
            pieces = shapely.get_parts(shapely.make_valid(shapely.clip_by_rect(part, *half)))
            parts += [piece for piece in pieces if shapely.get_dimensions(piece) == 2]
    return done


def over_land(pieces: Segments, links: int, land: Any, *, ends_km: float) -> tuple[Floats, Floats, Floats]:
    """Kilometres of each link over land, but for a stretch at either end, and where most of them are.

    Gives kilometres, latitude and longitude by row of the link; zero for links without segments.
    """
    shapely = need("shapely", "maps")
    inner = _without_ends(pieces, links, ends_km)
    inner = _on_one_map(inner)
    lines = shapely.linestrings(
        np.stack(
            [np.column_stack([inner.lon_a, inner.lat_a]), np.column_stack([inner.lon_b, inner.lat_b])], axis=1
        )
    )
    at, piece = shapely.STRtree(land).query(lines, predicate="intersects")
    whole = np.maximum(shapely.length(lines[at]), 1e-12)
    crossed = shapely.intersection(lines[at], land[piece])
    km = shapely.length(crossed) / whole * (inner.end_km - inner.start_km)[at]
    order = np.argsort(km, kind="stable")  # the longest stretch of a link is written last
    at, km, middles = at[order], km[order], shapely.centroid(crossed[order])
    lat, lon = np.full(links, np.nan), np.full(links, np.nan)
    lat[inner.link[at]], lon[inner.link[at]] = shapely.get_y(middles), shapely.get_x(middles)
    whole_km: Floats = np.bincount(inner.link[at], weights=km, minlength=links).astype(np.float64)
    return whole_km, lat, lon


def _without_ends(pieces: Segments, links: int, ends_km: float) -> Segments:
    """The stretches that are further than `ends_km` from both ends of their link."""
    whole = np.zeros(links)
    np.maximum.at(whole, pieces.link, pieces.end_km)
    start = np.maximum(pieces.start_km, ends_km)
    end = np.minimum(pieces.end_km, whole[pieces.link] - ends_km)
    kept = end > start
    pieces, start, end = pieces.only(kept), start[kept], end[kept]
    length = pieces.end_km - pieces.start_km
    shares = (start - pieces.start_km) / length, (end - pieces.start_km) / length
    lon, lat = pieces.lon_b - pieces.lon_a, pieces.lat_b - pieces.lat_a
    return Segments(
        link=pieces.link, start_km=start, end_km=end,
        lon_a=pieces.lon_a + shares[0] * lon, lat_a=pieces.lat_a + shares[0] * lat,
        lon_b=pieces.lon_a + shares[1] * lon, lat_b=pieces.lat_a + shares[1] * lat,
    )  # fmt: skip


def _on_one_map(pieces: Segments) -> Segments:
    """Segments across the antimeridian stand twice, once at either edge of the map."""
    for side in (1.0, -1.0):
        beyond = np.flatnonzero(np.maximum(side * pieces.lon_a, side * pieces.lon_b) > 180.0)
        if len(beyond):
            copy = pieces.only(beyond)
            names = ("link", "lon_a", "lat_a", "lon_b", "lat_b", "start_km", "end_km")
            shift = {"lon_a": -360.0 * side, "lon_b": -360.0 * side}
            pieces = Segments(
                **{
                    name: np.concatenate([getattr(pieces, name), getattr(copy, name) + shift.get(name, 0)])
                    for name in names
                }
            )
    return pieces

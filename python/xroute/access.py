"""A road access leg for a point on the map: on its own land mass, never silently the nearest hub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.errors import InputError, UnknownPlaceError
from xroute.storage import package_data

if TYPE_CHECKING:
    from xroute.network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]
CIRCUITY = 1.3
"""Road kilometres over great-circle kilometres; team estimate, low confidence."""
MOST_ACCESS_KM = 400.0
MOST_WATER_KM = 10.0
LINKS = 3
_SAMPLE_KM = 2.0
_CANDIDATES = 40


def is_point(place: object) -> bool:
    """Whether a place argument is a (lat, lon) pair."""
    return isinstance(place, tuple | list) and len(place) == 2


def point_id(place: Sequence[float]) -> str:
    """The hub id that a point gets.

    >>> point_id((51.34, 12.37))
    '@51.34000,12.37000'
    """
    lat, lon = _checked(place)
    return f"@{lat:.5f},{lon:.5f}"


def with_points(net: Network, points: Sequence[Sequence[float]]) -> Network:
    """The network with a warehouse hub at each (lat, lon) and roads to its nearest hubs over land.

    Raises `UnknownPlaceError` for a point on water or out of reach, and `InputError` for no point at all.
    """
    located = {point_id(point): _checked(point) for point in points}
    hubs: dict[str, list[Any]] = {"hub_id": [], "lat": [], "lon": [], "kind": [], "country": []}
    links: dict[str, list[Any]] = {"origin": [], "destination": [], "mode": [], "distance_km": [],
                                   "countries": [], "vehicle_class": []}  # fmt: skip
    for hub, (lat, lon) in located.items():
        country = country_at(lat, lon)
        if not country:
            reason = f"({lat}, {lon}) lies on water"
            raise UnknownPlaceError(hub, _nearest_names(net, lat, lon), reason=reason)
        for name, value in zip(hubs, (hub, lat, lon, "warehouse", country), strict=True):
            hubs[name].append(value)
        for row, km in _reachable(net, lat, lon):
            crossed = dict.fromkeys((country, net.places.country[row]))
            ends = (hub, net.places.ids[row], "road", km * CIRCUITY, ";".join(crossed), "artic_truck")
            for name, value in zip(links, ends, strict=True):
                links[name].append(value)
    return net.extended(hubs=hubs, links=links)


def _checked(place: Sequence[float]) -> tuple[float, float]:
    try:
        lat, lon = (float(value) for value in place)
    except (TypeError, ValueError):
        raise InputError(f"expected (lat, lon) in degrees, got {place!r}") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(f"expected latitude -90 to 90 and longitude -180 to 180, got {place!r}")
    return lat, lon


def _road_rows(net: Network) -> np.ndarray[Any, np.dtype[np.intp]]:
    links = net.core.table("links")
    on_road = {
        end
        for mode, *ends in zip(links["mode"], links["origin"], links["destination"], strict=True)
        if mode == "road"
        for end in ends
    }
    return np.array([row for row, hub in enumerate(net.places.ids) if hub in on_road], dtype=np.intp)


def _by_distance(net: Network, lat: float, lon: float) -> list[tuple[float, int]]:
    rows = _road_rows(net)
    east = _turn(net.places.lon[rows] - lon) * np.cos(np.radians(lat))
    near = np.argsort(np.hypot(net.places.lat[rows] - lat, east))
    found = []
    for row in rows[near[:_CANDIDATES]]:
        km = _core.geodesic_km(lat, lon, float(net.places.lat[row]), float(net.places.lon[row]))
        found.append((km, int(row)))
    return sorted(found)


def _turn(degrees: Floats) -> Floats:
    return (degrees + 180.0) % 360.0 - 180.0


def _reachable(net: Network, lat: float, lon: float) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for km, row in _by_distance(net, lat, lon):
        if km > MOST_ACCESS_KM or len(found) == LINKS:
            break
        if _water_km(lat, lon, float(net.places.lat[row]), float(net.places.lon[row]), km) <= MOST_WATER_KM:
            found.append((row, max(km, 0.1)))
    if not found:
        reason = f"({lat}, {lon}): no hub within {MOST_ACCESS_KM:.0f} km by road on its land mass"
        raise UnknownPlaceError(point_id((lat, lon)), _nearest_names(net, lat, lon), reason=reason)
    return found


def _nearest_names(net: Network, lat: float, lon: float) -> tuple[str, ...]:
    return tuple(net.places.place_name(row) for _, row in _by_distance(net, lat, lon)[:3])


def _water_km(lat: float, lon: float, to_lat: float, to_lon: float, km: float) -> float:
    steps = max(2, int(km / _SAMPLE_KM))
    shares = np.linspace(0.0, 1.0, steps)
    lats = lat + shares * (to_lat - lat)
    lons = lon + shares * float(_turn(np.array([to_lon - lon]))[0])
    on_water = [not country_at(y, x) for y, x in zip(lats, lons, strict=True)]
    return km * sum(on_water) / steps


@cache
def _rings() -> list[tuple[str, tuple[float, float, float, float], list[Floats]]]:
    """Country code, bounds and rings of every polygon of the map, holes included."""
    content = json.loads(package_data("countries.geojson").read_text("utf-8"))
    found = []
    for feature in content["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for polygon in polygons:
            rings = [np.array(ring, dtype=np.float64) for ring in polygon]
            (west, south), (east, north) = rings[0].min(axis=0), rings[0].max(axis=0)
            found.append((feature["properties"]["iso_a2"], (west, south, east, north), rings))
    return found


def country_at(lat: float, lon: float) -> str:
    """The ISO code of the country at a point; empty on water.

    >>> country_at(51.34, 12.37), country_at(0.0, -30.0)
    ('DE', '')
    """
    for code, (west, south, east, north), rings in _rings():
        is_near = west <= lon <= east and south <= lat <= north
        if is_near and sum(_is_inside(ring, lat, lon) for ring in rings) % 2:
            return code
    return ""


def _is_inside(ring: Floats, lat: float, lon: float) -> bool:
    """Even-odd rule: crossings of a ray towards the east."""
    x, y = ring[:, 0], ring[:, 1]
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    spans = (y > lat) != (next_y > lat)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (lat - y) * (next_x - x) / (next_y - y)
    return bool(np.count_nonzero(spans & (at > lon)) % 2)

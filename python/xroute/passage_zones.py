"""Zones of people, such as war-risk areas, read from GeoJSON: links that cross one carry its tag."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.link_lines import Floats
from xroute.passage_lines import PassageShape, modes_of, tag_of

_WORLD = ("CRS84", "EPSG::4326", "EPSG:4326")
_MOST_LON = 360.0  # a zone across the antimeridian may go on beyond 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon to close: its shape, its name, and whether it is closed by default."""

    shape: PassageShape
    name: str = ""
    is_closed: bool = False


def read_zones(source: str | Path | Mapping[str, Any]) -> list[Zone]:
    """The zones of a GeoJSON file or mapping, one a feature.

    A feature is a Polygon or MultiPolygon in WGS 84 degrees with the property `zone_id`, and perhaps `name`,
    `closed` (true or false) and `modes` (a list with `;`). Raises `InputError` with the feature's number.
    """
    features = _features(_content(source))
    zones = [_zone(feature, row) for row, feature in enumerate(features, 1)]
    seen: set[str] = set()
    for row, zone in enumerate(zones, 1):
        if zone.shape.passage_id in seen:
            message = f"'{zone.shape.passage_id}' stands twice; use one MultiPolygon a zone"
            raise _fault(message, row, "zone_id")
        seen.add(zone.shape.passage_id)
    return zones


def _fault(message: str, row: int | None = None, column: str | None = None) -> InputError:
    return InputError(message, table="polygons", row=row, column=column)


def _content(source: str | Path | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    if not isinstance(source, str | Path):
        raise _fault(f"expected a GeoJSON file or mapping, got {type(source).__name__}")
    path = Path(source)
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise _fault(f"{path.name} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:  # bad JSON, not UTF-8, nested without end
        raise _fault(f"{path.name} is no GeoJSON: {error}") from error
    if not isinstance(content, Mapping):
        raise _fault(f"{path.name} is no GeoJSON: expected an object")
    return content


def _features(content: Mapping[str, Any]) -> Sequence[Any]:
    kind = content.get("type")
    if kind == "Feature":
        return [content]
    features = content.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise _fault(f"expected a FeatureCollection of polygons, got {kind!r}")
    crs = content.get("crs")
    if crs is not None and not any(name in json.dumps(crs) for name in _WORLD):
        raise _fault("expected longitudes and latitudes in WGS 84; save the file as EPSG:4326", column="crs")
    return features


def _zone(feature: Any, row: int) -> Zone:
    if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
        raise _fault("expected a feature with properties", row)
    properties = feature["properties"]
    zone_id = properties.get("zone_id")
    is_number = isinstance(zone_id, int) and not isinstance(zone_id, bool)
    if not (is_number or isinstance(zone_id, str)) or not str(zone_id).strip():
        found = ", ".join(map(str, properties)) or "none"
        raise _fault(f"expected the property zone_id with a text; found: {found}", row, "zone_id")
    is_closed = properties.get("closed", False)
    if is_closed is not None and not isinstance(is_closed, bool):
        raise _fault(f"expected true or false, got {is_closed!r}", row, "closed")
    modes = modes_of(_text(properties, "modes", row), table="polygons", row=row)
    polygons = _polygons(feature.get("geometry"), row)
    tag = tag_of(str(zone_id), table="polygons", row=row, column="zone_id")
    shape = PassageShape(passage_id=tag, polygons=polygons, modes=modes)
    return Zone(shape=shape, name=_text(properties, "name", row), is_closed=bool(is_closed))


def _text(properties: Mapping[str, Any], name: str, row: int) -> str:
    value = properties.get(name)
    if value is not None and not isinstance(value, str):
        raise _fault(f"expected a text, got {value!r}", row, name)
    return value or ""


def _polygons(geometry: Any, row: int) -> tuple[tuple[Floats, ...], ...]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _fault(f"expected a Polygon or a MultiPolygon, got {kind!r}", row, "geometry")
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        raise _fault("expected rings of (longitude, latitude) pairs", row, "geometry")
    return tuple(tuple(_ring(ring, row) for ring in part) for part in parts)


def _ring(ring: Any, row: int) -> Floats:
    try:
        points = np.array([point[:2] for point in ring], dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError, IndexError, KeyError):
        raise _fault("expected rings of (longitude, latitude) pairs", row, "geometry") from None
    if len(points) < 4 or (points[0] != points[-1]).any():
        message = "the polygon is not closed: a ring needs four points or more, and ends where it starts"
        raise _fault(message, row, "geometry")
    is_on_map = np.isfinite(points).all(axis=1) & (np.abs(points) <= (_MOST_LON, 90.0)).all(axis=1)
    if not is_on_map.all():
        x, y = points[np.flatnonzero(~is_on_map)[0]]
        raise _fault(f"({x:g}, {y:g}) is no longitude and latitude in degrees", row, "geometry")
    return points

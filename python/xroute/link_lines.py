"""Lines of many links at once, as short straight segments along great circles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xroute.lines import MEAN_RADIUS_KM

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]
STEP_KM = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Straight segments in degrees: `lon_a` in [-180, 180], `lon_b` within half a turn of it.

    `link` is the row of the link; `start_km` and `end_km` are counted along its line on the mean sphere.
    """

    link: Rows
    lon_a: Floats
    lat_a: Floats
    lon_b: Floats
    lat_b: Floats
    start_km: Floats
    end_km: Floats

    def __len__(self) -> int:
        return len(self.link)

    def only(self, kept: np.ndarray[Any, Any] | slice) -> Segments:
        """Some of the segments, by mask, position or slice."""
        return Segments(**{name: getattr(self, name)[kept] for name in self.__slots__})


def hub_rows(hubs: Mapping[str, Any], ids: list[str]) -> Rows:
    """The row of each hub id in the hubs table."""
    row = {hub: at for at, hub in enumerate(hubs["hub_id"])}
    return np.fromiter((row[hub] for hub in ids), dtype=np.int64, count=len(ids))


def segments(
    hubs: Mapping[str, Any], links: Mapping[str, Any], rows: Rows, *, step_km: float = STEP_KM
) -> Segments:
    """The lines of some links in pieces of at most `step_km`.

    A line runs from hub to hub through its geometry, along great circles between the corners. The tables are
    those of the core.
    """
    ids = [links["origin"][row] for row in rows], [links["destination"][row] for row in rows]
    lon, lat, owner = _corners(hubs, links, rows, hub_rows(hubs, ids[0]), hub_rows(hubs, ids[1]))
    first = np.flatnonzero(owner[:-1] == owner[1:])
    return _cut(lon, lat, first, rows[owner[first]], step_km)


def _corners(
    hubs: Mapping[str, Any], links: Mapping[str, Any], rows: Rows, starts: Rows, ends: Rows
) -> tuple[Floats, Floats, Rows]:
    """Longitude and latitude of every corner, and the position in `rows` that it belongs to."""
    offsets = np.asarray(links["geometry_offsets"], dtype=np.int64)
    has = offsets[rows + 1] - offsets[rows] if len(offsets) else np.zeros(len(rows), dtype=np.int64)
    inner = np.maximum(has - 2, 0)
    owner = np.repeat(np.arange(len(rows)), inner + 2)
    last = np.cumsum(inner + 2) - 1
    begin = last - inner - 1
    place = np.arange(len(owner)) - begin[owner]
    is_inner = (place > 0) & (place <= inner[owner])
    found = []
    for name, geometry in (("lon", "geometry_lon_e6"), ("lat", "geometry_lat_e6")):
        values = np.zeros(len(owner))
        values[begin], values[last] = hubs[name][starts], hubs[name][ends]
        if is_inner.any():
            at = offsets[rows[owner[is_inner]]] + place[is_inner]
            values[is_inner] = np.asarray(links[geometry])[at] / 1e6
        found.append(values)
    return found[0], found[1], owner


def _cut(lon: Floats, lat: Floats, first: Rows, link: Rows, step_km: float) -> Segments:
    vectors = unit_vectors(lon, lat)
    a, b = vectors[first], vectors[first + 1]
    angle = 2.0 * np.arcsin(np.clip(np.linalg.norm(b - a, axis=1) / 2.0, 0.0, 1.0))
    km = angle * MEAN_RADIUS_KM
    count = np.maximum(np.ceil(km / step_km), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
    points = [_between(a[owner], b[owner], angle[owner], (step + add) / count[owner]) for add in (0, 1)]
    (lon_a, lat_a), (lon_b, lat_b) = points
    along = np.cumsum(km) - km
    is_new = np.r_[True, link[1:] != link[:-1]] if len(link) else np.zeros(0, dtype=bool)
    along -= np.repeat(along[is_new], np.diff(np.r_[np.flatnonzero(is_new), len(link)]))
    piece = km[owner] / count[owner]
    return Segments(
        link=link[owner], lon_a=lon_a, lat_a=lat_a, lon_b=lon_a + turn(lon_b - lon_a), lat_b=lat_b,
        start_km=along[owner] + step * piece, end_km=along[owner] + (step + 1) * piece,
    )  # fmt: skip


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Points on the unit sphere, (n, 3)."""
    x, y = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def turn(degrees: Floats) -> Floats:
    """Longitude differences in [-180, 180)."""
    turned: Floats = (degrees + 180.0) % 360.0 - 180.0
    return turned


def _between(a: Floats, b: Floats, angle: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude at a share of the great circle from `a` to `b`."""
    is_tiny = np.sin(angle) < 1e-9
    safe = np.where(is_tiny, 1.0, np.sin(angle))
    before = np.where(is_tiny, 1.0 - share, np.sin((1.0 - share) * angle) / safe)
    after = np.where(is_tiny, share, np.sin(share * angle) / safe)
    x, y, z = (before[:, None] * a + after[:, None] * b).T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))

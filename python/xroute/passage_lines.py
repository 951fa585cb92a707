"""Passages by geometry: lines and zones, and which links cross them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.link_lines import Floats, Rows, Segments, hub_rows, segments
from xroute.schema import MODES

_SHIFTS = (-360.0, 0.0, 360.0)
_MOST_SEGMENT_LON = 360.0  # a segment across a pole spans up to half a turn


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageShape:
    """What a link must cross to carry the tag `passage_id`.

    `lines` are open lines, `polygons` lists of rings (outer ring first, then holes), all of (lon, lat) and
    straight on a flat map. `modes` limits the links that are tagged.
    """

    passage_id: str
    lines: tuple[Floats, ...] = ()
    polygons: tuple[tuple[Floats, ...], ...] = ()
    modes: tuple[str, ...] = MODES


def shapes_of(passages: Mapping[str, Any]) -> list[PassageShape]:
    """The lines of a passages table that has a column `line`; rows without a line have no shape.

    Raises `InputError` with row and column.

    >>> [shape.passage_id for shape in shapes_of({"passage_id": ["suez"], "line": ["31.9 30.45;32.9 30.45"]})]
    ['suez']
    """
    texts = passages.get("line", [""] * len(passages["passage_id"]))
    modes = passages.get("modes", [""] * len(texts))
    return [
        PassageShape(
            passage_id=tag_of(name, row=row), lines=(line_of(text, row=row),), modes=modes_of(listed, row=row)
        )
        for row, (name, text, listed) in enumerate(zip(passages["passage_id"], texts, modes, strict=True), 1)
        if text.strip()
    ]


def tag_of(name: str, *, table: str = "passages", row: int | None = None, column: str = "passage_id") -> str:
    """The id as a tag of links; raises `InputError` for one that a list of tags cannot hold.

    >>> tag_of("suez")
    'suez'
    """
    if ";" in name or name != name.strip():
        message = f"a tag holds no ';' and no space at its ends, got {name!r}"
        raise InputError(message, table=table, row=row, column=column)
    return name


def line_of(text: str, *, row: int | None = None) -> Floats:
    """The corners of `"lon lat;lon lat;..."`, from shore to shore.

    Between two corners the line takes the shorter way round the globe. Raises `InputError` for less than two
    places, for what is no number and for what is not on the map.

    >>> line_of("179 60; -179 60").tolist()
    [[179.0, 60.0], [181.0, 60.0]]
    """
    corners = [_corner(part, row) for part in text.split(";") if part.strip()]
    line = np.array(corners, dtype=np.float64).reshape(-1, 2)
    if len(np.unique(line, axis=0)) < 2:
        raise _fault("expected at least two corners from shore to shore, as in '42.6 12.2;44.0 13.0'", row)
    return np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])


def _corner(text: str, row: int | None) -> tuple[float, float]:
    try:
        lon, lat = (float(number) for number in text.split())
    except ValueError:
        raise _fault(f"expected corners 'lon lat' with ';' between them, got {text.strip()!r}", row) from None
    if not (math.isfinite(lon) and abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise _fault(f"'{text.strip()}' is no longitude and latitude in degrees", row)
    return lon, lat


def _fault(message: str, row: int | None) -> InputError:
    return InputError(message, table="passages", row=row, column="line")


def modes_of(text: str, *, table: str = "passages", row: int | None = None) -> tuple[str, ...]:
    """The modes in a list with `;`; every mode for an empty text.

    >>> modes_of("sea; ferry")
    ('sea', 'ferry')
    """
    names = tuple(part.strip() for part in text.replace(",", ";").split(";") if part.strip())
    for name in names:
        if name not in MODES:
            message = f"'{name}' is none of: {', '.join(MODES)}"
            raise InputError(message, table=table, row=row, column="modes")
    return names or MODES


def tagged(
    hubs: Mapping[str, Any],
    links: Mapping[str, Any],
    shapes: Sequence[PassageShape],
    *,
    rows: Rows | None = None,
) -> tuple[list[str], dict[str, int]]:
    """The column `passages` of the links with every tag added, and how many links each shape tagged.

    The tables are those of the core; a link with a geometry is tested along it. `rows` are the links to look
    at, by default all.
    """
    every = len(links["origin"])
    rows = np.arange(every, dtype=np.int64) if rows is None else rows
    bands = _Bands(segments(hubs, links, rows))
    starts = hub_rows(hubs, [links["origin"][row] for row in rows])
    lon, lat = hubs["lon"][starts], hubs["lat"][starts]
    mode = np.array(links["mode"], dtype=object)
    texts, counts = list(links["passages"]), {}
    for shape in shapes:
        crossed = np.zeros(every, dtype=bool)
        for line in (*shape.lines, *(ring for polygon in shape.polygons for ring in polygon)):
            crossed[bands.crossing(line)] = True
        for polygon in shape.polygons:
            crossed[rows] |= _inside(polygon, lon, lat)
        crossed &= np.isin(mode, shape.modes)
        for row in np.flatnonzero(crossed):
            texts[row] = _with_tag(texts[row], shape.passage_id)
        counts[shape.passage_id] = int(np.count_nonzero(crossed))
    return texts, counts


def _with_tag(text: str, tag: str) -> str:
    names = [name.strip() for name in text.split(";") if name.strip()]
    return ";".join(dict.fromkeys([*names, tag]))


class _Bands:
    """Segments in the order of latitude, so that an edge looks only at those beside it."""

    def __init__(self, pieces: Segments) -> None:
        low = np.minimum(pieces.lat_a, pieces.lat_b)
        order = np.argsort(low, kind="stable")
        self.pieces, self.low = pieces.only(order), low[order]
        heights = np.abs(pieces.lat_a - pieces.lat_b)
        self.tallest = float(heights.max()) if len(heights) else 0.0

    def crossing(self, line: Floats) -> Rows:
        """Rows of the links that touch or cross a line."""
        found = [self._crossing_edge(a, b) for a, b in _edges(line)]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def _crossing_edge(self, a: tuple[float, float], b: tuple[float, float]) -> Rows:
        start = int(np.searchsorted(self.low, min(a[1], b[1]) - self.tallest, side="left"))
        end = int(np.searchsorted(self.low, max(a[1], b[1]), side="right"))
        near = self.pieces.only(slice(start, end))
        west, east = np.minimum(near.lon_a, near.lon_b), np.maximum(near.lon_a, near.lon_b)
        is_beside = (east >= min(a[0], b[0])) & (west <= max(a[0], b[0]))
        is_beside &= np.maximum(near.lat_a, near.lat_b) >= min(a[1], b[1])
        near = near.only(is_beside)
        found: Rows = near.link[_touches(near, a, b)]
        return found


def _edges(line: Floats) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    """The edges of a line that a segment may meet: those near longitudes -180 to 180, turned round once."""
    for a, b in _every_edge(line):
        if max(a[0], b[0]) >= -_MOST_SEGMENT_LON and min(a[0], b[0]) <= _MOST_SEGMENT_LON:
            yield a, b


def _every_edge(line: Floats) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    for (x_a, y_a), (x_b, y_b) in pairwise(line.tolist()):
        for shift in _SHIFTS:
            yield (x_a + shift, y_a), (x_b + shift, y_b)


def _touches(near: Segments, a: tuple[float, float], b: tuple[float, float]) -> np.ndarray[Any, Any]:
    """Whether each segment touches the edge from `a` to `b`; their boxes are known to overlap."""
    start, end = (near.lon_a, near.lat_a), (near.lon_b, near.lat_b)
    splits_edge = _side(start, end, a) * _side(start, end, b) <= 0
    return np.asarray(splits_edge & (_side(a, b, start) * _side(a, b, end) <= 0))


def _side(p: tuple[Any, Any], q: tuple[Any, Any], r: tuple[Any, Any]) -> Any:
    return np.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))


def _inside(rings: Sequence[Floats], lon: Floats, lat: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Even-odd rule over all rings, for points in any order."""
    order = np.argsort(lat, kind="stable")
    x, y = lon[order], lat[order]
    odd = np.zeros(len(lon), dtype=bool)
    for ring in rings:
        for a, b in _every_edge(ring):
            low, high = (a, b) if a[1] <= b[1] else (b, a)
            start, end = np.searchsorted(y, [low[1], high[1]], side="left")
            if start < end:
                at = low[0] + (y[start:end] - low[1]) * (high[0] - low[0]) / (high[1] - low[1])
                odd[start:end] ^= at > x[start:end]
    found = np.zeros(len(lon), dtype=bool)
    found[order] = odd
    return found

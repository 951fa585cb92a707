"""Open water: where ships may sail, the corners they turn at, and which corners see each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas
import numpy as np
import shapely
from earth import WGS84
from scipy.spatial import cKDTree
from sources import curated, natural_earth

KM_PER_DEG = 111.195
EARTH_KM = 6371.0088
SOUTH, NORTH = -60.0, 76.0
BAND_DEG, PIECE_DEG = 4.0, 2.0
GRID_DEG = 0.1
STEP_KM = 40.0  # chords of great circles: within 60 m of the curve where ships sail
Array = np.ndarray[Any, Any]


def mercator(lat: Array | float) -> Any:
    """Latitude as the ordinate of a Mercator map, in degrees of the equator."""
    return np.degrees(np.arctanh(np.sin(np.radians(lat))))


def latitude(ordinate: Array | float) -> Any:
    """The latitude of an ordinate of [`mercator`]."""
    return np.degrees(np.arctan(np.sinh(np.radians(ordinate))))


@cache
def land() -> Array:
    """Natural Earth 10 m land and the curated shoals, with a rim of it beyond both sides of the map."""
    shapes = _one_land()
    found = []
    for shift in (-360.0, 0.0, 360.0):
        moved = shapely.transform(shapes, lambda xy, shift=shift: xy + np.array([shift, 0.0]))
        bounds = shapely.bounds(moved)
        found.append(moved[(bounds[:, 2] > -190.0) & (bounds[:, 0] < 190.0)])
    return np.concatenate(found)


@cache
def _one_land() -> list[Any]:
    frame = geopandas.read_file(natural_earth("physical", "ne_10m_land"))
    return [*shapely.get_parts(frame.geometry.to_numpy()), *_shoals()]


def _shoals() -> list[Any]:
    """Waters too shallow for sea-going ships, as polygons (data/curated/shoals.csv)."""
    found = []
    for row in curated("shoals"):
        corners = [tuple(map(float, corner.split())) for corner in row["polygon"].split(";")]
        found.append(shapely.Polygon(corners))
    return found


def grown_land(margin_km: float) -> Array:
    """Land with a margin of water around it, as polygons oriented with land to the left."""
    shapes = land()
    bounds = shapely.bounds(shapes)
    bands = []
    for south in np.arange(SOUTH, NORTH, BAND_DEG):
        north, pad = south + BAND_DEG, margin_km / KM_PER_DEG * 1.5 + 0.05
        near = shapes[(bounds[:, 3] > south - pad) & (bounds[:, 1] < north + pad)]
        cut = shapely.clip_by_rect(near, -188.0, south - pad, 188.0, north + pad)
        cut = shapely.make_valid(cut[~shapely.is_empty(cut)])
        width = margin_km / KM_PER_DEG / np.cos(np.radians(south + BAND_DEG / 2))
        flat = shapely.transform(cut, lambda xy: np.column_stack([xy[:, 0], mercator(xy[:, 1])]))
        whole = shapely.union_all(shapely.buffer(flat, width, quad_segs=2))
        bands.append(shapely.clip_by_rect(whole, -187.0, mercator(south), 187.0, mercator(north)))
    joined = shapely.get_parts(shapely.union_all(shapely.buffer(np.array(bands), 1e-6)))
    round_earth = shapely.transform(joined, lambda xy: np.column_stack([xy[:, 0], latitude(xy[:, 1])]))
    found: Array = shapely.orient_polygons(round_earth)
    return found


@dataclass(frozen=True, slots=True)
class Corners:
    """Points of water at which a taut route may turn, and the shore on both sides of each.

    `lon`, `lat`, and `back`, `ahead`: bearings in degrees to the neighbours along the shore; NaN where a
    route may turn any way.
    """

    lon: Array
    lat: Array
    back: Array
    ahead: Array

    def __len__(self) -> int:
        return len(self.lon)

    def only(self, rows: Array) -> Corners:
        """The corners of some rows."""
        return Corners(self.lon[rows], self.lat[rows], self.back[rows], self.ahead[rows])

    def and_then(self, other: Corners) -> Corners:
        """These corners, then others."""
        both = zip(
            (self.lon, self.lat, self.back, self.ahead),
            (other.lon, other.lat, other.back, other.ahead),
            strict=True,
        )
        return Corners(*(np.concatenate(pair) for pair in both))

    @classmethod
    def anywhere(cls, lon: Array, lat: Array) -> Corners:
        """Points where a route may turn any way."""
        free = np.full(len(lon), np.nan)
        return cls(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), free, free)


def corners(margin_km: float, tolerance_km: float) -> Corners:
    """Outward corners of the land with a margin."""
    rings = shapely.get_rings(shapely.simplify(grown_land(margin_km), tolerance_km / KM_PER_DEG))
    found = []
    for ring in rings:
        xy = shapely.get_coordinates(ring)[:-1]
        flat = np.column_stack([xy[:, 0], mercator(xy[:, 1])])
        into, out = flat - np.roll(flat, 1, axis=0), np.roll(flat, -1, axis=0) - flat
        turns_left = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0] > 0.0
        back = np.degrees(np.arctan2(-into[:, 0], -into[:, 1]))
        ahead = np.degrees(np.arctan2(out[:, 0], out[:, 1]))
        is_here = (
            (xy[:, 0] > -180.0) & (xy[:, 0] <= 180.0) & (xy[:, 1] > SOUTH + 0.1) & (xy[:, 1] < NORTH - 0.1)
        )
        keep = turns_left & is_here
        found.append(np.column_stack([xy, back, ahead])[keep])
    return Corners(*np.concatenate(found).T)


def unit_vectors(lon: Array, lat: Array) -> Array:
    """Points of the unit sphere, (n, 3)."""
    lon, lat = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def bearings(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Degrees east of north at the start of the great circles between points."""
    lat, to_lat, turn = np.radians(lat), np.radians(to_lat), np.radians(to_lon - lon)
    east = np.sin(turn) * np.cos(to_lat)
    north = np.cos(lat) * np.sin(to_lat) - np.sin(lat) * np.cos(to_lat) * np.cos(turn)
    found: Array = np.degrees(np.arctan2(east, north))
    return found


def is_taut(bearing: Array, back: Array, ahead: Array) -> Array:
    """Whether the line with a bearing only touches a corner: both neighbours on one side of it."""
    one = np.sin(np.radians(back - bearing))
    other = np.sin(np.radians(ahead - bearing))
    found: Array = ~(one * other < -1e-6)
    return found


def taut_pairs(points: Corners, *, within_km: float, block: int = 500) -> tuple[Array, Array]:
    """Pairs of rows at most so far apart whose great circle may belong to a taut route."""
    xyz = unit_vectors(points.lon, points.lat)
    chord = 2.0 * np.sin(min(within_km / EARTH_KM, np.pi) / 2.0)
    tree = cKDTree(xyz)
    first, second = [], []
    for start in range(0, len(points), block):
        rows = np.arange(start, min(start + block, len(points)))
        near = tree.query_ball_point(xyz[rows], chord, return_sorted=True)
        a = np.repeat(rows, [len(each) for each in near])
        b = np.concatenate([np.asarray(each, dtype=np.intp) for each in near])
        a, b = taut(points, a[b > a], b[b > a])
        seen = not_parted(xyz, a, b)
        first.append(a[seen])
        second.append(b[seen])
    return np.concatenate(first), np.concatenate(second)


def taut(points: Corners, a: Array, b: Array) -> tuple[Array, Array]:
    """The pairs of rows whose great circle only touches the shore at both ends."""
    for turn in (False, True):
        here, there = (b, a) if turn else (a, b)
        way = bearings(points.lon[here], points.lat[here], points.lon[there], points.lat[there])
        taut = is_taut(way, points.back[here], points.ahead[here])
        a, b = a[taut], b[taut]
    return a, b


SHARES = (1 / 2, 1 / 4, 3 / 4, 1 / 8, 7 / 8, 3 / 8, 5 / 8)


def not_parted(xyz: Array, a: Array, b: Array) -> Array:
    """Whether no point of a few along each great circle lies deep in land: most pairs fail one of them."""
    found = np.ones(len(a), dtype=bool)
    live = np.arange(len(a))
    for share in SHARES:
        live = live[found[live]]
        one, other = xyz[a[live]], xyz[b[live]]
        cosine = np.clip(np.einsum("ij,ij->i", one, other), -1.0, 1.0)
        angle = np.arccos(cosine)
        mixed = one * np.sin((1 - share) * angle)[:, None] + other * np.sin(share * angle)[:, None]
        lon = np.degrees(np.arctan2(mixed[:, 1], mixed[:, 0]))
        lat = np.degrees(np.arctan2(mixed[:, 2], np.hypot(mixed[:, 0], mixed[:, 1])))
        found[live] = depths().at(lon, lat) >= -GRID_DEG * KM_PER_DEG
    return found


@dataclass(frozen=True, slots=True)
class Depths:
    """How far each cell of a grid is from the shore, km; negative on land."""

    offshore_km: Array

    def at(self, lon: Array, lat: Array) -> Array:
        """Kilometres to the shore of points."""
        rows = ((lat + 90.0) / GRID_DEG).astype(np.int32).clip(0, self.offshore_km.shape[0] - 1)
        cols = (
            np.floor(((lon + 180.0) % 360.0) / GRID_DEG)
            .astype(np.int32)
            .clip(0, self.offshore_km.shape[1] - 1)
        )
        found: Array = self.offshore_km[rows, cols]
        return found


@cache
def depths() -> Depths:
    """The grid of a build."""
    lat = np.arange(-90.0 + GRID_DEG / 2, 90.0, GRID_DEG)
    lon = np.arange(-180.0 + GRID_DEG / 2, 180.0, GRID_DEG)
    shapes = land()
    shore = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shapes), 0.1))
    shore = shore[np.abs(shore[:, 0]) <= 180.5]
    tree = cKDTree(unit_vectors(shore[:, 0], shore[:, 1]))
    found = np.empty((len(lat), len(lon)), dtype=np.float32)
    wet = shapely.STRtree(pieces())
    for row, parallel in enumerate(lat):
        chord, _ = tree.query(unit_vectors(lon, np.full(len(lon), parallel)))
        km = 2.0 * EARTH_KM * np.arcsin(np.minimum(chord / 2.0, 1.0))
        is_land = np.zeros(len(lon), dtype=bool)
        is_land[wet.query(shapely.points(lon, np.full(len(lon), parallel)), predicate="intersects")[0]] = True
        found[row] = np.where(is_land, -km, km)
    return Depths(found)


@cache
def pieces() -> Array:
    """Land in small prepared pieces, for fast tests of many lines; whole on both sides of the map as well.

    A line that starts near 180 degrees may run on for a whole turn.
    """
    once = np.array([piece for shape in _one_land() for piece in _split(shape)])
    found = [
        shapely.transform(once, lambda xy, by=by: xy + np.array([by, 0.0])) for by in (-360.0, 0.0, 360.0)
    ]
    whole: Array = np.concatenate(found)
    shapely.prepare(whole)
    return whole


def _split(shape: Any) -> list[Any]:
    west, south, east, north = shape.bounds
    if east - west <= PIECE_DEG and north - south <= PIECE_DEG:
        return [shape]
    found = []
    for x in np.arange(np.floor(west), east, PIECE_DEG):
        column = shapely.clip_by_rect(shape, x, south - 1, x + PIECE_DEG, north + 1)
        if column.is_empty:
            continue
        for y in np.arange(np.floor(south), north, PIECE_DEG):
            piece = shapely.clip_by_rect(column, x, y, x + PIECE_DEG, y + PIECE_DEG)
            if not piece.is_empty:
                found.append(shapely.make_valid(piece))
    return found


def midway(lon: Array, lat: Array, to_lon: Array, to_lat: Array, share: Array) -> tuple[Array, Array]:
    """Points at a share of the way along great circles."""
    a, b = unit_vectors(lon, lat), unit_vectors(to_lon, to_lat)
    angle = np.arccos(np.clip(np.sum(a * b, axis=1), -1.0, 1.0))
    sine = np.maximum(np.sin(angle), 1e-12)
    mixed = a * (np.sin((1 - share) * angle) / sine)[:, None] + b * (np.sin(share * angle) / sine)[:, None]
    return np.degrees(np.arctan2(mixed[:, 1], mixed[:, 0])), np.degrees(
        np.arctan2(mixed[:, 2], np.hypot(mixed[:, 0], mixed[:, 1]))
    )


def may_see(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Whether the grid shows no land deep enough to part points; strides as far as water is open."""
    deep_km, least_km = GRID_DEG * KM_PER_DEG, 4.0
    length = great_circle_km(lon, lat, to_lon, to_lat)
    found = np.ones(len(lon), dtype=bool)
    live = np.arange(len(lon))
    done = np.full(len(lon), least_km)
    grid = depths()
    while len(live):
        live = live[done[live] < length[live]]
        share = done[live] / length[live]
        km = grid.at(*midway(lon[live], lat[live], to_lon[live], to_lat[live], share))
        found[live[km < -deep_km]] = False
        done[live] += np.maximum(km - deep_km, least_km)
        live = live[km >= -deep_km]
    return found


def great_circle_km(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Distance on the mean sphere; for choosing, never for a reported distance."""
    chord = np.linalg.norm(unit_vectors(lon, lat) - unit_vectors(to_lon, to_lat), axis=1)
    found: Array = 2.0 * EARTH_KM * np.arcsin(np.minimum(chord / 2.0, 1.0))
    return found


def lines(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Great circles as lines of short chords; longitudes run on past 180 degrees where a line does."""
    km = great_circle_km(lon, lat, to_lon, to_lat)
    count = np.maximum(np.ceil(km / STEP_KM).astype(int), 1) + 1
    owner = np.repeat(np.arange(len(lon)), count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    share = within / (count[owner] - 1)
    x, y = midway(lon[owner], lat[owner], to_lon[owner], to_lat[owner], share)
    x = x + 360.0 * np.round((lon[owner] - x) / 360.0)
    for _ in range(2):  # far ends may lie over half a turn from the start
        jump = np.diff(x, prepend=x[0])
        jump[within == 0] = 0.0
        turns = np.cumsum(np.round(jump / 360.0))
        x = x - 360.0 * (turns - turns[np.searchsorted(owner, owner)])
    found: Array = shapely.linestrings(np.column_stack([x, y]), indices=owner)
    return found


def over_land_km(shapes: Array, *, tree: Any = None) -> Array:
    """Kilometres of lines over land."""
    tree = tree if tree is not None else land_tree()
    row, piece = tree.query(shapes, predicate="intersects")
    cut = shapely.intersection(shapes[row], tree.geometries[piece])
    found = np.zeros(len(shapes))
    np.add.at(found, row, [length_km(part) for part in cut])
    return found


def length_km(shape: Any) -> float:
    """Geodesic length of a line or of lines."""
    return 0.0 if shape.is_empty else float(WGS84.geometry_length(shape)) / 1000.0


@cache
def land_tree() -> Any:
    """The pieces of land by place."""
    return shapely.STRtree(pieces())


def is_clear(shapes: Array, *, block: int = 20_000) -> Array:
    """Whether lines touch no land."""
    found = np.ones(len(shapes), dtype=bool)
    for start in range(0, len(shapes), block):
        hit = land_tree().query(shapes[start : start + block], predicate="intersects")[0]
        found[start + hit] = False
    return found

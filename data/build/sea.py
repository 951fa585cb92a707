"""Sea lanes: taut routes round the shores, the open lanes where water is narrow, and access by port.

Corners of land grown by 12 km see each other over oceans, those at 4 km only where water is narrow; the
lanes of the open network lead through canals, rivers and straits, and each harbour that sees no open water
has its own way out. Of all of it only what some pair of ports uses stays: with everything open, and with
each passage closed in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import harbours
import numpy as np
import passages
import shapely
import water
from earth import WGS84, normal_lon
from places import Hub
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from sources import curated, marnet
from water import Corners, unit_vectors

OFFSHORE = ((12.0, 5.0, 15_000.0), (4.0, 1.5, 200.0))  # margin, tolerance and sight, km
NARROW_KM = 10.0  # a corner at 4 km that is further from the shore's line at 12 km lies in narrow water
NORTHERNMOST = 72.5
LANE_SIGHT_KM = 80.0
PORT_SIGHT_KM = 400.0
QUAY_KM = 0.7
LEAST_SEA_DEG2 = 3.0  # the Black Sea is a lake to a ring of 0.7 km round the land
ICE_LAT = 78.0
LAND_WEIGHT = 4.0
MOST_QUAY_KM = 4.0
LEAST_OCEAN = 1000
NEAR_KM = 60.0
ROADS_KM = (12.0, 25.0)
CLOSURE_PORTS = 40
SHIP = "container_ship"  # the average of all sizes, where the trade does not tell
KIEL_ENDS, KIEL_KM, KIEL_KM_H = ((9.04, 53.87), (10.31, 54.45)), 110.3, 12.0
SMALL_CANALS = (  # too small for sea-going cargo ships, or not between seas of this network
    shapely.box(40.2, 46.3, 47.9, 50.0),  # Volga-Don
    shapely.box(12.9, 58.0, 15.9, 59.1),  # Goeta
    shapely.box(-5.2, 56.7, -4.1, 57.55),  # Caledonian
)
BLOCK = 100_000
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class SeaLink:
    """One row of sea/links.csv before formatting."""

    origin: str
    destination: str
    distance_km: float
    passages: str
    vehicle_class: str
    source: str
    confidence: str
    speed_km_h: float | None
    eca_km: float
    geometry: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Water:
    """Points and the stretches between them: rows of both ends, line, km, km over land, and source."""

    points: Corners
    a: Array
    b: Array
    shape: Array
    km: Array
    land_km: Array
    source: Array


def build(ports: list[Hub]) -> tuple[list[Hub], list[SeaLink], list[str]]:
    """Junctions, links, and sentences about ports that are reached over land."""
    water_ = _stretches(ports)
    tags = passages.tags(water_.shape)
    used = _used(water_, tags, len(ports))
    return _rows(ports, water_, tags, used)


def _stretches(ports: list[Hub]) -> Water:
    """Everything a route may use: port access, lanes, and taut lines between corners."""
    lanes, lane_pairs = _lanes()
    far = offshore(*OFFSHORE[0])
    near = offshore(*OFFSHORE[1], apart_from=OFFSHORE[0][0])
    quays = _quays(ports)
    outside = np.concatenate([roads(quays, margin_km) for margin_km in ROADS_KM])
    points = Corners.anywhere(*np.concatenate([quays, outside]).T).and_then(lanes)
    points = points.and_then(near[0]).and_then(far[0])
    starts = np.cumsum([len(quays) + len(outside), len(lanes), len(near[0])])
    quays, inner, inner_pairs = _harbours(ports, quays, outside, points, starts)
    points.lon[: len(quays)], points.lat[: len(quays)] = quays.T
    pairs = [near[1] + starts[1], far[1] + starts[2], _seen(points, starts)]
    points = points.and_then(Corners.anywhere(*inner.T))
    clear = np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)
    clear = clear[_below_ice(_lines(points, clear))]
    has_way = np.isin(np.arange(len(ports)), inner_pairs)
    snapped = _nearest_lanes(points, starts, np.flatnonzero(~has_way))
    forced = np.concatenate([lane_pairs + starts[0], snapped, inner_pairs])
    both = np.concatenate([clear, forced])
    shape = _lines(points, both)
    land_km = np.zeros(len(both))
    land_km[len(clear) :] = water.over_land_km(shape[len(clear) :])
    keep = ~np.any([shapely.intersects(shape, box) for box in SMALL_CANALS], axis=0) | (land_km == 0)
    wet = both[land_km <= MOST_QUAY_KM]
    blind = _blind(len(points), wet, _km(points, wet), len(ports))
    is_snapped = np.isin(np.arange(len(both)), len(clear) + len(lane_pairs) + np.arange(len(snapped)))
    keep &= ~is_snapped | (land_km <= MOST_QUAY_KM) | np.isin(both[:, 0], blind)
    source = np.where(np.arange(len(both)) < len(clear), "naturalearth", "searoute")
    return Water(points, *both[keep].T, shape[keep], _km(points, both[keep]), land_km[keep], source[keep])


def _harbours(
    ports: list[Hub], quays: Array, outside: Array, points: Corners, starts_of: Array
) -> tuple[Array, Array, Array]:
    """Quays, new points (n, 2) and pairs of rows for ports that see no roadstead or lie up a river.

    Rows count `points`, whose first are the quays and the roadsteads, then the new ones; `starts_of` are the
    rows at which lanes, near corners and far corners start.
    """
    places = np.array([port.point for port in ports])
    inland_km = water.great_circle_km(*places.T, *quays.T)
    shut = np.ones(len(ports), dtype=bool)
    for part in np.split(outside, len(ROADS_KM)):
        shut &= ~water.is_clear(water.lines(*quays.T, *part.T))
    rows = np.flatnonzero(shut | (inland_km > MOST_QUAY_KM))
    starts = np.where((inland_km > MOST_QUAY_KM)[:, None], places, quays)[rows]
    targets = np.column_stack([points.lon, points.lat])[len(quays) :]
    lanes = np.array([shapely.LineString(line) for line in marnet() if len(line) > 1])
    quays, number, pairs = quays.copy(), {}, []
    at = np.arange(len(quays), len(points))
    is_lane = (at >= starts_of[0]) & (at < starts_of[1])
    found = harbours.ways(starts, inland_km[rows], targets, is_lane, lanes)
    for row, lines in zip(rows.tolist(), found, strict=True):
        for target, line in lines:
            quays[row] = line[0]
            corners = [(round(float(x), 5), round(float(y), 5)) for x, y in line[1:-1]]
            nodes = [number.setdefault(corner, len(points) + len(number)) for corner in corners]
            nodes = [row, *nodes, len(quays) + target]
            pairs += [(min(pair), max(pair)) for pair in pairwise(nodes)]
    return quays, np.array(list(number)).reshape(-1, 2), np.unique(np.array(pairs).reshape(-1, 2), axis=0)


def _blind(point_count: int, pairs: Array, km: Array, port_count: int) -> Array:
    """Ports that water does not join to the ocean, or that see through a gap only what is far away."""
    ones = np.ones(len(pairs))
    part = connected_components(coo_matrix((ones, tuple(pairs.T)), shape=(point_count,) * 2))[1]
    is_apart = np.bincount(part)[part[:port_count]] < LEAST_OCEAN
    sees_near = np.isin(np.arange(port_count), pairs[km <= NEAR_KM])
    return np.flatnonzero(is_apart | ~sees_near)


def roads(quays: Array, margin_km: float) -> Array:
    """A point off each port at a distance from the shore, from which ships take a straight course."""
    rings = shapely.get_rings(water.grown_land(margin_km))
    rings = rings[shapely.is_ccw(rings) | (shapely.area(shapely.polygons(rings)) > LEAST_SEA_DEG2)]
    points = shapely.points(quays)
    nearest = shapely.STRtree(rings).query_nearest(points, all_matches=False)[1]
    lines = shapely.shortest_line(rings[nearest], points)
    return shapely.get_coordinates(shapely.get_point(lines, 0)).round(5)


def _lines(points: Corners, pairs: Array) -> Array:
    a, b = pairs.T
    blocks = [slice(at, at + BLOCK) for at in range(0, len(pairs), BLOCK)]
    return np.concatenate(
        [
            water.lines(points.lon[a[at]], points.lat[a[at]], points.lon[b[at]], points.lat[b[at]])
            for at in blocks
        ]
    )


def _km(points: Corners, pairs: Array) -> Array:
    a, b = pairs.T
    found: Array = WGS84.inv(points.lon[a], points.lat[a], points.lon[b], points.lat[b])[2] / 1000.0
    return found


def offshore(
    margin_km: float, tolerance_km: float, sight_km: float, *, apart_from: float | None = None
) -> tuple[Corners, Array]:
    """Corners of land with a margin, and the pairs that see each other along a taut line, (n, 2).

    With `apart_from` only those in water too narrow for that wider margin, km.
    """
    corners = water.corners(margin_km, tolerance_km)
    corners = corners.only(np.flatnonzero(corners.lat < NORTHERNMOST))
    if apart_from is not None:
        shore = shapely.segmentize(shapely.get_rings(water.grown_land(apart_from)), 0.02)
        line = unit_vectors(*shapely.get_coordinates(shore).T)
        chord, _ = cKDTree(line).query(unit_vectors(corners.lon, corners.lat))
        corners = corners.only(np.flatnonzero(chord * water.EARTH_KM > NARROW_KM))
    pairs = np.column_stack(water.taut_pairs(corners, within_km=sight_km))
    return corners, _clear(corners, pairs)


def _clear(points: Corners, pairs: Array) -> Array:
    """The pairs that no land parts."""
    kept = []
    for at in range(0, len(pairs), BLOCK):
        block = pairs[at : at + BLOCK]
        a, b = block.T
        block = block[water.may_see(points.lon[a], points.lat[a], points.lon[b], points.lat[b])]
        kept.append(block[water.is_clear(_lines(points, block))] if len(block) else block)
    return np.concatenate(kept)


def _lanes() -> tuple[Corners, Array]:
    """Points of the open lanes, west to east, and the pairs that a lane joins; the Kiel Canal with them."""
    rows: dict[tuple[float, float], int] = {}
    lines = [[(round(normal_lon(x), 5), round(y, 5)) for x, y in line] for line in marnet()]
    for corner in sorted({corner for line in lines for corner in line}):
        rows[corner] = len(rows)
    pairs = {tuple(sorted((rows[a], rows[b]))) for line in lines for a, b in pairwise(line) if a != b}
    lon, lat = np.array(list(rows)).T
    tree = cKDTree(unit_vectors(lon, lat))
    west, east = tree.query(unit_vectors(*np.array(KIEL_ENDS).T))[1]
    pairs.add((min(int(west), int(east)), max(int(west), int(east))))
    return Corners.anywhere(lon, lat), np.array(sorted(pairs))


def _quays(ports: list[Hub]) -> Array:
    """Where each port meets navigable water, (n, 2): the port, or the nearest point off the shore."""
    found = np.array([port.point for port in ports])
    rings = shapely.get_rings(water.grown_land(QUAY_KM))
    rings = rings[shapely.is_ccw(rings) | (shapely.area(shapely.polygons(rings)) > LEAST_SEA_DEG2)]
    shores = shapely.STRtree(rings)
    points = shapely.points(found)
    ashore = np.unique(water.land_tree().query(points, predicate="intersects")[0])
    nearest = shores.query_nearest(points[ashore], all_matches=False)[1]
    lines = shapely.shortest_line(rings[nearest], points[ashore])
    found[ashore] = shapely.get_coordinates(shapely.get_point(lines, 0))
    return found


def _seen(points: Corners, starts: Array) -> Array:
    """Pairs over open water of a port or a lane point with what it sees, and of far with near corners."""
    xyz = unit_vectors(points.lon, points.lat)
    tree = cKDTree(xyz)
    groups = (
        (0, int(starts[0]), PORT_SIGHT_KM, 3000),
        (int(starts[0]), int(starts[1]), LANE_SIGHT_KM, 60),
        (int(starts[2]), len(points), OFFSHORE[1][2], 400),
    )
    found = []
    for start, end, sight_km, most in groups:
        rows = np.arange(start, end)
        chord, near = tree.query(xyz[rows], k=most, distance_upper_bound=sight_km / water.EARTH_KM)
        at, nth = np.nonzero(np.isfinite(chord))
        a, b = rows[at], near[at, nth]
        keep = (b != a) & ((b < starts[2]) if start == starts[2] else (b >= 0))
        a, b = water.taut(points, a[keep], b[keep])
        found.append(_clear(points, np.column_stack([a, b])))
    far = np.concatenate([np.arange(int(starts[0])), np.arange(int(starts[2]), len(points))])
    for start in range(0, int(starts[0]), 20):
        rows = np.arange(start, min(start + 20, int(starts[0])))
        a, b = np.repeat(rows, len(far)), np.tile(far, len(rows))
        a, b = water.taut(points, a[a != b], b[a != b])
        seen = water.not_parted(xyz, a, b)
        found.append(_clear(points, np.column_stack([a[seen], b[seen]])))
    return np.concatenate([each for each in found if len(each)])


def _below_ice(shapes: Array) -> Array:
    """Whether lines keep south of the ice of the pole; the lanes have their own ways along the coasts."""
    found: Array = shapely.bounds(shapes)[:, 3] < ICE_LAT
    return found


def _nearest_lanes(points: Corners, starts: Array, ports: Array) -> Array:
    """Ports with their four nearest lane points, land or no land between: rivers lie on land."""
    xyz = unit_vectors(points.lon, points.lat)
    _, near = cKDTree(xyz[starts[0] : starts[1]]).query(xyz[ports], k=4)
    return np.column_stack([np.repeat(ports, 4), near.ravel() + starts[0]])


def _used(found: Water, tags: list[str], port_count: int) -> Array:
    """Rows that a cheapest route between ports uses, open and with each passage closed; land is dear."""
    names = sorted({name for tag in tags for name in tag.split(";") if name})
    weight = found.km + LAND_WEIGHT * found.land_km
    shut_by_default = {row["passage_id"] for row in curated("passages") if row["default_closed"] == "true"}
    has = {name: np.array([name in tag.split(";") for tag in tags]) for name in names}
    shut = np.any([has[name] for name in shut_by_default & has.keys()], axis=0)
    some = np.linspace(0, port_count - 1, CLOSURE_PORTS).astype(int)
    used = _trees(found, weight, ~shut, np.arange(port_count), port_count)
    for name in names:
        is_open = ~has[name] & ~shut if name not in shut_by_default else ~shut | has[name]
        used |= _trees(found, weight, is_open, some, port_count)
    canals = has.get("suez", shut) | has.get("panama", shut)
    return used | _trees(found, weight, ~canals & ~shut, some, port_count)


def _trees(found: Water, weight: Array, is_open: Array, sources: Array, port_count: int) -> Array:
    """Which stretches the cheapest routes from some ports to all ports use."""
    rows = np.flatnonzero(is_open)
    order = rows[np.lexsort((rows, weight[rows]))]
    a, b = np.minimum(found.a[order], found.b[order]), np.maximum(found.a[order], found.b[order])
    keys, first = np.unique(a.astype(np.int64) * len(found.points) + b, return_index=True)
    best = order[first]
    graph = coo_matrix(
        (np.maximum(weight[best], 1e-6), (keys // len(found.points), keys % len(found.points))),
        shape=(len(found.points),) * 2,
    ).tocsr()
    used = np.zeros(len(found.a), dtype=bool)
    for source in sources:
        _, before = dijkstra(graph, directed=False, indices=int(source), return_predecessors=True)
        here = np.arange(port_count)
        while len(here := np.unique(here[before[here] >= 0])):
            back = before[here]
            key = np.minimum(here, back).astype(np.int64) * len(found.points) + np.maximum(here, back)
            used[best[np.searchsorted(keys, key)]] = True
            before[here] = -1
            here = back
    return used


def _rows(
    ports: list[Hub], found: Water, tags: list[str], used: Array
) -> tuple[list[Hub], list[SeaLink], list[str]]:
    rows = np.flatnonzero(used)
    points = found.points
    nodes = np.unique(np.concatenate([found.a[rows], found.b[rows]]))
    nodes = nodes[nodes >= len(ports)]
    nodes = nodes[np.lexsort((points.lat[nodes], points.lon[nodes]))]
    ends: dict[int, Hub] = dict(enumerate(ports))
    for number, node in enumerate(nodes.tolist(), 1):
        lon, lat = round(float(points.lon[node]), 5), round(float(points.lat[node]), 5)
        ends[node] = Hub(
            f"SEA-{number:05d}", "", lat, lon, "junction", "", source="xroute", confidence="medium"
        )
    eca = _eca_km(found.shape[rows])
    links = [_row(ends, found, int(row), tags[row], float(km)) for row, km in zip(rows, eca, strict=True)]
    told = [
        f"{link.origin} is reached over {km:.0f} km of land"
        for link, km in zip(links, found.land_km[rows], strict=True)
        if km > 5.0 and not link.origin.startswith("SEA-")
    ]
    return (
        [ends[node] for node in nodes.tolist()],
        sorted(links, key=lambda link: (link.origin, link.destination)),
        told,
    )


def _row(ends: dict[int, Hub], found: Water, row: int, tag: str, eca_km: float) -> SeaLink:
    a, b = int(found.a[row]), int(found.b[row])
    one, other = ends[a], ends[b]
    quay, end = ((float(found.points.lon[at]), float(found.points.lat[at])) for at in (a, b))
    corners = [one.point]
    corners += [quay] if abs(quay[0] - one.lon) + abs(quay[1] - one.lat) > 1e-4 else []
    corners += [end] if abs(end[0] - other.lon) + abs(end[1] - other.lat) > 1e-4 else []
    corners.append(other.point)
    km = float(sum(WGS84.inv(*p, *q)[2] for p, q in pairwise(corners))) / 1000.0
    is_kiel = "kiel" in tag.split(";")
    return SeaLink(
        one.hub_id,
        other.hub_id,
        max(km, KIEL_KM if is_kiel else 0.1),
        tag,
        _ship(one, other),
        str(found.source[row]),
        "low" if found.land_km[row] > 10.0 else "medium",
        KIEL_KM_H if is_kiel else None,
        eca_km,
        tuple(corners) if len(corners) > 2 else (),
    )


def _eca_km(shapes: Array) -> Array:
    """Kilometres of lines inside emission control areas."""
    areas = []
    for row in curated("eca"):
        shape = shapely.Polygon([tuple(map(float, corner.split())) for corner in row["polygon"].split(";")])
        areas += [
            shapely.transform(shape, lambda xy, by=by: xy + np.array([by, 0.0]))
            for by in (-360.0, 0.0, 360.0)
        ]
    whole = shapely.union_all(shapely.make_valid(np.array(areas)))
    return np.array([water.length_km(part) for part in shapely.intersection(shapes, whole)])


@cache
def _trades() -> list[tuple[float, float, float, float, str]]:
    """Waters of trades whose size of ship is known: west, south, east, north and class."""
    return [
        (*(float(row[side]) for side in ("west", "south", "east", "north")), row["vehicle_class"])  # type: ignore[misc]
        for row in curated("ship_classes")
    ]


def _ship(a: Hub, b: Hub) -> str:
    """The class of ship between two ends: of a trade that holds both, else the average."""
    for west, south, east, north, vehicle in _trades():
        if all(west <= end.lon <= east and south <= end.lat <= north for end in (a, b)):
            return vehicle
    return SHIP

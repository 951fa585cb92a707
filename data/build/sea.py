"""Sea lanes: the open lane network as junctions and links, and an access link for every port."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import passages
from earth import crossings, distance_km, normal_lon
from places import Hub
from scipy.spatial import cKDTree
from sources import curated, marnet

NEAREST = 8
LAND_WEIGHT = 6.0
SECOND_BEST = 1.6
KIEL_CANAL_KM = 98.3
SHIP = "container_ship"  # the average of all sizes, where the trade does not tell


@dataclass(frozen=True, slots=True)
class SeaLink:
    """One row of links_sea.csv before formatting."""

    origin: str
    destination: str
    distance_km: float
    passages: str
    vehicle_class: str
    source: str
    confidence: str
    speed_km_h: float | None = None


def _key(lon: float, lat: float) -> tuple[float, float]:
    return round(normal_lon(lon), 5), round(lat, 5)


def junctions() -> list[Hub]:
    """Corners of the sea lanes, numbered from west to east; corners at one place are one junction."""
    corners = sorted({_key(*corner) for line in marnet() for corner in line})
    return [
        Hub(f"SEA-{number:05d}", "", lat, lon, "junction", "", source="searoute", confidence="medium")
        for number, (lon, lat) in enumerate(corners, 1)
    ]


@cache
def _trades() -> list[tuple[float, float, float, float, str]]:
    """Waters of trades whose size of ship is known: west, south, east, north and class."""
    return [
        (
            float(row["west"]),
            float(row["south"]),
            float(row["east"]),
            float(row["north"]),
            row["vehicle_class"],
        )
        for row in curated("ship_classes")
    ]


def _ship(a: Hub, b: Hub) -> str:
    """The class of ship between two junctions: of a trade that holds both, else the average."""
    for west, south, east, north, vehicle in _trades():
        if all(west <= end.lon <= east and south <= end.lat <= north for end in (a, b)):
            return vehicle
    return SHIP


def lanes(corners: list[Hub]) -> list[SeaLink]:
    """Straight stretches between junctions, geodesic; and the Kiel Canal, which the lanes lack."""
    ids = {(hub.lon, hub.lat): hub for hub in corners}
    pairs: dict[tuple[str, str], tuple[Hub, Hub]] = {}
    for line in marnet():
        for a, b in pairwise(line):
            one, other = ids[_key(*a)], ids[_key(*b)]
            if one is not other:
                low, high = sorted((one, other), key=lambda hub: hub.hub_id)
                pairs[low.hub_id, high.hub_id] = low, high
    ends = [pairs[key] for key in sorted(pairs)]
    crossed = passages.tags([(a.point, b.point) for a, b in ends])
    found = [
        SeaLink(
            a.hub_id,
            b.hub_id,
            distance_km(a.point, b.point),
            tag,
            _ship(a, b),
            "searoute",
            "medium",
        )
        for (a, b), tag in zip(ends, crossed, strict=True)
    ]
    return [*found, _kiel(corners)]


def _kiel(corners: list[Hub]) -> SeaLink:
    west, east = (
        min(corners, key=lambda hub: distance_km(hub.point, end)) for end in ((9.04, 53.87), (10.31, 54.45))
    )
    km = KIEL_CANAL_KM + 12.0  # from the locks to the junctions
    return SeaLink(west.hub_id, east.hub_id, km, "kiel", SHIP, "xroute", "medium", 12.0)


def access(ports: list[Hub], corners: list[Hub]) -> list[SeaLink]:
    """A link from each port to the junction that is near with little land before it, and to a second one."""
    tree = cKDTree(_sphere(corners))
    _, nearest = tree.query(_sphere(ports), k=NEAREST)
    starts = np.repeat([port.point for port in ports], NEAREST, axis=0)
    targets = [corners[at] for row in nearest for at in row]
    ends = np.array([corner.point for corner in targets])
    lengths = [distance_km(tuple(a), tuple(b)) for a, b in zip(starts, ends, strict=True)]
    land = [
        length - crossing.water_km for length, crossing in zip(lengths, crossings(starts, ends), strict=True)
    ]
    scores = np.array(lengths) + LAND_WEIGHT * np.array(land)
    chosen = []
    for number, port in enumerate(ports):
        span = range(number * NEAREST, (number + 1) * NEAREST)
        best, *others = sorted(span, key=lambda at: (scores[at], targets[at].hub_id))
        picked = [best, *(at for at in others[:1] if scores[at] <= SECOND_BEST * scores[best] + 5)]
        chosen += [(port, targets[at], lengths[at], land[at]) for at in picked]
    tags = passages.tags([(port.point, corner.point) for port, corner, _, _ in chosen])
    return [
        SeaLink(
            port.hub_id,
            corner.hub_id,
            max(length, 0.1),
            tag,
            SHIP,
            "xroute",
            "low" if over_land > 10 else "medium",
        )
        for (port, corner, length, over_land), tag in zip(chosen, tags, strict=True)
    ]


def _sphere(hubs: list[Hub]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    lon, lat = np.radians([hub.lon for hub in hubs]), np.radians([hub.lat for hub in hubs])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

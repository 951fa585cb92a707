"""Roads, rails and ferries: curated legs, and great circles times a factor elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from earth import Crossing, crossings, distance_km
from places import Hub, slug
from scipy.spatial import ConvexHull, cKDTree
from sea import _sphere as sphere
from sources import curated

SERVICE_FACTOR = 1.06  # services of the China-Europe corridors run 5-12 % over line length
CORRIDOR = frozenset(
    (
        *("CN", "KZ", "RU", "BY", "PL", "DE", "NL", "BE", "FR", "ES", "MN", "AZ", "GE"),
        *("TR", "HU", "RO", "UZ", "TM", "IR", "CZ", "AT", "IT", "GR", "BG", "RS"),
    )
)
FEEDER_FACTOR = 1.25
MOST_WATER_KM = 5.0
NEIGHBOURS = 8
LARGE = (300_000, 1_000_000)
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
SHORT_KM, LONG_KM = 20.0, 500.0
MOST_JOIN_KM = 1500.0
ROUNDS = 4


@dataclass(slots=True)
class LandLink:
    """One row of a link table before formatting."""

    origin: str
    destination: str
    mode: str
    distance_km: float
    countries: list[str]
    vehicle_class: str
    source: str
    confidence: str
    customs_borders: int = 0
    gauge_mm: int | None = None
    line_km: float | None = None
    oneway: bool = False
    speed_km_h: float | None = None
    extra: dict[str, str] = field(default_factory=dict)


@cache
def territories() -> dict[str, str]:
    """The customs territory of countries that share one."""
    return {row["country"]: row["territory"] for row in curated("customs_territories")}


def frontiers(crossed: list[str]) -> int:
    """Customs frontiers along countries in order.

    >>> frontiers(["CN", "KZ", "RU", "BY", "PL", "DE"])
    2
    """
    unions = [territories().get(code, code) for code in crossed]
    return sum(a != b for a, b in pairwise(unions))


# --- rail --------------------------------------------------------------------------------------------


@cache
def _rail_speeds() -> dict[str, float]:
    return {
        row["vehicle_class"]: float(row["speed_km_h"]) for row in curated("modes") if row["mode"] == "rail"
    }


def rail_speed(country: str) -> float:
    """Speed of block trains in a country, km/h, of data/curated/modes.csv."""
    return _rail_speeds().get(f"rail_electric_{country}", _rail_speeds()["*"])


def rail_links(hubs: list[Hub], legs: list[dict[str, str]]) -> tuple[list[LandLink], list[LandLink]]:
    """Curated corridor legs as rail links and, where the gauge says so, ferries."""
    by_name = {hub.name: hub for hub in hubs}
    rails, ferries = [], []
    for leg in legs:
        a, b = by_name[leg["from"]], by_name[leg["to"]]
        crossed = (
            leg["countries"].split(";") if leg["countries"] else list(dict.fromkeys((a.country, b.country)))
        )
        line_km = float(leg["km"])
        link = LandLink(
            a.hub_id,
            b.hub_id,
            "ferry",
            line_km,
            crossed,
            "roro_ferry",
            "xroute",
            leg["confidence"],
            frontiers(crossed),
        )
        if leg["gauge_mm"] == "ferry":
            ferries.append(link)
            continue
        is_corridor = a.country in CORRIDOR and b.country in CORRIDOR
        link.mode, link.vehicle_class, link.gauge_mm = "rail", "freight_train", int(leg["gauge_mm"])
        link.line_km = line_km
        link.distance_km = line_km * (SERVICE_FACTOR if is_corridor else 1.0)
        link.speed_km_h = rail_speed(b.country)
        rails.append(link)
    return rails, ferries


def rail_feeders(hubs: list[Hub], rails: list[LandLink]) -> tuple[list[LandLink], list[str]]:
    """Terminals without a leg joined to their two nearest on the same land and gauge; and who is left."""
    gauges, joined = (
        home_gauges(hubs, rails),
        {end for link in rails for end in (link.origin, link.destination)},
    )
    stations = [hub for hub in hubs if hub.kind != "junction"]
    found: dict[tuple[str, str, int], LandLink] = {}
    alone = []
    for hub in stations:
        if hub.hub_id in joined:
            continue
        links = _feeders_of(hub, stations, gauges)
        if not links and len(hub.gauges) > 1:
            links = _feeders_of(hub, stations, gauges | {hub.hub_id: set(hub.gauges)})
        if not links:
            alone.append(f"{hub.hub_id} ({hub.name}) has no rail neighbour of its gauge over land")
        for link in links:
            low, high = sorted((link.origin, link.destination))
            found.setdefault((low, high, link.gauge_mm or 0), link)
    return [found[key] for key in sorted(found)], alone


def _feeders_of(hub: Hub, stations: list[Hub], gauges: dict[str, set[int]]) -> list[LandLink]:
    own = gauges[hub.hub_id]
    near = sorted(
        (distance_km(hub.point, other.point), other.hub_id, other)
        for other in stations
        if other is not hub and own & gauges[other.hub_id]
    )[:8]
    near.sort(key=lambda each: each[0] * (1 + frontiers([hub.country, each[2].country])))
    near = [each for each in near if each[0] < MOST_JOIN_KM]
    if not near:
        return []
    starts = np.array([hub.point] * len(near))
    crossed = crossings(starts, np.array([other.point for _, _, other in near]))
    links = []
    for (km, _, other), crossing in zip(near, crossed, strict=True):
        if crossing.water_km > max(15.0, 0.04 * km) or not is_rail_body(hub, other, crossing):
            continue
        links.append(estimated_rail(hub, other, km, min(own & gauges[other.hub_id]), crossing))
        if len(links) == 2:
            break
    return links


def home_gauges(hubs: list[Hub], rails: list[LandLink]) -> dict[str, set[int]]:
    """The gauge of each station's own country (listed first) and those of its links.

    The second gauge of a border station serves the station across the border only.
    """
    found = {hub.hub_id: set(hub.gauges[:1]) for hub in hubs}
    for link in rails:
        for end in (link.origin, link.destination):
            found[end].add(link.gauge_mm or 1435)
    return found


def is_rail_body(a: Hub, b: Hub, crossing: Crossing) -> bool:
    """Whether an estimated line may join two stations: no closed border and no third country between them."""
    return is_open(a, b, crossing) and len(crossing.between(a.country, b.country)) <= 2


def estimated_rail(a: Hub, b: Hub, km: float, gauge: int, crossing: Crossing) -> LandLink:
    """A rail link of which only the great circle is known: times 1.25, confidence low."""
    line_km = max(km, 1.0) * FEEDER_FACTOR
    is_corridor = a.country in CORRIDOR and b.country in CORRIDOR
    crossed = crossing.between(a.country, b.country)
    distance = line_km * (SERVICE_FACTOR if is_corridor else 1.0)
    return LandLink(
        a.hub_id,
        b.hub_id,
        "rail",
        distance,
        crossed,
        "freight_train",
        "team-estimate",
        "low",
        frontiers(crossed),
        gauge,
        line_km,
        speed_km_h=rail_speed(a.country),
    )


# --- road --------------------------------------------------------------------------------------------


@cache
def closed_borders() -> frozenset[frozenset[str]]:
    """Pairs of countries whose border is closed by default."""
    return frozenset(
        frozenset((row["country_a"], row["country_b"]))
        for row in curated("borders")
        if row["default_state"] == "closed"
    )


def is_closed(crossed: list[str]) -> bool:
    """Whether a closed border lies between countries in order."""
    return any(frozenset(pair) in closed_borders() for pair in pairwise(crossed))


@cache
def circuity() -> dict[str, float]:
    """Road kilometres over great-circle kilometres by region."""
    return {row["region"]: float(row["factor"]) for row in curated("circuity")}


def road_factor(crossed: list[str], km: float) -> float:
    """The mean factor of the countries crossed; long trips are straighter, short ones are not.

    >>> road_factor(["DE"], 100.0)
    1.26
    """
    if km < SHORT_KM:
        return circuity()["short_under_20km"]
    known = [circuity().get(code, circuity()["world_default"]) for code in dict.fromkeys(crossed)]
    mean = sum(known) / len(known) if known else circuity()["world_default"]
    return min(mean, circuity()["over_500km"]) if km > LONG_KM else mean


def road_links(hubs: list[Hub]) -> tuple[list[LandLink], int]:
    """Links to the nearest neighbours over land; and how many candidate pairs were refused."""
    stops = [hub for hub in hubs if hub.kind != "junction" or hub.hub_id.startswith("ROAD-")]
    tree = cKDTree(sphere(stops))
    pairs = _neighbours(stops, tree)
    links, refused = _feasible(stops, sorted(pairs))
    links += _bridges(stops, tree, links)
    return sorted(links, key=lambda link: (link.origin, link.destination)), refused


def parts_without_port(hubs: list[Hub], links: list[LandLink]) -> list[list[Hub]]:
    """Parts of the road network in which no seaport lies."""
    stops = [hub for hub in hubs if hub.kind != "junction" or hub.hub_id.startswith("ROAD-")]
    part = parts(stops, links)
    with_port = {int(at) for at, hub in zip(part, stops, strict=True) if hub.kind == "port"}
    left: dict[int, list[Hub]] = {}
    for at, hub in zip(part, stops, strict=True):
        if int(at) not in with_port:
            left.setdefault(int(at), []).append(hub)
    return list(left.values())


def _neighbours(stops: list[Hub], tree: cKDTree) -> set[tuple[int, int]]:
    """The 8 nearest of every stop, its nearest cities, and triangulations of all stops and of large cities.

    In dense regions the nearest stops are all suburbs; the triangulation also joins a place to the next one
    in every direction, however far.
    """
    points = sphere(stops)
    _, near = tree.query(points, k=NEIGHBOURS + 1)
    pairs = {_pair(at, int(other)) for at, row in enumerate(near) for other in row if other != at}
    towns = [at for at, hub in enumerate(stops) if hub.kind == "city"]
    pairs |= _nearest_towns(points, stops, towns)
    pairs |= _triangulated(points, list(range(len(stops))))
    for least in LARGE:
        large = [at for at in towns if stops[at].population >= least]
        pairs |= _triangulated(points, large)
        _, near_large = cKDTree(points[large]).query(points[large], k=NEIGHBOURS + 1)
        pairs |= {
            _pair(large[at], large[int(to)]) for at, row in enumerate(near_large) for to in row if to != at
        }
    return pairs


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _nearest_towns(points: Points, stops: list[Hub], towns: list[int]) -> set[tuple[int, int]]:
    _, near = cKDTree(points[towns]).query(points, k=NEIGHBOURS + 1)
    pairs = set()
    for at, row in enumerate(near):
        wanted = NEIGHBOURS if stops[at].kind == "city" else 3
        others = [towns[int(town)] for town in row if towns[int(town)] != at][:wanted]
        pairs |= {_pair(at, other) for other in others}
    return pairs


def _triangulated(points: Points, rows: list[int]) -> set[tuple[int, int]]:
    """Edges of the Delaunay triangulation on the sphere: the faces of the convex hull of unit vectors."""
    faces = ConvexHull(points[rows]).simplices
    edges = {
        _pair(rows[int(face[i])], rows[int(face[j])]) for face in faces for i, j in ((0, 1), (1, 2), (0, 2))
    }
    limit = 2 * np.sin(MOST_JOIN_KM / 6371.0 / 2)
    return {(a, b) for a, b in edges if float(np.linalg.norm(points[a] - points[b])) <= limit}


def _feasible(stops: list[Hub], pairs: list[tuple[int, int]]) -> tuple[list[LandLink], int]:
    starts = np.array([stops[a].point for a, _ in pairs])
    ends = np.array([stops[b].point for _, b in pairs])
    links = []
    for (a, b), crossing in zip(pairs, crossings(starts, ends), strict=True):
        km = distance_km(stops[a].point, stops[b].point)
        if (
            km <= MOST_JOIN_KM
            and crossing.water_km <= MOST_WATER_KM
            and is_open(stops[a], stops[b], crossing)
        ):
            links.append(road(stops[a], stops[b], km, crossing))
    return links, len(pairs) - len(links)


def is_open(a: Hub, b: Hub, crossing: Crossing) -> bool:
    """Whether no closed border lies between two hubs, by the segment and by the countries of the hubs."""
    return not (is_closed(crossing.countries) or is_closed(crossing.between(a.country, b.country)))


def road(a: Hub, b: Hub, km: float, crossing: Crossing, *, round_water: float = 1.0) -> LandLink:
    """A road link: great circle times circuity, and times a factor for the way round water."""
    crossed = crossing.between(a.country, b.country)
    factor = road_factor(crossed, km) * round_water
    return LandLink(
        a.hub_id,
        b.hub_id,
        "road",
        max(km * factor, 0.5),
        crossed,
        "artic_truck",
        "team-estimate",
        "low",
        frontiers(crossed),
    )


def _bridges(stops: list[Hub], tree: cKDTree, links: list[LandLink]) -> list[LandLink]:
    """Joins of parts of one land mass that nearest neighbours left apart, shortest first."""
    points, more = sphere(stops), []
    for _ in range(ROUNDS):
        part = parts(stops, [*links, *more])
        main = int(np.argmax(np.bincount(part)))
        outside = [at for at in range(len(stops)) if part[at] != main]
        _, near = tree.query(points[outside], k=60)
        pairs = [
            (at, int(other))
            for at, row in zip(outside, near, strict=True)
            for other in [other for other in row if part[other] != part[at]][:6]
        ]
        found, _ = _feasible(stops, pairs) if pairs else ([], 0)
        row_of = {hub.hub_id: row for row, hub in enumerate(stops)}
        best: dict[int, LandLink] = {}
        for link in found:
            owner = int(part[row_of[link.origin]])
            if owner not in best or link.distance_km < best[owner].distance_km:
                best[owner] = link
        if not best:
            break
        known = {frozenset((link.origin, link.destination)) for link in more}
        more += [link for link in best.values() if frozenset((link.origin, link.destination)) not in known]
    return more


def parts(stops: list[Hub], links: list[LandLink]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    row = {hub.hub_id: at for at, hub in enumerate(stops)}
    a = [row[link.origin] for link in links]
    b = [row[link.destination] for link in links]
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(stops), len(stops)))
    found: np.ndarray[tuple[int], np.dtype[np.intp]] = connected_components(graph, directed=False)[1]
    return found


__all__ = ["rail_feeders", "rail_links", "road_links", "slug"]

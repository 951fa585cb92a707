"""Rail links of the shipped network: curated freight legs first, the tracks of OpenStreetMap elsewhere.

A lane has one gauge. Tracks are kept inside countries and over borders where both sides share the gauge;
elsewhere only a curated leg crosses, and it says which gauge reaches the station behind the border.

The distance of a link is its line. A factor of 1.06 on every link between China and Europe, as before, makes
domestic lines 6 % too long (Lanzhou-Xi'an 717 instead of 676 km). True lines alone leave Xi'an-Duisburg near
9,750 km, under the 9,900 to 10,900 that operators publish. Four legs therefore carry a `service_km` above
their line. Three of them, in Poland and Germany, are calibrated to that bound and are no evidence for it;
their confidence is low. Other published services stay 1 to 10 % longer than the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import rail_tracks
from earth import distance_km
from land import closed_borders, frontiers, is_closed, rail_speed
from links import LandLink
from places import Hub
from rail_lines import Line, crossed_by, runs_along, simple
from rail_tracks import Floats, Rows, Tracks, gauge_of, sphere
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from sources import curated

MOST_SNAP_KM = 25.0
FREE_SPUR_KM = 5.0
LEAST_PART = 50
MOST_LANE_KM = 1500.0
DETOUR = 1.03
DIRECT = 1.35
DIRECT_HIGH_SPEED = {"CN": 1.7, "ES": 1.6}
"""Where high-speed lines are many, a curated way is preferred though it is less direct."""
MOST_HIGH_SPEED_KM = 900.0
"""Within those countries longer lanes would draw on high-speed lines: legs in sequence answer instead."""
UNDERCUT = 1.03
AGREES = 0.15
ROUNDS = 6
SLACK = 1.005
SLACK_LANE = 1.02


@dataclass(frozen=True, slots=True)
class Stations:
    """The rail hubs with tracks within reach: the track point of each, and the way to it."""

    hubs: list[Hub]
    at: Rows
    off_km: Floats

    def row(self, hub_id: str) -> int | None:
        """The row of a hub; None for one without tracks."""
        return next((row for row, hub in enumerate(self.hubs) if hub.hub_id == hub_id), None)


def links(hubs: list[Hub]) -> tuple[list[LandLink], list[LandLink], list[str]]:
    """Rail links, ferries between railways, and sentences on what stays unjoined."""
    tracks, homes, missed = by_gauge()
    stations, far = snapped(tracks, homes, hubs)
    by_name = {hub.name: hub for hub in hubs}
    legs = [(leg, by_name[leg["from"]], by_name[leg["to"]]) for leg in curated("rail_corridor_legs")]
    rails = [(leg, a, b) for leg, a, b in legs if leg["gauge_mm"] != "ferry"]
    graph = tracks.matrix(stretched(tracks, stations, rails))
    legs_made = [_curated_rail(tracks, graph, stations, leg, a, b) for leg, a, b in rails]
    lanes = _lanes(tracks, graph, stations, legs_made)
    ferries = [_curated_ferry(leg, a, b) for leg, a, b in legs if leg["gauge_mm"] == "ferry"]
    found = sorted([*legs_made, *lanes], key=lambda link: (link.origin, link.destination, link.gauge_mm))
    return found, ferries, [*missed, *_unjoined(hubs, found, far)]


def by_gauge() -> tuple[Tracks, Any, list[str]]:
    """Tracks without stretches that change gauge or cross a closed border; the country of each point."""
    tracks, missed = rail_tracks.hand_stitched(rail_tracks.stitched(rail_tracks.read()))
    homes = rail_tracks.homes(tracks.points)
    width = np.array([gauge_of(code) for code in homes])
    one_gauge = width[tracks.a] == width[tracks.b]
    is_open = np.array(
        [
            a == b or frozenset((a, b)) not in closed_borders()
            for a, b in zip(homes[tracks.a], homes[tracks.b], strict=True)
        ]
    )
    return tracks.kept(one_gauge & is_open), homes, missed


def snapped(tracks: Tracks, homes: Any, hubs: list[Hub]) -> tuple[Stations, dict[str, float]]:
    """Each hub at the nearest track of its own country's gauge; and kilometres to it of those too far off."""
    part = connected_components(tracks.matrix(), directed=False)[1]
    width = np.array([gauge_of(code) for code in homes])
    is_large = np.bincount(part)[part] >= LEAST_PART
    trees = {}
    for gauge in sorted({gauge_of(hub.country) for hub in hubs}):
        rows = np.flatnonzero(is_large & (width == gauge))
        if len(rows):
            trees[gauge] = rows, cKDTree(sphere(tracks.points[rows]))
    kept, at, off, far = [], [], [], {}
    for hub in hubs:
        gauge = gauge_of(hub.country)
        if gauge not in trees or (hub.gauges and gauge not in hub.gauges):
            continue
        rows, tree = trees[gauge]
        row = int(rows[tree.query(sphere(np.array([hub.point]))[0])[1]])
        km = distance_km(hub.point, _point(tracks, row))
        if km > MOST_SNAP_KM:
            far[hub.hub_id] = km
            continue
        kept.append(hub)
        at.append(row)
        off.append(km if km > FREE_SPUR_KM else 0.0)
    return Stations(kept, np.array(at), np.array(off)), far


def _point(tracks: Tracks, row: int) -> tuple[float, float]:
    return float(tracks.points[row, 0]), float(tracks.points[row, 1])


# --- freight lines against shorter tracks ---------------------------------------------------------------


def stretched(tracks: Tracks, stations: Stations, legs: list[tuple[dict[str, str], Hub, Hub]]) -> Floats:
    """Kilometres of stretches, longer where a track undercuts a curated freight leg.

    The shortest track between two stations may be a high-speed line. Stretched until it is as long as the
    freight leg, it no longer draws other lanes to it.
    """
    known = []
    for leg, a, b in legs:
        ends = stations.row(a.hub_id), stations.row(b.hub_id)
        if ends[0] is not None and ends[1] is not None and _is_own_gauge(leg, a, b):
            known.append((int(stations.at[ends[0]]), int(stations.at[ends[1]]), service_km(leg)))
    km = tracks.km.copy()
    position = _positions(tracks)
    for _ in range(ROUNDS):
        graph, longer = tracks.matrix(km), km.copy()
        for start, end, wanted in known:
            path, length = _path(graph, start, end, wanted)
            if path and length * SLACK < wanted:
                rows = [position[_pair(a, b)] for a, b in pairwise(path)]
                longer[rows] = np.maximum(longer[rows], km[rows] * wanted / length)
        if np.array_equal(longer, km):
            break
        km = longer
    return km


def _is_own_gauge(leg: dict[str, str], a: Hub, b: Hub) -> bool:
    return {gauge_of(a.country), gauge_of(b.country)} == {int(leg["gauge_mm"])}


def _positions(tracks: Tracks) -> dict[tuple[int, int], int]:
    """The row of the stretch between two points."""
    return {_pair(int(a), int(b)): row for row, (a, b) in enumerate(zip(tracks.a, tracks.b, strict=True))}


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _path(graph: Any, start: int, end: int, limit_km: float) -> tuple[list[int], float]:
    """Points of the shortest way, if no longer than a limit, and its kilometres."""
    km, before = dijkstra(graph, directed=False, indices=start, limit=limit_km, return_predecessors=True)
    return _walk(before, start, end), float(km[end])


def _walk(before: Any, start: int, end: int) -> list[int]:
    found, at = [end], end
    while at != start:
        at = int(before[at])
        if at < 0:
            return []
        found.append(at)
    return found[::-1]


# --- curated legs -----------------------------------------------------------------------------------------


def _curated_rail(
    tracks: Tracks, graph: Any, stations: Stations, leg: dict[str, str], a: Hub, b: Hub
) -> LandLink:
    line = _line_of_leg(tracks, graph, stations, leg, a, b)
    crossed = leg["countries"].split(";") if leg["countries"] else list(dict.fromkeys((a.country, b.country)))
    if is_closed(crossed):
        raise SystemExit(f"rail_corridor_legs.csv: {a.name} to {b.name} crosses a closed border")
    link = _rail(a, b, float(leg["km"]), int(leg["gauge_mm"]), crossed, line, "xroute", leg["confidence"])
    link.distance_km = service_km(leg)
    return link


def service_km(leg: dict[str, str]) -> float:
    """Kilometres of trains on a leg: its line, unless the table calibrates it to a service."""
    return float(leg["service_km"] or leg["km"])


def _line_of_leg(tracks: Tracks, graph: Any, stations: Stations, leg: dict[str, str], a: Hub, b: Hub) -> Line:
    """The tracks of a leg, if their length is within 15 % of the curated one; else nothing."""
    rows = stations.row(a.hub_id), stations.row(b.hub_id)
    if rows[0] is None or rows[1] is None or not _is_own_gauge(leg, a, b):
        return ()
    wanted = service_km(leg)
    start, end = int(stations.at[rows[0]]), int(stations.at[rows[1]])
    path, km = _path(graph, start, end, wanted * (1 + AGREES))
    is_like = (
        path and abs(km + stations.off_km[rows[0]] + stations.off_km[rows[1]] - wanted) <= AGREES * wanted
    )
    return simple(a, tracks.points[path], b) if is_like else ()


def _curated_ferry(leg: dict[str, str], a: Hub, b: Hub) -> LandLink:
    crossed = leg["countries"].split(";") if leg["countries"] else list(dict.fromkeys((a.country, b.country)))
    km = float(leg["km"])
    return LandLink(
        a.hub_id,
        b.hub_id,
        "ferry",
        km,
        crossed,
        "roro_ferry",
        "xroute",
        leg["confidence"],
        frontiers(crossed),
    )


def _rail(
    a: Hub, b: Hub, km: float, gauge: int, crossed: list[str], line: Line, source: str, confidence: str
) -> LandLink:
    return LandLink(
        a.hub_id,
        b.hub_id,
        "rail",
        km,
        crossed,
        "freight_train",
        source,
        confidence,
        frontiers(crossed),
        gauge,
        km,
        speed_km_h=_speed(a, b, crossed, line),
        geometry=line,
    )


def _speed(a: Hub, b: Hub, crossed: list[str], line: Line) -> float:
    """Speed over the countries of a lane, by the kilometres in each; the mean of both ends without a line."""
    parts = runs_along(line) if line else [(a.country, 1.0), (b.country, 1.0)]
    known = [(code, km) for code, km in parts if code in crossed] or [(b.country, 1.0)]
    return sum(km for _, km in known) / sum(km / rail_speed(code) for code, km in known)


# --- lanes of the tracks ----------------------------------------------------------------------------------


def _lanes(tracks: Tracks, graph: Any, stations: Stations, legs: list[LandLink]) -> list[LandLink]:
    """Lanes by rising length, kept where the lanes and legs so far are more than 3 % longer."""
    off_km = stations.off_km
    apart = np.vstack(
        [
            dijkstra(graph, directed=False, indices=int(at), limit=MOST_LANE_KM)[stations.at]
            for at in stations.at
        ]
    )
    apart += off_km[:, None] + off_km[None, :]
    kept: list[tuple[int, int, float]] = []
    for gauge in sorted({gauge_of(hub.country) for hub in stations.hubs}):
        kept += _thinned(stations, apart, gauge, legs)
    position = _positions(tracks)
    found = [_lane(tracks, graph, stations, pair, position) for pair in kept]
    return [lane for lane in found if lane is not None]


def _thinned(
    stations: Stations, apart: Floats, gauge: int, legs: list[LandLink]
) -> list[tuple[int, int, float]]:
    """Pairs of stations of one gauge that no other way, nor a direct curated way, makes needless."""
    rows = [row for row, hub in enumerate(stations.hubs) if gauge_of(hub.country) == gauge]
    named = {stations.hubs[row].hub_id: at for at, row in enumerate(rows)}
    by_legs = np.full((len(rows), len(rows)), np.inf)
    np.fill_diagonal(by_legs, 0.0)
    for leg in legs:
        if leg.gauge_mm == gauge and leg.origin in named and leg.destination in named:
            _shorten(by_legs, named[leg.origin], named[leg.destination], leg.distance_km)
    direct = {
        _pair(named[leg.origin], named[leg.destination])
        for leg in legs
        if leg.origin in named and leg.destination in named
    }
    by_lanes, found = by_legs.copy(), []
    for km, a, b in _pairs(stations, apart, rows):
        curated_km = by_legs[a, b]
        crow_km = distance_km(stations.hubs[rows[a]].point, stations.hubs[rows[b]].point)
        is_direct = curated_km <= _direct(stations.hubs[rows[a]], stations.hubs[rows[b]]) * crow_km
        is_undercut = km * UNDERCUT < curated_km and is_direct
        if by_lanes[a, b] > DETOUR * km and not is_undercut and (a, b) not in direct:
            found.append((rows[a], rows[b], km))
            _shorten(by_lanes, a, b, km)
    return found


def _direct(a: Hub, b: Hub) -> float:
    """Kilometres over the great circle up to which a curated way counts as the direct one."""
    return DIRECT_HIGH_SPEED.get(a.country, DIRECT) if a.country == b.country else DIRECT


def _most_km(a: Hub, b: Hub) -> float:
    is_high_speed = a.country == b.country and a.country in DIRECT_HIGH_SPEED
    return MOST_HIGH_SPEED_KM if is_high_speed else MOST_LANE_KM


def _pairs(stations: Stations, apart: Floats, rows: list[int]) -> list[tuple[float, int, int]]:
    """Reachable pairs by rising length, none shorter than the crow flies."""
    found = []
    for a in range(len(rows)):
        for b in range(a + 1, len(rows)):
            km = float(apart[rows[a], rows[b]])
            if km <= _most_km(stations.hubs[rows[a]], stations.hubs[rows[b]]):
                crow_km = distance_km(stations.hubs[rows[a]].point, stations.hubs[rows[b]].point)
                found.append((max(km, crow_km, 1.0), a, b))
    return sorted(found)


def _shorten(km: Floats, a: int, b: int, length: float) -> None:
    """All shortest ways after one more lane."""
    for start, end in ((a, b), (b, a)):
        np.minimum(km, km[:, start, None] + length + km[None, end, :], out=km)


def _lane(
    tracks: Tracks,
    graph: Any,
    stations: Stations,
    pair: tuple[int, int, float],
    position: dict[tuple[int, int], int],
) -> LandLink | None:
    """The link of a kept pair; None where its tracks leave for a country with a closed border.

    Confidence is low where stretching to curated legs made the lane over 2 % longer than its tracks.
    """
    low, high, km = pair
    a, b = stations.hubs[low], stations.hubs[high]
    path, drawn_km = _path(graph, int(stations.at[low]), int(stations.at[high]), MOST_LANE_KM + 1)
    track_km = sum(float(tracks.km[row]) for row in (position[_pair(*ends)] for ends in pairwise(path)))
    confidence = "low" if drawn_km > SLACK_LANE * max(track_km, 0.001) else "medium"
    line = simple(a, tracks.points[path], b)
    crossed = crossed_by(a, b, line)
    if is_closed(crossed):
        return None
    return _rail(a, b, km, gauge_of(a.country), crossed, line, "osm", confidence)


def _unjoined(hubs: list[Hub], rails: list[LandLink], far: dict[str, float]) -> list[str]:
    """A sentence for each hub without a rail link."""
    joined = {end for link in rails for end in (link.origin, link.destination)}
    found = []
    for hub in hubs:
        if hub.hub_id not in joined:
            off = f", the nearest of its gauge is {far[hub.hub_id]:.0f} km off" if hub.hub_id in far else ""
            found.append(f"{hub.hub_id} ({hub.name}) has no rail link: no tracks within reach{off}")
    return found

"""Inland waterways: curated legs, one link each way, because the current helps one and hinders the other."""

from __future__ import annotations

from collections.abc import Iterator

from earth import distance_km
from land import frontiers
from links import LandLink
from places import Hub
from sources import curated

NEAR_KM = 40.0
ASHORE = ("city", "rail_terminal")


def waterway_links(ids: dict[str, str]) -> list[LandLink]:
    """Curated legs, one link down the river and one up; `ids` are the hub ids of the names in the legs."""
    found = []
    for leg in curated("inland_waterway_legs"):
        for end in ("from", "to"):
            if ids.get(leg[end]) != leg[f"{end}_id"]:
                raise SystemExit(f"inland_waterway_legs.csv: {leg[end]} is no {leg[f'{end}_id']}")
        found += [_link(leg, is_upstream=False), _link(leg, is_upstream=True)]
    return found


def _link(leg: dict[str, str], *, is_upstream: bool) -> LandLink:
    ends = [leg["from_id"], leg["to_id"]]
    crossed = [each for each in leg["countries"].split(";") if each]
    if is_upstream:
        ends, crossed = ends[::-1], crossed[::-1]
    km, hours = float(leg["km"]), float(leg["hours_up" if is_upstream else "hours_down"])
    return LandLink(
        ends[0],
        ends[1],
        "inland_waterway",
        km,
        crossed,
        leg["vehicle_class"],
        "xroute",
        leg["confidence"],
        frontiers(crossed),
        oneway=True,
        speed_km_h=km / hours,
    )


def with_bends(links: list[LandLink], hubs: list[Hub]) -> list[LandLink]:
    """The same links with the curated bends of their rivers as geometry, for maps."""
    points = {hub.hub_id: hub.point for hub in hubs}
    bends = {
        (leg["from_id"], leg["to_id"]): tuple(_bends(leg["via"])) for leg in curated("inland_waterway_legs")
    }
    for link in links:
        via = bends.get((link.origin, link.destination))
        if via is None:
            via = bends[link.destination, link.origin][::-1]
        link.geometry = (points[link.origin], *via, points[link.destination]) if via else ()
    return links


def _bends(text: str) -> Iterator[tuple[float, float]]:
    for corner in text.split(";") if text else ():
        lon, lat = corner.split()
        yield float(lon), float(lat)


def findings(links: list[LandLink], hubs: list[Hub]) -> list[str]:
    """Links shorter than the line between their ends, and river ports far from town and terminal."""
    at = {hub.hub_id: hub for hub in hubs}
    found = []
    for link in links:
        straight_km = distance_km(at[link.origin].point, at[link.destination].point)
        if link.distance_km < straight_km:
            found.append(
                f"{link.origin}-{link.destination}: {link.distance_km:.0f} km, geodesic {straight_km:.0f}"
            )
    ashore = [hub for hub in hubs if hub.kind in ASHORE]
    for port in hubs:
        if port.kind == "river_port":
            km, name = min((distance_km(port.point, hub.point), hub.hub_id) for hub in ashore)
            if km > NEAR_KM:
                found.append(f"{port.hub_id}: {km:.0f} km from {name}, the nearest city or terminal")
    return found

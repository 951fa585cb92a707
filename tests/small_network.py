"""Lisbon and Porto by sea, air, rail and road: a network in which the lint finds nothing."""

from __future__ import annotations

from typing import Any

import xroute as xr

Rows = dict[str, dict[str, list[Any]]]

_HUBS = [
    ("PTLIS", "port", 38.69, -9.20),
    ("PTLEI", "port", 41.18, -8.70),
    ("LIS", "airport", 38.77, -9.13),
    ("OPO", "airport", 41.24, -8.68),
    ("PTLIS-RAIL", "rail_terminal", 38.80, -9.10),
    ("PTLEI-RAIL", "rail_terminal", 41.20, -8.60),
    ("C1", "city", 38.72, -9.14),
    ("C2", "city", 41.15, -8.61),
]
AT_SEA = "LINESTRING (-9.2 38.69, -9.9 38.7, -9.9 39.6, -9.2 41.1, -8.7 41.18)"
_LINKS = [
    ("PTLIS", "PTLEI", "sea", 350.0, AT_SEA),
    ("PTLIS-RAIL", "PTLEI-RAIL", "rail", 330.0, ""),
    ("C1", "C2", "road", 315.0, ""),
    ("C1", "PTLIS", "road", 8.0, ""),
    ("C1", "LIS", "road", 7.0, ""),
    ("C1", "PTLIS-RAIL", "road", 12.0, ""),
    ("C2", "PTLEI", "road", 10.0, ""),
    ("C2", "OPO", "road", 13.0, ""),
    ("C2", "PTLEI-RAIL", "road", 8.0, ""),
]
SEA, RAIL, C1_C2, C1_LIS, C2_OPO = 0, 1, 2, 4, 7


def rows() -> Rows:
    """Hubs, links, services and passages; a fresh copy."""
    hubs = {name: [row[at] for row in _HUBS] for at, name in enumerate(("hub_id", "kind", "lat", "lon"))}
    many = len(_HUBS)
    hubs |= {"country": ["PT"] * many, "timezone": ["Europe/Lisbon"] * many}
    names = ("origin", "destination", "mode", "distance_km", "geometry")
    links = {name: [row[at] for row in _LINKS] for at, name in enumerate(names)}
    links |= {"passages": [""] * len(_LINKS), "oneway": [False] * len(_LINKS)}
    services = {"origin": ["LIS", "OPO"], "destination": ["OPO", "LIS"], "mode": ["air"] * 2,
                "service_id": ["LIS-OPO", "OPO-LIS"]}  # fmt: skip
    return {"hubs": hubs, "links": links, "services": services}


def add_hub(tables: Rows, hub_id: str, kind: str, lat: float, lon: float) -> None:
    """One more hub, in Portugal."""
    row = {"hub_id": hub_id, "kind": kind, "lat": lat, "lon": lon, "country": "PT",
           "timezone": "Europe/Lisbon"}  # fmt: skip
    for name, cells in tables["hubs"].items():
        cells.append(row[name])


def add_link(tables: Rows, origin: str, destination: str, mode: str, distance_km: float, **more: Any) -> None:
    """One more link, both ways unless `oneway`."""
    row = {"origin": origin, "destination": destination, "mode": mode, "distance_km": distance_km,
           "geometry": "", "passages": "", "oneway": False} | more  # fmt: skip
    for name, cells in tables["links"].items():
        cells.append(row[name])


def network(tables: Rows | None = None) -> xr.Network:
    """The network of these tables."""
    return xr.Network.from_tables(**(tables or rows()))

"""Ten hubs between China and Germany that a reader can follow: sea two ways, rail, road and flights."""

from __future__ import annotations

from functools import cache
from typing import Any

import xroute as xr

Rows = dict[str, list[Any]]
GOODS = xr.Shipment(mass_kg=1200, volume_m3=6.4, value_eur=48_000)
NAN = float("nan")

_HUBS = [
    ("CNAAA", "port", "Alpha port", "CN", "Asia/Shanghai", 22.5, 114.2, "CNAAA"),
    ("DEBBB", "port", "Beta port", "DE", "Europe/Berlin", 53.5, 9.9, "DEBBB"),
    ("CNAAA-RAIL", "rail_terminal", "Alpha terminal", "CN", "Asia/Shanghai", 22.6, 114.1, "CNAAA"),
    ("DEBBB-RAIL", "rail_terminal", "Beta terminal", "DE", "Europe/Berlin", 53.4, 9.8, "DEBBB"),
    ("AAA", "airport", "Alpha airport", "CN", "Asia/Shanghai", 22.7, 114.0, ""),
    ("BBB", "airport", "Beta airport", "DE", "Europe/Berlin", 53.3, 9.7, ""),
    ("C1", "city", "Alpha", "CN", "Asia/Shanghai", 22.8, 114.0, "CNAAA"),
    ("C2", "city", "Beta", "DE", "Europe/Berlin", 53.2, 9.6, "DEBBB"),
    ("C3", "city", "Beta", "NZ", "Pacific/Auckland", -41.0, 175.0, ""),
    ("CAPE", "junction", "", "", "", -35.0, 18.0, ""),
]
_LINKS = [
    ("C1", "CNAAA", "road", 50.0, "", "artic_truck"),
    ("C1", "CNAAA-RAIL", "road", 20.0, "", "artic_truck"),
    ("C1", "AAA", "road", 10.0, "", "artic_truck"),
    ("DEBBB", "C2", "road", 60.0, "", "artic_truck"),
    ("DEBBB-RAIL", "C2", "road", 30.0, "", "artic_truck"),
    ("BBB", "C2", "road", 15.0, "", "artic_truck"),
    ("CNAAA", "DEBBB", "sea", 18_000.0, "suez", "container_ship"),
    ("CNAAA", "CAPE", "sea", 12_000.0, "", "container_ship"),
    ("CAPE", "DEBBB", "sea", 12_000.0, "cape", "container_ship"),
    ("CNAAA-RAIL", "DEBBB-RAIL", "rail", 10_600.0, "", "rail_diesel"),
]


def tables() -> dict[str, Any]:
    """Hubs, links, services and passages; a fresh copy."""
    hub = ("hub_id", "kind", "name", "country", "timezone", "lat", "lon", "locode")
    link = ("origin", "destination", "mode", "distance_km", "passages", "vehicle_class")
    return {
        "hubs": {name: [row[at] for row in _HUBS] for at, name in enumerate(hub)},
        "links": {name: [row[at] for row in _LINKS] for at, name in enumerate(link)}
        | {"line_km": [10_000.0 if row[2] == "rail" else NAN for row in _LINKS],
           "customs_borders": [2.0 if row[2] == "rail" else NAN for row in _LINKS],
           "speed_km_h": [31.0 if row[2] == "rail" else NAN for row in _LINKS]},
        "services": {"origin": ["AAA", "BBB"], "destination": ["BBB", "AAA"], "mode": ["air", "air"],
                     "service_id": ["AAA-BBB", "BBB-AAA"], "departures_per_week": [7.0, 7.0],
                     "vehicle_class": ["freighter_long_haul"] * 2},
        "passages": {"passage_id": ["suez", "cape", "arctic"], "name": ["Suez", "Cape", "Arctic"],
                     "default_closed": [False, False, True]},
    }  # fmt: skip


@cache
def toy() -> xr.Network:
    """The network of these tables."""
    return xr.Network.from_tables(**tables())

"""Ro-ro ferries and vehicle shuttles: curated crossings on which the lorry stays aboard, and their quays."""

from __future__ import annotations

from land import frontiers, is_closed
from links import LandLink
from places import Hub
from sources import curated


def ferry_ports(known: set[str]) -> list[Hub]:
    """The quays and shuttle terminals of the crossings that are no hub yet."""
    return [
        Hub(
            row["hub_id"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            row["kind"],
            row["country"],
            row["hub_id"] if len(row["hub_id"]) == 5 else "",
            confidence=row["confidence"],
        )
        for row in curated("ferry_ports")
        if row["hub_id"] not in known
    ]


def ferry_links(hubs: list[Hub]) -> tuple[list[LandLink], list[str]]:
    """The crossings between known hubs; and a sentence about each that has none."""
    by_id = {hub.hub_id: hub for hub in hubs}
    found, missing = [], []
    for row in curated("roro_ferries"):
        absent = [end for end in (row["from"], row["to"]) if end not in by_id]
        crossed = row["countries"].split(";")
        if absent:
            missing.append(f"ferry {row['name']}: no hub {' and '.join(absent)}")
            continue
        if is_closed(crossed):
            missing.append(f"ferry {row['name']}: between {' and '.join(crossed)} no freight passes")
            continue
        found.append(_crossing(by_id[row["from"]], by_id[row["to"]], crossed, row))
    return found, missing


def _crossing(a: Hub, b: Hub, crossed: list[str], row: dict[str, str]) -> LandLink:
    return LandLink(
        a.hub_id,
        b.hub_id,
        "ferry",
        float(row["km"]),
        crossed,
        "roro_ferry",
        "xroute",
        row["confidence"],
        frontiers(crossed),
        speed_km_h=float(row["speed_km_h"]) if row["speed_km_h"] else None,
    )

"""Tables of people as the columns that the core takes: typed, complete, with defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from xroute import _core, schema
from xroute.errors import InputError
from xroute.tables import read_table

TEXT, NUMBER, FLAG = "text", "number", "flag"
COLUMNS: dict[str, dict[str, str]] = {
    "hubs": {
        "hub_id": TEXT, "lat": NUMBER, "lon": NUMBER, "kind": TEXT, "name": TEXT, "locode": TEXT,
        "country": TEXT, "timezone": TEXT, "population": NUMBER, "main_port": FLAG,
        "sea_area": TEXT,
        "max_draft_m": NUMBER, "carbon_scheme": TEXT,
    },
    "links": {
        "origin": TEXT, "destination": TEXT, "mode": TEXT, "distance_km": NUMBER, "link_id": TEXT,
        "oneway": FLAG, "passages": TEXT, "countries": TEXT, "gauge_mm": NUMBER, "eca_km": NUMBER,
        "speed_km_h": NUMBER, "line_km": NUMBER, "vehicle_class": TEXT, "customs_borders": NUMBER,
    },
    "services": {
        "origin": TEXT, "destination": TEXT, "mode": TEXT, "service_id": TEXT, "distance_km": NUMBER,
        "duration_h": NUMBER, "departures_per_week": NUMBER, "cutoff_h": NUMBER, "rate_id": TEXT,
        "vehicle_class": TEXT, "carrier": TEXT,
    },
    "transfers": {
        "hub_id": TEXT, "from_mode": TEXT, "to_mode": TEXT, "duration_h": NUMBER,
        "cost_eur_per_t": NUMBER, "fixed_cost_eur": NUMBER, "co2e_kg_per_t": NUMBER,
    },
    "passages": {"passage_id": TEXT, "name": TEXT, "default_closed": FLAG,
                 "draft_limit_m": NUMBER, "beam_limit_m": NUMBER},
    "notices": {"title": TEXT, "text": TEXT},
}  # fmt: skip
DRAWN = ("geometry", "line", "modes")
"""Columns that say where a link or a passage lies; the core keeps what follows from them."""
Columns = dict[str, Any]


def core_tables(
    hubs: Any, links: Any, services: Any, transfers: Any, passages: Any, notices: Mapping[str, str] | None
) -> dict[str, Columns]:
    """Every table of a network, read, checked and completed."""
    texts = {"title": list(notices or {}), "text": list((notices or {}).values())}
    places = _complete("hubs", hubs)
    return {
        "hubs": places,
        "links": _links(links),
        "services": _with_aircraft(_complete("services", services), places),
        "transfers": _complete("transfers", transfers),
        "passages": _complete("passages", passages),
        "notices": texts,
    }


LONG_HAUL_KM = 3_700.0
"""Flights beyond this distance are long haul, as in the UK factor set."""


def _with_aircraft(services: Columns, hubs: Columns) -> Columns:
    """Flights that name no class take the short-haul or the long-haul freighter by their distance."""
    if not len(services["mode"]):
        return services
    row = {hub: at for at, hub in enumerate(hubs["hub_id"])}
    for at, (mode, vehicle) in enumerate(zip(services["mode"], services["vehicle_class"], strict=True)):
        if mode != "air" or vehicle:
            continue
        a, b = (row.get(services[end][at], -1) for end in ("origin", "destination"))
        km = float(services["distance_km"][at])
        if math.isnan(km) and min(a, b) >= 0:
            km = _core.geodesic_km(hubs["lat"][a], hubs["lon"][a], hubs["lat"][b], hubs["lon"][b])
        services["vehicle_class"][at] = "freighter_long_haul" if km > LONG_HAUL_KM else "freighter_short_haul"
    return services


def joined(
    core: _core.Network, hubs: Any, links: Any, services: Any, transfers: Any, passages: Any = None
) -> dict[str, Columns]:
    """The tables of a network with rows added."""
    added = {
        "hubs": _complete("hubs", hubs),
        "links": _links(links),
        "services": _complete("services", services),
        "transfers": _complete("transfers", transfers),
        "passages": _complete("passages", passages),
    }
    tables = {name: core.table(name) for name in COLUMNS}
    every = {name: [*tables["hubs"][name], *added["hubs"][name]] for name in ("hub_id", "lat", "lon")}
    added["services"] = _with_aircraft(added["services"], every)
    for name, more in added.items():
        have = tables[name]
        if name == "links":
            _join_geometry(have, more)
        for column, kind in COLUMNS[name].items():
            both = (
                have[column] + more[column] if kind == TEXT else np.concatenate([have[column], more[column]])
            )
            have[column] = both
    return tables


def _join_geometry(have: Columns, more: Columns) -> None:
    rows = len(have["origin"]), len(more["origin"])
    offsets = [
        table["geometry_offsets"] if len(table["geometry_offsets"]) else np.zeros(count + 1, dtype=np.int32)
        for table, count in zip((have, more), rows, strict=True)
    ]
    both = np.concatenate([offsets[0], offsets[1][1:] + offsets[0][-1]]).astype(np.int32)
    have["geometry_offsets"] = both if both[-1] else np.zeros(0, dtype=np.int32)
    for name in ("geometry_lon_e6", "geometry_lat_e6"):
        have[name] = np.concatenate([have[name], more[name]]).astype(np.int32)


def _complete(name: str, source: Any) -> Columns:
    kinds = COLUMNS[name]
    if source is None:
        return {column: empty_column(kind, 0) for column, kind in kinds.items()}
    checked = schema.check(name, read_table(source, table=name))
    schema.warn_unused(name, checked, {*kinds, *DRAWN})
    rows = len(next(iter(checked.values()))) if checked else 0
    return {
        column: _typed(checked[column], kind) if column in checked else empty_column(kind, rows)
        for column, kind in kinds.items()
    }


def empty_column(kind: str, rows: int) -> Any:
    """A column that nothing is known of."""
    if kind == TEXT:
        return [""] * rows
    return np.zeros(rows, dtype=bool) if kind == FLAG else np.full(rows, np.nan)


def _typed(values: Any, kind: str) -> Any:
    if kind == TEXT:
        return list(values)
    return np.ascontiguousarray(values, dtype=bool if kind == FLAG else np.float64)


def _links(source: Any) -> Columns:
    table = read_table(source, table="links") if source is not None else None
    columns = _complete("links", table)
    texts = [] if table is None else list(table.get("geometry", []))
    offsets, lon, lat = [0], [], []
    for row, text in enumerate(texts):
        for x, y in _points(str(text or ""), row):
            lon.append(round(x * 1e6))
            lat.append(round(y * 1e6))
        offsets.append(len(lon))
    columns["geometry_offsets"] = np.array(offsets if lon else [], dtype=np.int32)
    columns["geometry_lon_e6"] = np.array(lon, dtype=np.int32)
    columns["geometry_lat_e6"] = np.array(lat, dtype=np.int32)
    return columns


def _points(wkt: str, row: int) -> list[tuple[float, float]]:
    text = wkt.strip()
    if not text:
        return []
    inside = text[text.find("(") + 1 : text.rfind(")")]
    try:
        if not text.upper().startswith("LINESTRING") or "(" in inside:
            raise ValueError
        return [(float(x), float(y)) for x, y in (point.split() for point in inside.split(","))]
    except ValueError:
        message = "expected a WKT LINESTRING of longitudes and latitudes"
        raise InputError(message, table="links", row=row + 1, column="geometry") from None

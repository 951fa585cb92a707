"""Networks and networkx graphs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.errors import InputError

if TYPE_CHECKING:
    import networkx

    from xroute.network import Network

_HUB_COLUMNS = {"kind": "junction", "name": "", "locode": "", "country": "", "timezone": "",
                "population": np.nan, "main_port": False, "sea_area": "",
                "max_draft_m": np.nan,
                "carbon_scheme": ""}  # fmt: skip
_LINK_COLUMNS = ("mode", "distance_km", "passages", "countries", "gauge_mm", "eca_km", "speed_km_h",
                 "line_km", "vehicle_class", "customs_borders")  # fmt: skip
_SERVICE_COLUMNS = ("mode", "distance_km", "duration_h", "departures_per_week", "cutoff_h", "rate_id",
                    "service_id", "vehicle_class", "carrier")  # fmt: skip


def to_networkx(net: Network) -> networkx.MultiDiGraph:
    """Hubs as nodes with their columns; a link that runs both ways gives two edges, a service one.

    A service without a distance gets its great circle in km.
    Passages that are closed by default are the graph attribute `closed_passages`; transfers and the lines
    that links are drawn with stay behind, as do the draft and beam of passages.
    """
    from xroute.extras import need

    graph: networkx.MultiDiGraph = need("networkx", "all").MultiDiGraph(
        closed_passages=list(net.passages_of(net.core.default_closed))
    )
    hubs = net.core.table("hubs")
    for row, hub in enumerate(hubs["hub_id"]):
        graph.add_node(
            hub, **{name: _plain(values[row]) for name, values in hubs.items() if name != "hub_id"}
        )
    links = net.core.table("links")
    for row, (origin, destination) in enumerate(zip(links["origin"], links["destination"], strict=True)):
        facts = {name: _plain(links[name][row]) for name in _LINK_COLUMNS} | {"is_service": False}
        graph.add_edge(origin, destination, **facts)
        if not links["oneway"][row]:
            graph.add_edge(destination, origin, **facts)
    services = net.core.table("services")
    for row, (origin, destination) in enumerate(
        zip(services["origin"], services["destination"], strict=True)
    ):
        facts = {name: _plain(services[name][row]) for name in _SERVICE_COLUMNS} | {"is_service": True}
        if math.isnan(facts["distance_km"]):
            ends = net.places.row(origin), net.places.row(destination)
            facts["distance_km"] = _core.geodesic_km(*(each for row in ends for each in _position(net, row)))
        graph.add_edge(origin, destination, **facts)
    return graph


def from_networkx(graph: networkx.Graph) -> Network:
    """Nodes become hubs (`lat`, `lon`, `kind` or junction), edges links (`distance_km`, `mode` or road).

    Edges with `is_service` become services. Directed edges are one-way links.
    """
    from xroute.network import Network

    hubs: dict[str, list[Any]] = {name: [] for name in ("hub_id", "lat", "lon", *_HUB_COLUMNS)}
    for row, (node, facts) in enumerate(graph.nodes(data=True)):
        for name in ("lat", "lon"):
            if name not in facts:
                raise InputError(f"node {node!r} has no '{name}'", table="hubs", row=row + 1, column=name)
            hubs[name].append(facts[name])
        hubs["hub_id"].append(str(node))
        for name, default in _HUB_COLUMNS.items():
            hubs[name].append(facts.get(name, default))
    offers: list[dict[str, Any]] = []
    stretches: list[dict[str, Any]] = []
    for origin, destination, facts in graph.edges(data=True):
        ends = {"origin": str(origin), "destination": str(destination)}
        if facts.get("is_service"):
            offers.append(ends | {name: facts.get(name, _missing(name)) for name in _SERVICE_COLUMNS})
        else:
            columns = {name: facts.get(name, _missing(name)) for name in _LINK_COLUMNS}
            columns["mode"] = columns["mode"] or "road"
            stretches.append(ends | columns | {"oneway": graph.is_directed()})
    closed = [str(name) for name in graph.graph.get("closed_passages", ())]
    return Network.from_tables(
        hubs=hubs, links=_columns(stretches), services=_columns(offers),
        passages={"passage_id": closed, "default_closed": [True] * len(closed)} if closed else None,
    )  # fmt: skip


def _position(net: Network, row: int) -> tuple[float, float]:
    return float(net.places.lat[row]), float(net.places.lon[row])


def _missing(name: str) -> Any:
    is_number = name.endswith(("_km", "_h", "_mm", "_week", "_borders"))
    return np.nan if is_number else ""


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else None


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value

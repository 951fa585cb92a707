"""Networks and networkx graphs: there and back with the same answers."""

from __future__ import annotations

import networkx as nx
import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.network_graph import from_networkx, to_networkx

HUBS = ("C1", "C2", "CNAAA", "DEBBB", "AAA", "CNAAA-RAIL")


@pytest.mark.parametrize("minimise", ["cost", "time", "co2e", "distance"])
def test_there_and_back_gives_the_same_answers(minimise: str) -> None:
    again = from_networkx(to_networkx(toy()))
    first, second = (each.matrix(HUBS, HUBS, shipment=GOODS, minimise=minimise) for each in (toy(), again))
    assert (first.cost_eur == second.cost_eur).all()
    assert (first.duration_h == second.duration_h).all()


def test_there_and_back_keeps_what_is_closed_by_default() -> None:
    again = from_networkx(to_networkx(toy()))
    assert again.passages_of(again.core.default_closed) == ("arctic",)


def test_there_and_back_keeps_time_zones_and_locodes() -> None:
    again = from_networkx(to_networkx(toy()))
    assert (again.timezones, again.places.locode) == (toy().timezones, toy().places.locode)


def test_a_link_that_runs_both_ways_gives_two_edges() -> None:
    graph = to_networkx(toy())
    assert graph.has_edge("C1", "CNAAA")
    assert graph.has_edge("CNAAA", "C1")


def test_a_service_gives_one_edge() -> None:
    graph = to_networkx(toy())
    assert [facts["service_id"] for facts in graph["AAA"]["BBB"].values()] == ["AAA-BBB"]


def test_hub_columns_are_node_attributes() -> None:
    assert to_networkx(toy()).nodes["C1"]["country"] == "CN"


def test_the_shortest_path_of_networkx_is_the_distance_of_a_route() -> None:
    theirs = nx.shortest_path_length(to_networkx(toy()), "C1", "C2", weight="distance_km")
    assert toy().route("C1", "C2", shipment=GOODS, minimise="distance").distance_km == pytest.approx(
        theirs, abs=1.0
    )


def test_a_plain_graph_is_a_road_network() -> None:
    graph = nx.Graph()
    graph.add_node("a", lat=50.0, lon=8.0)
    graph.add_node("b", lat=51.0, lon=8.0)
    graph.add_edge("a", "b", distance_km=120.0)
    route = xr.Network.from_networkx(graph).route("b", "a", shipment=GOODS)
    assert (route.mode_chain, route.distance_km) == ("road", 120.0)


def test_edges_of_a_directed_graph_run_one_way() -> None:
    graph = nx.DiGraph()
    graph.add_node("a", lat=50.0, lon=8.0)
    graph.add_node("b", lat=51.0, lon=8.0)
    graph.add_edge("a", "b", distance_km=120.0)
    with pytest.raises(xr.NoRouteError):
        from_networkx(graph).route("b", "a", shipment=GOODS)


@pytest.mark.parametrize("missing", ["lat", "lon"])
def test_a_node_without_a_position_is_an_input_error(missing: str) -> None:
    graph = nx.Graph()
    graph.add_node("a", lat=50.0, lon=8.0)
    graph.add_node("b", **{"lat": 51.0, "lon": 8.0, missing: None})
    del graph.nodes["b"][missing]
    with pytest.raises(xr.InputError, match=f"node 'b' has no '{missing}'") as caught:
        from_networkx(graph)
    assert (caught.value.table, caught.value.row) == ("hubs", 2)


def test_an_edge_without_a_length_is_an_input_error() -> None:
    graph = nx.Graph()
    graph.add_node("a", lat=50.0, lon=8.0)
    graph.add_edge("a", "a")
    with pytest.raises(xr.InputError) as caught:
        from_networkx(graph)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("links", 1, "distance_km")

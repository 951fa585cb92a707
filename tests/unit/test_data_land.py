"""The land side of the shipped network: one land mass is one network, and trucks do not cross lakes."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

GLOBAL = Path(__file__).resolve().parents[2] / "data" / "networks" / "global"
ISLAND_PORTS = {"BSFPO", "MTMAR"}
"""Main ports on islands without a city over 100,000 people."""
SHUTTLE_TERMINALS = {"FRCQF-TUNNEL", "GBFOL-TUNNEL"}
"""The shuttle between them carries lorries: a ferry link."""

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    with next(GLOBAL.rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def hubs() -> dict[str, Row]:
    return {row["hub_id"]: row for row in rows("hubs")}


@cache
def graph(mode: str) -> nx.Graph:
    found = nx.Graph()
    for row in rows(f"links_{mode}"):
        found.add_edge(row["origin"], row["destination"], km=float(row["distance_km"]))
    return found


def city(name: str, country: str) -> str:
    named = [
        row for row in rows("hubs") if (row["kind"], row["name"], row["country"]) == ("city", name, country)
    ]
    return max(named, key=lambda row: int(row["population"]))["hub_id"]


def test_every_main_port_has_a_road_to_a_city() -> None:
    main = {hub for hub, row in hubs().items() if row["main_port"] == "true"} - ISLAND_PORTS
    reached = {
        hub
        for part in nx.connected_components(graph("road"))
        if any(hubs()[each]["kind"] == "city" for each in part)
        for hub in part
    }
    assert main - reached == set()


def test_every_terminal_and_river_port_has_a_road() -> None:
    kinds = {"rail_terminal", "border", "river_port"}
    assert {hub for hub, row in hubs().items() if row["kind"] in kinds} - set(graph("road")) == set()


def test_every_air_cargo_hub_has_a_road() -> None:
    with (GLOBAL.parents[1] / "curated" / "air_cargo_hubs.csv").open(encoding="utf-8", newline="") as file:
        airports = {row["iata"] for row in csv.DictReader(file)}
    assert airports - set(graph("road")) == set()


@pytest.mark.parametrize(
    "terminal",
    ["CNSZX-RAIL", "CNCAN-RAIL", "CNKMG-RAIL", "RAIL-CN-YIWU-WEST", "DELEJ-RAIL", "DEHAM-RAIL", "SEGOT-RAIL"],
)
def test_a_terminal_reaches_xian_by_rail(terminal: str) -> None:
    assert nx.has_path(graph("rail"), terminal, "CNXIA-RAIL")


def test_every_terminal_has_a_rail_link() -> None:
    terminals = {hub for hub, row in hubs().items() if row["kind"] in ("rail_terminal", "border")}
    assert terminals - set(graph("rail")) == SHUTTLE_TERMINALS


def test_no_two_hubs_of_a_kind_share_a_locode() -> None:
    codes = [(row["locode"], row["kind"]) for row in rows("hubs") if row["locode"]]
    assert len(set(codes)) == len(codes)


def test_every_river_port_has_a_waterway() -> None:
    assert {hub for hub, row in hubs().items() if row["kind"] == "river_port"} <= set(graph("waterway"))


def test_a_road_link_names_the_countries_of_its_ends() -> None:
    wrong = [
        row
        for row in rows("links_road")
        if (named := row["countries"].split(";"))[0] != hubs()[row["origin"]]["country"]
        or named[-1] != hubs()[row["destination"]]["country"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("a", "b", "real_km"),
    [
        (("Milwaukee", "US"), ("Grand Rapids", "US"), 440),
        (("Cleveland", "US"), ("London", "CA"), 430),
        (("Mwanza", "TZ"), ("Kampala", "UG"), 640),
    ],
)
def test_trucks_go_round_lakes(a: tuple[str, str], b: tuple[str, str], real_km: int) -> None:
    km = nx.dijkstra_path_length(graph("road"), city(*a), city(*b), weight="km")
    assert km > 0.9 * real_km


@pytest.mark.parametrize(
    ("a", "b", "real_km"),
    [
        (("Auckland", "NZ"), ("Wellington", "NZ"), 640),
        (("Christchurch", "NZ"), ("Dunedin", "NZ"), 360),
        (("Darwin", "AU"), ("Adelaide", "AU"), 3030),
        (("Toronto", "CA"), ("Vancouver", "CA"), 4380),
        (("Berlin", "DE"), ("Munich", "DE"), 585),
        (("Los Angeles", "US"), ("Dallas", "US"), 2310),
    ],
)
def test_estimated_roads_are_within_thirty_percent(
    a: tuple[str, str], b: tuple[str, str], real_km: int
) -> None:
    km = nx.dijkstra_path_length(graph("road"), city(*a), city(*b), weight="km")
    assert km == pytest.approx(real_km, rel=0.3)

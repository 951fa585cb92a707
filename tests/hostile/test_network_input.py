"""Broken network tables and arguments: `InputError` with table, row and column; never a wrong network."""

from __future__ import annotations

import math
from typing import Any

import pytest

import xroute as xr
from toy_network import GOODS, Rows, tables, toy

WRONG = [math.nan, math.inf, -math.inf, "", "far", None, True]
TRANSFERS: Rows = {"hub_id": ["CNAAA"], "from_mode": ["road"], "to_mode": ["sea"], "duration_h": [4.0]}


def built(table: str, column: str, row: int, value: Any) -> xr.Network:
    rows = tables() | {"transfers": {name: list(cells) for name, cells in TRANSFERS.items()}}
    cells = rows[table].setdefault(column, [math.nan] * len(next(iter(rows[table].values()))))
    cells[row - 1] = value
    return xr.Network.from_tables(**rows)


def refused(table: str, column: str, row: int, value: Any) -> None:
    with pytest.raises(xr.InputError) as caught:
        built(table, column, row, value)
    assert (caught.value.table, caught.value.row, caught.value.column) == (table, row, column)


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize(("table", "column"), [("hubs", "lat"), ("hubs", "lon"), ("links", "distance_km")])
def test_a_number_that_must_be_there_is_one(table: str, column: str, value: Any) -> None:
    refused(table, column, 3, value)


@pytest.mark.parametrize("value", [math.inf, -1.0, "far", 1e300])
@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        ("hubs", "population", 2),
        ("links", "speed_km_h", 10),
        ("links", "gauge_mm", 10),
        ("links", "eca_km", 7),
        ("links", "line_km", 7),
        ("links", "customs_borders", 7),
        ("services", "duration_h", 2),
        ("services", "distance_km", 1),
        ("services", "departures_per_week", 2),
        ("services", "cutoff_h", 1),
        ("transfers", "duration_h", 1),
        ("transfers", "cost_eur_per_t", 1),
        ("transfers", "fixed_cost_eur", 1),
        ("transfers", "co2e_kg_per_t", 1),
    ],
)
def test_a_number_that_may_be_missing_is_in_range(table: str, column: str, row: int, value: Any) -> None:
    refused(table, column, row, value)


@pytest.mark.parametrize(
    ("table", "column", "row", "value"),
    [
        ("hubs", "lat", 1, 90.1),
        ("hubs", "lon", 1, -180.1),
        ("hubs", "kind", 4, "harbour"),
        ("hubs", "kind", 4, ""),
        ("hubs", "hub_id", 5, ""),
        ("hubs", "hub_id", 5, "x" * 65),
        ("hubs", "hub_id", 5, "a\0b"),
        ("hubs", "hub_id", 5, "a\nb"),
        ("links", "origin", 6, "NOWHERE"),
        ("links", "destination", 6, "NOWHERE"),
        ("links", "origin", 6, ""),
        ("links", "mode", 6, "hovercraft"),
        ("links", "mode", 6, "Road"),
        ("links", "mode", 6, "air"),
        ("links", "distance_km", 6, -1.0),
        ("links", "distance_km", 6, 100_001.0),
        ("links", "oneway", 6, "perhaps"),
        ("links", "customs_borders", 6, 1.5),
        ("services", "origin", 2, "NOWHERE"),
        ("services", "destination", 2, "CAPE"),
        ("services", "mode", 2, ""),
        ("transfers", "hub_id", 1, "NOWHERE"),
        ("transfers", "from_mode", 1, "swim"),
        ("transfers", "to_mode", 1, ""),
        ("passages", "passage_id", 2, ""),
        ("passages", "default_closed", 2, "perhaps"),
    ],
)
def test_a_value_that_means_nothing_is_refused(table: str, column: str, row: int, value: Any) -> None:
    refused(table, column, row, value)


@pytest.mark.parametrize(
    ("table", "column"),
    [("hubs", "hub_id"), ("services", "service_id"), ("passages", "passage_id")],
)
def test_an_id_stands_once(table: str, column: str) -> None:
    refused(table, column, 2, tables()[table][column][0])


def test_a_link_id_stands_once() -> None:
    rows = tables()
    rows["links"]["link_id"] = ["a", "b", "a", *[""] * 7]
    with pytest.raises(xr.InputError) as caught:
        xr.Network.from_tables(**rows)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("links", 3, "link_id")


def test_a_transfer_stands_once() -> None:
    twice = {name: cells * 2 for name, cells in TRANSFERS.items()}
    with pytest.raises(xr.InputError, match="stands twice") as caught:
        xr.Network.from_tables(**tables(), transfers=twice)
    assert (caught.value.table, caught.value.row) == ("transfers", 2)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("hubs", name) for name in ("hub_id", "lat", "lon", "kind")),
        *(("links", name) for name in ("origin", "destination", "mode", "distance_km")),
        *(("services", name) for name in ("origin", "destination", "mode")),
        ("passages", "passage_id"),
    ],
)
def test_a_missing_column_is_named(table: str, column: str) -> None:
    rows = tables()
    del rows[table][column]
    with pytest.raises(xr.InputError, match="the column is missing") as caught:
        xr.Network.from_tables(**rows)
    assert (caught.value.table, caught.value.column) == (table, column)


def test_columns_of_different_lengths_are_refused() -> None:
    rows = tables()
    rows["links"]["distance_km"].pop()
    with pytest.raises(xr.InputError) as caught:
        xr.Network.from_tables(**rows)
    assert caught.value.table == "links"


@pytest.mark.parametrize("source", [5, "hubs.docx", b"hubs", [1, 2], object()])
def test_what_is_no_table_is_refused(source: Any) -> None:
    with pytest.raises(xr.InputError):
        xr.Network.from_tables(hubs=source)


@pytest.mark.parametrize("mode", ["hovercraft", "", "SEA"])
def test_an_unknown_mode_of_a_search_is_an_input_error(mode: str) -> None:
    with pytest.raises(xr.InputError, match="is none of: sea, air, rail") as caught:
        toy().route("C1", "C2", shipment=GOODS, modes=("road", mode))
    assert caught.value.column == "modes"


@pytest.mark.parametrize("passage", ["suezz", "SUEZ", "taiwan_strait"])
def test_an_unknown_passage_of_a_scenario_is_an_input_error(passage: str) -> None:
    with pytest.raises(xr.InputError, match="no link carries a passage") as caught:
        toy().route("C1", "C2", shipment=GOODS, scenario=xr.Scenario(closed_passages=(passage,)))
    assert caught.value.table == "scenario"


@pytest.mark.parametrize("minimise", ["", "money", "COST"])
def test_an_unknown_quantity_is_an_input_error(minimise: str) -> None:
    with pytest.raises(xr.InputError, match="cost, time, co2e"):
        toy().route("C1", "C2", shipment=GOODS, minimise=minimise)


@pytest.mark.parametrize("place", [(math.nan, 3.0), (91.0, 0.0), (0.0, 181.0), ("a", "b"), (math.inf, 0.0)])
def test_a_point_that_is_not_on_the_map_is_an_input_error(net: xr.Network, place: tuple[Any, Any]) -> None:
    with pytest.raises(xr.InputError, match="expected"):
        net.route(place, "DEHAM", shipment=GOODS)


def test_an_unknown_delayed_place_is_unknown() -> None:
    with pytest.raises(xr.UnknownPlaceError):
        toy().route("C1", "C2", shipment=GOODS, scenario=xr.Scenario(delays_h={"nowhere": 3.0}))


def test_a_rate_that_no_card_has_is_an_input_error() -> None:
    rows = tables()
    rows["services"]["rate_id"] = ["no-such-rate", ""]
    with pytest.raises(xr.InputError, match="no-such-rate"):
        xr.Network.from_tables(**rows).route("C1", "C2", shipment=GOODS)


def test_an_unknown_factor_pack_is_a_factor_error() -> None:
    with pytest.raises(xr.XrouteError, match="no-such-pack"):
        toy().route("C1", "C2", shipment=GOODS, scenario=xr.Scenario(factor_pack="no-such-pack"))


def test_a_refused_network_leaves_the_one_it_came_from_as_it_was() -> None:
    before = toy().core.save()
    with pytest.raises(xr.InputError):
        toy().extended(
            links={"origin": ["C1"], "destination": ["NOWHERE"], "mode": ["road"], "distance_km": [1.0]}
        )
    assert toy().core.save() == before

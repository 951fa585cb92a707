"""Checked tables: typed, in range, and each fault with its table, row and column."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from xroute.errors import InputError
from xroute.schema import SCHEMA, as_number, check, kind_of, require


def hubs(**changes: Any) -> dict[str, Any]:
    columns = {"hub_id": ["A", "B"], "lat": [1.0, 2.0], "lon": [3.0, 4.0], "kind": ["port", "city"]}
    return {name: np.array(values, dtype=object) for name, values in (columns | changes).items()}


def fault(table: str, columns: dict[str, Any]) -> tuple[str | None, int | None, str | None]:
    with pytest.raises(InputError) as caught:
        check(table, columns)
    return caught.value.table, caught.value.row, caught.value.column


def test_good_columns_come_back_typed() -> None:
    checked = check("hubs", hubs(lat=["1", 2], main_port=["true", ""], population=[None, "3e6"]))
    assert checked["lat"].dtype == np.float64
    assert checked["main_port"].tolist() == [True, False]
    assert math.isnan(checked["population"][0])
    assert checked["hub_id"].tolist() == ["A", "B"]


def test_unknown_columns_are_kept() -> None:
    assert check("hubs", hubs(my_code=["x", "y"]))["my_code"].tolist() == ["x", "y"]


@pytest.mark.parametrize("column", ["hub_id", "lat", "lon", "kind"])
def test_a_required_column_that_is_missing_is_named(column: str) -> None:
    columns = hubs()
    del columns[column]
    assert fault("hubs", columns) == ("hubs", None, column)


@pytest.mark.parametrize(
    ("changes", "row", "column"),
    [
        ({"hub_id": ["A", "A"]}, 2, "hub_id"),
        ({"hub_id": ["A", ""]}, 2, "hub_id"),
        ({"hub_id": ["A", "B" * 65]}, 2, "hub_id"),
        ({"hub_id": ["A", "B\0"]}, 2, "hub_id"),
        ({"hub_id": [" A", "B"]}, 1, "hub_id"),
        ({"hub_id": ["A\u202e", "B"]}, 1, "hub_id"),
        ({"hub_id": ["e\u0301", "B"]}, 1, "hub_id"),
        ({"lat": [1.0, 90.5]}, 2, "lat"),
        ({"lon": [-180.1, 4.0]}, 1, "lon"),
        ({"kind": ["port", "harbour"]}, 2, "kind"),
        ({"main_port": [True, "perhaps"]}, 2, "main_port"),
    ],
)
def test_a_fault_names_table_row_and_column(changes: dict[str, Any], row: int, column: str) -> None:
    assert fault("hubs", hubs(**changes)) == ("hubs", row, column)


def test_the_message_says_what_would_do() -> None:
    with pytest.raises(InputError, match=r"hubs row 2, column 'kind': 'harbour' is none of: port, airport"):
        check("hubs", hubs(kind=["port", "harbour"]))


def test_a_huge_text_is_quoted_short() -> None:
    with pytest.raises(InputError) as caught:
        check("hubs", hubs(kind=["port", "x" * 1_000_000]))
    assert len(str(caught.value)) < 300


def test_a_count_is_a_whole_number() -> None:
    links = {"origin": ["A"], "destination": ["B"], "mode": ["rail"], "distance_km": [1.0]}
    assert check("links", links | {"customs_borders": [2.0]})["customs_borders"][0] == 2
    assert fault("links", links | {"customs_borders": [1.5]}) == ("links", 1, "customs_borders")


def test_optional_ids_may_be_empty_but_never_stand_twice() -> None:
    links = {"origin": ["A", "A"], "destination": ["B", "B"], "mode": ["rail"] * 2, "distance_km": [1.0, 2.0]}
    assert len(check("links", links | {"link_id": ["", ""]})["link_id"]) == 2
    assert fault("links", links | {"link_id": ["L1", "L1"]}) == ("links", 2, "link_id")


def test_a_warehouse_lies_at_a_hub_or_at_coordinates() -> None:
    by_hub = {"warehouse_id": ["W1", "W2"], "hub_id": ["A", ""], "lat": [None, 1.0], "lon": [None, 2.0]}
    assert len(check("warehouses", by_hub)["warehouse_id"]) == 2
    assert fault("warehouses", by_hub | {"lat": [None, None]}) == ("warehouses", 2, None)
    with pytest.raises(InputError, match="hub_id, or lat and lon"):
        require("warehouses", {"warehouse_id": np.array(["W1"])})


@pytest.mark.parametrize("text", ["1", "-1.5", "+2", ".5", "3.", "1e3", "1E-3", " 7 "])
def test_plain_numbers_are_read(text: str) -> None:
    assert as_number(text) == float(text)


@pytest.mark.parametrize(
    "text", ["", "nan", "NaN", "1_000", "1,5", "0x10", "٣", "12kg", "1 000", "--1", "e3"]
)
def test_text_that_only_looks_like_a_number_is_none(text: str) -> None:
    assert as_number(text) is None


def test_kinds_are_known_for_known_columns_only() -> None:
    assert kind_of("hubs", "lat") == "number"
    assert kind_of("hubs", "my_code") is None
    assert kind_of("unknown", "lat") is None


def test_every_table_of_the_design_has_its_columns() -> None:
    tables = (
        "hubs",
        "links",
        "services",
        "transfers",
        "shipments",
        "warehouses",
        "demand",
        "products",
        "rates",
    )
    assert all(SCHEMA[table] for table in tables)

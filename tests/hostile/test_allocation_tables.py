"""Tables of an allocation that mean nothing: each fault is named by table, row and column."""

from __future__ import annotations

import math
from typing import Any

import pytest

import xroute as xr
from small_case import PRODUCTS, WAREHOUSES, arguments, demand


def changed(table: dict[str, list[Any]], column: str, row: int, value: Any) -> dict[str, list[Any]]:
    """The table with one cell of another value; rows count from 1."""
    values = list(table[column])
    values[row - 1] = value
    return table | {column: values}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("demand", "units", math.nan),
        ("demand", "units", -1.0),
        ("demand", "units", math.inf),
        ("demand", "units", "many"),
        ("demand", "product_id", "shoes"),
        ("products", "mass_kg", 0.0),
        ("products", "volume_m3", math.nan),
        ("products", "product_id", "apparel"),
        ("warehouses", "capacity_m3", -5.0),
        ("warehouses", "fixed_eur_per_month", "free"),
        ("warehouses", "storage_eur_per_m3_week", -1.0),
        ("warehouses", "warehouse_id", "FRA"),
    ],
)
def test_a_cell_that_means_nothing_is_named(net: xr.Network, table: str, column: str, value: object) -> None:
    whole = {"demand": demand(), "products": PRODUCTS, "warehouses": WAREHOUSES}[table]
    with pytest.raises(xr.InputError) as caught:
        xr.allocate(net, **arguments(**{table: changed(whole, column, 2, value)}))
    assert (caught.value.table, caught.value.row, caught.value.column) == (table, 2, column)


@pytest.mark.parametrize("column", ["zone_id", "units", "product_id"])
def test_a_missing_column_is_named(net: xr.Network, column: str) -> None:
    short = {name: values for name, values in demand().items() if name != column}
    with pytest.raises(xr.InputError) as caught:
        xr.allocate(net, **arguments(demand=short))
    assert caught.value.column == column


def test_an_unknown_place_comes_with_suggestions(net: xr.Network) -> None:
    with pytest.raises(xr.UnknownPlaceError) as caught:
        xr.allocate(net, **arguments(warehouses=changed(WAREHOUSES, "hub_id", 2, "Warsw, PL")))
    assert any("Warsaw" in each for each in caught.value.suggestions)


def test_an_unknown_passage_is_refused(net: xr.Network) -> None:
    with pytest.raises(xr.InputError, match="no link carries a passage 'suezz'"):
        xr.allocate(net, **arguments(scenario=xr.Scenario(closed_passages=("suezz",))))


def test_no_rows_are_refused(net: xr.Network) -> None:
    nothing: dict[str, list[Any]] = {name: [] for name in demand()}
    with pytest.raises(xr.InputError, match="at least one row"):
        xr.allocate(net, **arguments(demand=nothing))


def test_no_origins_are_refused(net: xr.Network) -> None:
    with pytest.raises(xr.InputError, match="at least one"):
        xr.allocate(net, **arguments(origins=[]))


def test_a_zone_in_two_places_is_refused(net: xr.Network) -> None:
    with pytest.raises(xr.InputError) as caught:
        xr.allocate(net, **arguments(demand=changed(demand(), "place", 2, "Hamburg, DE")))
    assert (caught.value.table, caught.value.row) == ("demand", 2)


def test_capacity_that_is_short_is_infeasible_by_name(net: xr.Network) -> None:
    tiny = WAREHOUSES | {"capacity_m3": [4000.0, 4000.0, 10.0]}
    with pytest.raises(xr.AllocationError, match=r"capacity_m3 is .* short .*SYD") as caught:
        xr.allocate(net, **arguments(warehouses=tiny))
    assert caught.value.termination.status == "infeasible"


@pytest.mark.parametrize("limit", ["max_co2e_kg", "max_days", "gap"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_limits_that_mean_nothing_are_refused(limit: str, value: float) -> None:
    with pytest.raises(xr.InputError):
        xr.Limits(**{limit: value})

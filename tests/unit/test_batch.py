"""Tables of shipments: one row in, one row out, with a status."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.batch import is_late

ROW = {"shipment_id": "s1", "origin": "C1", "destination": "C2", "mass_kg": 1200.0}


def answered(*rows: dict[str, Any]) -> xr.Table:
    columns: dict[str, list[Any]] = {name: [] for row in rows for name in row}
    for at, row in enumerate(rows):
        for name in columns:
            columns[name].append(row.get(name, "") if name != "shipment_id" else f"s{at}")
    return toy().route_table(columns)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "ok"),
        ({"destination": "C3"}, "no_route"),
        ({"destination": "Nowhere, XX"}, "unknown_place"),
        ({"destination": "Beta"}, "ambiguous_place"),
        ({"mass_kg": -1.0}, "bad_row"),
        ({"mass_kg": float("nan")}, "bad_row"),
        ({"temperature": "tepid"}, "bad_row"),
        ({"ready": "yesterday"}, "bad_row"),
    ],
)
def test_each_row_has_a_status(change: dict[str, Any], status: str) -> None:
    assert list(answered(ROW | change)["status"]) == [status]


@pytest.mark.parametrize("change", [{"destination": "C3"}, {"destination": "Nowhere, XX"}, {"mass_kg": -1.0}])
def test_a_refused_row_says_why(change: dict[str, Any]) -> None:
    assert answered(ROW | change)["reason"][0]


def test_a_bad_row_spoils_no_other() -> None:
    assert list(answered(ROW, ROW | {"mass_kg": -1.0}, ROW)["status"]) == ["ok", "bad_row", "ok"]


def test_rows_keep_their_order_and_ids() -> None:
    table = answered(ROW, ROW | {"destination": "C3"}, ROW | {"origin": "CNAAA"})
    assert list(table["shipment_id"]) == ["s0", "s1", "s2"]


def test_a_row_has_the_numbers_of_its_route() -> None:
    table, route = answered(ROW | {"volume_m3": 6.4}), toy().route("C1", "C2", shipment=GOODS)
    assert table["cost_eur"][0] == route.cost_eur


def test_a_row_may_say_what_it_minimises() -> None:
    assert list(answered(ROW | {"minimise": "time"})["mode_chain"]) == ["road+air+road"]


def test_a_shipment_that_comes_after_its_due_is_late() -> None:
    times = {"ready": "2026-03-01T08:00", "due": "2026-03-02T08:00"}
    assert list(answered(ROW | times)["status"]) == ["late"]


def test_a_late_shipment_has_its_route_all_the_same() -> None:
    times = {"ready": "2026-03-01T08:00", "due": "2026-03-02T08:00"}
    assert answered(ROW | times)["cost_eur"][0] > 0


def test_naive_times_are_local_at_their_place() -> None:
    route = toy().route("C1", "C2", shipment=GOODS, minimise="time")
    ready = datetime(2026, 1, 10, 8, 0)  # Shanghai is seven hours ahead of Berlin in winter
    arrives = ready + timedelta(hours=route.duration_h) - timedelta(hours=7)
    minute = timedelta(minutes=1)
    late = [
        is_late(toy(), route, xr.Shipment(mass_kg=1, ready=ready, due=due))
        for due in (arrives - minute, arrives + minute)
    ]
    assert late == [True, False]


def test_aware_times_are_taken_as_they_are() -> None:
    route = toy().route("C1", "C2", shipment=GOODS, minimise="time")
    ready = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
    due = ready + timedelta(hours=route.duration_h)
    assert not is_late(toy(), route, xr.Shipment(mass_kg=1, ready=ready, due=due))


def test_a_shipment_without_due_is_never_late() -> None:
    route = toy().route("C1", "C2", shipment=GOODS)
    assert not is_late(toy(), route, xr.Shipment(mass_kg=1, ready=datetime(2026, 1, 1)))


def test_a_column_that_nothing_uses_is_named_in_a_warning() -> None:
    with pytest.warns(xr.UnusedColumnWarning, match="colour"):
        answered(ROW | {"colour": "red"})


def test_a_column_that_nothing_uses_is_kept() -> None:
    with pytest.warns(xr.UnusedColumnWarning):
        table = answered(ROW | {"colour": "red"})
    assert list(table["colour"]) == ["red"]


def test_known_columns_warn_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", xr.IndicativeRateWarning)  # of prices, not of columns
        answered(ROW | {"volume_m3": 6.4, "temperature": "ambient", "due": "2026-12-31"})


def test_a_missing_column_is_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="mass_kg"):
        toy().route_table({"shipment_id": ["a"], "origin": ["C1"], "destination": ["C2"]})


def test_an_empty_table_has_an_empty_answer() -> None:
    empty: dict[str, list[Any]] = {name: [] for name in ROW}
    assert len(toy().route_table(empty)) == 0

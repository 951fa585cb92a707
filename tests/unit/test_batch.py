"""Tables of shipments: one row in, one row out, with a status."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.batch import is_late, route_batches

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
        warnings.simplefilter("error", xr.UnusedColumnWarning)
        answered(ROW | {"volume_m3": 6.4, "temperature": "ambient", "due": "2026-12-31"})


def test_a_missing_column_is_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="mass_kg"):
        toy().route_table({"shipment_id": ["a"], "origin": ["C1"], "destination": ["C2"]})


def test_an_empty_table_has_an_empty_answer() -> None:
    empty: dict[str, list[Any]] = {name: [] for name in ROW}
    assert len(toy().route_table(empty)) == 0


LANES = (("C1", "C2"), ("CNAAA", "C2"), ("C2", "C1"), ("C1", "CNAAA"))
EDGES = (8.0, 64.0, 1024.0, 32_768.0)


def by_route(row: dict[str, Any], minimise: str) -> xr.Route:
    shipment = xr.Shipment(mass_kg=row["mass_kg"], volume_m3=row["volume_m3"])
    return toy().route(row["origin"], row["destination"], shipment=shipment, minimise=minimise)


def mixed(masses: tuple[float, ...]) -> list[dict[str, Any]]:
    return [
        ROW | {"origin": lane[0], "destination": lane[1], "mass_kg": mass, "volume_m3": mass / 256.0}
        for lane in LANES
        for mass in masses
    ]


@pytest.mark.parametrize("minimise", ["cost", "time", "co2e", "distance", "generalised"])
def test_rows_at_the_edges_of_bands_equal_their_routes(minimise: str) -> None:
    rows = mixed(EDGES)
    table = answered(*(row | {"minimise": minimise} for row in rows))
    routes = [by_route(row, minimise) for row in rows]
    assert list(zip(table["cost_eur"], table["duration_h"], table["load"], strict=True)) == [
        (route.cost_eur, route.duration_h, route.load) for route in routes
    ]


def test_money_inside_a_band_is_exact_for_the_row() -> None:
    rows = mixed((9.0, 1100.0, 20_001.0))
    table = answered(*rows)
    assert list(table["cost_eur"]) == [by_route(row, "cost").cost_eur for row in rows]


def test_carbon_inside_a_band_is_that_of_the_row() -> None:
    rows = mixed((9.0, 1100.0, 20_001.0))
    table = answered(*rows)
    expected = [by_route(row, "cost").footprint.wtw_co2e_kg for row in rows]
    assert list(table["wtw_co2e_kg"]) == pytest.approx(expected, rel=1e-12)


def test_a_row_is_answered_alike_beside_any_others() -> None:
    row = ROW | {"mass_kg": 1100.0}
    assert answered(row)["cost_eur"][0] == answered(*mixed(EDGES), row)["cost_eur"][-1]


def test_a_row_names_its_band() -> None:
    assert list(answered(ROW | {"mass_kg": 1000.0})["band"]) == ["to 1024 kg, 0 m3"]


def test_each_faulty_row_is_named_by_its_own_number() -> None:
    reasons = answered(ROW, ROW | {"mass_kg": -1.0}, ROW | {"mass_kg": -1.0})["reason"]
    assert ["row 2" in reasons[1], "row 3" in reasons[2]] == [True, True]


def test_a_bad_value_spoils_its_row_alone() -> None:
    with pytest.warns(xr.UnusedColumnWarning, match="value_eur"):
        table = answered(ROW | {"value_eur": 5.0}, ROW | {"value_eur": -5.0}, ROW | {"value_eur": 9.0})
    assert list(table["status"]) == ["ok", "bad_row", "ok"]


def streamed(rows: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    table = pa.table({name: [row[name] for row in rows] for name in ROW})
    return [row for batch in route_batches(toy(), table.to_batches(most)) for row in batch.to_pylist()]


def test_a_stream_of_batches_has_the_answers_of_the_table() -> None:
    rows = [row | {"shipment_id": f"s{at}"} for at, row in enumerate(mixed((9.0, 1100.0)))]
    whole = toy().route_table({name: [row[name] for row in rows] for name in ROW})
    assert streamed(rows, 3) == whole.rows()


def test_a_stream_keeps_its_batches() -> None:
    rows = [row | {"shipment_id": f"s{at}"} for at, row in enumerate(mixed((9.0, 1100.0)))]
    table = pa.table({name: [row[name] for row in rows] for name in ROW})
    sizes = [batch.num_rows for batch in route_batches(toy(), table.to_batches(3))]
    assert sizes == [3, 3, 2]

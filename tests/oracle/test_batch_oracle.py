"""Tables of shipments against `Network.route`, row by row, on the shipped network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import xroute as xr
from xroute import batch
from xroute.batch_loads import may_win

pytestmark = pytest.mark.oracle
SEED = 20_261_123
ROWS = 400
PLACES = ("city", "port", "airport", "rail_terminal", "river_port")
SCENARIO = xr.Scenario(carbon_price_eur_t=80.0, value_of_time_eur_h=3.0)


def shipments(net: xr.Network, count: int, *, at_edges: bool) -> dict[str, Any]:
    """Rows between drawn places; at the edges of bands masses and volumes are powers of two."""
    rng = np.random.default_rng(SEED)
    places = [row for row, kind in enumerate(net.places.kind) if kind in PLACES]
    ends = np.array(net.places.ids, dtype=object)[rng.choice(places, (count, 2))]
    kg, m3 = rng.uniform(0.0, 15.0, count), rng.uniform(-3.0, 6.0, count)
    powers = (np.exp2(np.floor(each) if at_edges else each) for each in (kg, m3))
    mass_kg, volume_m3 = powers
    return {
        "shipment_id": [f"s{row}" for row in range(count)],
        "origin": ends[:, 0],
        "destination": ends[:, 1],
        "mass_kg": mass_kg,
        "volume_m3": np.where(rng.random(count) < 0.3, 0.0, volume_m3),
        "temperature": np.where(rng.random(count) < 0.2, "refrigerated", "ambient").astype(object),
    }


def route_of(net: xr.Network, rows: dict[str, Any], at: int, minimise: str) -> xr.Route | None:
    goods = xr.Shipment(
        mass_kg=float(rows["mass_kg"][at]),
        volume_m3=float(rows["volume_m3"][at]),
        temperature=rows["temperature"][at],
    )
    try:
        return net.route(
            rows["origin"][at], rows["destination"][at],
            shipment=goods, minimise=minimise, scenario=SCENARIO,
        )  # fmt: skip
    except xr.NoRouteError:
        return None


def figures(route: xr.Route | None) -> tuple[Any, ...]:
    if route is None:
        return ("no_route",)
    return ("ok", route.cost_eur, route.duration_h, route.mode_chain, route.load)


def rows_of(table: xr.Table, *names: str) -> list[tuple[Any, ...]]:
    found = [tuple(table[name][at] for name in ("status", *names)) for at in range(len(table))]
    return [each if each[0] == "ok" else each[:1] for each in found]


@pytest.mark.parametrize("minimise", ["cost", "generalised"])
def test_rows_at_the_edges_of_bands_equal_their_routes(
    net: xr.Network, oracle_cases: Callable[[int], int], minimise: str
) -> None:
    rows = shipments(net, oracle_cases(ROWS), at_edges=True)
    table = net.route_table(rows, minimise=minimise, scenario=SCENARIO)
    found = rows_of(table, "cost_eur", "duration_h", "mode_chain", "load")
    assert found == [figures(route_of(net, rows, at, minimise)) for at in range(len(table))]


@pytest.mark.parametrize(
    ("minimise", "column"), [("time", "duration_h"), ("co2e", "wtw_co2e_kg"), ("distance", "distance_km")]
)
def test_rows_equal_their_routes_in_what_is_minimised_and_then_in_time(
    net: xr.Network, oracle_cases: Callable[[int], int], minimise: str, column: str
) -> None:
    rows = shipments(net, oracle_cases(ROWS), at_edges=True)
    table = net.route_table(rows, minimise=minimise, scenario=SCENARIO)
    routes = [route_of(net, rows, at, minimise) for at in range(len(table))]
    assert rows_of(table, "duration_h", "load") == [
        ("no_route",) if route is None else ("ok", route.duration_h, route.load) for route in routes
    ]
    quantity = {"time": "duration_h", "distance": "distance_km"}
    least = [
        np.nan if route is None
        else route.footprint.wtw_co2e_kg if minimise == "co2e" else getattr(route, quantity[minimise])
        for route in routes
    ]  # fmt: skip
    np.testing.assert_allclose(table[column], least, rtol=1e-5)  # searches add whole grams a tonne


def test_no_row_inside_a_band_is_cheaper_than_its_route(
    net: xr.Network, oracle_cases: Callable[[int], int]
) -> None:
    rows = shipments(net, oracle_cases(ROWS), at_edges=False)
    table = net.route_table(rows, scenario=SCENARIO)
    routes = [route_of(net, rows, at, "cost") for at in range(len(table))]
    least = [np.nan if route is None else route.cost_eur for route in routes]
    assert not np.any(table["cost_eur"] < np.array(least) - 1e-9)


def test_rows_inside_a_band_cost_what_their_routes_do_to_a_hundredth(
    net: xr.Network, oracle_cases: Callable[[int], int]
) -> None:
    rows = shipments(net, oracle_cases(ROWS), at_edges=False)
    table = net.route_table(rows, scenario=SCENARIO)
    routes = [route_of(net, rows, at, "cost") for at in range(len(table))]
    least = [np.nan if route is None else route.cost_eur for route in routes]
    np.testing.assert_allclose(table["cost_eur"], least, rtol=0.01)


@pytest.mark.parametrize("at_edges", [True, False])
def test_a_load_that_is_not_tried_could_not_have_won(
    net: xr.Network, oracle_cases: Callable[[int], int], monkeypatch: pytest.MonkeyPatch, at_edges: bool
) -> None:
    rows = shipments(net, oracle_cases(10 * ROWS), at_edges=at_edges)
    asked: list[int] = []

    def noted(*of: Any) -> Any:
        found = may_win(*of)
        asked.append(len(found) - int(np.count_nonzero(found)))
        return found

    monkeypatch.setattr(batch, "may_win", noted)
    some = net.route_table(rows, minimise="cost", scenario=SCENARIO)
    assert sum(asked) > len(rows["origin"]) // 4
    monkeypatch.setattr(batch, "may_win", lambda *of: np.ones(len(of[0][1].mass_t), dtype=bool))
    every = net.route_table(rows, minimise="cost", scenario=SCENARIO)
    for name in ("status", "cost_eur", "duration_h", "mode_chain", "load", "wtw_co2e_kg"):
        assert list(some[name]) == list(every[name]) or np.array_equal(
            some[name], every[name], equal_nan=True
        )

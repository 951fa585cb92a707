"""Networks: where they come from, what is in them, and that a search says what it found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import xroute as xr
from toy_network import GOODS, tables, toy


def test_a_saved_network_is_loaded_with_the_same_answers(tmp_path: Path) -> None:
    toy().save(tmp_path / "toy.xnet")
    again = xr.Network.load(tmp_path / "toy.xnet")
    routes = [each.route("C1", "C2", shipment=GOODS) for each in (toy(), again)]
    assert routes[0] == routes[1]


def test_a_loaded_network_is_saved_as_the_same_bytes(tmp_path: Path) -> None:
    toy().save(tmp_path / "toy.xnet")
    xr.Network.load(tmp_path / "toy.xnet").save(tmp_path / "again.xnet")
    assert (tmp_path / "toy.xnet").read_bytes() == (tmp_path / "again.xnet").read_bytes()


def test_the_hubs_table_has_every_hub() -> None:
    assert list(toy().hubs["hub_id"]) == tables()["hubs"]["hub_id"]


def test_tables_hold_no_geometry_columns() -> None:
    assert not [name for name in toy().links.columns if "geometry" in name]


def test_a_service_without_an_id_is_named_by_its_row() -> None:
    rows = tables()
    rows["services"]["service_id"] = ["", "BBB-AAA"]
    assert xr.Network.from_tables(**rows).service_ids == ["service 1", "BBB-AAA"]


def test_the_great_circle_is_the_distance_of_a_service_that_names_none() -> None:
    leg = toy().route("AAA", "BBB", shipment=GOODS, modes=("air",)).legs[0]
    assert leg.distance_km == pytest.approx(9_000, rel=0.03)


def test_find_gives_the_id() -> None:
    assert toy().find("Beta, NZ") == "C3"


def test_hubs_and_links_of_ones_own_are_added() -> None:
    hubs = {"hub_id": ["WH1"], "lat": [53.0], "lon": [9.5], "kind": ["warehouse"], "country": ["DE"]}
    links = {"origin": ["C2"], "destination": ["WH1"], "mode": ["road"], "distance_km": [12.0],
             "vehicle_class": ["artic_truck"]}  # fmt: skip
    route = toy().extended(hubs=hubs, links=links).route("C1", "WH1", shipment=GOODS)
    base = toy().route("C1", "C2", shipment=GOODS)
    assert route.distance_km == pytest.approx(base.distance_km + 12.0)


def test_an_added_service_competes_and_overrides_nothing() -> None:
    services = {"origin": ["CNAAA-RAIL"], "destination": ["DEBBB-RAIL"], "mode": ["rail"],
                "service_id": ["BLOCK"], "duration_h": [100.0], "departures_per_week": [7.0],
                "distance_km": [10_600.0], "vehicle_class": ["rail_diesel"]}  # fmt: skip
    more = toy().extended(services=services)
    quick = more.route("C1", "C2", shipment=GOODS, modes=("rail", "road"), minimise="time")
    cheap = more.route("C1", "C2", shipment=GOODS, modes=("rail", "road"), minimise="cost")
    assert quick.legs[1].service_id == "BLOCK"
    assert cheap.cost_eur <= toy().route("C1", "C2", shipment=GOODS, modes=("rail", "road")).cost_eur


def test_extending_leaves_the_network_as_it_was() -> None:
    hubs = {"hub_id": ["WH1"], "lat": [53.0], "lon": [9.5], "kind": ["warehouse"]}
    toy().extended(hubs=hubs)
    assert len(toy().hubs) == 10


def test_a_transfer_of_ones_own_sets_its_hours() -> None:
    own = {"hub_id": ["CNAAA"], "from_mode": ["road"], "to_mode": ["sea"], "duration_h": [1.0]}
    route = toy().extended(transfers=own).route("C1", "C2", shipment=GOODS, modes=("sea", "road"))
    assert route.stops[1].duration_h == pytest.approx(1.0 + route.stops[1].wait_h, abs=1e-3)


def test_equal_profiles_are_priced_once() -> None:
    first, second = (toy().priced(GOODS, "LCL", xr.Scenario()) for _ in range(2))
    assert first is second


def test_a_shipment_is_not_answered_from_the_pricing_of_another() -> None:
    light = toy().route("C1", "C2", shipment=xr.Shipment(mass_kg=10))
    heavy = toy().route("C1", "C2", shipment=xr.Shipment(mass_kg=20_000))
    assert light.cost_eur < heavy.cost_eur


def test_a_route_from_a_place_to_itself_is_empty_and_free() -> None:
    route = toy().route("C1", "C1", shipment=GOODS)
    assert (route.legs, route.cost_eur, route.duration_h) == ((), 0.0, 0.0)


def test_no_route_names_what_binds() -> None:
    with pytest.raises(xr.NoRouteError, match="passage suez closed") as caught:
        toy().route("C1", "C2", shipment=GOODS, modes=("sea", "road"), avoid=("cape",),
                    scenario=xr.Scenario(closed_passages=("suez",)))  # fmt: skip
    assert "passage suez closed" in caught.value.binding


def test_no_route_between_islands_binds_nothing() -> None:
    with pytest.raises(xr.NoRouteError, match="no chain of links and services") as caught:
        toy().route("C1", "C3", shipment=GOODS)
    assert caught.value.binding == ()


def test_restrictions_that_bind_together_are_all_named() -> None:
    gates = ("CNAAA", "DEBBB", "CNAAA-RAIL", "DEBBB-RAIL", "AAA", "BBB")
    with pytest.raises(xr.NoRouteError, match="bind together") as caught:
        toy().route("C1", "C2", shipment=GOODS, avoid=gates)
    assert set(caught.value.binding) >= {f"avoid {gate}" for gate in gates}


@pytest.mark.parametrize(
    "scenario",
    [
        xr.Scenario(closed_hubs=("CNAAA-RAIL",)),
        xr.Scenario(closed_countries=("DE",)),
    ],
    ids=["hub", "country"],
)
def test_a_closed_hub_or_country_takes_its_links_out(scenario: xr.Scenario) -> None:
    with pytest.raises(xr.NoRouteError):
        toy().route("C1", "C2", shipment=GOODS, modes=("rail", "road"), scenario=scenario)


def test_the_way_round_a_closed_passage_is_found() -> None:
    route = toy().route("C1", "C2", shipment=GOODS, modes=("sea", "road"), avoid=("suez",))
    assert route.passages == ("cape",)


def test_one_avoided_thing_may_be_a_plain_text() -> None:
    assert toy().route("CNAAA", "DEBBB", shipment=GOODS, modes="sea", avoid="suez").passages == ("cape",)


def test_junctions_between_links_of_one_mode_make_no_leg() -> None:
    route = toy().route("CNAAA", "DEBBB", shipment=GOODS, modes=("sea",), avoid=("suez",))
    assert [leg.mode for leg in route.legs] == ["sea"]


def test_a_delay_on_a_passage_counts_once() -> None:
    late = xr.Scenario(delays_h={"suez": 48.0})
    base, slow = (
        toy().route("CNAAA", "DEBBB", shipment=GOODS, modes=("sea",), scenario=each)
        for each in (xr.Scenario(), late)
    )
    assert slow.duration_h - base.duration_h == pytest.approx(48.0, abs=1e-3)


def test_generalised_cost_weighs_hours() -> None:
    dear = xr.Scenario(value_of_time_eur_h=1_000.0)
    route = toy().route("C1", "C2", shipment=GOODS, minimise="generalised", scenario=dear)
    assert route.main_haul == "air"


def test_carbon_price_moves_freight_off_the_air() -> None:
    ways = [
        toy().route("C1", "C2", shipment=GOODS, minimise="generalised",
                    scenario=xr.Scenario(carbon_price_eur_t=price, value_of_time_eur_h=20.0)).main_haul
        for price in (0.0, 100_000.0)
    ]  # fmt: skip
    assert ways == ["air", "rail"]


def test_a_point_on_the_map_gets_a_road_of_its_own(net: xr.Network) -> None:
    route = net.route((51.34, 12.37), "DEHAM", shipment=GOODS)
    assert route.legs[0].mode == "road"


def test_a_point_on_water_is_unknown(net: xr.Network) -> None:
    with pytest.raises(xr.UnknownPlaceError, match="lies on water"):
        net.route((0.0, -30.0), "DEHAM", shipment=GOODS)


def test_leg_coordinates_run_from_end_to_end(net: xr.Network) -> None:
    leg = net.route("CNYTN", "DEHAM", shipment=GOODS, modes=("sea",)).legs[0]
    places = net.places
    corners = [
        [places.lon[places.row(hub)], places.lat[places.row(hub)]] for hub in (leg.origin, leg.destination)
    ]
    assert np.array_equal(leg.coordinates[[0, -1]], corners)

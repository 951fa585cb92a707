"""Limits, via and avoid: the best route that keeps them, or what they would need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import xroute as xr
from toy_network import GOODS, tables, toy


def best(**more: Any) -> xr.Route:
    return toy().route("C1", "C2", shipment=GOODS, **more)


def carried(*carriers: str) -> xr.Network:
    columns = tables()
    columns["services"]["carrier"] = list(carriers)
    return xr.Network.from_tables(**columns)


def test_limits_that_the_cheapest_route_keeps_change_nothing() -> None:
    cheapest = best()
    kept = best(max_duration_h=cheapest.duration_h, max_co2e_kg=1e6, max_cost_eur=cheapest.cost_eur)
    assert (kept.cost_eur, kept.duration_h, kept.load) == (
        cheapest.cost_eur, cheapest.duration_h, cheapest.load
    )  # fmt: skip


def test_a_deadline_takes_the_cheapest_route_that_keeps_it() -> None:
    rail, air = best(modes=("road", "rail")), best(modes=("road", "air"))
    assert best(max_duration_h=rail.duration_h).main_haul == "rail"
    assert best(max_duration_h=rail.duration_h - 1).main_haul == "air"
    assert best(max_duration_h=air.duration_h).cost_eur == air.cost_eur


def test_the_fastest_within_a_budget_of_money_and_carbon() -> None:
    rail = best(modes=("road", "rail"))
    kept = best(minimise="time", max_cost_eur=rail.cost_eur, max_co2e_kg=rail.footprint.wtw_co2e_kg * 1.01)
    assert kept.main_haul == "rail"


def test_beyond_the_limits_is_not_no_route_and_says_what_each_would_need() -> None:
    with pytest.raises(xr.BeyondLimitsError, match="within the limits: max_duration_h 1: the least is"):
        best(max_duration_h=1.0)


def test_limits_that_bind_only_together_are_all_named() -> None:
    fast, cheap = best(minimise="time"), best()
    with pytest.raises(xr.BeyondLimitsError) as caught:
        best(max_duration_h=fast.duration_h, max_cost_eur=cheap.cost_eur)
    assert len(caught.value.binding) == 2


def test_no_route_at_all_is_not_called_beyond_the_limits() -> None:
    with pytest.raises(xr.NoRouteError) as caught:
        toy().route("C1", "C3", shipment=GOODS, max_duration_h=1e6)
    assert not isinstance(caught.value, xr.BeyondLimitsError)


def test_three_limits_beside_the_minimised_one_are_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="at most two limits"):
        best(minimise="distance", max_duration_h=1.0, max_cost_eur=1.0, max_co2e_kg=1.0)


@pytest.mark.parametrize(
    "more",
    [{"max_duration_h": -1.0}, {"max_cost_eur": float("nan")}, {"max_co2e_kg": True},
     {"max_transhipments": -1}, {"max_transhipments": 1.5}, {"via": ("nowhere",)}],
)  # fmt: skip
def test_a_limit_that_means_nothing_is_an_input_error(more: dict[str, Any]) -> None:
    with pytest.raises(xr.InputError):
        best(**more)


@pytest.mark.parametrize(
    ("via", "haul"),
    [("rail", "rail"), ("AAA", "air"), ("DEBBB-RAIL", "rail"), ("suez", "sea"), ("cape", "sea")],
)
def test_a_route_passes_what_it_is_asked_to_pass(via: str, haul: str) -> None:
    assert best(via=via).main_haul == haul


def test_via_a_passage_is_the_route_that_is_left_when_the_other_is_closed() -> None:
    round_africa = best(via="cape")
    assert round_africa.passages == ("cape",)
    assert round_africa.cost_eur == best(avoid=("suez",), modes=("sea", "road")).cost_eur


def test_things_to_pass_are_passed_in_their_order() -> None:
    assert best(via=("CNAAA", "suez", "DEBBB")).main_haul == "sea"
    chain = best(via=("DEBBB", "CNAAA"))
    assert chain.cost_eur > best(via=("CNAAA", "DEBBB")).cost_eur


def test_every_route_passes_its_own_ends() -> None:
    assert best(via=("C1", "C2")).cost_eur == best().cost_eur


def test_a_country_of_the_destination_is_passed_by_every_route() -> None:
    assert best(via="DE").cost_eur == best().cost_eur


def test_at_most_no_transhipment_is_beyond_the_limits_of_a_trip_over_ports() -> None:
    with pytest.raises(xr.BeyondLimitsError, match="max_transhipments 0"):
        best(max_transhipments=0)


def test_two_transhipments_are_enough_for_road_sea_road() -> None:
    assert best(max_transhipments=2).cost_eur == best().cost_eur


def test_carriers_can_be_passed_and_avoided() -> None:
    net = carried("Blue", "Blue")
    assert net.route("C1", "C2", shipment=GOODS, via="Blue").main_haul == "air"
    with pytest.raises(xr.NoRouteError, match="avoid Blue"):
        net.route("C1", "C2", shipment=GOODS, modes=("air", "road"), avoid=("Blue",))


def test_the_other_carrier_sails_on() -> None:
    net = carried("Blue", "Red")
    assert net.route("C1", "C2", shipment=GOODS, modes=("air", "road"), avoid=("Red",)).main_haul == "air"


def test_limits_hold_between_points_too() -> None:
    trip = toy().route((22.81, 114.01), "C2", shipment=replace(GOODS, load="LCL"), max_transhipments=2)
    assert trip.main_haul == "sea"

"""Routes: totals are the sums of their lines, and every number has a line."""

from __future__ import annotations

import math

import pytest

import xroute as xr
from toy_network import GOODS, toy

WAYS = [("sea", "road"), ("rail", "road"), ("air", "road")]
SHIPPED = [
    ("Shenzhen, CN", "Leipzig, DE"),
    ("CNYTN", "USLAX"),
    ("CNXIA-RAIL", "DEDUI-RAIL"),
    ("Yiwu, CN", "Sydney, AU"),
]


def by(*modes: str) -> xr.Route:
    return toy().route("C1", "C2", shipment=GOODS, modes=modes)


@pytest.mark.parametrize("lane", SHIPPED, ids="-".join)
@pytest.mark.parametrize("minimise", ["cost", "time", "co2e"])
def test_cost_lines_add_up_to_the_cost(net: xr.Network, lane: tuple[str, str], minimise: str) -> None:
    route = net.route(*lane, shipment=GOODS, minimise=minimise)
    total = math.fsum(line.amount_eur for line in route.cost_lines)
    assert total == pytest.approx(route.cost_eur, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("lane", SHIPPED, ids="-".join)
@pytest.mark.parametrize("minimise", ["cost", "time", "co2e"])
def test_footprint_lines_add_up_to_the_totals(net: xr.Network, lane: tuple[str, str], minimise: str) -> None:
    total = net.route(*lane, shipment=GOODS, minimise=minimise).footprint
    wtt, ttw = (
        math.fsum(getattr(line, name) for line in total.lines) for name in ("wtt_co2e_kg", "ttw_co2e_kg")
    )
    assert (total.wtt_co2e_kg, total.ttw_co2e_kg) == pytest.approx((wtt, ttw), rel=1e-9)
    assert total.wtw_co2e_kg == pytest.approx(wtt + ttw, rel=1e-9)


@pytest.mark.parametrize("lane", SHIPPED, ids="-".join)
def test_hours_of_legs_stops_and_customs_add_up(net: xr.Network, lane: tuple[str, str]) -> None:
    route = net.route(*lane, shipment=GOODS)
    parts = [leg.duration_h for leg in route.legs] + [stop.duration_h for stop in route.stops]
    assert math.fsum(parts) + route.clearance.hours == pytest.approx(route.duration_h, rel=1e-9)


@pytest.mark.parametrize("lane", SHIPPED, ids="-".join)
def test_reported_emission_is_what_was_minimised_but_for_rounding(
    net: xr.Network, lane: tuple[str, str]
) -> None:
    route = net.route(*lane, shipment=GOODS, minimise="co2e")
    grams = route.footprint.wtw_co2e_kg / GOODS.mass_t * 1000
    steps = sum(len(leg.coordinates) for leg in route.legs) + len(route.stops)
    assert abs(grams - route.co2e_g_t) <= 0.5 * steps


@pytest.mark.parametrize("modes", WAYS, ids="+".join)
def test_low_likely_and_high_hours_stand_in_that_order(modes: tuple[str, ...]) -> None:
    route = by(*modes)
    assert route.duration_low_h < route.duration_h < route.duration_high_h


@pytest.mark.parametrize("modes", WAYS, ids="+".join)
def test_every_line_of_an_indicative_rate_says_so(modes: tuple[str, ...]) -> None:
    route = by(*modes)
    assert route.is_indicative
    assert all(line.is_indicative for line in route.cost_lines)


def test_stops_stand_between_legs_and_at_both_doors() -> None:
    route = by("sea", "road")
    sides = [(stop.from_mode, stop.to_mode) for stop in route.stops]
    assert sides == [("door", "road"), ("road", "sea"), ("sea", "road"), ("road", "door")]


def test_legs_join_end_to_end() -> None:
    hubs = [(leg.origin, leg.destination) for leg in by("rail", "road").legs]
    assert hubs == [("C1", "CNAAA-RAIL"), ("CNAAA-RAIL", "DEBBB-RAIL"), ("DEBBB-RAIL", "C2")]


def test_line_km_is_the_length_of_the_infrastructure() -> None:
    leg = by("rail", "road").legs[1]
    assert (leg.distance_km, leg.line_km) == (10_600.0, 10_000.0)


def test_a_service_is_one_leg_with_its_id() -> None:
    assert [leg.service_id for leg in by("air", "road").legs] == [None, "AAA-BBB", None]


def test_a_flight_waits_half_the_time_between_departures() -> None:
    assert by("air", "road").legs[1].wait_h == pytest.approx(12.0, abs=1e-3)


def test_the_main_haul_stands_first_and_roads_last() -> None:
    assert by("sea", "road").main_modes == "sea+road"


def test_customs_are_cleared_between_china_and_germany() -> None:
    assert [line.country for line in by("sea", "road").clearance.lines] == ["CN", "DE"]


def test_a_mode_is_charged_on_what_won() -> None:
    charged = by("air", "road").chargeable["air"]
    assert charged.quantity == pytest.approx(1200.0)
    assert charged.won == "mass"


def test_a_bulky_shipment_is_charged_by_volume_in_the_air() -> None:
    bulky = xr.Shipment(mass_kg=100, volume_m3=3.0)
    charged = toy().route("C1", "C2", shipment=bulky, modes=("air", "road")).chargeable["air"]
    assert charged.quantity == pytest.approx(3.0 * 167)
    assert charged.won == "volume"


def test_emission_counts_actual_mass_not_chargeable_weight() -> None:
    slim, bulky = (
        toy().route("AAA", "BBB", shipment=xr.Shipment(mass_kg=100, volume_m3=m3), modes=("air",))
        for m3 in (0.1, 3.0)
    )
    assert slim.footprint == bulky.footprint


def test_the_explanation_shows_every_cost_line() -> None:
    route = by("sea", "road")
    text = route.explain()
    assert all(f"{line.amount_eur:,.2f} EUR  {line.what}" in text for line in route.cost_lines)


def test_the_explanation_shows_every_factor() -> None:
    route = by("rail", "road")
    assert all(line.factor.factor_id in route.explain() for line in route.footprint.lines)


def test_the_table_has_one_row_a_leg() -> None:
    assert list(by("rail", "road").table()["mode"]) == ["road", "rail", "road"]


def test_a_full_container_load_counts_its_containers() -> None:
    goods = xr.Shipment(mass_kg=30_000, volume_m3=60.0, load="FCL")
    assert toy().route("C1", "C2", shipment=goods, modes=("sea", "road")).load_units == 2

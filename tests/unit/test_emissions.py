"""Emission lines of routes: activity times factor times adjustment, each with its basis."""

from __future__ import annotations

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.factors import Factor
from xroute.footprint import FootprintLine


def lines_of(*modes: str) -> list[FootprintLine]:
    route = toy().route("C1", "C2", shipment=GOODS, modes=modes)
    return list(route.footprint.lines)


@pytest.mark.parametrize("mode", ["sea", "rail", "air"])
def test_a_leg_emits_tonnes_times_km_times_factor_times_adjustment(mode: str) -> None:
    line = next(line for line in lines_of(mode, "road") if line.mode == mode)
    assert isinstance(line.factor, Factor)
    activity = line.mass_kg / 1000 * line.distance_km * line.adjustment
    assert line.wtt_co2e_kg == pytest.approx(activity * line.factor.wtt_g_tkm / 1000)
    assert line.ttw_co2e_kg == pytest.approx(activity * line.factor.ttw_g_tkm / 1000)


def test_actual_sea_km_are_more_than_network_km() -> None:
    line = next(line for line in lines_of("sea", "road") if line.mode == "sea")
    assert (line.distance_basis, line.adjustment) == ("sfd", 1.15)


def test_flights_are_great_circles_without_an_adjustment() -> None:
    line = next(line for line in lines_of("air", "road") if line.mode == "air")
    assert (line.distance_basis, line.adjustment) == ("gcd", 1.0)


def test_handling_in_a_port_has_a_line_of_its_own() -> None:
    stops = [line for line in lines_of("sea", "road") if line.mode == "hub"]
    assert [line.element for line in stops] == [
        "port to land at Alpha port, CN",
        "port to land at Beta port, DE",
    ]


def test_handling_counts_no_distance() -> None:
    assert {line.distance_km for line in lines_of("sea", "road") if line.mode == "hub"} == {0.0}


def test_every_line_counts_the_actual_mass() -> None:
    assert {line.mass_kg for line in lines_of("rail", "road")} == {1200.0}


def test_every_line_names_a_licence() -> None:
    assert all(line.factor.licence for line in lines_of("air", "road"))


def test_electric_trains_emit_nothing_from_tank_to_wheel(net: xr.Network) -> None:
    route = net.route("CNXIA-RAIL", "DEDUI-RAIL", shipment=GOODS, modes=("rail",))
    assert any(leg.wtt_co2e_kg > 0 for leg in route.legs)


def test_emission_is_proportional_to_mass() -> None:
    one, ten = (
        toy().route("C1", "C2", shipment=xr.Shipment(mass_kg=kg, load="FCL"), modes=("rail", "road"))
        for kg in (100.0, 1000.0)
    )
    assert ten.footprint.wtw_co2e_kg == pytest.approx(10 * one.footprint.wtw_co2e_kg, rel=1e-12)

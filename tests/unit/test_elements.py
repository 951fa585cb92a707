"""Elements as a forwarder knows them: boxes, load, carriers, cold, energy, order; and what means nothing."""

from __future__ import annotations

from typing import Any

import pytest

import xroute as xr
from xroute.errors import FactorError, InputError
from xroute.load_model import load_multiplier


def leg(**changes: Any) -> xr.TransportElement:
    facts: dict[str, Any] = {
        "mode": "road", "vehicle_class": "artic_40t", "mass_kg": 10_000.0, "distance_km": 100.0,
        "distance_basis": "sfd",
    }  # fmt: skip
    return xr.TransportElement(**(facts | changes))


def kg(element: xr.TransportElement) -> float:
    return xr.TransportChain([element]).footprint().wtw_co2e_kg


POWER = xr.EnergyFootprint([xr.ElectricityUse(kwh=10, location_g_kwh=400)])
OWN = xr.Factor(
    factor_id="own", mode="road", vehicle_class="", wtt_g_tkm=20, ttw_g_tkm=70, distance_basis="sfd"
)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"mass_kg": float("nan")}, "mass_kg"),
        ({"teu": -1.0}, "teu"),
        ({"teu": 1, "tonnes_per_teu": "usual"}, "tonnes_per_teu"),
        ({"teu": 1, "tonnes_per_teu": 0.0}, "tonnes_per_teu"),
        ({"load_factor": 60.0}, "load_factor"),
        ({"load_factor": 0.0}, "load_factor"),
        ({"empty_running": 1.0}, "empty_running"),
        ({"empty_running": -0.1}, "empty_running"),
        ({"carriers": {"diesel": 0.5}}, "carriers"),
        ({"carriers": {"diesel": 70, "hvo": 30}}, "carriers"),
        ({"carriers": {"diesel": -0.5, "hvo": 1.5}}, "carriers"),
        ({"temperature_uplift": 1.12}, "temperature_uplift"),
        ({"temperature": "refrigerated", "temperature_uplift": 0.9}, "temperature_uplift"),
        ({"temperature": "refrigerated", "temperature_uplift": 112.0}, "temperature_uplift"),
        ({"factor": OWN, "energy": POWER}, "factor"),
        ({"factor": OWN, "carriers": {"diesel": 1.0}}, "carriers"),
        ({"distance_km": xr.Distance(100, "gcd")}, "distance_basis"),
        ({"distance_basis": ""}, "distance_basis"),
    ],
)
def test_what_means_nothing_is_refused_by_column(changes: dict[str, Any], column: str) -> None:
    with pytest.raises(InputError) as caught:
        leg(**changes)
    assert caught.value.column == column


def test_a_full_lorry_emits_less_per_tonne_than_an_average_one_and_an_empty_way_more() -> None:
    usual = kg(leg())
    assert kg(leg(load_factor=1.0)) < usual < kg(leg(load_factor=0.3))
    assert kg(leg(empty_running=0.0)) < usual < kg(leg(empty_running=0.5))
    line = xr.TransportChain([leg(load_factor=0.9)]).footprint().lines[0]
    assert line.category == "modelled"
    assert "load factor 90%" in line.steps[0]


def test_the_usual_load_changes_nothing() -> None:
    times, _ = load_multiplier("road", "artic_40t", load_factor=0.6, empty_running=0.2)
    assert times == pytest.approx(1.0, rel=1e-15)
    times, _ = load_multiplier("road", "artic_40t", load_factor=1.0, empty_running=0.0)
    assert times == pytest.approx(1.0 / ((0.62 + 0.38 * 0.6 + 0.62 * 0.2 / 0.8) / 0.6), rel=1e-12)


def test_load_is_a_fact_for_the_record_beside_the_users_own_figure() -> None:
    line = xr.TransportChain([leg(factor=OWN, load_factor=0.9, empty_running=0.1)]).footprint().lines[0]
    assert line.wtw_co2e_kg == pytest.approx(90.0, rel=1e-12)
    assert isinstance(line.factor, xr.Factor)
    assert (line.factor.load_factor, line.factor.empty_running) == (0.9, 0.1)


def test_measured_energy_is_the_emission_of_its_element() -> None:
    element = leg(energy=POWER, mass_kg=2000)
    line = xr.TransportChain([element]).footprint().lines[0]
    assert (line.wtt_co2e_kg, line.ttw_co2e_kg) == (pytest.approx(4.0), 0.0)
    assert line.category == "primary"
    with pytest.raises(InputError) as caught:
        xr.TransportChain([leg(), leg(energy=POWER, distance_km=0.0)]).footprint()
    assert caught.value.row == 2


def test_electricity_takes_the_electric_class_of_the_vehicle() -> None:
    half = xr.TransportChain([leg(carriers={"diesel": 0.5, "electricity": 0.5})]).footprint().lines[0]
    diesel, electric = (
        xr.TransportChain([leg(vehicle_class=name)]).footprint().lines[0]
        for name in ("artic_40t", "artic_electric")
    )
    assert half.wtw_co2e_kg == pytest.approx((diesel.wtw_co2e_kg + electric.wtw_co2e_kg) / 2, rel=1e-12)
    assert half.ttw_co2e_kg == pytest.approx(diesel.ttw_co2e_kg / 2, rel=1e-12)


def test_a_carrier_without_a_figure_is_a_factor_error() -> None:
    with pytest.raises(FactorError):
        kg(leg(mode="air", vehicle_class="freighter_long_haul", distance_basis="gcd",
               carriers={"electricity": 1.0}))  # fmt: skip


def test_an_empty_box_needs_its_mass() -> None:
    factor = xr.Factor.per_teu_km("lane", wtt_g_teu_km=8, ttw_g_teu_km=42, distance_basis="sfd")
    with pytest.raises(InputError, match="empty box"):
        kg(leg(mode="sea", vehicle_class="", factor=factor, teu=1, mass_kg=0.0))


@pytest.mark.parametrize(
    ("follows", "words"),
    [(["nowhere"], "no element"), (["a"], "circle"), (["twice"], "several"), ([""], "no element")],
)
def test_an_order_that_leads_nowhere_is_refused(follows: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        xr.TransportChain(
            [leg(element="a", follows=follows), leg(element="twice"), leg(element="twice", follows=["a"])]
        )
    assert caught.value.column == "follows"


def test_several_packs_keep_what_the_element_says() -> None:
    chain = xr.TransportChain([leg(load_factor=0.9, temperature="refrigerated", temperature_uplift=1.2)])
    found = chain.footprint().compare(["desnz-2025", "desnz-2026"])
    assert found.totals_kg[0] == pytest.approx(chain.footprint().wtw_co2e_kg, rel=1e-12)
    assert found.totals_kg[1] == pytest.approx(chain.footprint(factors="desnz-2026").wtw_co2e_kg, rel=1e-9)


def test_a_table_of_elements_may_state_load_and_uplift() -> None:
    table = {
        "kind": ["transport", "transport"], "mass_kg": [1000.0, 1000.0], "mode": ["road", "road"],
        "distance_km": [100.0, 100.0], "distance_basis": ["sfd", "sfd"], "vehicle_class": ["artic_40t"] * 2,
        "load_factor": [float("nan"), 0.9],
    }  # fmt: skip
    lines = xr.TransportChain.from_table(table).footprint().lines
    assert lines[0].multiplier == 1.0
    assert lines[1].multiplier < 1.0


def test_a_figure_restated_by_hand_is_not_restated_again_by_a_chain() -> None:
    per_sailed = xr.Factor(
        factor_id="s", mode="sea", vehicle_class="", wtt_g_tkm=2, ttw_g_tkm=8, distance_basis="actual"
    )
    element = leg(mode="sea", vehicle_class="", factor=per_sailed.restated("sfd"))
    line = xr.TransportChain([element]).footprint().lines[0]
    assert line.adjustment == 1.0
    assert line.wtw_co2e_kg == pytest.approx(1000 * 11.5 / 1000, rel=1e-12)

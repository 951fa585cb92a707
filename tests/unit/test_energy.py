"""Energy, shares and units: laws, and input that means nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xroute as xr
from xroute.energy import as_energy_uses
from xroute.factors import HubFactor
from xroute.sharing import belly_freight_share, ropax_shares, shares, temperature_shares
from xroute.units import KG_IN, KM_IN, activity_tkm, distance_km, intensity_g_tkm, mass_kg

AMOUNT = st.floats(0.001, 1e9)


def diesel(**more: Any) -> xr.FuelUse:
    facts: dict[str, Any] = {
        "carrier": "diesel", "quantity": 100.0, "unit": "l", "wtt_kg_per_unit": 0.6, "ttw_kg_per_unit": 2.5,
    }  # fmt: skip
    return xr.FuelUse(**(facts | more))


def test_litres_reach_a_factor_per_megajoule_through_density_and_heating_value() -> None:
    used = diesel(factor_unit="MJ", density_kg_l=0.84, mj_kg=43.0)
    assert used.factor_quantity == pytest.approx(100 * 0.84 * 43.0)
    assert diesel(unit="kWh", factor_unit="MJ").factor_quantity == pytest.approx(360.0)


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"factor_unit": "kg"}, "density_kg_l"),
        ({"unit": "kg", "factor_unit": "MJ"}, "mj_kg"),
        ({"unit": "gallon"}, "unit"),
        ({"quantity": -1.0}, "quantity"),
        ({"quantity": float("nan")}, "quantity"),
        ({"factor_unit": "kg", "density_kg_l": 0.0}, "density_kg_l"),
    ],
)
def test_fuel_without_what_it_needs_is_an_input_error(more: dict[str, Any], column: str) -> None:
    with pytest.raises(xr.InputError) as caught:
        diesel(**more)
    assert caught.value.column == column


def test_market_based_electricity_and_claims_stand_beside_the_total() -> None:
    power = xr.ElectricityUse(kwh=1000, location_g_kwh=400, market_g_kwh=0)
    found = xr.EnergyFootprint([power, diesel()], [xr.Claim(kind="HVO", co2e_kg=200.0)])
    assert found.wtw_co2e_kg == pytest.approx(400 + 310)
    assert found.market_co2e_kg == pytest.approx(310)
    assert found.claimed_co2e_kg == 200.0
    assert (found.wtt_co2e_kg, found.ttw_co2e_kg) == pytest.approx((400 + 60, 250))


def test_a_round_trip_is_the_ratio_of_sums_with_the_empty_way_back() -> None:
    there, back = diesel(quantity=60.0), diesel(quantity=40.0)
    trip = xr.EnergyFootprint([there, back])
    own = trip.factor("truck", "road", activity_tkm=20.0 * 300.0, distance_basis="sfd")
    assert own.wtw_g_tkm == pytest.approx(1000.0 * 310.0 / 6000.0)
    assert own.category == "primary"
    with pytest.raises(xr.InputError):
        trip.factor("truck", "road", activity_tkm=0.0, distance_basis="sfd")


def test_a_hub_takes_the_same_energy() -> None:
    uses = [diesel(), xr.ElectricityUse(kwh=500, location_g_kwh=300)]
    hub = HubFactor.from_energy("shed", "warehouse", uses=as_energy_uses(uses), throughput_t=10.0)
    assert (hub.wtt_g_t, hub.ttw_g_t) == pytest.approx((21_000.0, 25_000.0))


@given(st.lists(AMOUNT, min_size=1, max_size=12))
def test_shares_add_up_to_one_and_keep_proportion(weights: list[float]) -> None:
    found = shares({str(at): weight for at, weight in enumerate(weights)})
    assert sum(found.values()) == pytest.approx(1.0, rel=1e-12)
    assert found["0"] * sum(weights) == pytest.approx(weights[0], rel=1e-9)


@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_stops_changes_no_share(stops: list[tuple[float, float]], random: Any) -> None:
    drops = [xr.Drop(name=str(at), mass_kg=mass, direct_km=km) for at, (mass, km) in enumerate(stops)]
    shuffled = random.sample(drops, len(drops))
    assert xr.DeliveryRound(shuffled).shares == pytest.approx(xr.DeliveryRound(drops).shares, rel=1e-9)


def test_a_round_gives_away_all_it_emits() -> None:
    drops = [xr.Drop(name="a", mass_kg=10, direct_km=1), xr.Drop(name="b", mass_kg=30, direct_km=1)]
    found = xr.DeliveryRound(drops).allocated(xr.EnergyFootprint([diesel()]))
    assert found == pytest.approx({"a": 77.5, "b": 232.5})


@pytest.mark.parametrize(
    "make",
    [
        lambda: shares({"a": 0.0, "b": 0.0}),
        lambda: shares({"a": -1.0, "b": 2.0}),
        lambda: xr.DeliveryRound([]),
        lambda: xr.DeliveryRound([xr.Drop(name="a", mass_kg=1, direct_km=1)] * 2),
        lambda: ropax_shares({"car": 10}, {"passenger": 1.0}),
        lambda: xr.EnergyFootprint([diesel()]).per(0),
    ],
)
def test_nothing_to_share_is_an_input_error(make: Any) -> None:
    with pytest.raises(xr.InputError):
        make()


def test_passengers_and_freight_share_an_aircraft_and_a_ferry() -> None:
    assert belly_freight_share(20, 200) == pytest.approx(0.5)
    assert belly_freight_share(20, 200, passenger_kg=150) == pytest.approx(0.4)
    found = ropax_shares({"passenger": 100, "lorry": 10}, {"passenger": 1.0, "lorry": 15.0})
    assert found == pytest.approx({"passenger": 0.4, "lorry": 0.6})
    assert temperature_shares({"ambient": 1, "frozen": 1}, {"frozen": 3.0})["frozen"] == 0.75


@pytest.mark.parametrize("unit", list(KG_IN))
@pytest.mark.parametrize("length", list(KM_IN))
def test_activity_is_the_same_in_every_unit(unit: str, length: str) -> None:
    assert activity_tkm(1000.0 / KG_IN[unit], unit, 10.0 / KM_IN[length], length) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("value", "unit", "load", "g_tkm"),
    [
        (0.05, "kg/tkm", None, 50.0),
        (1.0, "g/t-nm", None, 1.0 / 1.852),
        (100.0, "g/TEU-km", "light", 100.0 / 6.0),
        (100.0, "g/FEU-km", 10.0, 5.0),
        (1.0, "g/kg-km", None, 1000.0),
    ],
)
def test_intensities_reach_grams_per_tonne_kilometre(
    value: float, unit: str, load: Any, g_tkm: float
) -> None:
    assert intensity_g_tkm(value, unit, tonnes_per_teu=load) == pytest.approx(g_tkm)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: mass_kg(1, "tons"), "short_ton"),
        (lambda: distance_km(1, "miles"), "mile"),
        (lambda: intensity_g_tkm(1, "g/TEU-km"), "tonnes in a TEU"),
        (lambda: intensity_g_tkm(1, "g/tkm", tonnes_per_teu=10), "not for a box"),
        (lambda: intensity_g_tkm(1, "oz/tkm"), "oz"),
        (lambda: intensity_g_tkm(1, "g"), "tkm"),
        (lambda: intensity_g_tkm(-1, "g/tkm"), "at least 0"),
        (lambda: intensity_g_tkm(1, "g/TEU-km", tonnes_per_teu="usual"), "average"),
    ],
)
def test_a_unit_that_is_not_said_or_known_is_an_input_error(call: Any, names: str) -> None:
    with pytest.raises(xr.InputError, match=names):
        call()

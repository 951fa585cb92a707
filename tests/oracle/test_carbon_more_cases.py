"""More worked cases of the published kinds, each with its steps done by hand; figures live here alone."""

from __future__ import annotations

from typing import Any

import pytest

import xroute as xr
from xroute.carrier_mix import mixed
from xroute.energy import as_energy_uses
from xroute.errors import FactorError, InputError
from xroute.factors import load_pack
from xroute.policy import Port, voyage_lines
from xroute.sharing import belly_freight_share, compartments, ropax_shares, shares
from xroute.units import activity_teu_km, activity_tkm, distance_km, hub_g_t, intensity_g_tkm, mass_kg


def own(mode: str, wtt: float, ttw: float, basis: str = "sfd", **more: Any) -> xr.Factor:
    return xr.Factor(
        factor_id="case", mode=mode, vehicle_class="", wtt_g_tkm=wtt, ttw_g_tkm=ttw, distance_basis=basis,
        **more,
    )  # fmt: skip


def leg(mode: str, kg: float, km: float, factor: xr.Factor | None = None, **more: Any) -> xr.TransportElement:
    facts: dict[str, Any] = {"distance_basis": "sfd"} | more
    return xr.TransportElement(mode=mode, mass_kg=kg, distance_km=km, factor=factor, **facts)


def kg_of(*elements: xr.TransportElement | xr.HubElement, **more: Any) -> float:
    return xr.TransportChain(elements).footprint(**more).wtw_co2e_kg


def burned(carrier: str, litres: float, wtt: float, ttw: float) -> xr.FuelUse:
    return xr.FuelUse(carrier=carrier, quantity=litres, unit="l", wtt_kg_per_unit=wtt, ttw_kg_per_unit=ttw)


def test_a_round_trip_is_its_sums_and_never_the_mean_of_its_ways() -> None:
    # east 6,000 t over 2,000 km with 300,000 kg, west 1,500 t with 210,000 kg
    east, west = (xr.EnergyFootprint([burned("diesel", kg / 3.0, 0.5, 2.5)]) for kg in (300_000, 210_000))
    way = xr.Operation(
        [
            xr.Trip(mass_kg=6e6, distance_km=2000, energy=east),
            xr.Trip(mass_kg=1.5e6, distance_km=2000, energy=west),
        ]
    )
    assert way.activity_tkm == 15_000_000.0
    ratio = way.factor("train", "rail", distance_basis="sfd").wtw_g_tkm
    assert ratio == pytest.approx(510_000 / 15_000_000 * 1000, rel=1e-12)  # 34 g/tkm
    assert ratio != pytest.approx((25.0 + 70.0) / 2, rel=0.1)  # the mean of the two ways


def test_a_ballast_leg_is_in_the_intensity_and_nowhere_else() -> None:
    laden = xr.Trip(mass_kg=50e6, distance_km=8000, energy=xr.EnergyFootprint([burned("hfo", 1e6, 0.5, 2.9)]))
    ballast = xr.Trip(
        mass_kg=0.0, distance_km=8000, energy=xr.EnergyFootprint([burned("hfo", 7e5, 0.5, 2.9)])
    )
    factor = xr.Operation([laden, ballast]).factor("bulk", "sea", distance_basis="actual")
    assert factor.wtw_g_tkm == pytest.approx(1.7e6 * 3.4 * 1000 / 4e8, rel=1e-12)  # 14.45 g/tkm
    cargo = leg("sea", 10e6, 8000, factor, distance_basis="actual")
    assert kg_of(cargo) == pytest.approx(1.7e6 * 3.4 / 5, rel=1e-12)  # a fifth of the cargo bears a fifth


def test_refrigerant_is_what_escapes_times_a_potential_of_a_named_set() -> None:
    loss = xr.RefrigerantLoss.from_charge("R-134a", charge_kg=5.5, annual_loss=0.15, gwp=1430, gwp_set="AR4")
    assert (loss.kg, loss.ttw_co2e_kg, loss.wtt_co2e_kg) == (0.825, 1179.75, 0.0)
    with pytest.raises(InputError):
        xr.RefrigerantLoss(name="R-134a", kg=1, gwp=1430, gwp_set="")
    cold = leg("road", 20_000, 500, own("road", 20, 70), temperature="refrigerated", refrigerant=loss)
    line = xr.TransportChain([cold]).footprint().lines[0]
    assert line.ttw_co2e_kg == pytest.approx(10_000 * 0.070 + 1179.75, rel=1e-12)
    assert line.wtt_co2e_kg == pytest.approx(200.0, rel=1e-12)


def test_an_uplift_of_twelve_per_cent_on_an_ambient_lorry() -> None:
    cold = leg("road", 15_000, 640, own("road", 15, 62), temperature="refrigerated", temperature_uplift=1.12)
    assert kg_of(cold) == pytest.approx(9600 * 0.077 * 1.12, rel=1e-12)  # 827.904 kg
    with pytest.raises(InputError, match="twice"):
        leg("road", 1, 1, own("road", 15, 62, temperature="refrigerated"), temperature="refrigerated",
            temperature_uplift=1.12)  # fmt: skip


def test_a_flight_by_great_circle_on_a_figure_per_flown_kilometre_and_back() -> None:
    flown, circle = own("air", 120, 480, "actual"), own("air", 120, 480, "gcd")
    up = xr.TransportChain([leg("air", 2000, 1000, flown, distance_basis="gcd")]).footprint().lines[0]
    assert up.adjustment == pytest.approx(1095 / 1000, rel=1e-12)
    assert up.wtw_co2e_kg == pytest.approx(2000 * 1.095 * 0.6, rel=1e-12)
    down = xr.TransportChain([leg("air", 2000, 1095, circle, distance_basis="actual")]).footprint().lines[0]
    assert down.adjustment == pytest.approx(1000 / 1095, rel=1e-12)
    assert down.wtw_co2e_kg == pytest.approx(1200.0, rel=1e-12)


def test_two_flights_with_a_stop_are_two_great_circles() -> None:
    factor = own("air", 120, 480, "actual")
    two = kg_of(*(leg("air", 1000, km, factor, distance_basis="gcd") for km in (4000, 3000)))
    assert two == pytest.approx((4095 + 3095) * 0.6, rel=1e-12)  # 95 km for each flight


def test_a_container_ship_by_clean_figures_without_the_fifteen_per_cent() -> None:
    factor = xr.Factor.per_teu_km("lane", wtt_g_teu_km=10.6, ttw_g_teu_km=60.0, distance_basis="actual")
    boxes = xr.TransportElement(mode="sea", teu=12, distance_km=18_000, distance_basis="sfd", factor=factor)
    line = xr.TransportChain([boxes]).footprint().lines[0]
    assert line.adjustment == 1.15
    assert line.wtw_co2e_kg == pytest.approx(12 * 18_000 * 1.15 * 70.6 / 1e6 * 1000, rel=1e-12)
    assert activity_teu_km(12, 18_000, "km") == 216_000
    restated = factor.restated("sfd")
    assert restated.wtw_g_tkm == pytest.approx(7.06 * 1.15, rel=1e-12)
    with pytest.raises(InputError, match="adjusted twice"):
        restated.restated("actual")


@pytest.mark.parametrize(("kind", "tonnes"), [("light", 6.0), ("average", 10.0), ("heavy", 14.5)])
def test_a_box_counts_as_a_box_whatever_it_holds(kind: str, tonnes: float) -> None:
    factor = xr.Factor.per_teu_km("lane", wtt_g_teu_km=8, ttw_g_teu_km=42, distance_basis="sfd")
    boxes = xr.TransportElement(
        mode="sea", teu=4, tonnes_per_teu=kind, distance_km=10_000, distance_basis="sfd", factor=factor
    )
    assert boxes.mass_kg == 4 * tonnes * 1000
    assert kg_of(boxes) == pytest.approx(4 * 10_000 * 50 / 1e3, rel=1e-12)  # 2,000 kg for 4 TEU of any load
    loose = leg("sea", tonnes * 4000, 10_000, factor)
    assert kg_of(loose) == pytest.approx(tonnes * 4 * 10_000 * 5.0 / 1000, rel=1e-12)  # by its mass at 10 t


def test_part_of_a_box_is_shared_by_mass_inside_it() -> None:
    inside = shares({"ours": 2_500, "theirs": 7_500})
    factor = xr.Factor.per_teu_km("lane", wtt_g_teu_km=8, ttw_g_teu_km=42, distance_basis="sfd")
    box = xr.TransportElement(mode="sea", teu=1, distance_km=20_000, distance_basis="sfd", factor=factor)
    assert kg_of(box) * inside["ours"] == pytest.approx(250.0, rel=1e-12)


def test_a_lorry_by_load_factor_and_empty_running() -> None:
    diesel = xr.Carrier(
        carrier="diesel", wtt_kg_per_unit=0.61, ttw_kg_per_unit=2.66, empty_per_km=0.226, full_per_km=0.371
    )
    lorry = xr.VehicleModel(26.0, [diesel])
    laden = 0.226 + 0.145 * 0.6  # 0.313 l/km
    per_tkm = (laden + 0.226 * 0.17 / 0.83) / (0.6 * 26)
    factor = lorry.factor("artic", "road", load_factor=0.6, empty_running=0.17)
    assert factor.wtw_g_tkm == pytest.approx(per_tkm * 3270, rel=1e-12)
    assert factor.category == "modelled"
    for load, empty in ((60, 0.17), (0.0, 0.17), (0.6, 1.0), (1.1, 0.0)):
        with pytest.raises(InputError):
            lorry.factor("artic", "road", load_factor=load, empty_running=empty)


def test_a_plug_in_fleet_by_shares_of_its_activity() -> None:
    parts = [
        xr.Carrier(carrier="diesel", wtt_kg_per_unit=0.6, ttw_kg_per_unit=2.6, empty_per_km=0.2,
                   full_per_km=0.3, share=0.25),
        xr.Carrier(carrier="electricity", wtt_kg_per_unit=0.35, ttw_kg_per_unit=0.0, empty_per_km=0.9,
                   full_per_km=1.3, share=0.75),
    ]  # fmt: skip
    factor = xr.VehicleModel(10.0, parts).factor("mix", "road", load_factor=0.5, empty_running=0.0)
    assert factor.ttw_g_tkm == pytest.approx(0.25 * 0.25 / 5 * 2600, rel=1e-12)
    assert factor.wtt_g_tkm == pytest.approx(0.25 * 0.25 / 5 * 600 + 0.75 * 1.1 / 5 * 350, rel=1e-12)
    with pytest.raises(InputError, match="add up"):
        xr.VehicleModel(10.0, parts[:1])


def test_hydrotreated_oil_burns_the_energy_of_the_diesel_it_replaces() -> None:
    pack = load_pack("desnz-2025")
    diesel, oil = pack.for_fuel("fossil-diesel"), pack.for_fuel("bio-hvo")
    base = pack.for_class("road", "artic_truck")
    mj = base.ttw_g_tkm / (diesel.ttw_g_kg / diesel.mj_kg)
    half = mixed(pack, "road", "artic_truck", {"diesel": 0.5, "hvo": 0.5})
    by_hand = 0.5 * base.wtw_g_tkm + 0.5 * mj * oil.wtw_g_kg / oil.mj_kg
    assert half.wtw_g_tkm == pytest.approx(by_hand, rel=1e-12)
    assert half.ttw_g_tkm == pytest.approx(
        0.5 * base.ttw_g_tkm + 0.5 * mj * (oil.ttw_g_kg - oil.co2_g_kg) / oil.mj_kg, rel=1e-12
    )
    element = leg("road", 1000, 1000, vehicle_class="artic_truck", carriers={"diesel": 0.5, "hvo": 0.5})
    assert kg_of(element) == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(InputError):
        leg("road", 1000, 1000, carriers={"diesel": 50, "hvo": 50})
    with pytest.raises(FactorError):
        kg_of(leg("road", 1000, 1000, vehicle_class="artic_truck", carriers={"unobtainium": 1}))


def test_claims_and_contracts_stand_beside_the_total() -> None:
    power = xr.EnergyFootprint([xr.ElectricityUse(kwh=2000, location_g_kwh=400, market_g_kwh=0)])
    element = leg("road", 10_000, 1000, energy=power)
    saf = xr.Claim(kind="SAF", co2e_kg=5000)
    found = xr.TransportChain([element], [saf]).footprint()
    assert (found.wtw_co2e_kg, found.ttw_co2e_kg) == (pytest.approx(800.0), 0.0)
    assert (found.market_co2e_kg, found.claimed_co2e_kg) == (pytest.approx(0.0), 5000)
    assert found.data_quality["primary"] == 1.0


def test_a_belly_share_by_two_methods() -> None:
    # 24.4 t of freight with 1,000 passengers: 100 kg each, or 50 kg more for each seat
    assert belly_freight_share(24.4, 1000) == pytest.approx(0.1961, abs=5e-5)
    assert belly_freight_share(24.4, 1000, passenger_kg=150) == pytest.approx(0.1399, abs=5e-5)
    assert belly_freight_share(24.4, 1000, seats=1020) == pytest.approx(24.4 / (24.4 + 100 + 51), rel=1e-12)
    flight = xr.EnergyFootprint([xr.FuelUse(carrier="jet fuel", quantity=40_000, unit="kg",
                                            wtt_kg_per_unit=0.7, ttw_kg_per_unit=3.15)])  # fmt: skip
    belly = flight.part(belly_freight_share(24.4, 1000))
    assert belly.wtw_co2e_kg == pytest.approx(154_000 * 24.4 / 124.4, rel=1e-12)


def test_a_ferry_shares_by_passenger_equivalents() -> None:
    found = ropax_shares(
        {"passenger": 800, "car": 200, "bus": 4, "articulated": 30},
        {"passenger": 1.0, "car": 1.3, "bus": 10.0, "articulated": 18.0},
    )
    whole = 800 + 260 + 40 + 540
    assert found["articulated"] == pytest.approx(540 / whole, rel=1e-12)
    trip = xr.EnergyFootprint([burned("mgo", 10_000, 0.5, 2.7)]).shared(found)
    assert sum(each.wtw_co2e_kg for each in trip.values()) == pytest.approx(32_000, rel=1e-12)
    per_lorry = trip["articulated"].wtw_co2e_kg / 30
    inside_t = 15.0
    assert per_lorry / inside_t == pytest.approx(32_000 * 540 / whole / 450, rel=1e-12)


def test_two_temperatures_share_moving_by_all_and_cooling_by_the_cold() -> None:
    moving = xr.EnergyFootprint([burned("diesel", 100, 0.6, 2.6)])
    cooling = xr.EnergyFootprint(
        [burned("diesel", 12, 0.6, 2.6), xr.RefrigerantLoss(name="R-452A", kg=0.01, gwp=2140, gwp_set="AR4")]
    )
    found = compartments(moving, cooling, {"dry": 3000.0, "frozen": 1000.0}, cooled={"frozen"})
    assert found["dry"].wtw_co2e_kg == pytest.approx(240.0, rel=1e-12)
    assert found["frozen"].wtw_co2e_kg == pytest.approx(80.0 + 38.4 + 21.4, rel=1e-12)


def test_a_tracked_round_is_given_away_whole_by_direct_distance() -> None:
    round_ = xr.DeliveryRound(
        [xr.Drop(name=name, mass_kg=kg, direct_km=km) for name, kg, km in
         (("A", 1200, 15), ("B", 800, 40), ("C", 2000, 10))]
    )  # fmt: skip
    assert round_.activity_tkm == pytest.approx(18 + 32 + 20)
    parts = round_.energy_of(xr.EnergyFootprint([burned("diesel", 21, 0.6, 2.6)]))
    assert parts["B"].wtw_co2e_kg == pytest.approx(67.2 * 32 / 70, rel=1e-12)
    assert (parts["B"].wtt_co2e_kg, parts["B"].ttw_co2e_kg) == pytest.approx(
        (12.6 * 32 / 70, 54.6 * 32 / 70), rel=1e-12
    )


def test_a_parcel_by_item_through_a_chain_of_its_own() -> None:
    per_item = xr.EnergyFootprint([burned("diesel", 8.4, 0.6, 2.6)]).per(240)
    assert per_item == pytest.approx(0.112, rel=1e-12)
    line_haul = kg_of(leg("road", 2.5, 480, own("road", 20, 70)))
    sorting = kg_of(
        xr.HubElement(process="cross_dock", mass_kg=2.5,
                      factor=xr.HubFactor(factor_id="hub", process="cross_dock", wtt_g_t=9000, ttw_g_t=3000))
    )  # fmt: skip
    assert per_item + line_haul + sorting == pytest.approx(0.112 + 0.108 + 0.030, rel=1e-12)


def test_a_warehouse_with_power_gas_and_a_leak() -> None:
    uses = [
        xr.ElectricityUse(kwh=900_000, location_g_kwh=380),
        xr.FuelUse(
            carrier="natural gas", quantity=250_000, unit="kWh", wtt_kg_per_unit=0.04, ttw_kg_per_unit=0.2
        ),
        xr.RefrigerantLoss(name="R-404A", kg=12, gwp=3922, gwp_set="AR4"),
    ]
    hub = xr.HubFactor.from_energy("dc", "warehouse", uses=as_energy_uses(uses), throughput_t=60_000)
    assert hub.wtt_g_t == pytest.approx((342_000 + 10_000) / 60, rel=1e-12)
    assert hub.ttw_g_t == pytest.approx((50_000 + 47_064) / 60, rel=1e-12)
    assert kg_of(xr.HubElement(process="warehouse", mass_kg=18_000, factor=hub)) == pytest.approx(
        18 * 449_064 / 60_000, rel=1e-12
    )


def test_a_hub_per_box_needs_the_load_of_the_box() -> None:
    assert hub_g_t(13, "kg/TEU", tonnes_per_teu="average") == pytest.approx(1300.0)
    assert hub_g_t(26, "kg/FEU", tonnes_per_teu=10) == pytest.approx(1300.0)
    with pytest.raises(InputError, match="TEU"):
        hub_g_t(13, "kg/TEU")
    with pytest.raises(InputError):
        hub_g_t(13, "kg/box", tonnes_per_teu=10)


def test_american_units_arrive_as_tonnes_and_kilometres() -> None:
    assert activity_tkm(22, "short_ton", 850, "mile") == pytest.approx(22 * 850 * 1.459972, rel=1e-6)
    figure = own("road", 0.0, intensity_g_tkm(161.8, "g/ton-mile"))
    by_hand = 22 * 850 * 161.8 / 1000
    assert kg_of(leg("road", mass_kg(22, "short_ton"), distance_km(850, "mile"), figure)) == pytest.approx(
        by_hand, rel=1e-12
    )
    nautical = leg("sea", 1e6, distance_km(5000, "nm"), own("sea", 2, 8, "actual"), distance_basis="actual")
    assert kg_of(nautical) == pytest.approx(1000 * 9260 * 10 / 1000, rel=1e-12)


def test_epa_figures_hold_operation_and_take_provision_on_request() -> None:
    chain = xr.TransportChain([leg("road", 20_000, 1000, vehicle_class="truck")])
    operation = chain.footprint(factors="epa-2024", scope="ttw")
    assert operation.ttw_co2e_kg == pytest.approx(20_000 * 0.115953, rel=1e-6)
    whole = chain.footprint(factors="epa-2024-wtw")
    assert whole.ttw_co2e_kg == pytest.approx(operation.ttw_co2e_kg, rel=1e-12)
    assert whole.wtw_co2e_kg > 1.1 * operation.ttw_co2e_kg


def test_electric_rail_over_three_grids_is_their_mean_by_kilometres() -> None:
    pack = load_pack("desnz-2025")
    across = pack.along("rail", "rail_electric", {"CN": 5000, "KZ": 3000, "PL": 2000})
    each = {
        country: pack.for_class("rail", f"rail_electric_{country}").wtw_g_tkm
        for country in ("CN", "KZ", "PL")
    }
    assert across.wtw_g_tkm == pytest.approx(
        0.5 * each["CN"] + 0.3 * each["KZ"] + 0.2 * each["PL"], rel=1e-12
    )
    assert across.ttw_g_tkm == 0.0


def test_a_leg_by_bicycle_keeps_its_distance_and_takes_nothing() -> None:
    last = leg("road", 40, 5, vehicle_class="bicycle", distance_basis="actual")
    chain = xr.TransportChain([leg("road", 40, 95, own("road", 40, 160)), last])
    found = chain.footprint()
    assert found.wtw_co2e_kg == pytest.approx(3.8 * 0.2, rel=1e-12)
    assert found.activity_tkm == pytest.approx(4.0)  # the intensity of the chain counts its kilometres


def test_a_voyage_is_half_in_scope_and_surrendered_by_year() -> None:
    from datetime import date

    ends = Port.of("CNSHA"), Port.of("DEHAM")
    charged = {
        year: voyage_lines(*ends, ttw_co2e_kg=100_000, on=date(year, 5, 1), ets_prices_eur_t={"eu_ets": 80})[
            0
        ]
        for year in (2024, 2025, 2026)
    }
    assert charged[2026].amount_eur == pytest.approx(100 * 0.5 * 1.0 * 80, rel=1e-12)
    assert charged[2024].charged_t == pytest.approx(charged[2024].emitted_t * 0.5 * 0.4, rel=1e-12)
    assert charged[2025].charged_t == pytest.approx(charged[2025].emitted_t * 0.5 * 0.7, rel=1e-12)


def test_two_feeders_meet_in_one_hub() -> None:
    figure = own("road", 20, 70)
    chain = xr.TransportChain(
        [
            leg("road", 3000, 100, figure, element="from A", follows=()),
            leg("road", 5000, 60, figure, element="from B", follows=()),
            xr.HubElement(process="warehouse", mass_kg=8000, element="hub", follows=("from A", "from B")),
            leg("road", 8000, 200, figure, element="on"),
        ]
    )
    lines = chain.footprint().lines
    assert [line.follows for line in lines] == [(), (), ("from A", "from B"), None]
    assert sum(line.wtw_co2e_kg for line in lines if line.mode == "road") == pytest.approx(198.0, rel=1e-12)

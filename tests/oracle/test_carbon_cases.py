"""Worked examples of published methods; the figures they use live here alone."""

from __future__ import annotations

from typing import Any

import pytest

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.energy import ElectricityUse, EnergyFootprint, FuelUse
from xroute.errors import InputError
from xroute.factors import EnergyUse, Factor, HubFactor, grams_per_tonne_km
from xroute.sharing import DeliveryRound, Drop, shares
from xroute.units import activity_tkm, distance_km, intensity_g_tkm, mass_kg

TOLERANCE = 0.005


def factor(mode: str, wtt: float, ttw: float, basis: str = "sfd") -> Factor:
    return Factor(
        factor_id="case",
        mode=mode,
        vehicle_class="case",
        wtt_g_tkm=wtt,
        ttw_g_tkm=ttw,
        distance_basis=basis,
    )


def leg(
    mode: str,
    mass_kg: float,
    distance_km: float,
    own: Factor | None = None,
    **more: str,
) -> TransportElement:
    facts: dict[str, Any] = {"distance_basis": "sfd"} | more
    return TransportElement(mode=mode, mass_kg=mass_kg, distance_km=distance_km, factor=own, **facts)


def test_c01_activity_is_added_shipment_by_shipment() -> None:
    tonnes, km = (10, 40, 400, 10, 60), (1000, 400, 300, 700, 1200)
    legs = [leg("road", t * 1000, d) for t, d in zip(tonnes, km, strict=True)]
    assert [each.activity_tkm for each in legs] == [
        10_000,
        16_000,
        120_000,
        7_000,
        72_000,
    ]
    assert TransportChain(legs).activity_tkm == 225_000


def test_c02_activity_is_exact() -> None:
    assert leg("road", 230, 700).activity_tkm == 161.0


def test_c04_a_milk_run_shares_by_direct_distance_in_any_order() -> None:
    tonnes, direct_km = (5, 2, 1, 4, 0.6), (5, 6, 10, 8, 6)
    drops = [
        Drop(name=name, mass_kg=t * 1000, direct_km=km)
        for name, t, km in zip("BCDEF", tonnes, direct_km, strict=True)
    ]
    round_ = DeliveryRound(drops)
    assert [drop.activity_tkm for drop in drops] == pytest.approx([25, 12, 10, 32, 3.6])
    assert round_.activity_tkm == pytest.approx(82.6)
    expected = {"B": 0.3027, "C": 0.1453, "D": 0.1211, "E": 0.3874, "F": 0.0436}
    assert round_.shares == pytest.approx(expected, abs=5e-5)
    assert sum(round_.shares.values()) == pytest.approx(1.0, rel=1e-12)
    assert DeliveryRound(drops[::-1]).shares == pytest.approx(round_.shares, rel=1e-12)
    by_mass = shares({drop.name: drop.mass_kg for drop in drops})
    assert by_mass["B"] != pytest.approx(round_.shares["B"], rel=0.05)


def test_c06_a_round_by_item() -> None:
    diesel = FuelUse(
        carrier="diesel B7", quantity=7.3, unit="l", factor_unit="kg", density_kg_l=0.836,
        wtt_kg_per_unit=3.91 * 0.0218 / 0.0870, ttw_kg_per_unit=3.91 * 0.0652 / 0.0870,
    )  # fmt: skip
    assert diesel.factor_quantity == pytest.approx(7.3 * 0.836)
    assert diesel.quantity / 275 == pytest.approx(0.026545, rel=1e-4)
    round_ = EnergyFootprint([diesel])
    assert round_.per(275) == pytest.approx(0.08677, rel=1e-4)
    assert round_.per(275) == pytest.approx(0.0870, rel=0.01)
    assert round_.wtt_co2e_kg / 275 == pytest.approx(0.0218, rel=0.01)
    assert round_.ttw_co2e_kg / 275 == pytest.approx(0.0652, rel=0.01)


def diesel_b5() -> FuelUse:
    return FuelUse(
        carrier="diesel B5", quantity=100_000, unit="l", factor_unit="kg", density_kg_l=0.835,
        wtt_kg_per_unit=0.97, ttw_kg_per_unit=3.00,
    )  # fmt: skip


def test_c08_diesel_from_litres() -> None:
    assert diesel_b5().wtw_co2e_kg == pytest.approx(331_495, rel=1e-12)
    assert diesel_b5().wtw_co2e_kg == pytest.approx(332_000, rel=0.002)


def test_c09_electricity_is_provision_alone() -> None:
    used = ElectricityUse.from_mj(100_000 * 3.6, g_mj=97)
    assert (used.kwh, used.location_g_kwh) == pytest.approx((100_000, 349.2), rel=1e-12)
    assert used.wtw_co2e_kg == pytest.approx(34_920, rel=1e-12)
    assert (used.wtt_co2e_kg, used.ttw_co2e_kg) == (used.wtw_co2e_kg, 0.0)


def test_c10_a_hybrid_adds_both() -> None:
    printed = FuelUse(
        carrier="diesel B5", quantity=100_000, unit="l", wtt_kg_per_unit=0.82, ttw_kg_per_unit=2.5
    )
    both = EnergyFootprint([printed, ElectricityUse(kwh=100_000, location_g_kwh=349.2)])
    assert both.wtw_co2e_kg == pytest.approx(366_920, rel=1e-12)


def test_c13_tons_and_miles_say_so() -> None:
    per_ton_mile = 252_690 / 14_855
    assert per_ton_mile == pytest.approx(17.0, rel=1e-3)
    assert intensity_g_tkm(per_ton_mile, "g/ton-mile") == pytest.approx(11.65, rel=1e-3)
    assert intensity_g_tkm(17.0, "g/ton-mile") == pytest.approx(11.644, rel=1e-4)
    assert activity_tkm(1, "short_ton", 1, "mile") == pytest.approx(1.459972, rel=1e-6)
    own = factor("rail", 0.0, intensity_g_tkm(per_ton_mile, "g/ton-mile"))
    moved = leg("rail", mass_kg(50, "short_ton"), distance_km(2672, "mile"), own)
    assert TransportChain([moved]).footprint().wtw_co2e_kg == pytest.approx(2273, rel=0.003)
    for unit in ("ton", "miles", ""):
        with pytest.raises(InputError):
            mass_kg(50, unit)


@pytest.mark.parametrize(("teu", "g_per_teu_km", "tonnes"), [(10, 49.9, 10.479), (5, 128.7, 13.5135)])
def test_c15_a_trade_lane_figure_that_holds_its_adjustment(
    teu: int, g_per_teu_km: float, tonnes: float
) -> None:
    own = factor("sea", 0.0, grams_per_tonne_km(g_per_teu_km), "sfd")
    line = TransportChain([leg("sea", teu * 10_000, 21_000, own)]).footprint().lines[0]
    assert line.adjustment == 1.0
    assert line.wtw_co2e_kg / 1000 == pytest.approx(tonnes, rel=1e-9)


def test_c15_half_of_the_boxes_refrigerated() -> None:
    dry, reefer = (factor("sea", 0.0, grams_per_tonne_km(value), "sfd") for value in (49.9, 128.7))
    chain = TransportChain([leg("sea", 50_000, 21_000, dry), leg("sea", 50_000, 21_000, reefer)])
    assert chain.footprint().wtw_co2e_kg / 1000 == pytest.approx(18.75, rel=TOLERANCE)


@pytest.mark.parametrize(("tonnes_per_teu", "g_tkm"), [(10.0, 11.45), (6.0, 19.0833), (14.5, 7.8966)])
def test_c16_teu_km_to_tonne_km(tonnes_per_teu: float, g_tkm: float) -> None:
    by_unit = intensity_g_tkm(114.5, "g/TEU-km", tonnes_per_teu=tonnes_per_teu)
    assert by_unit == pytest.approx(g_tkm, rel=1e-5)
    assert grams_per_tonne_km(114.5, tonnes_per_teu=tonnes_per_teu) == pytest.approx(g_tkm, rel=1e-5)


def test_c19_a_container_terminal_from_its_energy() -> None:
    power, diesel, blend, gas = (0.4932, 0.0), (0.0, 3.44), (0.0, 3.32), (0.0, 0.29)
    quantities = [
        (1_100_000, power),
        (160_000, power),
        (150_000, power),
        (75_000, diesel),
        (30_000, blend),
    ]
    uses = [
        EnergyUse(quantity=quantity, wtt_kg_per_unit=wtt, ttw_kg_per_unit=ttw)
        for quantity, (wtt, ttw) in [*quantities, (32_000, gas)]
    ]
    emitted = [use.quantity * (use.wtt_kg_per_unit + use.ttw_kg_per_unit) for use in uses]
    assert emitted == pytest.approx([542_520, 78_912, 73_980, 257_990, 99_734, 9_319], rel=0.01)
    terminal = HubFactor.from_energy("case", "port_to_land", uses=uses, throughput_t=4_250_000)
    assert terminal.wtw_g_t == pytest.approx(250.0, rel=0.01)


def test_c21_one_truck() -> None:
    chain = TransportChain([leg("road", 40_000, 423, factor("road", 27.0, 89.0))])
    footprint = chain.footprint()
    assert chain.activity_tkm == 16_920
    assert footprint.wtw_co2e_kg == pytest.approx(1962.72, rel=1e-12)
    assert footprint.ttw_co2e_kg == pytest.approx(1505.88, rel=1e-12)


def test_c22_leg_warehouse_leg() -> None:
    van = factor("road", 184.0, 609.0)
    warehouse = HubFactor(factor_id="case", process="warehouse", wtt_g_t=23_000.0, ttw_g_t=10_000.0)
    store = HubElement(process="warehouse", mass_kg=4000, factor=warehouse)
    chain = TransportChain([leg("road", 4000, 30, van), store, leg("road", 4000, 50, van)])
    footprint = chain.footprint()
    assert [line.wtw_co2e_kg for line in footprint.lines] == pytest.approx([95.16, 132.0, 158.6], rel=1e-12)
    assert [line.ttw_co2e_kg for line in footprint.lines] == pytest.approx([73.08, 40.0, 121.8], rel=1e-12)
    assert footprint.wtw_co2e_kg == pytest.approx(385.76, rel=1e-12)
    assert footprint.activity_tkm == pytest.approx(320.0)


def test_c25_chile_to_rotterdam_from_the_shipped_2026_set() -> None:
    chain = TransportChain(
        [
            leg(
                "road",
                18_000,
                320,
                vehicle_class="artic_truck_any",
                temperature="refrigerated",
            ),
            leg(
                "sea",
                18_000,
                13_200,
                vehicle_class="container_ship",
                distance_basis="actual",
            ),
            leg("road", 18_000, 150, vehicle_class="truck"),
        ]
    )
    footprint = chain.footprint(factors="desnz-2026")
    assert [line.activity_tkm for line in footprint.lines] == [5760, 237_600, 2700]
    assert [line.wtw_co2e_kg for line in footprint.lines] == pytest.approx(
        [649.73, 4697.35, 343.31], abs=0.006
    )
    assert footprint.wtw_co2e_kg == pytest.approx(5690.39, abs=0.006)
    assert footprint.lines[1].wtw_co2e_kg / footprint.wtw_co2e_kg == pytest.approx(0.825, abs=0.001)


@pytest.mark.parametrize("pack", ["desnz-2025", "desnz-2026"])
def test_c30_radiative_forcing_stays_out_of_the_total(pack: str) -> None:
    flight = leg("air", 1000, 9000, vehicle_class="freighter_long_haul", distance_basis="gcd")
    footprint = TransportChain([flight]).footprint(factors=pack)
    assert footprint.lines[0].adjustment == 1.0
    assert footprint.wtw_co2e_kg == pytest.approx(5998.14, rel=1e-9)
    assert footprint.wtw_co2e_kg + footprint.radiative_forcing_co2e_kg == pytest.approx(9310.95, rel=1e-9)

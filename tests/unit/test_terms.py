"""Terms of a shipment: money, speeds, hub processes and factors as arrays for the core."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xroute import processes
from xroute._core import HUB_KINDS, MODES
from xroute.errors import InputError
from xroute.factors import load_pack
from xroute.processes import SIDES
from xroute.scenario import Scenario
from xroute.shipment import Shipment
from xroute.terms import Terms, build

CLASSES = (
    ("sea", "container_ship"),
    ("air", "freighter_long_haul"),
    ("rail", "rail_electric_KZ"),
    ("rail", "rail_electric_DE"),
    ("road", "artic_truck"),
    ("inland_waterway", "barge_rhine"),
    ("ferry", "roro_ferry"),
)
SEA, AIR, KZ, DE, ROAD = 0, 1, 2, 3, 4
GOODS = Shipment(mass_kg=1200, volume_m3=6.4)


@dataclass(frozen=True)
class FakeFactor:
    wtt_g_tkm: float = 2.0
    ttw_g_tkm: float = 8.0

    def adjustment(self, basis: str) -> float:
        return {"sfd": 1.15, "gcd": 1.0}[basis]


@dataclass(frozen=True)
class FakeHubFactor:
    wtt_g_t: float
    ttw_g_t: float


class FakePack:
    """Factors with numbers that a test can follow."""

    def for_class(self, mode: str, vehicle_class: str, *, temperature: str = "ambient") -> FakeFactor:
        return FakeFactor()

    def for_process(self, process: str, country: str = "") -> FakeHubFactor:
        return FakeHubFactor(float(len(process)), 2.0 * len(process))


def terms(
    shipment: Shipment = GOODS, load: str = "LCL", *, rate_ids: tuple[str, ...] = (), **fields: Any
) -> Terms:
    return build(CLASSES, rate_ids, shipment, load, Scenario(**fields), FakePack())  # type: ignore[arg-type]


def at(kind: str, from_side: str, to_side: str) -> tuple[int, int, int]:
    return HUB_KINDS.index(kind), SIDES.index(from_side), SIDES.index(to_side)


def test_arrays_follow_classes_modes_and_rates() -> None:
    made = terms(rate_ids=("sea-lcl",))
    assert made.speed_km_h.shape == made.per_km_eur.shape == made.wtt_g_tkm.shape == (len(CLASSES),)
    assert made.load_fixed_eur.shape == made.wait_h.shape == (len(MODES),)
    assert made.process.shape == (len(HUB_KINDS), 7, 7, 6)
    assert made.rate_fixed_eur.shape == (1,)


def test_every_number_for_the_core_is_finite_and_not_negative() -> None:
    columns = terms().for_core()
    for name, values in columns.items():
        numbers = np.nan_to_num(values) if name in ("process", "departures_per_week") else values
        assert np.all(np.isfinite(numbers)), name
        assert np.all(np.asarray(numbers) >= 0), name


def test_groupage_by_sea_pays_by_revenue_tonne() -> None:
    made = terms()
    assert made.chargeable["sea"] == (6.4, "w_m", "volume")
    assert made.load_fixed_eur[MODES.index("sea")] == 6.4 * 55.0
    assert made.per_km_eur[SEA] == 6.4 * 0.0006


def test_air_pays_by_chargeable_kg_with_any_load() -> None:
    light = Shipment(mass_kg=1000, volume_m3=12.0)
    for load in ("LCL", "FCL"):
        made = terms(light, load)
        assert made.chargeable["air"] == (12.0 * 167.0, "kg_chargeable", "volume")
        assert made.service_fixed_eur[AIR] == pytest.approx(12.0 * 167.0 * 0.83, rel=1e-12)


def test_a_full_load_pays_by_container() -> None:
    made = terms(Shipment(mass_kg=30_000, volume_m3=60.0), "FCL")
    assert made.load_units == 2
    assert made.per_km_eur[SEA] == 2 * 0.085
    assert made.load_fixed_eur[MODES.index("road")] == 240.0


def test_classes_of_one_mode_have_their_own_price_and_speed() -> None:
    made = terms()
    assert made.per_km_eur[KZ] < made.per_km_eur[DE]
    assert made.speed_km_h[KZ] > made.speed_km_h[DE]


def test_a_class_without_a_row_moves_as_its_mode() -> None:
    other = build((("rail", "rail_electric_XX"),), (), GOODS, "LCL", Scenario(), FakePack())  # type: ignore[arg-type]
    assert other.speed_km_h[0] == terms().speed_km_h[DE]


def test_a_scenario_speed_multiplies_all_three_speeds_of_its_mode() -> None:
    fast, usual = terms(speeds={"sea": 1.2}), terms()
    assert fast.speed_km_h[SEA] == usual.speed_km_h[SEA] * 1.2
    assert fast.speed_high_km_h[SEA] == usual.speed_high_km_h[SEA] * 1.2
    assert fast.speed_km_h[ROAD] == usual.speed_km_h[ROAD]


def test_low_and_high_hold_the_likely_value() -> None:
    made = terms()
    assert np.all(made.speed_low_km_h <= made.speed_km_h)
    assert np.all(made.speed_km_h <= made.speed_high_km_h)
    likely, low, high = (made.process[..., field] for field in (0, 4, 5))
    is_possible = ~np.isnan(likely)
    assert np.all((low <= likely)[is_possible])
    assert np.all((likely <= high)[is_possible])


def test_a_process_is_named_with_its_factor() -> None:
    name, factor = terms().process_at("port", "sea", "road")
    assert name == "port_to_land"
    assert factor is not None
    assert terms().process_at("city", "door", "road") == ("", None)


def test_roads_do_not_wait_and_ships_do() -> None:
    made = terms()
    assert made.wait_h[MODES.index("road")] == 0.0
    assert made.wait_h[MODES.index("sea")] == 84.0 / 5
    assert np.isnan(made.departures_per_week[ROAD])


def test_factors_hold_the_distance_adjustment_of_their_basis() -> None:
    made = terms()
    assert (made.wtt_g_tkm[SEA], made.ttw_g_tkm[SEA]) == (2.0 * 1.15, 8.0 * 1.15)
    assert (made.wtt_g_tkm[AIR], made.ttw_g_tkm[AIR]) == (2.0, 8.0)


def test_a_change_at_a_port_has_the_factor_of_its_process() -> None:
    made = terms()
    grams = made.process[at("port", "sea", "road")][2:4]
    assert processes.shipped().name("port", "sea", "road") == "port_to_land"
    assert tuple(grams) == (float(len("port_to_land")), 2.0 * len("port_to_land"))


def test_handling_is_by_revenue_tonne_by_container_or_by_air_kg() -> None:
    groupage, full = terms(), terms(load="FCL")
    assert groupage.process[at("port", "sea", "road")][1] == 6.4 * 25.0
    assert full.process[at("port", "sea", "road")][1] == 270.0
    assert full.process[at("airport", "road", "air")][1] == 1200.0 * 0.15


def test_airport_handling_has_a_minimum() -> None:
    small = terms(Shipment(mass_kg=3.0))
    assert small.process[at("airport", "road", "air")][1] == 37.0


def test_a_junction_changes_nothing_but_lets_trips_start_and_end() -> None:
    made = terms().process[HUB_KINDS.index("junction"), ..., 0]
    assert np.isnan(made[:6, :6]).all()
    assert (made[6, :] == 0.0).all()
    assert (made[:, 6] == 0.0).all()


def test_every_mode_can_be_changed_for_road_at_every_hub_but_a_junction() -> None:
    hours = terms().process[..., 0]
    for kind in (kind for kind in HUB_KINDS if kind != "junction"):
        for mode in MODES:
            assert np.isfinite(hours[at(kind, "road", mode)]), (kind, mode)
            assert np.isfinite(hours[at(kind, mode, "road")]), (kind, mode)
            assert np.isfinite(hours[at(kind, "door", mode)]), (kind, mode)


def test_a_service_rate_is_priced_by_id_and_leaves_its_mode_alone() -> None:
    contract = {
        "rate_id": ["C1"], "mode": ["sea"], "unit": ["m3"], "currency": ["USD"],
        "fixed": [100.0], "per_unit": [10.0], "per_km": [0.5], "minimum": [250.0],
    }  # fmt: skip
    made = terms(rate_ids=("C1",), rates=contract, exchange_rates={"USD": 0.5})
    assert made.rate_fixed_eur[0] == 0.5 * (100.0 + 64.0)
    assert (made.rate_per_km_eur[0], made.rate_minimum_eur[0]) == (0.25, 125.0)
    assert made.rate_of_class[SEA].rate_id == "sea-lcl"


def test_own_rates_for_every_class_are_not_indicative() -> None:
    mine = {"rate_id": list(MODES), "mode": list(MODES), "unit": ["t"] * 6, "currency": ["EUR"] * 6,
            "fixed": [1.0] * 6}  # fmt: skip
    assert not terms(rates=mine).is_indicative
    assert terms().is_indicative


def test_a_rate_that_no_card_has_is_bad_input() -> None:
    with pytest.raises(InputError, match="'GHOST'"):
        terms(rate_ids=("GHOST",))


def test_rates_are_chosen_by_the_day_of_ready() -> None:
    dated = {
        "rate_id": ["D"],
        "mode": ["sea"],
        "unit": ["t"],
        "currency": ["EUR"],
        "fixed": [1.0],
        "valid_to": ["2026-01-31"],
    }
    late = Shipment(mass_kg=1, ready=datetime(2026, 2, 1, 8, 0))
    with pytest.raises(InputError, match="2026-02-01"):
        terms(late, rate_ids=("D",), rates=dated)


def test_a_load_is_lcl_or_fcl() -> None:
    with pytest.raises(InputError, match="LTL"):
        terms(load="LTL")


@given(st.floats(1e-3, 1e6), st.floats(0, 1e5), st.sampled_from(["LCL", "FCL"]))
def test_money_never_falls_when_a_shipment_grows(mass_kg: float, volume_m3: float, load: str) -> None:
    small, large = (
        terms(Shipment(mass_kg=mass_kg * factor, volume_m3=volume_m3 * factor), load) for factor in (1, 2)
    )
    assert np.all(large.per_km_eur >= small.per_km_eur)
    assert np.all(large.load_fixed_eur >= small.load_fixed_eur)
    possible = ~np.isnan(small.process[..., 0])
    assert np.all(large.process[..., 1][possible] >= small.process[..., 1][possible])


def test_the_shipped_pack_knows_every_process_and_the_shipped_classes() -> None:
    made = build(CLASSES, (), GOODS, "LCL", Scenario(), load_pack(Scenario().factor_pack))
    intensity = made.wtt_g_tkm + made.ttw_g_tkm
    assert np.all(intensity > 0)
    assert intensity[AIR] >= 10 * intensity[SEA]
    assert made.ttw_g_tkm[KZ] == 0.0
    assert set(made.process_factor) == set(processes.shipped().names) - {""}


def test_building_again_takes_little_time() -> None:
    terms()
    start = time.process_time()
    for _ in range(50):
        terms()
    assert (time.process_time() - start) / 50 < 0.005


def test_a_hub_row_of_an_unknown_kind_is_refused() -> None:
    row = {"hub_kind": ["moonbase"], "from_mode": ["sea"], "to_mode": ["road"], "process": [""]}
    with pytest.raises(InputError) as raised:
        processes.spread(row)
    assert (raised.value.row, raised.value.column) == (1, "hub_kind")

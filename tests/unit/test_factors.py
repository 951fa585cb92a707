"""Factors and packs: what answers for what, and under which name."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from xroute.errors import FactorError, InputError
from xroute.factors import (
    EnergyUse,
    Factor,
    FactorPack,
    HubFactor,
    available_packs,
    grams_per_tonne_km,
    load_pack,
)


@pytest.fixture(scope="module")
def uk() -> FactorPack:
    return load_pack("desnz-2025")


def truck(**changes: object) -> Factor:
    facts = {
        "factor_id": "my-truck",
        "mode": "road",
        "vehicle_class": "artic_40t",
        "wtt_g_tkm": 27.0,
        "ttw_g_tkm": 89.0,
        "distance_basis": "sfd",
    }
    return Factor(**(facts | changes))  # type: ignore[arg-type]


def test_six_packs_are_shipped() -> None:
    assert available_packs() == (
        "desnz-2025",
        "desnz-2026",
        "epa-2024",
        "epa-2024-wtw",
        "eu-fuels-2023",
        "xroute-modelled-2026",
    )


def test_the_container_ship_is_the_average_per_km_sailed(uk: FactorPack) -> None:
    factor = uk.for_class("sea", "container_ship")
    assert (factor.wtt_g_tkm, factor.ttw_g_tkm, factor.distance_basis) == (
        3.65,
        16.12,
        "actual",
    )


@pytest.mark.parametrize(
    ("vehicle_class", "wtw_g_tkm"),
    [
        ("8000plus", 15.53),
        ("5000_7999", 20.62),
        ("2000_2999", 24.84),
        ("1000_1999", 39.87),
        ("0_999", 45.08),
    ],
)
def test_container_ships_have_size_classes(uk: FactorPack, vehicle_class: str, wtw_g_tkm: float) -> None:
    assert uk.for_class("sea", f"container_ship_{vehicle_class}").wtw_g_tkm == pytest.approx(wtw_g_tkm)


@pytest.mark.parametrize(("name", "ttw"), [("long_haul", 531.3), ("short_haul", 755.39)])
def test_flights_answer_without_radiative_forcing(uk: FactorPack, name: str, ttw: float) -> None:
    factor = uk.for_class("air", f"freighter_{name}")
    assert factor.ttw_g_tkm == ttw
    assert factor.radiative_forcing_g_tkm > 0.0


def test_no_factor_of_a_shipped_pack_holds_radiative_forcing() -> None:
    for name in available_packs():
        assert not [each for each in load_pack(name).factors if "with-rf" in each]


def test_electricity_is_energy_provision(uk: FactorPack) -> None:
    for pack in (uk, load_pack("xroute-modelled-2026")):
        electric = [each for each in pack.factors.values() if each.energy_carrier == "electricity"]
        assert electric
        assert all(each.ttw_g_tkm == 0.0 and each.wtt_g_tkm > 0.0 for each in electric)


def test_a_battery_van_keeps_its_grid_emissions(uk: FactorPack) -> None:
    assert uk.for_class("road", "van_electric_GB").wtt_g_tkm == pytest.approx(219.92 + 56.33)


def test_plug_in_hybrids_are_left_out(uk: FactorPack) -> None:
    assert not [each for each in uk.factors.values() if "hybrid" in each.energy_carrier]


def test_every_factor_says_where_it_comes_from() -> None:
    for name in available_packs():
        pack = load_pack(name)
        held: list[Factor | HubFactor] = [*pack.factors.values(), *pack.hubs.values()]
        for each in held:
            assert all(
                (
                    each.source,
                    each.licence,
                    each.confidence,
                    each.gwp_set,
                    each.pack_version,
                )
            )
            assert each.pack_id == name


def test_what_no_open_table_holds_is_marked_modelled(uk: FactorPack) -> None:
    modelled: list[Factor | HubFactor] = [
        uk.for_class("rail", "rail_electric_DE"),
        uk.for_class("inland_waterway", "barge_rhine"),
        uk.for_process("port_to_land", "CN"),
    ]
    assert {each.category for each in modelled} == {"modelled"}
    assert {each.pack_id for each in modelled} == {"xroute-modelled-2026"}


def test_electric_trains_follow_the_grid_of_their_country(uk: FactorPack) -> None:
    poland, france = (uk.for_class("rail", f"rail_electric_{country}").wtw_g_tkm for country in ("PL", "FR"))
    assert poland == pytest.approx(france * 661.9 / 56.0)


def test_the_2026_set_falls_back_to_the_2025_set() -> None:
    pack = load_pack("desnz-2026")
    assert [each.id for each in pack.fallbacks] == [
        "desnz-2025",
        "xroute-modelled-2026",
        "eu-fuels-2023",
    ]
    assert pack.for_class("road", "artic_truck").ttw_g_tkm == 78.35
    assert pack.for_class("sea", "container_ship_3000_4999").pack_id == "desnz-2025"


@pytest.mark.parametrize("mode", ["sea", "air", "rail", "road", "inland_waterway", "ferry"])
def test_every_mode_has_a_default_class(uk: FactorPack, mode: str) -> None:
    assert uk.for_class(mode).mode == mode


@pytest.mark.parametrize(
    "process",
    [
        "port_transhipment",
        "port_to_land",
        "rail_terminal",
        "gauge_change",
        "airport",
        "river_port",
        "cross_dock",
        "warehouse",
        "roro_terminal",
        "transhipment",
    ],
)
def test_every_hub_process_answers_in_every_country(uk: FactorPack, process: str) -> None:
    assert uk.for_process(process, "NO").wtw_g_t <= uk.for_process(process, "UZ").wtw_g_t
    assert uk.for_process(process, "AQ").factor_id == uk.for_process(process).factor_id


def test_a_refrigerated_truck_has_its_own_factor(uk: FactorPack) -> None:
    assert uk.for_class("road", "artic_truck", temperature="refrigerated").ttw_g_tkm == 89.08


def test_a_missing_class_names_the_nearest(uk: FactorPack) -> None:
    with pytest.raises(FactorError) as caught:
        uk.for_class("road", "artic_truk")
    assert caught.value.candidates[0] == "artic_truck"


def test_a_missing_temperature_without_an_uplift_names_the_ambient_class() -> None:
    with pytest.raises(FactorError) as caught:
        load_pack("epa-2024").for_class("air", "freighter_long_haul", temperature="refrigerated")
    assert caught.value.candidates[0] == "freighter_long_haul (ambient)"


def test_a_missing_process_names_the_nearest(uk: FactorPack) -> None:
    with pytest.raises(FactorError) as caught:
        uk.for_process("rail_terminus")
    assert caught.value.candidates[0] == "rail_terminal"


def test_a_pack_without_energy_provision_refuses_wtw() -> None:
    pack = load_pack("epa-2024")
    with pytest.raises(FactorError, match="TTW"):
        pack.for_class("road", "truck")
    factor = pack.for_class("road", "truck", scope="ttw")
    assert factor.is_ttw_only
    assert math.isnan(factor.wtw_g_tkm)


def test_an_unknown_pack_names_the_shipped_ones() -> None:
    with pytest.raises(FactorError) as caught:
        load_pack("desnz-2024")
    assert "desnz-2025" in caught.value.candidates


def test_a_pack_is_read_by_path(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(
        'id="mine"\npublisher="me"\nversion="1"\nvintage="2026"\nlicence="own"\ngwp_set="AR6"\n'
    )
    (tmp_path / "intensities.csv").write_text(
        "factor_id,mode,wtt_g_tkm,ttw_g_tkm,distance_basis,category,source\nt1,road,20,70,sfd,primary,fleet\n"
    )
    (tmp_path / "classes.csv").write_text("mode,vehicle_class,factor_id\nroad,artic_truck,t1\n")
    pack = load_pack(tmp_path)
    assert pack.for_class("road", "artic_truck").pack_id == "mine"
    assert pack.fallbacks == ()


@pytest.mark.parametrize(
    ("mode", "factor_basis", "activity_basis", "distance_km", "ratio"),
    [
        ("sea", "actual", "sfd", None, 1.15),
        ("sea", "sfd", "sfd", None, 1.0),
        ("sea", "sfd", "actual", 800.0, 1 / 1.15),
        ("road", "sfd", "actual", None, 1.0),
        ("air", "gcd", "gcd", None, 1.0),
        ("air", "actual", "gcd", 950.0, 1.1),
    ],
)
def test_the_adjustment_joins_two_bases(
    mode: str,
    factor_basis: str,
    activity_basis: str,
    distance_km: float | None,
    ratio: float,
) -> None:
    factor = truck(mode=mode, distance_basis=factor_basis)
    assert factor.adjustment(activity_basis, distance_km) == pytest.approx(ratio, rel=1e-15)


def test_bases_without_a_rule_are_refused() -> None:
    with pytest.raises(InputError, match="no rule turns a gcd distance"):
        truck(mode="sea", distance_basis="actual").adjustment("gcd")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mode", "boat"),
        ("distance_basis", "km"),
        ("temperature", "warm"),
        ("category", "guess"),
    ],
)
def test_a_factor_with_an_unknown_name_is_refused(column: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        truck(**{column: value})
    assert caught.value.column == column


def test_a_hub_factor_is_all_energy_over_all_throughput() -> None:
    uses = [
        EnergyUse(quantity=1000, wtt_kg_per_unit=0.5, ttw_kg_per_unit=0.0),
        EnergyUse(quantity=100, wtt_kg_per_unit=0.6, ttw_kg_per_unit=2.7),
    ]
    factor = HubFactor.from_energy("yard", "port_to_land", uses=uses, throughput_t=1000)
    assert (factor.wtt_g_t, factor.ttw_g_t) == pytest.approx((560.0, 270.0))


def test_a_hub_without_throughput_has_no_factor() -> None:
    with pytest.raises(InputError):
        HubFactor.from_energy("yard", "port_to_land", uses=[], throughput_t=0.0)


def test_teu_need_a_mass() -> None:
    with pytest.raises(InputError):
        grams_per_tonne_km(114.5, tonnes_per_teu=0.0)

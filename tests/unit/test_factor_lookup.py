"""The order in which a factor is looked for, and that the answer says which step found it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xroute.errors import FactorError, InputError
from xroute.factors import FactorPack, load_pack

TOML = 'id="{0}"\npublisher="me"\nversion="1"\nvintage="2026"\nlicence="own"\ngwp_set="AR6"\n'
HEADER = "factor_id,mode,wtt_g_tkm,ttw_g_tkm,distance_basis,category,source\n"


@pytest.fixture(scope="module")
def uk() -> FactorPack:
    return load_pack("desnz-2025")


def own_pack(folder: Path, name: str, *, fallback: str = "") -> Path:
    place = folder / name
    place.mkdir()
    more = f'fallback="{fallback}"\n' if fallback else ""
    (place / "pack.toml").write_text(TOML.format(name) + more)
    (place / "intensities.csv").write_text(HEADER + "t1,road,20,70,sfd,primary,fleet\n")
    (place / "classes.csv").write_text("mode,vehicle_class,factor_id\nroad,artic_truck,t1\n")
    return place


def test_a_class_of_its_own_needs_no_fallback(uk: FactorPack) -> None:
    factor = uk.for_class("sea", "container_ship_8000plus")
    assert (factor.answers_for, factor.fallback) == ("container_ship_8000plus", "")


def test_another_pack_is_named_in_the_answer() -> None:
    factor = load_pack("desnz-2026").for_class("sea", "container_ship_5000_7999")
    assert factor.fallback == "desnz-2026 has no figure for 'container_ship_5000_7999': desnz-2025"


def test_a_size_class_without_a_figure_gets_the_average_and_says_so(uk: FactorPack) -> None:
    factor = uk.for_class("sea", "container_ship_24000plus")
    assert factor.factor_id == "container-ship-average"
    assert factor.answers_for == "container_ship_24000plus"
    assert factor.fallback == (
        "no figure for 'container_ship_24000plus': 'container_ship' "
        "(size class to the average of all container ships)"
    )


def test_an_exact_class_of_a_fallback_pack_comes_before_the_average() -> None:
    factor = load_pack("desnz-2026").for_class("sea", "container_ship_3000_4999")
    assert (factor.pack_id, factor.factor_id) == ("desnz-2025", "container-ship-3000-4999-teu")


def test_a_cold_class_without_a_figure_is_the_ambient_one_times_the_uplift(uk: FactorPack) -> None:
    warm = uk.for_class("rail", "freight_train")
    cold = uk.for_class("rail", "freight_train", temperature="refrigerated")
    assert cold.wtw_g_tkm == pytest.approx(1.2 * warm.wtw_g_tkm, rel=1e-15)
    assert (cold.category, cold.temperature) == ("modelled", "refrigerated")
    assert cold.fallback.startswith("no refrigerated figure: ambient 'rail-freight-train' x 1.2 (1.1-1.35;")
    assert cold.wtw_low_g_tkm == pytest.approx(1.1 * warm.wtw_g_tkm)
    assert cold.wtw_high_g_tkm == pytest.approx(1.35 * warm.wtw_g_tkm)


def test_a_published_cold_figure_comes_before_the_uplift(uk: FactorPack) -> None:
    assert uk.for_class("road", "artic_truck", temperature="refrigerated").category == "default"


@pytest.mark.parametrize("mode", ["road", "rail", "sea", "ferry", "inland_waterway", "air"])
def test_every_mode_answers_for_cold_freight(uk: FactorPack, mode: str) -> None:
    cold, warm = uk.for_class(mode, temperature="refrigerated"), uk.for_class(mode)
    assert cold.wtw_g_tkm > warm.wtw_g_tkm


def test_a_slip_in_a_name_is_no_fallback(uk: FactorPack) -> None:
    with pytest.raises(FactorError) as caught:
        uk.for_class("air", "freighter_domestik")
    assert caught.value.candidates[0] == "freighter_domestic"


def test_hydrogen_of_unknown_origin_counts_as_fossil(uk: FactorPack) -> None:
    factor = uk.for_class("road", "artic_hydrogen")
    assert factor.factor_id == "artic-hydrogen-fossil"
    assert "unknown origin" in factor.fallback


def test_a_country_without_a_grid_gets_the_median_and_says_so(uk: FactorPack) -> None:
    factor = uk.for_class("rail", "rail_electric_AQ")
    assert factor.factor_id == "rail-electric"
    assert "median" in factor.fallback
    assert "in AQ" in uk.for_process("airport", "AQ").fallback


@pytest.mark.parametrize("vehicle_class", ["rail_electric", "artic_electric", "artic_hydrogen_grid"])
def test_a_vehicle_on_the_grid_has_the_mean_of_the_countries_crossed(
    uk: FactorPack, vehicle_class: str
) -> None:
    mode = "rail" if vehicle_class.startswith("rail") else "road"
    poland, france = (uk.for_class(mode, f"{vehicle_class}_{country}") for country in ("PL", "FR"))
    crossed = uk.along(mode, vehicle_class, {"PL": 300.0, "FR": 100.0})
    assert crossed.wtt_g_tkm == pytest.approx(0.75 * poland.wtt_g_tkm + 0.25 * france.wtt_g_tkm, rel=1e-15)
    assert crossed.ttw_g_tkm == 0.0
    assert crossed.wtw_low_g_tkm is not None
    assert crossed.wtw_low_g_tkm < crossed.wtw_g_tkm


def test_countries_in_a_class_name_are_the_countries_crossed(uk: FactorPack) -> None:
    named = uk.for_class("rail", "rail_electric_CN:5000+KZ:3000")
    assert named == uk.along("rail", "rail_electric", {"CN": 5000.0, "KZ": 3000.0})
    assert uk.for_class("rail", named.answers_for) == named


def test_countries_without_km_share_alike(uk: FactorPack) -> None:
    named = uk.for_class("rail", "rail_electric_DE+PL")
    assert named.wtt_g_tkm == uk.along("rail", "rail_electric", {"DE": 7.0, "PL": 7.0}).wtt_g_tkm


@pytest.mark.parametrize("name", ["rail_electric_DE:5+PL", "rail_electric_DE:.+PL:2"])
def test_half_given_kilometres_are_refused(uk: FactorPack, name: str) -> None:
    with pytest.raises(InputError):
        uk.for_class("rail", name)


def test_no_kilometre_at_all_is_refused(uk: FactorPack) -> None:
    with pytest.raises(InputError, match="at least one country"):
        uk.along("rail", "rail_electric", {"DE": 0.0})


def test_fuels_come_by_eu_law(uk: FactorPack) -> None:
    hfo = uk.for_fuel("fossil-hfo")
    assert (hfo.wtt_g_kg, hfo.ttw_g_kg, hfo.mj_kg) == (546.7, 3164.5, 40.5)
    assert hfo.wtw_g_mj == pytest.approx(91.64, abs=0.01)
    assert hfo.co2_share_of_ttw == pytest.approx(3114 / 3164.5)
    assert uk.for_fuel("bio-hvo").wtt_g_kg < 0.0 < uk.for_fuel("bio-hvo").wtw_g_kg


def test_a_missing_fuel_names_the_nearest(uk: FactorPack) -> None:
    with pytest.raises(FactorError) as caught:
        uk.for_fuel("fossil-dieselo")
    assert caught.value.candidates[0] == "fossil-diesel"


def test_a_grid_holds_its_losses(uk: FactorPack) -> None:
    grid = uk.for_grid("DE")
    assert grid.wtt_g_kwh == pytest.approx(grid.generation_g_kwh * 1.07)
    assert "median" in uk.for_grid("AQ").fallback


def test_us_figures_with_provision_answer_for_lorries_and_say_where_ships_come_from() -> None:
    pack = load_pack("epa-2024-wtw")
    lorry = pack.for_class("road", "artic_truck")
    assert lorry.wtt_g_tkm == pytest.approx(115.953 * 0.6149 / 3.2565)
    ship = pack.for_class("sea", "container_ship_8000plus")
    assert "epa-2024-wtw has no figure" in ship.fallback
    assert "Waterborne craft answers for inland waterways alone" in pack.note


def test_packs_of_the_users_folders_are_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_pack(tmp_path, "fleet", fallback="desnz-2025")
    monkeypatch.setenv("XROUTE_FACTOR_PACKS", str(tmp_path))
    pack = load_pack("fleet")
    assert pack.for_class("road", "artic_truck").pack_id == "fleet"
    assert pack.for_class("road", "van").fallback == "fleet has no figure for 'van': desnz-2025"


def test_a_users_pack_may_fall_back_to_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_pack(tmp_path, "fleet", fallback="region")
    own_pack(tmp_path, "region", fallback="desnz-2025")
    monkeypatch.setenv("XROUTE_FACTOR_PACKS", str(tmp_path))
    assert [pack.id for pack in load_pack("fleet").order[:3]] == ["fleet", "region", "desnz-2025"]


def test_fallbacks_in_a_circle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_pack(tmp_path, "fleet", fallback="region")
    own_pack(tmp_path, "region", fallback="fleet")
    monkeypatch.setenv("XROUTE_FACTOR_PACKS", str(tmp_path))
    with pytest.raises(InputError, match="fleet to region to fleet"):
        load_pack("fleet")


def test_a_folder_with_the_name_of_a_shipped_pack_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_pack(tmp_path, "desnz-2025")
    monkeypatch.setenv("XROUTE_FACTOR_PACKS", str(tmp_path))
    with pytest.raises(InputError, match="name of a shipped pack"):
        load_pack("fleet")

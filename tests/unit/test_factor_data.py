"""The shipped packs: made by their script, from sources that may be passed on, and from nothing else."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from xroute.factors import is_gwp_set
from xroute.storage import package_data

ROOT = Path(__file__).resolve().parents[2]
FACTORS = ROOT / "data" / "factors"
MAY_SHIP = {"OGL-UK-3.0", "US public domain", "CC-BY-4.0", "CC0-1.0", "EU law"}
PUBLISHERS = (
    "DESNZ GHG conversion factors 202",
    "US EPA GHG Emission Factors Hub 2024",
    "US BTS Freight Facts and Figures",
    "FuelEU Maritime Annex II",
    "Ember through Our World in Data",
    "team estimate",
)
MAY_NOT_SHIP = re.compile(r"\bglec|smart freight|clean ?cargo|eco ?transit", re.IGNORECASE)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(ROOT / "data" / "build"))
    spec = importlib.util.spec_from_file_location("factors_build", ROOT / "data" / "build" / "factors.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def packs() -> list[str]:
    return sorted(folder.parent.name for folder in FACTORS.glob("*/pack.toml"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_packs_are_what_the_script_writes(script: ModuleType, tmp_path: Path) -> None:
    script.build(tmp_path)
    for pack in packs():
        assert contents(tmp_path / pack) == contents(FACTORS / pack)


def test_the_package_holds_the_same_packs() -> None:
    for pack in packs():
        assert contents(package_data("factors", pack)) == contents(FACTORS / pack)


def test_every_row_has_a_source_and_a_licence_that_may_ship() -> None:
    tables = [
        *FACTORS.glob("*/intensities.csv"),
        *FACTORS.glob("*/hubs.csv"),
        *FACTORS.glob("*/fuels.csv"),
        *FACTORS.glob("*/grids.csv"),
        *FACTORS.glob("*/uplifts.csv"),
        *FACTORS.glob("sources/*.csv"),
    ]
    for table in tables:
        for row in rows(table):
            if table.name in ("classes.csv", "fallbacks.csv"):
                continue
            assert set(row["licence"].split(" AND ")) <= MAY_SHIP, table
            assert row["source"].startswith(PUBLISHERS), table
            assert row["confidence"], table


def test_nothing_in_the_data_names_a_source_that_may_not_ship() -> None:
    for folder in (ROOT / "data", package_data()):
        for path in folder.rglob("*"):
            if path.suffix in {".csv", ".toml", ".json"} and path.stat().st_size < 5_000_000:
                assert not MAY_NOT_SHIP.search(path.read_text(encoding="utf-8")), path


def test_every_figure_id_is_of_a_listed_source_or_made_from_one() -> None:
    sources = FACTORS / "sources"
    published = {(row["pack"], row["factor_id"]) for row in rows(sources / "intensities.csv")}
    laws = {row["factor_id"] for row in rows(sources / "fuels.csv")}
    energies = ("barge_energy", "rail_energy", "truck_energy", "own_strength", "hub_energy")
    modelled = {
        (row.get("vehicle_class") or row.get("process") or "rail_electric").lower().replace("_", "-")
        for name in energies
        for row in rows(sources / f"{name}.csv")
    }
    for pack in packs():
        for name in ("intensities", "hubs", "fuels", "grids"):
            path = FACTORS / pack / f"{name}.csv"
            for row in rows(path) if path.exists() else []:
                factor_id = row["factor_id"]
                made = factor_id.removeprefix("hub-").startswith(tuple(modelled)) or name == "grids"
                known = (pack.removesuffix("-wtw"), factor_id) in published or factor_id in laws
                assert known or (pack == "xroute-modelled-2026" and made), (pack, factor_id)


def test_no_wheel_that_was_built_holds_a_source_that_may_not_ship() -> None:
    for wheel in (ROOT / "target" / "wheels").glob("xroute-*.whl"):
        with zipfile.ZipFile(wheel) as held:
            for name in held.namelist():
                if name.endswith((".csv", ".toml", ".json")) and held.getinfo(name).file_size < 5_000_000:
                    assert not MAY_NOT_SHIP.search(held.read(name).decode("utf-8")), (wheel.name, name)


def test_every_published_figure_stands_in_the_sources() -> None:
    seen = {(row["pack"], row["factor_id"]): row for row in rows(FACTORS / "sources" / "intensities.csv")}
    for pack in ("desnz-2025", "desnz-2026", "epa-2024"):
        for row in rows(FACTORS / pack / "intensities.csv"):
            source = seen[pack, row["factor_id"]]
            published = float(source["wtt_g_tkm"] or 0) + float(source["ttw_g_tkm"])
            assert float(row["wtt_g_tkm"] or 0) + float(row["ttw_g_tkm"]) == pytest.approx(
                published, rel=1e-9
            )


def test_every_row_has_a_distance_basis_and_a_gwp_set() -> None:
    for table in FACTORS.glob("*/intensities.csv"):
        for row in rows(table) if table.parent.name != "sources" else []:
            assert row["distance_basis"] in {"sfd", "gcd", "actual"}
            assert is_gwp_set(row["gwp_set"])
    for name in ("hubs", "fuels", "grids"):
        for table in FACTORS.glob(f"*/{name}.csv"):
            assert all(is_gwp_set(row["gwp_set"]) for row in rows(table) if "gwp_set" in row), table


def test_more_than_fifty_countries_have_a_grid() -> None:
    assert len([row for row in rows(FACTORS / "xroute-modelled-2026" / "grids.csv") if row["country"]]) > 50


def test_every_modelled_figure_has_a_range_round_it() -> None:
    for row in rows(FACTORS / "xroute-modelled-2026" / "intensities.csv"):
        wtw = float(row["wtt_g_tkm"]) + float(row["ttw_g_tkm"])
        assert float(row["wtw_low_g_tkm"]) <= wtw * (1 + 1e-9)
        assert wtw <= float(row["wtw_high_g_tkm"]) * (1 + 1e-9)


def test_the_us_figures_with_wtt_keep_the_ttw_that_was_printed() -> None:
    printed = {row["factor_id"]: row["ttw_g_tkm"] for row in rows(FACTORS / "epa-2024" / "intensities.csv")}
    added = rows(FACTORS / "epa-2024-wtw" / "intensities.csv")
    assert {row["factor_id"]: row["ttw_g_tkm"] for row in added} == printed
    assert all(float(row["wtt_g_tkm"]) > 0.0 and row["category"] == "modelled" for row in added)


def test_a_modelled_figure_is_its_own_arithmetic() -> None:
    for row in rows(FACTORS / "xroute-modelled-2026" / "intensities.csv"):
        for part in ("wtt", "ttw"):
            made = float(row["energy_tkm"]) * float(row[f"energy_{part}_g"])
            assert float(row[f"{part}_g_tkm"]) == pytest.approx(made, rel=1e-8)
    for row in rows(FACTORS / "xroute-modelled-2026" / "hubs.csv"):
        power = float(row["electricity_kwh_t"]) * float(row["grid_g_kwh"]) * (1 + float(row["grid_loss"]))
        diesel = float(row["diesel_l_t"])
        assert float(row["wtt_g_t"]) == pytest.approx(power + diesel * float(row["diesel_wtt_g_l"]), rel=1e-8)
        assert float(row["ttw_g_t"]) == pytest.approx(diesel * float(row["diesel_ttw_g_l"]), rel=1e-8)

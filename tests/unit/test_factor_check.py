"""Packs as readers see them: the documented columns, notes, and how two packs differ."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from xroute.factor_check import REQUIRED, classes_table, difference, notes, packs_table
from xroute.factors import available_packs, load_pack

README = Path(__file__).resolve().parents[2] / "data" / "factors" / "README.md"


@pytest.mark.parametrize("table", sorted(REQUIRED))
def test_the_documented_columns_are_those_that_a_table_must_have(table: str) -> None:
    section = README.read_text("utf-8").split(f"## {table}.csv")[1].split("\n## ")[0]
    assert set(re.findall(r"\*\*(\w+)\*\*", section)) == set(REQUIRED[table])


@pytest.mark.parametrize("pack", available_packs())
def test_every_shipped_pack_is_documented_and_listed(pack: str) -> None:
    assert f"\n| {pack}" in README.read_text("utf-8")
    listed = packs_table()
    row = listed["id"].tolist().index(pack)
    assert (listed["kind"][row], listed["status"][row]) == ("shipped", "ok")


def test_a_broken_pack_of_the_user_is_listed_with_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.toml").write_text("id = 7")
    monkeypatch.setenv("XROUTE_FACTOR_PACKS", str(tmp_path))
    listed = packs_table()
    assert "expected a text, got 7" in listed["status"][listed["id"].tolist().index("mine")]


def test_a_pack_of_operation_is_noted_as_such() -> None:
    assert "operation (TTW) only" in " ".join(each.message for each in notes(load_pack("epa-2024")))


def test_a_pack_differs_from_itself_in_nothing() -> None:
    assert len(difference(load_pack("desnz-2025"), load_pack("desnz-2025"))) == 0


def test_the_largest_change_comes_first_and_missing_classes_are_told() -> None:
    table = difference(load_pack("desnz-2025"), load_pack("desnz-2026"))
    changes = [abs(each) for each in table["change_share"] if not math.isnan(each)]
    assert changes == sorted(changes, reverse=True)
    assert table["what"][0] == "road rigid_truck_17t ambient"
    assert "only before" in set(table["note"])


def test_packs_of_operation_are_compared_by_operation() -> None:
    table = difference(load_pack("epa-2024"), load_pack("epa-2024-wtw"))
    rows = dict(zip(table["what"], table["scope"], strict=True))
    assert rows["road truck ambient"] == "ttw"


def test_a_pack_shows_figures_per_tonne_km_and_hubs_per_tonne() -> None:
    table = classes_table(load_pack("xroute-modelled-2026"))
    assert set(table["per"]) == {"tkm", "t"}
    assert set(classes_table(load_pack("xroute-modelled-2026"), "hub")["per"]) == {"t"}

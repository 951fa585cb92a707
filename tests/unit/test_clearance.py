"""Customs clearance: nothing inside one territory, hours and fees across frontiers."""

from __future__ import annotations

import pytest

from xroute.clearance import between, territory
from xroute.scenario import Scenario
from xroute.storage import package_data
from xroute.tables import read_table


@pytest.mark.parametrize("lane", [("DE", "PL"), ("RU", "KZ"), ("CN", "CN"), ("FR", "MC"), ("GB", "IM")])
def test_inside_one_customs_territory_nothing_is_cleared(lane: tuple[str, str]) -> None:
    clearance = between(*lane)
    assert (clearance.hours, clearance.fee_eur, clearance.lines) == (0.0, 0.0, ())


def test_across_a_frontier_export_and_import_are_cleared() -> None:
    clearance = between("CN", "DE")
    assert clearance.export_h > 0
    assert clearance.import_h > 0
    assert [(line.what, line.country) for line in clearance.lines] == [
        ("export clearance", "CN"),
        ("import clearance", "DE"),
    ]


def test_totals_are_the_sums_of_the_lines() -> None:
    clearance = between("CN", "US")
    assert clearance.fee_eur == sum(line.amount_eur for line in clearance.lines)
    assert clearance.low_h <= clearance.hours <= clearance.high_h


def test_a_country_row_beats_its_territory_and_the_territory_beats_the_default() -> None:
    assert between("CN", "PL").import_h < between("CN", "DE").import_h < between("CN", "ZW").import_h


def test_china_and_hong_kong_are_apart() -> None:
    assert territory("HK") != territory("CN")
    assert between("CN", "HK").lines


def test_a_place_without_a_country_is_not_cleared() -> None:
    assert between("", "DE").hours == 0.0


def test_codes_may_be_lower_case() -> None:
    assert between("cn", "de") == between("CN", "DE")


def test_a_delay_under_a_country_code_slows_its_clearance() -> None:
    slow = between("CN", "DE", Scenario(delays_h={"DE": 48.0}))
    assert slow.import_h == between("CN", "DE").import_h + 48.0
    assert slow.export_h == between("CN", "DE").export_h


@pytest.mark.parametrize(
    "name", ["modes", "hub_processes", "rates", "clearance", "customs_territories", "last_mile"]
)
def test_every_curated_row_has_a_source_and_a_confidence(name: str) -> None:
    table = read_table(package_data("curated", f"{name}.csv"), table=name)
    assert all(table["source"])
    assert set(table["confidence"]) <= {"low", "medium", "high"}


def test_ranges_hold_the_likely_value() -> None:
    table = read_table(package_data("curated", "clearance.csv"), table="clearance")
    for way in ("export", "import"):
        low, likely, high = (table[f"{way}_{part}"].astype(float) for part in ("low_h", "h", "high_h"))
        assert (low <= likely).all()
        assert (likely <= high).all()

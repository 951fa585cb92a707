"""One planted fault for each check, and exactly that finding; then reasons, scope and land files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import small_network as small
import xroute as xr
from small_network import Rows, add_hub, add_link
from xroute.lint_components import labels
from xroute.lint_land import land_pieces
from xroute.lint_view import Scope
from xroute.network_lint import CHECKS, LintReport, lint
from xroute.storage import package_data

Plant = Callable[[Rows], None]


def over_spain(tables: Rows) -> None:
    tables["links"]["geometry"][small.SEA] = "LINESTRING (-9.2 38.69, -7.5 40.0, -8.7 41.18)"


def madeira(tables: Rows) -> None:
    add_hub(tables, "M1", "city", 32.65, -16.90)
    add_hub(tables, "M2", "city", 32.72, -16.77)
    add_link(tables, "M1", "M2", "road", 20.0)


def long_link(tables: Rows) -> None:
    tables["links"]["distance_km"][small.C2_OPO] = 60.0


def longer_than_the_way_round(tables: Rows) -> None:
    add_link(tables, "PTLIS", "LIS", "road", 30.0)


def port_without_ships(tables: Rows) -> None:
    add_hub(tables, "PTFDF", "port", 40.15, -8.86)
    add_link(tables, "PTFDF", "C1", "road", 190.0)


def port_without_road(tables: Rows) -> None:
    add_hub(tables, "PTSET", "port", 38.52, -8.89)
    add_link(tables, "PTSET", "PTLIS", "sea", 50.0)


def city_without_anything(tables: Rows) -> None:
    add_hub(tables, "M1", "city", 32.65, -16.90)


def short_road(tables: Rows) -> None:
    tables["links"]["distance_km"][small.C1_C2] = 250.0


def short_flight(tables: Rows) -> None:
    tables["services"]["distance_km"] = [float("nan"), 100.0]


def there_and_back(tables: Rows) -> None:
    tables["links"]["oneway"][small.RAIL] = True
    add_link(tables, "PTLEI-RAIL", "PTLIS-RAIL", "rail", 400.0, oneway=True)


def nothing_long(tables: Rows) -> None:
    tables["links"]["distance_km"][small.C1_LIS] = 0.0


def one_city_twice(tables: Rows) -> None:
    add_hub(tables, "C3", "city", 38.7205, -9.1405)
    add_link(tables, "C1", "C3", "road", 5.0)


def one_link_twice(tables: Rows) -> None:
    add_link(tables, "C2", "C1", "road", 315.0)


def zone_nobody_knows(tables: Rows) -> None:
    tables["hubs"]["timezone"][0] = "Europe/Atlantis"


def zone_missing(tables: Rows) -> None:
    tables["hubs"]["timezone"][0] = ""


def country_nobody_knows(tables: Rows) -> None:
    tables["hubs"]["country"][0] = "QZ"


def country_of_a_link(tables: Rows) -> None:
    tables["links"]["countries"] = ["PT;QZ", *[""] * 8]


PLANTS = [
    (over_spain, "land_crossing", "sea PTLIS - PTLEI"),
    (madeira, "components", "road M1"),
    (long_link, "detour", "road C2 - OPO"),
    (longer_than_the_way_round, "detour", "road PTLIS - LIS"),
    (port_without_ships, "no_access", "PTFDF"),
    (port_without_road, "no_access", "road PTSET"),
    (city_without_anything, "no_access", "M1"),
    (short_road, "shorter_than_geodesic", "road C1 - C2"),
    (short_flight, "shorter_than_geodesic", "OPO-LIS"),
    (there_and_back, "asymmetric", "rail PTLEI-RAIL - PTLIS-RAIL"),
    (nothing_long, "zero_length", "road C1 - LIS"),
    (one_city_twice, "duplicate", "C1 = C3"),
    (one_link_twice, "duplicate", "road C2 - C1"),
    (zone_nobody_knows, "unknown_timezone", "PTLIS"),
    (zone_missing, "unknown_timezone", "PTLIS"),
    (country_nobody_knows, "unknown_country", "PTLIS"),
    (country_of_a_link, "unknown_country", "sea PTLIS - PTLEI"),
]


def planted(plant: Plant, **options: Any) -> LintReport:
    tables = small.rows()
    plant(tables)
    return lint(small.network(tables), **options)


def found(report: LintReport) -> list[tuple[str, str]]:
    return list(zip(report.findings["check"].tolist(), report.findings["subject"].tolist(), strict=True))


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    report = small.network().lint()
    assert found(report) == []
    assert report.is_clean


@pytest.mark.parametrize(("plant", "check", "subject"), PLANTS, ids=[each[0].__name__ for each in PLANTS])
def test_a_planted_fault_is_the_only_finding(plant: Plant, check: str, subject: str) -> None:
    assert found(planted(plant)) == [(check, subject)]


def test_every_check_has_a_planted_fault() -> None:
    assert {check for _, check, _ in PLANTS} == set(CHECKS)


def test_every_planted_fault_says_how_much_and_where() -> None:
    row = planted(over_spain).findings.rows()[0]
    assert (row["hubs"], row["mode"], row["unit"], row["limit"]) == ("PTLIS;PTLEI", "sea", "km", 15.0)
    assert row["value"] > 150.0
    assert "over land about" in row["message"]


def test_components_are_counted_by_mode() -> None:
    rows = {row["mode"]: row for row in planted(madeira).components.rows()}
    assert rows["road"] == {"mode": "road", "components": 2, "hubs": 10, "largest_hubs": 8, "outside_hubs": 2}


def test_a_ferry_joins_roads() -> None:
    def joined(tables: Rows) -> None:
        madeira(tables)
        add_link(tables, "C1", "M1", "ferry", 1000.0)

    assert found(planted(joined)) == []


def test_a_way_round_through_a_passage_of_its_own_does_not_count() -> None:
    def through_a_canal(tables: Rows) -> None:
        longer_than_the_way_round(tables)
        tables["links"]["passages"][small.C1_LIS] = "canal"

    assert found(planted(through_a_canal)) == []


def test_a_way_round_in_the_wrong_direction_does_not_count() -> None:
    def one_way(tables: Rows) -> None:
        longer_than_the_way_round(tables)
        tables["links"]["oneway"][small.C1_LIS] = True
        tables["links"]["origin"][small.C1_LIS] = "LIS"
        tables["links"]["destination"][small.C1_LIS] = "C1"

    assert found(planted(one_way)) == []


def test_links_of_two_vehicle_classes_are_no_doubles() -> None:
    def two_classes(tables: Rows) -> None:
        one_link_twice(tables)
        tables["links"]["vehicle_class"] = ["", *[""] * 8, "artic_truck"]

    assert found(planted(two_classes)) == []


def test_a_sea_link_across_the_antimeridian_is_measured_on_both_sides() -> None:
    tables = small.rows()
    add_hub(tables, "N", "junction", 70.2, 179.6)
    add_hub(tables, "S", "junction", 64.0, -179.6)
    add_link(tables, "N", "S", "sea", 700.0)
    row = lint(small.network(tables)).findings.rows()[0]
    assert row["check"] == "land_crossing"  # Chukotka lies on 180
    assert 350.0 < row["value"] < 480.0


# --- reasons ------------------------------------------------------------------------------------------


def reasons(*rows: tuple[str, str, str]) -> dict[str, list[str]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(("check", "subject", "reason"))}


@pytest.mark.parametrize("subject", ["road M1", "road *", "*1"])
def test_a_listed_finding_is_not_open(subject: str) -> None:
    report = planted(madeira, allow=reasons(("components", subject, "an island")))
    row = report.findings.rows()[0]
    assert (row["status"], row["reason"], report.open_count) == ("listed", "an island", 0)


@pytest.mark.parametrize(
    ("check", "subject"),
    [("components", "road M2"), ("detour", "road M1"), ("components", "road"), ("components", "rail *")],
)
def test_a_reason_for_something_else_is_left_over(check: str, subject: str) -> None:
    report = planted(madeira, allow=reasons((check, subject, "an island")))
    assert report.open_count == 1
    assert subject in report.unused_reasons["subject"].tolist()


@pytest.mark.parametrize(("area", "is_clean"), [("-9 38 -7 42", True), ("-3 38 1 42", False)])
def test_a_reason_for_an_area_lists_what_crosses_land_there_alone(area: str, is_clean: bool) -> None:
    allow = reasons(("land_crossing", "sea *", "a river")) | {"area": [area]}
    report = planted(over_spain, allow=allow)
    assert report.is_clean == is_clean
    assert (len(report.unused_reasons) == 0) == is_clean


def test_shipped_reasons_are_unknown_to_a_network_that_lacks_their_hubs() -> None:
    report = planted(madeira)
    assert (report.open_count, len(report.unused_reasons)) == (1, 0)


def test_reasons_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "known.csv"
    path.write_text("check,subject,reason\ncomponents,road M1,an island\n", encoding="utf-8")
    assert planted(madeira, allow=path).is_clean


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        (reasons(("no_such_check", "x", "y")), 1, "check"),
        (reasons(("detour", "x", "y"), ("detour", "x", "")), 2, "reason"),
        (reasons(("detour", " ", "y")), 1, "subject"),
        ({"check": ["detour"], "subject": ["x"]}, None, "reason"),
        ({"check": ["detour"], "subject": ["x"], "reason": ["y"], "area": ["1 2 3"]}, 1, "area"),
    ],
)
def test_a_reason_that_means_nothing_is_an_input_error(table: Any, row: int | None, column: str) -> None:
    with pytest.raises(xr.InputError) as caught:
        planted(madeira, allow=table)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("lint_reasons", row, column)


def test_the_summary_counts_open_and_listed() -> None:
    report = planted(madeira, allow=reasons(("components", "road M1", "an island")))
    rows = {row["check"]: (row["open"], row["listed"]) for row in report.summary().rows()}
    assert rows["components"] == (0, 1)
    assert list(rows) == list(CHECKS)


# --- scope and land -----------------------------------------------------------------------------------


def test_rows_before_the_scope_are_not_judged() -> None:
    tables = small.rows()
    short_road(tables)
    zone_missing(tables)
    add_link(tables, "PTLIS", "LIS", "road", 30.0)
    report = lint(small.network(tables), scope=Scope(hub=8, link=9, service=2))
    assert found(report) == [("detour", "road PTLIS - LIS")]


def square(path: Path, **more: Any) -> Path:
    ring = [[-10.2, 39.0], [-9.7, 39.0], [-9.7, 39.3], [-10.2, 39.3], [-10.2, 39.0]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **more}), "utf-8")
    return path


def test_a_finer_map_of_land_is_measured_more_closely(tmp_path: Path) -> None:
    row = small.network().lint(land=square(tmp_path / "island.geojson")).findings.rows()[0]
    assert (row["check"], row["limit"]) == ("land_crossing", 2.0)
    assert row["value"] == pytest.approx(0.3 * 111.2, rel=0.01)


@pytest.mark.parametrize("content", [None, "", "no map", '{"type": "FeatureCollection", "features": []}'])
def test_a_map_without_land_is_an_input_error(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "land.geojson"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(xr.InputError) as caught:
        small.network().lint(land=path)
    assert caught.value.table == "land"


def test_pieces_of_land_cover_the_land() -> None:
    shapely = pytest.importorskip("shapely")
    content = json.loads(package_data("countries.geojson").read_text("utf-8"))
    whole = shapely.from_geojson([json.dumps(each["geometry"]) for each in content["features"]])
    pieces = land_pieces(None)
    assert shapely.area(pieces).sum() == pytest.approx(shapely.area(whole).sum(), rel=1e-9)
    assert max(shapely.get_num_coordinates(pieces)) <= 250


def test_labels_join_long_chains() -> None:
    ends = np.arange(1, 1000)
    assert set(labels(1000, ends - 1, ends).tolist()) == {0}


def test_the_shipped_network_is_linted_without_a_fault() -> None:
    report = xr.Network.load().lint()
    assert {row["mode"] for row in report.components.rows()} >= {"sea", "air", "rail", "road"}
    assert set(report.findings["check"].tolist()) <= set(CHECKS)

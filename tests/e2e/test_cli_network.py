"""`xroute network info | lint | build`: what they print, what they write, and how they exit."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

import small_network as small
import xroute as xr
from toy_network import GOODS
from xroute.cli import app

OK, USAGE, BAD_DATA = 0, 2, 3
BORDER = "-9.5 40.0;-8.0 40.0"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def facts(*words: object, exit_code: int = OK) -> Any:
    answer = run(*words, "--json")
    assert answer.exit_code == exit_code, answer.stderr
    return json.loads(answer.stdout)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.xnet"
    small.network().save(path)
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    tables = small.rows()
    tables["links"]["distance_km"][small.C1_C2] = 250.0
    tables["hubs"]["timezone"][0] = "<b>Europe/Atlantis"
    path = tmp_path / "faulty.xnet"
    small.network(tables).save(path)
    return path


def as_csv(path: Path, **columns: list[Any]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


# --- info ---------------------------------------------------------------------------------------------


def test_info_counts_by_mode(clean: Path) -> None:
    modes = {row["mode"]: row for row in facts("network", "info", "--network", clean)["modes"]}
    assert modes["road"] == {"mode": "road", "hubs": 8, "links": 7, "link_km": 373.0, "services": 0,
                             "components": 1, "largest_hubs": 8}  # fmt: skip
    assert modes["air"]["services"] == 2


def test_info_counts_by_kind(clean: Path) -> None:
    found = facts("network", "info", "--network", clean)
    assert found["hubs_by_kind"] == {"airport": 2, "city": 2, "port": 2, "rail_terminal": 2}


def test_info_names_the_file(clean: Path) -> None:
    found = facts("network", "info", "--network", clean)
    assert (found["file"], found["file_bytes"]) == ("clean.xnet", clean.stat().st_size)
    assert found["schema_version"] >= 1


def test_info_names_passages_and_their_state(tmp_path: Path) -> None:
    path = tmp_path / "net.xnet"
    passages = {"passage_id": ["border"], "line": [BORDER], "default_closed": [True]}
    small.network().extended(passages=passages).save(path)
    assert facts("network", "info", "--network", path)["passages"] == [
        {"passage_id": "border", "name": "", "default": "closed", "links": 2}
    ]


@pytest.mark.parametrize("text", ["vintage", "ODbL-1.0", "credits", "sources", "schema version",
                                  "suez", "closed", "rail terminal", "inland_waterway"])  # fmt: skip
def test_info_of_the_shipped_network_says_what_a_planner_asks(text: str) -> None:
    assert text in run("network", "info").stdout


# --- lint ---------------------------------------------------------------------------------------------


def test_lint_of_a_clean_network_is_ok(clean: Path) -> None:
    assert run("network", "lint", "--network", clean).exit_code == OK


def test_lint_with_open_findings_is_bad_data(faulty: Path) -> None:
    answer = run("network", "lint", "--network", faulty)
    assert answer.exit_code == BAD_DATA
    assert "road C1 - C2: 250.00 km where the geodesic is" in answer.stdout


def test_lint_counts_by_check(faulty: Path) -> None:
    found = facts("network", "lint", "--network", faulty, exit_code=BAD_DATA)
    assert {row["check"]: row["open"] for row in found["checks"] if row["open"]} == {
        "shorter_than_geodesic": 1, "unknown_timezone": 1,
    }  # fmt: skip
    assert (found["open"], found["listed"]) == (2, 0)


def test_lint_with_every_finding_listed_is_ok(faulty: Path, tmp_path: Path) -> None:
    known = as_csv(
        tmp_path / "known.csv",
        check=["shorter_than_geodesic", "unknown_timezone"], subject=["road C1 - C2", "*"],
        reason=["planted", "planted"],
    )  # fmt: skip
    found = facts("network", "lint", "--network", faulty, "--allow", known)
    assert (found["open"], found["listed"]) == (0, 2)


def test_lint_writes_csv(faulty: Path, tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    assert run("network", "lint", "--network", faulty, "-o", path).exit_code == BAD_DATA
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["subject"] for row in csv.DictReader(file)] == ["road C1 - C2", "PTLIS"]


def test_lint_writes_parquet(faulty: Path, tmp_path: Path) -> None:
    path = tmp_path / "findings.parquet"
    run("network", "lint", "--network", faulty, "-o", path)
    assert pq.read_table(path)["status"].to_pylist() == ["open", "open"]


def test_lint_writes_a_workbook(faulty: Path, tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    run("network", "lint", "--network", faulty, "-o", path)
    assert len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) == 3


def test_lint_writes_a_page_in_which_data_is_text(faulty: Path, tmp_path: Path) -> None:
    path = tmp_path / "findings.html"
    run("network", "lint", "--network", faulty, "-o", path)
    page = path.read_text("utf-8")
    assert "&lt;b&gt;Europe/Atlantis" in page
    assert "<b>" not in page


@pytest.mark.parametrize("name", ["findings.docx", "findings"])
def test_lint_refuses_a_file_of_an_unknown_kind(faulty: Path, tmp_path: Path, name: str) -> None:
    answer = run("network", "lint", "--network", faulty, "-o", tmp_path / name)
    assert (answer.exit_code, "is none of" in answer.stderr) == (BAD_DATA, True)
    assert not (tmp_path / name).exists()


# --- build --------------------------------------------------------------------------------------------


def test_build_adds_tables_of_every_kind(clean: Path, tmp_path: Path) -> None:
    hubs = as_csv(tmp_path / "hubs.csv", hub_id=["WH"], lat=[39.5], lon=[-8.4], kind=["warehouse"],
                  country=["PT"], timezone=["Europe/Lisbon"])  # fmt: skip
    book = tmp_path / "links.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["origin", "destination", "mode", "distance_km"])
        sheet.write_row(1, 0, ["WH", "C1", "road", 130])
    pq.write_table(
        pa.table({"origin": ["LIS"], "destination": ["OPO"], "mode": ["road"], "duration_h": [5.0]}),
        tmp_path / "services.parquet",
    )
    transfers = as_csv(
        tmp_path / "t.csv", hub_id=["C1"], from_mode=["road"], to_mode=["road"], duration_h=[2]
    )
    passages = as_csv(tmp_path / "p.csv", passage_id=["border"], name=["Border"], default_closed=["false"],
                      line=[BORDER])  # fmt: skip
    zones = tmp_path / "z.geojson"
    ring = [[-9.3, 38.5], [-9.0, 38.5], [-9.0, 38.9], [-9.3, 38.9], [-9.3, 38.5]]
    feature = {"type": "Feature", "properties": {"zone_id": "lisbon"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    path = tmp_path / "mine.xnet"
    found = facts("network", "build", "--base", clean, "--hubs", hubs, "--links", book,
                  "--services", tmp_path / "services.parquet", "--transfers", transfers,
                  "--passages", passages, "--polygons", zones, "-o", path)  # fmt: skip
    assert found["added"] == {"hubs": 1, "links": 1, "services": 1, "transfers": 1, "passages": 2}
    assert [(row["passage_id"], row["links"]) for row in found["passages"]] == [("border", 2), ("lisbon", 7)]
    assert found["lint"]["open"] == 0
    net = xr.Network.load(path)
    closed = xr.Scenario(closed_passages=("lisbon",))
    assert net.route("WH", "C1", shipment=GOODS).distance_km == pytest.approx(130.0)
    with pytest.raises(xr.NoRouteError, match="lisbon"):
        net.route("WH", "C1", shipment=GOODS, scenario=closed)


def test_build_without_a_base_holds_the_tables_alone(tmp_path: Path) -> None:
    tables = small.rows()
    files = {name: as_csv(tmp_path / f"{name}.csv", **columns) for name, columns in tables.items()}
    path = tmp_path / "mine.xnet"
    words = [word for name, file in files.items() for word in (f"--{name}", file)]
    assert run("network", "build", "--base", "none", *words, "-o", path).exit_code == OK
    assert len(xr.Network.load(path).hubs) == 8


def test_build_says_what_joins_what(clean: Path, tmp_path: Path) -> None:
    hubs = as_csv(tmp_path / "hubs.csv", hub_id=["M1", "M2"], lat=[32.65, 32.72], lon=[-16.90, -16.77],
                  kind=["city", "city"], country=["PT", "PT"], timezone=["Atlantic/Madeira"] * 2)  # fmt: skip
    links = as_csv(tmp_path / "links.csv", origin=["M1"], destination=["M2"], mode=["road"], distance_km=[20])
    words = ("network", "build", "--base", clean, "--hubs", hubs, "--links", links)
    found = facts(*words, "-o", tmp_path / "mine.xnet")
    road = next(row for row in found["modes"] if row["mode"] == "road")
    assert road == {"mode": "road", "components_before": 1, "components": 2, "largest_before": 8,
                    "largest": 8, "added_in_largest": 0, "added_outside": 2}  # fmt: skip
    assert [row["check"] for row in found["lint"]["findings"]] == ["components"]
    answer = run(*words, "-o", tmp_path / "mine.xnet")
    assert "added 2 hubs, 1 links" in answer.stdout


def test_build_judges_added_rows_only(faulty: Path, tmp_path: Path) -> None:
    links = as_csv(
        tmp_path / "links.csv", origin=["PTLIS"], destination=["LIS"], mode=["road"], distance_km=[12]
    )
    path = tmp_path / "mine.xnet"
    assert facts("network", "build", "--base", faulty, "--links", links, "-o", path)["lint"]["open"] == 0


def test_build_names_a_passage_that_no_link_crosses(clean: Path, tmp_path: Path) -> None:
    passages = as_csv(tmp_path / "p.csv", passage_id=["far"], line=["100 0;101 0"])
    answer = run("network", "build", "--base", clean, "--passages", passages, "-o", tmp_path / "mine.xnet")
    assert "no link crosses 'far'" in answer.stdout


def test_a_strict_build_with_findings_writes_nothing(clean: Path, tmp_path: Path) -> None:
    links = as_csv(
        tmp_path / "links.csv", origin=["PTLIS"], destination=["LIS"], mode=["road"], distance_km=[2]
    )
    path = tmp_path / "mine.xnet"
    words = ("network", "build", "--base", clean, "--links", links, "-o", path)
    assert run(*words, "--strict").exit_code == BAD_DATA
    assert not path.exists()
    assert run(*words).exit_code == OK
    assert path.exists()


def test_a_build_of_nothing_is_usage(clean: Path, tmp_path: Path) -> None:
    answer = run("network", "build", "--base", clean, "-o", tmp_path / "mine.xnet")
    assert answer.exit_code == USAGE


@pytest.mark.parametrize(
    ("option", "columns", "text"),
    [
        ("hubs", {"hub_id": ["X", "C1"], "lat": [1, 1], "lon": [1, 1], "kind": ["city"] * 2},
         "hubs (mine.csv) row 2, column 'hub_id'"),
        ("hubs", {"hub_id": ["X"], "lat": [91], "lon": [1], "kind": ["city"]},
         "hubs (mine.csv) row 1, column 'lat'"),
        ("hubs", {"name": ["X"]}, "hubs (mine.csv), column 'hub_id': the column is missing"),
        ("links", {"origin": ["C1"], "destination": ["X"], "mode": ["road"], "distance_km": [1]},
         "links (mine.csv) row 1, column 'destination'"),
        ("services", {"origin": ["C1"], "destination": ["C2"], "mode": ["swim"]},
         "services (mine.csv) row 1, column 'mode'"),
        ("transfers", {"hub_id": ["X"], "from_mode": ["road"], "to_mode": ["sea"]},
         "transfers (mine.csv) row 1, column 'hub_id'"),
        ("passages", {"passage_id": ["x"], "line": ["0 0"]}, "passages (mine.csv) row 1, column 'line'"),
        ("polygons", {"zone_id": ["x"]}, "polygons (mine.csv): mine.csv is no GeoJSON"),
    ],
)  # fmt: skip
def test_a_fault_names_file_row_and_column_and_nothing_is_written(
    clean: Path, tmp_path: Path, option: str, columns: dict[str, list[Any]], text: str
) -> None:
    mine, path = as_csv(tmp_path / "mine.csv", **columns), tmp_path / "out.xnet"
    path.write_bytes(b"what was there")
    answer = run("network", "build", "--base", clean, f"--{option}", mine, "-o", path)
    assert answer.exit_code == BAD_DATA
    assert text in answer.stderr
    assert path.read_bytes() == b"what was there"


@pytest.mark.parametrize("name", ["mine.csv", "no/such/folder/mine.xnet"])
def test_a_build_to_an_impossible_place_is_refused_first(clean: Path, tmp_path: Path, name: str) -> None:
    hubs = as_csv(tmp_path / "hubs.csv", hub_id=["X"], lat=[1], lon=[1], kind=["city"])
    answer = run("network", "build", "--base", clean, "--hubs", hubs, "-o", tmp_path / name)
    assert answer.exit_code == BAD_DATA


@pytest.mark.parametrize("base", ["no-such-file.xnet", ""])
def test_a_base_that_is_not_there_is_bad_data(tmp_path: Path, base: str) -> None:
    hubs = as_csv(tmp_path / "hubs.csv", hub_id=["X"], lat=[1], lon=[1], kind=["city"])
    answer = run("network", "build", "--base", base, "--hubs", hubs, "-o", tmp_path / "mine.xnet")
    assert answer.exit_code == BAD_DATA


def test_unknown_columns_are_named(clean: Path, tmp_path: Path) -> None:
    hubs = as_csv(tmp_path / "hubs.csv", hub_id=["X"], lat=[39.5], lon=[-8.4], kind=["city"], colour=["red"])
    with pytest.warns(xr.UnusedColumnWarning, match="colour"):
        run("network", "build", "--base", clean, "--hubs", hubs, "-o", tmp_path / "mine.xnet")

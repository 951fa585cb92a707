"""The workbook: every table, numbers as numbers, text as text, totals that add up."""

from __future__ import annotations

import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from payloads import PAYLOADS
from synthetic_plan import synthetic_plan
from xroute import workbook
from xroute.errors import LimitError
from xroute.table import Table

PLAN = synthetic_plan()
SHEETS = [
    "Summary", "Warehouses", "First legs", "Deliveries", "Routes", "Legs", "Cost lines",
    "Footprint lines", "Zones", "Front", "Assumptions",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook.write(PLAN, tmp_path_factory.mktemp("book") / "plan.xlsx")


def rows(path: Path, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_sheets_are_there_in_order(path: Path) -> None:
    assert CalamineWorkbook.from_path(path).sheet_names == SHEETS


def test_the_same_plan_gives_the_same_bytes_later(path: Path, tmp_path: Path) -> None:
    time.sleep(2.1)  # a zip entry knows time in steps of two seconds
    assert workbook.write(PLAN, tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_numbers_come_back_to_the_15_digits_that_excel_keeps(path: Path) -> None:
    read = [row[8] for row in rows(path, "Deliveries")[1:-1]]
    assert read == pytest.approx(PLAN.tables["deliveries"]["wtw_co2e_kg"].tolist(), rel=1e-15)


@pytest.mark.parametrize(
    ("sheet", "table", "column", "at"),
    [
        ("Cost lines", "cost_lines", "amount_eur", 2),
        ("Footprint lines", "footprint_lines", "wtw_co2e_kg", 14),
        ("Deliveries", "deliveries", "units", 3),
    ],
)
def test_a_total_row_adds_up(path: Path, sheet: str, table: str, column: str, at: int) -> None:
    last = rows(path, sheet)[-1]
    assert last[0] == "Total"
    assert last[at] == pytest.approx(PLAN.tables[table][column].sum(), rel=1e-12)


def test_totals_are_formulas_over_the_whole_column(path: Path) -> None:
    text = parts(path)["xl/worksheets/sheet7.xml"]
    count = len(PLAN.tables["cost_lines"])
    assert f"<f>SUM(C2:C{count + 1})</f>" in text


def test_tonnes_of_footprint_lines_are_not_added_up(path: Path) -> None:
    assert rows(path, "Footprint lines")[-1][3] == ""


def test_headings_stay_in_view_and_filter(path: Path) -> None:
    sheets = {
        name: text
        for name, text in parts(path).items()
        if re.fullmatch(r"xl/worksheets/sheet([2-9]|10)\.xml", name)
    }
    assert len(sheets) == 9
    assert all('state="frozen"' in text and "<autoFilter" in text for text in sheets.values())


def test_prices_without_a_flag_of_their_own_get_one(path: Path) -> None:
    table = rows(path, "Routes")
    assert table[0][-1] == "Indicative"
    assert {row[0]: row[-1] for row in table[1:]}["R05"] == "no"
    assert {row[0]: row[-1] for row in table[1:]}["R01"] == "yes"


def test_the_summary_says_what_is_indicative(path: Path) -> None:
    marks = {row[0]: row[3] for row in rows(path, "Summary")[4:13]}
    assert marks["Total cost"] == "indicative"
    assert marks["Orders"] == ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_from_data_becomes_a_formula_or_a_link(tmp_path: Path, payload: str) -> None:
    plan = synthetic_plan(poison=payload)
    seats = {name: plan.tables["warehouses"][name] for name in plan.tables["warehouses"].columns}
    seats["name"] = np.array([payload] * len(seats["name"]), dtype=object)
    plan = replace(plan, title=payload, tables=plan.tables | {"warehouses": Table(seats)})
    written = parts(workbook.write(plan, tmp_path / "plan.xlsx"))
    formulas = [each for text in written.values() for each in re.findall(r"<f>(.*?)</f>", text)]
    assert all(re.fullmatch(r"SUM\([A-Z]+2:[A-Z]+\d+\)", each) for each in formulas)
    assert not any("hyperlink" in text.lower() for name, text in written.items() if name.endswith(".rels"))


def test_missing_numbers_are_empty_and_infinite_ones_are_words(tmp_path: Path) -> None:
    zones = {name: PLAN.tables["zones"][name] for name in PLAN.tables["zones"].columns}
    days = np.array([np.nan, np.inf, *zones["days"][2:]])
    plan = replace(PLAN, tables=PLAN.tables | {"zones": Table(zones | {"days": days})})
    table = rows(workbook.write(plan, tmp_path / "plan.xlsx"), "Zones")
    at = table[0].index("Days")
    assert [row[at] for row in table[1:3]] == ["", "unlimited"]


def test_more_rows_than_a_sheet_holds_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    long = Table({"zone_id": np.zeros(workbook.MOST_ROWS + 1)})
    with pytest.raises(LimitError, match="zones"):
        workbook.write(replace(PLAN, tables={"zones": long}), tmp_path / "plan.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_very_long_and_broken_text_is_kept_within_the_limits_of_a_cell(tmp_path: Path) -> None:
    plan = replace(PLAN, assumptions=["x" * 40_000, "half a letter \ud800"])
    table = rows(workbook.write(plan, tmp_path / "plan.xlsx"), "Assumptions")
    assert len(str(table[1][0])) == 32_767
    assert table[2][0] == "half a letter ?"

"""Broken tables: every wrong number is refused with its row and column, and no text of data comes alive."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from xroute.errors import InputError
from xroute.schema import SCHEMA, check
from xroute.storage import replacing, write_whole, writing_folder
from xroute.table import Table
from xroute.tables import read_table

ROWS = 3
BAD_ROW = 2
WRONG: dict[str, Any] = {
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "negative": -1.0,
    "huge": 1e308,
    "empty": "",
    "text": "heavy",
    "bool": True,
}
NUMERIC = [
    (table, name)
    for table, columns in SCHEMA.items()
    for name, column in columns.items()
    if column.kind == "number"
]


def good_cell(table: str, name: str, row: int) -> Any:
    column = SCHEMA[table][name]
    if column.kind == "number":
        return float(max(column.least, min(column.most, 1000.0), 0.5 if column.above == 0 else 0.0))
    if column.kind == "flag":
        return True
    return column.choices[-1] if column.choices else f"{name}-{row}"


def good_table(table: str) -> dict[str, list[Any]]:
    return {name: [good_cell(table, name, row) for row in range(ROWS)] for name in SCHEMA[table]}


def is_allowed(table: str, name: str, wrong: str) -> bool:
    """An optional cell may be missing; a coordinate may be negative."""
    column = SCHEMA[table][name]
    return (wrong in ("nan", "empty") and not column.required) or (wrong == "negative" and column.least < 0)


CASES = [
    (table, name, wrong) for table, name in NUMERIC for wrong in WRONG if not is_allowed(table, name, wrong)
]


def spoilt(table: str, name: str, wrong: str) -> dict[str, list[Any]]:
    columns = good_table(table)
    columns[name][BAD_ROW - 1] = WRONG[wrong]
    return columns


def as_csv(columns: dict[str, list[Any]], folder: Path) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def as_arrow(columns: dict[str, list[Any]]) -> Any:
    """An Arrow table, or None where a column has two types: Arrow refuses it, or takes True for 1."""
    kinds = ({type(value) for value in values} for values in columns.values())
    return pa.table(columns) if all(len(kind) == 1 for kind in kinds) else None


def sources(columns: dict[str, list[Any]], folder: Path) -> Iterator[Any]:
    yield columns
    yield as_csv(columns, folder)
    arrow = as_arrow(columns)
    if arrow is not None:
        yield arrow


@pytest.mark.parametrize("table", SCHEMA)
def test_the_table_that_is_spoilt_was_good(table: str, tmp_path: Path) -> None:
    for source in sources(good_table(table), tmp_path):
        assert check(table, read_table(source, table=table))


@pytest.mark.parametrize(("table", "name", "wrong"), CASES)
def test_every_wrong_number_is_refused_with_its_row_and_column(
    table: str, name: str, wrong: str, tmp_path: Path
) -> None:
    for source in sources(spoilt(table, name, wrong), tmp_path):
        with pytest.raises(InputError) as caught:
            check(table, read_table(source, table=table))
        assert (caught.value.table, caught.value.row, caught.value.column) == (table, BAD_ROW, name)


@pytest.mark.parametrize(("table", "name"), NUMERIC)
def test_the_word_nan_is_no_missing_cell(table: str, name: str, tmp_path: Path) -> None:
    columns = good_table(table)
    columns[name][BAD_ROW - 1] = "nan"
    with pytest.raises(InputError) as caught:
        check(table, read_table(as_csv(columns, tmp_path), table=table))
    assert (caught.value.row, caught.value.column) == (BAD_ROW, name)


@pytest.mark.parametrize(("table", "name"), NUMERIC)
def test_a_column_of_flags_is_no_column_of_numbers(table: str, name: str) -> None:
    columns = good_table(table) | {name: [True] * ROWS}
    for source in (columns, pa.table(columns), columns | {name: np.array([True] * ROWS)}):
        with pytest.raises(InputError) as caught:
            check(table, read_table(source, table=table))
        assert (caught.value.row, caught.value.column) == (1, name)


IDS = ["", " ", "x" * 1_000_000, "a\0b", "a\nb", "\u202eA", "A\u200b", "e\u0301", " A", "shipment_id-0"]


@pytest.mark.parametrize("text", IDS, ids=range(len(IDS)))
def test_an_id_that_could_be_taken_for_another_is_refused(text: str) -> None:
    columns = good_table("shipments")
    columns["shipment_id"][BAD_ROW - 1] = text
    with pytest.raises(InputError) as caught:
        check("shipments", read_table(columns, table="shipments"))
    assert (caught.value.row, caught.value.column) == (BAD_ROW, "shipment_id")
    assert len(str(caught.value)) < 1000


LIVE = [
    '=cmd|" /C calc"!A0', "=1+1", "=HYPERLINK(\"x\",\"y\")", "=IMPORTXML(A1)", "+1+1", "+cmd", "-1+1", "-cmd",
    "@SUM(1)", "@A1", "\t=1", "\r=1", "\0=1", "=A1\n=B1", "==1", "=+1", "=-1", "=@1", "+=1", "-=1", "@=1",
    "\t\t=1", "\r\n=1", "=\"a\"", "='a'", "=1;2", "=1,2", "=WEBSERVICE(1)",
    "+SUM(1)|2", "-2+3+cmd|' /C calc'!D2",
]  # fmt: skip


@pytest.mark.parametrize("payload", LIVE)
def test_no_cell_of_a_csv_is_live(payload: str, tmp_path: Path) -> None:
    Table({payload: [payload], "n": np.array([-1.5])}).to_csv(tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        header, row = list(csv.reader(file))
    assert (header[0], row[0], row[1]) == (f"'{payload}", f"'{payload}", "-1.5")


@pytest.mark.parametrize("payload", [text for text in LIVE if text.isprintable()])
def test_no_cell_of_a_workbook_is_live(payload: str, tmp_path: Path) -> None:
    Table({"note": [payload]}).to_excel(tmp_path / "t.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1] == [payload]
    assert b"<f>" not in ZipFile(tmp_path / "t.xlsx").read("xl/worksheets/sheet1.xml")


NAMES = ["a\0b", "x" * 300, "no/such/folder/a.csv", "", ".", "..", "folder"]


@pytest.mark.parametrize("name", NAMES, ids=[repr(name[:12]) for name in NAMES])
def test_a_path_that_cannot_be_a_file_is_refused_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "folder").mkdir(parents=True)
    with pytest.raises(InputError):
        write_whole(home / name, b"x")
    assert [path.name for path in home.iterdir()] == ["folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("untouched")
    (tmp_path / "plan.csv").symlink_to(secret)
    write_whole(tmp_path / "plan.csv", b"new")
    assert secret.read_text() == "untouched"
    assert (tmp_path / "plan.csv").read_text() == "new"


def fill_the_disk(target: Path) -> None:
    with replacing(target) as draft:
        draft.write_bytes(b"ha")
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    write_whole(target, b"old")
    with pytest.raises(OSError, match="No space"):
        fill_the_disk(target)
    assert (target.read_bytes(), len(list(tmp_path.iterdir()))) == (b"old", 1)


@pytest.mark.parametrize("folder", [".", ".."])
def test_no_folder_of_the_user_is_swept_away(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "project" / "here"
    here.mkdir(parents=True)
    (here / "work.txt").write_text("mine")
    monkeypatch.chdir(here)
    with pytest.raises(InputError), writing_folder(folder):
        pytest.fail("the block must not begin")
    assert (here / "work.txt").read_text() == "mine"

"""Tables on their way out, in whatever frame the reader likes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from xroute.errors import InputError
from xroute.table import Table
from xroute.tables import read_table


@pytest.fixture
def table() -> Table:
    return Table(
        {
            "hub_id": ["CNSHA", "DEHAM"],
            "lat": np.array([30.62, math.nan]),
            "calls": np.array([3, 4]),
            "main_port": np.array([True, False]),
            "note": ["=HYPERLINK(1)", None],
        }
    )


def test_columns_come_back_as_arrays(table: Table) -> None:
    assert len(table) == 2
    assert table.columns == ("hub_id", "lat", "calls", "main_port", "note")
    assert table["calls"].tolist() == [3, 4]
    assert "lat" in table
    assert "lon" not in table


def test_rows_are_plain_dicts(table: Table) -> None:
    assert table.rows()[0] == {
        "hub_id": "CNSHA",
        "lat": 30.62,
        "calls": 3,
        "main_port": True,
        "note": "=HYPERLINK(1)",
    }


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="different lengths"):
        Table({"a": [1], "b": [1, 2]})


def test_two_values_in_one_cell_are_refused() -> None:
    with pytest.raises(InputError, match="one value a row"):
        Table({"at": np.zeros((2, 2))})


def test_an_empty_table_has_no_rows() -> None:
    assert len(Table({})) == 0
    assert len(Table({"a": []})) == 0


def test_frames_that_speak_arrow_take_it_as_it_is(table: Table) -> None:
    assert pa.table(table).num_rows == 2
    assert pl.DataFrame(table)["hub_id"].to_list() == ["CNSHA", "DEHAM"]
    assert pd.DataFrame.from_arrow(table)["calls"].tolist() == [3, 4]


def test_each_frame_holds_the_same(table: Table) -> None:
    assert table.to_pandas()["main_port"].tolist() == [True, False]
    assert table.to_polars()["calls"].to_list() == [3, 4]
    assert table.to_arrow()["hub_id"].to_pylist() == ["CNSHA", "DEHAM"]


def test_csv_escapes_text_and_leaves_missing_cells_empty(table: Table, tmp_path: Path) -> None:
    table.to_csv(tmp_path / "hubs.csv")
    assert (tmp_path / "hubs.csv").read_text("utf-8").splitlines() == [
        "hub_id,lat,calls,main_port,note",
        "CNSHA,30.62,3,True,'=HYPERLINK(1)",
        "DEHAM,,4,False,",
    ]


def test_negative_numbers_stay_numbers_in_csv(tmp_path: Path) -> None:
    Table({"lon": np.array([-118.24])}).to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().splitlines() == ["lon", "-118.24"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_numbers_come_back_to_the_last_bit(suffix: str, tmp_path: Path) -> None:
    numbers = np.array([0.1 + 0.2, 1e-300, 123456789.123456789, -0.0])
    path = tmp_path / f"table.{suffix}"
    getattr(Table({"lon": numbers}), f"to_{suffix}")(path)
    assert read_table(path, table="hubs")["lon"].tobytes() == numbers.tobytes()


def test_parquet_is_the_same_bytes_for_the_same_table(table: Table, tmp_path: Path) -> None:
    table.to_parquet(tmp_path / "a.parquet")
    table.to_parquet(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_excel_holds_texts_and_numbers_but_no_formula(table: Table, tmp_path: Path) -> None:
    table.to_excel(tmp_path / "hubs.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "hubs.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1] == ["CNSHA", 30.62, 3.0, True, "=HYPERLINK(1)"]
    assert rows[2] == ["DEHAM", "", 4.0, False, ""]


def test_a_reader_of_html_meets_no_markup_of_the_data() -> None:
    shown = Table({"<b>": ["<script>alert(1)</script>"]})._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_repr_is_short_and_true(table: Table) -> None:
    assert repr(table) == "<Table 2 rows: hub_id, lat, calls, main_port, note>"

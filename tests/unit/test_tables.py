"""Tables on their way in: paths, Arrow objects and dicts give the same columns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from xroute.errors import InputError
from xroute.table import Table
from xroute.tables import read_table

COLUMNS: dict[str, list[Any]] = {
    "hub_id": ["CNSHA", "DEHAM"],
    "lat": [30.62, 53.54],
    "population": [24_870_895, None],
    "main_port": [True, False],
    "name": ["Shanghai", None],
}


def as_dict(_folder: Path) -> Any:
    return COLUMNS


def as_csv(folder: Path) -> Any:
    path = folder / "hubs.csv"
    text = "hub_id,lat,population,main_port,name\nCNSHA,30.62,24870895,true,Shanghai\nDEHAM,53.54,,false,\n"
    path.write_text(text, "utf-8")
    return path


def as_parquet(folder: Path) -> Any:
    Table(COLUMNS).to_parquet(folder / "hubs.parquet")
    return str(folder / "hubs.parquet")


def as_ipc(folder: Path) -> Any:
    path = folder / "hubs.arrow"
    table = pa.table(COLUMNS)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return path


def as_excel(folder: Path) -> Any:
    Table(COLUMNS).to_excel(folder / "hubs.xlsx")
    return folder / "hubs.XLSX" if (folder / "hubs.XLSX").exists() else folder / "hubs.xlsx"


SOURCES = {
    "dict": as_dict,
    "csv": as_csv,
    "parquet": as_parquet,
    "arrow file": as_ipc,
    "xlsx": as_excel,
    "pyarrow": lambda _: pa.table(COLUMNS),
    "record batch": lambda _: pa.table(COLUMNS).to_batches()[0],
    "pandas": lambda _: pd.DataFrame(COLUMNS),
    "polars": lambda _: pl.DataFrame(COLUMNS),
    "xroute": lambda _: Table(COLUMNS),
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES.keys())
def test_every_source_gives_the_same_columns(make: Any, tmp_path: Path) -> None:
    columns = read_table(make(tmp_path), table="hubs")
    assert columns["hub_id"].tolist() == ["CNSHA", "DEHAM"]
    assert columns["hub_id"].dtype == object
    assert columns["lat"].dtype == np.float64
    assert columns["lat"].tolist() == [30.62, 53.54]
    assert columns["population"][0] == 24_870_895
    assert np.isnan(columns["population"][1].astype(float))
    assert columns["name"].tolist() == ["Shanghai", ""]
    assert [str(flag).lower() for flag in columns["main_port"]] == ["true", "false"]


@pytest.mark.parametrize("type_name", ["utf8", "large_utf8", "string_view", "dictionary"])
def test_every_arrow_string_type_is_text(type_name: str) -> None:
    types = {
        "utf8": pa.string(),
        "large_utf8": pa.large_string(),
        "string_view": pa.string_view(),
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
    }
    column = pa.array(["CNSHA", None], pa.string()).cast(types[type_name])
    assert read_table(pa.table({"hub_id": column}), table="hubs")["hub_id"].tolist() == ["CNSHA", ""]


def write(folder: Path, content: str | bytes, name: str = "shipments.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbfshipment_id,mass_kg\nS1,10\n")
    assert list(read_table(path, table="shipments")) == ["shipment_id", "mass_kg"]


def test_quoted_cells_may_hold_commas_and_lines(tmp_path: Path) -> None:
    path = write(tmp_path, 'shipment_id,note\nS1,"a, b\nc"\n')
    assert read_table(path, table="shipments")["note"].tolist() == ["a, b\nc"]


def test_codes_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    path = write(tmp_path, "shipment_id,postcode\n007,01067\n008,04109\n")
    columns = read_table(path, table="shipments")
    assert columns["shipment_id"].tolist() == ["007", "008"]
    assert columns["postcode"].tolist() == ["01067", "04109"]


def test_ids_that_are_numbers_become_text() -> None:
    assert read_table({"hub_id": np.array([1, 2])}, table="hubs")["hub_id"].tolist() == [1.0, 2.0]
    assert read_table({"hub_id": [1, 2]}, table="hubs")["hub_id"].tolist() == ["1", "2"]


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    assert len(read_table(write(tmp_path, "shipment_id,mass_kg\n"), table="shipments")["mass_kg"]) == 0


@pytest.mark.parametrize(
    ("content", "message", "row"),
    [
        ("", "empty", None),
        ("shipment_id,mass_kg\nS1,1\nS2\n", "1 cells where the header has 2", 2),
        ("shipment_id,mass_kg\nS1,1,9\n", "3 cells where the header has 2", 1),
        ("shipment_id,mass_kg,mass_kg\nS1,1,2\n", "stands twice", None),
        ("shipment_id,,mass_kg\nS1,1,2\n", "has no name", None),
        (b"shipment_id\n\xff\xfe\n", "not UTF-8", None),
        ('shipment_id\n"S1\n', "no CSV", None),
        ("shipment_id\n" + "x" * 200_000 + "\n", "field larger", None),
    ],
)
def test_a_broken_csv_is_one_clear_error(
    content: str | bytes, message: str, row: int | None, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_table(write(tmp_path, content), table="shipments")
    assert (caught.value.table, caught.value.row) == ("shipments", row)


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".xlsx"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04" + b"\0" * 64, b"PAR1" * 4])
def test_a_foreign_file_is_one_clear_error(suffix: str, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="shipments"):
        read_table(write(tmp_path, content, f"shipments{suffix}"), table="shipments")


@pytest.mark.parametrize("name", ["missing.csv", "notes.txt", "none"])
def test_a_file_that_is_not_there_or_not_a_table_is_an_input_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_table(tmp_path / name, table="shipments")


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(InputError, match="there is no file"):
        read_table(tmp_path / "a.csv", table="shipments")


@pytest.mark.parametrize("source", [None, 7, [1, 2], {"mass_kg": 1.0}, {"mass_kg": "1"}])
def test_what_is_no_table_is_an_input_error(source: Any) -> None:
    with pytest.raises(InputError):
        read_table(source, table="shipments")


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="different lengths"):
        read_table({"shipment_id": ["a"], "mass_kg": [1, 2]}, table="shipments")


def test_a_duplicate_arrow_column_is_refused() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["mass_kg", "mass_kg"])
    with pytest.raises(InputError, match="stands twice"):
        read_table(table, table="shipments")


def test_csv_needs_numpy_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "shipment_id,mass_kg\nS1,10\n")
    code = (
        "import sys; from xroute.tables import read_table\n"
        "read_table(sys.argv[1], table='shipments')\n"
        "print([name for name in ('pyarrow', 'pandas', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Tables on their way in: a path, an Arrow object, or a dict of columns."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.extras import need
from xroute.schema import Kind, as_number, kind_of

Columns = dict[str, np.ndarray[Any, Any]]


def read_table(source: Any, *, table: str) -> Columns:
    """The columns of a table by name.

    Text comes as object arrays of str ("" for missing), numbers as float64 (NaN for missing), flags as
    bool. Columns of CSV that a schema knows get its kind; others are numbers where every cell is one.
    Raises `InputError` for a file that cannot be read, ragged rows and columns that stand twice.
    """
    if isinstance(source, str | Path):
        return _from_path(Path(source), table)
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        return _from_arrow(need("pyarrow", "tables").table(source), table)
    if isinstance(source, Mapping):
        return _from_mapping(source, table)
    raise InputError(
        f"expected a path, an Arrow table or a dict of columns, got {type(source).__name__}", table=table
    )


def _from_path(path: Path, table: str) -> Columns:
    suffix = path.suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise InputError(f"'{path.suffix}' is none of: {', '.join(READERS)}", table=table)
    try:
        if not path.is_file():
            raise InputError(f"there is no file {path}", table=table)
        return _BY_SUFFIX[suffix](path, table)
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8: {error.reason}", table=table) from error
    except csv.Error as error:
        raise InputError(f"{path.name} is no CSV: {error}", table=table) from error
    except (InputError, ImportError):
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", table=table) from error


def _from_csv(path: Path, table: str) -> Columns:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return _from_rows([row for row in csv.reader(file, strict=True) if row], table)


def _from_xlsx(path: Path, table: str) -> Columns:
    calamine = need("python_calamine", "tables")
    try:
        rows = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except calamine.CalamineError as error:
        raise InputError(f"{path.name} cannot be read: {error}", table=table) from error
    return _from_rows(rows, table)


def _from_parquet(path: Path, table: str) -> Columns:
    return _from_arrow(need("pyarrow.parquet", "tables").read_table(path), table)


def _from_ipc(path: Path, table: str) -> Columns:
    arrow = need("pyarrow", "tables")
    with arrow.OSFile(str(path)) as file:
        return _from_arrow(arrow.ipc.open_file(file).read_all(), table)


_BY_SUFFIX = {".csv": _from_csv, ".parquet": _from_parquet, ".arrow": _from_ipc, ".xlsx": _from_xlsx}
READERS = tuple(_BY_SUFFIX)


def _from_rows(rows: Sequence[Sequence[Any]], table: str) -> Columns:
    if not rows:
        raise InputError("the file is empty; expected a header row", table=table)
    header = [str(name).strip() for name in rows[0]]
    _check_header(header, table)
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(header):
            message = f"{len(row)} cells where the header has {len(header)}"
            raise InputError(message, table=table, row=number)
    cells = list(zip(*rows[1:], strict=True)) or [()] * len(header)
    return {name: _typed(table, name, values) for name, values in zip(header, cells, strict=True)}


def _check_header(header: Iterable[str], table: str) -> None:
    seen: set[str] = set()
    for at, name in enumerate(header, 1):
        if not name:
            raise InputError(f"column {at} has no name", table=table)
        if name in seen:
            raise InputError("the column stands twice", table=table, column=name)
        seen.add(name)


def _typed(table: str, name: str, values: Sequence[Any]) -> np.ndarray[Any, Any]:
    kind = kind_of(table, name)
    if kind is None:
        kind = _kind_seen(values)
    if kind == "text":
        return np.array([_text(value) for value in values], dtype=object)
    if kind == "flag" or not all(_is_number(value) for value in values):
        is_typed = bool(values) and all(isinstance(value, bool) for value in values)
        return np.array(values, dtype=bool if is_typed else object)
    return np.array([_number(value) for value in values], dtype=np.float64)


def _kind_seen(values: Sequence[Any]) -> Kind:
    """The kind of a column that no schema knows: numbers where every cell is one or empty, not all empty."""
    if values and all(isinstance(value, bool) for value in values):
        return "flag"
    given = [value for value in values if _text(value)]
    is_number = bool(given) and all(_is_plain_number(value) for value in given)
    return "number" if is_number or not values else "text"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # spreadsheets store whole numbers as floats
    return str(value)


def _is_number(value: Any) -> bool:
    return _is_empty(value) or as_number(value) is not None


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _is_plain_number(value: Any) -> bool:
    """Whether an untyped cell is a number and not a code such as 007."""
    text = _text(value)
    is_code = len(text) > 1 and text[0] == "0" and text[1].isdigit()
    return _is_number(value) and not is_code


def _number(value: Any) -> float:
    number = None if _is_empty(value) else as_number(value)
    return math.nan if number is None else number


def _from_arrow(arrow_table: Any, table: str) -> Columns:
    _check_header(arrow_table.column_names, table)
    return {
        name: _from_arrow_column(table, name, column)
        for name, column in zip(arrow_table.column_names, arrow_table.columns, strict=True)
    }


def _from_arrow_column(table: str, name: str, column: Any) -> np.ndarray[Any, Any]:
    types = need("pyarrow", "tables").types
    is_number = types.is_integer(column.type) or types.is_floating(column.type)
    if is_number and kind_of(table, name) != "text" and len(column):
        return np.asarray(column.cast("float64").to_numpy(), dtype=np.float64)
    return _sequence(table, name, column.to_pylist())


def _from_mapping(source: Mapping[str, Any], table: str) -> Columns:
    columns: Columns = {}
    for name, values in source.items():
        if isinstance(values, str) or not hasattr(values, "__len__"):
            raise InputError("expected a column of values", table=table, column=str(name))
        is_array = isinstance(values, np.ndarray) and values.dtype.kind in "fiub"
        columns[str(name)] = _array(values) if is_array else _sequence(table, str(name), list(values))
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"columns of different lengths: {lengths}", table=table)
    return columns


def _array(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return values if values.dtype.kind == "b" else values.astype(np.float64)


def _sequence(table: str, name: str, values: list[Any]) -> np.ndarray[Any, Any]:
    if set(map(type, values)) == {str}:
        return np.array(values, dtype=object)
    if all(isinstance(value, bool | np.bool_) for value in values) and values:
        return np.array(values, dtype=bool)
    is_numeric = all(value is None or isinstance(value, int | float | np.number) for value in values)
    has_flags = any(isinstance(value, bool | np.bool_) for value in values)
    if values and is_numeric and not has_flags and kind_of(table, name) != "text":
        return np.array([_number(value) for value in values], dtype=np.float64)
    if kind_of(table, name) in ("number", "flag"):
        return np.array(values, dtype=object)
    return np.array([_as_is(value) for value in values], dtype=object)


def _as_is(value: Any) -> Any:
    is_kept = isinstance(value, str) or hasattr(value, "tzinfo")
    return value if is_kept else _text(value)

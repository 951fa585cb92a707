"""A table on its way out: columns by name, in whatever frame the reader likes."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.extras import need
from xroute.storage import csv_cell, replacing, write_whole

_SHOWN = 12
_QUOTE = '"'
_QUOTED = frozenset(',"\r\n')


class Table:
    """Columns of equal length by name; speaks the Arrow stream protocol.

    >>> table = Table({"hub_id": ["CNSHA"], "lat": np.array([30.62])})
    >>> len(table), table.columns, float(table["lat"][0])
    (1, ('hub_id', 'lat'), 30.62)
    """

    def __init__(self, columns: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]]) -> None:
        self._columns = {name: _array(values) for name, values in columns.items()}
        for name, values in self._columns.items():
            if values.ndim != 1:
                raise InputError(f"expected one value a row, got shape {values.shape}", column=name)
        lengths = {name: len(values) for name, values in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise InputError(f"columns of different lengths: {lengths}")
        self._rows = next(iter(lengths.values()), 0)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, column: str) -> np.ndarray[Any, Any]:
        return self._columns[column]

    def __contains__(self, column: str) -> bool:
        return column in self._columns

    def rows(self) -> list[dict[str, Any]]:
        """Plain dicts, one a row."""
        lists = {name: values.tolist() for name, values in self._columns.items()}
        return [{name: values[row] for name, values in lists.items()} for row in range(self._rows)]

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`."""
        arrow = need("pyarrow", "tables")
        arrays = {
            name: arrow.array(values.tolist() if values.dtype == object else values.astype(str))
            if values.dtype.kind in "OU"
            else arrow.array(values)
            for name, values in self._columns.items()
        }
        return arrow.table(arrays)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """A pandas frame."""
        return need("pandas", "maps").DataFrame(
            {
                name: values.tolist() if values.dtype.kind == "U" else values
                for name, values in self._columns.items()
            }
        )

    def to_polars(self) -> Any:
        """A polars frame."""
        return need("polars", "all").DataFrame(self.to_arrow())

    def to_csv(self, path: str | Path) -> None:
        """UTF-8 CSV; no text in it is a formula, missing numbers are empty."""
        lists = [values.tolist() for values in self._columns.values()]
        lines = [_line(self._columns), *(_line(values[row] for values in lists) for row in range(self._rows))]
        write_whole(path, "".join(lines).encode("utf-8"))

    def to_parquet(self, path: str | Path) -> None:
        """Parquet, zstd; the same bytes for the same table."""
        parquet = need("pyarrow.parquet", "tables")
        with replacing(path) as draft:
            parquet.write_table(self.to_arrow(), draft, compression="zstd")

    def to_excel(self, path: str | Path) -> None:
        """One sheet with a header row; texts are never formulas."""
        xlsxwriter = need("xlsxwriter", "tables")
        with replacing(path) as draft:
            book = xlsxwriter.Workbook(draft, {"strings_to_formulas": False, "nan_inf_to_errors": True})
            sheet = book.add_worksheet("table")
            bold = book.add_format({"bold": True})
            for column, (name, values) in enumerate(self._columns.items()):
                sheet.write_string(0, column, name, bold)
                for row, value in enumerate(values.tolist(), 1):
                    _write(sheet, row, column, value)
            sheet.freeze_panes(1, 0)
            book.close()

    def __repr__(self) -> str:
        return f"<Table {self._rows:,} rows: {', '.join(self._columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self._columns)
        lists = [values[:_SHOWN].tolist() for values in self._columns.values()]
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(values[row]))}</td>" for values in lists) + "</tr>"
            for row in range(min(self._rows, _SHOWN))
        )
        return f"<table><tr>{head}</tr>{body}</table><p>{self._rows:,} rows</p>"


def _array(values: Sequence[Any] | np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if isinstance(values, np.ndarray):
        return values
    if any(isinstance(value, str) or value is None for value in values):
        return np.array(values, dtype=object)
    return np.array(values)


def _line(values: Iterable[Any]) -> str:
    """One line of CSV. The writer of the standard library leaves a lone CR unquoted, which ends a line."""
    cells = [_cell(value) for value in values]
    quoted = [f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _QUOTED & set(cell) else cell for cell in cells]
    return (",".join(quoted) if quoted != [""] else _QUOTE * 2) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return csv_cell(value)
    return "" if value is None or value != value else repr(value) if isinstance(value, float) else str(value)


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and value == value:
        sheet.write_number(row, column, value)

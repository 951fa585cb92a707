"""The plan as an Excel workbook: one sheet a table, numbers as numbers, text always text, totals as formulas.

The same plan gives the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import storage
from xroute.captions import as_number, heading, shown, unit_of
from xroute.errors import LimitError
from xroute.extras import need
from xroute.flows import PlanFacts, audit_lines
from xroute.indicative import TAG, indicative_cells, is_price, plan_is_indicative

if TYPE_CHECKING:
    from xroute.table import Table

MOST_ROWS = 1_048_576 - 2  # of an Excel sheet, less heading and totals
_MOST_LETTERS = 32_767
_CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LEFT_OUT = {"legs": ("wkt",)}
_SHEETS = (
    ("Warehouses", "warehouses"),
    ("First legs", "first_legs"),
    ("Deliveries", "deliveries"),
    ("Routes", "routes"),
    ("Legs", "legs"),
    ("Cost lines", "cost_lines"),
    ("Footprint lines", "footprint_lines"),
    ("Zones", "zones"),
    ("Front", "front"),
)
_NO_TOTALS = ("routes", "legs", "front")
_NEVER_SUMMED = {"footprint_lines": ("mass_t",)}  # one tonne stands in every line that moves it


def write(plan: PlanFacts, path: str | Path) -> Path:
    """Writes the workbook whole or not at all, and gives the path back.

    Raises `LimitError` for a table of more rows than a sheet holds, `MissingExtraError` without xlsxwriter.
    """
    xlsxwriter = need("xlsxwriter", "tables")
    memory = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(memory, options)
    book.set_properties({"title": _text(plan.title)[:255], "created": _CREATED, "author": "", "comments": ""})
    looks = _Looks(book)
    _summary(book.add_worksheet("Summary"), plan, looks)
    for title, name in _SHEETS:
        table = plan.front if name == "front" else plan.tables.get(name)
        if table is not None:
            _sheet(book.add_worksheet(title), plan, name, table, looks)
    _assumptions(book.add_worksheet("Assumptions"), plan, looks)
    book.close()
    storage.write_whole(Path(path), memory.getvalue())
    return Path(path)


class _Looks:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **properties: Any) -> Any:
        """A format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 11, "valign": "top", **properties}
            )
        return self._made[key]

    @property
    def head(self) -> Any:
        """Headings: white on dark, wrapped."""
        return self.look(
            bold=True,
            font_color="#FFFFFF",
            bg_color="#0B4F71",
            text_wrap=True,
            valign="vcenter",
            border=1,
            border_color="#D8DDE2",
        )

    def number(self, column: str, *, is_total: bool = False) -> Any:
        """The number format that a column's unit deserves."""
        total = {"bold": True, "top": 1} if is_total else {}
        return self.look(num_format=number_format(column), **total)


def number_format(column: str) -> str:
    """The Excel format of a column's numbers.

    >>> number_format("cost_eur"), number_format("utilisation"), number_format("mass_t")
    ('#,##0.00', '0.0%', '#,##0.00')
    """
    unit = unit_of(column)
    if unit is None:
        return "0.0000" if column in ("lat", "lon") else "General"
    if unit.label == "%" and unit.factor == 100.0:
        return "0.0%"
    if unit.label == "EUR":
        return "#,##0.00"
    return "#,##0" + ("." + "0" * unit.decimals if unit.decimals else "")


def sheet_heading(column: str) -> str:
    """The heading in a workbook, where numbers keep the column's own unit (hours stay hours).

    >>> sheet_heading("duration_h"), sheet_heading("storage_eur")
    ('Duration, h', 'Storage, EUR')
    """
    if column.endswith("_h") and column.startswith("duration"):
        return heading(column).replace(", days", ", h")
    return heading(column)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    values: Any
    is_number: bool


def _sheet(page: Any, plan: PlanFacts, name: str, table: Table, looks: _Looks) -> None:
    if len(table) > MOST_ROWS:
        raise LimitError(
            f"{name} has {len(table):,} rows; an Excel sheet holds {MOST_ROWS:,}: read {name}.parquet instead"
        )
    columns = _columns(plan, name, table)
    for at, column in enumerate(columns):
        page.set_column(at, at, _width(column))
        page.write_string(0, at, _text(sheet_heading(column.name)), looks.head)
        for row, value in enumerate(column.values, start=1):
            _write(page, row, at, column.name, value, looks)
    page.set_row(0, 32)
    page.freeze_panes(1, 1)
    if columns:
        page.autofilter(0, 0, max(1, len(table)), len(columns) - 1)
    if name not in _NO_TOTALS and len(table):
        _totals(page, columns, len(table), looks, skipped=_NEVER_SUMMED.get(name, ()))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _columns(plan: PlanFacts, name: str, table: Table) -> list[_Column]:
    kept = [each for each in table.columns if each not in _LEFT_OUT.get(name, ())]
    columns = [
        _Column(each, table[each], len(table) > 0 and as_number(table[each][0]) is not None) for each in kept
    ]
    marks = indicative_cells(plan, name, table)
    if marks and TAG not in table.columns:
        flags = np.any(list(marks.values()), axis=0)
        columns.append(_Column(TAG, flags, False))
    return columns


def _width(column: _Column) -> float:
    if column.is_number:
        return 14.0
    longest = max((len(str(value)) for value in column.values[:200]), default=8)
    return float(min(42, max(11, longest + 2)))


def _write(page: Any, row: int, at: int, name: str, value: Any, looks: _Looks) -> None:
    number = as_number(value)
    if number is None:
        text = shown(name, value) if value is not None else ""
        _write_text(page, row, at, text, looks)
    elif math.isfinite(number):
        page.write_number(row, at, number, looks.number(name))
    elif math.isinf(number):
        page.write_string(row, at, shown(name, number), looks.look())


def _write_text(page: Any, row: int, at: int, value: str, looks: _Looks, **properties: Any) -> None:
    text = _text(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        properties["quote_prefix"] = True  # stays text when the cell is edited
    page.write_string(row, at, text, looks.look(**properties))


def _text(value: str) -> str:
    """Text that a cell can hold: no lone surrogate, at most 32,767 letters."""
    clean = str(value).encode("utf-8", "replace").decode()
    return clean if len(clean) <= _MOST_LETTERS else clean[: _MOST_LETTERS - 1] + "…"


def _totals(
    page: Any, columns: list[_Column], count: int, looks: _Looks, *, skipped: tuple[str, ...]
) -> None:
    cell = need("xlsxwriter.utility", "tables").xl_rowcol_to_cell
    row = count + 1
    for at, column in enumerate(columns):
        unit = unit_of(column.name)
        if column.is_number and unit is not None and unit.is_summed and column.name not in skipped:
            total = math.fsum(float(value) for value in column.values if math.isfinite(float(value)))
            area = f"{cell(1, at)}:{cell(count, at)}"
            page.write_formula(row, at, f"=SUM({area})", looks.number(column.name, is_total=True), total)
        else:
            page.write_string(row, at, "Total" if at == 0 else "", looks.look(bold=True, top=1))


def _summary(page: Any, plan: PlanFacts, looks: _Looks) -> None:
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 24)
    page.set_column(2, 3, 18)
    _write_text(page, 0, 0, plan.title, looks, bold=True, font_size=16)
    _write_text(page, 1, 0, plan.scenario_name, looks, font_color="#56606D")
    for at, title in enumerate(("Figure", "Value", "Unit", "Price made by")):
        page.write_string(3, at, title, looks.head)
    marked = plan_is_indicative(plan)
    for row, (key, value) in enumerate(plan.kpis.items(), start=4):
        unit = unit_of(key)
        is_unit = unit is not None and unit.label not in ("", "%") and not key.startswith("duration")
        _write_text(page, row, 0, sheet_heading(key).removesuffix(f", {unit.label}" if unit else ""), looks)
        _write(page, row, 1, key, value, looks)
        page.write_string(row, 2, unit.label if unit is not None and is_unit else "", looks.look())
        page.write_string(row, 3, TAG if marked and is_price(key) else "", looks.look(font_color="#6B4300"))
    last = 5 + len(plan.kpis)
    notes = [
        "Costs are transport and warehousing; duty and VAT are not in them.",
        "Emissions are calculated in alignment with ISO 14083:2023, well to wheel (WTW) = WTT + TTW.",
    ]
    _lines(page, last, notes, looks)
    page.freeze_panes(4, 0)


def _assumptions(page: Any, plan: PlanFacts, looks: _Looks) -> None:
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 90)
    blocks: tuple[tuple[str, Iterable[tuple[str, str]]], ...] = (
        ("Assumptions to check", [(line, "") for line in plan.assumptions]),
        ("Data and credits", [(line, "") for line in plan.attribution]),
        ("Audit", list(audit_lines(plan.audit))),
    )
    row = 0
    for title, lines in blocks:
        page.write_string(row, 0, title, looks.head)
        page.write_string(row, 1, "", looks.head)
        for name, value in lines:
            row += 1
            _write_text(page, row, 0, name, looks)
            _write_text(page, row, 1, value, looks)
        row += 2


def _lines(page: Any, row: int, lines: list[str], looks: _Looks) -> None:
    for at, line in enumerate(lines):
        _write_text(page, row + at, 0, line, looks, font_color="#56606D")

"""The report of a footprint: what ISO 14083 asks to be stated, as Markdown, HTML or a workbook.

Totals with energy provision apart, intensities with their distance basis, sums by mode and hub, the elements,
data quality and range, the figures with their sources, and what deviates or needs a reader's eye.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute import storage
from xroute.errors import InputError
from xroute.extras import need
from xroute.footprint_sections import Frame, Section, sections

if TYPE_CHECKING:
    from xroute.footprint import Footprint

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;font-size:.9rem}"
    "th,td{padding:.3rem .7rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintReport:
    """A footprint as a reader gets it; `markdown()`, `html()` and `save()` hold the same."""

    title: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """The report as Markdown with pipe tables."""
        lines = [f"# {self.title}", ""]
        for section in self.sections:
            lines += [f"## {section.title}", "", *(f"{text}\n" for text in section.sentences)]
            if section.rows:
                lines += [_pipes(section.headings), _pipes(["---"] * len(section.headings))]
                lines += [*(_pipes(_shown(cell) for cell in row) for row in section.rows), ""]
        return "\n".join(lines).rstrip() + "\n"

    def html(self) -> str:
        """The report as one HTML page that loads nothing."""
        parts = [
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{html.escape(self.title)}</title><style>{_STYLE}</style>",
            f"<h1>{html.escape(self.title)}</h1>",
        ]
        for section in self.sections:
            parts.append(f"<h2>{html.escape(section.title)}</h2>")
            parts += [f"<p>{html.escape(text)}</p>" for text in section.sentences]
            if section.rows:
                parts.append(_html_table(section))
        return "\n".join(parts) + "\n"

    def save(self, path: str | Path) -> Path:
        """Writes the report as its name says: .md, .html or .xlsx. Raises `InputError` for another ending."""
        target = Path(path)
        if target.suffix == ".xlsx":
            return self._save_workbook(target)
        if target.suffix not in (".md", ".html"):
            raise InputError(f"'{target.suffix}' is none of: .md, .html, .xlsx", column="path")
        text = self.markdown() if target.suffix == ".md" else self.html()
        storage.write_whole(target, text.encode("utf-8"))
        return target

    def _save_workbook(self, target: Path) -> Path:
        xlsxwriter = need("xlsxwriter", "tables")
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with storage.replacing(target) as draft, xlsxwriter.Workbook(str(draft), options) as book:
            bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
            for section in self.sections:
                sheet = book.add_worksheet(section.title[:31])
                sheet.set_column(0, 12, 22)
                for row, text in enumerate(section.sentences):
                    sheet.merge_range(row, 0, row, 5, text, wrap)
                first = len(section.sentences) + bool(section.sentences)
                for column, heading in enumerate(section.headings):
                    sheet.write_string(first, column, heading, bold)
                for number, cells in enumerate(section.rows, first + 1):
                    for column, cell in enumerate(cells):
                        _write(sheet, number, column, cell)
        return target


def report(
    footprint: Footprint, *, title: str = "Greenhouse gas report", frame: Frame | None = None
) -> FootprintReport:
    """The report of a footprint. Raises `InputError` without elements."""
    return FootprintReport(title=title, sections=sections(footprint, frame or Frame()))


def _pipes(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _shown(cell: Any) -> str:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and math.isnan(cell):
        return ""
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.4g}" if abs(cell) < 1000 else f"{cell:,.1f}"


def _html_table(section: Section) -> str:
    numeric = [
        all(isinstance(row[column], int | float) or row[column] is None for row in section.rows)
        for column in range(len(section.headings))
    ]
    kinds = [' class="n"' if is_number else "" for is_number in numeric]
    head = "".join(
        f"<th{kind}>{html.escape(text)}</th>" for kind, text in zip(kinds, section.headings, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{html.escape(_shown(cell))}</td>" for kind, cell in zip(kinds, row, strict=True)
        )
        + "</tr>"
        for row in section.rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _escaped(cell: Any) -> str:
    return html.escape(_shown(cell))


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        sheet.write_number(row, column, cell)
    elif cell is not None and not isinstance(cell, float):
        sheet.write_string(row, column, str(cell))

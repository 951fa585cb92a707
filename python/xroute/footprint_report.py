"""The report of a footprint: what ISO 14083 asks to be stated, as Markdown, HTML or a workbook.

Totals with energy provision apart, intensities with their distance basis, sums by mode and hub, the elements,
data quality and range, the figures with their sources, and what deviates or needs a reader's eye.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute import storage
from xroute.errors import InputError
from xroute.extras import need
from xroute.quality import METHOD

if TYPE_CHECKING:
    from xroute.footprint import Footprint, FootprintLine

Cells = tuple[Any, ...]
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;font-size:.9rem}"
    "th,td{padding:.3rem .7rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the report: sentences, then a table where it has one."""

    title: str
    sentences: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[Cells, ...] = ()


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
        with xlsxwriter.Workbook(str(target), options) as book:
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
    footprint: Footprint, *, title: str = "Greenhouse gas report", period: tuple[date, date] | None = None
) -> FootprintReport:
    """The report of a footprint over a period (first and last day). Raises `InputError` without elements."""
    if not footprint.lines:
        raise InputError("a report needs at least one element", table="footprint")
    sections = (
        _statement(period),
        _totals(footprint),
        _by_mode(footprint),
        _elements(footprint),
        _quality(footprint),
        _figures(footprint),
        _deviations(footprint),
    )
    return FootprintReport(title=title, sections=sections)


def _statement(period: tuple[date, date] | None) -> Section:
    span = f"Period: {period[0]} to {period[1]}." if period else "Period: not stated."
    return Section(
        title="Statement",
        sentences=(
            "Calculated in alignment with ISO 14083:2023. Greenhouse gases as CO2e from the provision (WTT) "
            "and the use (TTW) of energy; their sum is well to wheel (WTW).",
            span,
            "Transport: tonnes times kilometres times intensity, with the distance brought to the basis of "
            "the intensity. Hubs: tonnes that leave times intensity. Mass is freight with the shipper's "
            "packaging.",
            "Making and scrapping vehicles, buildings and packaging is not in it; nor are offsets.",
        ),
    )


def _totals(found: Footprint) -> Section:
    rows: list[Cells] = [
        ("Energy provision (WTT)", found.wtt_co2e_kg, "kg CO2e"),
        ("Operation (TTW)", found.ttw_co2e_kg, "kg CO2e"),
    ]
    if not found.is_ttw_only:
        rows.append(("Total (WTW)", found.wtw_co2e_kg, "kg CO2e"))
    for basis in sorted({line.distance_basis for line in found.lines if line.distance_basis}):
        lines = [line for line in found.lines if line.distance_basis == basis]
        activity = math.fsum(line.activity_tkm for line in lines)
        rows.append((f"Transport activity on {basis} distance", activity, "tkm"))
        if activity and not found.is_ttw_only:
            grams = 1000.0 * math.fsum(line.wtw_co2e_kg for line in lines) / activity
            rows.append((f"Intensity of transport on {basis} distance (WTW)", grams, "g CO2e/tkm"))
    if found.radiative_forcing_co2e_kg:
        rows.append(
            ("Flight at altitude, for information, in no total", found.radiative_forcing_co2e_kg, "kg CO2e")
        )
    return Section(title="Totals", headings=("what", "amount", "unit"), rows=tuple(rows))


def _by_mode(found: Footprint) -> Section:
    rows = []
    for mode in dict.fromkeys(line.mode for line in found.lines):
        lines = [line for line in found.lines if line.mode == mode]
        wtt, ttw = (
            math.fsum(getattr(line, name) for line in lines) for name in ("wtt_co2e_kg", "ttw_co2e_kg")
        )
        activity = math.fsum(line.activity_tkm for line in lines)
        share = (wtt + ttw) / (found.wtt_co2e_kg + found.ttw_co2e_kg) if found.ttw_co2e_kg + wtt else math.nan
        basis = ", ".join(sorted({line.distance_basis for line in lines} - {""}))
        intensity = 1000.0 * (wtt + ttw) / activity if activity else math.nan
        rows.append((mode, len(lines), activity or math.nan, basis, intensity, wtt, ttw, wtt + ttw, share))
    headings = (
        "mode", "elements", "tkm", "distance basis", "g CO2e/tkm", "WTT kg", "TTW kg", "WTW kg",
        "share of total",
    )  # fmt: skip
    return Section(title="By mode and hub", headings=headings, rows=tuple(rows))


def _elements(found: Footprint) -> Section:
    rows = tuple(
        (
            line.element, line.mode, line.mass_kg, line.distance_km or math.nan, line.distance_basis,
            line.adjustment, line.factor.factor_id, line.wtt_co2e_kg, line.ttw_co2e_kg, line.wtw_co2e_kg,
        )
        for line in found.lines
    )  # fmt: skip
    headings = (
        "element", "mode", "kg", "km", "distance basis", "adjustment", "figure", "WTT kg", "TTW kg", "WTW kg",
    )  # fmt: skip
    return Section(title="Elements of the chain", headings=headings, rows=rows)


def _quality(found: Footprint) -> Section:
    rows: list[Cells] = [(name, share) for name, share in found.data_quality.items()]
    sentences = ["Share of the emission (WTW) by kind of data."]
    if not found.is_ttw_only:
        span = found.range()
        sentences.append(f"Range: {span}. Method: {span.method}.")
        sentences.append(
            "Parts down and up, kg: "
            + "; ".join(f"{name} {down:,.1f} and {up:,.1f}" for name, (down, up) in span.parts_kg.items())
            + "."
        )
    return Section(
        title="Data quality", sentences=tuple(sentences), headings=("kind of data", "share"), rows=tuple(rows)
    )


def _figures(found: Footprint) -> Section:
    rows: dict[str, Cells] = {}
    for line in found.lines:
        factor = line.factor
        wtt = getattr(factor, "wtt_g_tkm", None) if line.mode != "hub" else getattr(factor, "wtt_g_t", None)
        ttw = getattr(factor, "ttw_g_tkm", None) if line.mode != "hub" else getattr(factor, "ttw_g_t", None)
        unit = "g/t" if line.mode == "hub" else f"g/tkm, {getattr(factor, 'distance_basis', '')}"
        rows[f"{factor.pack_id}:{factor.factor_id}:{getattr(factor, 'country', '')}"] = (
            factor.factor_id, wtt, ttw, unit, factor.category, factor.gwp_set,
            f"{factor.pack_id} {factor.pack_version}".strip(), factor.source, factor.section, factor.licence,
        )  # fmt: skip
    headings = ("figure", "WTT", "TTW", "unit", "category", "GWP", "pack", "source", "place", "licence")
    return Section(title="Figures and their sources", headings=headings, rows=tuple(rows.values()))


def _deviations(found: Footprint) -> Section:
    return Section(title="Deviations and notes", sentences=tuple(_notes(found.lines)) or ("None.",))


def _notes(lines: Sequence[FootprintLine]) -> Iterable[str]:
    sets = sorted({line.factor.gwp_set for line in lines if line.factor.gwp_set})
    if len(sets) > 1:
        yield f"Figures of several sets of global warming potentials are added: {', '.join(sets)}."
    if any(math.isnan(line.wtt_co2e_kg) for line in lines):
        yield "A figure holds operation (TTW) alone, so that there is no total with energy provision."
    adjusted = [line for line in lines if line.adjustment != 1.0]
    for line in adjusted:
        basis = getattr(line.factor, "distance_basis", "")
        yield f"{line.element}: {line.distance_basis} kilometres times {line.adjustment:.4g} to {basis}."
    for line in lines:
        if line.factor.fallback:
            yield f"{line.element}: {line.factor.fallback}."
    if any(getattr(line.factor, "energy_carrier", "") == "electricity" for line in lines):
        yield "Electricity is location-based; market-based claims are in no total."
    yield f"Ranges of figures without one of their own are team estimates; {METHOD}."


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

"""Footprints on a terminal: several packs side by side, records of others recomputed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xroute import cli_output

if TYPE_CHECKING:
    from xroute.footprint import Footprint


def show_packs(found: Footprint, packs: Sequence[str], output: Path | None, *, as_json: bool) -> None:
    """A footprint by several packs; `all` are the shipped ones that hold intensities."""
    from xroute.factors import available_packs, load_pack

    named = [each for each in available_packs() if load_pack(each).factors] if packs == ("all",) else packs
    comparison = found.compare(named)
    if as_json or output:
        cli_output.show_table(comparison.table(), output, as_json=as_json)
    else:
        cli_output.print_text(comparison.explain())


def check_record(path: Path, output: Path | None, *, as_json: bool) -> int:
    """Somebody else's iLEAP record recomputed; the exit code: 0, or 3 where something is wrong."""
    from xroute.ileap_check import validate

    report = validate(path)
    if as_json or output:
        cli_output.show_table(report.table(), output, as_json=as_json)
    else:
        for each in report.findings:
            word = "wrong" if each.is_error else "note"
            wanted = f"; expected {each.expected}" if each.expected else ""
            found = f" ({each.found}{wanted})" if each.found else f" ({wanted[2:]})" if wanted else ""
            cli_output.print_text(f"{word}  {each.check:9}  {each.path}: {each.message}{found}")
        looked = (
            f"{report.shipments} shipments, {report.elements} elements, {report.operations} operations, "
            f"{report.hubs} hubs"
        )
        notes = len(report.findings) - len(report.errors)
        cli_output.print_text(f"{looked}: {len(report.errors)} wrong, {notes} notes")
    return 0 if report.is_valid else 3

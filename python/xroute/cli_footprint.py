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

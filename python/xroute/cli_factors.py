"""Factor packs on a terminal: which there are, what they hold, whether one is sound, how two differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xroute import cli_output
from xroute.factor_check import classes_table, difference, loaded, notes, packs_table
from xroute.table import Table

_FITS = ("mode", "vehicle_class", "temperature", "wtt_g", "ttw_g", "per", "distance_basis", "category")


def show_packs(*, as_json: bool) -> None:
    """The packs by name."""
    table = packs_table()
    shown = ("id", "kind", "publisher", "version", "licence", "gwp_set", "scope", "status")
    cli_output.show_table(table if as_json else _only(table, shown), None, as_json=as_json)


def show_pack(name: str, mode: str, output: Path | None, *, as_json: bool) -> None:
    """The facts of a pack and what answers for each class; files and JSON get every column."""
    pack = loaded(name)
    table = classes_table(pack, mode)
    if as_json or output:
        cli_output.show_table(table, output, as_json=as_json)
        return
    facts: dict[str, Any] = {
        each: getattr(pack, each)
        for each in ("publisher", "version", "vintage", "licence", "gwp_set", "scope", "redistribution")
    }
    facts |= {"asked in order": [each.id for each in pack.order], "attribution": pack.attribution}
    cli_output.print_facts(pack.id, facts | {"note": pack.note})
    own = _own_rows(table) if not mode else table
    cli_output.show_table(_only(own, _FITS), None, as_json=False)
    if len(own) < len(table):
        cli_output.print_text("rows of single countries are left out; --mode or -o shows them")


def _own_rows(table: Table) -> Table:
    """Without the rows of single countries, which are many and alike."""
    keep = [
        row for row, name in enumerate(table["vehicle_class"])
        if not (len(str(name)) > 3 and str(name)[-3] in "_ " and str(name)[-2:].isupper())
    ]  # fmt: skip
    return Table({name: [table[name][row] for row in keep] for name in table.columns})


def check_pack(name: str, *, as_json: bool) -> None:
    """That a pack is sound, and what a reader should know."""
    pack = loaded(name)
    found = notes(pack)
    if as_json:
        facts = {"id": pack.id, "sound": True, "notes": [[each.subject, each.message] for each in found]}
        cli_output.print_text(cli_output.to_json(facts))
        return
    cli_output.print_text(
        f"{pack.id} is sound: {len(pack.factors)} figures, {len(pack.hubs)} hubs, {len(pack.fuels)} fuels, "
        f"{len(pack.grids)} grids"
    )
    for each in found:
        cli_output.print_text(f"- {each.subject}: {each.message}")


def show_difference(before: str, after: str, output: Path | None, *, as_json: bool) -> None:
    """How the second pack answers otherwise than the first."""
    table = difference(loaded(before), loaded(after))
    if not len(table) and not (as_json or output):
        cli_output.print_text("no difference")
        return
    cli_output.show_table(table, output, as_json=as_json)


def _only(table: Table, names: tuple[str, ...]) -> Table:
    return Table({name: table[name] for name in names})

"""How networks look on a terminal: facts, findings, what was built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table as Screen

from xroute import _core, cli_output
from xroute.errors import InputError
from xroute.extras import need
from xroute.lint_components import every_mode
from xroute.lint_view import LintView
from xroute.network import Network
from xroute.network_build import Build, build, links_by_passage
from xroute.network_lint import CHECKS, LintReport
from xroute.schema import MODES
from xroute.storage import package_data, write_whole

MOST_SHOWN = 10
WRITTEN = (".csv", ".parquet", ".xlsx", ".html")
_LONGEST_NOTICE = 2_000


# --- info ---------------------------------------------------------------------------------------------


def facts(net: Network, path: Path | None) -> dict[str, Any]:
    """Counts by kind and mode, passages, vintage, sources with licences and credits, file."""
    hubs = net.core.table("hubs")
    links = net.core.table("links")["origin"]
    kinds = sorted(set(hubs["kind"]))
    notices = net.core.table("notices")
    file = path or package_data("global.xnet")
    return {
        "hubs": len(hubs["hub_id"]),
        "hubs_by_kind": {kind: hubs["kind"].count(kind) for kind in kinds},
        "links": len(links),
        "services": len(net.service_ids),
        "transfers": len(net.core.table("transfers")["hub_id"]),
        "modes": mode_rows(net),
        "passages": passage_rows(net),
        "search_nodes": net.core.node_count,
        "search_edges": net.core.edge_count,
        "schema_version": _core.FORMAT_VERSION,
        "file": file.name,
        "file_bytes": file.stat().st_size,
        **dict(zip(notices["title"], notices["text"], strict=True)),
    }


def mode_rows(net: Network) -> list[dict[str, Any]]:
    """One row a mode: hubs it reaches, links, their km, services, components with a hub, and the largest."""
    view = LintView(net)
    parts = {each.mode: each for each in every_mode(view)}
    rows = []
    for mode in MODES:
        links = view.link_mode == mode
        services = int(np.count_nonzero(view.service_mode == mode))
        if links.any() or services:
            each = parts.get(mode)
            rows.append(
                {
                    "mode": mode,
                    "hubs": each.hubs if each else 0,
                    "links": int(np.count_nonzero(links)),
                    "link_km": round(float(view.distance_km[links].sum()), 1),
                    "services": services,
                    "components": len(each.parts) if each else 0,
                    "largest_hubs": each.largest if each else 0,
                }
            )
    return rows


def passage_rows(net: Network) -> list[dict[str, Any]]:
    """One row a passage: its name, its state by default and the links that carry it."""
    table, links = net.core.table("passages"), links_by_passage(net)
    return [
        {
            "passage_id": name,
            "name": label,
            "default": "closed" if is_closed else "open",
            "links": links[name],
        }
        for name, label, is_closed in zip(
            table["passage_id"], table["name"], table["default_closed"], strict=True
        )
    ]


def print_info(found: Mapping[str, Any]) -> None:
    """The facts on one screen."""
    plain = {
        name: value
        for name, value in found.items()
        if name not in ("hubs_by_kind", "modes", "passages", "files")  # sums of files are for --json
    }
    kinds = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in found["hubs_by_kind"].items())
    shown = {"hubs": f"{plain.pop('hubs'):,}: {kinds}"}
    shown |= {
        name: f"{value:,}" if isinstance(value, int) else _shortened(value) for name, value in plain.items()
    }
    cli_output.print_facts("Network", shown)
    _print_rows(found["modes"])
    if found["passages"]:
        _print_rows(found["passages"])


def _shortened(text: str) -> str:
    parts = text.replace("; ", "\n")
    return parts if len(parts) <= _LONGEST_NOTICE else f"{parts[:_LONGEST_NOTICE]} ..."


def _print_rows(rows: list[dict[str, Any]]) -> None:
    """Plain rows of a table, numbers to the right."""
    screen = Screen(box=None, pad_edge=False, header_style="bold")
    for name, value in rows[0].items():
        is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        screen.add_column(name.replace("_", " "), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        screen.add_row(*(_cell(value) for value in row.values()))
    console = Console(width=max(Console().width, 112))
    console.print()
    console.print(screen)


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return "-" if value != value else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)


# --- lint ---------------------------------------------------------------------------------------------


def lint_facts(report: LintReport) -> dict[str, Any]:
    """A report as plain values for JSON."""
    return {
        "open": report.open_count,
        "listed": len(report.findings) - report.open_count,
        "checks": report.summary().rows(),
        "components": report.components.rows(),
        "findings": report.findings.rows(),
        "unused_reasons": report.unused_reasons.rows(),
    }


def print_lint(report: LintReport, *, is_shipped: bool = False) -> None:
    """The counts by check, and the first open findings of each."""
    _print_rows(report.summary().rows())
    for check in CHECKS:
        rows = report.first_open(check, most=MOST_SHOWN)
        if rows:
            cli_output.print_text(f"\n{check}")
        for row in rows:
            cli_output.print_text(f"  {row['subject']}: {row['message']}")
    more = report.open_count - sum(len(report.first_open(check, most=MOST_SHOWN)) for check in CHECKS)
    if more:
        cli_output.print_text(f"\n... and {more:,} more open findings; -o writes them all")
    if is_shipped and len(report.unused_reasons):
        cli_output.print_text(f"\n{len(report.unused_reasons):,} listed reasons fit no finding any more")


def write_lint(report: LintReport, path: Path) -> None:
    """Writes the findings as a table, or as one HTML page."""
    if path.suffix not in WRITTEN:
        raise InputError(f"'{path.suffix}' is none of: {', '.join(WRITTEN)}", column="output")
    if path.suffix != ".html":
        cli_output.write_table(report.findings, path)
        return
    jinja2 = need("jinja2", "maps")
    loader = jinja2.PackageLoader("xroute", "templates")
    settings = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    template = jinja2.Environment(loader=loader, **settings).get_template("lint.html.j2")
    write_whole(path, template.render(**lint_facts(report)).encode("utf-8"))


# --- build --------------------------------------------------------------------------------------------


def built(base: str, files: Mapping[str, Path | None], *, land: Path | None, allow: Path | None) -> Build:
    """What `network build` makes; a fault names the file of its table."""
    given = {name: path for name, path in files.items() if path is not None}
    if not given:
        options = ", ".join(f"--{name}" for name in files)
        raise typer.BadParameter(f"nothing to add; give one of {options}")
    start = None if base == "none" else Network.load(None if base == "shipped" else Path(base))
    try:
        return build(start, given, land=land, allow=allow)
    except InputError as error:
        name = error.table or ""
        if name not in given:
            raise
        raise InputError(
            error.message, table=f"{name} ({given[name].name})", row=error.row, column=error.column
        ) from error


def check_target(path: Path) -> None:
    """A network goes to an `.xnet` file in a folder that is there; raises `InputError` before the work."""
    if path.suffix != ".xnet":
        raise InputError(f"'{path.suffix}' is no ending of a network; expected .xnet", column="output")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent} to write {path.name} in")


def build_facts(made: Build, path: Path, *, is_written: bool) -> dict[str, Any]:
    """What was built as plain values for JSON."""
    return {
        "file": str(path) if is_written else None,
        "hubs": len(made.network.places),
        "links": len(made.network.core.table("links")["origin"]),
        "services": len(made.network.service_ids),
        "added": dict(made.added),
        "modes": made.modes.rows(),
        "passages": made.passages.rows(),
        "lint": lint_facts(made.lint),
    }


def print_build(made: Build, path: Path, *, is_written: bool) -> None:
    """What was added, what it joined, which links the passages close, and the findings on added rows."""
    added = ", ".join(f"{count:,} {name}" for name, count in made.added.items() if count)
    cli_output.print_text(f"added {added or 'nothing'}")
    if len(made.modes):
        _print_rows([row for row in made.modes.rows() if _has_changed(row)] or made.modes.rows())
    if len(made.passages):
        _print_rows(made.passages.rows())
    for row in made.passages.rows():
        if not row["links"]:
            cli_output.print_text(f"no link crosses '{row['passage_id']}': closing it changes nothing")
    if made.lint.open_count:
        cli_output.print_text("\nfindings on what was added:")
        print_lint(made.lint)
    else:
        cli_output.print_text("no open finding on what was added")
    cli_output.print_text(f"{'written to' if is_written else 'not written:'} {path}")


def _has_changed(row: Mapping[str, Any]) -> bool:
    is_other = row["components"] != row["components_before"] or row["largest"] != row["largest_before"]
    return bool(is_other or row["added_in_largest"] or row["added_outside"])

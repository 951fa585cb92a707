"""Medians and ratios of CPU time from the JSON of a bench run: printed, and as Markdown.

python -m benches.summary out/bench.json [--write benches/RESULTS.md] [--printed out/bench-*.txt]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PEERS = (
    *("networkx", "scipy", "igraph", "rustworkx", "pyroutingkit", "scgraph", "scgraph-data", "searoute"),
    *("numpy", "pandas"),
)
REFERENCES = (
    *("xroute prepared", "xroute core", "xroute"),
    "xroute Network.route, carbon price",
)
"""What the others of a group are measured against: the first of these that the group has."""
NOTES = """\
CPU time of the whole process, medians, one run for all. Answers are compared before they are timed: equal
whole numbers, but for searoute (near) and `Network.pareto` (its routes are routes of the core).
A ratio above 1 means that the contender needs that many times the CPU of xroute (the line at 1) for the same.
On a shared machine ratios move by a third from run to run: 0.7 to 1.4 is a tie.

- Whole-number weights and the same edges for all: the sea lanes alone (metres), and every platform, change
  and leg of the shipped network (cost). The peers' graphs are laid out anew from the public tables.
- xroute searches the whole network even for sea, with the other modes closed; ties are broken by time, and
  a matrix cell holds five quantities where the peers hold one. Matrices run on one thread.
- One to one ends with a path; the xroute core also returns its legs, and `Network.route` totals and customs,
  cost lines and footprint when they are read. Pricing the network for the shipment is done before, once,
  and not timed.
- scipy has no one to one: it goes to all nodes each time, and its path is left as predecessors.
- igraph returns the path, along which its length is summed; pyroutingkit both; rustworkx the length alone.
- scgraph is fed thousandths of the whole numbers (kilometres): its default search sorts by the size of
  weights and took 150 times as long with metres. Its contraction hierarchy is not among the rows: on the
  sea lanes of the shipped network its preparation had not ended after nine minutes.
- Prepared networks and `Network.route` keep what they found on the way up from hubs. Their rows ask other
  pairs in every round; rows that say "hubs asked for before" ask the same.
- pyroutingkit answers from its customised hierarchy; ordering and customising are groups of their own.
- searoute is timed by its public call on its own network; lengths differ by less than 5 % in the median.
- Label setting in Python is this folder's own reference with the same bounds and the same dominance, so it
  measures the implementation and not the method.
"""


@dataclass(frozen=True)
class Row:
    """One contender in one group: median CPU per query in milliseconds, over so many rounds."""

    group: str
    contender: str
    median_ms: float
    rounds: int
    info: dict[str, float]


def rows_of(report: dict[str, list[dict[str, dict[str, float]]]]) -> list[Row]:
    """The benchmarks of a report by pytest-benchmark."""
    return [
        Row(
            group=str(each["group"]),
            contender=str(each["extra_info"]["contender"]),
            median_ms=1e3 * each["stats"]["median"] / each["extra_info"]["queries"],
            rounds=int(each["stats"]["rounds"]),
            info=each["extra_info"],
        )
        for each in report["benchmarks"]
    ]


def groups(rows: list[Row]) -> Iterator[tuple[str, float, list[Row]]]:
    """Each group with the median of xroute and its rows, fastest first; imports left out."""
    names = list(dict.fromkeys(row.group for row in rows if row.group != "import"))
    for name in names:
        members = sorted((row for row in rows if row.group == name), key=lambda row: row.median_ms)
        median = {row.contender: row.median_ms for row in members}
        ours = [median[each] for each in REFERENCES if each in median]
        if not ours:
            raise SystemExit(f"group '{name}' has none of: {', '.join(REFERENCES)}; run all benches")
        yield name, ours[0], members


def imports(rows: list[Row]) -> Iterator[tuple[str, float, float]]:
    """Statement, milliseconds of CPU beyond `import numpy`, and the budget."""
    for row in rows:
        if row.group == "import":
            yield row.contender, row.median_ms - row.info["numpy_ms"], row.info["budget_ms"]


def ratio(value: float) -> str:
    """Two significant digits, which is what a shared machine can tell.

    >>> ratio(22.87), ratio(1.31), ratio(0.154), ratio(202.0)
    ('23', '1.3', '0.15', '200')
    """
    rounded = float(f"{value:.2g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:.2g}"


def digits(median_ms: float) -> str:
    """Three significant digits, without an exponent.

    >>> digits(0.012345), digits(1234.5), digits(22.0)
    ('0.0123', '1234', '22')
    """
    whole = f"{median_ms:.0f}"
    return whole if median_ms >= 1000 else f"{float(f'{median_ms:.3g}'):.12g}"


def machine() -> str:
    """The processor, how many of it, and the system."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}"


def screen(rows: list[Row]) -> str:
    """The table for a terminal, with times."""
    lines = []
    for name, ours, members in groups(rows):
        lines += [f"\n{name}", f"  {'':44}{'ms CPU a query':>15}{'x xroute':>15}{'rounds':>8}"]
        lines += [
            f"  {row.contender:44}{row.median_ms:15.4f}{ratio(row.median_ms / ours):>15}{row.rounds:8}"
            for row in members
        ]
    if any(row.group == "import" for row in rows):
        lines.append("\nimport, ms CPU beyond `import numpy`")
    for statement, extra_ms, budget_ms in imports(rows):
        lines.append(f"  {statement:44}{extra_ms:15.1f}{verdict(extra_ms, budget_ms):>24}")
    return "\n".join(lines)


def verdict(extra_ms: float, budget_ms: float) -> str:
    """How an import stands to its budget."""
    if abs(extra_ms / budget_ms - 1.0) < 0.15:
        return f"at the edge of {budget_ms:.0f} ms"  # which side is chance on a shared machine
    state = "within" if extra_ms <= budget_ms else "OVER"
    return f"{state} {budget_ms:.0f} ms"


def printed(paths: list[Path]) -> list[str]:
    """What the scripts of this folder printed, as they did."""
    lines = ["", "## Printed by scripts", ""]
    for path in paths:
        name = path.stem.removeprefix("bench-")
        lines += [
            f"`python -m benches.{name}`",
            "",
            "```text",
            path.read_text("utf-8").strip("\n"),
            "```",
            "",
        ]
    return lines[: -1 if paths else 0]


def markdown(rows: list[Row], scripts: list[Path]) -> str:
    """The tables for RESULTS.md, and what scripts printed."""
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    lines = [
        "# Speed beside peers",
        "",
        "Written by `make bench`'s summary (`benches/summary.py`); do not edit.",
        f"xroute {version('xroute')}, {peers}; Python {platform.python_version()}.",
        f"{machine()}.",
        "",
        NOTES,
    ]
    for name, ours, members in groups(rows):
        lines += [
            f"## {name[0].upper()}{name[1:]}",
            "",
            "| contender | ms a query | x xroute |",
            "|---|---:|---:|",
        ]
        lines += [
            f"| {row.contender} | {digits(row.median_ms)} | {ratio(row.median_ms / ours)} |"
            for row in members
        ]
        lines.append("")
    lines += ["## Import", "", "CPU beyond `import numpy`; `import xroute` is lazy and loads no numpy.", ""]
    lines += ["| statement | budget |", "|---|---|"]
    lines += [f"| `{name}` | {verdict(extra_ms, budget)} |" for name, extra_ms, budget in imports(rows)]
    return "\n".join([*lines, *printed(scripts)]) + "\n"


def main() -> None:
    """Reads a report, prints it and writes it where asked."""
    parser = argparse.ArgumentParser(description="Ratios of CPU time from a bench run.")
    parser.add_argument("report", type=Path)
    parser.add_argument("--write", type=Path, metavar="MARKDOWN")
    parser.add_argument("--printed", type=Path, nargs="*", default=[], metavar="TEXT")
    arguments = parser.parse_args()
    rows = rows_of(json.loads(arguments.report.read_text("utf-8")))
    print(screen(rows))
    if arguments.write:
        arguments.write.write_text(markdown(rows, arguments.printed), "utf-8")


if __name__ == "__main__":
    main()

"""Published files of facility location and of its two-stage form, a minute each.

`python -m benches.location_shared [folder] [--each n] [--family name]`; the folder is that of `optima.csv`,
`--each 3` takes every third file of a family, `--family two-stage` one family alone. The limit is wall time:
on a busy machine less is reached, so each row states the CPU seconds that the process got. A row passes where
a Holmberg file is proved, a file of Delmaire, Yang or TBED1 ends within 1 % of the published value, a
two-stage file within 0.3 % of the best known with a bound within 1 %. Files of TBED1 are answered with split
service too: their published values are that optimum, so the bound of a single-source answer, below which
none lies, may be above them. How far above the optimum an answer is at most is said by the nearer of the
published value and its own bound.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xroute as xr

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from facility_files import Instance, TwoStage, instances, two_stage_instances

LIMIT_S = 60.0
WITHIN = {"holmberg": 1e-6, "delmaire": 0.01, "yang": 0.01, "tbed1": 0.01}
TWO_STAGE_WITHIN, BOUND_WITHIN = 0.003, 0.01


@dataclass(frozen=True)
class Row:
    """What one file came to: shares above the published value, and below it where the bound lies."""

    family: str
    name: str
    published: float
    above: float
    bound_below: float
    cpu_s: float
    status: str
    passes: bool

    def __str__(self) -> str:
        mark = "" if self.passes else "  MISSED"
        ends = f"{100 * self.above:+.3f} %, bound {0.0 - 100 * self.bound_below:+.3f} %, {self.status}"
        by_bound = (1.0 + self.above) / (1.0 - self.bound_below) - 1.0
        most = f"{max(0.0, 100 * min(self.above, by_bound)):.3f} % above the optimum at most"
        return (
            f"{self.family} {self.name}: {self.published:,.0f}, {ends}, {most}, {self.cpu_s:.1f} s CPU{mark}"
        )


def of_one_stage(case: Instance, *, is_single: bool = True) -> Row:
    """A file with the published value of single sources."""
    published = case.single_source
    begin = time.process_time()
    found = xr.facility_location(
        case.cost, case.capacity, case.fixed_cost, case.demand,
        cost_basis="total", single_source=is_single, time_limit_s=LIMIT_S,
    )  # fmt: skip
    above, below = found.objective / published - 1.0, 1.0 - found.bound / published
    passes = above <= WITHIN[case.family] and (case.family != "holmberg" or found.status == "optimal")
    return Row(
        case.family, case.name, published, above, below, time.process_time() - begin, found.status, passes
    )


def of_two_stages(case: TwoStage) -> Row:
    """A file of plants, satellites and customers."""
    begin = time.process_time()
    found = xr.two_stage_location(case.inbound, case.outbound, **case.amounts, time_limit_s=LIMIT_S)
    above, below = found.objective / case.best_known - 1.0, 1.0 - found.bound / case.best_known
    passes = above <= TWO_STAGE_WITHIN and below <= BOUND_WITHIN
    spent = time.process_time() - begin
    return Row("two-stage", case.name, case.best_known, above, below, spent, found.status, passes)


def rows(folder: Path, each: int, only: str | None) -> Iterator[Row]:
    """Every so many files of each family, or of one alone."""
    for family in [name for name in WITHIN if only in (None, name)]:
        for case in list(instances(folder, family))[::each]:
            yield of_one_stage(case)
            if family == "tbed1":
                yield of_one_stage(case, is_single=False)
    if only in (None, "two-stage"):
        yield from map(of_two_stages, list(two_stage_instances(folder))[::each])


def main(words: list[str]) -> None:
    """Prints a line for each file and the counts of each family."""
    each = int(words[words.index("--each") + 1]) if "--each" in words else 1
    only = words[words.index("--family") + 1] if "--family" in words else None
    folder = Path(words[0]) if words and not words[0].startswith("--") else Path("../shared/orlib")
    passed: dict[str, list[bool]] = {}
    for row in rows(folder, each, only):
        print(row, flush=True)
        passed.setdefault(row.family, []).append(row.passes)
    for family, found in passed.items():
        print(f"{family}: {sum(found)} of {len(found)} pass")


if __name__ == "__main__":
    main(sys.argv[1:])

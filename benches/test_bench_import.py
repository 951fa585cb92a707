"""What `import xroute` costs beyond `import numpy`, in CPU time of fresh interpreters."""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median
from typing import Any

import pytest

ROUNDS = 15
BUDGET_MS = 50.0


def children_cpu() -> float:
    """Seconds of CPU that ended child processes used: the timer of this bench."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)


@pytest.mark.benchmark(group="import", timer=children_cpu)
def test_import(benchmark: Any) -> None:
    """`import numpy` runs before every round, untimed, so both meet the same noise."""
    base: list[float] = []

    def numpy_alone() -> None:
        before = children_cpu()
        run("import numpy")
        base.append(children_cpu() - before)

    numpy_alone()  # the first of each also reads files from the disk
    run("import xroute")
    base.clear()
    benchmark.pedantic(run, args=("import xroute",), setup=numpy_alone, rounds=ROUNDS)
    benchmark.extra_info.update(contender="import xroute", queries=1, budget_ms=BUDGET_MS)
    benchmark.extra_info["numpy_ms"] = 1e3 * median(base)

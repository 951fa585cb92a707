"""What importing xroute costs beyond `import numpy`, in CPU time of fresh interpreters.

`import xroute` is lazy: it loads neither numpy nor the core, so alone it says little. The names of a first
route, and all public names, are what a program pays, so they stand beside it under the same budget.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median
from typing import Any

import pytest

ROUNDS = 15
BUDGET_MS = 50.0
BASE = "import numpy"
STATEMENTS = (
    "import xroute",
    "from xroute import Network, Shipment, Scenario",
    "from xroute import *",
)


def children_cpu() -> float:
    """Seconds of CPU that ended child processes used: the timer of this bench."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(statement: str) -> None:
    """One statement in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", statement], check=True)


@pytest.mark.benchmark(group="import", timer=children_cpu)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_import(benchmark: Any, statement: str) -> None:
    """`import numpy` runs before every round, untimed, so both meet the same noise."""
    base: list[float] = []

    def numpy_alone() -> None:
        before = children_cpu()
        run(BASE)
        base.append(children_cpu() - before)

    run(BASE)  # the first of each also reads files from the disk
    run(statement)
    benchmark.pedantic(run, args=(statement,), setup=numpy_alone, rounds=ROUNDS)
    benchmark.extra_info.update(contender=statement, queries=1, budget_ms=BUDGET_MS)
    benchmark.extra_info["numpy_ms"] = 1e3 * median(base)

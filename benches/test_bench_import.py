"""What importing xroute costs beyond `import numpy`, in CPU time of fresh interpreters.

`import xroute` is lazy: it loads neither numpy nor the core, so alone it says little. The names of a first
route, and all public names, are what a program pays, so they stand beside it under the same budget.
Bytecode is cached for both sides, as it is for an installed package, whatever the environment says.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
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


def run(statement: str, environment: dict[str, str]) -> None:
    """One statement in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """This environment with a bytecode cache of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(tmp_path)}


@pytest.mark.benchmark(group="import", timer=children_cpu)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_import(benchmark: Any, statement: str, environment: dict[str, str]) -> None:
    """`import numpy` runs before every round, untimed, so both meet the same noise."""
    base: list[float] = []

    def numpy_alone() -> None:
        before = children_cpu()
        run(BASE, environment)
        base.append(children_cpu() - before)

    run(BASE, environment)  # the first of each fills the cache
    run(statement, environment)
    benchmark.pedantic(run, args=(statement, environment), setup=numpy_alone, rounds=ROUNDS)
    benchmark.extra_info.update(contender=statement, queries=1, budget_ms=BUDGET_MS)
    benchmark.extra_info["numpy_ms"] = 1e3 * median(base)

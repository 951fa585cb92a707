"""Milliseconds from SIGINT to `KeyboardInterrupt` in every long call: twenty rounds each, in a child process.

python -m benches.interrupts [rounds] [hubs] [call ...]

The signal comes at a drawn moment after the child says that it stands inside the call. `hubs` is the size of
the grid network that the searches, tables and files have.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

CHILD = Path(__file__).parents[1] / "tests" / "long_calls.py"
NAMES = (
    *("matrix", "pareto", "from_tables", "load", "save", "order", "prepare", "route_table"),
    *("facility_location", "transportation", "allocate"),
)
LATEST_S = 0.5
BUDGET_MS = 200.0


def latencies(name: str, rounds: int, hubs: int) -> list[float]:
    """Milliseconds of each round; raises where a round ends otherwise."""
    rng = random.Random(name)
    command = [sys.executable, str(CHILD), name, str(rounds), str(hubs)]
    found: list[float] = []
    usable, sent = 0, 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            word, *rest = line.split()
            if word == "inside":
                time.sleep(rng.uniform(0.0, LATEST_S))
                sent = time.monotonic()
                child.send_signal(signal.SIGINT)
            elif word == "interrupted":
                found.append(1e3 * (float(rest[0]) - sent))
            usable += word == "usable"
    if not len(found) == usable == rounds:
        raise SystemExit(f"{name}: {len(found)} interrupts, {usable} times usable, of {rounds}")
    return sorted(found)


def main() -> None:
    """Prints one line a call."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    hubs = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    print(f"{'call':20}{'within 200 ms':>15}{'least':>8}{'median':>8}{'most':>8}  ms")
    for name in sys.argv[3:] or NAMES:
        each = latencies(name, rounds, hubs)
        within = sum(ms <= BUDGET_MS for ms in each)
        middle = each[len(each) // 2]
        print(f"{name:20}{f'{within} of {rounds}':>15}{each[0]:8.0f}{middle:8.0f}{each[-1]:8.0f}", flush=True)


if __name__ == "__main__":
    main()

"""Fronts, single losses and transportation against one solve, as CPU time in one process.

`python -m benches.allocation_ratios [seeds]`. Cases are like the one of `make plan` with 15 warehouses, 1,000
zones and 5 products (`plan_cases`), at 80 EUR/t; every point of a front is proved within 0.1 %. One solve is
the search alone, without routes and tables; `allocate` is all of it. POT and networkx stand beside
transportation in `test_bench_transport`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import xroute as xr
from benches import transport_ratios
from benches.plan_cases import plan_case
from xroute.allocation_engine import decide
from xroute.allocation_front import MOST_GAP
from xroute.allocation_solver import Effort

ZONES, PRICE_EUR_T = 1_000, 80.0
MOST = {"front of 20 points": 10.0, "front, warehouses held": 3.0, "100 single losses": 20.0}


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    found = work()
    return time.process_time() - begin, found


def base_s(plan: xr.Allocation) -> float:
    """CPU seconds of one solve, the second of two."""
    effort = Effort(relative_gap=plan.limits.gap)
    return [cpu_s(lambda: decide(plan.problem, effort))[0] for _ in range(2)][1]


def ratios(plan: xr.Allocation) -> dict[str, float]:
    """Each ratio to one solve of the same plan."""
    found, base = {}, base_s(plan)
    for name, hold in (("front of 20 points", False), ("front, warehouses held", True)):
        spent, front = cpu_s(lambda hold=hold: plan.front(points=20, hold_warehouses=hold))
        assert (front["gap"] <= MOST_GAP).all()
        found[name] = spent / base
    spent, lost = cpu_s(plan.losses)
    found["100 single losses"] = 100 * spent / len(lost) / base
    assert np.isfinite(lost["cost_eur"][lost["status"] != "no plan"]).all()
    return found


def main(words: list[str]) -> None:
    """Prints each ratio beside what it may be at most."""
    for seed in range(int(words[0]) if words else 2):
        case = plan_case(ZONES, seed)
        whole, plan = cpu_s(partial(case.allocated, carbon_price_eur_t=PRICE_EUR_T))
        alone = base_s(plan)
        print(
            f"case {seed}: {ZONES:,} zones, {plan}; allocate took {whole / alone:.1f} x its solve", flush=True
        )
        for name, ratio in ratios(plan).items():
            print(f"case {seed}, {name}: {ratio:.1f} x one solve (at most {MOST[name]:g})", flush=True)
    transport_ratios.main(["small"])


if __name__ == "__main__":
    main(sys.argv[1:])

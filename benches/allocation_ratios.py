"""The case of `make plan`: fronts and single losses against one solve, as CPU time in one process.

`python -m benches.allocation_ratios`. The shipped case has 300 zones; set XROUTE_CASE to the folder of
another one (`data/build/case.py` with ZONES = 1000 writes 1,000 zones). Every point of a front is proved
within 0.1 %. A front is measured against a solve without carbon price, losses against one of the plan itself.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import xroute as xr
from xroute.allocation import Allocation
from xroute.allocation_engine import decide
from xroute.allocation_front import MOST_GAP
from xroute.allocation_solver import Effort
from xroute.plan_case import read_case

CASE = Path(os.environ.get("XROUTE_CASE", "data/cases/china-to-consumers"))
MOST = {"front of 20 points": 10.0, "front, warehouses held": 3.0, "100 single losses": 20.0}


@cache
def allocation() -> Allocation:
    case = read_case(CASE / "scenario.toml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return xr.allocate(
            xr.Network.load(), origins=case.origins, warehouses=case.warehouses, demand=case.demand,
            products=case.products, scenario=case.scenario, limits=case.limits,
        )  # fmt: skip


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    found = work()
    return time.process_time() - begin, found


@cache
def base_s(*, is_priced: bool) -> float:
    """CPU seconds of one solve, the second of two; with the carbon price of the case or without one."""
    problem = allocation().problem
    problem = problem if is_priced else replace(problem, carbon_price_eur_kg=0.0)
    effort = Effort(relative_gap=allocation().limits.gap)
    return [cpu_s(lambda: decide(problem, effort))[0] for _ in range(2)][1]


def main() -> None:
    """Prints each ratio beside what it may be at most."""
    plan = allocation()
    ratios = {}
    for name, hold in (("front of 20 points", False), ("front, warehouses held", True)):
        spent, front = cpu_s(lambda hold=hold: plan.front(points=20, hold_warehouses=hold))
        assert (front["gap"] <= MOST_GAP).all()
        ratios[name] = spent / base_s(is_priced=False)
    spent, lost = cpu_s(plan.losses)
    ratios["100 single losses"] = 100 * spent / len(lost) / base_s(is_priced=True)
    assert np.isfinite(lost["cost_eur"][lost["status"] != "no plan"]).all()
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.1f} x one solve (at most {MOST[name]:g})")


if __name__ == "__main__":
    main()

"""Facility location with 100 sites and 1,000 customers, made here: how near 10 s and 60 s come.

`python -m benches.location_large [cases]`. Sites and customers lie in a square; serving costs distance
times demand, up to a quarter more by lane; capacities and fixed costs differ from case to case, and every
third case has sites without a fixed cost. What is not proved in 60 s is run for 240 s more: the best answer
of all runs stands for the optimum, and the bound is said beside it. The limits are wall time; each run
states the CPU seconds that it got.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

import xroute as xr

SITES, CUSTOMERS, SEED = 100, 1_000, 20_261_124
FIRST_S, LAST_S, LONG_S = 10.0, 60.0, 240.0
MOST = {FIRST_S: 0.005, LAST_S: 0.001}
MOST_BOUND = 0.015
VARIANTS = ("split", "single source", "uncapacitated")


def case(number: int) -> dict[str, Any]:
    """The arguments of a case but for single sources; the same for the same number."""
    rng = np.random.default_rng([SEED, number])
    sites, customers = rng.uniform(0.0, 1000.0, (SITES, 2)), rng.uniform(0.0, 1000.0, (CUSTOMERS, 2))
    if number % 2:  # half of the cases have customers in towns
        customers = sites[rng.integers(0, SITES // 4, CUSTOMERS)] + rng.normal(0.0, 40.0, (CUSTOMERS, 2))
    demand = rng.integers(5, 100, CUSTOMERS).astype(float)
    km = np.hypot(*(sites[:, None] - customers[None]).transpose(2, 0, 1))
    cost = np.rint(km * demand * rng.uniform(1.0, 1.25, (SITES, CUSTOMERS)))
    tightness = rng.uniform(3.0, 12.0)
    capacity = np.rint(rng.uniform(0.6, 1.4, SITES) * tightness * demand.sum() / SITES)
    fixed = np.rint(rng.uniform(0.5, 1.5, SITES) * rng.uniform(1.0, 6.0) * np.median(cost) * CUSTOMERS / 50.0)
    if number % 3 == 0:
        fixed[rng.choice(SITES, 12, replace=False)] = 0.0
    return {"cost": cost, "capacity": capacity, "fixed_cost": fixed, "demand": demand}


def answered(number: int, variant: str, limit_s: float) -> tuple[xr.FacilityLocation, float]:
    """An answer within a limit, and the CPU seconds that it took."""
    given = case(number)
    if variant == "uncapacitated":
        given["capacity"] = np.full(SITES, np.inf)
    begin = time.process_time()
    found = xr.facility_location(
        given["cost"], given["capacity"], given["fixed_cost"], given["demand"],
        cost_basis="total", single_source=variant == "single source", time_limit_s=limit_s,
    )  # fmt: skip
    return found, time.process_time() - begin


def line(number: int, variant: str) -> str:
    """What a case came to."""
    runs = {limit: answered(number, variant, limit) for limit in (FIRST_S, LAST_S)}
    best = min(found.objective for found, _ in runs.values())
    if runs[LAST_S][0].status != "optimal":
        best = min(best, answered(number, variant, LONG_S)[0].objective)
    below = 1.0 - runs[LAST_S][0].bound / best
    parts, passes = [], below <= MOST_BOUND
    for limit, (found, cpu_s) in runs.items():
        above = found.objective / best - 1.0
        passes &= above <= MOST[limit]
        parts.append(f"{100 * above:.3f} % above the best in {limit:.0f} s ({cpu_s:.1f} s CPU)")
    ends = f"bound {100 * below:.3f} % below it, {runs[LAST_S][0].status}{'' if passes else '  MISSED'}"
    return f"case {number}, {variant}: {', '.join(parts)}, {ends}"


def main(words: list[str]) -> None:
    """Prints a line for each case and variant."""
    for number in range(int(words[0]) if words else 3):
        for variant in VARIANTS:
            print(line(number, variant), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

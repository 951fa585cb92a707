"""The shared cap files in three variants: `xr.facility_location` beside SCIP and HiGHS in OR-Tools.

`python -m benches.location_ratios [folder]`; the folder is that of `optima.csv`. CPU seconds in one process:
ours from arrays to answer, the solvers' from a finished model (every row `x <= y` in it), one thread, the
same gap. A variant without a published value is left out; one passes where that value is proved in at most
twice the faster solver's time, or 0.2 s.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

import xroute as xr
from xroute.allocation_facility import Lanes, Sites, model
from xroute.allocation_solver import proto_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from facility_files import Instance, instances

GAP, LIMIT_S = 1e-7, 60.0
MOST_RATIO, ENOUGH_S, MOST_OFF = 2.0, 0.2, 0.01
PEERS = {"HiGHS": mathopt.SolverType.HIGHS, "SCIP": mathopt.SolverType.GSCIP}
VARIANTS = ("split", "single_source", "uncapacitated")


def peer_model(case: Instance, capacity: np.ndarray, *, is_single: bool) -> Any:
    """The whole model, with every lane and every row `x <= y`."""
    held = np.where(np.isinf(capacity), case.demand.sum(), capacity)
    sites = Sites(
        cost=case.cost, capacity=held, fixed_cost=case.fixed_cost, demand=case.demand, is_single=is_single
    )
    facility, customer = np.nonzero(np.isfinite(case.cost))
    count = len(held)
    lanes = Lanes(
        facility=facility, customer=customer, sites=np.arange(count), must=np.zeros(count, dtype=bool)
    )
    tied = np.ones(len(facility), dtype=bool)
    return mathopt.Model.from_model_proto(proto_of(model(sites, lanes, tied, is_whole=True)))


def peer_s(case: Instance, capacity: np.ndarray, *, is_single: bool) -> dict[str, float]:
    """CPU seconds of each solver; infinite where it proved nothing within the limit."""
    whole = peer_model(case, capacity, is_single=is_single)
    highs = highs_pb2.HighsOptionsProto(string_options={"parallel": "off"})
    params = mathopt.SolveParameters(
        relative_gap_tolerance=GAP,
        absolute_gap_tolerance=0.0,
        time_limit=timedelta(seconds=LIMIT_S),
        highs=highs,
    )
    spent = {}
    for name, kind in PEERS.items():
        begin = time.process_time()
        ended = mathopt.solve(whole, kind, params=params)
        is_proved = ended.termination.reason is mathopt.TerminationReason.OPTIMAL
        spent[name] = time.process_time() - begin if is_proved else math.inf
    return spent


def rows(folder: Path) -> Iterator[tuple[str, str, float, float, float, dict[str, float]]]:
    """Name, variant, objective less the published one (infinite: not proved), objective, CPU seconds."""
    for case in instances(folder, "cap"):
        for variant in VARIANTS:
            if math.isnan(getattr(case, variant)):
                continue
            is_single = variant == "single_source"
            capacity = np.full_like(case.capacity, np.inf) if variant == "uncapacitated" else case.capacity
            begin = time.process_time()
            found = xr.facility_location(
                case.cost, capacity, case.fixed_cost, case.demand,
                cost_basis="total", single_source=is_single, gap=GAP,
            )  # fmt: skip
            ours = time.process_time() - begin
            off = found.objective - getattr(case, variant)
            off = off if found.status == "optimal" else math.inf
            yield case.name, variant, off, found.objective, ours, peer_s(case, capacity, is_single=is_single)


def main(folder: Path) -> None:
    """Prints a row for each file and variant, and how many pass."""
    warm = np.array([[1.0, 2.0], [2.0, 1.0]])
    xr.facility_location(warm, [2, 2], [1.0, 1.0], [1, 1])
    print("file variant objective off ours_s HiGHS_s SCIP_s ratio")
    passed = total = 0
    for name, variant, off, objective, ours, peers in rows(folder):
        ratio = ours / min(peers.values())
        is_good = abs(off) <= MOST_OFF and (ratio <= MOST_RATIO or ours <= ENOUGH_S)
        passed, total = passed + is_good, total + 1
        spent = f"{ours:.3f} {peers['HiGHS']:.3f} {peers['SCIP']:.3f} {ratio:.2f}"
        print(f"{name} {variant} {objective:.3f} {off:.3f} {spent}{'' if is_good else ' MISSED'}", flush=True)
    print(f"{passed} of {total} pass")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/orlib"))

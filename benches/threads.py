"""Two Python threads beside one: the same questions asked one after another and by two threads at once.

python -m benches.threads [rounds]

By the wall, since two threads use as much CPU as one; the least of several rounds, in turns. Asked is the
core, which frees the interpreter; both ways must give the same answers. Means nothing on a machine that is
busy otherwise, or has one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

import xroute as xr

SEED, ASKED = 20_261_123, 64
Ask = Callable[[int, int], Any]


def questions(net: xr.Network) -> dict[str, tuple[int, Ask]]:
    """By name: how many questions, and the answer to one between two hubs. All on one thread of the core."""
    shipment = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, value_eur=48_000.0, load="LCL")
    metric = net.priced(shipment, "LCL", xr.Scenario()).metric
    prepared = net.prepare(minimise="cost", shipment=shipment, threads=1)
    some = np.arange(0, len(net.places.ids), 97, dtype=np.uint32)
    grid, budget = [10_000, 3_600, 1_000], 2_000_000
    return {
        "trees, plain": (ASKED, lambda a, b: metric.one_to_all("cost", a)),
        "trees, prepared": (4 * ASKED, lambda a, b: prepared.one_to_all(a)),
        "rows of a matrix, prepared": (
            ASKED,
            lambda a, b: prepared.values(some[:16] + np.uint32(a % 50), some, threads=1),
        ),
        "fronts": (
            ASKED // 4,
            lambda a, b: members(
                metric.pareto(a, b, ["cost", "time", "co2e"], grid, epsilon_parts=30_000, most_labels=budget)
            ),
        ),
    }


def members(answer: tuple[list[Any], Any, int]) -> Any:
    """A front as plain numbers: cost, seconds and carbon of each route, and what the search came to."""
    routes, *ended = answer
    return [tuple(route[name] for name in ("money", "time_s", "co2e_g_t")) for route in routes], ended


def seconds(ask: Ask, ends: list[tuple[int, int]], threads: int) -> tuple[float, list[Any]]:
    """By the wall, and the answers."""
    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        answers = list(pool.map(lambda pair: ask(*pair), ends))
        return time.perf_counter() - begin, answers


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal, NaN to NaN."""
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=True))
    return repr(one) == repr(other)


def main() -> None:
    """Prints how many times as much two threads answer."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    net = xr.Network.load()
    rng = np.random.default_rng(SEED)
    cities = np.flatnonzero(np.array(net.places.kind) == "city")
    for name, (count, ask) in questions(net).items():
        ends = [(int(a), int(b)) for a, b in rng.choice(cities, (count, 2))]
        least = {1: float("inf"), 2: float("inf")}
        for _ in range(rounds):
            answers = {}
            for threads in least:
                took, answers[threads] = seconds(ask, ends, threads)
                least[threads] = min(least[threads], took)
            assert all(same(*pair) for pair in zip(answers[1], answers[2], strict=True)), name
        print(f"{name}: two threads answer {least[1] / least[2]:.2f} times as much as one")


if __name__ == "__main__":
    main()

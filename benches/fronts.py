"""Pareto sets on synthetic networks and the cheapest route by a deadline, counted in one-to-all searches.

python -m benches.fronts [pairs]

Three cases, each over random pairs and in one process by CPU time: the exact set over cost, time and CO2e at
the finest grid on a mesh of 10,000 junctions; the set with 1 % dominance on the synthetic multimodal network
of 94,000 hubs; and there the cheapest route within a time between that of the fastest and the cheapest. The
units are one Dijkstra from an origin to all nodes of the same network by scipy, on the lengths of the core,
and one plain Dijkstra of the core from a hub to all hubs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

import xroute as xr
from benches.graphs import whole_graph
from benches.mesh import mesh
from benches.synthetic import multimodal

OVER = ["cost", "time", "co2e"]
MESH, REALISTIC = 10_000, 94_000
MOST_LABELS = 50_000_000
SHARES = (0, 25, 50, 75, 100)
GOODS = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, load="LCL")
SEED = 11


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """An answer and its CPU milliseconds."""
    begin = time.process_time()
    answer = call()
    return answer, 1e3 * (time.process_time() - begin)


def drawn(rows: list[int], count: int) -> list[tuple[int, int]]:
    """Pairs of different rows."""
    rng = np.random.default_rng(SEED)
    return [(int(a), int(b)) for a, b in (rng.choice(rows, 2, replace=False) for _ in range(count))]


def one_to_all_ms(net: xr.Network) -> dict[str, float]:
    """One search by cost to all platforms by scipy, and to all hubs by the core: medians of nine."""
    priced = net.priced(GOODS, "LCL", xr.Scenario())
    tail, head, weight = whole_graph(net, priced, [0]).lightest("cost")
    size = int(max(tail.max(), head.max())) + 1
    matrix = csr_matrix((weight.astype(np.float64), (tail, head)), shape=(size, size))
    rng = np.random.default_rng(SEED)
    nodes, hubs = rng.integers(0, size, 9).tolist(), rng.integers(0, len(net.places), 9).tolist()
    theirs = [timed(lambda node=node: dijkstra(matrix, indices=node))[1] for node in nodes]
    ours = [timed(lambda hub=hub: priced.metric.one_to_all("cost", hub))[1] for hub in hubs]
    return {"scipy": float(np.median(theirs)), "core": float(np.median(ours))}


def fronts(
    net: xr.Network, pairs: list[tuple[int, int]], cells: list[int], epsilon_parts: int
) -> dict[str, list[float]]:
    """Milliseconds, members and labels of each pair, and whether the search ended early."""
    metric = net.priced(GOODS, "LCL", xr.Scenario()).metric
    found: dict[str, list[float]] = {name: [] for name in ("ms", "members", "labels", "incomplete")}
    for pair in pairs:
        (members, budget, labels), ms = timed(
            lambda pair=pair: metric.pareto(
                *pair, OVER, cells, epsilon_parts=epsilon_parts, most_labels=MOST_LABELS
            )
        )
        for name, value in zip(found, (ms, len(members), labels, budget is not None), strict=True):
            found[name].append(float(value))
    return found


def deadlines(net: xr.Network, pairs: list[tuple[int, int]]) -> dict[str, list[float]]:
    """Milliseconds of the cheapest route half-way between the times of the fastest and the cheapest."""
    found: dict[str, list[float]] = {"ms": []}
    for pair in pairs:
        ends = [net.places.ids[row] for row in pair]
        cheap, fast = (net.route(*ends, shipment=GOODS, minimise=each) for each in ("cost", "time"))
        limit = (cheap.duration_h + fast.duration_h) / 2
        route, ms = timed(
            lambda ends=ends, limit=limit: net.route(*ends, shipment=GOODS, max_duration_h=limit)
        )
        assert cheap.cost_eur <= route.cost_eur
        assert route.duration_h <= limit
        found["ms"].append(ms)
    return found


def show(name: str, rows: dict[str, list[float]], units_ms: dict[str, float]) -> None:
    """The distribution over the pairs, and its median and longest in one-to-alls."""
    print(f"{name}; shares of pairs in %: {', '.join(map(str, SHARES))}")
    for column, values in rows.items():
        print(f"  {column:10} {', '.join(f'{value:.4g}' for value in np.percentile(values, SHARES))}")
    for whose, unit_ms in units_ms.items():
        median, longest = float(np.median(rows["ms"])) / unit_ms, max(rows["ms"]) / unit_ms
        print(f"  one-to-all by {whose} {unit_ms:.2f} ms; median {median:.1f} of them, longest {longest:.1f}")


def main() -> None:
    """Prints the three cases."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    fine = mesh(MESH)
    pairs = drawn(list(range(len(fine.places))), count)
    show("exact, mesh of 10,000", fronts(fine, pairs, [1, 1, 1], 0), one_to_all_ms(fine))
    real = multimodal(REALISTIC).network()
    cities = [row for row, kind in enumerate(real.places.kind) if kind == "city"]
    pairs, units_ms = drawn(cities, count), one_to_all_ms(real)
    show("1 % dominance, 94,000 hubs", fronts(real, pairs, [1, 1, 1], 10_000), units_ms)
    show("cheapest by a deadline, 94,000 hubs", deadlines(real, pairs), units_ms)


if __name__ == "__main__":
    main()

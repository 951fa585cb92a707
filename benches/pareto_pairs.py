"""Pareto sets between random cities of the shipped network beside one networkx search: CPU time, as ratios.

python -m benches.pareto_pairs [pairs]

Each pair is searched at the default resolution over cost, time and CO2e by the core, then once for least cost
by networkx on the same graph (`single_source_dijkstra` that stops at the destination, and
`bidirectional_dijkstra`), all in one process, by CPU time and by the clock (the core has two processors for
its bounds, networkx one). The cheapest member must cost what Dijkstra's
search of the core finds, and what networkx finds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

import xroute as xr
from benches.graphs import whole_graph
from benches.work import SHIPMENT
from xroute.front import DEFAULT_EPSILON
from xroute.network import MOST_LABELS

OVER = ["cost", "time", "co2e"]
SHARES = (0, 25, 50, 75, 90, 99, 100)
SEED = 20_261_123
PEERS = ("networkx", "bidirectional")


def timed(call: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """An answer, and the seconds that it took: of CPU and by the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    answer = call()
    return answer, (time.process_time() - cpu, time.perf_counter() - clock)


def drawn(net: xr.Network, count: int) -> list[tuple[int, int]]:
    """Pairs of different cities that roads, ships or flights join."""
    rng = np.random.default_rng(SEED)
    priced = net.priced(SHIPMENT, "LCL", xr.Scenario())
    reached = priced.metric.one_to_all("cost", net.places.row("CNYTN")) >= 0
    cities = [hub for hub in np.flatnonzero(reached).tolist() if net.places.kind[hub] == "city"]
    found: list[tuple[int, int]] = []
    while len(found) < count:
        a, b = rng.choice(cities, 2, replace=False).tolist()
        if priced.metric.route("cost", a, b) is not None:
            found.append((a, b))
    return found


def measured(net: xr.Network, pairs: list[tuple[int, int]]) -> dict[str, list[float]]:
    """Seconds by contender, members and labels by pair."""
    priced = net.priced(SHIPMENT, "LCL", xr.Scenario())
    units = (1 / priced.metric.money_unit_eur, 3600.0, 1000.0 / SHIPMENT.mass_t)
    cells = [round(unit) for unit in units]
    graph = whole_graph(net, priced, sorted({hub for pair in pairs for hub in pair}))
    theirs = nx.DiGraph()
    theirs.add_weighted_edges_from(zip(*(each.tolist() for each in graph.lightest("cost")), strict=True))
    rows: dict[str, list[float]] = {
        name: []
        for name in (
            *(f"{who}, {what}" for who in ("xroute", *PEERS) for what in ("CPU", "clock")),
            *("members", "labels", "incomplete"),
        )
    }
    for a, b in pairs:
        (found, budget, labels), seconds = timed(
            lambda a=a, b=b: priced.metric.pareto(
                a, b, OVER, cells, epsilon_parts=round(DEFAULT_EPSILON * 1e6), most_labels=MOST_LABELS
            )
        )
        ends = graph.start[a], graph.end[b]
        (least, _), one = timed(lambda ends=ends: nx.single_source_dijkstra(theirs, *ends))
        _, two = timed(lambda ends=ends: nx.bidirectional_dijkstra(theirs, *ends))
        cheapest = priced.metric.route("cost", a, b)
        assert cheapest is not None
        assert min(raw["money"] for raw in found) == cheapest["money"] == least, "not the cheapest route"
        values = (*seconds, *one, *two, len(found), labels, budget is not None)
        for name, value in zip(rows, values, strict=True):
            rows[name].append(float(value))
    return rows


def main() -> None:
    """Prints the distribution and its ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    net = xr.Network.load()
    rows = measured(net, drawn(net, count))
    print(f"{count} pairs; shares of pairs in %: {', '.join(map(str, SHARES))}")
    for name, values in rows.items():
        at = ", ".join(f"{value:.4g}" for value in np.percentile(values, SHARES))
        print(f"{name:20} {at}")
    for name, what in ((name, what) for name in PEERS for what in ("CPU", "clock")):
        base = float(np.median(rows[f"{name}, {what}"]))
        median, late = (float(np.percentile(rows[f"xroute, {what}"], share)) / base for share in (50, 99))
        print(f"xroute over the median of {name}, {what}: median {median:.2f}, p99 {late:.1f}")


if __name__ == "__main__":
    main()

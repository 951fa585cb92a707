"""Networks of our own at three sizes: build from tables, save, load, route, one to all; scipy beside.

Bytes by hub and link of the file stand in the extra info of the loads, and the CPU seconds of the build.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xroute as xr
from benches.graphs import whole_graph
from benches.peers import Peers
from benches.synthetic import multimodal
from benches.work import measure, measure_once, whole

SIZES = pytest.mark.parametrize("size", [10_000, 100_000])
LARGE = pytest.mark.parametrize("size", [100_000, 1_000_000])
GOODS = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, load="LCL")
PAIRS = 20
MILLION = 1_000_000


@cache
def network(size: int) -> xr.Network:
    return multimodal(size).network()


@cache
def metric(size: int) -> Any:
    return network(size).priced(GOODS, "LCL", xr.Scenario()).metric


@cache
def prepared(size: int) -> Any:
    return network(size).prepare(minimise="cost", shipment=GOODS)


@cache
def pairs(size: int) -> list[tuple[int, int]]:
    cities = [row for row, kind in enumerate(network(size).places.kind) if kind == "city"]
    drawn = np.random.default_rng(size).choice(cities, (PAIRS, 2))
    return [(int(a), int(b) if a != b else cities[0]) for a, b in drawn]


@cache
def peers(size: int) -> tuple[Peers, list[tuple[int, int]]]:
    """The laid-out graph, and the pairs as its nodes."""
    ends = sorted({hub for pair in pairs(size) for hub in pair})
    priced = network(size).priced(GOODS, "LCL", xr.Scenario())
    graph = whole_graph(network(size), priced, ends)
    return Peers.of(graph, "cost"), [(graph.start[a], graph.end[b]) for a, b in pairs(size)]


def routes(size: int, count: int) -> list[int]:
    return [metric(size).route("cost", *pair)["money"] for pair in pairs(size)[:count]]


@LARGE
class TestFiles:
    """From tables to a network, to a file, and back."""

    def test_build(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"build, synthetic network of {size:,}"
        tables = multimodal(size)
        found = measure_once(benchmark, "xroute", tables.network)
        assert len(found.places) == len(tables.hubs["hub_id"])

    def test_load(self, size: int, benchmark: Any, tmp_path: Path) -> None:
        benchmark.group = f"load, synthetic network of {size:,}"
        path = tmp_path / "synthetic.xnet"
        network(size).core.order()
        network(size).save(path)
        rows = len(network(size).places) + len(network(size).core.table("links")["origin"])
        benchmark.extra_info["bytes_by_hub_and_link"] = round(path.stat().st_size / rows, 1)
        measure(benchmark, "xroute", lambda: xr.Network.load(path), queries=1)

    def test_order_and_contract(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"order and contract, synthetic network of {size:,}"
        fresh = multimodal(size).network()
        measure_once(benchmark, "xroute", lambda: fresh.core.order(threads=1))


@SIZES
class TestSearches:
    """City to city at least cost, and from a city to all."""

    def test_core(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"one to one, synthetic network of {size:,}"
        graph, nodes = peers(size)
        measure(
            benchmark, "xroute core", lambda: routes(size, 5), queries=5,
            expected=graph.scipy_pairs(nodes[:5]),
        )  # fmt: skip

    def test_prepared(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"one to one, synthetic network of {size:,}"
        path = prepared(size).path
        measure(
            benchmark, "xroute prepared", lambda: [path(*pair).value for pair in pairs(size)],
            queries=PAIRS, expected=routes(size, PAIRS),
            as_compared=lambda values: whole(values, metric(size).money_unit_eur),
        )  # fmt: skip

    def test_scipy(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"one to one, synthetic network of {size:,}"
        graph, nodes = peers(size)
        expected = routes(size, 3)
        measure(
            benchmark, "scipy dijkstra (always to all)", lambda: graph.scipy_pairs(nodes[:3]),
            queries=3, expected=expected,
        )  # fmt: skip

    def test_one_to_all(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"one to all, synthetic network of {size:,}"
        origin, ends = pairs(size)[0][0], [b for _, b in pairs(size)]
        expected = [metric(size).route("cost", origin, end)["money"] for end in ends]
        measure(
            benchmark, "xroute core", lambda: metric(size).one_to_all("cost", origin), queries=1,
            expected=expected, as_compared=lambda found: found[ends],
        )  # fmt: skip

    def test_one_to_all_prepared(self, size: int, benchmark: Any) -> None:
        benchmark.group = f"one to all, synthetic network of {size:,}"
        origin, ends = pairs(size)[0][0], [b for _, b in pairs(size)]
        expected = [metric(size).route("cost", origin, end)["money"] for end in ends]
        measure(
            benchmark, "xroute prepared", lambda: prepared(size).one_to_all(origin), queries=1,
            expected=expected, as_compared=lambda found: whole(found[ends], metric(size).money_unit_eur),
        )  # fmt: skip


def test_a_million_answers_as_plain_search(benchmark: Any) -> None:
    """The prepared network of a million hubs; plain search beside it is the check, and not timed."""
    benchmark.group = f"one to one, synthetic network of {MILLION:,}"
    path = prepared(MILLION).path
    measure(
        benchmark, "xroute prepared", lambda: [path(*pair).value for pair in pairs(MILLION)],
        queries=PAIRS, expected=routes(MILLION, PAIRS),
        as_compared=lambda values: whole(values, metric(MILLION).money_unit_eur),
    )  # fmt: skip

"""Roads and sea lanes of the world, 559,356 nodes: route, one to all, matrix, customise, build and load.

Peers that would take minutes are asked for fewer origins; the table counts by query, so they stand beside
the others. Answers are compared first, with scipy or with each other, in whole metres.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xroute as xr
from benches.highways import highways
from benches.peers import PAIRS_OF, ROWS_OF, Peers
from benches.plain import PlainGraph
from benches.work import MOST_ROUNDS, measure, measure_once, whole

NAME = "highways and sea lanes"
PAIRS, TREES, ENDS = 200, 3, 1000
FEW = {"pyroutingkit": PAIRS}  # pairs of other peers: too slow for all
FEW_PAIRS, FEW_ORIGINS = 6, 4
SKIPPED = ("networkx dijkstra", "networkx bidirectional")  # seconds a route
GOODS = xr.Shipment(mass_kg=1000.0, load="LCL")


class Roads:
    """The graph, its network and its peers; every part made when first asked for."""

    @cached_property
    def graph(self) -> PlainGraph:
        return highways()

    @cached_property
    def peers(self) -> Peers:
        return Peers.plain(self.graph)

    @cached_property
    def net(self) -> xr.Network:
        return self.graph.network()

    @cached_property
    def metric(self) -> Any:
        return self.net.priced(GOODS, "LCL", xr.Scenario()).metric

    @cached_property
    def prepared(self) -> Any:
        return self.net.prepare(minimise="distance", shipment=GOODS)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        return self.graph.pairs(PAIRS, 1)

    @cached_property
    def fresh_rounds(self) -> list[list[tuple[int, int]]]:
        pairs = self.graph.pairs(PAIRS * (MOST_ROUNDS + 1), 3)
        return [pairs[at : at + PAIRS] for at in range(0, len(pairs), PAIRS)]

    @cached_property
    def lengths(self) -> list[int]:
        return self.peers.pyroutingkit_pairs(self.pairs)

    @cached_property
    def ends(self) -> tuple[list[int], list[int]]:
        drawn = self.graph.pairs(ENDS, 2)
        return [a for a, _ in drawn], [b for _, b in drawn]

    @cached_property
    def table(self) -> Any:
        return self.peers.pyroutingkit_rows(*self.ends)


@pytest.fixture(scope="module")
def roads() -> Roads:
    return Roads()


class TestRoute:
    """One route with its path."""

    @pytest.fixture(autouse=True)
    def group(self, benchmark: Any) -> None:
        benchmark.group = f"one to one, {NAME}"

    def test_core(self, roads: Roads, benchmark: Any) -> None:
        pairs, route = roads.pairs[:20], roads.metric.route
        measure(
            benchmark, "xroute core", lambda: [route("distance", *pair)["distance_m"] for pair in pairs],
            queries=20, expected=roads.lengths[:20],
        )  # fmt: skip

    def test_prepared(self, roads: Roads, benchmark: Any) -> None:
        """Every round asks pairs that were never asked before; the first round those of the peers."""
        path, rounds = roads.prepared.path, iter([roads.pairs, *roads.fresh_rounds])
        measure(
            benchmark, "xroute prepared", lambda: [path(*pair).value for pair in next(rounds)],
            queries=PAIRS, expected=roads.lengths, as_compared=metres,
        )  # fmt: skip

    def test_prepared_again(self, roads: Roads, benchmark: Any) -> None:
        path = roads.prepared.path
        for _ in range(3):
            assert [path(*pair) is not None for pair in roads.pairs]
        measure(
            benchmark, "xroute prepared, hubs asked for before",
            lambda: [path(*pair).value for pair in roads.pairs],
            queries=PAIRS, expected=roads.lengths, as_compared=metres,
        )  # fmt: skip

    @pytest.mark.parametrize("peer", [name for name in PAIRS_OF if name not in SKIPPED])
    def test_peer(self, roads: Roads, benchmark: Any, peer: str) -> None:
        count = FEW.get(peer, FEW_PAIRS)
        search, peers, pairs = PAIRS_OF[peer], roads.peers, roads.pairs[:count]
        search(peers, pairs[:1])
        expected = roads.lengths[:count]
        measure(benchmark, peer, lambda: search(peers, pairs), queries=count, expected=expected)


class TestOneToAll:
    """Lengths from one node to all others."""

    @pytest.fixture(autouse=True)
    def group(self, benchmark: Any) -> None:
        benchmark.group = f"one to all, {NAME}"

    def expected(self, roads: Roads) -> Any:
        return roads.table[:TREES]

    def test_core(self, roads: Roads, benchmark: Any) -> None:
        origins, ends = roads.ends[0][:TREES], roads.ends[1]
        measure(
            benchmark, "xroute core",
            lambda: [roads.metric.one_to_all("distance", node)[ends] for node in origins],
            queries=TREES, expected=self.expected(roads),
        )  # fmt: skip

    def test_prepared(self, roads: Roads, benchmark: Any) -> None:
        origins, ends = roads.ends[0][:TREES], roads.ends[1]
        measure(
            benchmark, "xroute prepared",
            lambda: [roads.prepared.one_to_all(node)[ends] for node in origins],
            queries=TREES, expected=self.expected(roads), as_compared=metres,
        )  # fmt: skip

    @pytest.mark.parametrize("peer", ["scipy", "igraph", "rustworkx", "scgraph"])
    def test_peer(self, roads: Roads, benchmark: Any, peer: str) -> None:
        rows, peers, (origins, ends) = ROWS_OF[peer], roads.peers, roads.ends
        measure(
            benchmark, peer, lambda: np.concatenate([rows(peers, [node], ends) for node in origins[:TREES]]),
            queries=TREES, expected=self.expected(roads),
        )  # fmt: skip


class TestMatrix:
    """1000 x 1000 lengths on one thread."""

    @pytest.fixture(autouse=True)
    def group(self, benchmark: Any) -> None:
        benchmark.group = f"matrix {ENDS} x {ENDS}, {NAME}"

    def test_core(self, roads: Roads, benchmark: Any) -> None:
        froms, tos = (np.array(nodes, dtype=np.uint32) for nodes in roads.ends)
        few = froms[:FEW_ORIGINS]
        measure(
            benchmark, f"xroute core ({FEW_ORIGINS} origins)",
            lambda: roads.metric.matrix("distance", few, tos, threads=1)["distance_m"].reshape(-1, ENDS),
            queries=FEW_ORIGINS * ENDS, expected=roads.table[:FEW_ORIGINS],
        )  # fmt: skip

    def test_prepared(self, roads: Roads, benchmark: Any) -> None:
        froms, tos = (np.array(nodes, dtype=np.uint32) for nodes in roads.ends)
        measure(
            benchmark, "xroute prepared", lambda: roads.prepared.values(froms, tos, threads=1),
            queries=ENDS * ENDS, expected=roads.table, as_compared=metres,
        )  # fmt: skip

    def test_pyroutingkit(self, roads: Roads, benchmark: Any) -> None:
        expected = roads.peers.scipy_rows(roads.ends[0][:FEW_ORIGINS], roads.ends[1])
        measure(
            benchmark, "pyroutingkit", lambda: roads.peers.pyroutingkit_rows(*roads.ends),
            queries=ENDS * ENDS, expected=expected, as_compared=lambda table: table[:FEW_ORIGINS],
        )  # fmt: skip

    @pytest.mark.parametrize("peer", ["scipy", "igraph", "rustworkx", "scgraph"])
    def test_peer(self, roads: Roads, benchmark: Any, peer: str) -> None:
        rows, peers, (origins, ends) = ROWS_OF[peer], roads.peers, roads.ends
        measure(
            benchmark, f"{peer} ({FEW_ORIGINS} origins)", lambda: rows(peers, origins[:FEW_ORIGINS], ends),
            queries=FEW_ORIGINS * ENDS, expected=roads.table[:FEW_ORIGINS],
        )  # fmt: skip


class TestPreparation:
    """From arrays to a graph that answers; each step once, its answers are those of the other groups."""

    FORMS = ("scipy", "igraph", "rustworkx", "scgraph")

    def test_build(self, roads: Roads, benchmark: Any) -> None:
        benchmark.group = f"build, {NAME}"
        hubs, links = roads.graph.tables()
        net = measure_once(benchmark, "xroute", lambda: xr.Network.from_tables(hubs=hubs, links=links))
        assert len(net.places) == roads.graph.node_count

    @pytest.mark.parametrize("peer", FORMS)
    def test_build_of_peer(self, roads: Roads, benchmark: Any, peer: str) -> None:
        benchmark.group = f"build, {NAME}"
        fresh = Peers.plain(roads.graph)
        measure_once(benchmark, peer, lambda: getattr(fresh, peer))

    def test_order_and_contract(self, roads: Roads, benchmark: Any) -> None:
        benchmark.group = f"order and contract, {NAME}"
        net = roads.graph.network()
        measure_once(benchmark, "xroute", lambda: net.core.order(threads=1))

    def test_order_and_contract_of_pyroutingkit(self, roads: Roads, benchmark: Any) -> None:
        benchmark.group = f"order and contract, {NAME}"
        fresh = Peers.plain(roads.graph)
        measure_once(benchmark, "pyroutingkit", lambda: fresh.topology)

    def test_customise(self, roads: Roads, benchmark: Any) -> None:
        """Pricing for the shipment included; the kept metrics of a network are left out by changing it."""
        benchmark.group = f"customise, {NAME}"
        assert roads.prepared is not None
        masses = iter(range(1, 1_000_000))

        def customised() -> Any:
            goods = xr.Shipment(mass_kg=1000.0 + next(masses), load="LCL")
            return roads.net.prepare(minimise="distance", shipment=goods, threads=1)

        measure(benchmark, "xroute, pricing included", customised, queries=1)

    def test_customise_of_priced(self, roads: Roads, benchmark: Any) -> None:
        """From weights, as the peer."""
        benchmark.group = f"customise, {NAME}"
        assert roads.prepared is not None
        measure(
            benchmark, "xroute", lambda: roads.metric.prepared("distance", threads=1), queries=1
        )  # fmt: skip

    def test_customise_of_eight(self, roads: Roads, benchmark: Any) -> None:
        benchmark.group = f"customise, {NAME}"
        assert roads.prepared is not None
        goods = [xr.Shipment(mass_kg=1000.0 + nth, load="LCL") for nth in range(8)]
        metrics = [roads.net.priced(each, "LCL", xr.Scenario()).metric for each in goods]
        names = ["distance", "cost", "time", "co2e"] * 2
        of_each = type(metrics[0].prepared("distance", threads=1)).of_each
        measure(
            benchmark, "xroute, eight metrics together", lambda: of_each(metrics, names, threads=1), queries=1
        )  # fmt: skip

    def test_customise_of_pyroutingkit(self, roads: Roads, benchmark: Any) -> None:
        benchmark.group = f"customise, {NAME}"
        weights, metric = roads.peers.edges[2].astype(np.uint32), roads.peers.pyroutingkit
        measure(benchmark, "pyroutingkit", lambda: metric.customize(weights, 1), queries=1)

    def test_load(self, roads: Roads, benchmark: Any, tmp_path: Path) -> None:
        benchmark.group = f"load, {NAME}"
        path = tmp_path / "roads.xnet"
        assert roads.prepared is not None
        roads.net.save(path)
        found = measure(benchmark, "xroute", lambda: xr.Network.load(path), queries=1)
        assert len(found.places) == roads.graph.node_count

    def test_load_of_pyroutingkit(self, roads: Roads, benchmark: Any, tmp_path: Path) -> None:
        """The topology alone: its weights are customised anew after every load."""
        benchmark.group = f"load, {NAME}"
        roads.peers.topology.save(str(tmp_path))
        measure(benchmark, "pyroutingkit", loading(tmp_path), queries=1)


def metres(kilometres: Any) -> Any:
    """Whole metres of what a prepared network answers."""
    return whole(kilometres, 1e-3)


def loading(folder: Path) -> Callable[[], Any]:
    """A call that loads a topology of pyroutingkit."""
    import pyroutingkit  # type: ignore[import-untyped]

    def load() -> Any:
        topology = pyroutingkit.CCHTopology()
        topology.load(str(folder))
        return topology

    return load

"""The same searches by networkx, scipy, igraph, rustworkx, pyroutingkit and scgraph on one laid-out graph.

Each peer holds the graph in the form that suits it best, and is asked by the call that its manual gives for
the task. Weights are whole numbers everywhere, so answers are compared with `==`; -1 where there is no route.
scgraph alone is fed thousandths of them: its default search sorts by the size of weights, and took 150 times
as long with metres as with kilometres.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import igraph  # type: ignore[import-untyped]
import networkx as nx
import numpy as np
import pyroutingkit  # type: ignore[import-untyped]
import rustworkx
import scgraph  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

from benches.graphs import SearchGraph
from benches.plain import PlainGraph

Integers = NDArray[np.int64]
Pairs = Sequence[tuple[int, int]]  # nodes of the search graph
UNREACHED = -1
SCGRAPH_UNIT = 1000.0


@dataclass(frozen=True)
class Peers:
    """One search graph and one criterion; every peer's own form is made when first asked for."""

    node_count: int
    edges: tuple[Integers, Integers, Integers]  # tail, head, weight; one edge a pair
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    @classmethod
    def of(cls, graph: SearchGraph, criterion: str) -> Peers:
        """A graph of platforms by the weights of a criterion."""
        return cls(graph.node_count, graph.lightest(criterion), graph.lat, graph.lon)

    @classmethod
    def plain(cls, graph: PlainGraph) -> Peers:
        """A graph by its metres."""
        return cls(graph.node_count, (graph.tail, graph.head, graph.metres), graph.lat, graph.lon)

    # --- the forms ------------------------------------------------------------------------------------

    @cached_property
    def networkx(self) -> nx.DiGraph:
        """A directed graph with the attribute `weight`."""
        graph = nx.DiGraph()
        graph.add_nodes_from(range(self.node_count))
        graph.add_weighted_edges_from(zip(*(column.tolist() for column in self.edges), strict=True))
        return graph

    @cached_property
    def scipy(self) -> csr_matrix:
        """A sparse matrix in float64, which holds these integers exactly; no zeros, which it would drop."""
        tail, head, weight = self.edges
        held = np.where(weight == 0, _NEXT_TO_NOTHING, weight.astype(np.float64))
        return csr_matrix((held, (tail, head)), shape=(self.node_count,) * 2)

    @cached_property
    def igraph(self) -> Any:
        """A directed graph with the attribute `weight`."""
        tail, head, weight = self.edges
        graph = igraph.Graph(n=self.node_count, edges=np.column_stack([tail, head]), directed=True)
        graph.es["weight"] = weight.tolist()
        return graph

    @cached_property
    def rustworkx(self) -> Any:
        """A directed graph whose edges carry their weight as a float."""
        graph = rustworkx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(range(self.node_count))
        tail, head, weight = self.edges
        columns = tail.tolist(), head.tolist(), weight.astype(np.float64).tolist()
        graph.add_edges_from(list(zip(*columns, strict=True)))
        return graph

    @cached_property
    def topology(self) -> Any:
        """The ordered and contracted graph of pyroutingkit, without weights."""
        tail, head, _ = (column.astype(np.uint32) for column in self.edges)
        topology = pyroutingkit.CCHTopology()
        lat, lon = self.lat.astype(np.float32), self.lon.astype(np.float32)
        topology.build(tail, head, lat, lon, self.node_count)
        return topology

    @cached_property
    def pyroutingkit(self) -> Any:
        """The topology with the weights customised, on one thread."""
        metric = pyroutingkit.CCHMetric(self.topology)
        metric.customize(self.edges[2].astype(np.uint32))
        return metric

    @cached_property
    def scgraph(self) -> Any:
        """The compiled graph of scgraph, its weights in thousandths."""
        links: list[dict[int, float]] = [{} for _ in range(self.node_count)]
        tail, head, weight = self.edges
        for a, b, each in zip(tail.tolist(), head.tolist(), (weight / SCGRAPH_UNIT).tolist(), strict=True):
            links[a][b] = each
        return scgraph.Graph(links)

    # --- one to one, each with its path ---------------------------------------------------------------

    def networkx_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra that stops at the destination."""
        return [int(nx.single_source_dijkstra(self.networkx, *pair)[0]) for pair in pairs]

    def networkx_bidirectional_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra from both ends."""
        return [int(nx.bidirectional_dijkstra(self.networkx, *pair)[0]) for pair in pairs]

    def scipy_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra to all nodes: scipy knows no destination; the path is left as predecessors."""
        found = []
        for origin, destination in pairs:
            distance, _ = dijkstra(self.scipy, indices=origin, return_predecessors=True)
            found.append(int(distance[destination]))
        return found

    def igraph_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra; the edges of the path, from which the length is summed."""
        weight = self.edges[2]
        paths = (self.igraph.get_shortest_path(*pair, weights="weight", output="epath") for pair in pairs)
        return [int(weight[path].sum()) for path in paths]

    def rustworkx_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra that stops at the destination: the length alone; with paths it took far longer."""
        search = rustworkx.dijkstra_shortest_path_lengths
        trees = (search(self.rustworkx, a, edge_cost_fn=float, goal=b) for a, b in pairs)
        return [int(tree[b]) for tree, (_, b) in zip(trees, pairs, strict=True)]

    def pyroutingkit_pairs(self, pairs: Pairs) -> list[int]:
        """A query of the customised hierarchy: length, nodes and edges of the path."""
        query = self.pyroutingkit.query
        return [query(*pair)[0] for pair in pairs]

    def scgraph_pairs(self, pairs: Pairs, algorithm: str) -> list[int]:
        """One of the algorithms of scgraph by name."""
        search = getattr(self.scgraph, algorithm)
        return [round(search(*pair)["length"] * SCGRAPH_UNIT) for pair in pairs]

    # --- one to all and many to many ------------------------------------------------------------------

    def networkx_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """One tree an origin."""
        trees = (nx.single_source_dijkstra_path_length(self.networkx, origin) for origin in origins)
        return np.array([[tree.get(node, UNREACHED) for node in destinations] for tree in trees])

    def scipy_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """All origins in one call."""
        distance = dijkstra(self.scipy, indices=np.asarray(origins))[:, np.asarray(destinations)]
        return _whole(distance)

    def igraph_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """All origins and destinations in one call."""
        return _whole(
            np.array(self.igraph.distances(list(origins), list(destinations), weights="weight"), dtype=float)
        )

    def rustworkx_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """One tree an origin."""
        rows = []
        for origin in origins:
            tree = rustworkx.dijkstra_shortest_path_lengths(self.rustworkx, origin, edge_cost_fn=float)
            found = dict(tree.items()) | {origin: 0.0}
            rows.append([found.get(node, np.inf) for node in destinations])
        return _whole(np.array(rows))

    def pyroutingkit_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """All origins and destinations in one call."""
        ends = (np.asarray(nodes, dtype=np.uint32) for nodes in (origins, destinations))
        found = self.pyroutingkit.distances_many_to_many(*ends).astype(np.int64)
        return np.where(found >= pyroutingkit.INF_WEIGHT, UNREACHED, found)

    def scgraph_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> Integers:
        """One tree an origin."""
        rows = []
        for origin in origins:
            distance = np.asarray(self.scgraph.get_shortest_path_tree(origin)["distance_matrix"])
            rows.append(distance[np.asarray(destinations)])
        return _whole(np.array(rows) * SCGRAPH_UNIT)


PAIRS_OF: dict[str, Callable[[Peers, Pairs], list[int]]] = {
    "networkx dijkstra": Peers.networkx_pairs,
    "networkx bidirectional": Peers.networkx_bidirectional_pairs,
    "scipy dijkstra (always to all)": Peers.scipy_pairs,
    "igraph dijkstra": Peers.igraph_pairs,
    "rustworkx dijkstra (no path)": Peers.rustworkx_pairs,
    "pyroutingkit": Peers.pyroutingkit_pairs,
    "scgraph dijkstra": lambda peers, pairs: peers.scgraph_pairs(pairs, "dijkstra"),
    "scgraph bidirectional_dijkstra": lambda peers, pairs: peers.scgraph_pairs(
        pairs, "bidirectional_dijkstra"
    ),
    "scgraph bidirectional_buckets (its default)": lambda peers, pairs: peers.scgraph_pairs(
        pairs, "bidirectional_buckets"
    ),
}
ROWS_OF: dict[str, Callable[[Peers, Sequence[int], Sequence[int]], Integers]] = {
    "networkx": Peers.networkx_rows,
    "scipy": Peers.scipy_rows,
    "igraph": Peers.igraph_rows,
    "rustworkx": Peers.rustworkx_rows,
    "pyroutingkit": Peers.pyroutingkit_rows,
    "scgraph": Peers.scgraph_rows,
}
_NEXT_TO_NOTHING = 2.0**-40


def _whole(distance: NDArray[np.float64]) -> Integers:
    return np.where(np.isinf(distance), UNREACHED, np.floor(distance + 0.5)).astype(np.int64)

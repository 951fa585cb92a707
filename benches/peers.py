"""The same searches by networkx, scipy and scgraph on a laid-out search graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
import scgraph  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

from benches.graphs import SearchGraph

Pairs = Sequence[tuple[int, int]]  # nodes of the search graph
UNREACHED = -1


class Peers:
    """One search graph and one criterion, held by each peer in the form that suits it best.

    Weights are whole numbers everywhere, so answers are compared with `==`; -1 where there is no route.
    """

    def __init__(self, graph: SearchGraph, criterion: str) -> None:
        self.node_count = graph.node_count
        self.edges = graph.lightest(criterion)

    @cached_property
    def networkx(self) -> nx.DiGraph:
        """A directed graph with the attribute `weight`."""
        graph = nx.DiGraph()
        graph.add_nodes_from(range(self.node_count))
        graph.add_weighted_edges_from(zip(*(column.tolist() for column in self.edges), strict=True))
        return graph

    @cached_property
    def scipy(self) -> csr_matrix:
        """A sparse matrix in float64, which holds these integers exactly."""
        tail, head, weight = self.edges
        return csr_matrix((weight.astype(np.float64), (tail, head)), shape=(self.node_count,) * 2)

    @cached_property
    def scgraph(self) -> Any:
        """The compiled graph of scgraph."""
        links: list[dict[int, float]] = [{} for _ in range(self.node_count)]
        for tail, head, weight in zip(*(column.tolist() for column in self.edges), strict=True):
            links[tail][head] = weight
        return scgraph.Graph(links)

    # --- one to one, each with its path ---------------------------------------------------------------

    def networkx_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra that stops at the destination."""
        return [int(nx.single_source_dijkstra(self.networkx, *pair)[0]) for pair in pairs]

    def networkx_bidirectional_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra from both ends."""
        return [int(nx.bidirectional_dijkstra(self.networkx, *pair)[0]) for pair in pairs]

    def scipy_pairs(self, pairs: Pairs) -> list[int]:
        """Dijkstra to all nodes: scipy knows no destination."""
        found = []
        for origin, destination in pairs:
            distance, _ = dijkstra(self.scipy, indices=origin, return_predecessors=True)
            found.append(int(distance[destination]))
        return found

    def scgraph_pairs(self, pairs: Pairs, algorithm: str) -> list[int]:
        """One of the algorithms of scgraph by name."""
        search = getattr(self.scgraph, algorithm)
        return [round(search(*pair)["length"]) for pair in pairs]

    # --- one to all and many to many ------------------------------------------------------------------

    def networkx_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.int64]:
        """One tree an origin."""
        trees = (nx.single_source_dijkstra_path_length(self.networkx, origin) for origin in origins)
        return np.array([[tree.get(node, UNREACHED) for node in destinations] for tree in trees])

    def scipy_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.int64]:
        """All origins in one call."""
        distance = dijkstra(self.scipy, indices=np.asarray(origins))[:, np.asarray(destinations)]
        return np.where(np.isinf(distance), UNREACHED, distance).astype(np.int64)

    def scgraph_rows(self, origins: Sequence[int], destinations: Sequence[int]) -> NDArray[np.int64]:
        """One tree an origin."""
        rows = []
        for origin in origins:
            distance = np.asarray(self.scgraph.get_shortest_path_tree(origin)["distance_matrix"])
            rows.append(distance[np.asarray(destinations)])
        found = np.array(rows)
        return np.where(np.isinf(found), UNREACHED, found).astype(np.int64)

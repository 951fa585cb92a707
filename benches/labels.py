"""Pareto sets by label setting in plain Python: the reference that the core is measured against.

The same method as the core (labels in lexicographic order of value + bound, dominance at a node by the
criteria after the first, dominance at the destination on a grid), so the work is the same and the sets of
grid cells are equal. Lower bounds are trees of scipy on the turned graph.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

from benches.graphs import SearchGraph

Values = tuple[int, ...]


class Staircase:
    """Undominated pairs in rising order of the first, so in falling order of the second."""

    __slots__ = ("seconds", "thirds")

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.thirds: list[float] = []

    def covers(self, second: float, third: float) -> bool:
        """Whether a pair in it is nowhere above this one."""
        at = bisect_right(self.seconds, second)
        return at > 0 and self.thirds[at - 1] <= third

    def insert(self, second: float, third: float) -> None:
        """Takes a pair in and throws out what it beats."""
        start = end = bisect_left(self.seconds, second)
        while end < len(self.seconds) and self.thirds[end] >= third:
            end += 1
        self.seconds[start:end] = [second]
        self.thirds[start:end] = [third]


class LabelSetting:
    """Pareto searches on one search graph over two or three criteria."""

    def __init__(self, graph: SearchGraph, over: Sequence[str]) -> None:
        self.node_count = graph.node_count
        rows = graph.open_edges(over)
        rows += (np.zeros_like(rows[0]),) * (5 - len(rows))
        self.turned = [self._turned(graph, name) for name in over]
        # Parallel edges stay: one may be cheap and the other fast.
        self.out: list[list[tuple[int, int, int, int]]] = [[] for _ in range(graph.node_count)]
        for tail, *rest in zip(*(column.tolist() for column in rows), strict=True):
            self.out[tail].append((rest[0], rest[1], rest[2], rest[3]))

    def _turned(self, graph: SearchGraph, criterion: str) -> csr_matrix:
        tail, head, weight = graph.lightest(criterion)
        return csr_matrix((weight.astype(np.float64), (head, tail)), shape=(self.node_count,) * 2)

    def _bounds(self, destination: int) -> list[list[float]]:
        found = [dijkstra(matrix, indices=destination).tolist() for matrix in self.turned]
        return found + [[0.0] * self.node_count] * (3 - len(found))

    def cells(self, origin: int, destination: int, resolution: Sequence[int]) -> set[tuple[int, int, int]]:
        """The grid cells of the Pareto set between two nodes, each `value // resolution`."""
        bound_a, bound_b, bound_c = self._bounds(destination)
        cell_a, cell_b, cell_c = (*resolution, 1, 1)[:3]
        if bound_a[origin] == float("inf"):
            return set()
        fronts = [Staircase() for _ in range(self.node_count)]
        arrived, members = Staircase(), []
        queue = [(bound_a[origin], bound_b[origin], bound_c[origin], 0, 0, 0, origin)]
        while queue:
            least_a, least_b, least_c, a, b, c, node = heappop(queue)
            if arrived.covers(least_b // cell_b, least_c // cell_c) or fronts[node].covers(b, c):
                continue
            if node == destination:
                arrived.insert(b // cell_b, c // cell_c)
                members.append((a // cell_a, b // cell_b, c // cell_c))
                continue
            fronts[node].insert(b, c)
            for head, more_a, more_b, more_c in self.out[node]:
                next_b, next_c = b + more_b, c + more_c
                least_b, least_c = next_b + bound_b[head], next_c + bound_c[head]
                least_a = a + more_a + bound_a[head]
                if least_a == float("inf") or arrived.covers(least_b // cell_b, least_c // cell_c):
                    continue
                if not fronts[head].covers(next_b, next_c):
                    heappush(queue, (least_a, least_b, least_c, a + more_a, next_b, next_c, head))
        return undominated(members)


def undominated(cells: Sequence[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """Cells that no other cell beats."""
    found = set(cells)
    return {
        cell
        for cell in found
        if not any(other != cell and all(a <= b for a, b in zip(other, cell, strict=True)) for other in found)
    }

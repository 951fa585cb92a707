"""The roads and sea lanes of scgraph-data as arrays: 559,356 nodes, 1,652,832 arcs, whole metres.

Read as text: the package would build its own graph of dicts first. The file lists neighbours by node with
kilometres to the metre, and a position a node; each pair stands in both directions with one length. Kept is
its largest part, without the links from a node to itself.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components

from benches.plain import Integers, PlainGraph

_FILE = "world_highways_and_marnet.py"


@cache
def highways() -> PlainGraph:
    """The largest part of the graph, its arcs in the order of the file."""
    graph, nodes = _sections(_path().read_text("ascii"))
    pairs, tail = _neighbours(graph)
    head = pairs[:, 0].astype(np.int64)
    lat_lon = np.array(nodes.translate(_NUMBERS).split(), dtype=np.float64).reshape(-1, 2)
    is_kept = in_largest_part(tail, head, len(lat_lon))
    kept_arc = is_kept[tail] & (tail != head)
    number = np.cumsum(is_kept) - 1
    return PlainGraph(
        name="highways and sea lanes",
        lat=np.ascontiguousarray(lat_lon[is_kept, 0]),
        lon=np.ascontiguousarray(lat_lon[is_kept, 1]),
        tail=number[tail[kept_arc]],
        head=number[head[kept_arc]],
        metres=np.floor(pairs[kept_arc, 1] * 1000.0 + 0.5).astype(np.int64),
    )


def in_largest_part(tail: Integers, head: Integers, count: int) -> NDArray[np.bool_]:
    """Which nodes lie in the largest part of a graph."""
    joined = csr_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(count, count))
    label = connected_components(joined, directed=False)[1]
    return np.asarray(label == np.bincount(label).argmax())


def _path() -> Path:
    spec = importlib.util.find_spec("scgraph_data")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("scgraph-data is missing: pip install -r requirements/bench.txt")
    return Path(spec.submodule_search_locations[0]) / _FILE


def _sections(text: str) -> tuple[str, str]:
    graph = re.search(r"^graph=(.*)$", text, re.MULTILINE)
    nodes = re.search(r"^nodes=(.*)$", text, re.MULTILINE)
    if graph is None or nodes is None:
        raise SystemExit(f"{_FILE} is laid out otherwise than in scgraph-data 2.0.0")
    return graph[1], nodes[1]


_NUMBERS = str.maketrans("{}[]:,", "      ")


def _neighbours(text: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Head and kilometres of each arc, and its tail."""
    rows = text.split("}")[:-1]
    degree = np.array([row.count(":") for row in rows], dtype=np.int64)
    pairs = np.array(text.translate(_NUMBERS).split(), dtype=np.float64).reshape(-1, 2)
    return pairs, np.repeat(np.arange(len(rows)), degree)

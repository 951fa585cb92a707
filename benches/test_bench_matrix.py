"""One to all and many to many, lengths without paths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benches.peers import ROWS_OF
from benches.work import Work, measure

WORKS = pytest.mark.parametrize("name", ["sea", "whole"])
PEERS = pytest.mark.parametrize("peer", ROWS_OF)
TREE_PEERS = pytest.mark.parametrize("peer", [name for name in ROWS_OF if name != "pyroutingkit"])
TREES = 10  # origins of one to all


@pytest.fixture
def work(name: str, request: pytest.FixtureRequest) -> Work:
    found: Work = request.getfixturevalue(name)
    return found


@WORKS
class TestOneToAll:
    """Trees of a few origins, one call an origin; answers are compared at the destinations."""

    def test_core(self, work: Work, benchmark: Any) -> None:
        benchmark.group = f"one to all, {work.name}"
        origins, ends = work.origins[:TREES], list(work.destinations)

        def trees() -> list[Any]:
            return [work.priced.metric.one_to_all(work.criterion, hub)[ends] for hub in origins]

        expected = work.peers.scipy_rows(work.starts[:TREES], work.ends)
        measure(benchmark, "xroute core", trees, queries=TREES, expected=expected)

    def test_prepared(self, work: Work, benchmark: Any) -> None:
        benchmark.group = f"one to all, {work.name}"
        origins, ends = work.origins[:TREES], list(work.destinations)

        def trees() -> list[Any]:
            return [work.prepared.one_to_all(hub)[ends] for hub in origins]

        expected = work.peers.scipy_rows(work.starts[:TREES], work.ends)
        measure(benchmark, "xroute prepared", trees, queries=TREES, expected=expected, as_compared=work.whole)

    @TREE_PEERS
    def test_peer(self, work: Work, benchmark: Any, peer: str) -> None:
        benchmark.group = f"one to all, {work.name}"
        rows, peers = ROWS_OF[peer], work.peers

        def trees() -> Any:
            return np.concatenate([rows(peers, [start], work.ends) for start in work.starts[:TREES]])

        expected = np.array(work.core_matrix()).reshape(len(work.origins), -1)[:TREES]
        measure(benchmark, peer, trees, queries=TREES, expected=expected)


@WORKS
class TestMatrix:
    """All origins by all destinations; xroute on one thread, and with five quantities a cell."""

    def test_core(self, work: Work, benchmark: Any) -> None:
        benchmark.group = _matrix(work)
        expected = work.peers.scipy_rows(work.starts, work.ends).ravel()
        measure(benchmark, "xroute core", work.core_matrix, queries=len(expected), expected=expected)

    def test_prepared(self, work: Work, benchmark: Any) -> None:
        benchmark.group = _matrix(work)
        expected = np.array(work.core_matrix()).reshape(len(work.origins), -1)
        froms, tos = (np.array(hubs) for hubs in (work.origins, work.destinations))

        def matrix() -> Any:
            return work.prepared.values(froms, tos, threads=1)

        measure(
            benchmark, "xroute prepared", matrix, queries=expected.size,
            expected=expected, as_compared=work.whole,
        )  # fmt: skip

    def test_public(self, work: Work, benchmark: Any) -> None:
        benchmark.group = _matrix(work)
        expected = work.core_matrix()
        measure(
            benchmark, "xroute Network.matrix", work.public_matrix,
            queries=len(expected), expected=expected, as_compared=work.whole_units,
        )  # fmt: skip

    @PEERS
    def test_peer(self, work: Work, benchmark: Any, peer: str) -> None:
        benchmark.group = _matrix(work)
        rows, peers, expected = ROWS_OF[peer], work.peers, work.core_matrix()

        def matrix() -> Any:
            return rows(peers, work.starts, work.ends).ravel()

        measure(benchmark, peer, matrix, queries=len(expected), expected=expected)


def _matrix(work: Work) -> str:
    return f"matrix {len(work.origins)} x {len(work.destinations)}, {work.name}"

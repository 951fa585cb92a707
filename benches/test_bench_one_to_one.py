"""One to one, path included: ports by sea, and places of all kinds by all modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import searoute  # type: ignore[import-untyped]

from benches.work import Work, measure

SEA = "one to one, sea"
SCGRAPH = ("dijkstra", "bidirectional_dijkstra")


@pytest.mark.parametrize("name", ["sea", "whole"])
class TestOneToOne:
    """The same pairs for each contender; answers are whole numbers and equal."""

    @pytest.fixture
    def work(self, name: str, request: pytest.FixtureRequest, benchmark: Any) -> Work:
        found: Work = request.getfixturevalue(name)
        benchmark.group = f"one to one, {found.name}"
        return found

    def test_core(self, work: Work, benchmark: Any) -> None:
        expected = work.peers.scipy_pairs(work.nodes)
        measure(benchmark, "xroute core", work.core_pairs, queries=len(work.pairs), expected=expected)

    def test_public(self, work: Work, benchmark: Any) -> None:
        measure(
            benchmark, "xroute Network.route", work.public_pairs,
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    def test_networkx(self, work: Work, benchmark: Any) -> None:
        measure(
            benchmark, "networkx dijkstra", lambda: work.peers.networkx_pairs(work.nodes),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    def test_networkx_bidirectional(self, work: Work, benchmark: Any) -> None:
        measure(
            benchmark, "networkx bidirectional", lambda: work.peers.networkx_bidirectional_pairs(work.nodes),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    def test_scipy(self, work: Work, benchmark: Any) -> None:
        measure(
            benchmark, "scipy dijkstra (always to all)", lambda: work.peers.scipy_pairs(work.nodes),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    @pytest.mark.parametrize("algorithm", SCGRAPH)
    def test_scgraph(self, work: Work, benchmark: Any, algorithm: str) -> None:
        measure(
            benchmark, f"scgraph {algorithm}", lambda: work.peers.scgraph_pairs(work.nodes, algorithm),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip


def test_scgraph_hierarchy(sea: Work, benchmark: Any) -> None:
    """A prepared index against searches without one; the preparation is not in the time."""
    benchmark.group = SEA
    sea.peers.scgraph.create_contraction_hierarchy()
    measure(
        benchmark, "scgraph contraction hierarchy (prepared)",
        lambda: sea.peers.scgraph_pairs(sea.nodes, "contraction_hierarchy"),
        queries=len(sea.pairs), expected=sea.core_pairs(),
    )  # fmt: skip


def test_searoute(sea: Work, benchmark: Any) -> None:
    """Its public call on its own network: near the same lanes, so lengths are near and not equal."""
    benchmark.group = SEA
    places = sea.net.places
    ends = [[(places.lon[hub], places.lat[hub]) for hub in pair] for pair in sea.pairs]

    def lengths() -> list[float]:
        return [searoute.searoute(*pair, units="m")["properties"]["length"] for pair in ends]

    theirs = np.array(measure(benchmark, "searoute (own network)", lengths, queries=len(ends)))
    apart = np.abs(theirs / np.array(sea.core_pairs()) - 1.0)
    assert np.median(apart) < 0.05

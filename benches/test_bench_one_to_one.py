"""One to one, path included: ports by sea, and places of all kinds by all modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import searoute  # type: ignore[import-untyped]

from benches.peers import PAIRS_OF
from benches.work import Work, measure

SEA = "one to one, sea"
EARLIER = 3_000
"""Pairs after which most that the hubs of the shipped network share is known."""


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

    def test_prepared(self, work: Work, benchmark: Any) -> None:
        """Every round asks other pairs; the first round those of the peers."""
        expected, rounds = work.peers.scipy_pairs(work.nodes), iter([work.pairs, *work.fresh_rounds])
        assert work.prepared is not None
        measure(
            benchmark, "xroute prepared", lambda: work.prepared_pairs(next(rounds)),
            queries=len(work.pairs), expected=expected, as_compared=work.whole,
        )  # fmt: skip

    def test_prepared_again(self, work: Work, benchmark: Any) -> None:
        expected = work.peers.scipy_pairs(work.nodes)
        for _ in range(3):
            assert len(work.prepared_pairs()) == len(expected)
        measure(
            benchmark, "xroute prepared, hubs asked for before", work.prepared_pairs,
            queries=len(work.pairs), expected=expected, as_compared=work.whole,
        )  # fmt: skip

    @pytest.mark.parametrize("is_read", [False, True])
    def test_public(self, work: Work, benchmark: Any, is_read: bool) -> None:
        """Totals alone, and with every cost line and the footprint of every leg; other pairs each round."""
        rounds = iter([work.pairs, *work.fresh_rounds])
        name = f"xroute Network.route{', every line read' if is_read else ''}"
        for _ in range(30):  # so often asked that the network is customised for it
            assert work.public_pairs()
        measure(
            benchmark, name, lambda: work.public_pairs(next(rounds), is_read=is_read),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    @pytest.mark.parametrize("is_read", [False, True])
    def test_public_in_a_long_run(self, work: Work, benchmark: Any, is_read: bool) -> None:
        """Other pairs each round, after so many questions that most is known that hubs share."""
        rounds = iter([work.pairs, *work.fresh_rounds])
        for pairs in work.other_pairs(EARLIER):
            assert work.public_pairs(pairs)
        name = f"xroute Network.route after {EARLIER:,} other pairs{', every line read' if is_read else ''}"
        measure(
            benchmark, name, lambda: work.public_pairs(next(rounds), is_read=is_read),
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    def test_public_again(self, work: Work, benchmark: Any) -> None:
        for _ in range(3):
            assert work.public_pairs()
        measure(
            benchmark, "xroute Network.route, hubs asked for before", work.public_pairs,
            queries=len(work.pairs), expected=work.core_pairs(),
        )  # fmt: skip

    @pytest.mark.parametrize("peer", PAIRS_OF)
    def test_peer(self, work: Work, benchmark: Any, peer: str) -> None:
        search, peers = PAIRS_OF[peer], work.peers
        search(peers, work.nodes[:1])  # its own form of the graph is made before
        measure(
            benchmark, peer, lambda: search(peers, work.nodes),
            queries=len(work.pairs), expected=work.core_pairs(),
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

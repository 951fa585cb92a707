"""1000 x 1000 on the shipped sea lanes, and a scenario made ready on the shipped network, by all modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xroute as xr
from benches.peers import ROWS_OF
from benches.work import Work, measure, sea_work

ENDS = 1000
FEW_ORIGINS = 20
GROUP = f"matrix {ENDS} x {ENDS}, sea"
SCENARIOS = (
    xr.Scenario(name="carbon price", carbon_price_eur_t=90.0),
    xr.Scenario(name="Suez closed", closed_passages=("suez",)),
)


@pytest.fixture(scope="module")
def lanes(net: xr.Network) -> Work:
    """Ports and sea junctions: there are not two thousand ports."""
    small = sea_work(net, 20)
    nodes = np.array(sorted(small.graph.start))
    joined = nodes[small.priced.metric.one_to_all("distance", small.origins[0])[nodes] >= 0]
    drawn = np.random.default_rng(3).permutation(joined)[: 2 * ENDS].tolist()
    parts = small.name, small.net, small.priced, small.graph, small.criterion, small.modes
    return Work(*parts, tuple(drawn[:ENDS]), tuple(drawn[ENDS:]))


class TestMatrix:
    """Lengths alone, one thread; slow peers with fewer origins."""

    @pytest.fixture(autouse=True)
    def group(self, benchmark: Any) -> None:
        benchmark.group = GROUP

    def test_prepared(self, lanes: Work, benchmark: Any) -> None:
        froms, tos = (np.array(hubs) for hubs in (lanes.origins, lanes.destinations))
        measure(
            benchmark, "xroute prepared", lambda: lanes.prepared.values(froms, tos, threads=1),
            queries=ENDS * ENDS, as_compared=lanes.whole,
            expected=lanes.peers.pyroutingkit_rows(lanes.starts, lanes.ends),
        )  # fmt: skip

    def test_pyroutingkit(self, lanes: Work, benchmark: Any) -> None:
        measure(
            benchmark, "pyroutingkit", lambda: lanes.peers.pyroutingkit_rows(lanes.starts, lanes.ends),
            queries=ENDS * ENDS, expected=lanes.peers.scipy_rows(lanes.starts, lanes.ends),
        )  # fmt: skip

    @pytest.mark.parametrize("peer", ["scipy", "igraph", "rustworkx", "scgraph"])
    def test_peer(self, lanes: Work, benchmark: Any, peer: str) -> None:
        few, peers = lanes.starts[:FEW_ORIGINS], lanes.peers
        measure(
            benchmark, f"{peer} ({FEW_ORIGINS} origins)", lambda: ROWS_OF[peer](peers, few, lanes.ends),
            queries=FEW_ORIGINS * ENDS, expected=peers.pyroutingkit_rows(few, lanes.ends),
        )  # fmt: skip


class TestScenario:
    """From a changed scenario to the first answer; networkx answers once on its own graph."""

    @pytest.fixture(autouse=True)
    def group(self, benchmark: Any) -> None:
        benchmark.group = "scenario to first answer, all modes"

    @pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
    def test_first_answer(self, whole: Work, benchmark: Any, scenario: xr.Scenario) -> None:
        """A mass of its own each time: no priced network is kept from the round before."""
        net, (a, b) = whole.net, whole.ids([whole.origins[0], whole.destinations[0]])
        masses = iter(range(1, 1_000_000))

        def first() -> Any:
            goods = xr.Shipment(mass_kg=1200.0 + next(masses), volume_m3=6.4, load="LCL")
            return net.route(a, b, shipment=goods, minimise="generalised", scenario=scenario)

        measure(benchmark, f"xroute Network.route, {scenario.name}", first, queries=1)

    def test_networkx(self, whole: Work, benchmark: Any) -> None:
        search, nodes = whole.peers.networkx_pairs, whole.nodes
        measure(
            benchmark, "networkx dijkstra, weights as they were", lambda: search(nodes[:10]), queries=10,
            expected=whole.core_pairs()[:10],
        )  # fmt: skip

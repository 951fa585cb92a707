"""The work that every contender is given, the answers that it must reach, and how it is timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import xroute as xr
from benches.graphs import SearchGraph, sea_graph, whole_graph
from benches.peers import Peers
from xroute.clearance import between
from xroute.pricings import Priced

SHIPMENT = xr.Shipment(mass_kg=1200, volume_m3=6.4, value_eur=48_000, load="LCL")
PLACES = ("city", "port", "airport", "rail_terminal", "river_port")
UNIT_OF = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}
MOST_ROUNDS, LEAST_ROUNDS, SECONDS = 25, 3, 4.0


@dataclass(frozen=True)
class Work:
    """One search graph with the hub rows that trips run between; origins and destinations differ."""

    name: str
    net: xr.Network
    priced: Priced
    graph: SearchGraph
    criterion: str
    modes: tuple[str, ...] | None
    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    places: tuple[int, ...] = ()

    @cached_property
    def fresh_rounds(self) -> list[list[tuple[int, int]]]:
        """Pairs for many rounds that differ from those of the trips, and nearly all from one another."""
        rng, count = np.random.default_rng(7), len(self.origins)
        drawn = rng.choice(np.array(self.places), (MOST_ROUNDS + 1, count, 2))
        return [[(int(a), int(b)) for a, b in pairs if a != b] for pairs in drawn]

    @cached_property
    def peers(self) -> Peers:
        """The graph as each peer holds it; made once, never timed."""
        return Peers.of(self.graph, self.criterion)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Hub rows of the one-to-one trips: each origin with one destination."""
        return list(zip(self.origins, self.destinations, strict=True))

    @property
    def nodes(self) -> list[tuple[int, int]]:
        """The same trips as nodes of the search graph."""
        return list(zip(self.starts, self.ends, strict=True))

    def other_pairs(self, count: int) -> list[list[tuple[int, int]]]:
        """So many hundreds of pairs of hubs of which none is asked for elsewhere, in rounds of a hundred."""
        asked = {hub for pairs in [self.pairs, *self.fresh_rounds] for pair in pairs for hub in pair}
        others = np.array(sorted(set(self.places) - asked))
        drawn = np.random.default_rng(5).choice(others, (count // 100, 100, 2))
        return [[(int(a), int(b)) for a, b in pairs] for pairs in drawn]

    @property
    def starts(self) -> list[int]:
        """Nodes of the origins."""
        return [self.graph.start[hub] for hub in self.origins]

    @property
    def ends(self) -> list[int]:
        """Nodes of the destinations."""
        return [self.graph.end[hub] for hub in self.destinations]

    def ids(self, hubs: Sequence[int]) -> list[str]:
        """Hub ids, as the public calls take them."""
        return [self.net.places.ids[hub] for hub in hubs]

    # --- xroute ---------------------------------------------------------------------------------------

    def core_pairs(self) -> list[int]:
        """The core alone: search, path, and its legs as a dict."""
        name, route = UNIT_OF[self.criterion], self.priced.metric.route
        return [found[name] if (found := route(self.criterion, *pair)) else -1 for pair in self.pairs]

    @cached_property
    def prepared(self) -> Any:
        """The network prepared for the criterion; made once, never timed here."""
        return self.net.prepare(minimise=self.criterion, shipment=SHIPMENT, modes=self.modes)

    def prepared_pairs(self, pairs: Sequence[tuple[int, int]] | None = None) -> list[float]:
        """The prepared network alone: the value and the hubs of the path."""
        return [self.prepared.path(*pair).value for pair in pairs or self.pairs]

    def whole(self, values: Any) -> NDArray[np.int64]:
        """Values of the prepared network in the units of the core: metres or money."""
        return whole(values, 1e-3 if self.criterion == "distance" else self.priced.metric.money_unit_eur)

    def public_pairs(
        self, pairs: Sequence[tuple[int, int]] | None = None, *, is_read: bool = False
    ) -> list[int]:
        """`Network.route`; where `is_read`, with every cost line and every line of the footprint read."""
        ids = self.net.places.ids
        routes = [
            self.net.route(ids[a], ids[b], shipment=SHIPMENT, minimise=self.criterion, modes=self.modes)
            for a, b in pairs or self.pairs
        ]
        if is_read:
            assert all(route.cost_lines and route.footprint.lines for route in routes)
        if self.criterion == "cost":
            return [route.money_units for route in routes]
        return [round(route.distance_km * 1000) for route in routes]

    def core_matrix(self) -> list[int]:
        """The matrix by the core on one thread: five quantities a cell."""
        froms, tos = (np.array(hubs, dtype=np.uint32) for hubs in (self.origins, self.destinations))
        cells = self.priced.metric.matrix(self.criterion, froms, tos, threads=1)
        found: list[int] = cells[UNIT_OF[self.criterion]].tolist()
        return found

    def public_matrix(self) -> xr.Matrix:
        """`Network.matrix` on one thread: cost, time, distance and carbon a cell, customs included."""
        return self.net.matrix(
            self.ids(self.origins), self.ids(self.destinations), shipment=SHIPMENT,
            minimise=self.criterion, modes=self.modes, threads=1,
        )  # fmt: skip

    def whole_units(self, found: xr.Matrix) -> list[int]:
        """A public matrix in the units of the core: metres, or money without the customs fee."""
        if self.criterion == "distance":
            return [round(km * 1000) for km in found.distance_km.ravel().tolist()]
        country = self.net.places.country
        fees = [
            [between(country[a], country[b], xr.Scenario()).fee_eur for b in self.destinations]
            for a in self.origins
        ]
        money = (found.cost_eur - np.array(fees)) / self.priced.metric.money_unit_eur
        return [round(units) for units in money.ravel().tolist()]


def sea_work(net: xr.Network, count: int) -> Work:
    """Ports over the sea links alone, least distance."""
    graph = sea_graph(net)
    modes = ("sea",)
    priced = net.priced(SHIPMENT, "LCL", xr.Scenario(), modes)
    ports = [hub for hub in graph.start if net.places.kind[hub] == "port"]
    reached = priced.metric.one_to_all("distance", net.places.row("CNYTN")) >= 0
    joined = tuple(hub for hub in ports if reached[hub])
    return Work("sea", net, priced, graph, "distance", modes, *_drawn(joined, count), joined)


def whole_work(net: xr.Network, count: int) -> Work:
    """Cities, ports, airports and terminals over all modes, least cost."""
    priced = net.priced(SHIPMENT, "LCL", xr.Scenario())
    reached = priced.metric.one_to_all("cost", net.places.row("CNYTN")) >= 0
    places = [hub for hub in np.flatnonzero(reached).tolist() if net.places.kind[hub] in PLACES]
    origins, destinations = _drawn(places, count)
    graph = whole_graph(net, priced, [*origins, *destinations])
    return Work("all modes", net, priced, graph, "cost", None, origins, destinations, tuple(places))


def _drawn(hubs: Sequence[int], count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    drawn = np.random.default_rng(20_261_123).permutation(np.array(hubs))[: 2 * count].tolist()
    return tuple(drawn[:count]), tuple(drawn[count:])


def whole(values: Any, unit: float) -> NDArray[np.int64]:
    """Numbers of units; -1 for NaN."""
    found = np.asarray(values, dtype=np.float64) / unit
    return np.where(np.isnan(found), -1, np.floor(found + 0.5)).astype(np.int64)


def measure_once(benchmark: Any, contender: str, call: Callable[[], Any], *, queries: int = 1) -> Any:
    """Times one call: what takes many seconds, or leaves something behind."""
    benchmark.extra_info.update(contender=contender, queries=queries)
    return benchmark.pedantic(call, rounds=1, warmup_rounds=0)


def measure(
    benchmark: Any,
    contender: str,
    call: Callable[[], Any],
    *,
    queries: int,
    expected: Any = None,
    as_compared: Callable[[Any], Any] = np.asarray,
) -> Any:
    """Checks the answer of a contender, then times it; more rounds where a round is short.

    `as_compared` turns an answer into the form of `expected`, outside the time.

    Raises `AssertionError` where the answer differs from `expected`.
    """
    begin = time.process_time()
    answer = call()
    seconds = max(time.process_time() - begin, 1e-6)
    if expected is not None:
        assert np.array_equal(as_compared(answer), expected), f"{contender} answers otherwise"
    benchmark.extra_info.update(contender=contender, queries=queries)
    rounds = min(MOST_ROUNDS, max(LEAST_ROUNDS, int(SECONDS / seconds)))
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=0)
    return answer

"""The search graph of a case, laid out anew in networkx from the tables alone: the oracle of searches.

Written from the words of the design (platforms, through, transfers, door), without a look at the core's own
layout: an arriving and a departing node for each platform of a hub, one node where a junction only passes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import networkx as nx

from random_networks import DOOR, KINDS, MODES, Case
from xroute import _core

LARGEST = 2_147_483_646
TIME_ROOM = 1 << 60
CRITERIA = ("cost", "time", "co2e", "distance", "generalised")
NAN = math.nan


@dataclass(frozen=True, order=True)
class Platform:
    """Where the vehicles of one mode and gauge, or its services, meet a hub."""

    hub: int
    mode: str
    gauge_mm: int
    is_service: bool


@dataclass(frozen=True)
class Amounts:
    """What one step costs, lasts, emits and measures."""

    money_eur: float = 0.0
    hours: float = 0.0
    co2e_g_t: float = 0.0
    distance_m: int = 0


Node = tuple[Any, ...]
Edge = tuple[Node, Node, Amounts]


def whole(value: float) -> int:
    """The nearest integer, halves upwards."""
    low = math.floor(value)
    return low + (value - low >= 0.5)


def or_zero(value: float) -> float:
    """The value, or 0 for a missing one."""
    return 0.0 if math.isnan(value) else value


class Expansion:
    """The graph of a case with integer weights by criterion."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kind = case.hubs["kind"]
        self.overrides = {
            (hub, first, second): cells
            for hub, first, second, *cells in zip(*case.transfers.values(), strict=True)
        }
        edges = [*self._links(), *self._services()]
        platforms = sorted({node[1] for a, b, _ in edges for node in (a, b)} | set(self._stubs()))
        edges = [edge for edge in edges if edge[2] is not None]
        for platform in platforms:
            if self._is_open(platform):
                edges += self._doors(platform)
        edges += self._changes(platforms)
        self.graph = self._weighted(edges)

    # --- platforms ------------------------------------------------------------------------------------

    def _link_platform(self, hub: str, row: int) -> Platform:
        mode, gauge = self.case.links["mode"][row], self.case.links["gauge_mm"][row]
        width = 0 if mode != "rail" else 1435 if math.isnan(gauge) else int(gauge)
        return Platform(int(hub[1:]), mode, width, False)

    def _stubs(self) -> Iterator[Platform]:
        """Platforms whose links and services are all closed are still there."""
        for row, ends in enumerate(self._ends(self.case.links)):
            yield from (self._link_platform(hub, row) for hub in ends)
        for row, ends in enumerate(self._ends(self.case.services)):
            yield from (self._service_platform(hub, row) for hub in ends)

    def _service_platform(self, hub: str, row: int) -> Platform:
        return Platform(int(hub[1:]), self.case.services["mode"][row], 0, True)

    def _ends(self, rows: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
        return zip(rows.get("origin", ()), rows.get("destination", ()), strict=True)

    def _node(self, platform: Platform, side: str) -> Node:
        return ("pass" if self.kind[platform.hub] == "junction" else side, platform)

    def _hub_is_open(self, hub: int) -> bool:
        country = self.case.hubs["country"][hub]
        return hub not in self.case.closed_hubs and country not in self.case.closed_countries

    def _is_open(self, platform: Platform) -> bool:
        return platform.mode in self.case.modes and self._hub_is_open(platform.hub)

    # --- links and services ---------------------------------------------------------------------------

    def _links(self) -> Iterator[Edge]:
        links = self.case.links
        for row, (origin, destination) in enumerate(self._ends(links)):
            a, b = (self._link_platform(hub, row) for hub in (origin, destination))
            passages, countries = links["passages"][row].split(";"), links["countries"][row].split(";")
            if not (self._is_open(a) and self._is_open(b)):
                continue
            if self.case.closed_passages.intersection(passages):
                continue
            if self.case.closed_countries.intersection(filter(None, countries)):
                continue
            amounts = self._link_amounts(row, passages)
            yield self._node(a, "depart"), self._node(b, "arrive"), amounts
            if not links["oneway"][row]:
                yield self._node(b, "depart"), self._node(a, "arrive"), amounts

    def _link_amounts(self, row: int, passages: list[str]) -> Amounts:
        links, case = self.case.links, self.case
        terms = case.by_class[links["mode"][row], links["vehicle_class"][row]]
        metres, borders = whole(links["distance_km"][row] * 1000.0), or_zero(links["customs_borders"][row])
        own, km = links["speed_km_h"][row], metres / 1000.0
        speed = terms["speed_km_h"] if math.isnan(own) else own
        delays = [case.passage_delay_h[name] for name in case.passages["passage_id"] if name in passages]
        return Amounts(
            terms["per_km_eur"] * km + borders * terms["border_eur"],
            km / speed + borders * terms["border_h"] + sum(delays),
            (terms["wtt_g_tkm"] + terms["ttw_g_tkm"]) * km,
            metres,
        )

    def _services(self) -> Iterator[Edge]:
        for row, (origin, destination) in enumerate(self._ends(self.case.services)):
            a, b = (self._service_platform(hub, row) for hub in (origin, destination))
            if self._is_open(a) and self._is_open(b):
                yield (
                    self._node(a, "depart"),
                    self._node(b, "arrive"),
                    self._service_amounts(row, a.hub, b.hub),
                )

    def _service_amounts(self, row: int, origin: int, destination: int) -> Amounts:
        services = self.case.services
        terms = self.case.by_class[services["mode"][row], services["vehicle_class"][row]]
        metres = self._service_metres(row, origin, destination)
        km, rate = metres / 1000.0, services["rate_id"][row]
        if rate:
            fixed, per_km, least = self.case.by_rate[rate]
            money = max(fixed + per_km * km, least)
        else:
            money = terms["service_fixed_eur"] + terms["per_km_eur"] * km
        own, cutoff = services["departures_per_week"][row], or_zero(services["cutoff_h"][row])
        departures = terms["departures_per_week"] if math.isnan(own) else own
        wait = 0.0 if math.isnan(departures) else 84.0 / departures
        hours = services["duration_h"][row]
        transit = km / terms["speed_km_h"] if math.isnan(hours) else hours
        co2e = (terms["wtt_g_tkm"] + terms["ttw_g_tkm"]) * km
        return Amounts(money, (wait + cutoff) + transit, co2e, metres)

    def _service_metres(self, row: int, origin: int, destination: int) -> int:
        given = self.case.services["distance_km"][row]
        if not math.isnan(given):
            return whole(given * 1000.0)
        lat, lon = self.case.hubs["lat"], self.case.hubs["lon"]
        return whole(_core.geodesic_km(lat[origin], lon[origin], lat[destination], lon[destination]) * 1000.0)

    # --- doors and transfers --------------------------------------------------------------------------

    def _doors(self, platform: Platform) -> Iterator[Edge]:
        into = self._change(platform.hub, None, platform)
        if into is not None:
            yield ("from", platform.hub), self._node(platform, "depart"), into
        out = self._change(platform.hub, platform, None)
        if out is not None:
            yield self._node(platform, "arrive"), ("to", platform.hub), out

    def _changes(self, platforms: list[Platform]) -> Iterator[Edge]:
        by_hub: dict[int, list[Platform]] = {}
        for platform in platforms:
            by_hub.setdefault(platform.hub, []).append(platform)
        for hub, here in by_hub.items():
            if self.kind[hub] == "junction" or not self._hub_is_open(hub):
                continue
            for first, second in product(here, here):
                edge = self._node(first, "arrive"), self._node(second, "depart")
                if first == second and not first.is_service:
                    yield (*edge, Amounts())
                elif self._is_open(first) and self._is_open(second):
                    change = self._change(hub, first, second)
                    if change is not None:
                        yield (*edge, change)

    def _change(self, hub: int, first: Platform | None, second: Platform | None) -> Amounts | None:
        if self.kind[hub] == "junction":
            return Amounts()
        sides = [DOOR if side is None else MODES.index(side.mode) for side in (first, second)]
        dwell, handling, wtt, ttw, _, _ = self.case.process[KINDS.index(self.kind[hub]), sides[0], sides[1]]
        if math.isnan(dwell):
            return None
        if first is not None and second is not None:
            hours, per_t, fixed, kg = self.overrides.get((f"h{hub}", first.mode, second.mode), [NAN] * 4)
            dwell = dwell if math.isnan(hours) else hours
            if not (math.isnan(per_t) and math.isnan(fixed)):
                handling = or_zero(fixed) + or_zero(per_t) * self.case.mass_t
            wtt, ttw = (wtt, ttw) if math.isnan(kg) else (0.0, kg * 1000.0)
        dwell += self.case.hub_delay_h[hub]
        wait, loading = self._loading(first, second)
        return Amounts(float(handling + loading), float(dwell + wait), float(wtt + ttw))

    def _loading(self, first: Platform | None, second: Platform | None) -> tuple[float, float]:
        """Wait and fixed money where a run of links begins; not for a lorry or train off a ferry."""
        if second is None or second.is_service:
            return 0.0, 0.0
        if first is not None and (
            (first.mode == "ferry" and second.mode in ("road", "rail"))
            or (not first.is_service and first.mode == second.mode)
        ):
            return 0.0, 0.0
        at = MODES.index(second.mode)
        fixed = float(self.case.load_fixed_eur[at])
        if second.mode == "ferry" and first is not None and first.mode in ("sea", "air", "inland_waterway"):
            fixed += float(self.case.load_fixed_eur[MODES.index("road")])  # it boards on a lorry
        return float(self.case.wait_h[at]), fixed

    # --- integers -------------------------------------------------------------------------------------

    def _generalised_eur(self, step: Amounts) -> float:
        case = self.case
        carbon = case.carbon_price_eur_t * case.mass_t * step.co2e_g_t / 1e6
        return step.money_eur + case.value_of_time_eur_h * step.hours + carbon

    def _weighted(self, edges: list[Edge]) -> nx.MultiDiGraph:
        dearest = max([0.0, *(self._generalised_eur(amounts) for _, _, amounts in edges)])
        self.money_unit_eur = 1e-4
        while dearest / self.money_unit_eur > LARGEST:
            self.money_unit_eur *= 10.0
        graph = nx.MultiDiGraph()
        graph.add_nodes_from((side, hub) for side in ("from", "to") for hub in range(self.case.size))
        for origin, destination, step in edges:
            graph.add_edge(
                origin, destination,
                cost=whole(step.money_eur / self.money_unit_eur),
                time=whole(step.hours * 3600.0),
                co2e=whole(step.co2e_g_t),
                distance=step.distance_m,
                generalised=whole(self._generalised_eur(step) / self.money_unit_eur),
            )  # fmt: skip
        return graph

    # --- answers --------------------------------------------------------------------------------------

    def best(self, criterion: str, origin: int) -> dict[int, tuple[int, int]]:
        """Least quantity, and the least time among routes equal in it, to every hub that is reached."""

        def weight(_a: Node, _b: Node, parallel: dict[int, dict[str, int]]) -> int:
            return min(edge[criterion] * TIME_ROOM + edge["time"] for edge in parallel.values())

        found = nx.single_source_dijkstra_path_length(self.graph, ("from", origin), weight=weight)
        answers = {
            hub: divmod(found["to", hub], TIME_ROOM) for hub in range(self.case.size) if ("to", hub) in found
        }
        return answers | {origin: (0, 0)}

    def every_route(
        self, over: tuple[str, ...], origin: int, destination: int, *, most_steps: int
    ) -> set[tuple[int, ...]] | None:
        """The quantities of every simple path from door to door; `None` where that takes too many steps."""
        goal, start = ("to", destination), ("from", origin)
        onward = self._onward(over, goal)
        found: set[tuple[int, ...]] = set()
        stack = [(start, (0,) * len(over), frozenset([start]))] if start in onward else []
        steps = 0
        while stack:
            node, so_far, seen = stack.pop()
            if node == goal:
                found.add(so_far)
                continue
            steps += len(onward[node])
            if steps > most_steps:
                return None
            for head, values in onward[node]:
                if head not in seen:
                    total = tuple(a + b for a, b in zip(so_far, values, strict=True))
                    stack.append((head, total, seen | {head}))
        return found

    def _onward(self, over: tuple[str, ...], goal: Node) -> dict[Node, list[tuple[Node, tuple[int, ...]]]]:
        """The different steps out of each node from which the goal can be reached."""
        useful = nx.ancestors(self.graph, goal) | {goal}
        return {
            node: sorted(
                {(head, tuple(edge[name] for name in over))
                 for _, head, edge in self.graph.out_edges(node, data=True) if head in useful},
                key=repr,
            )
            for node in useful
        }  # fmt: skip

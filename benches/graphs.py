"""The search graphs of the shipped network as plain arrays, laid out anew for the peers.

Nothing here asks the core for its graph: platforms, changes and integer weights are made again from the
public tables and the terms of the shipment, so that equal answers also check the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

import xroute as xr
from xroute import _core
from xroute.pricings import Priced

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

CRITERIA = ("cost", "time", "co2e", "distance")
_SEA = _core.MODES.index("sea")
_FERRY = _core.MODES.index("ferry")
_AFLOAT = [_core.MODES.index(mode) for mode in ("sea", "air", "inland_waterway")]
_ABOARD = [_core.MODES.index(mode) for mode in ("road", "rail")]
_PORT = _core.HUB_KINDS.index("port")
_JUNCTION = _core.HUB_KINDS.index("junction")
_DOOR = len(_core.MODES)
_STANDARD_GAUGE_MM = 1435
_HOURS_OF_HALF_A_WEEK = 84.0
CLOSED = -1  # the weight of an edge that a search by this criterion cannot take


@dataclass(frozen=True)
class SearchGraph:
    """Directed edges with integer weights by criterion, and the nodes where trips of a hub start and end.

    An edge that is closed to one criterion and open to another weighs `CLOSED` in the first.
    """

    node_count: int
    tail: Integers
    head: Integers
    weight: dict[str, Integers]
    start: dict[int, int] = field(repr=False)
    end: dict[int, int] = field(repr=False)
    lat: Numbers = field(repr=False)
    lon: Numbers = field(repr=False)

    def lightest(self, criterion: str) -> tuple[Integers, Integers, Integers]:
        """Tails, heads and weights with the lightest of parallel edges alone, as most peers need it."""
        tail, head, weight = self.open_edges((criterion,))
        order = np.lexsort((weight, head, tail))
        tail, head = tail[order], head[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return tail[is_first], head[is_first], weight[order][is_first]

    def open_edges(self, over: Sequence[str]) -> tuple[Integers, ...]:
        """Tails, heads and one column of weights a criterion, of the edges that are open to all of them."""
        is_open = np.logical_and.reduce([self.weight[name] != CLOSED for name in over])
        return (self.tail[is_open], self.head[is_open], *(self.weight[name][is_open] for name in over))


def sea_graph(net: xr.Network) -> SearchGraph:
    """Ports and sea junctions, both ways along every open sea link, in metres."""
    links = net.core.table("links")
    is_sea = (np.array(links["mode"]) == "sea") & _is_open(net, links["passages"])
    a, b = (_rows(net, links[end])[is_sea] for end in ("origin", "destination"))
    hubs, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    a, b = ends[: len(a)].astype(np.int64), ends[len(a) :].astype(np.int64)
    back = ~np.asarray(links["oneway"])[is_sea]
    metres = _whole(np.asarray(links["distance_km"])[is_sea] * 1000.0)
    node_of = {int(hub): node for node, hub in enumerate(hubs)}
    return SearchGraph(
        node_count=len(hubs),
        tail=np.concatenate([a, b[back]]),
        head=np.concatenate([b, a[back]]),
        weight={"distance": np.concatenate([metres, metres[back]])},
        start=node_of,
        end=node_of,
        lat=np.asarray(net.places.lat)[hubs],
        lon=np.asarray(net.places.lon)[hubs],
    )


def whole_graph(net: xr.Network, priced: Priced, terminals: Sequence[int]) -> SearchGraph:
    """Every platform of every hub, with changes of vehicle as edges and a door at each terminal."""
    platforms = _Platforms.of(net)
    parts = [
        _links(net, priced, platforms),
        _services(net, priced, platforms),
        _changes(net, priced, platforms),
        _doors(net, priced, platforms, terminals),
    ]
    tail, head = (np.concatenate([part[at] for part in parts]).astype(np.int64) for at in (0, 1))
    columns = [np.concatenate([part[2][at] for part in parts]) for at in range(len(CRITERIA))]
    units = (priced.metric.money_unit_eur, 3600.0, 1.0, 1.0)
    is_possible = ~np.isnan(columns[1])
    is_call = np.concatenate([part[3] for part in parts])[is_possible]
    first = platforms.node_count
    hubs = np.concatenate([platforms.hub_by_node(), terminals, terminals]).astype(np.int64)
    return SearchGraph(
        node_count=first + 2 * len(terminals),
        tail=tail[is_possible],
        head=head[is_possible],
        weight={
            name: np.where(is_call & (name != "distance"), CLOSED, _in_units(column[is_possible], name, unit))
            for name, column, unit in zip(CRITERIA, columns, units, strict=True)
        },
        start={hub: first + at for at, hub in enumerate(terminals)},
        end={hub: first + len(terminals) + at for at, hub in enumerate(terminals)},
        lat=np.asarray(net.places.lat)[hubs],
        lon=np.asarray(net.places.lon)[hubs],
    )


Amounts = tuple[Numbers, Numbers, Numbers, Numbers]  # EUR, hours, g CO2e a tonne, metres; NaN hours: closed
Mask = NDArray[np.bool_]
Edges = tuple[Integers, Integers, Amounts, Mask]  # the last: a ship of the deep sea calls at a feeder port


@dataclass(frozen=True)
class _Platforms:
    """Where a mode (and gauge, and the waters of a feeder) meets a hub; services have their own.

    `is_call` marks the platforms of deep-sea ships at feeder ports: they pass there and do not call.
    """

    key: Integers
    hub: Integers
    mode: Integers
    area: Integers
    is_service: Mask
    is_call: Mask
    arrive: Integers
    depart: Integers
    first: Integers
    node_count: int

    @classmethod
    def of(cls, net: xr.Network) -> _Platforms:
        links, services = net.core.table("links"), net.core.table("services")
        ends, areas = _link_ends(net, links), _areas(net)
        side, shared = _link_side(links), _feeder_area(areas, ends, links)
        keys = [_key(end, *side, 0) for end in ends]
        keys += [_key(end, *side, shared)[shared > 0] for end in ends]
        keys += [
            _key(_rows(net, services[end]), *_service_side(services)) for end in ("origin", "destination")
        ]
        key = np.unique(np.concatenate(keys))
        hub, mode, area, is_service = key >> 24, key >> 21 & 7, key >> 1 & 255, (key & 1).astype(bool)
        is_deep_sea = (mode == _SEA) & (area == 0) & ~is_service
        is_call = is_deep_sea & _feeder_ports(net, areas)[hub]
        first = np.searchsorted(hub, np.arange(len(net.places) + 1)).astype(np.int64)
        alone = (np.diff(first)[hub] == 1) & ~is_service
        one_node = alone | (_kinds(net)[hub] == _JUNCTION)
        width = np.where(one_node, 1, 2)
        arrive = np.cumsum(width) - width
        node_count = int(arrive[-1] + width[-1])
        return cls(key, hub, mode, area, is_service, is_call, arrive, arrive + width - 1, first, node_count)

    def at(self, key: Integers) -> Integers:
        return np.searchsorted(self.key, key)

    def hub_by_node(self) -> Integers:
        return np.repeat(self.hub, self.depart - self.arrive + 1)


def _key(
    hub: Integers, mode: Integers, gauge: Integers, is_service: int, area: Integers | int = 0
) -> Integers:
    return hub << 24 | mode << 21 | gauge << 9 | area << 1 | is_service


def _areas(net: xr.Network) -> Integers:
    """The waters of each hub by number; 0 for none."""
    names = net.core.table("hubs")["sea_area"]
    number = {name: at for at, name in enumerate(sorted({"", *names}))}
    return np.array([number[name] for name in names], dtype=np.int64)


def _feeder_ports(net: xr.Network, areas: Integers) -> Mask:
    """Ports that are no main port, in waters that have one."""
    is_main = np.asarray(net.core.table("hubs")["main_port"], dtype=bool)
    served = np.unique(areas[is_main & (areas > 0)])
    return (_kinds(net) == _PORT) & ~is_main & np.isin(areas, served)


def _link_ends(net: xr.Network, links: dict[str, list[str]]) -> tuple[Integers, Integers]:
    return _rows(net, links["origin"]), _rows(net, links["destination"])


def _feeder_area(areas: Integers, ends: tuple[Integers, Integers], links: dict[str, list[str]]) -> Integers:
    """The waters that a sea link lies in, by number; 0 where feeders do not sail it."""
    a, b = (areas[end] for end in ends)
    return np.where((_modes(links["mode"]) == _SEA) & (a == b), a, 0)


def _link_side(links: dict[str, list[str] | Numbers]) -> tuple[Integers, Integers, int]:
    mode = _modes(links["mode"])
    given = np.asarray(links["gauge_mm"], dtype=np.float64)
    gauge = np.where(np.isnan(given), _STANDARD_GAUGE_MM, given).astype(np.int64)
    return mode, np.where(mode == _core.MODES.index("rail"), gauge, 0), 0


def _service_side(services: dict[str, list[str]]) -> tuple[Integers, Integers, int]:
    mode = _modes(services["mode"])
    return mode, np.zeros_like(mode), 1


def _links(net: xr.Network, priced: Priced, platforms: _Platforms) -> Edges:
    """Both ways along every link; at sea inside one area once more for feeders."""
    links = net.core.table("links")
    ends, side = _link_ends(net, links), _link_side(links)
    shared = _feeder_area(_areas(net), ends, links)
    amounts, back = _along(net, priced, links), ~np.asarray(links["oneway"])
    tails, heads, rows = [], [], []
    for area, sails in ((np.zeros_like(shared), np.ones_like(back)), (shared, shared > 0)):
        a, b = (platforms.at(_key(end, *side, area)[sails]) for end in ends)
        home = back[sails]
        tails += [platforms.depart[a], platforms.depart[b][home]]
        heads += [platforms.arrive[b], platforms.arrive[a][home]]
        rows += [np.flatnonzero(sails), np.flatnonzero(sails)[home]]
    row = np.concatenate(rows)
    taken = [column[row] for column in amounts]
    never = np.zeros(len(row), dtype=bool)
    return np.concatenate(tails), np.concatenate(heads), (taken[0], taken[1], taken[2], taken[3]), never


def _along(net: xr.Network, priced: Priced, links: dict[str, Any]) -> Amounts:
    terms, which = priced.terms, _classes(net, links)
    metres = _whole(np.asarray(links["distance_km"]) * 1000.0).astype(np.float64)
    km = metres / 1000.0
    borders = np.nan_to_num(np.asarray(links["customs_borders"]))
    own = np.asarray(links["speed_km_h"])
    speed = np.where(np.isnan(own), terms.speed_km_h[which], own)
    hours = km / speed + borders * terms.border_h[which]
    hours[~_is_open(net, links["passages"])] = np.nan
    money = terms.per_km_eur[which] * km + borders * terms.border_eur[which]
    return money, hours, (terms.wtt_g_tkm[which] + terms.ttw_g_tkm[which]) * km, metres


def _services(net: xr.Network, priced: Priced, platforms: _Platforms) -> Edges:
    services, terms = net.core.table("services"), priced.terms
    if any(services["rate_id"]):
        raise ValueError("services with a rate of their own are not laid out for the peers")
    a, b = (
        platforms.at(_key(_rows(net, services[end]), *_service_side(services)))
        for end in ("origin", "destination")
    )
    which = _classes(net, services)
    metres = _whole(np.asarray(services["distance_km"]) * 1000.0).astype(np.float64)
    km = metres / 1000.0
    own = np.asarray(services["departures_per_week"])
    departures = np.where(np.isnan(own), terms.departures_per_week[which], own)
    is_frequent = departures > 0.0
    wait = np.where(is_frequent, _HOURS_OF_HALF_A_WEEK / np.where(is_frequent, departures, 1.0), 0.0)
    wait = wait + np.nan_to_num(np.asarray(services["cutoff_h"]))
    given = np.asarray(services["duration_h"])
    transit = np.where(np.isnan(given), km / terms.speed_km_h[which], given)
    money = terms.service_fixed_eur[which] + terms.per_km_eur[which] * km
    carbon = (terms.wtt_g_tkm[which] + terms.ttw_g_tkm[which]) * km
    never = np.zeros(len(a), dtype=bool)
    return platforms.depart[a], platforms.arrive[b], (money, wait + transit, carbon, metres), never


def _changes(net: xr.Network, priced: Priced, platforms: _Platforms) -> Edges:
    """Staying aboard at a hub, and every change from one platform of a hub to another."""
    kinds = _kinds(net)
    pairs = [
        (source, target)
        for source in range(len(platforms.hub))
        if kinds[platforms.hub[source]] != _JUNCTION
        for target in range(*platforms.first[platforms.hub[source] : platforms.hub[source] + 2])
        if source != target or platforms.is_service[source]
    ]
    source, target = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    changes = _amounts(
        priced, kinds[platforms.hub[source]], platforms.mode[source], platforms.mode[target],
        from_service=platforms.is_service[source], to_service=platforms.is_service[target],
        same_waters=platforms.area[source] == platforms.area[target],
    )  # fmt: skip
    stays = np.flatnonzero(
        ~platforms.is_service & (platforms.arrive != platforms.depart) & (kinds[platforms.hub] != _JUNCTION)
    )
    free = [np.concatenate([column, np.zeros(len(stays))]) for column in changes]
    return (
        np.concatenate([platforms.arrive[source], platforms.arrive[stays]]),
        np.concatenate([platforms.depart[target], platforms.depart[stays]]),
        (free[0], free[1], free[2], free[3]),
        np.concatenate([platforms.is_call[source] | platforms.is_call[target], np.zeros(len(stays), bool)]),
    )


def _doors(net: xr.Network, priced: Priced, platforms: _Platforms, terminals: Sequence[int]) -> Edges:
    """From the door of each terminal to its platforms, and from there to the door again."""
    tails, heads, amounts, calls = [], [], [], []
    kinds, count = _kinds(net), len(terminals)
    for at, hub in enumerate(terminals):
        here = np.arange(*platforms.first[hub : hub + 2])
        mode, is_service = platforms.mode[here], platforms.is_service[here]
        kind, door, never = (
            np.full(len(here), kinds[hub]),
            np.full(len(here), _DOOR),
            np.zeros(len(here), bool),
        )
        loading = _amounts(priced, kind, door, mode, from_service=never, to_service=is_service)
        unloading = _amounts(priced, kind, mode, door, from_service=is_service, to_service=~never)
        node = platforms.node_count + at
        tails += [np.full(len(here), node), platforms.arrive[here]]
        heads += [platforms.depart[here], np.full(len(here), node + count)]
        amounts += [loading, unloading]
        calls += [platforms.is_call[here]] * 2
    columns = [np.concatenate([each[at] for each in amounts]) for at in range(len(CRITERIA))]
    return (
        np.concatenate(tails),
        np.concatenate(heads),
        (columns[0], columns[1], columns[2], columns[3]),
        np.concatenate(calls),
    )


def _amounts(
    priced: Priced,
    kind: Integers,
    source: Integers,
    target: Integers,
    *,
    from_service: Mask,
    to_service: Mask,
    same_waters: Mask | bool = True,
) -> Amounts:
    terms = priced.terms
    dwell, handling, wtt, ttw = (terms.process[kind, source, target, at] for at in range(4))
    same_run = ~from_service & (source == target) & same_waters
    stays_aboard = (source == _FERRY) & np.isin(target, _ABOARD)
    starts = ~to_service & (target != _DOOR) & ~stays_aboard & ~same_run
    mode = np.where(target == _DOOR, 0, target)
    hours = dwell + np.where(starts, terms.wait_h[mode], 0.0)
    money = handling + np.where(starts, terms.load_fixed_eur[mode], 0.0)
    on_wheels = starts & (target == _FERRY) & np.isin(source, _AFLOAT)
    money += np.where(on_wheels, terms.load_fixed_eur[_ABOARD[0]], 0.0)
    is_waypoint = kind == _JUNCTION
    free = [np.where(is_waypoint, 0.0, column) for column in (money, hours, wtt + ttw)]
    return free[0], free[1], free[2], np.zeros(len(kind))


def _in_units(column: Numbers, name: str, unit: float) -> Integers:
    return _whole(column / unit if name == "cost" else column * unit)


def _whole(values: Numbers) -> Integers:
    return np.floor(values + 0.5).astype(np.int64)


def _rows(net: xr.Network, ids: Iterable[str]) -> Integers:
    row_of = {hub_id: row for row, hub_id in enumerate(net.places.ids)}
    return np.array([row_of[each] for each in ids], dtype=np.int64)


def _kinds(net: xr.Network) -> Integers:
    return np.array([_core.HUB_KINDS.index(kind) for kind in net.core.table("hubs")["kind"]])


def _modes(names: Iterable[str]) -> Integers:
    return np.array([_core.MODES.index(name) for name in names], dtype=np.int64)


def _classes(net: xr.Network, table: dict[str, list[str]]) -> Integers:
    number = {pair: at for at, pair in enumerate(net.core.classes)}
    pairs = zip(table["mode"], table["vehicle_class"], strict=True)
    return np.array([number[pair] for pair in pairs], dtype=np.int64)


def _is_open(net: xr.Network, passages: Iterable[str]) -> NDArray[np.bool_]:
    closed = {name for bit, name in enumerate(net.core.passage_ids) if net.core.default_closed >> bit & 1}
    return np.array([closed.isdisjoint(each.split(";")) for each in passages])

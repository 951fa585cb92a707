"""Spread: shares of one origin, route, lane or warehouse, and disjoint channels for every zone or region.

Shares: for each product k and each element e of a kind, sum of units over e <= share x sum_c demand_ck.

Channels: g a zone or region, r a channel (a route of first legs with its warehouse, or a warehouse alone
where only warehouses must differ), E(r) its elements (warehouse, lanes, origin, as asked). Variable b_gr in
{0, 1}.

    sum of x over d from w(r) into g   >= theta D_g b_gr     the channel's warehouse serves a share of g
    sum of z over f on route r         >= theta D_g b_gr     and the route brings as much
    sum of b_gr over r with e in E(r)  <= 1                  for every element e: channels are disjoint
    sum of b_gr over r                 >= count
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_more import joined_more, more
from xroute.allocation_rules import Floats, Group, Ints, LimitRows, joined, limit
from xroute.errors import InputError

if TYPE_CHECKING:
    from xroute.allocation_model import Problem

CHANNEL = "channel"
EUR_PER_SHARED_UNIT = 1.0
KINDS = ("warehouse", "origin", "route", "lane")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way into a warehouse as channels see it: its first legs, and the names of what it depends on."""

    name: str
    warehouse: int
    first: Ints
    elements: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """At least `count` disjoint channels, each with a `share` of the units of every zone (or region)."""

    count: int
    share: float
    per: str
    disjoint_in: tuple[str, ...]


def read_channels(given: Mapping[str, Any]) -> Channels | None:
    """Channels from a mapping with count, and perhaps share, per, disjoint_in; raises `InputError`."""
    if not given:
        return None
    wrong = set(given) - {"count", "share", "per", "disjoint_in"}
    found: dict[str, Any] = {"share": 0.1, "per": "zone", "disjoint_in": ("warehouse",)} | dict(given)
    disjoint = found["disjoint_in"]
    fits = not wrong and int(found.get("count", 0)) >= 1 and 0.0 < float(found["share"]) <= 1.0
    kinds = {"warehouse", "lane", "origin"}
    if not fits or found["per"] not in ("zone", "region") or not set(disjoint) <= kinds or not disjoint:
        message = (
            "expected count, share above 0, per 'zone' or 'region', disjoint_in of warehouse, lane, origin; "
            f"got {dict(given)}"
        )
        raise InputError(message, table="limits", column="channels")
    return Channels(
        count=int(found["count"]), share=float(found["share"]), per=found["per"], disjoint_in=tuple(disjoint)
    )


def share_rows(p: Problem, shares: list[tuple[str, float, Ints, Ints]], goods: list[str]) -> list[LimitRows]:
    """A row for each element and product; shares are (name, share, flows, product of each flow)."""
    found = []
    for name, share, flow, product in shares:
        for k, item in enumerate(goods):
            here = flow[product == k]
            if len(here):
                group = Group(name=f"the share of {name} in {item}", price_eur=EUR_PER_SHARED_UNIT)
                most = share * float(p.demand[:, k].sum())
                found.append(limit(group, most=most, flows=(here, np.ones(len(here)))))
    return found


def with_channels(
    p: Problem, asked: Channels, routes: list[Route], groups: Mapping[str, Ints]
) -> tuple[Problem, list[tuple[str, str]]]:
    """The problem with channels, and (group, channel) of each b in order; `groups` are zones by name."""
    first = p.flows
    labels: list[tuple[str, str]] = []
    links: list[LimitRows] = []
    limits: list[LimitRows] = []
    sites: list[int] = []
    for name, zones in groups.items():
        need = asked.share * float(p.demand[zones].sum())
        if need <= 0.0:
            continue
        inside = np.isin(p.delivery.zone, zones)
        at = []
        for route in routes:
            served = np.flatnonzero(inside & (p.delivery.warehouse == route.warehouse))
            if not len(served):
                continue
            at.append((first + len(labels), route))
            links += _carried(first + len(labels), need, len(p.first) + served, route)
            labels.append((name, route.name))
            sites.append(route.warehouse)
        links += list(_disjoint(at))
        group = Group(name=f"channels of {name}", unit="channels", price_eur=need)
        column = np.array([each for each, _ in at], dtype=np.int64)
        limits.append(limit(group, least=float(asked.count), flows=(column, np.ones(len(column)))))
    flags = more(CHANNEL, len(labels), most=1.0, site=np.array(sites, dtype=np.int64), is_whole=True)
    return replace(
        p, more=joined_more([p.more, flags]), links=joined([p.links, *links]),
        limits=joined([p.limits, *limits]),
    ), labels  # fmt: skip


def _carried(column: int, need: float, served: Ints, route: Route) -> Iterator[LimitRows]:
    """The channel counts only where its warehouse serves, and its route brings, the share."""
    for flow in (served, route.first):
        if len(flow):
            value: Floats = np.append(np.ones(len(flow)), -need)
            yield limit(Group(name="a channel carries its share"), least=0.0,
                        flows=(np.append(flow, column), value))  # fmt: skip


def _disjoint(at: list[tuple[int, Route]]) -> Iterator[LimitRows]:
    elements = sorted({element for _, route in at for element in route.elements})
    for element in elements:
        column = np.array([each for each, route in at if element in route.elements], dtype=np.int64)
        if len(column) > 1:
            yield limit(Group(name="channels are disjoint"), most=1.0, flows=(column, np.ones(len(column))))

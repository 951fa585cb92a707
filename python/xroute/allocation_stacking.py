"""Problems side by side, one for each period or event: the same warehouses, zones and products again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from xroute.allocation_fees import TieredFee
from xroute.allocation_model import Arcs, Moves, Problem
from xroute.allocation_more import More, Norms, joined_more
from xroute.allocation_rules import Bools, Ints, LimitRows, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Several problems as one: warehouse w of problem t is site t x W + w, zone c is t x C + c.

    `flow_of` says where each flow of each problem stands in the whole.
    """

    problem: Problem
    flow_of: tuple[Ints, ...]


def stacked_problems(problems: Sequence[Problem]) -> Stack:
    """The problems in one, nothing between them; carbon cap, price and single source are the first one's."""
    base = problems[0]
    sites = np.cumsum([0] + [each.warehouses for each in problems])
    zones = np.cumsum([0] + [len(each.demand) for each in problems])
    flow_of = _flow_maps(problems)
    first = [_shifted(p.first, int(at), 0) for p, at in zip(problems, sites, strict=False)]
    delivery = [
        _shifted(p.delivery, int(at), int(zone)) for p, at, zone in zip(problems, sites, zones, strict=False)
    ]
    shared = list(zip(problems, flow_of, sites, strict=False))
    whole = replace(
        base,
        demand=np.concatenate([each.demand for each in problems]),
        fixed_eur=np.concatenate([each.fixed_eur for each in problems]),
        capacity_m3=np.concatenate([each.capacity_m3 for each in problems]),
        first=joined_arcs(first),
        delivery=joined_arcs(delivery),
        moves=joined_moves([_moves(p, int(at)) for p, at in zip(problems, sites, strict=False)]),
        more=joined_more(
            [_more(p.more, int(at), int(z)) for p, at, z in zip(problems, sites, zones, strict=False)]
        ),
        limits=joined([remapped(p.limits, at, int(site)) for p, at, site in shared]),
        links=joined([remapped(p.links, at, int(site)) for p, at, site in shared]),
        fees=tuple(_fee(fee, at, int(site)) for p, at, site in shared for fee in p.fees),
        least_charges=tuple(_fee(fee, at, int(site)) for p, at, site in shared for fee in p.least_charges),
        norms=_norms(problems, flow_of),
    )
    return Stack(problem=whole, flow_of=tuple(flow_of))


def _flow_maps(problems: Sequence[Problem]) -> list[Ints]:
    """Where each flow of each problem stands in the whole, kind by kind."""
    kinds: list[Callable[[Problem], int]] = [
        lambda p: len(p.first), lambda p: len(p.delivery), lambda p: len(p.moves), lambda p: len(p.more),
    ]  # fmt: skip
    maps: list[list[Ints]] = [[] for _ in problems]
    at = 0
    for size in kinds:
        for number, p in enumerate(problems):
            maps[number].append(at + np.arange(size(p)))
            at += size(p)
    return [np.concatenate(each) for each in maps]


def _shifted(arcs: Arcs, site: int, zone: int) -> Arcs:
    return replace(arcs, warehouse=arcs.warehouse + site, zone=arcs.zone + zone)


def joined_arcs(parts: Sequence[Arcs]) -> Arcs:
    """All arcs in one, in order."""
    return Arcs(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Arcs)}
    )


def joined_moves(parts: Sequence[Moves]) -> Moves:
    """All moves in one, in order; each part has m3 or none has."""
    return Moves(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Moves)}
    )


def _moves(p: Problem, site: int) -> Moves:
    return replace(p.moves, out_of=p.moves.out_of + site, into=p.moves.into + site, m3=p.moved_m3)


def _more(amounts: More, site: int, zone: int) -> More:
    return replace(
        amounts,
        site=np.where(amounts.site >= 0, amounts.site + site, -1),
        zone=np.where(amounts.zone >= 0, amounts.zone + zone, -1),
    )


def remapped(rows: LimitRows, flow_of: Ints, site: int = 0) -> LimitRows:
    """Rows with their flows at new places; entries of flows at -1 are left out."""
    flow = flow_of[rows.flow]
    kept = flow >= 0
    return replace(rows, row=rows.row[kept], flow=flow[kept], value=rows.value[kept], site=rows.site + site)


def _fee(fee: TieredFee, flow_of: Ints, site: int) -> TieredFee:
    flow = flow_of[fee.flow]
    kept = flow >= 0
    return replace(fee, flow=flow[kept], use=fee.use[kept], site=fee.site + site if fee.site >= 0 else -1)


def _norms(problems: Sequence[Problem], flow_of: Sequence[Ints]) -> Norms:
    governs, norms, components = 0, 0, 0
    parts = []
    for p, at in zip(problems, flow_of, strict=True):
        parts.append(
            replace(
                p.norms, governs=p.norms.governs + governs, norm_of=p.norms.norm_of + norms,
                component=p.norms.component + components, flow=at[p.norms.flow],
            )
        )  # fmt: skip
        governs, norms = governs + len(p.more), norms + len(p.norms)
        components += len(p.norms.norm_of)
    return Norms(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Norms)}
    )


def with_flows_at(problem: Problem, flow_of: Ints) -> Problem:
    """The problem with rows, fees and norms that find their flows at new places."""
    p, norms = problem, problem.norms
    charges = [_fee(fee, flow_of, 0) for fee in p.least_charges]
    if len(norms):
        kept = flow_of[norms.flow] >= 0
        norms = replace(norms, component=norms.component[kept], flow=flow_of[norms.flow][kept],
                        value=norms.value[kept])  # fmt: skip
    return replace(
        p, limits=remapped(p.limits, flow_of), links=remapped(p.links, flow_of), norms=norms,
        fees=tuple(_fee(fee, flow_of, 0) for fee in p.fees),
        least_charges=tuple(each for each in charges if len(each.flow)),
    )  # fmt: skip


def with_moves(problem: Problem, fresh: Moves) -> Problem:
    """The problem with more moves at the end of its moves."""
    p = problem
    before = p.flows - len(p.more)
    at = np.arange(p.flows)
    at[before:] += len(fresh)
    own = replace(p.moves, m3=p.moved_m3)
    return replace(with_flows_at(p, at), moves=joined_moves([own, fresh]))


def without_first(problem: Problem, keep: Bools) -> Problem:
    """The problem with only some of its first legs."""
    p = problem
    at = np.full(p.flows, -1)
    at[: len(p.first)][keep] = np.arange(int(keep.sum()))
    at[len(p.first) :] = int(keep.sum()) + np.arange(p.flows - len(p.first))
    return replace(with_flows_at(p, at), first=p.first.subset(keep))

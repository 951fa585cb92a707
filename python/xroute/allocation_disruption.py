"""Open warehouses that bear disruptions: expected cost, conditional value at risk, and every loss survived.

Sets: events s (what is lost, probability p_s, demand factor), outcome 0 with p_0 = 1 - sum p_s undisturbed.
First stage: y_w. Second stage, for every event: first legs, deliveries, moves and units unserved u_ck.

    min  first + (1 - l) sum_s p_s cost_s + l (eta + 1 / (1 - alpha) sum_s p_s xi_s)
    xi_s >= cost_s - eta,  xi_s >= 0                         cost_s: flows, carbon price, units unserved
    first: fixed and tiered fees, returns, safety stock, openings: decided once, paid in every outcome
    sum of x over d of (c, k) + u_ck = factor_s demand_ck    for each event
    sum u_ck <= max_unserved sum factor_s demand_ck
    z_f = x_d = v_m = 0 where a lost warehouse, origin, passage or hub is on the way
    y_ws = y_w                                               one open set for all

In an event capacities, eligibility and lane capacity hold; service levels, shares, caps, returns, tiered
fees, single sources and safety stock do not. Events without probability (N-1) are added only where the open
set found so far breaks them, and it is decided again: every round is a relaxation, so the last is the optimum
of all. Candidates are the first legs of the undisturbed network and, for every named event, those round
its lost passages and hubs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Arcs, Problem
from xroute.allocation_more import More, joined_more, more
from xroute.allocation_periods import ON_HAND
from xroute.allocation_rules import Bools, Floats, Group, Ints, LimitRows, joined, limit
from xroute.allocation_solver import Effort, Termination
from xroute.allocation_stacking import joined_arcs, remapped, stacked_problems
from xroute.errors import AllocationError

UNDISTURBED = "undisturbed"
PRICE_EUR = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event: its name, the flows that are lost (first legs, deliveries, moves), chance, demand factor."""

    name: str
    lost: Bools
    probability: float = 0.0
    demand: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What may stay unserved and at what price by product, and how risk counts."""

    max_unserved: float
    unserved_eur: Floats
    cvar_level: float = 0.95
    cvar_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an event costs a month with the open set of the plan, and the units that stay unserved.

    Tiered fees, returns, safety stock and openings count as in the undisturbed outcome.
    """

    name: str
    probability: float
    cost_eur: float
    unserved_units: float
    is_kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The open set that bears the events, outcome by outcome, and how the search for it ended."""

    is_open: Bools
    outcomes: tuple[Outcome, ...]
    expected_eur: float
    cvar_eur: float
    termination: Termination
    rounds: int = field(default=1)


def chosen(
    problem: Problem,
    events: Sequence[Event],
    terms: Terms,
    effort: Effort,
    *,
    name_limit: Callable[[Problem, Sequence[Event]], str] = lambda *_: "",
) -> Risk:
    """The best open set for all events. Raises `AllocationError` where none bears them.

    `name_limit` says in words why events and problem have no plan together.
    """
    inside = [event for event in events if event.probability > 0.0]
    waiting = [event for event in events if event.probability <= 0.0]
    rounds = 0
    while True:
        rounds += 1
        whole, held = extensive(problem, inside, terms), list(inside)
        found = decide(whole, effort, name_limit=lambda p, _, held=held: name_limit(p, held))  # type: ignore[misc]
        is_open = found.is_open[: problem.warehouses]
        outcomes = _outcomes(problem, (events, terms), is_open, effort)
        broken = [e for e in waiting if not outcomes[1 + list(events).index(e)].is_kept]
        if not broken:
            break
        inside, waiting = [*inside, *broken], [e for e in waiting if e not in broken]
    money = np.array([each.cost_eur for each in outcomes])
    chance = np.array([each.probability for each in outcomes])
    certain = chance > 0.0
    return Risk(
        is_open=is_open, outcomes=tuple(outcomes), expected_eur=float(money[certain] @ chance[certain]),
        cvar_eur=cvar(money[certain], chance[certain], terms.cvar_level), termination=found.termination,
        rounds=rounds,
    )  # fmt: skip


def cvar(cost: Floats, probability: Floats, level: float) -> float:
    """The mean of the dearest 1 - level of outcomes.

    >>> round(cvar(np.array([1.0, 2.0, 10.0]), np.array([0.5, 0.45, 0.05]), 0.9), 9)
    6.0
    """
    order = np.argsort(-cost, kind="stable")
    left, total = 1.0 - level, 0.0
    for at in order:
        share = min(float(probability[at]), left)
        total += share * float(cost[at])
        left -= share
    return total / (1.0 - level)


def _outcomes(
    p: Problem, asked: tuple[Sequence[Event], Terms], is_open: Bools, effort: Effort
) -> list[Outcome]:
    """Each outcome decided by itself with the open set held."""
    events, terms = asked
    base = decide(p, effort, opened=is_open, name_limit=lambda *_: "")
    left = 1.0 - sum(event.probability for event in events)
    found = [Outcome(name=UNDISTURBED, probability=left, cost_eur=_money(p, base), unserved_units=0.0)]
    once = _once_eur(p, base)
    for event in events:
        alone = disturbed(p, event, terms)
        opened = np.append(is_open, True)
        try:
            plan = decide(alone, effort, opened=opened, name_limit=lambda *_: "")
        except AllocationError:
            nothing = float("nan")
            found.append(Outcome(name=event.name, probability=event.probability, cost_eur=nothing,
                                 unserved_units=nothing, is_kept=False))  # fmt: skip
            continue
        missing = float(plan.delivery_units[alone.delivery.warehouse == p.warehouses].sum())
        money = _money(alone, plan) + once
        found.append(Outcome(name=event.name, probability=event.probability, cost_eur=money,
                             unserved_units=missing))  # fmt: skip
    return found


def _money(p: Problem, plan: Decision) -> float:
    return plan.cost_eur(p) + p.carbon_price_eur_kg * plan.co2e_kg(p)


def _once_eur(p: Problem, base: Decision) -> float:
    """What is decided once beside fixed fees: tiered fees, returns, stock and openings of the plan."""
    amounts = base.more_units
    kg = float(amounts @ p.more.co2e_kg)
    flows = (
        base.first_units @ p.first.eur + base.delivery_units @ p.delivery.eur + base.moved_units @ p.moves.eur
    )
    beside = base.cost_eur(p) - float(flows) - float(p.fixed_eur[base.is_open].sum())
    return beside + p.carbon_price_eur_kg * kg


def disturbed(p: Problem, event: Event, terms: Terms) -> Problem:
    """The problem in an event: a last site serves what stays unserved, and what is lost carries nothing."""
    demand = p.demand * event.demand
    zone, product = np.nonzero(demand > 0.0)
    spare, goods = p.warehouses, np.arange(p.products)
    first = joined_arcs([p.first, _arcs(spare, np.full(p.products, -1), goods, np.zeros(p.products))])
    last = joined_arcs([p.delivery, _arcs(spare, zone, product, terms.unserved_eur[product])])
    kept = p.more.of_kind(ON_HAND)
    flow_of = _flow_map(p, len(goods), len(zone), kept)
    physical = remapped(_physical(p.limits), flow_of)
    lost = flow_of[np.flatnonzero(event.lost)]
    gone = limit(Group(name="what is lost"), most=0.0, flows=(lost, np.ones(len(lost))))
    changed = replace(
        p, demand=demand, first=first, delivery=last, max_co2e_kg=np.inf, single_source="", fees=(),
        fixed_eur=np.append(p.fixed_eur, 0.0), capacity_m3=np.append(p.capacity_m3, np.inf),
        more=_subset(p.more, kept), links=gone, norms=type(p.norms)(), limits=physical,
        least_charges=(),
    )  # fmt: skip
    unserved = len(first) + len(p.delivery) + np.arange(len(zone))
    rows = [
        physical,
        limit(Group(name=f"max_unserved in {event.name}", price_eur=PRICE_EUR),
              most=terms.max_unserved * float(demand.sum()), flows=(unserved, np.ones(len(zone)))),
    ]  # fmt: skip
    return replace(changed, limits=joined(rows))


def _arcs(site: int, zone: Ints, product: Ints, eur: Floats) -> Arcs:
    count = len(zone)
    return Arcs(
        warehouse=np.full(count, site), zone=zone, product=product, eur=eur, co2e_kg=np.zeros(count),
        least=np.zeros(count),
    )  # fmt: skip


def _flow_map(p: Problem, firsts: int, deliveries: int, kept: Ints) -> Ints:
    """Where flows stand once first legs and deliveries of the spare site follow them."""
    before, behind = len(p.first), len(p.first) + len(p.delivery)
    at = np.arange(p.flows)
    at[before:] += firsts
    at[behind:] += deliveries
    extra = p.flows - len(p.more)
    base = extra + firsts + deliveries
    at[extra:] = -1
    at[extra + kept] = base + np.arange(len(kept))
    return at


def _subset(amounts: More, kept: Ints) -> More:
    return More(**{name: getattr(amounts, name)[kept] for name in More.__dataclass_fields__})


def _physical(rows: LimitRows) -> LimitRows:
    """Only the limits that a disruption does not lift."""
    return rows.only(np.array([group.is_physical for group in rows.groups], dtype=bool))


def extensive(p: Problem, events: Sequence[Event], terms: Terms) -> Problem:
    """The undisturbed problem and all events side by side with one open set, costs weighted."""
    if not events and terms.cvar_share <= 0.0:
        return p
    copies = [p, *(disturbed(p, event, terms) for event in events)]
    chance = [1.0 - sum(event.probability for event in events), *(event.probability for event in events)]
    expected = 1.0 - terms.cvar_share
    stack = stacked_problems(
        [
            _weighted(each, weight * expected, is_base=at == 0)
            for at, (each, weight) in enumerate(zip(copies, chance, strict=True))
        ]
    )
    whole = replace(stack.problem, carbon_price_eur_kg=0.0)
    links = [whole.links, *_one_open_set(p, len(events))]
    if terms.cvar_share > 0.0:
        fresh, rows = _risk(whole, (copies, chance), stack.flow_of, terms)
        whole = replace(whole, more=joined_more([whole.more, fresh]))
        links += rows
    return replace(whole, links=joined(links))


def _weighted(p: Problem, weight: float, *, is_base: bool) -> Problem:
    """A copy whose flows count by their weight; what is decided once and emissions count undisturbed."""
    once = 1.0 if is_base else 0.0

    def scaled(arcs: Any, share: float) -> Any:
        money = share * (arcs.eur + p.carbon_price_eur_kg * arcs.co2e_kg)
        return replace(arcs, eur=money, co2e_kg=once * arcs.co2e_kg)

    return replace(
        p, first=scaled(p.first, weight), delivery=scaled(p.delivery, weight), moves=scaled(p.moves, weight),
        more=scaled(p.more, once), fixed_eur=p.fixed_eur * once, carbon_price_eur_kg=0.0, least_charges=(),
    )  # fmt: skip


def _one_open_set(p: Problem, events: int) -> list[LimitRows]:
    """y of every event equals y of the undisturbed outcome."""
    rows = []
    for event in range(events):
        start = p.warehouses + event * (p.warehouses + 1)
        for w in range(p.warehouses):
            both = np.array([w, start + w])
            rows.append(limit(Group(name="one open set"), least=0.0, most=0.0,
                              sites=(both, np.array([1.0, -1.0]))))  # fmt: skip
    return rows


def _risk(
    whole: Problem, outcomes: tuple[list[Problem], list[float]], flow_of: Sequence[Ints], terms: Terms
) -> tuple[More, list[LimitRows]]:
    """eta and xi_s with their rows, in shares of what an outcome could cost at most."""
    copies, chance = outcomes
    tail = terms.cvar_share / (1.0 - terms.cvar_level)
    money = [each.unit_eur + each.carbon_price_eur_kg * each.unit_kg for each in copies]
    size = max(_dearest(each, eur) for each, eur in zip(copies, money, strict=True))
    prices = np.array([terms.cvar_share, *(tail * weight for weight in chance)]) * size
    fresh = more("risk", 1 + len(copies), most=1.0, eur=prices)
    rows = []
    for at, (each, eur, place) in enumerate(zip(copies, money, flow_of, strict=True)):
        flows = each.flows - len(each.more)
        flow = np.concatenate([place[:flows], [whole.flows, whole.flows + 1 + at]])
        value = np.concatenate([eur[:flows], [-size, -size]])
        rows.append(limit(Group(name="value at risk"), most=0.0, flows=(flow, value)))
    return fresh, rows


def _dearest(p: Problem, eur: Floats) -> float:
    """More than an outcome can cost."""
    most = np.concatenate([p.demand.sum(axis=0)[p.first.product], p.asked,
                           p.demand.sum(axis=0)[p.moves.product], p.more.most])  # fmt: skip
    return float(np.maximum(eur, 0.0) @ most + p.fixed_eur.sum()) + 1.0

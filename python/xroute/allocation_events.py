"""The events of a disruption by name: which flows a lost warehouse, origin, passage or hub takes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_disruption import Event, Risk, Terms, chosen
from xroute.allocation_limits import Names
from xroute.allocation_repair import explained
from xroute.allocation_rules import Bools, Group, joined, limit
from xroute.allocation_terms import passes
from xroute.errors import InputError

if TYPE_CHECKING:
    from xroute.allocation_candidates import Candidates
    from xroute.allocation_inputs import FirstLeg, Tables
    from xroute.allocation_model import Problem
    from xroute.allocation_options import Disruption
    from xroute.allocation_solver import Effort
    from xroute.scenario import Scenario

BEARING = "the open set that bears the events"


def bearing(
    tables: Tables,
    legs: list[FirstLeg],
    found: Candidates,
    asked: Disruption,
    effort: Effort,
    names: Names,
) -> tuple[Problem, Risk]:
    """The problem with the open set held that bears the events, and what the events cost with it.

    Raises `InputError` for a loss that is not known, `AllocationError` where no open set bears all events.
    """
    p = found.problem
    value = np.asarray(tables.products["value_eur"], dtype=np.float64)
    price = value if asked.unserved_eur is None else np.full(len(value), asked.unserved_eur)
    terms = Terms(
        max_unserved=asked.max_unserved, unserved_eur=price, cvar_level=asked.cvar_level,
        cvar_share=asked.cvar_share,
    )  # fmt: skip
    single = singles(tables, legs, found)
    events = [
        Event(name=str(each["name"]), lost=_lost(single, tuple(each.get("lost", ())), p),
              probability=float(each.get("probability", 0.0)), demand=float(each.get("demand", 1.0)))
        for each in asked.scenarios
    ]  # fmt: skip
    if asked.n_minus_1:
        events += [Event(name=f"{kind} {name} lost", lost=lost) for (kind, name), lost in single.items()]
    risk = chosen(p, events, terms, effort, name_limit=_named(names, effort))
    held = [
        limit(Group(name=BEARING, unit="openings"), least=float(is_open), most=float(is_open),
              sites=(np.array([at]), np.ones(1)))
        for at, is_open in enumerate(risk.is_open)
    ]  # fmt: skip
    return replace(p, limits=joined([p.limits, *held])), risk


def undisturbed(problem: Problem) -> Problem:
    """The problem without the events: its open set is free again."""
    keep = np.array([group.name != BEARING for group in problem.limits.groups], dtype=bool)
    return problem if keep.all() else replace(problem, limits=problem.limits.only(keep))


def _named(names: Names, effort: Effort) -> Callable[[Problem, Sequence[Event]], str]:
    """Why a problem and its events have no plan together, with the events' names."""

    def explain(p: Problem, events: Sequence[Event]) -> str:
        ends = [f" in {event.name}" for event in events]
        stores = [*names.warehouses, "what stays unserved"]
        whole = Names(
            warehouses=[*names.warehouses, *(f"{each}{end}" for end in ends for each in stores)],
            zones=[*names.zones, *(f"{each}{end}" for end in ends for each in names.zones)],
            products=names.products,
        )
        return explained(p, effort, whole)

    return explain


def ways_round(
    tables: Tables, legs: list[FirstLeg], scenario: Scenario, asked: Disruption | None
) -> list[FirstLeg]:
    """The first legs with those that lead round the lost passages and hubs of each named event."""
    found = list(legs)
    known = {_key(leg) for leg in found}
    own = {*tables.warehouses["warehouse_id"].tolist(), *(inputs.label(tables, o) for o in tables.origins)}
    used = {lane for leg in legs for lane in passes(leg)}
    passages = set(tables.net.core.passage_ids)
    for event in asked.scenarios if asked is not None else ():
        lost = [str(each) for each in event.get("lost", ()) if each in used - own]
        if not lost:
            continue
        shut = replace(
            scenario,
            closed_passages=(*scenario.closed_passages, *(each for each in lost if each in passages)),
            closed_hubs=(*scenario.closed_hubs, *(each for each in lost if each not in passages)),
        )
        for leg in inputs.first_legs(tables, shut):
            if _key(leg) not in known:
                known.add(_key(leg))
                found.append(replace(leg, route_id=f"R{len(found) + 1:03d}"))
    return found


def _key(leg: FirstLeg) -> tuple[object, ...]:
    route = leg.route
    return leg.origin, leg.warehouse, leg.load, route.mode_chain, leg.cost_eur, route.duration_h


def singles(tables: Tables, legs: list[FirstLeg], found: Candidates) -> dict[tuple[str, str], Bools]:
    """The flows that go with each single warehouse, origin and lane (passage or hub), by kind and name."""
    p, count = found.problem, len(tables.warehouse_hubs)
    ends = (
        np.concatenate([p.first.warehouse, p.delivery.warehouse, p.moves.out_of]) % count,
        np.concatenate([p.first.warehouse, p.delivery.warehouse, p.moves.into]) % count,
    )
    lost = {("warehouse", str(name)): (ends[0] == at) | (ends[1] == at)
            for at, name in enumerate(tables.warehouses["warehouse_id"])}  # fmt: skip
    rest = np.zeros(len(p.delivery) + len(p.moves), dtype=bool)
    origin = np.array([leg.origin for leg in legs])[found.leg_route]
    for at, name in enumerate(tables.origins):
        lost["origin", inputs.label(tables, name)] = np.concatenate([origin == at, rest])
    passed = [passes(leg) for leg in legs]
    for lane in sorted({lane for each in passed for lane in each}):
        uses = np.array([lane in each for each in passed], dtype=bool)[found.leg_route]
        lost["lane", lane] = np.concatenate([uses, rest])
    return lost


def _lost(single: dict[tuple[str, str], Bools], names: tuple[str, ...], p: Problem) -> Bools:
    """What is lost with some names; a name of several kinds is the warehouse, then the origin."""
    found = np.zeros(p.flows - len(p.more), dtype=bool)
    for name in names:
        kind = next((kind for kind in ("warehouse", "origin", "lane") if (kind, name) in single), None)
        if kind is None:
            known = ", ".join(sorted({each for _, each in single})[:20])
            message = f"no warehouse, origin, passage or hub '{name}' is used; some that are: {known}"
            raise InputError(message, table="disruption", column="lost")
        found |= single[kind, name]
    return found

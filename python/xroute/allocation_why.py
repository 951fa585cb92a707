"""Why a warehouse serves a zone with a product: the runner-up, what it costs, and the limit that binds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xroute.allocation_engine import Decision, decide
from xroute.allocation_events import undisturbed
from xroute.allocation_model import Floats, Ints, Problem
from xroute.allocation_prices import Prices, prices
from xroute.allocation_rules import Group, joined, limit
from xroute.allocation_solver import Effort
from xroute.errors import AllocationError, InputError

if TYPE_CHECKING:
    from xroute.allocation import Allocation

_CENT = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Who serves a zone with a product, who would otherwise, and at what difference.

    `unit_eur` is the money of one unit from origin to door by the cheapest way over each of the two
    warehouses, carbon price included; `difference_eur` is what the whole plan costs more a month when the
    serving warehouse may not serve this zone with this product, solved again with all decisions free.
    `binding` is the limit that keeps a cheaper way from being used; empty where none does.
    """

    zone: str
    product: str
    warehouse: str
    unit_eur: float
    runner_up: str
    runner_up_unit_eur: float
    difference_eur: float
    binding: str

    def __str__(self) -> str:
        served = f"{self.warehouse} serves {self.zone} with {self.product} at {self.unit_eur:,.2f} EUR a unit"
        if not self.runner_up:
            return f"{served}; no other warehouse can."
        second = (
            f"runner-up {self.runner_up} at {self.runner_up_unit_eur:,.2f} EUR a unit: the plan would cost "
            f"{self.difference_eur:,.0f} EUR more a month"
        )
        limit_words = f"; binding: {self.binding}" if self.binding else "; no limit binds here"
        return f"{served}; {second}{limit_words}."


def why(allocation: Allocation, *, zone: str, product: str, period: str = "") -> Why:
    """The reason for a zone and product, in the first of several periods where none is named.

    Raises `InputError` for unknown ones, or where nothing is asked.
    """
    problem, decision = allocation.problem, allocation.decision
    when = _index(allocation.tables.periods, period, "period") if period else 0
    at = (
        when * len(allocation.tables.zones) + _index(allocation.tables.zones, zone, "zone"),
        _index(allocation.tables.products["product_id"].tolist(), product, "product"),
    )
    if problem.demand[at] <= 0.0:
        raise InputError(f"zone '{zone}' asks for no '{product}'", column="zone")
    here = (problem.delivery.zone == at[0]) & (problem.delivery.product == at[1])
    given = np.where(here, decision.delivery_units, 0.0)
    by_store = np.bincount(problem.delivery.warehouse, weights=given, minlength=problem.warehouses)
    serving = int(np.argmax(by_store))
    effort = Effort(relative_gap=allocation.limits.gap)
    unit_eur = _unit_eur(problem, at, problem.unit_eur + problem.carbon_price_eur_kg * problem.unit_kg)
    second, more = _without(problem, decision, np.flatnonzero(here & (problem.delivery.warehouse == serving)),
                            effort)  # fmt: skip
    other = -1
    if second is not None:
        then = np.where(here, second.delivery_units, 0.0)
        other = int(np.argmax(np.bincount(problem.delivery.warehouse, then, minlength=problem.warehouses)))
    ids = _site_ids(allocation)
    return Why(
        zone=zone, product=product, warehouse=str(ids[serving]), unit_eur=float(unit_eur[serving]),
        runner_up="" if other < 0 else str(ids[other]),
        runner_up_unit_eur=float("nan") if other < 0 else float(unit_eur[other]),
        difference_eur=more,
        binding=_binding(allocation, at, (unit_eur, serving), effort),
    )  # fmt: skip


def _site_ids(allocation: Allocation) -> list[str]:
    """The id of the warehouse of each site."""
    ids = [str(each) for each in allocation.tables.warehouses["warehouse_id"]]
    return ids * (allocation.problem.warehouses // len(ids))


def _index(known: list[str] | tuple[str, ...], name: str, column: str) -> int:
    if name not in known:
        raise InputError(f"'{name}' is not in the tables", column=column)
    return known.index(name)


def _without(p: Problem, decision: Decision, rows: Ints, effort: Effort) -> tuple[Decision | None, float]:
    """The best plan without some deliveries, and what it costs more a month; `None` where there is none.

    It need not bear the events of a disruption.
    """
    p = undisturbed(p)
    barred = limit(Group(name="barred"), most=0.0, flows=(len(p.first) + rows, np.ones(len(rows))))
    try:
        found = decide(
            replace(p, limits=joined([p.limits, barred])), effort, switched=decision.switched,
            name_limit=lambda *_: "",
        )  # fmt: skip
    except AllocationError:
        return None, float("nan")
    return found, max(found.termination.objective - decision.termination.objective, 0.0)


def _unit_eur(p: Problem, at: tuple[int, int], of_unit: Floats) -> Floats:
    """EUR of one unit over each warehouse, cheapest first leg and delivery; inf where there is none."""
    legs, last = np.full(p.warehouses, np.inf), np.full(p.warehouses, np.inf)
    first = np.flatnonzero(p.first.product == at[1])
    np.minimum.at(legs, p.first.warehouse[first], of_unit[first])
    here = np.flatnonzero((p.delivery.zone == at[0]) & (p.delivery.product == at[1]))
    np.minimum.at(last, p.delivery.warehouse[here], of_unit[len(p.first) + here])
    return np.asarray(legs + last, dtype=np.float64)


def _binding(allocation: Allocation, at: tuple[int, int], found: tuple[Floats, int], effort: Effort) -> str:
    """The limit behind a cheaper way that is not used, with its price."""
    problem, decision = allocation.problem, allocation.decision
    unit_eur, serving = found
    cheapest = int(np.argmin(unit_eur))
    held = prices(problem, decision, effort)
    ids = _site_ids(allocation)
    if np.isfinite(problem.max_co2e_kg) and held.co2e_eur_per_t > _CENT:
        return f"max_co2e_kg, at {held.co2e_eur_per_t:,.0f} EUR/t"
    named = _named(problem, held, (at, cheapest))
    if named:
        return named
    if unit_eur[cheapest] >= unit_eur[serving] - _CENT:
        return ""
    cheaper = f"{ids[cheapest]} would be {unit_eur[serving] - unit_eur[cheapest]:,.2f} EUR a unit cheaper"
    if not decision.is_open[cheapest]:
        return f"{ids[cheapest]} is closed ({problem.fixed_eur[cheapest]:,.0f} EUR a month fixed); {cheaper}"
    if held.capacity_eur_per_m3[cheapest] > _CENT:
        room = held.capacity_eur_per_m3[cheapest]
        return f"capacity_m3 of {ids[cheapest]} is full, 1 m3 more would save {room:,.2f} EUR; {cheaper}"
    return f"least volumes of first legs; {cheaper}"


def _named(p: Problem, held: Prices, lane: tuple[tuple[int, int], int]) -> str:
    """The dearest named limit with a price that a unit over a warehouse counts in."""
    if not len(p.limits):
        return ""
    (zone, product), store = lane
    goods = np.concatenate([p.first.product, p.delivery.product, p.moves.product, p.more.product])
    place = np.concatenate([p.first.warehouse, p.delivery.warehouse, p.moves.into, p.more.site])
    beside = np.full(len(p.moves) + len(p.more), zone)
    target = np.concatenate([np.full(len(p.first), zone), p.delivery.zone, beside])
    counts = (goods == product) & (place == store) & (target == zone)
    hit = np.zeros(len(p.limits))
    entry = counts[p.limits.flow]
    np.maximum.at(hit, p.limits.row[entry], np.abs(p.limits.value[entry]))
    weight = hit * np.abs(held.limit_eur)
    worst = int(np.argmax(weight))
    if weight[worst] <= _CENT:
        return ""
    group = p.limits.groups[worst]
    return f"{group.name}, at {abs(held.limit_eur[worst]):,.2f} EUR for 1 {group.unit}"

"""What changes between two plans, in words with tonnes and EUR/t: the steps of an abatement curve.

A difference is split into changes that add up to it exactly: for each warehouse and product what goes by
another mode on the first leg, for each product all else (other warehouses, other linehaul), for each
warehouse its opening or closing, and tiered fees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xroute.allocation_check import weighed
from xroute.allocation_engine import Decision
from xroute.allocation_model import Floats, Problem

if TYPE_CHECKING:
    from xroute.allocation import Allocation

KG_PER_T = 1000.0
_SMALL_KG = 1e-6
_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part of the difference of two plans: what, and what it saves and costs a month."""

    words: str
    saved_kg: float
    eur: float

    def __str__(self) -> str:
        tonnes = f"{-self.saved_kg / KG_PER_T:+,.3g} t"
        if abs(self.saved_kg) <= _SMALL_KG:
            return f"{self.words}: {self.eur:+,.0f} EUR"
        return f"{self.words}: {tonnes}, {self.eur / (self.saved_kg / KG_PER_T):,.0f} EUR/t"


def step_words(allocation: Allocation, before: Decision, after: Decision) -> str:
    """The largest changes from one plan to the next in one line; empty where nothing changes."""
    every = changes(allocation, before, after)
    if not every:
        return ""
    more = f"; and {len(every) - _SHOWN} smaller changes" if len(every) > _SHOWN else ""
    return "; ".join(str(each) for each in every[:_SHOWN]) + more


def changes(allocation: Allocation, before: Decision, after: Decision) -> list[Change]:
    """Every change between two plans, most tonnes first; they add up to the difference of the plans."""
    problem = allocation.problem
    found: list[Change] = []
    for product in range(problem.products):
        shifts = [
            shift
            for warehouse in range(problem.warehouses)
            if (shift := _mode_shift(allocation, before, after, (warehouse, product))) is not None
        ]
        found += shifts
        rest = _rest(allocation, (before, after), product, shifts)
        found += [rest] if rest is not None else []
    found += _openings(allocation, before, after)
    return sorted(found, key=lambda each: (-abs(each.saved_kg), -abs(each.eur), each.words))


def _mode_shift(
    allocation: Allocation, before: Decision, after: Decision, at: tuple[int, int]
) -> Change | None:
    """What a warehouse gets of a product by other modes than before."""
    first = allocation.problem.first
    rows = np.flatnonzero((first.warehouse == at[0]) & (first.product == at[1]))
    change = after.first_units[rows] - before.first_units[rows]
    less, more = np.maximum(-change, 0.0), np.maximum(change, 0.0)
    moved = min(float(less.sum()), float(more.sum()))
    if moved <= 1e-9 * max(float(before.first_units[rows].sum()), 1.0):
        return None
    down, up = less / less.sum(), more / more.sum()
    old, new = rows[int(np.argmax(less))], rows[int(np.argmax(more))]
    words = (
        f"{_product(allocation, at[1])} to {_warehouse(allocation, at[0])} "
        f"{_from_to(_mode(allocation, int(old)), _mode(allocation, int(new)))}"
    )
    return Change(
        words=words,
        saved_kg=moved * float((down - up) @ first.co2e_kg[rows]),
        eur=moved * float((up - down) @ first.eur[rows]),
    )


def _from_to(old: str, new: str) -> str:
    return f"by other {new} routes" if old == new else f"from {old} to {new}"


def _rest(
    allocation: Allocation, plans: tuple[Decision, Decision], product: int, shifts: list[Change]
) -> Change | None:
    """What else changes for a product: other warehouses serve its zones, or linehaul goes another way."""
    p = allocation.problem
    kg, eur = (_of_product(p, plans, product, each) for each in (p.unit_kg, p.unit_eur))
    saved = -kg - sum(each.saved_kg for each in shifts)
    money = eur - sum(each.eur for each in shifts)
    if abs(saved) <= _SMALL_KG * 1e3 and abs(money) <= 0.01:
        return None
    through = _throughput(p, plans[1], product) - _throughput(p, plans[0], product)
    name = _product(allocation, product)
    if through.max(initial=0.0) > 1e-6 * max(float(p.demand[:, product].sum()), 1.0):
        old, new = int(np.argmin(through)), int(np.argmax(through))
        words = f"{name} from {_warehouse(allocation, old)} to {_warehouse(allocation, new)}"
    else:
        words = f"{name} delivered in other ways"
    return Change(words=words, saved_kg=saved, eur=money)


def _of_product(p: Problem, plans: tuple[Decision, Decision], product: int, of_unit: Floats) -> float:
    kinds = (p.first, p.delivery, p.moves, p.more)
    goods = np.concatenate([each.product for each in kinds]) == product
    change = np.concatenate(plans[1].flows) - np.concatenate(plans[0].flows)
    return float((change * of_unit)[goods].sum())


def _throughput(p: Problem, decision: Decision, product: int) -> Floats:
    units = np.where(p.delivery.product == product, decision.delivery_units, 0.0)
    return np.asarray(np.bincount(p.delivery.warehouse, weights=units, minlength=p.warehouses))


def _openings(allocation: Allocation, before: Decision, after: Decision) -> list[Change]:
    fixed, found = allocation.problem.fixed_eur, []
    for at in np.flatnonzero(before.is_open != after.is_open):
        verb, sign = ("opens", 1.0) if after.is_open[at] else ("closes", -1.0)
        words = f"{_warehouse(allocation, int(at))} {verb}"
        found.append(Change(words=words, saved_kg=0.0, eur=sign * float(fixed[at])))
    beside = allocation.problem.more.product < 0
    change = (after.more_units - before.more_units) * allocation.problem.more.eur
    if abs(float(change[beside].sum())) > 0.01:
        found.append(Change(words="openings by period", saved_kg=0.0, eur=float(change[beside].sum())))
    tiers = [_fees(allocation.problem, each) for each in (before, after)]
    if abs(tiers[1] - tiers[0]) > 0.01:
        found.append(Change(words="tiered fees", saved_kg=0.0, eur=tiers[1] - tiers[0]))
    return found


def _fees(p: Problem, decision: Decision) -> float:
    units = np.concatenate(decision.flows)
    money = weighed(units, p.unit_eur) + float(p.fixed_eur[decision.is_open].sum())
    return decision.cost_eur(p) - money


def _product(allocation: Allocation, at: int) -> str:
    goods = allocation.tables.products
    return str(goods.get("name", goods["product_id"])[at])


def _warehouse(allocation: Allocation, at: int) -> str:
    stores = allocation.tables.warehouses
    names = stores.get("name", stores["warehouse_id"])
    return str(names[at % len(names)])


def _mode(allocation: Allocation, row: int) -> str:
    return str(allocation.legs[allocation.candidates.leg_route[row]].route.main_haul)

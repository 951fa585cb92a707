"""Cost against CO2e: the least cost under falling caps, what a tonne less costs, what changes for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Bools, Floats, Ints, Problem
from xroute.allocation_prices import KG_PER_T, prices
from xroute.allocation_rounding import Rounded, Rounding, Supported, by_rounding
from xroute.allocation_solver import Effort, relative_gap
from xroute.allocation_steps import step_words
from xroute.errors import AllocationError, InputError
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation

MOST_GAP = 1e-3
"""The gap at which a point of a front is proved well enough: 0.1 %."""
_CAP_SLACK = 1e-6
_AUGMENTED = 1e-7
"""EUR/kg so small that it only decides between plans of one cost."""
_SAME = 1e-5
_MOST_KG = 4.0
"""A cap of so many times the least emissions mostly binds no plan."""
_SHARES = (0.5, 0.1, 1e-6)
CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A plan on the front, the price of its cap in EUR/t (0 without one) and its proved gap in cost."""

    label: str
    decision: Decision
    eur_per_t: float
    gap: float


@dataclass(slots=True, kw_only=True)
class Search:
    """What is known while a front is drawn: open sets that were good, and prices with what they prove.

    For each (price, bound, most kg) no plan that emits at most so much has cost + price x kg below the bound,
    so none under such a cap costs less than bound - price x cap.
    With `held` the open set is that one, and what is proved is proved for it.
    """

    problem: Problem
    effort: Effort
    held: Bools | None = None
    opened: list[Bools] = field(default_factory=list)
    proved: list[tuple[float, float, float]] = field(default_factory=list)
    switched: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    small: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    supported: list[Supported] = field(default_factory=list)
    rounding: Rounding = field(init=False)
    costs: dict[int, tuple[Decision, float]] = field(default_factory=dict)
    """What plans cost, by their identity."""

    def __post_init__(self) -> None:
        self.rounding = Rounding(
            problem=replace(self.problem, carbon_price_eur_kg=_AUGMENTED), effort=self.effort
        )

    def cheapest(self, least_kg: float) -> Decision:
        """The plan of least cost within the effort's gap; its open set and its bound are kept."""
        priced = replace(self.problem, carbon_price_eur_kg=_AUGMENTED)
        found = by_rounding(self.rounding, self.held, _MOST_KG * least_kg)
        if found is None:
            found = decide(priced, self.effort, opened=self.held)
        bound, kg = found.termination.bound, found.co2e_kg(self.problem)
        self.proved.append((_AUGMENTED, bound, np.inf))
        self.supported.append(
            Supported(
                opened=found.is_open,
                kg=kg,
                eur=self._cost(Rounded(decision=found)),
                eur_per_kg=_AUGMENTED,
                bound=bound,
            )
        )
        self._keep(found)
        return found

    def cleanest(self) -> Decision:
        """The plan that emits least; its open set is kept behind the others."""
        opened = self.held
        if opened is None and self.rounding.is_possible and not len(self.problem.limits.site):
            opened = np.ones(self.problem.warehouses, dtype=bool)  # an idle warehouse emits nothing
        found = decide(self.problem, self.effort, only_co2e=True, switched=self.switched, opened=opened)
        if self.held is None:
            found = replace(found, is_open=self._used(found)) if opened is not None else found
            self.opened.append(found.is_open)
        return found

    def _used(self, found: Decision) -> Bools:
        p, used = self.problem, np.zeros(self.problem.warehouses, dtype=bool)
        used[p.delivery.warehouse[found.delivery_units > 0.0]] = True
        used[p.moves.out_of[found.moved_units > 0.0]] = True
        return used

    def _take(self, found: Supported) -> None:
        self.proved.append((found.eur_per_kg, found.bound, np.inf))
        self.supported.append(found)

    def under(self, cap_kg: float) -> Rounded:
        """A plan under a cap, within `MOST_GAP` of the cheapest.

        The neighbour's open set is tried first, then the relaxed problem's bound and shares, those that are
        best at carbon prices, the problem without least volumes, and the whole one.
        """
        best = self._rounded(self.opened[0], cap_kg)
        if self.rounding.is_possible:
            for further in (self._by_relaxed, self._by_neighbours, self._by_price, self._by_branching):
                if self._gap(best, cap_kg) > MOST_GAP:
                    best = further(best, cap_kg)
        if best is None or self._gap(best, cap_kg) > MOST_GAP:
            best = self._exact(best, cap_kg)
        return self._kept(best, cap_kg)

    def cleanest_under(self, cleanest: Decision, cap_kg: float) -> Rounded:
        """The cheapest plan that emits as little as the cleanest, within the effort's gap."""
        if self.rounding.is_possible:
            self.rounding.start_from(cleanest)
        best = self._rounded(cleanest.is_open, cap_kg)
        self.switched = np.union1d(self.switched, cleanest.switched).astype(np.int64)
        if self.rounding.is_possible:
            best = self._by_relaxed(best, cap_kg)
        if self._gap(best, cap_kg) > self.effort.relative_gap:
            limit = cap_kg * (1.0 + _CAP_SLACK)
            is_free = self.rounding.is_possible and self.held is None
            self.switched = np.union1d(self.switched, self.small).astype(np.int64)
            best = self._exact(best, cap_kg, self.rounding.most_at(limit) if is_free else None)
        return self._kept(best, cap_kg)

    def no_dearer(self, found: Point, cleaner: Point, cap_kg: float) -> Point:
        """A point no dearer than the cleaner one beside it: decided anew as that one was, if need be."""
        two = [each.decision.cost_eur(self.problem) for each in (found, cleaner)]
        if two[0] < two[1] or not self.rounding.is_possible:
            return found
        self.rounding.hold_as(cleaner.decision)
        again = self.rounding.plan(cleaner.decision.is_open, cap_kg * (1.0 + _CAP_SLACK))
        if again is None or self._cost(again) >= two[0]:
            return found
        kept = self._kept(again, cap_kg)
        price = found.eur_per_t if kept.eur_per_t is None else kept.eur_per_t
        return replace(found, decision=kept.decision, eur_per_t=price, gap=kept.decision.termination.gap)

    def _kept(self, best: Rounded | None, cap_kg: float) -> Rounded:
        if best is None:
            raise AllocationError("no plan keeps the cap of a point of the front")
        plan = best.decision
        self._keep(plan)
        plan = replace(plan, termination=_ended(plan, self._cost(best), self._bound(cap_kg)))
        return replace(best, decision=plan)

    def price_of(self, decision: Decision, cap_kg: float) -> float:
        """The dual of a cap in EUR/t with the plan's whole decisions held."""
        return prices(self._capped(cap_kg), decision, self.effort).co2e_eur_per_t

    def _by_neighbours(self, best: Rounded | None, cap_kg: float) -> Rounded | None:
        """Tries the open sets of the plans at carbon prices whose emissions are nearest to the cap."""
        near = sorted(self.supported, key=lambda each: abs(each.kg - cap_kg))[:3]
        return self._first_good([best], [each.opened for each in near], cap_kg)

    def _by_price(self, best: Rounded | None, cap_kg: float) -> Rounded | None:
        """Adds the line that the best plan at the cap's own price proves, and tries its open set."""
        if self.held is not None or best is None or best.eur_per_t is None:
            return best
        found = self.rounding.priced(best.eur_per_t / KG_PER_T, MOST_GAP / 10)
        if found is None:
            return best
        self._take(found)
        return self._first_good([best], [found.opened], cap_kg)

    def _by_relaxed(self, best: Rounded | None, cap_kg: float) -> Rounded | None:
        """Adds the line that the relaxed problem proves, and tries the open sets near its shares."""
        limit = cap_kg * (1.0 + _CAP_SLACK)
        relaxed = self.rounding.relaxed(limit, self.held)
        if relaxed is None:
            return best
        self.proved.append((relaxed.eur_per_kg, relaxed.eur + relaxed.eur_per_kg * limit, np.inf))
        self.small = relaxed.small
        named = [relaxed.share > each for each in _SHARES] if self.held is None else [self.held]
        return self._first_good([best], named, cap_kg)

    def _by_branching(self, best: Rounded | None, cap_kg: float) -> Rounded | None:
        if self.held is not None:
            return best
        found = self.rounding.whole(cap_kg * (1.0 + _CAP_SLACK), MOST_GAP / 4)
        if found is None:
            return best
        self.proved.append((_AUGMENTED, found[1], cap_kg))
        return self._first_good([best], [found[0]], cap_kg)

    def _first_good(self, found: list[Rounded | None], opened: list[Bools], cap_kg: float) -> Rounded | None:
        """The cheapest of what is found; open sets are tried until one is good enough."""
        tried: set[bytes] = {found[0].decision.is_open.tobytes()} if found[0] is not None else set()
        for each in opened:
            if self._gap(self._cheapest(found), cap_kg) <= MOST_GAP:
                break
            if each.tobytes() not in tried:
                tried.add(each.tobytes())
                best = self._cheapest(found)
                most_eur = np.inf if best is None else self._cost(best)
                found = [*found, self._rounded(each, cap_kg, most_eur)]
        return self._cheapest(found)

    def _rounded(self, opened: Bools, cap_kg: float, most_eur: float = np.inf) -> Rounded | None:
        """A plan with an open set under a cap; rounded anew where the neighbour's rounding is too dear."""
        if not self.rounding.is_possible:
            return None
        limit = cap_kg * (1.0 + _CAP_SLACK)
        found = self.rounding.plan(opened, limit, most_eur=most_eur)
        if self._gap(found, cap_kg) > MOST_GAP and len(self.rounding.left_out) + len(self.rounding.filled):
            most_eur = min(most_eur, np.inf if found is None else self._cost(found))
            found = self._cheapest([found, self.rounding.plan(opened, limit, anew=True, most_eur=most_eur)])
        return found

    def _exact(self, best: Rounded | None, cap_kg: float, at_most: Floats | None = None) -> Rounded | None:
        try:
            found = decide(
                self._capped(cap_kg), self.effort, switched=self.switched, opened=self.held, at_most=at_most,
                name_limit=lambda *_: "",
            )  # fmt: skip
        except AllocationError as error:
            if error.termination is not None and error.termination.status == "infeasible":
                return best
            raise
        self.proved.append((_AUGMENTED, found.termination.bound, cap_kg))
        return self._cheapest([best, Rounded(decision=found)])

    def _capped(self, cap_kg: float) -> Problem:
        return replace(self.problem, max_co2e_kg=cap_kg * (1.0 + _CAP_SLACK), carbon_price_eur_kg=_AUGMENTED)

    def _bound(self, cap_kg: float) -> float:
        least = cap_kg * (1.0 + _CAP_SLACK)
        lines = (bound - price * least for price, bound, most in self.proved if cap_kg <= most)
        return max(lines, default=-np.inf)

    def _gap(self, found: Rounded | None, cap_kg: float) -> float:
        return np.inf if found is None else relative_gap(self._cost(found), self._bound(cap_kg))

    def _cost(self, found: Rounded) -> float:
        plan = found.decision
        if id(plan) not in self.costs:
            self.costs[id(plan)] = plan, plan.cost_eur(self.problem)
        return self.costs[id(plan)][1]

    def _cheapest(self, found: list[Rounded | None]) -> Rounded | None:
        there = [each for each in found if each is not None]
        return min(there, key=self._cost) if there else None

    def _keep(self, decision: Decision) -> None:
        known = [each for each in self.opened if (each != decision.is_open).any()]
        self.opened = [decision.is_open, *known]
        self.switched = np.union1d(self.switched, decision.switched).astype(np.int64)


def _ended(found: Decision, cost_eur: float, bound_eur: float) -> Any:
    """The termination of a point in money alone, with the bound for all open sets."""
    bound = min(bound_eur, cost_eur)
    gap = relative_gap(cost_eur, bound)
    return replace(
        found.termination, objective=cost_eur, bound=bound, gap=gap,
        status="optimal" if gap <= MOST_GAP else "feasible",
    )  # fmt: skip


def front(
    allocation: Allocation, *, over: str = "co2e", points: int = 20, hold_warehouses: bool = False
) -> Table:
    """Points from least cost to least CO2e, each the least cost under a cap (augmented epsilon constraint).

    The allocation itself stands among them as "chosen". Carbon price and cap of the allocation are put
    aside, its other limits kept; with `hold_warehouses` every point has the warehouses of the allocation, and
    gaps are proved among such plans. Both ends are exact: least cost and the least CO2e at it, least CO2e
    and the least cost at it. Columns: point, label, cost_eur, co2e_t, marginal_eur_per_t (extra money over
    tonnes saved against the point before, NaN for the first), cap_eur_per_t (dual of the point's cap with
    its whole decisions held), gap (proved, in cost), step (what changes against the point before, in words),
    open_warehouses, air_share, rail_share, sea_share (of tonnes on first legs), termination. Raises
    `InputError` for fewer than two points and for another `over` than "co2e".
    """
    if points < 2:
        raise InputError(f"expected at least 2 points, got {points}", column="points")
    if over != "co2e":
        raise InputError(f"expected 'co2e', got {over!r}", column="over")
    problem = replace(allocation.problem, carbon_price_eur_kg=0.0, max_co2e_kg=np.inf)
    effort = Effort(relative_gap=min(allocation.limits.gap, MOST_GAP / 2))
    held = allocation.decision.is_open if hold_warehouses else None
    search = Search(problem=problem, effort=effort, held=held)
    found = _with_chosen(problem, drawn(search, points), allocation)
    return Table(_columns(allocation, problem, found))


def drawn(search: Search, points: int) -> list[Point]:
    """The points of a front from its cheap end to its clean end."""
    problem = search.problem
    cleanest = search.cleanest()
    cheapest = search.cheapest(cleanest.co2e_kg(problem))
    caps = np.linspace(cheapest.co2e_kg(problem), cleanest.co2e_kg(problem), points)[1:]
    found = [Point(label="least cost", decision=cheapest, eur_per_t=0.0, gap=cheapest.termination.gap)]
    for cap in caps:
        is_last = len(found) == len(caps)
        under = search.cleanest_under(cleanest, float(cap)) if is_last else search.under(float(cap))
        plan, price = under.decision, under.eur_per_t
        price = search.price_of(plan, float(cap)) if price is None else price
        found.append(Point(label="", decision=plan, eur_per_t=price, gap=plan.termination.gap))
    found[-1] = replace(found[-1], label="least CO2e")
    for at in range(len(found) - 2, 0, -1):
        found[at] = search.no_dearer(found[at], found[at + 1], float(caps[at - 1]))
    return found


def _with_chosen(problem: Problem, found: list[Point], allocation: Allocation) -> list[Point]:
    """The points with the allocation's own among them, by falling emissions; beaten ones are left out."""
    chosen = allocation.decision
    kg = chosen.co2e_kg(problem)
    gaps = [abs(each.decision.co2e_kg(problem) - kg) for each in found]
    nearest, points = int(np.argmin(gaps)), list(found)
    if gaps[nearest] <= _SAME * kg:
        label = found[nearest].label
        points[nearest] = replace(
            found[nearest], label=f"{label}, {CHOSEN}" if label else CHOSEN, decision=chosen
        )
    else:
        gap = allocation.termination.gap
        points.append(Point(label=CHOSEN, decision=chosen, eur_per_t=np.nan, gap=gap))
    kept: list[Point] = []
    for each in sorted(points, key=lambda p: (p.decision.cost_eur(problem), p.decision.co2e_kg(problem))):
        is_cleaner = not kept or each.decision.co2e_kg(problem) < kept[-1].decision.co2e_kg(problem)
        if is_cleaner or CHOSEN in each.label:
            kept.append(each)
    return kept


def _columns(allocation: Allocation, problem: Problem, found: list[Point]) -> dict[str, Any]:
    decisions = [point.decision for point in found]
    shares = [_shares(allocation, problem, decision) for decision in decisions]
    cost = np.array([decision.cost_eur(problem) for decision in decisions])
    tonnes = np.array([decision.co2e_kg(problem) / KG_PER_T for decision in decisions])
    saved = -np.diff(tonnes)
    step = np.divide(np.diff(cost), saved, out=np.full(len(saved), np.nan), where=saved > 1e-9)
    words = [step_words(allocation, *pair) for pair in pairwise(decisions)]
    return {
        "point": np.arange(1, len(found) + 1),
        "label": [point.label for point in found],
        "cost_eur": cost,
        "co2e_t": tonnes,
        "marginal_eur_per_t": np.concatenate([[np.nan], step]),
        "cap_eur_per_t": np.array([point.eur_per_t for point in found]),
        "gap": np.array([point.gap for point in found]),
        "step": ["", *words],
        "open_warehouses": np.array([int(decision.is_open.sum()) for decision in decisions]),
        **{
            f"{mode}_share": np.array([share.get(mode, 0.0) for share in shares])
            for mode in ("air", "rail", "sea")
        },
        "termination": [str(decision.termination) for decision in decisions],
    }


def _shares(allocation: Allocation, problem: Problem, decision: Decision) -> dict[str, float]:
    """Share of first-leg tonnes by main haul."""
    mass = allocation.tables.products["mass_kg"][problem.first.product] * decision.first_units
    total = max(float(mass.sum()), 1e-9)
    shares: dict[str, float] = {}
    for route, kg in zip(allocation.candidates.leg_route, mass, strict=True):
        mode = allocation.legs[route].route.main_haul
        shares[mode] = shares.get(mode, 0.0) + float(kg) / total
    return shares

"""Which limits to relax where no plan keeps them all: the cheapest repairs by named groups, each re-solved.

Every limit that a planner knows gets a slack with a price: capacities, the carbon cap, every named limit
(service, shares, fixings, ways that a rule bars), least volumes of tiered fees, and demand itself. One
model finds the least money, plan and relief together; a second the fewest groups within 0.5 % of it; a cut
then forbids that set of groups, for the next alternative.

    min  cost + sum price_g slack_i          slack_i <= most_i s_g, s_g whole
    then min sum s_g                         with the money above <= 1.005 x its least
    sum of s_g over a set found before      <= size of the set - 1
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xroute.allocation_engine import decide
from xroute.allocation_extra_rows import band_units, limit_scale
from xroute.allocation_limits import Names, explain, served_pairs
from xroute.allocation_model import LEAST_SCALE, Columns, Floats, Ints, LinearModel, Problem, linear_model
from xroute.allocation_rules import Group, Rows, stacked
from xroute.allocation_solver import Effort, solve
from xroute.errors import AllocationError

_ALTERNATIVES = 3
_NEAR = 1.005
_DUST = 1e-7
_ROUNDED_UP = 1e-6
CAPACITY_EUR_PER_M3 = 20.0
CARBON_EUR_PER_KG = 0.3
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A column that relaxes one row: its group, the limit it stands for, and the units of 1 of it.

    `limit` is ("capacity", w), ("cap",), ("limit", row, "most" or "least"), ("fee", number) or
    ("demand", zone, product).
    """

    row: int
    sign: float
    group: int
    limit: tuple[Any, ...]
    units: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Limits to relax so that a plan exists: in words, by groups, with the money of relief and of the plan.

    `relief_eur` is what the groups' prices reckon for it, `plan_eur` the cost a month of the verified plan.
    """

    groups: tuple[str, ...]
    words: tuple[str, ...]
    relief_eur: float
    plan_eur: float

    @property
    def total_eur(self) -> float:
        """Relief and plan together, EUR a month."""
        return self.relief_eur + self.plan_eur

    def __str__(self) -> str:
        shown = "; ".join(self.words[:_SHOWN])
        more = f"; and {len(self.words) - _SHOWN} more" if len(self.words) > _SHOWN else ""
        return f"{shown}{more} (then {self.plan_eur:,.0f} EUR a month)"


def explained(problem: Problem, effort: Effort, names: Names | None = None) -> str:
    """Why no plan keeps the limits and what would do, in at most five lines."""
    known = names or Names.numbered(problem)
    found = repairs(problem, effort, known)
    cause = explain(problem, effort, known)
    if cause.startswith("each limit") and found:
        cause = f"{' and '.join(found[0].groups[:_SHOWN])} cannot be kept beside the other limits"
    lines = [f"{at}. {repair}" for at, repair in enumerate(found, 1)]
    return "\n".join([cause, *(["What would do, each checked by a plan:"] if lines else []), *lines])


def repairs(problem: Problem, effort: Effort, names: Names | None = None) -> list[Repair]:
    """Up to three sets of limits whose relaxing gives a plan, the cheapest first, each verified."""
    known = names or Names.numbered(problem)
    found = _dropped(problem, effort)
    soft = _Soft(problem=replace(problem, first=_any_load(problem)), names=known)
    tabu: list[Ints] = []
    for _ in range(_ALTERNATIVES):
        slacks = soft.cheapest(effort, tabu)
        if slacks is None or not slacks.any():
            break
        tabu.append(np.unique([soft.slacks[at].group for at in np.flatnonzero(slacks)]))
        repair = _verified(problem, soft, slacks, effort)
        found += [repair] if repair is not None else []
    return sorted(found, key=lambda each: each.total_eur)[:_ALTERNATIVES]


def _any_load(problem: Problem) -> Any:
    return replace(problem.first, least=np.zeros(len(problem.first)))


def _dropped(problem: Problem, effort: Effort) -> list[Repair]:
    """Repairs that lift a rule for all: full loads on first legs, and single sources."""
    tries: list[tuple[str, str, Problem]] = []
    if problem.first.least.any():
        lifted = replace(problem, first=_any_load(problem))
        tries.append(("full loads", "let first legs carry less than their least volume", lifted))
    if problem.single_source:
        words = "let several warehouses share a zone"
        tries.append(("single source", words, replace(problem, single_source="")))
    found = []
    for group, words, lifted in tries:
        try:
            plan = decide(lifted, effort, name_limit=lambda *_: "")
        except AllocationError:
            continue
        eur = plan.cost_eur(lifted)
        found.append(Repair(groups=(group,), words=(words,), relief_eur=0.0, plan_eur=eur))
    return found


def _verified(problem: Problem, soft: _Soft, slacks: Floats, effort: Effort) -> Repair | None:
    """The repair with its plan; `None` where full loads leave none even so."""
    relaxed, words, relief = problem, [], 0.0
    for at in np.flatnonzero(slacks):
        slack = soft.slacks[at]
        amount = float(slacks[at] * slack.units) * (1.0 + _ROUNDED_UP) + 1e-9
        relaxed = _relaxed(relaxed, slack, amount)
        words.append(_words(problem, soft, slack, amount))
        relief += amount * soft.groups[slack.group].price_eur
    try:
        plan = decide(relaxed, effort, name_limit=lambda *_: "")
    except AllocationError:
        return None
    groups = tuple(dict.fromkeys(soft.groups[soft.slacks[at].group].name for at in np.flatnonzero(slacks)))
    return Repair(groups=groups, words=tuple(words), relief_eur=relief, plan_eur=plan.cost_eur(relaxed))


def _relaxed(p: Problem, slack: Slack, amount: float) -> Problem:
    kind, *at = slack.limit
    if kind == "capacity":
        capacity = p.capacity_m3.copy()
        capacity[at[0]] += amount
        return replace(p, capacity_m3=capacity)
    if kind == "cap":
        return replace(p, max_co2e_kg=p.max_co2e_kg + amount)
    if kind == "demand":
        demand = p.demand.copy()
        left = demand[at[0], at[1]] - amount
        demand[at[0], at[1]] = left if left > 1e-5 * demand[at[0], at[1]] else 0.0
        return replace(p, demand=demand)
    if kind == "fee":
        start = p.fees[at[0]].start.copy()
        start[0] = max(start[0] - amount, 0.0)
        fees = [replace(fee, start=start) if n == at[0] else fee for n, fee in enumerate(p.fees)]
        return replace(p, fees=tuple(fees))
    least, most = p.limits.least.copy(), p.limits.most.copy()
    if at[1] == "most":
        most[at[0]] += amount
    else:
        least[at[0]] -= amount
    return replace(p, limits=replace(p.limits, least=least, most=most))


def _words(p: Problem, soft: _Soft, slack: Slack, amount: float) -> str:
    group, (kind, *at) = soft.groups[slack.group], slack.limit
    if kind == "demand":
        item = f"{soft.names.products[at[1]]} to {soft.names.zones[at[0]]}"
        if group.name.startswith("demand"):
            return f"leave {amount:,.4g} units of {item} unserved"
        return f"find a way for {amount:,.4g} units of {item}, or leave them"
    if kind == "capacity":
        old, verb = float(p.capacity_m3[at[0]]), "raise"
    elif kind == "cap":
        old, verb = p.max_co2e_kg, "raise"
    elif kind == "fee":
        old, verb = float(p.fees[at[0]].start[0]), "lower"
    else:
        old = float((p.limits.most if at[1] == "most" else p.limits.least)[at[0]])
        verb = "raise" if at[1] == "most" else "lower"
    if group.unit == "openings":
        return f"give up: {group.name}"
    new = round(old + amount if verb == "raise" else old - amount, 3) + 0.0
    return f"{verb} {group.name} by {amount:,.4g} {group.unit} to {new:,.6g}"


class _Soft:
    """The model of a problem with a slack for every limit, and what was learnt of its rows."""

    def __init__(self, *, problem: Problem, names: Names) -> None:
        self.problem, self.names = problem, names
        self.columns = Columns(problem=problem)
        self.model = linear_model(problem, self.columns.switched)
        self.groups: list[Group] = []
        self.slacks: list[Slack] = []
        self._soften()

    def _group(self, group: Group) -> int:
        if group not in self.groups:
            self.groups.append(group)
        return self.groups.index(group)

    def _soften(self) -> None:
        p, at = self.problem, self.model.row_at
        for row, w in enumerate(np.flatnonzero(np.isfinite(p.capacity_m3)).tolist()):
            name = f"capacity_m3 of {self.names.warehouses[w]}"
            group = self._group(Group(name=name, unit="m3", price_eur=CAPACITY_EUR_PER_M3))
            scale = max(float(p.capacity_m3[w]), LEAST_SCALE)
            self._add(at["capacity"] + row, -1.0, group, ("capacity", w), scale)
        if "cap" in at:
            group = self._group(Group(name="max_co2e_kg", unit="kg", price_eur=CARBON_EUR_PER_KG))
            self._add(at["cap"], -1.0, group, ("cap",), max(p.max_co2e_kg, LEAST_SCALE))
        scales = limit_scale(self.columns, p.limits) if len(p.limits) else np.zeros(0)
        for row, named in enumerate(p.limits.groups):
            group, where = self._group(named), at["limits"] + row
            if np.isfinite(p.limits.most[row]):
                self._add(where, -1.0, group, ("limit", row, "most"), float(scales[row]))
            if np.isfinite(p.limits.least[row]):
                self._add(where, 1.0, group, ("limit", row, "least"), float(scales[row]))
        self._soften_fees_and_demand()

    def _soften_fees_and_demand(self) -> None:
        p, at = self.problem, self.model.row_at
        before = 0
        for number, fee in enumerate(p.fees):
            if fee.site >= 0 and fee.start[0] > 0.0:
                group = self._group(Group(name=f"the least volume of {fee.name}", unit="units"))
                size = float(band_units(self.columns)[before])
                self._add(at[f"fee {number}"] + 1, 1.0, group, ("fee", number), size)
            before += len(fee.start)
        dear = 10.0 * float(max(p.unit_eur.max(initial=1.0), 1.0)) + float(p.fixed_eur.max(initial=0.0))
        is_served = served_pairs(p)
        for row, (zone, product) in enumerate(np.argwhere(p.demand > 0.0).tolist()):
            lost = f"a way for {self.names.products[product]} to {self.names.zones[zone]}"
            name = f"demand of {self.names.products[product]}" if is_served[zone, product] else lost
            group = self._group(Group(name=name, price_eur=dear))
            units = float(p.demand[zone, product])
            self._add(at["demand"] + row, 1.0, group, ("demand", zone, product), units)

    def _add(self, row: int, sign: float, group: int, limit: tuple[Any, ...], units: float) -> None:
        self.slacks.append(Slack(row=row, sign=sign, group=group, limit=limit, units=units))

    def cheapest(self, effort: Effort, tabu: list[Ints]) -> Floats | None:
        """Slacks of the cheapest repair with the fewest groups; `None` where there is none."""
        money = self._elastic(tabu)
        best = solve(money, effort)
        if best.values is None:
            return None
        count = len(self.model.cost)
        few = _capped(money, _NEAR * best.termination.objective, self._switches())
        fewest = solve(few, effort)
        chosen = best if fewest.values is None else fewest
        if chosen.values is None:
            return None
        held = self._switches()
        last = solve(money.with_fixed(held, chosen.values[held]), effort)
        values = chosen.values if last.values is None else last.values
        slacks = np.asarray(values[count : count + len(self.slacks)], dtype=np.float64)
        return np.where(slacks > _DUST, slacks, 0.0)

    def _switches(self) -> Ints:
        return len(self.model.cost) + len(self.slacks) + np.arange(len(self.groups))

    def _elastic(self, tabu: list[Ints]) -> LinearModel:
        """The model with slacks, a switch for each group, and no set of groups that was found before."""
        model, count = self.model, len(self.slacks)
        first, group = len(model.cost), np.array([each.group for each in self.slacks])
        slack, switch = first + np.arange(count), self._switches()
        row = np.array([each.row for each in self.slacks])
        sign = np.array([each.sign for each in self.slacks])
        most = self._most(row)
        link, ones = np.arange(count), np.ones(count)
        cuts = [np.isin(np.arange(len(self.groups)), each) for each in tabu]
        at_cut = (
            np.repeat(np.arange(len(cuts)), [int(cut.sum()) for cut in cuts]) if cuts else np.zeros(0, int)
        )
        in_cut = np.concatenate([switch[cut] for cut in cuts]) if cuts else np.zeros(0, int)
        soft = Rows(
            row=np.concatenate([model.rows.row, row]),
            column=np.concatenate([model.rows.column, slack]),
            value=np.concatenate([model.rows.value, sign]),
            lower=model.rows.lower, upper=model.rows.upper,
        )  # fmt: skip
        links = Rows(
            row=np.concatenate([link, link, count + at_cut]),
            column=np.concatenate([slack, switch[group], in_cut]),
            value=np.concatenate([ones, -most, np.ones(len(in_cut))]),
            lower=np.full(count + len(cuts), -np.inf),
            upper=np.concatenate([0.0 * ones, [float(cut.sum()) - 1.0 for cut in cuts]]),
        )
        price = np.array([self.groups[each.group].price_eur * each.units for each in self.slacks])
        groups = len(self.groups)
        return LinearModel(
            cost=np.concatenate([model.cost, price, np.zeros(groups)]),
            lower=np.concatenate([model.lower, np.zeros(count + groups)]),
            upper=np.concatenate([model.upper, most, np.ones(groups)]),
            is_whole=np.concatenate([model.is_whole, np.zeros(count, bool), np.ones(groups, bool)]),
            rows=stacked([soft, links]),
        )

    def _most(self, row: Ints) -> Floats:
        """More than any slack needs: what its row can come to, and its bound."""
        rows, upper = self.model.rows, self.model.upper
        size = np.bincount(
            rows.row, weights=np.abs(rows.value) * upper[rows.column], minlength=len(rows.lower)
        )
        for bound in (rows.lower, rows.upper):
            size = size + np.where(np.isfinite(bound), np.abs(bound), 0.0)
        most = np.maximum(size[row], _DUST)
        is_demand = np.array([each.limit[0] == "demand" for each in self.slacks])
        return np.where(is_demand, 1.0, most)


def _capped(model: LinearModel, most_eur: float, switches: Ints) -> LinearModel:
    """The same that counts switches instead of money, with the money capped."""
    cost = np.zeros(len(model.cost))
    cost[switches] = 1.0
    paid = np.flatnonzero(model.cost)
    scale = max(abs(most_eur), 1.0)
    money = Rows(
        row=np.zeros(len(paid), dtype=np.int64), column=paid, value=model.cost[paid] / scale,
        lower=np.array([-np.inf]), upper=np.array([most_eur / scale]),
    )  # fmt: skip
    return replace(model, cost=cost, rows=stacked([model.rows, money]))

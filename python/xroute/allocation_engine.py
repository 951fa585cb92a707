"""Decides an allocation problem: least volumes where they bind, flows made exact, every answer re-checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from xroute.allocation_check import TOLERANCE, check, co2e_kg, cost_eur, objective
from xroute.allocation_limits import explain
from xroute.allocation_model import Bools, Columns, Floats, Ints, LinearModel, Problem, linear_model
from xroute.allocation_rules import Group, LimitRows, joined, no_floats, no_ints
from xroute.allocation_solver import Effort, Solved, Termination, relative_gap, solve
from xroute.errors import AllocationError, InternalError

_NOTHING = 1e-9
_MOST_ROUNDS = 60
_TANGENT = 1e-7
"""A norm that a model has lower by more than this share gets a tangent."""
_ROOT, _SETTLED = 0.3, 0.1
"""Shares of the gap asked for that tangents may leave open: before the first solve, and in an answer."""

Explain = Callable[[Problem, Effort], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Units a month on each first leg and delivery, which warehouses are open, and how the solve ended.

    `switched` are the first legs whose least volume was enforced: a neighbouring problem starts with them.
    `charged` are the least charges and `tangents` the cuts of norms that the model had at the end.
    """

    first_units: Floats
    delivery_units: Floats
    is_open: Bools
    termination: Termination
    switched: Ints
    moved_units: Floats = field(default_factory=no_floats)
    more_units: Floats = field(default_factory=no_floats)
    charged: Ints = field(default_factory=no_ints)
    tangents: LimitRows = field(default_factory=LimitRows)
    whole: Floats = field(default_factory=no_floats)
    modelled: Floats = field(default_factory=no_floats)
    """Whole decisions in the order of the model's columns, and norms as the model had them."""

    @property
    def flows(self) -> tuple[Floats, ...]:
        """Units on first legs, deliveries and moves, and further amounts."""
        return self.first_units, self.delivery_units, self.moved_units, self.more_units

    def co2e_kg(self, problem: Problem) -> float:
        """Kilograms of CO2e a month."""
        return co2e_kg(problem, *self.flows)

    def cost_eur(self, problem: Problem) -> float:
        """EUR a month without carbon price."""
        first, delivery, moved, more = self.flows
        return cost_eur(problem, first, delivery, self.is_open, moved, more)


def tightened(problem: Problem, tangents: LimitRows, charged: Ints) -> Problem:
    """The problem as a model holds it: with cuts of its norms and those least charges that were enforced."""
    if not len(tangents) and not len(charged):
        return problem
    fees = (*problem.fees, *(problem.least_charges[at] for at in charged))
    return replace(problem, links=joined([problem.links, tangents]), fees=fees)


def decide(
    problem: Problem,
    effort: Effort,
    *,
    only_co2e: bool = False,
    switched: Ints | None = None,
    opened: Bools | None = None,
    at_most: Floats | None = None,
    name_limit: Explain = explain,
) -> Decision:
    """The cheapest allocation (or, with `only_co2e`, the one that emits least), checked.

    Least volumes and least charges are enforced where a solution breaks them, norms by tangents where it is
    below them, then it is solved again: each round is a relaxation, so the last one is optimal for the whole
    problem. `opened` holds the open set, `at_most` bounds the columns of flows. Raises `AllocationError` with
    the termination where no plan keeps the limits, naming one, and where the search ended without a plan.
    """
    rounds = _Rounds(problem=problem, effort=effort, only_co2e=only_co2e, opened=opened, at_most=at_most)
    rounds.switched = no_ints() if switched is None else switched
    best: Decision | None = None
    if len(problem.norms):
        rounds.rooted()
    for _ in range(_MOST_ROUNDS):
        found = rounds.solved()
        if found is None:
            raise _failure(problem, effort, _whole(rounds.spent), name_limit)
        if rounds.enforced(found):
            continue
        if len(problem.norms):
            cuts = len(rounds.tangents)
            found = rounds.settled(found)
            if rounds.enforced(found):
                continue
            best = rounds.better(best, found)
            if not rounds.is_proved(best) and len(rounds.tangents) > cuts:
                continue
            found = best or found
        return checked(problem, only_co2e, found, _whole(rounds.spent))
    raise InternalError(f"least volumes were not settled in {_MOST_ROUNDS} rounds")


@dataclass(slots=True, kw_only=True)
class _Rounds:
    """What the rounds of one decision have enforced so far."""

    problem: Problem
    effort: Effort
    only_co2e: bool
    opened: Bools | None
    at_most: Floats | None = None
    switched: Ints = field(default_factory=no_ints)
    charged: Ints = field(default_factory=no_ints)
    tangents: LimitRows = field(default_factory=LimitRows)
    spent: list[Termination] = field(default_factory=list)
    is_exact: bool = False

    def rooted(self) -> None:
        """Adds the tangents that the relaxed model asks for: with them the first answer is near the last."""
        before = -np.inf
        for _ in range(_MOST_ROUNDS):
            tight = tightened(self.problem, self.tangents, self.charged)
            columns = Columns(problem=tight, switched=self.switched)
            model = linear_model(tight, self.switched, only_co2e=self.only_co2e)
            if self.opened is not None:
                model = model.with_fixed(columns.is_open, self.opened.astype(float))
            solved = solve(replace(model, is_whole=np.zeros(len(model.cost), dtype=bool)), self.effort)
            if solved.values is None:
                return
            units = solved.values[: tight.flows] * columns.units_in_one
            modelled = units[tight.flows - len(tight.more) + tight.norms.governs]
            now = solved.termination.objective
            small = abs(now) * self._gap
            if self._missing(units, modelled) <= _ROOT * small or now - before <= _SETTLED * small:
                return
            before = now
            cuts = tangents(self.problem, units, modelled)
            self.tangents = joined([self.tangents, cuts])

    def solved(self, held: Floats | None = None) -> Decision | None:
        """The model's answer with what is enforced, flows made exact; `held` holds its whole decisions."""
        tight = tightened(self.problem, self.tangents, self.charged)
        columns = Columns(problem=tight, switched=self.switched)
        model = linear_model(tight, self.switched, only_co2e=self.only_co2e)
        if self.opened is not None:
            model = model.with_fixed(columns.is_open, self.opened.astype(float))
        if self.at_most is not None:
            count = len(self.at_most)
            model.upper[:count] = np.minimum(model.upper[:count], self.at_most)
        if held is not None:
            model = model.with_fixed(columns.whole, held)
        solved = solve(model, self.effort)
        if held is None and (self.is_exact or _leans_on_whole(tight)):
            solved = _polished(model, columns, solved, self.effort)
        self.spent.append(solved.termination)
        if solved.values is None:
            return None
        return replace(
            flows_of(tight, solved.values, columns, may_close=self.opened is None),
            whole=solved.values[columns.whole],
            charged=self.charged,
            tangents=self.tangents,
        )

    def enforced(self, found: Decision) -> bool:
        """Whether something that the answer breaks is enforced from now on."""
        small, unmet = too_small(self.problem, found.first_units), self._unmet(found)
        if len(small) and not len(np.setdiff1d(small, self.switched)):
            if self.is_exact:
                raise InternalError("a least volume that was enforced is broken")
            self.is_exact = True
            return True
        self.switched, self.charged = np.union1d(self.switched, small), np.union1d(self.charged, unmet)
        return bool(len(small) or len(unmet))

    def _unmet(self, found: Decision) -> Ints:
        """The least charges that an answer should pay and does not yet."""
        units = np.concatenate(found.flows)
        due = [
            at
            for at, fee in enumerate(self.problem.least_charges)
            if at not in self.charged and fee.fee_eur(float(fee.use @ units[fee.flow])) > _NOTHING
        ]
        return np.array(due, dtype=np.int64)

    def settled(self, found: Decision) -> Decision:
        """The answer with its whole decisions held and norms no longer underestimated; adds tangents."""
        for _ in range(_MOST_ROUNDS):
            units = np.concatenate(found.flows)
            cuts = tangents(self.problem, units, found.modelled)
            missing = self._missing(units, found.modelled)
            is_near = missing <= _SETTLED * abs(self._value(found)) * self._gap
            if not len(cuts) or (is_near and self._fits(found)):
                break
            self.tangents = joined([self.tangents, cuts])
            again = self.solved(found.whole)
            self.spent.pop()
            if again is None:
                break
            found = again
        return found

    def better(self, best: Decision | None, found: Decision) -> Decision | None:
        """The cheaper of two answers, of those that hold with their norms as they are."""
        if not self._fits(found) or (best is not None and self._value(best) <= self._value(found)):
            return best
        return found

    def _fits(self, found: Decision) -> bool:
        """Whether an answer passes its check with its norms as they are."""
        moved, more = found.moved_units, found.more_units
        return not check(self.problem, found.first_units, found.delivery_units, found.is_open, moved, more)

    @property
    def _gap(self) -> float:
        return max(self.effort.relative_gap, TOLERANCE)

    def _missing(self, units: Floats, modelled: Floats) -> float:
        """What norms add to the objective beyond the model's."""
        p, norms = self.problem, self.problem.norms
        price = p.more.co2e_kg if self.only_co2e else p.more.eur + p.carbon_price_eur_kg * p.more.co2e_kg
        return float(price[norms.governs] @ np.maximum(norms.at(units) - modelled, 0.0))

    def _value(self, found: Decision) -> float:
        return objective(self.problem, found.flows, found.is_open, only_co2e=self.only_co2e)

    def is_proved(self, best: Decision | None) -> bool:
        """Whether an answer is as good as the last bound says, within the gap asked for or 1e-6."""
        if best is None:
            return False
        ended, value = self.spent[-1], self._value(best)
        self.spent[-1] = replace(ended, objective=max(value, ended.bound))
        return relative_gap(value, ended.bound) <= self._gap


def tangents(problem: Problem, units: Floats, modelled: Floats) -> LimitRows:
    """The tangents of the norms that a model has lower than they are, at the answer, as rows <= 0."""
    norms = problem.norms
    value, parts = norms.at(units), norms.components(units)
    low = value - modelled > _TANGENT * np.maximum(value, 1e-3)
    keep = low[norms.norm_of[norms.component]]
    slope = parts[norms.component] / np.where(value > 0.0, value, 1.0)[norms.norm_of[norms.component]]
    rows = np.flatnonzero(low)
    at = np.searchsorted(rows, norms.norm_of[norms.component][keep])
    over = problem.flows - len(problem.more) + norms.governs[rows]
    return LimitRows(
        groups=(Group(name="a safety stock"),) * len(rows),
        least=np.full(len(rows), -np.inf), most=np.zeros(len(rows)),
        row=np.concatenate([at, np.arange(len(rows))]),
        flow=np.concatenate([norms.flow[keep], over]),
        value=np.concatenate([(slope * norms.value)[keep], -np.ones(len(rows))]),
    )  # fmt: skip


def _leans_on_whole(p: Problem) -> bool:
    """Whether flows need every whole decision held exactly: a solver's dust on one would break a limit."""
    return bool(p.single_source or p.fees or len(p.limits.site) or len(p.moves) or len(p.more))


def _polished(model: LinearModel, columns: Columns, solved: Solved, effort: Effort) -> Solved:
    """The flows once more with every whole decision held exactly."""
    if solved.values is None:
        return solved
    held = solve(model.with_fixed(columns.whole, solved.values[columns.whole]), effort)
    if held.values is None:
        return solved
    spent, ended = solved.termination, held.termination
    return replace(
        held,
        termination=replace(
            spent, cpu_s=spent.cpu_s + ended.cpu_s, wall_s=spent.wall_s + ended.wall_s,
            objective=ended.objective, bound=min(spent.bound, ended.objective),
        ),
    )  # fmt: skip


def _failure(
    problem: Problem, effort: Effort, termination: Termination, name_limit: Explain
) -> AllocationError:
    if termination.status == "no_solution":
        message = f"the search ended before it found a plan ({termination.reason}): allow more work"
        return AllocationError(message, termination)
    reason = name_limit(problem, effort)
    return AllocationError(f"no plan keeps the limits: {reason}", replace(termination, reason=reason))


def _whole(spent: list[Termination]) -> Termination:
    """The last termination with the time of all."""
    return replace(
        spent[-1], cpu_s=sum(each.cpu_s for each in spent), wall_s=sum(each.wall_s for each in spent)
    )


def flows_of(problem: Problem, values: Floats | None, columns: Columns, *, may_close: bool) -> Decision:
    """Units from columns, without a solver's dust: what a zone gets is what it asks, to the last bit."""
    if values is None:
        raise InternalError("a solved model has no values")
    p = problem
    is_open = np.asarray(values[columns.is_open] > 0.5, dtype=bool)
    share = np.where(is_open[p.delivery.warehouse], values[columns.delivery], 0.0)
    share[share < _NOTHING] = 0.0
    pair = p.delivery.zone * p.products + p.delivery.product
    given = np.bincount(pair, weights=share, minlength=p.demand.size)
    delivery = share / np.where(given[pair] > 0.0, given[pair], 1.0) * p.asked
    units = np.maximum(values[columns.first], 0.0) * p.unit_of[p.first.product]
    units = np.where(units < 1e-7 * p.unit_of[p.first.product], 0.0, units)
    moved = np.maximum(values[columns.moves], 0.0) * p.unit_of[p.moves.product]
    moved[(moved < 1e-7 * p.unit_of[p.moves.product]) | ~is_open[p.moves.out_of]] = 0.0
    extra = _amounts(p, values[columns.more] * columns.units_in_one[columns.more], is_open)
    modelled = extra[p.norms.governs]
    first, moved, extra = _matched(problem, units, delivery, (moved, extra))
    extra[p.norms.governs] = p.norms.at(np.concatenate([first, delivery, moved, extra]))
    through = np.concatenate([p.delivery.warehouse, p.moves.out_of])
    used = np.bincount(through, weights=np.concatenate([delivery, moved]), minlength=p.warehouses) > 0.0
    named = np.isin(
        np.arange(p.warehouses),
        [*p.limits.site, *p.links.site, *(fee.site for fee in p.fees), *p.more.site[extra > 0.0]],
    )
    if may_close:
        is_open &= used | named | (p.fixed_eur <= 0.0)
    return Decision(
        first_units=first, delivery_units=delivery, is_open=is_open, termination=_UNSOLVED,
        switched=columns.switched, moved_units=moved, more_units=extra, modelled=modelled,
    )  # fmt: skip


def _amounts(p: Problem, values: Floats, is_open: Bools) -> Floats:
    """Further amounts without dust, whole where they are counted, none at a closed warehouse."""
    amounts = np.where(p.more.is_whole, np.rint(values), np.maximum(values, 0.0))
    amounts[amounts < 1e-9 * np.maximum(p.more.most, 1e-9)] = 0.0
    amounts[p.more.is_tied & ~is_open[p.more.site]] = 0.0
    return np.asarray(amounts, dtype=np.float64)


def _matched(
    problem: Problem, first: Floats, delivery: Floats, beside: tuple[Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """First legs, moves and what else gives units, scaled to what leaves each warehouse of each product."""
    p, (moved, more) = problem, beside
    size = p.warehouses * p.products
    into = p.first.warehouse * p.products + p.first.product
    m_in, m_out = (at * p.products + p.moves.product for at in (p.moves.into, p.moves.out_of))
    gives = np.flatnonzero(p.more.gives)
    g_in = p.more.site[gives] * p.products + p.more.product[gives]
    given = np.bincount(p.delivery.warehouse * p.products + p.delivery.product, delivery, minlength=size)
    given -= np.bincount(g_in, weights=(more * p.more.gives)[gives], minlength=size)
    bought = np.bincount(into, weights=first, minlength=size)
    moved = moved.copy()
    for _ in range(p.warehouses if moved.any() else 0):  # warehouses that others alone supply, along a chain
        leaving = np.maximum(given + np.bincount(m_out, weights=moved, minlength=size), 0.0)
        coming = np.bincount(m_in, weights=moved, minlength=size)
        fed = np.divide(leaving, coming, out=np.ones(size), where=(coming > 0.0) & (bought <= 0.0))
        moved *= fed[m_in]
    passed = np.bincount(m_out, weights=moved, minlength=size) - np.bincount(m_in, moved, minlength=size)
    scale = np.divide(np.maximum(given + passed, 0.0), bought, out=np.zeros(size), where=bought > 0.0)
    return np.asarray(first * scale[into], dtype=np.float64), moved, more


def too_small(problem: Problem, first: Floats) -> Ints:
    """The first legs that carry something, but less than their least volume."""
    least = problem.first.least
    return np.flatnonzero((first > 0.0) & (first < least * (1.0 - 1e-6)))


def checked(problem: Problem, only_co2e: bool, found: Decision, termination: Termination) -> Decision:
    """The decision with its recomputed objective and gap.

    Raises `AllocationError` where a balance or limit is broken, or the objective is not what was solved for.
    """
    faults = check(
        problem, found.first_units, found.delivery_units, found.is_open, found.moved_units, found.more_units
    )
    value = objective(problem, found.flows, found.is_open, only_co2e=only_co2e)
    slack = TOLERANCE * max(abs(value), 1.0)  # below what the solver said where an idle warehouse was closed
    if not termination.bound - slack <= value <= termination.objective + slack:
        faults.append(f"the objective is {value:.9g}, the solver says {termination.objective:.9g}")
    if faults:
        raise AllocationError(f"the answer failed its check: {'; '.join(faults)}", termination)
    gap = relative_gap(value, termination.bound)
    return replace(found, termination=replace(termination, objective=value, gap=gap))


_UNSOLVED = Termination(
    status="no_solution", reason="", objective=np.nan, bound=np.nan, gap=np.nan, solver="", solver_version="",
    seed=0, cpu_s=0.0, wall_s=0.0,
)  # fmt: skip

"""Decides an allocation problem: least volumes where they bind, flows made exact, every answer re-checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from xroute.allocation_check import TOLERANCE, check, co2e_kg, cost_eur, objective
from xroute.allocation_limits import explain
from xroute.allocation_model import Bools, Columns, Floats, Ints, LinearModel, Problem, linear_model
from xroute.allocation_rules import no_floats
from xroute.allocation_solver import Effort, Solved, Termination, relative_gap, solve
from xroute.errors import AllocationError, InternalError

_NOTHING = 1e-9
_MOST_ROUNDS = 60

Explain = Callable[[Problem, Effort], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Units a month on each first leg and delivery, which warehouses are open, and how the solve ended.

    `switched` are the first legs whose least volume was enforced: a neighbouring problem starts with them.
    """

    first_units: Floats
    delivery_units: Floats
    is_open: Bools
    termination: Termination
    switched: Ints
    moved_units: Floats = field(default_factory=no_floats)

    @property
    def flows(self) -> tuple[Floats, Floats, Floats]:
        """Units on first legs, deliveries and moves."""
        return self.first_units, self.delivery_units, self.moved_units

    def co2e_kg(self, problem: Problem) -> float:
        """Kilograms of CO2e a month."""
        return co2e_kg(problem, *self.flows)

    def cost_eur(self, problem: Problem) -> float:
        """EUR a month without carbon price."""
        return cost_eur(problem, self.first_units, self.delivery_units, self.is_open, self.moved_units)


def decide(
    problem: Problem,
    effort: Effort,
    *,
    only_co2e: bool = False,
    switched: Ints | None = None,
    opened: Bools | None = None,
    name_limit: Explain = explain,
) -> Decision:
    """The cheapest allocation (or, with `only_co2e`, the one that emits least), checked.

    Least volumes are enforced where a solution breaks them, then it is solved again: each round is a
    relaxation, so the last one is optimal for the whole problem. `opened` holds the open set. Raises
    `AllocationError` with the termination where no plan keeps the limits, naming one, and where the search
    ended without a plan.
    """
    chosen = np.zeros(0, dtype=np.int64) if switched is None else switched
    spent: list[Termination] = []
    for _ in range(_MOST_ROUNDS):
        columns = Columns(problem=problem, switched=chosen)
        model = linear_model(problem, chosen, only_co2e=only_co2e)
        if opened is not None:
            model = model.with_fixed(columns.is_open, opened.astype(float))
        solved = solve(model, effort)
        if _leans_on_whole(problem):
            solved = _polished(model, columns, solved, effort)
        spent.append(solved.termination)
        if solved.values is None:
            raise _failure(problem, effort, _whole(spent), name_limit)
        found = flows_of(problem, solved.values, columns, may_close=opened is None)
        small = too_small(problem, found.first_units)
        if len(small) and not len(np.setdiff1d(small, chosen)):
            solved = _polished(model, columns, solved, effort)
            found = flows_of(problem, solved.values, columns, may_close=opened is None)
            small = too_small(problem, found.first_units)
        if not len(small):
            return checked(problem, only_co2e, found, _whole(spent))
        if not len(np.setdiff1d(small, chosen)):
            raise InternalError("a least volume that was enforced is broken")
        chosen = np.union1d(chosen, small)
    raise InternalError(f"least volumes were not settled in {_MOST_ROUNDS} rounds")


def _leans_on_whole(p: Problem) -> bool:
    """Whether flows need every whole decision held exactly: a solver's dust on one would break a limit."""
    return bool(p.single_source or p.fees or len(p.limits.site) or len(p.moves))


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
    first, moved = _matched(problem, units, delivery, moved)
    through = np.concatenate([p.delivery.warehouse, p.moves.out_of])
    used = np.bincount(through, weights=np.concatenate([delivery, moved]), minlength=p.warehouses) > 0.0
    named = np.isin(np.arange(p.warehouses), [*p.limits.site, *(fee.site for fee in p.fees)])
    if may_close:
        is_open &= used | named | (p.fixed_eur <= 0.0)
    return Decision(
        first_units=first, delivery_units=delivery, is_open=is_open, termination=_UNSOLVED,
        switched=columns.switched, moved_units=moved,
    )  # fmt: skip


def _matched(problem: Problem, first: Floats, delivery: Floats, moved: Floats) -> tuple[Floats, Floats]:
    """First legs and moves scaled to what leaves each warehouse of each product."""
    p = problem
    size = p.warehouses * p.products
    into = p.first.warehouse * p.products + p.first.product
    m_in, m_out = (at * p.products + p.moves.product for at in (p.moves.into, p.moves.out_of))
    given = np.bincount(p.delivery.warehouse * p.products + p.delivery.product, delivery, minlength=size)
    bought = np.bincount(into, weights=first, minlength=size)
    moved = moved.copy()
    for _ in range(p.warehouses if moved.any() else 0):  # warehouses that others alone supply, along a chain
        leaving = given + np.bincount(m_out, weights=moved, minlength=size)
        coming = np.bincount(m_in, weights=moved, minlength=size)
        fed = np.divide(leaving, coming, out=np.ones(size), where=(coming > 0.0) & (bought <= 0.0))
        moved *= fed[m_in]
    passed = np.bincount(m_out, weights=moved, minlength=size) - np.bincount(m_in, moved, minlength=size)
    scale = np.divide(np.maximum(given + passed, 0.0), bought, out=np.zeros(size), where=bought > 0.0)
    return np.asarray(first * scale[into], dtype=np.float64), moved


def too_small(problem: Problem, first: Floats) -> Ints:
    """The first legs that carry something, but less than their least volume."""
    least = problem.first.least
    return np.flatnonzero((first > 0.0) & (first < least * (1.0 - 1e-6)))


def checked(problem: Problem, only_co2e: bool, found: Decision, termination: Termination) -> Decision:
    """The decision with its recomputed objective and gap.

    Raises `AllocationError` where a balance or limit is broken, or the objective is not what was solved for.
    """
    faults = check(problem, found.first_units, found.delivery_units, found.is_open, found.moved_units)
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

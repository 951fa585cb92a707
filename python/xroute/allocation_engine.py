"""Decides an allocation problem: least volumes where they bind, flows made exact, every answer re-checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from xroute.allocation_check import TOLERANCE, check, objective
from xroute.allocation_limits import explain
from xroute.allocation_model import Bools, Columns, Floats, Ints, Problem, linear_model
from xroute.allocation_solver import Effort, Termination, relative_gap, solve
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


def decide(
    problem: Problem,
    effort: Effort,
    *,
    only_co2e: bool = False,
    switched: Ints | None = None,
    name_limit: Explain = explain,
) -> Decision:
    """The cheapest allocation (or, with `only_co2e`, the one that emits least), checked.

    Least volumes are enforced where a solution breaks them, then it is solved again: each round is a
    relaxation, so the last one is optimal for the whole problem. Raises `AllocationError` with the
    termination where no plan keeps the limits, naming one, and where the search ended without a plan.
    """
    chosen = np.zeros(0, dtype=np.int64) if switched is None else switched
    spent: list[Termination] = []
    for _ in range(_MOST_ROUNDS):
        solved = solve(linear_model(problem, chosen, only_co2e=only_co2e), effort)
        spent.append(solved.termination)
        if solved.values is None:
            raise _failure(problem, effort, _whole(spent), name_limit)
        first, delivery, is_open = _flows(problem, solved.values, chosen)
        small = _too_small(problem, first)
        if not len(small):
            return _checked(problem, only_co2e, (first, delivery, is_open), _whole(spent), chosen)
        if not len(np.setdiff1d(small, chosen)):
            raise InternalError("a least volume that was enforced is broken")
        chosen = np.union1d(chosen, small)
    raise InternalError(f"least volumes were not settled in {_MOST_ROUNDS} rounds")


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


def _flows(problem: Problem, values: Floats, switched: Ints) -> tuple[Floats, Floats, Bools]:
    """Units from columns, without a solver's dust: what a zone gets is what it asks, to the last bit."""
    p, columns = problem, Columns(problem=problem, switched=switched)
    is_open = np.asarray(values[columns.is_open] > 0.5, dtype=bool)
    share = np.where(is_open[p.delivery.warehouse], values[columns.delivery], 0.0)
    share[share < _NOTHING] = 0.0
    pair = p.delivery.zone * p.products + p.delivery.product
    given = np.bincount(pair, weights=share, minlength=p.demand.size)
    delivery = share / np.where(given[pair] > 0.0, given[pair], 1.0) * p.asked
    units = np.maximum(values[columns.first], 0.0) * p.unit_of[p.first.product]
    first = _matched(problem, np.where(units < 1e-7 * p.unit_of[p.first.product], 0.0, units), delivery)
    used = np.bincount(p.delivery.warehouse, weights=delivery, minlength=p.warehouses) > 0.0
    return first, delivery, is_open & (used | (p.fixed_eur <= 0.0))


def _matched(problem: Problem, first: Floats, delivery: Floats) -> Floats:
    """First legs scaled to what leaves each warehouse of each product."""
    p = problem
    size = p.warehouses * p.products
    into = p.first.warehouse * p.products + p.first.product
    leaving = np.bincount(
        p.delivery.warehouse * p.products + p.delivery.product, weights=delivery, minlength=size
    )
    coming = np.bincount(into, weights=first, minlength=size)
    scale = np.divide(leaving, coming, out=np.zeros(size), where=coming > 0.0)
    return np.asarray(first * scale[into], dtype=np.float64)


def _too_small(problem: Problem, first: Floats) -> Ints:
    """The first legs that carry something, but less than their least volume."""
    least = problem.first.least
    return np.flatnonzero((first > 0.0) & (first < least * (1.0 - 1e-6)))


def _checked(
    problem: Problem,
    only_co2e: bool,
    flows: tuple[Floats, Floats, Bools],
    termination: Termination,
    switched: Ints,
) -> Decision:
    first, delivery, is_open = flows
    faults = check(problem, first, delivery, is_open)
    found = objective(problem, first, delivery, is_open, only_co2e=only_co2e)
    slack = TOLERANCE * max(abs(found), 1.0)  # below what the solver said where an idle warehouse was closed
    if not termination.bound - slack <= found <= termination.objective + slack:
        faults.append(f"the objective is {found:.9g}, the solver says {termination.objective:.9g}")
    if faults:
        raise AllocationError(f"the answer failed its check: {'; '.join(faults)}", termination)
    gap = relative_gap(found, termination.bound)
    return Decision(
        first_units=first,
        delivery_units=delivery,
        is_open=is_open,
        termination=replace(termination, objective=found, gap=gap),
        switched=switched,
    )

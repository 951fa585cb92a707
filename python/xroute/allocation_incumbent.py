"""A plan kept at hand while a better one is looked for: what Ctrl-C gives where an answer is asked for.

HiGHS cannot be asked for what it has, so a plan is made first: by rounding the relaxed problem, or by a
search that may be 5 % off. The whole search follows; a plan that Ctrl-C cuts it short to is checked as any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from xroute.allocation_check import objective, weighed
from xroute.allocation_engine import Decision, Explain, decide
from xroute.allocation_model import Problem, linear_model
from xroute.allocation_rounding import Rounding
from xroute.allocation_rules import no_ints
from xroute.allocation_solver import Effort, relative_gap
from xroute.allocation_warm import Warm
from xroute.errors import AllocationError, InputError

_ROUGH = Effort(relative_gap=0.05, nodes=1)
_SHARES = (0.5, 0.1, 1e-6)
_LOOSE = 2.0


def chosen_search(on_interrupt: str) -> Callable[..., Decision]:
    """How to decide: "raise" where Ctrl-C raises, "incumbent" where it gives the best plan so far.

    Raises `InputError` for anything else.
    """
    ways: dict[str, Callable[..., Decision]] = {"raise": decide, "incumbent": decide_or_keep}
    if on_interrupt not in ways:
        raise InputError(f"expected 'raise' or 'incumbent', got {on_interrupt!r}", column="on_interrupt")
    return ways[on_interrupt]


def decide_or_keep(problem: Problem, effort: Effort, name_limit: Explain) -> Decision:
    """As `decide`; Ctrl-C gives the best plan so far, with the bound that is proved for it.

    Its termination says "interrupted" and is not reproducible. Raises `KeyboardInterrupt` where Ctrl-C comes
    before the first plan, and as `decide`.
    """
    kept: Decision | None = None
    try:
        kept = rounded(problem, effort) or _rough(problem)
        return decide(problem, effort, name_limit=name_limit)
    except KeyboardInterrupt:
        if kept is None:
            raise
        return interrupted(problem, kept)


def interrupted(problem: Problem, kept: Decision) -> Decision:
    """A plan as the answer of a search that was cut short."""
    value = objective(problem, kept.flows, kept.is_open)
    bound = min(kept.termination.bound, value)
    ended = replace(
        kept.termination, status="feasible", reason="interrupted", objective=value, bound=bound,
        gap=relative_gap(value, bound), reproducible=False,
    )  # fmt: skip
    return replace(kept, termination=ended)


def rounded(problem: Problem, effort: Effort) -> Decision | None:
    """The best plan of the open sets near the shares of the relaxed problem; `None` where there is none."""
    rounding = Rounding(problem=problem, effort=effort)
    if not rounding.is_possible:
        return None
    model = linear_model(problem, no_ints())
    model = replace(model, is_whole=np.zeros_like(model.is_whole))
    relaxed = Warm(model).solved(model, effort)
    if relaxed.values is None:
        return None
    columns = slice(problem.flows, problem.flows + problem.warehouses)
    kg = weighed(problem.unit_kg * rounding.units_in_one[: problem.flows], relaxed.values[: problem.flows])
    cap = min(problem.max_co2e_kg, _LOOSE * max(kg, 1.0))
    plans = [rounding.plan(relaxed.values[columns] > share, cap, anew=True) for share in _SHARES]
    known = [each.decision for each in plans if each is not None]
    if not known:
        return None
    best = min(known, key=lambda each: objective(problem, each.flows, each.is_open))
    return replace(best, termination=replace(best.termination, bound=relaxed.termination.bound))


def _rough(problem: Problem) -> Decision | None:
    try:
        return decide(problem, _ROUGH, name_limit=lambda *_: "")
    except AllocationError:
        return None

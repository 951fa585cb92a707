"""A plan for a held open set from linear programs: least volumes are settled by rounding, not by branching.

A first leg that would carry less than its least volume is either left out or held at that volume, and the
flows are decided again. The plan is checked as any other; how far it may be from the best is for a bound to
say. Neighbouring caps start from each other's rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from xroute.allocation_check import objective, weighed
from xroute.allocation_engine import Decision, checked, flows_of, too_small
from xroute.allocation_model import (
    LEAST_SCALE,
    Bools,
    Columns,
    Floats,
    Ints,
    LinearModel,
    Problem,
    linear_model,
    most_units,
)
from xroute.allocation_prices import KG_PER_T
from xroute.allocation_solver import Effort, Solved, relative_gap, solve
from xroute.allocation_warm import Warm
from xroute.errors import AllocationError

_MOST_ROUNDS = 8
_NO_CAP = 2.0
_HALF = 0.5
_DUST = 1e-7
"""The share of a column, or of a cap, that a solver does not tell from nothing."""
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """A plan under a cap, and the dual of the cap in EUR/t with what is rounded held; `None` if not known."""

    decision: Decision
    eur_per_t: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The least cost of the relaxed problem under a cap, the dual of the cap (EUR/kg), open shares, and the
    first legs that carry less than their least volume.
    """

    eur: float
    eur_per_kg: float
    share: Floats
    small: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """What is best at a carbon price (EUR/kg): open set, kg, money, and the bound on money + price x kg."""

    opened: Bools
    kg: float
    eur: float
    eur_per_kg: float
    bound: float


@dataclass(slots=True, kw_only=True)
class Rounding:
    """Plans and bounds of one problem under caps (kg CO2e): the model is laid out once."""

    problem: Problem
    effort: Effort
    left_out: Ints = field(default_factory=lambda: _NONE)
    filled: Ints = field(default_factory=lambda: _NONE)
    _model: LinearModel | None = None
    _scale: float = 1.0
    _shared: Warm | None = None
    _reach: Floats | None = None
    _warm: dict[bytes, Warm] = field(default_factory=dict)

    @property
    def is_possible(self) -> bool:
        """Whether a held open set leaves a linear program, least volumes aside."""
        p = self.problem
        return not (p.single_source or p.fees or len(p.more) or len(p.norms))

    def plan(
        self, opened: Bools, cap_kg: float, *, anew: bool = False, most_eur: float = np.inf
    ) -> Rounded | None:
        """A plan with this open set under a cap; `None` where rounding found none below `most_eur`."""
        if anew:
            self.left_out, self.filled = _NONE, _NONE
        is_cold = not len(self.left_out) and not len(self.filled)
        for _ in range(_MOST_ROUNDS):
            found = self._with(opened, cap_kg)
            if found is None and is_cold:
                self.left_out, self.filled = _NONE, _NONE
                return None
            if found is None:
                is_cold, self.left_out, self.filled = True, _NONE, _NONE
                continue
            if is_cold and found.decision.termination.bound >= most_eur:
                return None
            if not len(too_small(self.problem, found.decision.first_units)):
                return self._checked(found, cap_kg)
            self._round(found.decision.first_units)
        return None

    def _round(self, units: Floats) -> None:
        """Fills what carries half of its least volume and can carry all of it, leaves out the rest."""
        small, least = too_small(self.problem, units), self.problem.first.least
        if self._reach is None:
            self._reach = most_units(self.problem)
        can_fill = self._reach[small] >= least[small]
        is_filled = can_fill & (units[small] >= 0.5 * least[small])
        self.filled = np.union1d(self.filled, small[is_filled])
        self.left_out = np.union1d(self.left_out, small[~is_filled])

    def relaxed(self, cap_kg: float, opened: Bools | None = None) -> Relaxed | None:
        """The problem without least volumes and with shares of warehouses, or with an open set held."""
        model = self._capped(cap_kg)
        if opened is None:
            model = replace(model, is_whole=np.zeros_like(model.is_whole))
            if self._shared is None:
                self._shared = Warm(model)
            solved = self._shared.solved(model, self.effort)
        else:
            model = model.with_fixed(self._columns.is_open, opened.astype(float))
            solved = self._held(opened, model)
        if solved.values is None or solved.duals is None:
            return None
        ended = solved.termination
        return Relaxed(
            eur=min(ended.objective, ended.bound),
            eur_per_kg=self._eur_per_kg(solved),
            share=solved.values[self._columns.is_open],
            small=too_small(self.problem, solved.values[self._columns.first] * self._unit),
        )

    def priced(self, eur_per_kg: float, gap: float, opened: Bools | None = None) -> Supported | None:
        """The best plan at a carbon price without cap and least volumes, and its bound."""
        priced = replace(self.problem, carbon_price_eur_kg=eur_per_kg)
        model = linear_model(priced, _NONE)
        if opened is not None:
            model = model.with_fixed(self._columns.is_open, opened.astype(float))
        solved = solve(model, replace(self.effort, relative_gap=gap))
        if solved.values is None:
            return None
        kg = weighed(self._columns.combined(priced.unit_kg), solved.values)
        return Supported(
            opened=solved.values[self._columns.is_open] > 0.5,
            kg=kg,
            eur=solved.termination.objective - eur_per_kg * kg,
            eur_per_kg=eur_per_kg,
            bound=solved.termination.bound,
        )

    def most_at(self, cap_kg: float) -> Floats | None:
        """What each flow's column can be at most in any plan under a cap that is near the least emissions.

        A column that emits so much more than the least is as small as the cap's room over it; `None` where
        the least is not known.
        """
        p = self.problem
        model = linear_model(p, _NONE, only_co2e=True).with_fixed(
            self._columns.is_open, np.ones(p.warehouses)
        )
        solved = Warm(model).solved(model, self.effort)
        if solved.duals is None:
            return None
        r, ended = model.rows, solved.termination
        reduced = model.cost - np.bincount(r.column, r.value * solved.duals[r.row], len(model.cost))
        room = max(cap_kg * (1.0 + _DUST) - min(ended.objective, ended.bound), 0.0)
        most = np.divide(room, reduced, out=np.full(len(reduced), np.inf), where=reduced > _DUST * cap_kg)
        most[most < _DUST] = 0.0
        return np.asarray((model.lower + most)[: p.flows], dtype=np.float64)

    def start_from(self, plan: Decision) -> None:
        """Holds every least volume as a plan does: filled where it is used, left out elsewhere."""
        has_least = self.problem.first.least > 0.0
        self.filled = np.flatnonzero(has_least & (plan.first_units > 0.0))
        self.left_out = np.flatnonzero(has_least & (plan.first_units <= 0.0))

    def hold_as(self, plan: Decision) -> None:
        """Holds the least volumes that were rounded for a plan as they are in it."""
        is_filled = plan.first_units[plan.switched] > 0.0
        self.filled, self.left_out = plan.switched[is_filled], plan.switched[~is_filled]

    def whole(self, cap_kg: float, gap: float) -> tuple[Bools, float] | None:
        """The open set of the problem without least volumes, within a gap, and its bound."""
        solved = solve(self._capped(cap_kg), replace(self.effort, relative_gap=gap))
        if solved.values is None:
            return None
        return solved.values[self._columns.is_open] > 0.5, solved.termination.bound

    @property
    def units_in_one(self) -> Floats:
        """Units that 1 of each flow's column stands for."""
        return self._columns.units_in_one

    @property
    def _unit(self) -> Floats:
        return self.problem.unit_of[self.problem.first.product]

    @property
    def _columns(self) -> Columns:
        return Columns(problem=self.problem, switched=_NONE)

    def _capped(self, cap_kg: float) -> LinearModel:
        if self._model is None:
            self._model = linear_model(replace(self.problem, max_co2e_kg=cap_kg), _NONE)
            self._scale = max(cap_kg, LEAST_SCALE)
        rows = self._model.rows
        upper = rows.upper.copy()
        upper[self._model.row_at["cap"]] = cap_kg / self._scale
        return replace(self._model, rows=replace(rows, upper=upper))

    def _with(self, opened: Bools, cap_kg: float) -> Rounded | None:
        model, columns, p = self._capped(cap_kg), self._columns, self.problem
        model = model.with_fixed(columns.is_open, opened.astype(float))
        unit = p.unit_of[p.first.product]
        most, least = model.upper, model.lower
        most[self.left_out] = 0.0
        least[self.filled] = np.minimum((p.first.least / unit)[self.filled], most[self.filled])
        solved = self._held(opened, model)
        if solved.values is None or solved.duals is None:
            return None
        found = flows_of(p, solved.values, columns, may_close=False)
        return Rounded(
            decision=replace(
                found, termination=solved.termination,
                switched=np.union1d(self.left_out, self.filled).astype(np.int64),
            ),
            eur_per_t=self._eur_per_kg(solved) * KG_PER_T,
        )  # fmt: skip

    def _held(self, opened: Bools, model: LinearModel) -> Solved:
        """The model with an open set held, from where the last one with that set was left."""
        key = opened.tobytes()
        if key not in self._warm:
            plain = self._capped(self._scale).with_fixed(self._columns.is_open, opened.astype(float))
            self._warm[key] = Warm(plain)
        return self._warm[key].solved(model, self.effort)

    def _eur_per_kg(self, solved: Solved) -> float:
        if solved.duals is None or self._model is None:
            return 0.0
        return max(0.0, -float(solved.duals[self._model.row_at["cap"]]) / self._scale)

    def _checked(self, found: Rounded, cap_kg: float) -> Rounded | None:
        capped = replace(self.problem, max_co2e_kg=cap_kg)
        units = np.concatenate(found.decision.flows)
        due_eur = sum(fee.fee_eur(float(fee.use @ units[fee.flow])) for fee in capped.least_charges)
        solved = found.decision.termination  # least charges are paid on top of what was solved for
        try:
            plan = checked(
                capped, False, found.decision, replace(solved, objective=solved.objective + due_eur)
            )
        except AllocationError:
            return None
        return replace(found, decision=plan)


def by_rounding(rounding: Rounding, opened: Bools | None = None, loose_kg: float = 0.0) -> Decision | None:
    """The plan of a problem without cap where rounding proves it within the effort's gap; else `None`.

    With `opened` it is the best one of that open set. `loose_kg` is a cap that should not bind: where it does
    not, the relaxed problem under it may prove the plan without branching.
    """
    problem, gap = rounding.problem, rounding.effort.relative_gap
    if not rounding.is_possible or gap <= 0.0 or np.isfinite(problem.max_co2e_kg):
        return None
    found = None
    if loose_kg > 0.0:
        relaxed = rounding.relaxed(loose_kg, opened)
        if relaxed is not None and relaxed.eur_per_kg == 0.0:
            chosen = relaxed.share > _HALF if opened is None else opened
            found = _proved(rounding, chosen, loose_kg, relaxed.eur)
    if found is None:
        least = rounding.priced(problem.carbon_price_eur_kg, gap / 2, opened)
        if least is not None:
            found = _proved(rounding, least.opened, _NO_CAP * max(least.kg, 1.0), least.bound)
    return found


def _proved(rounding: Rounding, opened: Bools, cap_kg: float, bound: float) -> Decision | None:
    """The plan of an open set if a bound for all of them proves it within the effort's gap."""
    problem, found = rounding.problem, rounding.plan(opened, cap_kg, anew=True)
    if found is None:
        return None
    value = objective(problem, found.decision.flows, found.decision.is_open)
    gap = relative_gap(value, min(bound, value))
    if gap > rounding.effort.relative_gap:
        return None
    ended = replace(
        found.decision.termination, objective=value, bound=min(bound, value), gap=gap, status="optimal"
    )
    return replace(found.decision, termination=ended)

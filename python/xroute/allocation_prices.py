"""What the limits of a plan cost: duals with every whole decision held as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xroute.allocation_engine import Decision, tightened
from xroute.allocation_extra_rows import limit_scale
from xroute.allocation_model import LEAST_SCALE, Columns, Floats, Problem, linear_model
from xroute.allocation_solver import Effort, solve
from xroute.errors import AllocationError

KG_PER_T = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money that one unit more of each limit saves a month; 0 where a limit does not bind.

    `co2e_eur_per_t` is for the cap (NaN without one), `capacity_eur_per_m3` for each warehouse, `limit_eur`
    for each named limit in its own unit (negative where a least amount binds: more of it costs).
    """

    co2e_eur_per_t: float
    capacity_eur_per_m3: Floats
    limit_eur: Floats


def prices(problem: Problem, decision: Decision, effort: Effort) -> Prices:
    """The prices of a plan's limits with its open warehouses, sources, bands and full loads held.

    Raises `AllocationError` where the held plan cannot be solved again.
    """
    p = tightened(problem, decision.tangents, decision.charged)
    columns = Columns(problem=p, switched=decision.switched)
    model = linear_model(p, decision.switched)
    held = solve(model.with_fixed(columns.whole, _held(columns, decision)), effort)
    if held.duals is None:
        raise AllocationError("the plan has no prices: held as it is, it was not solved", held.termination)
    at, duals = model.row_at, -held.duals
    limited = np.flatnonzero(np.isfinite(problem.capacity_m3))
    capacity = np.zeros(problem.warehouses)
    room = duals[at["capacity"] : at["capacity"] + len(limited)]
    capacity[limited] = room / np.maximum(problem.capacity_m3[limited], LEAST_SCALE)
    named = np.zeros(0)
    if "limits" in at:
        named = duals[at["limits"] : at["limits"] + len(problem.limits)] / limit_scale(columns, p.limits)
    cap = np.nan
    if "cap" in at:
        cap = float(duals[at["cap"]]) / max(problem.max_co2e_kg, LEAST_SCALE) * KG_PER_T
    return Prices(co2e_eur_per_t=cap, capacity_eur_per_m3=capacity, limit_eur=named)


def _held(columns: Columns, decision: Decision) -> Floats:
    """The whole decisions of a plan in the order of the model's whole columns."""
    p = columns.problem
    source = np.zeros(len(columns.sources))
    if p.single_source:
        source[np.searchsorted(columns.sources, columns.source_of[decision.delivery_units > 0.0])] = 1.0
    used = decision.first_units[columns.switched] > 0.0
    counted = decision.more_units[p.more.is_whole]
    whole = [decision.is_open, source, _bands(columns, decision), used, counted]
    return np.concatenate(whole).astype(np.float64)


def _bands(columns: Columns, decision: Decision) -> Floats:
    """Which band of each tiered fee a plan is in: the cheapest that holds its amount."""
    units = np.concatenate(decision.flows)
    chosen: list[Floats] = []
    for fee in columns.problem.fees:
        amount, band = float(fee.use @ units[fee.flow]), np.zeros(len(fee.start))
        is_due = bool(decision.is_open[fee.site]) if fee.site >= 0 else amount > 1e-9
        if is_due:
            base, price = fee.lines()
            slack = 1e-6 * max(amount, 1.0)
            is_held = (fee.start <= amount + slack) & (amount <= np.append(fee.start[1:], np.inf) + slack)
            band[int(np.argmin(np.where(is_held, base + price * amount, np.inf)))] = 1.0
        chosen.append(band)
    return np.concatenate(chosen) if chosen else np.zeros(0)

"""What a search for facilities leaves open, closed by branch and bound: HiGHS through OR-Tools, from sparse
arrays."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute.allocation_model import LinearModel
from xroute.allocation_rules import Rows
from xroute.allocation_solver import Effort, Solved, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_ROUNDS = 12
VIOLATED = 1e-4
LANES_OF_A_CUSTOMER = 8
LIKELY = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """A facility location problem as the core reads it; costs are of all of a customer, infinite for no
    lane."""

    cost: Floats
    capacity: Ints
    fixed_cost: Floats
    demand: Ints
    is_single: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The lanes and facilities that a model has, out of all; `must` marks facilities that are open."""

    facility: Ints
    customer: Ints
    sites: Ints
    must: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Flows of the best answer (facility, customer, units) or `None`, a bound, and how the solves ended."""

    flows: tuple[Ints, Ints, Ints] | None
    bound: float
    reason: str
    is_infeasible: bool
    reproducible: bool


def all_lanes(sites: Sites, found: dict[str, Any], upper: float) -> Lanes:
    """Every lane that an answer cheaper than `upper` may use.

    A single-source lane is left out where the bound with it is not below `upper`.
    """
    usable = np.isfinite(sites.cost) & (found["fate"] != 0)[:, None]
    if sites.is_single:
        usable &= sites.demand[None, :] <= sites.capacity[:, None]
        if np.isfinite(upper):
            usable &= lane_bounds(sites, found) < upper * (1.0 - 1e-10)
    return _lanes(usable, found["fate"])


def likely_lanes(sites: Sites, found: dict[str, Any], whole: Lanes) -> Lanes:
    """The likeliest lanes of each customer, from facilities that are open on average or in the best answer,
    which is among them.
    """
    usable = np.zeros(sites.cost.shape, dtype=bool)
    usable[whole.facility, whole.customer] = True
    likely = found["share"] > LIKELY
    if "facility" in found:
        likely[np.unique(found["facility"])] = True
    reduced = np.where(usable & likely[:, None], _dearer(sites, found), np.inf)
    kept = min(LANES_OF_A_CUSTOMER, len(reduced)) - 1
    usable &= (reduced <= np.partition(reduced, kept, axis=0)[kept]) & likely[:, None]
    if "facility" in found:
        usable[found["facility"], found["customer"]] = True
    return _lanes(usable, found["fate"])


def lane_bounds(sites: Sites, found: dict[str, Any]) -> Floats:
    """What an answer costs at least that uses a lane: the bound with its facility open, and what the lane
    adds to it. (facilities, customers), in the unit of costs.
    """
    with np.errstate(invalid="ignore"):
        added = np.maximum(_dearer(sites, found), 0.0)
    return np.asarray(found["if_open"][:, None] + added, dtype=np.float64)


def _dearer(sites: Sites, found: dict[str, Any]) -> Floats:
    """By how much lanes are dearer than the bound: what a facility's knapsack loses with the customer in
    it (`drops`), else the reduced cost.
    """
    if "drops" in found:
        return np.asarray(found["drops"].reshape(sites.cost.shape), dtype=np.float64)
    return reduced_costs(sites, found)


def reduced_costs(sites: Sites, found: dict[str, Any]) -> Floats:
    """Of each lane, at the prices of the bound."""
    scarce = found["scarcity"][:, None] * sites.demand[None, :]
    return np.asarray(sites.cost - found["price"][None, :] + scarce, dtype=np.float64)


def _lanes(usable: Bools, fate: Ints) -> Lanes:
    sites = np.flatnonzero(usable.any(axis=1) | (fate == 1))
    facility, customer = np.nonzero(usable)
    return Lanes(facility=facility, customer=customer, sites=sites, must=fate[sites] == 1)


def close(sites: Sites, found: dict[str, Any], lanes: Lanes, effort: Effort, *, guess: Bools) -> Closed:
    """Solves the problem on these lanes; `guess` marks lanes whose row `x <= y` is there from the start.

    Other such rows are added where a relaxed solution breaks them.
    """
    ends = None if effort.time_limit_s is None else time.monotonic() + effort.time_limit_s
    tied = guess & ~lanes.must[np.searchsorted(lanes.sites, lanes.facility)]
    has_clock = False
    for _ in range(MOST_ROUNDS):
        relaxed = solve(model(sites, lanes, tied, is_whole=False), _left(effort, ends))
        if relaxed.values is None:
            if relaxed.termination.status == "infeasible":
                return Closed(
                    flows=None, bound=np.inf, reason="infeasible", is_infeasible=True, reproducible=True
                )
            has_clock = True
            break
        x, y = relaxed.values[: len(lanes.facility)], relaxed.values[len(lanes.facility) :]
        over = x - y[np.searchsorted(lanes.sites, lanes.facility)] > VIOLATED
        if not (over & ~tied).any():
            break
        tied |= over
    ended = solve(model(sites, lanes, tied, is_whole=True), _left(effort, ends))
    return replace(
        _closed(sites, lanes, ended), reproducible=not has_clock and ended.termination.reproducible
    )


def _left(effort: Effort, ends: float | None) -> Effort:
    if ends is None:
        return effort
    return replace(effort, time_limit_s=max(0.1, ends - time.monotonic()))


def _closed(sites: Sites, lanes: Lanes, ended: Solved) -> Closed:
    status, bound = ended.termination.status, ended.termination.bound
    flows = None
    if ended.values is not None:
        share = ended.values[: len(lanes.facility)]
        kept = np.flatnonzero(share > (0.5 if sites.is_single else 1e-9))
        flows = lanes.facility[kept], lanes.customer[kept], sites.demand[lanes.customer[kept]]
    return Closed(
        flows=flows,
        bound=np.inf if status == "infeasible" else bound if np.isfinite(bound) else -np.inf,
        reason=ended.termination.reason,
        is_infeasible=status == "infeasible",
        reproducible=ended.termination.reproducible,
    )


def model(sites: Sites, lanes: Lanes, tied: Bools, *, is_whole: bool) -> LinearModel:
    """Columns: the share of a customer on each lane, then each facility; rows: customers, capacities, all
    demand in open capacity, and `x <= y` for the lanes that are `tied`.
    """
    count, houses = len(lanes.facility), len(lanes.sites)
    at = np.searchsorted(lanes.sites, lanes.facility)
    capacity, need = sites.capacity[lanes.sites].astype(np.float64), float(sites.demand.sum())
    held = np.minimum(capacity, need)
    scale = np.maximum(held, 1.0)
    strong = np.flatnonzero(tied)
    customers = sites.cost.shape[1]
    starts = np.array([customers, customers + houses, customers + houses + 1])
    rows = [lanes.customer, customers + at, customers + np.arange(houses), np.full(houses, starts[1])]
    columns = [np.arange(count), np.arange(count), count + np.arange(houses), count + np.arange(houses)]
    values = [np.ones(count), sites.demand[lanes.customer] / scale[at], -held / scale, held / max(need, 1.0)]
    rows += [starts[2] + np.arange(len(strong))] * 2
    columns += [strong, count + at[strong]]
    values += [np.ones(len(strong)), -np.ones(len(strong))]
    lower = np.concatenate([np.ones(customers), np.full(houses, -np.inf), [1.0 if need else 0.0]])
    upper = np.concatenate([np.ones(customers), np.zeros(houses), [np.inf]])
    row, column, value = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    order = np.lexsort((column, row))
    order = order[value[order] != 0.0]
    whole_lanes = np.full(count, sites.is_single and is_whole)
    return LinearModel(
        cost=np.concatenate([sites.cost[lanes.facility, lanes.customer], sites.fixed_cost[lanes.sites]]),
        lower=np.concatenate([np.zeros(count), lanes.must.astype(np.float64)]),
        upper=np.ones(count + houses),
        is_whole=np.concatenate([whole_lanes, np.full(houses, is_whole)]),
        rows=Rows(
            row=row[order],
            column=column[order],
            value=value[order],
            lower=np.concatenate([lower, np.full(len(strong), -np.inf)]),
            upper=np.concatenate([upper, np.zeros(len(strong))]),
        ),
    )

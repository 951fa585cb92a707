"""A single-source answer made cheaper, neighbourhood by neighbourhood, each solved by branch and bound.

A neighbourhood is a few open facilities whose customers could change places, some closed ones that might
take over, and the customers that the open ones serve; everything else stays as it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xroute.allocation_facility import Lanes, Sites, model
from xroute.allocation_model import LinearModel
from xroute.allocation_solver import Effort, Solved, solve_each

Ints = NDArray[np.int64]

LANES, MOST_LANES = 700, 1400
"""About how many lanes the smallest neighbourhood has; and how many any may have: beyond, customers stay."""
LEAST_OPEN = 4
"""Open facilities of a neighbourhood at least, where there are so many."""
CLOSED = 0.5
"""Closed facilities of a neighbourhood, as a share of its open ones."""
SEEDS_LOOKED_AT = 32
"""Seeds that are tried for a second neighbourhood without an open facility of the first."""
NODES = 300
SMALLER = 1e-9


@dataclass(slots=True, kw_only=True)
class Improved:
    """Who serves each customer, whether a clock ended the search, and how many neighbourhoods were solved."""

    house: Ints
    reproducible: bool
    solved: int


def improve(sites: Sites, house: Ints, effort: Effort, ends: float | None) -> Improved:
    """The answer after every open facility's neighbourhood was solved since a neighbour of it last changed.

    Two neighbourhoods without a common facility are solved at a time, whatever the number of cores. Raises
    `KeyboardInterrupt` from Ctrl-C.
    """
    best = Improved(house=house.copy(), reproducible=True, solved=0)
    for size in _sizes(sites, house):
        stale: set[int] = set()
        while True:
            fresh = [int(each) for each in np.unique(best.house) if int(each) not in stale]
            if not fresh:
                break
            left = None if ends is None else ends - time.monotonic()
            if left is not None and left <= 0.2:
                best.reproducible = False
                return best
            limited = Effort(
                relative_gap=effort.relative_gap, nodes=NODES, seed=effort.seed, time_limit_s=left
            )
            parts = _parts(sites, best.house, fresh, size)
            solved = solve_each([part.model for part in parts], limited)
            for part, ended in zip(parts, solved, strict=True):
                best.solved += 1
                best.reproducible = best.reproducible and ended.termination.reproducible
                changed = _taken(sites, best, part, ended)
                stale = (stale - set(changed.tolist())) | {part.seed}
    return best


def _sizes(sites: Sites, house: Ints) -> list[int]:
    """Open facilities of a neighbourhood: fewer first, then more."""
    opened = len(np.unique(house))
    customers = max(1.0, len(house) / opened)
    size = max(LEAST_OPEN, int(np.sqrt(LANES / (customers * (1.0 + CLOSED)))))
    return sorted({min(opened, size), min(opened, size + size // 2), min(opened, 2 * size)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A neighbourhood: its facilities and customers by row, its lanes by position among these."""

    seed: int
    rows: Ints
    customers: Ints
    lanes: Lanes
    model: LinearModel


def _parts(sites: Sites, house: Ints, seeds: list[int], size: int) -> list[_Part]:
    """The neighbourhood of the first seed, and that of the next seed whose open facilities are others.

    A closed facility that both would try stays with the first.
    """
    opened, first = np.unique(house), _facilities(sites, house, seeds[0], size)
    chosen = [(seeds[0], first)]
    for seed in seeds[1 : 1 + SEEDS_LOOKED_AT]:
        rows = _facilities(sites, house, seed, size)
        if not np.isin(np.intersect1d(rows, opened), first).any():
            chosen.append((seed, np.setdiff1d(rows, first)))
            break
    return [_part(sites, house, seed, rows) for seed, rows in chosen]


def _part(sites: Sites, house: Ints, seed: int, rows: Ints) -> _Part:
    """The customers of these facilities that a change of place costs least, so many that lanes are few."""
    own = np.flatnonzero(np.isin(house, rows))
    away = sites.cost[np.ix_(rows, own)] - sites.cost[house[own], own][None, :]
    away[rows[:, None] == house[own][None, :]] = np.inf
    customers = np.sort(own[np.argsort(away.min(axis=0), kind="stable")[: max(1, MOST_LANES // len(rows))]])
    staying = np.setdiff1d(own, customers)
    held = np.bincount(house[staying], sites.demand[staying], len(sites.capacity))[rows].astype(np.int64)
    must = np.isin(rows, house[staying])
    cost = sites.cost[np.ix_(rows, customers)]
    part = Sites(
        cost=cost, capacity=sites.capacity[rows] - held, fixed_cost=sites.fixed_cost[rows],
        demand=sites.demand[customers], is_single=True,
    )  # fmt: skip
    usable = np.isfinite(cost) & (part.demand[None, :] <= part.capacity[:, None])
    facility, customer = np.nonzero(usable)
    lanes = Lanes(facility=facility, customer=customer, sites=np.arange(len(rows)), must=must)
    made = model(part, lanes, ~must[facility], is_whole=True)
    return _Part(seed=seed, rows=rows, customers=customers, lanes=lanes, model=made)


def _taken(sites: Sites, best: Improved, part: _Part, ended: Solved) -> Ints:
    """Takes a cheaper answer over; gives the facilities of the neighbourhood if it changed, else none."""
    if ended.values is None:
        return np.zeros(0, dtype=np.int64)
    lanes = part.lanes
    kept: Ints = np.flatnonzero(ended.values[: len(lanes.facility)] > 0.5)
    house = best.house.copy()
    house[part.customers[lanes.customer[kept]]] = part.rows[lanes.facility[kept]]
    before, after = total(sites, best.house), total(sites, house)
    if len(kept) != len(part.customers) or after >= before * (1.0 - SMALLER) or not _fits(sites, house):
        return np.zeros(0, dtype=np.int64)
    best.house = house
    return part.rows


def _facilities(sites: Sites, house: Ints, seed: int, size: int) -> Ints:
    """The seed, the open facilities that its customers would go to at least cost, and likewise closed."""
    own = np.flatnonzero(house == seed)
    opened = np.unique(house)
    away = sites.cost[:, own] - sites.cost[seed, own][None, :]
    far = np.where(np.isfinite(away), away, np.nan)
    dear = np.nan_to_num(np.nanmean(far, axis=1), nan=np.inf) if np.isfinite(far).any() else away[:, 0]
    near = opened[np.argsort(np.where(opened == seed, -np.inf, dear[opened]), kind="stable")][:size]
    group = np.flatnonzero(np.isin(house, near))
    saved = np.maximum(sites.cost[house[group], group][None, :] - sites.cost[:, group], 0.0).sum(axis=1)
    net = sites.fixed_cost - saved
    net[opened] = np.inf
    closed = np.argsort(net, kind="stable")[: max(1, int(CLOSED * size))]
    return np.sort(np.concatenate([near, closed[np.isfinite(net[closed])]]))


def _fits(sites: Sites, house: Ints) -> bool:
    held = np.bincount(house, sites.demand.astype(np.float64), len(sites.capacity))
    return bool((held <= sites.capacity).all())


def total(sites: Sites, house: Ints) -> float:
    """Service and fixed cost of an assignment."""
    service = float(sites.cost[house, np.arange(len(house))].sum())
    return service + float(sites.fixed_cost[np.unique(house)].sum())

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
from xroute.allocation_solver import Effort, solve

Ints = NDArray[np.int64]

LANES = 700
"""About how many lanes a neighbourhood has."""
CLOSED = 0.5
"""Closed facilities of a neighbourhood, as a share of its open ones."""
NODES = 300
SMALLER = 1e-9


@dataclass(slots=True, kw_only=True)
class Improved:
    """Who serves each customer, whether a clock ended the search, and how many neighbourhoods were solved."""

    house: Ints
    reproducible: bool
    solved: int


def improve(sites: Sites, house: Ints, effort: Effort, ends: float | None) -> Improved:
    """The answer after every open facility's neighbourhood was solved without finding a cheaper one.

    Raises `KeyboardInterrupt` from Ctrl-C.
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
            changed = _solve_around(sites, best, fresh[0], size, limited)
            stale = stale - set(changed.tolist()) if len(changed) else stale | {fresh[0]}
    return best


def _sizes(sites: Sites, house: Ints) -> list[int]:
    """Open facilities of a neighbourhood: fewer first, then more."""
    opened = len(np.unique(house))
    customers = max(1.0, len(house) / opened)
    size = max(2, int(np.sqrt(LANES / (customers * (1.0 + CLOSED)))))
    return sorted({min(opened, size), min(opened, size + size // 2), min(opened, 2 * size)})


def _solve_around(sites: Sites, best: Improved, seed: int, size: int, effort: Effort) -> Ints:
    """Solves one neighbourhood; gives the facilities whose customers changed, none where nothing did."""
    rows = _facilities(sites, best.house, seed, size)
    customers = np.flatnonzero(np.isin(best.house, rows))
    cost = sites.cost[np.ix_(rows, customers)]
    part = Sites(
        cost=cost, capacity=sites.capacity[rows], fixed_cost=sites.fixed_cost[rows],
        demand=sites.demand[customers], is_single=True,
    )  # fmt: skip
    usable = np.isfinite(cost) & (part.demand[None, :] <= part.capacity[:, None])
    facility, customer = np.nonzero(usable)
    lanes = Lanes(
        facility=facility, customer=customer, sites=np.arange(len(rows)), must=np.zeros(len(rows), dtype=bool)
    )
    ended = solve(model(part, lanes, np.ones(len(facility), dtype=bool), is_whole=True), effort)
    best.solved += 1
    best.reproducible = best.reproducible and ended.termination.reproducible
    if ended.values is None:
        return np.zeros(0, dtype=np.int64)
    kept = np.flatnonzero(ended.values[: len(facility)] > 0.5)
    house = best.house.copy()
    house[customers[customer[kept]]] = rows[facility[kept]]
    before, after = total(sites, best.house), total(sites, house)
    if len(kept) != len(customers) or after >= before * (1.0 - SMALLER) or not _fits(sites, house):
        return np.zeros(0, dtype=np.int64)
    moved = np.flatnonzero(house != best.house)
    changed = np.union1d(house[moved], best.house[moved])
    best.house = house
    return np.asarray(np.union1d(changed, rows), dtype=np.int64)


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

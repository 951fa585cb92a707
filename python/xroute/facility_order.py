"""An order of facilities and customers by their numbers alone, so that shuffled rows are solved alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute.allocation_facility import Sites
from xroute.facility_search import Found

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

ROUNDS = 2
ODD, OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
SHIFT = np.uint64(31)


def ordered(sites: Sites) -> tuple[Sites, Ints, Ints]:
    """The problem in the order of its numbers, and where its facilities and customers stood before.

    Each facility has a key that mixes its amounts with a sum over its customers' costs and keys, and each
    customer likewise, two times over: sums do not depend on order, so a shuffle changes no key. Those with
    equal keys (twins in all numbers, but for a chance of one in 2**64) keep the order they came in.
    """
    house = _mixed(_mixed(_bits(sites.capacity)) + _bits(sites.fixed_cost))
    zone = _mixed(_bits(sites.demand))
    for _ in range(ROUNDS):
        house, zone = _refined(sites, house, zone)
    rows = np.lexsort((house, sites.capacity, sites.fixed_cost))
    columns = np.lexsort((zone, sites.demand))
    arranged = replace(
        sites,
        cost=np.ascontiguousarray(sites.cost[np.ix_(rows, columns)]),
        capacity=np.ascontiguousarray(sites.capacity[rows]),
        fixed_cost=np.ascontiguousarray(sites.fixed_cost[rows]),
        demand=np.ascontiguousarray(sites.demand[columns]),
    )
    return arranged, rows, columns


def joined(sites: Sites, found: Found) -> Found:
    """The same, with customers of no demand at a facility that carries goods unless that costs more."""
    busy = np.unique(found.facility[found.units > 0])
    idle = np.flatnonzero(found.units == 0)
    if not len(busy) or not len(idle):
        return found
    cost = sites.cost[np.ix_(busy, found.customer[idle])]
    moved = cost.min(axis=0) <= sites.cost[found.facility[idle], found.customer[idle]]
    facility = found.facility.copy()
    facility[idle[moved]] = busy[cost.argmin(axis=0)[moved]]
    return replace(found, facility=facility)


def as_before(found: Found, rows: Ints, columns: Ints) -> Found:
    """An answer of the ordered problem in the order it was given in, by facility and customer."""
    facility, customer = rows[found.facility], columns[found.customer]
    order = np.lexsort((customer, facility))
    return replace(found, facility=facility[order], customer=customer[order], units=found.units[order])


def _refined(sites: Sites, house: Keys, zone: Keys) -> tuple[Keys, Keys]:
    """Keys that also hold the costs and the keys of the other side, one row at a time."""
    of_zones, of_houses = np.zeros_like(zone), np.empty_like(house)
    for row, cost in enumerate(sites.cost):
        mixed = _mixed(_bits(cost))
        of_houses[row] = _mixed(mixed + zone).sum(dtype=np.uint64)
        of_zones += _mixed(mixed + house[row])
    return _mixed(house + of_houses), _mixed(zone + of_zones)


def _bits(values: NDArray[Any]) -> Keys:
    """The bits of each number, zero and minus zero alike."""
    whole = values if values.dtype.kind == "i" else values + 0.0
    return np.ascontiguousarray(whole).view(np.uint64)


def _mixed(keys: Keys) -> Keys:
    """Scrambled keys: equal ones stay equal, unequal ones unequal."""
    keys = (keys ^ (keys >> SHIFT)) * ODD
    keys = (keys ^ (keys >> SHIFT)) * OTHER
    return np.asarray(keys ^ (keys >> SHIFT), dtype=np.uint64)

"""Which shipments a second load can win: none where every price of it is higher than that of the first."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from xroute import processes
from xroute._core import MODES
from xroute.batch_paths import Integers, Numbers
from xroute.batch_prices import Prices
from xroute.terms import Terms

Flags = NDArray[np.bool_]


def may_win(first: tuple[Terms, Prices], second: tuple[Terms, Prices]) -> Flags:
    """Whether the second load may give shipments (n,) a better route by cost.

    It cannot where no leg of it is cheaper, from the change of vehicle that starts the leg on: then the first
    load costs no more on every route, and takes as long. (Inside a band a route that was found for the second
    load may by chance suit a row better than that of the first; it is not looked for.)
    """
    mine, theirs = first[1], second[1]
    if first[0].rate_ids:
        return np.ones(len(mine.mass_t), dtype=bool)
    more, at_end = _more_at_starts(first[0], mine, theirs)
    is_lower = (more < 0.0).any(axis=1) | (at_end < 0.0)
    for name in ("per_km", "border"):
        is_lower |= (getattr(theirs, name) < getattr(mine, name)).any(axis=1)
    return np.asarray(is_lower, dtype=bool)


def _more_at_starts(terms: Terms, mine: Prices, theirs: Prices) -> tuple[Numbers, Numbers]:
    """EUR by which a leg's start is dearer for the second, at least: (n, modes); and a trip's end: (n,)."""
    more = theirs.load_fixed - mine.load_fixed
    of_class = theirs.service_fixed - mine.service_fixed
    for nth, (mode, _) in enumerate(terms.classes):
        at = MODES.index(mode)
        more[:, at] = np.minimum(more[:, at], of_class[:, nth])
    least = np.zeros((len(more), len(MODES) + 1))  # a hub with terms of its own charges both the same
    handling = _handling(theirs) - _handling(mine)
    for nth, to in enumerate(_changes()[0].tolist()):
        least[:, to] = np.minimum(least[:, to], handling[:, nth])
    return more + least[:, :-1], least[:, -1]


def _handling(prices: Prices) -> Numbers:
    """EUR of every distinct change of vehicle, by shipment."""
    _, lcl_eur, fcl_eur, air_eur_kg, least_eur = _changes()
    per_unit = fcl_eur if prices.is_full else lcl_eur
    eur = np.maximum(prices.surface[:, None] * per_unit + prices.air_kg[:, None] * air_eur_kg, least_eur)
    return np.nan_to_num(eur)  # where there is no charge, a change is free


@cache
def _changes() -> tuple[Integers, Numbers, Numbers, Numbers, Numbers]:
    """Distinct changes: the mode that they lead to (one past the last: the door), and their charges in EUR.

    By revenue tonne of a part load, by full unit, by kg of air freight, and the least.
    """
    numbers = processes.shipped().numbers
    names = ("lcl_eur_per_rt", "fcl_eur_per_unit", "air_eur_per_kg", "minimum_eur")
    columns = [np.nan_to_num(numbers[name], nan=-1.0) for name in names]
    to = np.broadcast_to(np.arange(columns[0].shape[2], dtype=np.float64), columns[0].shape)
    each = np.unique(np.stack([column.ravel() for column in (to, *columns)]), axis=1)
    leads_to = each[0].astype(np.int64)
    each[each < 0.0] = np.nan
    return leads_to, each[1], each[2], each[3], each[4]

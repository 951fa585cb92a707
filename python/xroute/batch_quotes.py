"""Quotes of many shipments on routes that were found for their profile: exact for each shipment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from xroute._core import HUB_KINDS, MODES
from xroute.batch_paths import Facts, Integers, Numbers, Paths
from xroute.batch_prices import Prices

_ROAD, _JUNCTION = MODES.index("road"), HUB_KINDS.index("junction")


@dataclass(frozen=True, slots=True)
class Quotes:
    """Answers for so many shipments: EUR without customs, seconds, metres, kg CO2e; -1 seconds: no route.

    `key` is what loads are compared by: EUR for cost, else the minimised quantity of the core.
    """

    key: Numbers
    cost_eur: Numbers
    time_s: Integers
    distance_m: Integers
    wtt_co2e_kg: Numbers
    ttw_co2e_kg: Numbers
    chain: NDArray[np.object_]

    @property
    def is_found(self) -> NDArray[np.bool_]:
        """Whether there is a route, by shipment."""
        return self.time_s >= 0

    def of(self, shipments: Integers) -> Quotes:
        """The quotes of some shipments."""
        return Quotes(**{each.name: getattr(self, each.name)[shipments] for each in fields(self)})

    def replaced(self, shipments: Integers, others: Quotes) -> Quotes:
        """These quotes, and others for some of the shipments."""
        columns = {each.name: getattr(self, each.name).copy() for each in fields(self)}
        for name, column in columns.items():
            column[shipments] = getattr(others, name)
        return Quotes(**columns)


def quote(
    facts: Facts, paths: Paths, at: Integers, prices: Prices, *, unit_eur: float, by_cost: bool
) -> Quotes:
    """Quotes the shipments of `prices` on the paths `at` (n,).

    Money is rounded step by step to `unit_eur`, as searches add it, so that a quote equals that of a route
    along the same path which was found for the shipment itself.
    """
    money = _links(facts, paths, at, prices, unit_eur)
    money += _services(paths, at, prices, unit_eur)
    money += _stops(paths, at, prices, unit_eur)
    mass_t = prices.mass_t
    cost = money * unit_eur
    return Quotes(
        key=cost if by_cost else paths.money_key[at].astype(np.float64),
        cost_eur=cost,
        time_s=paths.time_s[at],
        distance_m=paths.distance_m[at],
        wtt_co2e_kg=mass_t * paths.wtt_kg_t[at],
        ttw_co2e_kg=mass_t * paths.ttw_kg_t[at],
        chain=paths.chain[at],
    )


def better(mine: Quotes, theirs: Quotes) -> NDArray[np.bool_]:
    """Where the second quotes win: lower in the key, then faster, or the only route."""
    is_lower = (theirs.key < mine.key) | ((theirs.key == mine.key) & (theirs.time_s < mine.time_s))
    return np.asarray(theirs.is_found & (~mine.is_found | is_lower))


def _summed(owner: Integers, eur: Numbers, unit_eur: float, count: int) -> Numbers:
    """Whole units of money by owner; sums of whole numbers are exact in float64."""
    units = np.floor(eur / unit_eur + 0.5)
    return np.bincount(owner, weights=units, minlength=count).astype(np.float64)


def _links(facts: Facts, paths: Paths, at: Integers, prices: Prices, unit_eur: float) -> Numbers:
    owner, item = paths.links.of(at)
    link = paths.link[item]
    number = facts.link_class[link]
    eur = prices.per_km[owner, number] * facts.link_km[link]
    eur += facts.link_borders[link] * prices.border[owner, number]
    return _summed(owner, eur, unit_eur, len(at))


def _services(paths: Paths, at: Integers, prices: Prices, unit_eur: float) -> Numbers:
    owner, item = paths.services.of(at)
    number, rate = (paths.service[item, column].astype(np.int64) for column in (0, 1))
    km = paths.service[item, 2]
    eur = prices.service_fixed[owner, number] + prices.per_km[owner, number] * km
    rated = np.flatnonzero(rate >= 0)
    if len(rated):
        picked = owner[rated], rate[rated]
        by_rate = prices.rate_fixed[picked] + prices.rate_per_km[picked] * km[rated]
        eur[rated] = np.maximum(by_rate, prices.rate_minimum[picked])
    return _summed(owner, eur, unit_eur, len(at))


def _stops(paths: Paths, at: Integers, prices: Prices, unit_eur: float) -> Numbers:
    owner, item = paths.stops.of(at)
    kind, source, target, loaded, boards = paths.stop[item].T
    handling = prices.handling_eur(owner, kind, source, target)
    own = paths.own[item]
    has_own = ~np.isnan(own[:, 0])
    handling = np.where(has_own, own[:, 0] + own[:, 1] * prices.mass_t[owner], handling)
    fixed = np.where(loaded >= 0, prices.load_fixed[owner, np.maximum(loaded, 0)], 0.0)
    lorry = np.where(boards > 0, prices.load_fixed[owner, _ROAD], 0.0)
    is_free = np.isnan(handling) | (kind == _JUNCTION)
    return _summed(owner, np.where(is_free, 0.0, handling + (fixed + lorry)), unit_eur, len(at))

"""Routes that differ in a way that a planner cares about, the best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import cos, hypot, radians
from typing import TYPE_CHECKING

import numpy as np

from xroute.compare import with_prices
from xroute.errors import InputError
from xroute.route import Route
from xroute.scenario import Scenario
from xroute.shipment import Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.table import Table

SEARCHES_A_ROUTE = 16
LEAST_SHARE = 0.1
_KM_A_DEGREE = 111.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A route, what it avoids of those before it, and what it saves against its neighbour.

    The neighbour of a day is the next cheaper alternative that is slower; of a kilogram, the next cheaper
    one that emits more; `None` where there is none. `overlap` is the largest share of its kilometres that
    it has in common with an alternative before it, from 0 to 1.
    """

    route: Route
    avoids: tuple[str, ...]
    overlap: float
    eur_per_saved_day: float | None
    eur_per_saved_kg: float | None


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """Routes in order of what was minimised. `is_complete` is false when the most searches ended the hunt."""

    options: tuple[Alternative, ...]
    minimise: str
    is_complete: bool
    searches: int

    def __len__(self) -> int:
        return len(self.options)

    def __iter__(self) -> Iterator[Alternative]:
        return iter(self.options)

    def __getitem__(self, at: int) -> Alternative:
        return self.options[at]

    def table(self) -> Table:
        """One row an alternative."""
        from xroute.table import Table

        def numbers(values: Iterator[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

        return Table(
            {
                "mode_chain": [option.route.mode_chain for option in self],
                "passages": [";".join(option.route.passages) for option in self],
                "avoids": [";".join(option.avoids) for option in self],
                "load": [option.route.load for option in self],
                "cost_eur": numbers(option.route.cost_eur for option in self),
                "duration_h": numbers(option.route.duration_h for option in self),
                "wtw_co2e_kg": numbers(option.route.footprint.wtw_co2e_kg for option in self),
                "overlap": numbers(option.overlap for option in self),
                "eur_per_saved_day": numbers(option.eur_per_saved_day for option in self),
                "eur_per_saved_kg": numbers(option.eur_per_saved_kg for option in self),
            }
        )


def alternatives(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    k: int,
    minimise: str,
    max_overlap: float,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> Alternatives | None:
    """At most `k` routes between two hub rows; `None` where there is none.

    Each is the best route that avoids something (a mode, a passage, a carrier, a country of transit) of
    those before it; what is avoided is taken in the order of the routes that are left. A route that is too
    near to one before it, or that comes to a hub twice, is no alternative, and only what is new on it is
    avoided further. Raises `InputError`.
    """
    if type(k) is not int or k < 1:
        raise InputError(f"expected a whole number of at least 1, got {k!r}", column="k")
    if isinstance(max_overlap, bool) or not 0 <= max_overlap <= 1:
        raise InputError(f"expected a share from 0 to 1, got {max_overlap!r}", column="max_overlap")
    given = (avoid,) if isinstance(avoid, str) else tuple(avoid)
    carriers = dict(zip(net.service_ids, net.core.table("services")["carrier"], strict=True))
    queue: list[tuple[tuple[float, int], tuple[str, ...], Route]] = []
    seen: set[tuple[str, ...]] = set()
    kept: list[tuple[Route, tuple[str, ...], float]] = []
    most_searches = SEARCHES_A_ROUTE * k
    known: set[str] = set()

    def look(avoided: tuple[str, ...]) -> None:
        seen.add(avoided)
        found = net.best(ends, shipment, minimise, scenario, modes, (*given, *avoided))
        if found is not None:
            heappush(queue, (found[0], avoided, net.read(found[1], found[2], ends, scenario)))

    look(())
    while queue and len(kept) < k and len(seen) < most_searches:
        _, avoided, route = heappop(queue)
        overlap = max((_overlap(route, other) for other, *_ in kept), default=0.0)
        traits = _traits(net, route, carriers)
        is_other = overlap <= max_overlap and all(
            traits != _traits(net, other, carriers) for other, *_ in kept
        )
        here = {trait for group in traits for trait in group}
        if not kept or (is_other and _is_loopless(route)):
            kept.append((route, avoided, overlap))
        else:
            here -= known
        known |= here
        for trait in sorted(here):
            child = tuple(sorted({*avoided, trait}))
            if child not in seen and len(seen) < most_searches:
                look(child)
    return _priced(kept, minimise, not queue or len(kept) == k, len(seen)) if kept else None


def _priced(
    kept: list[tuple[Route, tuple[str, ...], float]], minimise: str, is_complete: bool, searches: int
) -> Alternatives:
    by_cost = sorted((route for route, *_ in kept), key=lambda route: (route.cost_eur, route.duration_h))
    prices = {id(option.route): option for option in with_prices([(route, 0) for route in by_cost])}
    options = tuple(
        Alternative(
            route=route,
            avoids=avoided,
            overlap=overlap,
            eur_per_saved_day=prices[id(route)].eur_per_saved_day,
            eur_per_saved_kg=prices[id(route)].eur_per_saved_kg,
        )
        for route, avoided, overlap in kept
    )
    return Alternatives(options=options, minimise=minimise, is_complete=is_complete, searches=searches)


Traits = tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]


def _traits(net: Network, route: Route, carriers: dict[str, str]) -> Traits:
    """What an alternative may avoid: modes but roads, passages, carriers, countries of transit on land.

    Modes and countries count where a leg has its share of the way: a short ferry makes no other route.
    """
    ends = {net.places.country[net.places.row(end)] for end in (route.origin, route.destination)}
    least_km = LEAST_SHARE * route.distance_km
    hauls = [leg for leg in route.legs if leg.distance_km >= least_km]
    on_land = [leg for leg in hauls if leg.mode in ("rail", "road")]
    return (
        frozenset(leg.mode for leg in hauls) - {"road"},
        frozenset(route.passages),
        frozenset(carriers.get(leg.service_id or "", "") for leg in route.legs) - {""},
        frozenset(country for leg in on_land for country in leg.countries) - ends,
    )


def _overlap(route: Route, other: Route) -> float:
    """The share of a route's kilometres on the same stretches as another, by the same mode."""
    ours, theirs = _stretches(route), _stretches(other)
    whole = sum(ours.values())
    return sum(km for stretch, km in ours.items() if stretch in theirs) / whole if whole else 1.0


def _is_loopless(route: Route) -> bool:
    ends = [leg.origin for leg in route.legs] + [route.destination]
    return len(set(ends)) == len(ends)


Stretch = tuple[str, frozenset[tuple[float, float]]]


def _stretches(route: Route) -> dict[Stretch, float]:
    found: dict[Stretch, float] = {}
    for leg in route.legs:
        points = [(round(float(lon), 5), round(float(lat), 5)) for lon, lat in leg.coordinates]
        for one, other in pairwise(points):
            east = ((one[0] - other[0] + 180) % 360 - 180) * cos(radians((one[1] + other[1]) / 2))
            found[leg.mode, frozenset((one, other))] = hypot(east, one[1] - other[1]) * _KM_A_DEGREE
    return found

"""The Pareto set of routes between two places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xroute.errors import InputError
from xroute.route import Route

if TYPE_CHECKING:
    from xroute.table import Table

DEFAULT_EPSILON = 0.03
DEFAULT_RESOLUTION = {"cost": 1.0, "time": 1.0, "co2e": 1.0, "distance": 1.0, "generalised": 1.0}


@dataclass(frozen=True, kw_only=True)
class Front:
    """Routes of which none is beaten by another in every criterion, cheapest first.

    Every route that exists has a member that is worse than it in no criterion by a whole cell of `resolution`
    (EUR, h, kg CO2e, km) or by more than the share `epsilon`, whichever is more; see `guarantee`. The best by
    each criterion are members unless `max_routes` is below their number. `stopped_by` names the budget that
    ended the search ("labels" or "time"): the routes are then what was known, and nothing is guaranteed.
    """

    origin: str
    destination: str
    over: tuple[str, ...]
    routes: tuple[Route, ...]
    resolution: dict[str, float]
    epsilon: float
    stopped_by: str
    labels: int
    merged: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the search ran to its end."""
        return not self.stopped_by

    @property
    def complete(self) -> bool:
        """Whether the search ran to its end."""
        return self.is_complete

    @property
    def guarantee(self) -> str:
        """What the set stands for, in words."""
        if self.stopped_by:
            return f"none: the search met its budget of {self.stopped_by} before it was complete"
        units = {"cost": "EUR", "time": "h", "co2e": "kg CO2e", "distance": "km"}
        cells = ", ".join(f"{self.resolution[name]:g} {units[name]}" for name in self.over)
        share = f" or {self.epsilon:.3g} of the value, whichever is more" if self.epsilon else ""
        return f"for every route a member is worse in no criterion by {cells}{share}"

    def __len__(self) -> int:
        return len(self.routes)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    def __getitem__(self, at: int) -> Route:
        return self.routes[at]

    def __repr__(self) -> str:
        mark = "" if self.is_complete else ", not complete"
        return (
            f"<Front {self.origin}->{self.destination} {len(self)} routes over {', '.join(self.over)}{mark}>"
        )

    def table(self) -> Table:
        """One row a route."""
        from xroute.table import Table

        columns = ("main_modes", "mode_chain", "load", "cost_eur", "duration_h", "duration_low_h",
                   "duration_high_h", "distance_km", "is_indicative")  # fmt: skip
        rows = {name: np.array([getattr(route, name) for route in self.routes]) for name in columns}
        rows["wtw_co2e_kg"] = np.array([route.footprint.wtw_co2e_kg for route in self.routes])
        return Table(rows)


def values(route: Route, over: tuple[str, ...]) -> tuple[float, ...]:
    """The criteria of a route, in EUR, h, kg CO2e by tonne and km."""
    known = {
        "cost": route.cost_eur,
        "time": route.duration_h,
        "co2e": route.co2e_g_t / 1000.0,
        "distance": route.distance_km,
    }
    return tuple(known[name] for name in over)


def undominated(
    routes: list[Route], over: tuple[str, ...], resolution: dict[str, float]
) -> tuple[Route, ...]:
    """Routes that no other beats on the grid of `resolution`, in rising order of the first criterion."""
    cells = [
        tuple(int(value // resolution[name]) for name, value in zip(over, values(route, over), strict=True))
        for route in routes
    ]
    order = sorted(range(len(routes)), key=lambda at: (cells[at], values(routes[at], over), at))
    kept: list[int] = []
    for at in order:
        if not any(all(a <= b for a, b in zip(cells[k], cells[at], strict=True)) for k in kept):
            kept.append(at)
    return tuple(routes[at] for at in kept)


def unbeaten(routes: Sequence[Route], over: tuple[str, ...]) -> tuple[Route, ...]:
    """Routes that no other beats or equals, in rising order of the first criterion."""
    kept: list[tuple[tuple[float, ...], Route]] = []
    for key, _, route in sorted((values(route, over), at, route) for at, route in enumerate(routes)):
        if not any(all(a <= b for a, b in zip(other, key, strict=True)) for other, _ in kept):
            kept.append((key, route))
    return tuple(route for _, route in kept)


def thinned(
    routes: tuple[Route, ...], over: tuple[str, ...], cells: Sequence[float], epsilon: float, most: int
) -> tuple[tuple[Route, ...], int]:
    """At most so many routes that stand for all, the best by each criterion first, and how coarsely they do.

    The second value is the factor by which `cells` (in the units of `values`) and `epsilon` had to grow for
    one kept route to stand for each that is dropped; 0 where none is.
    """
    if len(routes) <= most:
        return routes, 0
    keys = [values(route, over) for route in routes]
    best = [min(range(len(keys)), key=lambda at: (keys[at][name], keys[at])) for name in range(len(over))]
    order = [*dict.fromkeys(best[:most]), *range(len(keys))]
    factor = 1
    while True:
        kept: list[int] = []
        for at in order:
            if not any(_stands_for(keys[k], keys[at], cells, epsilon, factor) for k in kept):
                kept.append(at)
        if len(kept) <= most:
            return tuple(routes[at] for at in sorted(kept)), factor
        factor *= 2


def _stands_for(
    one: tuple[float, ...], other: tuple[float, ...], cells: Sequence[float], epsilon: float, factor: int
) -> bool:
    return all(a <= b + factor * max(cell, epsilon * b) for a, b, cell in zip(one, other, cells, strict=True))


def check_over(over: object) -> tuple[str, ...]:
    """The criteria of a Pareto search: one to three different names."""
    names = (over,) if isinstance(over, str) else tuple(over) if isinstance(over, Sequence) else ()
    if not 1 <= len(names) <= 3 or len(set(names)) != len(names):
        raise InputError("expected one to three different criteria", column="over")
    for name in names:
        if name not in ("cost", "time", "co2e", "distance"):
            raise InputError(f"'{name}' is none of: cost, time, co2e, distance", column="over")
    return names

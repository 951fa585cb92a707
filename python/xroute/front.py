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

DEFAULT_RESOLUTION = {"cost": 1.0, "time": 1.0, "co2e": 1.0, "distance": 1.0, "generalised": 1.0}


@dataclass(frozen=True, kw_only=True)
class Front:
    """Routes of which none is beaten by another in every criterion, cheapest first.

    `resolution` is the grid in which dominance is decided (EUR, h, kg CO2e, km): for every route that
    exists, a member is nowhere worse by a whole cell. `is_complete` is false when a cap ended the search.
    """

    origin: str
    destination: str
    over: tuple[str, ...]
    routes: tuple[Route, ...]
    resolution: dict[str, float]
    is_complete: bool
    labels: int

    @property
    def complete(self) -> bool:
        """Whether the search ran to its end."""
        return self.is_complete

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


def check_over(over: object) -> tuple[str, ...]:
    """The criteria of a Pareto search: one to three different names."""
    names = (over,) if isinstance(over, str) else tuple(over) if isinstance(over, Sequence) else ()
    if not 1 <= len(names) <= 3 or len(set(names)) != len(names):
        raise InputError("expected one to three different criteria", column="over")
    for name in names:
        if name not in ("cost", "time", "co2e", "distance"):
            raise InputError(f"'{name}' is none of: cost, time, co2e, distance", column="over")
    return names

"""Pareto searches: what is asked, the search for each load, and the set that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xroute.errors import InputError
from xroute.front import DEFAULT_EPSILON, DEFAULT_RESOLUTION, Front, check_over, thinned, unbeaten
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.route import Route

_PARTS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FrontTask:
    """How fine a Pareto search is, and when it stops."""

    over: tuple[str, ...]
    cells: dict[str, float]
    epsilon: float
    max_routes: int | None
    time_limit_s: float | None
    most_labels: int

    @classmethod
    def of(
        cls,
        over: object,
        resolution: Mapping[str, float] | None,
        epsilon: float | None,
        max_routes: int | None,
        time_limit_s: float | None,
        most_labels: int,
    ) -> FrontTask:
        """Checks what a caller asks; raises `InputError`. A resolution alone leaves no relative slack."""
        if epsilon is None:
            epsilon = DEFAULT_EPSILON if resolution is None else 0.0
        if not _is_number(epsilon) or not 0 <= epsilon <= 1:
            raise InputError("expected a share from 0 to 1", column="epsilon")
        if max_routes is not None and (isinstance(max_routes, bool) or max_routes < 1):
            raise InputError("expected a whole number of at least 1", column="max_routes")
        if time_limit_s is not None and not (_is_number(time_limit_s) and 0 <= time_limit_s < 1e9):
            raise InputError("expected seconds, 0 or more", column="time_limit_s")
        return cls(
            over=check_over(over), cells=_cells(resolution), epsilon=float(epsilon), max_routes=max_routes,
            time_limit_s=time_limit_s, most_labels=most_labels,
        )  # fmt: skip


def front(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
    task: FrontTask,
) -> Front | None:
    """The set between two hub rows over every load; `None` where there is no route."""
    routes: list[Route] = []
    labels, stopped_by = 0, ""
    for load in LOADS if shipment.load is None else (shipment.load,):
        priced = net.priced(shipment, load, scenario, modes, avoid)
        grid = [_units(name, task, priced.metric.money_unit_eur, shipment.mass_t) for name in task.over]
        found, budget, work = priced.metric.pareto(
            *ends, list(task.over), grid, epsilon_parts=int(task.epsilon * _PARTS),
            most_labels=task.most_labels, time_limit_s=task.time_limit_s,
        )  # fmt: skip
        routes += [net.read(raw, priced, ends, scenario) for raw in found]
        labels, stopped_by = labels + work, stopped_by or budget or ""
    if not routes and not stopped_by:
        return None
    return _front(net, ends, task, unbeaten(routes, task.over), stopped_by, labels, shipment.mass_t)


def _front(
    net: Network,
    ends: tuple[int, int],
    task: FrontTask,
    routes: tuple[Route, ...],
    stopped_by: str,
    labels: int,
    mass_t: float,
) -> Front:
    cells = [task.cells[name] / (mass_t if name == "co2e" else 1.0) for name in task.over]
    most = len(routes) if task.max_routes is None else task.max_routes
    kept, factor = thinned(routes, task.over, cells, task.epsilon, most)
    wider = 1 + factor * (1 + task.epsilon)  # what a kept route may be worse than one that a dropped one beat
    return Front(
        origin=net.places.ids[ends[0]],
        destination=net.places.ids[ends[1]],
        over=task.over,
        routes=kept,
        resolution={name: task.cells[name] * wider for name in task.over},
        epsilon=task.epsilon * wider,
        stopped_by=stopped_by,
        labels=labels,
        merged=len(routes) - len(kept),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cells(given: Mapping[str, float] | None) -> dict[str, float]:
    cells = dict(DEFAULT_RESOLUTION)
    for name, value in (given or {}).items():
        if name not in cells or not _is_number(value) or not 0 < value < float("inf"):
            raise InputError(f"expected a positive cell for {', '.join(cells)}", column=f"resolution[{name}]")
        cells[name] = float(value)
    return cells


def _units(name: str, task: FrontTask, money_unit_eur: float, mass_t: float) -> int:
    units = {"cost": 1 / money_unit_eur, "time": 3600.0, "co2e": 1000.0 / mass_t, "distance": 1000.0}
    return max(1, round(task.cells[name] * units[name]))

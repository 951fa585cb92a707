"""The ways between two places: what each costs, lasts and emits, and what a day or a kilogram costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.batch import is_late
from xroute.errors import LimitError, NoRouteError
from xroute.front import undominated
from xroute.price_warnings import tells_indicative
from xroute.route import Route
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.table import Table

OVER = ("cost", "time", "co2e")
MAIN_HAULS = ("sea", "air", "rail", "inland_waterway", "ferry")
COST_NOTE = (
    "cost is transport cost (freight, handling, customs fees); duty, VAT and landed cost are not in it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way on the front, with what a saved day and a saved kilogram cost against its neighbour.

    The neighbour of a day is the next cheaper option that is slower; of a kilogram, the next cheaper
    option that emits more. `None` where there is none. `alternatives` counts the routes on the front with
    the same modes that this one stands for.
    """

    route: Route
    eur_per_saved_day: float | None
    eur_per_saved_kg: float | None
    alternatives: int
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The options on the front, cheapest first, and what was left out."""

    origin: str
    destination: str
    shipment: Shipment
    scenario: Scenario
    options: tuple[Option, ...]
    front_size: int
    dominated: tuple[Route, ...]
    is_complete: bool

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What a reader should check before a decision."""
        notes = [COST_NOTE]
        if any(option.route.is_indicative for option in self.options):
            notes.append("prices marked * come from indicative rates; put your own rate card in the scenario")
        notes.append(
            "days are low-likely-high by door, customs included; waits are half the time between departures"
        )
        notes.append(
            "(+n) counts the other routes on the front with the same main haul; a saved day or kg is priced "
            "against the next cheaper way that is slower, or that emits more"
        )
        if not self.is_complete:
            notes.append("the search met its cap: the front may miss routes")
        return tuple(notes)

    def table(self) -> Table:
        """One row an option."""
        from xroute.table import Table

        return Table(columns_of(self.options, self.scenario))


def columns_of(options: Sequence[Option], scenario: Scenario | None = None) -> dict[str, Any]:
    """Columns of a comparison; money in EUR, times in days, emissions in kg CO2e."""
    routes = [option.route for option in options]
    ranges = [route.footprint.range() for route in routes]
    quality = [route.footprint.data_quality for route in routes]
    return {
        "modes": np.array([route.main_modes for route in routes]),
        "mode_chain": np.array([route.mode_chain for route in routes]),
        "load": np.array([route.load for route in routes]),
        "cost_eur": np.array([route.cost_eur for route in routes]),
        "indicative": np.array([route.is_indicative for route in routes]),
        "days_low": np.array([route.duration_low_h / 24 for route in routes]),
        "days": np.array([route.duration_h / 24 for route in routes]),
        "days_high": np.array([route.duration_high_h / 24 for route in routes]),
        "distance_km": np.array([route.distance_km for route in routes]),
        "wtt_co2e_kg": np.array([route.footprint.wtt_co2e_kg for route in routes]),
        "ttw_co2e_kg": np.array([route.footprint.ttw_co2e_kg for route in routes]),
        "wtw_co2e_kg": np.array([route.footprint.wtw_co2e_kg for route in routes]),
        "co2e_low_kg": np.array([each.low_kg for each in ranges]),
        "co2e_high_kg": np.array([each.high_kg for each in ranges]),
        "default_share": np.array([each.get("default", 0.0) for each in quality]),
        "ets_eur": np.array([route.policy(scenario=scenario).ets_eur for route in routes]),
        "factor_packs": np.array([";".join(_packs_of(route)) for route in routes]),
        "eur_per_saved_day": np.array([_or_nan(option.eur_per_saved_day) for option in options]),
        "eur_per_saved_kg": np.array([_or_nan(option.eur_per_saved_kg) for option in options]),
        "alternatives": np.array([option.alternatives for option in options]),
        "status": np.array(["late" if option.is_late else "ok" for option in options]),
    }


def _packs_of(route: Route) -> list[str]:
    return sorted({line.factor.pack_id for line in route.footprint.lines})


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


@tells_indicative
def compare(
    net: Network,
    origin: Any,
    destination: Any,
    *,
    shipment: Shipment,
    scenario: Scenario | None = None,
    modes: Sequence[str] | None = None,
    avoid: Sequence[str] = (),
    detail: bool = False,
) -> Comparison:
    """Compares the ways between two places.

    The front over all modes, and for each main haul (sea, air, rail, waterway, ferry, none) and each load
    the cheapest, fastest and cleanest route with that haul and roads alone: those that the front beats are
    counted as dominated. `detail` lists every set of modes on the front; without it each main haul stands
    for itself once: by its cheapest route (by air the fastest), with roads alone where there is one. Raises
    as `Network.route`.
    """
    scenario = scenario or Scenario()
    front = net.pareto(
        origin, destination, shipment=shipment, over=OVER, scenario=scenario, modes=modes, avoid=avoid
    )
    single = _single_hauls(net, origin, destination, shipment, scenario, modes, avoid)
    cells = {"cost": 1.0, "time": 1.0, "co2e": 1.0 / shipment.mass_t}
    kept = undominated([*front.routes, *single], OVER, cells)
    best = _by_modes(kept) if detail else _by_haul(kept)
    if not kept:
        raise LimitError("the search met its cap before it found a route; allow fewer modes")
    return Comparison(
        origin=kept[0].origin_name,
        destination=kept[0].destination_name,
        shipment=shipment,
        scenario=scenario,
        options=tuple(
            replace(option, is_late=is_late(net, option.route, shipment)) for option in with_prices(best)
        ),
        front_size=len(kept),
        dominated=tuple(_distinct(single, kept)),
        is_complete=front.is_complete,
    )


def _single_hauls(
    net: Network,
    origin: Any,
    destination: Any,
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> list[Route]:
    allowed = set(modes) if modes is not None else {*MAIN_HAULS, "road"}
    found: list[Route] = []
    for haul in (*MAIN_HAULS, "road"):
        if haul not in allowed:
            continue
        subset = [haul, "road"] if "road" in allowed and haul != "road" else [haul]
        for load in LOADS if shipment.load is None else (shipment.load,):
            goods = replace(shipment, load=load)
            for minimise in OVER:
                try:
                    found.append(
                        net.route(origin, destination, shipment=goods, minimise=minimise, scenario=scenario,
                                  modes=subset, avoid=avoid)
                    )  # fmt: skip
                except NoRouteError:
                    break  # this haul does not join the two places
    return found


def _key(route: Route) -> tuple[str, str, int, int]:
    return route.mode_chain, route.load, route.money_units, route.time_s


def _distinct(routes: Sequence[Route], besides: Sequence[Route]) -> list[Route]:
    known = {_key(route) for route in besides}
    found: dict[tuple[str, str, int, int], Route] = {}
    for route in routes:
        if _key(route) not in known:
            found.setdefault(_key(route), route)
    return list(found.values())


def _by_modes(routes: Sequence[Route]) -> list[tuple[Route, int]]:
    """The cheapest route of each set of modes, with how many routes of the front share the modes."""
    groups: dict[str, list[Route]] = {}
    for route in routes:
        groups.setdefault(route.main_modes, []).append(route)
    cheapest = [(min(group, key=lambda route: route.cost_eur), len(group)) for group in groups.values()]
    return sorted(cheapest, key=lambda pair: (pair[0].cost_eur, pair[0].duration_h))


def _by_haul(routes: Sequence[Route]) -> list[tuple[Route, int]]:
    """One route for each main haul: roads alone before mixed ones; by air the fastest, else the cheapest."""
    groups: dict[str, list[Route]] = {}
    for route in routes:
        groups.setdefault(route.main_haul, []).append(route)

    def rank(route: Route) -> tuple[int, float]:
        mixed = len(set(route.distance_by_mode) - {"road"})
        return mixed, route.duration_h if route.main_haul == "air" else route.cost_eur

    plainest = [(min(group, key=rank), len(group)) for group in groups.values()]
    return sorted(plainest, key=lambda pair: (pair[0].cost_eur, pair[0].duration_h))


def with_prices(best: Sequence[tuple[Route, int]]) -> tuple[Option, ...]:
    """Options from routes, cheapest first, each with how many it stands for."""
    options = []
    for at, (route, count) in enumerate(best):
        cheaper = [other for other, _ in best[:at]]
        slower = [other for other in cheaper if other.duration_h > route.duration_h + 1.0]
        dirtier = [
            other for other in cheaper if other.footprint.wtw_co2e_kg > route.footprint.wtw_co2e_kg + 0.5
        ]
        day = kg = None
        if slower:
            extra = route.cost_eur - slower[-1].cost_eur
            day = extra / ((slower[-1].duration_h - route.duration_h) / 24)
        if dirtier:
            extra = route.cost_eur - dirtier[-1].cost_eur
            kg = extra / (dirtier[-1].footprint.wtw_co2e_kg - route.footprint.wtw_co2e_kg)
        options.append(Option(route=route, eur_per_saved_day=day, eur_per_saved_kg=kg, alternatives=count))
    return tuple(options)

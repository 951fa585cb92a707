"""A route: legs in order, the stops between them, and what they cost, last and emit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xroute.clearance import Clearance
from xroute.emissions import leg_lines, stop_lines
from xroute.footprint import Footprint, FootprintLine
from xroute.making import made
from xroute.rates import Chargeable
from xroute.terms import Terms

if TYPE_CHECKING:
    from datetime import date

    import geopandas

    from xroute._core import FoundRoute
    from xroute.network import Network
    from xroute.policy import PolicyBill
    from xroute.scenario import Scenario
    from xroute.table import Table

HOUR_S = 3600.0
T = TypeVar("T")


@dataclass(frozen=True)
class CostLine:
    """One line of money; the lines of a route add up to its cost exactly, in units of 0.0001 EUR."""

    what: str
    entity: str
    amount_eur: float
    is_indicative: bool


@dataclass(frozen=True, kw_only=True)
class Leg:
    """What one shipment uses of links in one vehicle, or of one service.

    `eca_km` are the kilometres in emission control areas, `countries` what links cross by land or canal.
    """

    mode: str
    origin: str
    destination: str
    origin_name: str
    destination_name: str
    distance_km: float
    line_km: float
    duration_h: float
    duration_low_h: float
    duration_high_h: float
    wait_h: float
    cost_eur: float
    passages: tuple[str, ...]
    countries: tuple[str, ...]
    vehicle_classes: tuple[str, ...]
    service_id: str | None
    footprint: Footprint
    _drawn_by: Callable[[], np.ndarray[Any, np.dtype[np.float64]]] = field(repr=False, compare=False)
    eca_km: float = 0.0
    origin_country: str = ""
    destination_country: str = ""
    origin_scheme: str = ""
    destination_scheme: str = ""

    @property
    def coordinates(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Longitudes and latitudes along the leg, (n, 2) in degrees; read anew each time."""
        return self._drawn_by()

    @property
    def wtt_co2e_kg(self) -> float:
        """Well to tank, kg CO2e."""
        return self.footprint.wtt_co2e_kg

    @property
    def ttw_co2e_kg(self) -> float:
        """Tank to wheel, kg CO2e."""
        return self.footprint.ttw_co2e_kg

    @property
    def wtw_co2e_kg(self) -> float:
        """Well to wheel, kg CO2e."""
        return self.footprint.wtw_co2e_kg


@dataclass(frozen=True, kw_only=True)
class HubStop:
    """A change of vehicle, or the start or end of the trip ("door")."""

    hub: str
    name: str
    from_mode: str
    to_mode: str
    duration_h: float
    duration_low_h: float
    duration_high_h: float
    wait_h: float
    cost_eur: float
    footprint: Footprint


@dataclass(frozen=True, kw_only=True, eq=False)
class Route:
    """Legs in order from origin to destination, with totals that are the sums of their lines.

    The totals are there at once; legs, stops, cost lines and footprint are read when first asked for.

    Times are hours from door to door, customs included: `duration_h` is likely, with `duration_low_h` and
    `duration_high_h`. `distance_km` is what is carried, `line_km` the length of the infrastructure.
    """

    origin: str
    destination: str
    origin_name: str
    destination_name: str
    load: str
    load_units: int
    clearance: Clearance
    chargeable: Mapping[str, Chargeable]
    money_units: int
    money_unit_eur: float
    time_s: int
    co2e_g_t: int
    is_indicative: bool
    notes: tuple[str, ...] = ()
    carbon_price_eur_t: float = 0.0
    value_of_time_eur_h: float = 0.0
    _reading: Reading = field(repr=False)

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """The legs in order."""
        return self._reading.legs()

    @cached_property
    def stops(self) -> tuple[HubStop, ...]:
        """The start, the changes of vehicle and the end: one more than there are legs."""
        return self._reading.stops()

    @cached_property
    def cost_lines(self) -> tuple[CostLine, ...]:
        """What is paid, line by line; the lines add up to `cost_eur`."""
        return self._reading.cost_lines(self.clearance)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Route):
            return NotImplemented
        own, others = vars(self) | {"_reading": None}, vars(other) | {"_reading": None}
        read = ("legs", "stops", "cost_lines", "footprint")
        own, others = ({name: row[name] for name in row.keys() - set(read)} for row in (own, others))
        return own == others and all(getattr(self, name) == getattr(other, name) for name in read)

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def footprint(self) -> Footprint:
        """Emissions of every leg and stop, line by line."""
        stops, legs = self._reading.emissions
        return Footprint.of(_alternating(stops, legs))

    @property
    def cost_eur(self) -> float:
        """Transport money: freight, handling, border and clearance fees; no duty, VAT or inventory."""
        return self.money_units * self.money_unit_eur + self.clearance.fee_eur

    @property
    def carbon_charge_eur(self) -> float:
        """The scenario's carbon price on the footprint; a line of its own, not in `cost_eur`."""
        return self.carbon_price_eur_t * self.footprint.wtw_co2e_kg / 1000.0

    @property
    def time_value_eur(self) -> float:
        """The scenario's value of time on the likely hours; a line of its own, not in `cost_eur`."""
        return self.value_of_time_eur_h * self.duration_h

    @property
    def generalised_eur(self) -> float:
        """Money, time and carbon in one: what `minimise="generalised"` weighs."""
        return self.cost_eur + self.carbon_charge_eur + self.time_value_eur

    @property
    def duration_h(self) -> float:
        """Likely hours from door to door, waits and customs included."""
        return self.time_s / HOUR_S + self.clearance.hours

    @property
    def duration_low_h(self) -> float:
        """Hours when nothing waits and every stop is quick."""
        parts = [leg.duration_low_h for leg in self.legs] + [stop.duration_low_h for stop in self.stops]
        return sum(parts) + self.clearance.low_h

    @property
    def duration_high_h(self) -> float:
        """Hours when departures are just missed and every stop is slow."""
        parts = [leg.duration_high_h for leg in self.legs] + [stop.duration_high_h for stop in self.stops]
        return sum(parts) + self.clearance.high_h

    @property
    def distance_km(self) -> float:
        """Kilometres carried, all legs."""
        return int(self._reading.raw["distance_m"]) / 1000.0

    @property
    def eca_km(self) -> float:
        """Kilometres in emission control areas of the sea."""
        return sum(leg.eca_km for leg in self.legs)

    @property
    def line_km(self) -> float:
        """Kilometres of infrastructure, all legs."""
        return sum(leg.line_km for leg in self.legs)

    @property
    def passages(self) -> tuple[str, ...]:
        """Passages crossed, in order."""
        return tuple(dict.fromkeys(each for leg in self.legs for each in leg.passages))

    @property
    def mode_chain(self) -> str:
        """Modes in order, such as `road+sea+road`."""
        return "+".join(self._reading.modes()) or "none"

    @property
    def main_haul(self) -> str:
        """The mode that carries furthest."""
        distance = self.distance_by_mode
        return max(distance, key=lambda mode: (distance[mode], mode)) if distance else "none"

    @property
    def distance_by_mode(self) -> dict[str, float]:
        """Kilometres carried by each mode."""
        distance: dict[str, float] = {}
        for mode, km in zip(self._reading.modes(), self._reading.km_by_leg(), strict=True):
            distance[mode] = distance.get(mode, 0.0) + km
        return distance

    @property
    def main_modes(self) -> str:
        """Modes without repeats, such as `sea+road`: the main haul, then the others, roads last."""
        distance, main = self.distance_by_mode, self.main_haul
        ordered = sorted(distance, key=lambda mode: (mode != main, mode == "road", -distance[mode], mode))
        return "+".join(ordered) or "none"

    def table(self) -> Table:
        """One row a leg."""
        from xroute.table import Table

        columns = (
            "mode",
            "origin",
            "origin_name",
            "destination",
            "destination_name",
            "distance_km",
            "line_km",
            "duration_h",
            "cost_eur",
            "wtt_co2e_kg",
            "ttw_co2e_kg",
            "wtw_co2e_kg",
        )
        return Table({name: np.array([getattr(leg, name) for leg in self.legs]) for name in columns})

    def explain(self) -> str:
        """Every stop, leg, cost line and emission line, as text."""
        from xroute.explain import explain_route

        return explain_route(self)

    def policy(self, *, on: date | None = None, scenario: Scenario | None = None) -> PolicyBill:
        """What emissions trading, FuelEU and the scenario's carbon price ask of every leg on a day."""
        from xroute.policy import route_bill

        return route_bill(self, on=on, scenario=scenario)

    def to_geodataframe(self) -> geopandas.GeoDataFrame:
        """One row a leg in EPSG:4326, split at the antimeridian."""
        from xroute.maps import route_geodataframe

        return route_geodataframe(self)

    def __repr__(self) -> str:
        days = self.duration_h / 24
        mark = " (indicative)" if self.is_indicative else ""
        return (
            f"<Route {self.origin}->{self.destination} {len(self.legs)} legs {self.mode_chain} {self.load} "
            f"{days:.1f} d {self.cost_eur:,.0f} EUR{mark} {self.footprint.wtw_co2e_kg:,.0f} kg CO2e>"
        )


@dataclass(frozen=True)
class Reading:
    """What the core returned for one route, and how its numbers get their names."""

    net: Network
    raw: FoundRoute
    terms: Terms
    money_unit_eur: float

    def modes(self) -> list[str]:
        """The mode of each leg."""
        return [str(leg["mode"]) for leg in self.raw["legs"]]

    def km_by_leg(self) -> list[float]:
        """Kilometres carried on each leg."""
        return [_km(leg) for leg in self.raw["legs"]]

    @cached_property
    def emissions(self) -> tuple[list[list[FootprintLine]], list[list[FootprintLine]]]:
        """The lines of each of its stops and of its legs."""
        terms, label, kind = self.terms, self.net.places.label, self.net.places.kind
        stops = [stop_lines(terms, label(hub := stop["hub"]), kind[hub], stop) for stop in self.raw["stops"]]
        legs = [leg_lines(terms, self._lane(leg), leg["mode"], leg["segments"]) for leg in self.raw["legs"]]
        return stops, legs

    def legs(self) -> tuple[Leg, ...]:
        """Its legs."""
        rows = zip(self.raw["legs"], map(Footprint.of, self.emissions[1]), strict=True)
        return tuple(_leg(self.net, self.terms, leg, self.money_unit_eur, own) for leg, own in rows)

    def stops(self) -> tuple[HubStop, ...]:
        """Its stops."""
        rows = zip(self.raw["stops"], map(Footprint.of, self.emissions[0]), strict=True)
        return tuple(_stop(self.net, stop, self.money_unit_eur, own) for stop, own in rows)

    def cost_lines(self, clearance: Clearance) -> tuple[CostLine, ...]:
        """What its stops, legs and clearances cost."""
        unit, is_indicative, legs = self.money_unit_eur, self.terms.is_indicative, self.raw["legs"]
        paid: list[tuple[str, str, float, bool]] = []
        for at, stop in enumerate(self.raw["stops"]):
            where = self.net.places.label(stop["hub"])
            paid += [(what, where, amount * unit, is_indicative) for what, amount in _parts(stop, unit)]
            if at < len(legs):
                leg = legs[at]
                paid.append((f"{leg['mode']} freight", self._lane(leg), leg["money"] * unit, is_indicative))
        for each in clearance.lines:
            paid.append((each.what, f"customs {each.country}", each.amount_eur, each.is_indicative))
        return tuple([CostLine(*values) for values in paid])

    def _lane(self, leg: Mapping[str, Any]) -> str:
        label = self.net.places.label
        return f"{label(leg['origin'])} - {label(leg['destination'])}"


def _alternating(stops: Sequence[Sequence[T]], legs: Sequence[Sequence[T]]) -> list[T]:
    """What belongs to a stop, to the leg after it, to the next stop ... to the last stop."""
    found: list[T] = []
    for at, stop in enumerate(stops):
        found += stop
        if at < len(legs):
            found += legs[at]
    return found


def read_route(
    net: Network,
    raw: FoundRoute,
    terms: Terms,
    unit: float,
    ends: tuple[int, int],
    clearance: Clearance,
    notes: tuple[str, ...] = (),
) -> Route:
    """Names what the core returned: `raw` is one route, `unit` its EUR, `ends` are hub rows."""
    places = net.places
    values = {
        "origin": places.ids[ends[0]],
        "destination": places.ids[ends[1]],
        "origin_name": places.label(ends[0]),
        "destination_name": places.label(ends[1]),
        "load": terms.load,
        "load_units": terms.load_units,
        "clearance": clearance,
        "chargeable": terms.chargeable,
        "money_units": int(raw["money"]),
        "money_unit_eur": unit,
        "time_s": int(raw["time_s"]),
        "co2e_g_t": int(raw["co2e_g_t"]),
        "is_indicative": terms.is_indicative,
        "notes": notes,
        "carbon_price_eur_t": terms.carbon_price_eur_t,
        "value_of_time_eur_h": terms.value_of_time_eur_h,
        "_reading": Reading(net, raw, terms, unit),
    }
    return made(Route, values)


def _km(leg: Mapping[str, Any]) -> float:
    return int(leg["distance_m"]) / 1000.0


def _parts(stop: Mapping[str, Any], unit: float) -> list[tuple[str, int]]:
    """What a stop charges, in units of money: the fixed charge of the next mode, and handling."""
    money = stop["money"]
    loading = min(round(stop["loading_eur"] / unit), money)
    parts = [(f"{stop['to_mode']} fixed charge", loading)] if loading else []
    return [*parts, ("handling", money - loading)] if money > loading else parts


def _stop(net: Network, raw: Mapping[str, Any], unit: float, footprint: Footprint) -> HubStop:
    hub, wait = int(raw["hub"]), float(raw["wait_h"])
    values = {
        "hub": net.places.ids[hub],
        "name": net.places.label(hub),
        "from_mode": str(raw["from_mode"]),
        "to_mode": str(raw["to_mode"]),
        "duration_h": int(raw["time_s"]) / HOUR_S,
        "duration_low_h": float(raw["low_h"]),
        "duration_high_h": float(raw["high_h"]) + 2 * wait,
        "wait_h": wait,
        "cost_eur": int(raw["money"]) * unit,
        "footprint": footprint,
    }
    return made(HubStop, values)


def _leg(net: Network, terms: Terms, raw: Mapping[str, Any], unit: float, footprint: Footprint) -> Leg:
    start, end = raw["origin"], raw["destination"]
    wait, held = int(raw["wait_s"]) / HOUR_S, float(raw["held_h"])
    moving = int(raw["time_s"]) / HOUR_S - wait - held
    low, high = _range_of_hours(terms, raw["segments"])
    values = {
        "mode": str(raw["mode"]),
        "origin": net.places.ids[start],
        "destination": net.places.ids[end],
        "origin_name": net.places.label(start),
        "destination_name": net.places.label(end),
        "distance_km": _km(raw),
        "line_km": float(raw["line_km"]),
        "duration_h": int(raw["time_s"]) / HOUR_S,
        "duration_low_h": moving * low + held,
        "duration_high_h": moving * high + held + 2 * wait,
        "wait_h": wait,
        "cost_eur": int(raw["money"]) * unit,
        "passages": net.lines.passages_along(raw["crossings"]),
        "countries": tuple(net.countries[code] for code in raw["countries"] if net.countries[code]),
        "vehicle_classes": tuple(net.classes[int(part[0])][1] for part in raw["segments"]),
        "service_id": None if raw["service"] is None else net.service_ids[int(raw["service"])],
        "footprint": footprint,
        "_drawn_by": partial(net.lines.leg_coordinates, raw),
        "eca_km": float(raw["eca_km"]),
        "origin_country": net.places.country[start],
        "destination_country": net.places.country[end],
        "origin_scheme": net.places.carbon_scheme[start],
        "destination_scheme": net.places.carbon_scheme[end],
    }
    return made(Leg, values)


def _range_of_hours(terms: Terms, segments: list[tuple[int, int]]) -> tuple[float, float]:
    """Moving hours when fast and when slow, as shares of the likely hours, weighted by distance."""
    if len(segments) == 1:
        return terms.hours_range[segments[0][0]]
    metres = [max(segment[1], 1) for segment in segments]
    fast = slow = 0.0
    for (number, _), carried in zip(segments, metres, strict=True):
        fast += carried * terms.hours_range[number][0]
        slow += carried * terms.hours_range[number][1]
    return fast / sum(metres), slow / sum(metres)

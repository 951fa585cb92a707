"""The best route within limits: at most so long, so dear, so much CO2e, so many transhipments, and via."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xroute._core import MODES
from xroute.clearance import Clearance, between
from xroute.errors import BeyondLimitsError, InputError, UnknownPlaceError
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment

if TYPE_CHECKING:
    from xroute._core import FoundRoute
    from xroute.network import Network
    from xroute.pricings import Priced
    from xroute.route import Route

MOST_TRANSHIPMENTS = 64
_UNITS = {"time": "h", "co2e": "kg CO2e", "cost": "EUR"}
_NAMES = {"time": "max_duration_h", "co2e": "max_co2e_kg", "cost": "max_cost_eur"}
_COLUMN = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m",
           "generalised": "generalised"}  # fmt: skip


_NONE_GIVEN = (None, None, None, None)


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """Limits on a route, in the units of people; `most` by criterion, as far as given."""

    via: tuple[str, ...]
    most: dict[str, float]
    max_transhipments: int | None

    @classmethod
    def of(
        cls,
        via: Sequence[str],
        max_duration_h: float | None,
        max_co2e_kg: float | None,
        max_cost_eur: float | None,
        max_transhipments: int | None,
    ) -> Constraints | None:
        """Checks what a caller asks; `None` where nothing is limited. Raises `InputError`."""
        limits = max_duration_h, max_co2e_kg, max_cost_eur, max_transhipments
        if via == () and limits == _NONE_GIVEN:
            return None
        given = {"time": max_duration_h, "co2e": max_co2e_kg, "cost": max_cost_eur}
        most = {name: value for name, value in given.items() if value is not None}
        for name, value in most.items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or not 0 <= value < math.inf:
                raise InputError(f"expected a number of at least 0, got {value!r}", column=_NAMES[name])
        count = max_transhipments
        if count is not None and (type(count) is not int or not 0 <= count <= MOST_TRANSHIPMENTS):
            message = f"expected a whole number from 0 to {MOST_TRANSHIPMENTS}, got {count!r}"
            raise InputError(message, column="max_transhipments")
        names = (via,) if isinstance(via, str) else tuple(via)
        if not names and not most and count is None:
            return None
        return cls(via=names, most=most, max_transhipments=count)


def best_within(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    minimise: str,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
    limits: Constraints,
) -> Route:
    """The best route between two hub rows that keeps the limits, over every load.

    Limits count the whole trip, customs included, and are decided on the whole seconds, grams by tonne and
    money units that searches add. Raises `BeyondLimitsError` or `NoRouteError`.
    """
    over = _criteria(minimise, limits)
    passed = [_passed(net, name) for name in limits.via]
    if passed and passed[-1] == ("hub", ends[1]):
        passed.pop()  # every route ends there
    customs = between(net.places.country[ends[0]], net.places.country[ends[1]], scenario)
    best: tuple[tuple[float, ...], FoundRoute, Priced] | None = None
    for load in LOADS if shipment.load is None else (shipment.load,):
        priced = net.priced(shipment, load, scenario, modes, avoid)
        most = [_units(name, limits.most.get(name), customs, priced) for name in over]
        if any(limit is not None and limit < 0 for limit in most):
            continue  # customs alone take more than that
        raw, _ = priced.metric.route_within(
            *ends, list(over), [-1 if limit is None else limit for limit in most],
            via=passed, most_changes=limits.max_transhipments,
        )  # fmt: skip
        if raw is not None:
            money = priced.metric.money_unit_eur if minimise in ("cost", "generalised") else 1.0
            key = (raw[_COLUMN[minimise]] * money, *(raw[_COLUMN[name]] for name in over[1:]))
            if best is None or key < best[0]:
                best = (key, raw, priced)
    if best is None:
        raise _beyond(net, ends, shipment, scenario, modes, avoid, limits)
    return net.read(best[1], best[2], ends, scenario)


def _criteria(minimise: str, limits: Constraints) -> tuple[str, ...]:
    wanted = dict.fromkeys((minimise, *limits.most))
    if len(wanted) > 3:
        limited = ", ".join(_NAMES[name] for name in limits.most)
        raise InputError(f"at most two limits beside what is minimised, got {limited}", column="minimise")
    faster = ("time",) if "time" in wanted or len(wanted) < 3 else ()  # of routes that are equal
    return tuple(dict.fromkeys((minimise, *faster, *wanted)))


def _units(name: str, limit: float | None, customs: Clearance, priced: Priced) -> int | None:
    """A limit in the units of the metric, without what customs take; `None` for no limit."""
    if limit is None:
        return None
    if name == "time":
        return math.floor((limit - customs.hours) * 3600.0 + 1e-6)
    if name == "co2e":
        return math.floor(limit * 1000.0 / priced.terms.mass_t + 1e-6)
    return math.floor((limit - customs.fee_eur) / priced.metric.money_unit_eur + 1e-6)


def _passed(net: Network, name: str) -> tuple[str, Any]:
    if name in net.core.passage_ids:
        return "passage", 1 << net.core.passage_ids.index(name)
    if name in MODES:
        return "mode", name
    if len(name) == 2 and name in net.core.countries:
        return "country", net.core.countries.index(name)
    if net.services_of(name):
        return "carrier", name
    try:
        return "hub", net.places.row(name)
    except UnknownPlaceError as error:
        known = ", ".join(sorted(net.core.passage_ids))
        message = f"'{name}' is no passage, mode, country, carrier or hub; passages: {known}"
        raise InputError(message, column="via") from error


def _beyond(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
    limits: Constraints,
) -> BeyondLimitsError:
    """What each limit would need by itself; raises `NoRouteError` where nothing joins the places at all."""
    binding: list[str] = []
    for name, limit in limits.most.items():
        best = net.route(net.places.ids[ends[0]], net.places.ids[ends[1]], shipment=shipment, minimise=name,
                         scenario=scenario, modes=modes, avoid=avoid)  # fmt: skip
        least = {"time": best.duration_h, "cost": best.cost_eur,
                 "co2e": best.co2e_g_t * shipment.mass_t / 1000.0}[name]  # fmt: skip
        if least > limit:
            binding.append(f"{_NAMES[name]} {limit:g}: the least is {least:,.4g} {_UNITS[name]}")
    if not binding:
        net.route(net.places.ids[ends[0]], net.places.ids[ends[1]], shipment=shipment, minimise="time",
                  scenario=scenario, modes=modes, avoid=avoid)  # fmt: skip
        binding = [f"{_NAMES[name]} {limit:g}" for name, limit in limits.most.items()]
        binding += [f"via {name}" for name in limits.via]
        if limits.max_transhipments is not None:
            binding.append(f"max_transhipments {limits.max_transhipments}")
    lane = f"{net.places.label(ends[0])} to {net.places.label(ends[1])}"
    joint = "; ".join(binding)
    return BeyondLimitsError(f"no route from {lane} within the limits: {joint}", binding)

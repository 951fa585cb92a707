"""What searches price: the key of a profile, what is closed for it, and what binds when nothing is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute._core import MODES
from xroute.errors import InputError, UnknownPlaceError
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment
from xroute.vessel import Vessel, limits_met, unfit, vessel_of

if TYPE_CHECKING:
    from xroute._core import FoundRoute
    from xroute.network import Network

ALL_MODES = (1 << len(MODES)) - 1


def profile_key(
    shipment: Shipment, load: str, scenario: Scenario, modes: Sequence[str] | None, avoid: Sequence[str]
) -> Any:
    """A hashable key of everything that a metric depends on; `None` where a rate card is an object."""
    if not (scenario.rates is None or isinstance(scenario.rates, str)):
        return None
    day = shipment.ready.date() if shipment.ready else None  # rates are valid by day
    goods = (shipment.mass_kg, shipment.volume_m3, shipment.temperature, shipment.dangerous_goods, day)
    prices = (scenario.carbon_price_eur_t, scenario.value_of_time_eur_h, scenario.factor_pack, scenario.rates)
    closed = (
        scenario.closed_passages,
        scenario.open_passages,
        scenario.closed_hubs,
        scenario.closed_countries,
        vessel_of(scenario),
    )
    tables = tuple(
        tuple(sorted(table.items()))
        for table in (scenario.delays_h, scenario.speeds, scenario.exchange_rates)
    )
    return goods, load, prices, closed, tables, None if modes is None else _listed(modes), _listed(avoid)


def closures(
    net: Network, scenario: Scenario, modes: Sequence[str] | None, avoid: Sequence[str]
) -> dict[str, Any]:
    """Closed passages, hubs and countries, what a ship does not fit, and the allowed modes, for the core."""
    passages = net.core.default_closed
    services: list[int] = []
    for name in scenario.open_passages:
        passages &= ~_passage(net, name, "open_passages")
    for name in scenario.closed_passages:
        passages |= _passage(net, name, "closed_passages")
    hubs = {net.places.row(name) for name in scenario.closed_hubs}
    countries = {_country(net, name) for name in scenario.closed_countries}
    allowed = _modes(modes)
    for name in _listed(avoid):
        if name in net.core.passage_ids:
            passages |= _passage(net, name, "avoid")
        elif name in MODES:
            allowed &= ~(1 << MODES.index(name))
        elif name in net.core.countries and len(name) == 2:
            countries.add(_country(net, name))
        elif rows := net.services_of(name):
            services += rows
        else:
            hubs.add(_hub(net, name))
    return {
        "closed_passages": passages,
        "closed_hubs": sorted(hubs),
        "closed_countries": sorted(countries),
        "closed_services": sorted(services),
        "modes": allowed,
        **unfit(net, vessel_of(scenario)),
    }


def _listed(names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        return (names,)
    if not isinstance(names, Iterable):
        raise InputError(f"expected names, got {names!r}", column="modes or avoid")
    return tuple(names)


def _passage(net: Network, name: str, column: str) -> int:
    ids = net.core.passage_ids
    if name not in ids:
        raise InputError(
            f"no link carries a passage '{name}'; known: {', '.join(sorted(ids))}",
            table="scenario",
            column=column,
        )
    return 1 << ids.index(name)


def _country(net: Network, code: str) -> int:
    if code not in net.core.countries or not code:
        message = f"no hub or link lies in a country '{code}'; use ISO codes such as 'RU'"
        raise InputError(message, table="scenario", column="closed_countries")
    return net.core.countries.index(code)


def _hub(net: Network, name: str) -> int:
    try:
        return net.places.row(name)
    except UnknownPlaceError as error:
        raise InputError(
            f"'{name}' is no passage, mode, country, carrier or hub; passages: "
            f"{', '.join(sorted(net.core.passage_ids))}",
            column="avoid",
        ) from error


def _modes(modes: Sequence[str] | None) -> int:
    if modes is None:
        return ALL_MODES
    names = _listed(modes)
    for name in names:
        if name not in MODES:
            raise InputError(f"'{name}' is none of: {', '.join(MODES)}", column="modes")
    if not names:
        raise InputError("expected at least one mode", column="modes")
    return sum(1 << MODES.index(name) for name in set(names))


def what_binds(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> tuple[tuple[str, ...], str]:
    """What to lift so that a route exists: each alone, else all together, else nothing helps."""
    restrictions = _restrictions(net, scenario, modes, avoid)
    vessel = vessel_of(scenario)
    if vessel is not None:
        label = _vessel_label(net, vessel, ends, shipment, scenario, modes, avoid)
        restrictions[label] = ("vessel", "")
    alone = tuple(
        label
        for label, parts in restrictions.items()
        if _has_route(net, ends, shipment, *_without(scenario, modes, avoid, parts))
    )
    if alone:
        return alone, "lifting any one of these would open one: " + "; ".join(alone)
    bare = _without_vessel(
        _replaced(scenario, closed=(), opened=tuple(net.core.passage_ids), hubs=(), countries=())
    )
    if restrictions and _has_route(net, ends, shipment, bare, None, ()):
        return tuple(restrictions), "these bind together: " + "; ".join(restrictions)
    reason = "the network has no chain of links and services between them"
    return (), reason


Parts = tuple[str, str]


def _vessel_label(
    net: Network,
    vessel: Vessel,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> str:
    """The vessel with the limits that it would break on the shortest route without them."""
    raw = _shortest(net, ends, shipment, _without_vessel(scenario), modes, avoid)
    met = limits_met(net, vessel, raw) if raw is not None else ()
    return f"vessel {vessel.name}" + (f": {', '.join(met)}" if met else "")


def _restrictions(
    net: Network, scenario: Scenario, modes: Sequence[str] | None, avoid: Sequence[str]
) -> dict[str, Parts]:
    found: dict[str, Parts] = {}
    if modes is not None:
        listed = ", ".join(_listed(modes))
        found[f"modes limited to {listed}"] = ("modes", "")
    for name in scenario.closed_passages:
        found[f"passage {name} closed"] = ("passage", name)
    for bit, name in enumerate(net.core.passage_ids):
        if net.core.default_closed >> bit & 1 and name not in scenario.open_passages:
            found.setdefault(f"passage {name} closed by default", ("default", name))
    for name in scenario.closed_hubs:
        found[f"hub {name} closed"] = ("hub", name)
    for name in scenario.closed_countries:
        found[f"country {name} closed"] = ("country", name)
    for name in _listed(avoid):
        found[f"avoid {name}"] = ("avoid", name)
    return found


def _without(
    scenario: Scenario, modes: Sequence[str] | None, avoid: Sequence[str], parts: Parts
) -> tuple[Scenario, Sequence[str] | None, Sequence[str]]:
    kind, name = parts
    if kind == "vessel":
        return _without_vessel(scenario), modes, avoid
    if kind == "modes":
        return scenario, None, avoid
    if kind == "avoid":
        return scenario, modes, [each for each in _listed(avoid) if each != name]
    left = {
        "passage": [each for each in scenario.closed_passages if (kind, each) != parts],
        "hub": [each for each in scenario.closed_hubs if (kind, each) != parts],
        "country": [each for each in scenario.closed_countries if (kind, each) != parts],
    }
    opened = (*scenario.open_passages, name) if kind == "default" else scenario.open_passages
    return (
        _replaced(scenario, tuple(left["passage"]), opened, tuple(left["hub"]), tuple(left["country"])),
        modes,
        avoid,
    )


def _replaced(
    scenario: Scenario,
    closed: tuple[str, ...],
    opened: tuple[str, ...],
    hubs: tuple[str, ...],
    countries: tuple[str, ...],
) -> Scenario:
    return replace(
        scenario, closed_passages=closed, open_passages=opened, closed_hubs=hubs, closed_countries=countries
    )


def _without_vessel(scenario: Scenario) -> Scenario:
    return replace(scenario, vessel_class="", vessel_draft_m=None, vessel_beam_m=None)


def _has_route(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> bool:
    return _shortest(net, ends, shipment, scenario, modes, avoid) is not None


def _shortest(
    net: Network,
    ends: tuple[int, int],
    shipment: Shipment,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> FoundRoute | None:
    loads = LOADS if shipment.load is None else (shipment.load,)
    pricings = (net.priced(shipment, load, scenario, modes, avoid) for load in loads)
    routes = (priced.metric.route("distance", *ends) for priced in pricings)
    return next((raw for raw in routes if raw is not None), None)


def delays(net: Network, scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Hours that a scenario adds at hubs and in passages, by row of each."""
    hubs, passages = np.zeros(len(net.places)), np.zeros(len(net.core.passage_ids))
    for place, hours in scenario.delays_h.items():
        if place in net.core.countries and place:
            continue  # hours at the customs of a country: see clearance
        if place in net.core.passage_ids:
            passages[net.core.passage_ids.index(place)] += hours
        else:
            hubs[net.places.row(place)] += hours
    return {"hub_delay_h": hubs, "passage_delay_h": passages}

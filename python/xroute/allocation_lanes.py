"""Linehaul from warehouses to zones: by road, and where no road leads, over water or rails and by air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.allocation_inputs import AIR_KG, BOX_T, SURFACE, Floats, Tables, same_region
from xroute.errors import NoRouteError
from xroute.rates import CONTAINER_M3, KG_PER_M3
from xroute.scenario import Scenario
from xroute.shipment import Shipment

if TYPE_CHECKING:
    from xroute.route import Route

NEAREST = 3
"""A zone that no road reaches is served by its nearest warehouses, so many at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of linehaul: the load it is priced by, "FCL" or "AIR", and the modes it may use."""

    name: str
    load: str
    goods: Shipment
    modes: tuple[str, ...]


_BOX = Shipment(mass_kg=BOX_T * 1000, volume_m3=CONTAINER_M3, load="FCL")
_TONNE = Shipment(mass_kg=AIR_KG, volume_m3=AIR_KG / KG_PER_M3["air"], load="LCL")
WAYS = (
    Way(name="road", load="FCL", goods=_BOX, modes=("road",)),
    Way(name="surface", load="FCL", goods=_BOX, modes=SURFACE),
    Way(name="air", load="AIR", goods=_TONNE, modes=("air", "road")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Linehaul by way, warehouse and zone: EUR a load, days, kg CO2e a tonne, km; NaN where there is none.

    `mode_chain` holds the modes in order, such as `road+sea+road`.
    """

    cost_eur: Floats
    days: Floats
    co2e_kg_per_t: Floats
    distance_km: Floats
    mode_chain: np.ndarray[Any, np.dtype[np.object_]]


def lanes(tables: Tables, scenario: Scenario) -> Lanes:
    """The cheapest linehaul of each way for every warehouse and zone of one region."""
    shape = len(WAYS), len(tables.warehouse_hubs), len(tables.zones)
    found = Lanes(
        cost_eur=np.full(shape, np.nan),
        days=np.full(shape, np.nan),
        co2e_kg_per_t=np.full(shape, np.nan),
        distance_km=np.full(shape, np.nan),
        mode_chain=np.full(shape, "road", dtype=object),
    )
    inside = same_region(tables)
    _by_road(tables, scenario, inside, found)
    for zone in np.flatnonzero(np.isnan(found.cost_eur[0]).all(axis=0)):
        for store in _nearest(tables, int(zone), inside):
            for number, way in enumerate(WAYS[1:], 1):
                route = route_of(tables, scenario, way, (store, int(zone)))
                if route is not None and route.mode_chain != "road":
                    _keep(found, (number, store, int(zone)), way, route)
    return found


def _by_road(
    tables: Tables, scenario: Scenario, inside: np.ndarray[Any, np.dtype[np.bool_]], found: Lanes
) -> None:
    way = WAYS[0]
    road = tables.net.matrix(
        tables.warehouse_hubs, tables.zone_hubs, shipment=way.goods, modes=way.modes, scenario=scenario
    )
    found.cost_eur[0] = np.where(inside, road.cost_eur, np.nan)
    found.days[0] = np.where(inside, road.duration_h / 24, np.nan)
    found.co2e_kg_per_t[0] = np.where(inside, road.wtw_co2e_kg / way.goods.mass_t, np.nan)
    found.distance_km[0] = np.where(inside, road.distance_km, np.nan)


def _keep(found: Lanes, at: tuple[int, int, int], way: Way, route: Route) -> None:
    found.cost_eur[at] = route.cost_eur
    found.days[at] = route.duration_h / 24
    found.co2e_kg_per_t[at] = route.footprint.wtw_co2e_kg / way.goods.mass_t
    found.distance_km[at] = route.distance_km
    found.mode_chain[at] = route.mode_chain


def _nearest(tables: Tables, zone: int, inside: np.ndarray[Any, np.dtype[np.bool_]]) -> list[int]:
    """The nearest warehouses of the zone's region by great circle, nearest first."""
    places = tables.net.places
    ends = [places.row(hub) for hub in (*tables.warehouse_hubs, tables.zone_hubs[zone])]
    lat, lon = np.radians(places.lat[ends]), np.radians(places.lon[ends])
    cosine = np.sin(lat) * np.sin(lat[-1]) + np.cos(lat) * np.cos(lat[-1]) * np.cos(lon - lon[-1])
    angle = np.where(inside[:, zone], np.arccos(np.clip(cosine[:-1], -1.0, 1.0)), np.inf)
    order = np.argsort(angle, kind="stable")[:NEAREST]
    return [int(store) for store in order if np.isfinite(angle[store])]


def route_of(tables: Tables, scenario: Scenario, way: Way, lane: tuple[int, int]) -> Route | None:
    """The cheapest route of a way from a warehouse to a zone, both by row; `None` where there is none."""
    store, zone = lane
    try:
        return tables.net.route(
            tables.warehouse_hubs[store],
            tables.zone_hubs[zone],
            shipment=way.goods,
            modes=way.modes,
            scenario=scenario,
        )
    except NoRouteError:
        return None

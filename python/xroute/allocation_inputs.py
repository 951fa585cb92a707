"""From tables and a network to the candidates of an allocation: first legs, deliveries and fees."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import schema
from xroute.errors import InputError, NoRouteError
from xroute.rate_card import card as rate_card
from xroute.rates import CONTAINER_M3, CONTAINER_T, KG_PER_M3
from xroute.route import Route
from xroute.scenario import Scenario
from xroute.shipment import Shipment
from xroute.storage import package_data
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute.network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]
Columns = dict[str, np.ndarray[Any, Any]]

BOX_T = 12.0
"""Tonnes in the box that first legs are searched with: about what consumer goods weigh in 57 m3."""
AIR_KG = 1000.0
SURFACE = ("sea", "rail", "road", "inland_waterway", "ferry")
WEEKS_A_MONTH = 52 / 12
COVER_WEEKS = 4.0
"""Weeks of cover of a product that does not say; team estimate, low confidence."""
ROUND_KM = 30.0
"""Direct distance that a parcel rides in a van from the depot to the door; team estimate, low confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLeg:
    """One route from an origin to a warehouse for one kind of load: EUR for a load, kg CO2e a tonne."""

    route_id: str
    origin: int
    warehouse: int
    load: str  # FCL, LCL or AIR
    route: Route
    cost_eur: float
    co2e_kg_per_t: float
    least_eur: float = 0.0
    """What the least shipment pays: the least quantity of the carrier and clearance; 0 for a full box."""

    @property
    def days(self) -> float:
        """Likely days from door to door."""
        return self.route.duration_h / 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The checked tables of an allocation and the network with a hub at every place in them."""

    net: Network
    origins: tuple[str, ...]
    warehouses: Columns
    warehouse_hubs: tuple[str, ...]
    demand: Columns
    zones: tuple[str, ...]
    zone_hubs: tuple[str, ...]
    zone_of: np.ndarray[Any, np.dtype[np.intp]]
    product_of: np.ndarray[Any, np.dtype[np.intp]]
    products: Columns
    periods: tuple[str, ...] = ("",)
    period_of: np.ndarray[Any, np.dtype[np.intp]] | None = None
    """Names of the periods in order, and the period of each row of the demand table (`None`: one period)."""

    def in_period(self, period: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows of the demand table are of a period."""
        if self.period_of is None:
            return np.ones(len(self.zone_of), dtype=bool)
        return np.asarray(self.period_of == period)


def read(
    net: Network,
    origins: Sequence[Any],
    warehouses: Any,
    demand: Any,
    products: Any,
    *,
    idle: tuple[str, ...] = (),
) -> Tables:
    """Reads and checks the tables; places become hubs. Raises `InputError` with table, row and column.

    `idle` are columns of options that were not asked for: a warning names those that stand in a table.
    """
    stores = _with_fees(schema.check("warehouses", read_table(warehouses, table="warehouses")))
    goods = schema.check("products", read_table(products, table="products"))
    wanted = schema.check("demand", read_table(demand, table="demand"))
    for table, columns in (("warehouses", stores), ("products", goods), ("demand", wanted)):
        schema.warn_unused(table, columns, set(USED[table]) - set(idle))
    _check_rows({"warehouses": stores, "products": goods, "demand": wanted}, origins)
    wanted, origins = _by_zone(wanted), sorted(origins, key=str)
    stores, goods = _by_id(stores, "warehouse_id"), _by_id(goods, "product_id")
    zones = tuple(dict.fromkeys(wanted["zone_id"].tolist()))
    first = [wanted["zone_id"].tolist().index(zone) for zone in zones]
    zone_places = [_place(wanted, row, "place", "demand") for row in first]
    store_places = [_place(stores, row, "hub_id", "warehouses") for row in range(len(stores["warehouse_id"]))]
    located, hubs = net.located([*origins, *store_places, *zone_places])
    ids = [located.find(hub) for hub in hubs]
    known = goods["product_id"].tolist()
    periods = _periods(wanted)
    ends = len(origins), len(origins) + len(store_places)
    return Tables(
        net=located, origins=tuple(ids[: ends[0]]), warehouses=stores,
        warehouse_hubs=tuple(ids[ends[0] : ends[1]]), demand=wanted, zones=zones,
        zone_hubs=tuple(ids[ends[1] :]),
        zone_of=np.array([zones.index(zone) for zone in wanted["zone_id"]], dtype=np.intp),
        product_of=np.array([known.index(product) for product in wanted["product_id"]], dtype=np.intp),
        products=goods,
        periods=periods,
        period_of=_period_of(wanted, periods),
    )  # fmt: skip


def _by_id(table: Columns, name: str) -> Columns:
    """Rows in the order of their ids, so that the order of a file changes no byte of an answer."""
    order = np.argsort([str(each) for each in table[name]], kind="stable")
    return {column: values[order] for column, values in table.items()}


def _periods(demand: Columns) -> tuple[str, ...]:
    """The periods of a demand table in order: numbers by value, else as text."""
    if "period" not in demand:
        return ("",)
    names = sorted({str(each) for each in demand["period"]})
    with contextlib.suppress(ValueError):
        names.sort(key=float)
    return tuple(names)


def _period_of(demand: Columns, periods: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.intp]] | None:
    if "period" not in demand:
        return None
    at = {name: number for number, name in enumerate(periods)}
    return np.array([at[str(each)] for each in demand["period"]], dtype=np.intp)


def _by_zone(demand: Columns) -> Columns:
    """The rows by zone, product and period, so that their order in the file changes no bit of an answer."""
    period = demand.get("period", np.full(len(demand["zone_id"]), "", dtype=object))
    columns = (demand["zone_id"], demand["product_id"], period)
    keys = list(zip(*(column.tolist() for column in columns), strict=True))
    order = sorted(range(len(keys)), key=lambda row: tuple(str(part) for part in keys[row]))
    return {name: values[order] for name, values in demand.items()}


def _check_rows(tables: Mapping[str, Columns], origins: Sequence[Any]) -> None:
    """Rows in every table, products that are known, one place for a zone, one row for a zone's product."""
    for table, columns in tables.items():
        if not len(next(iter(columns.values()))):
            raise InputError("expected at least one row", table=table)
    if not len(origins):
        raise InputError("expected at least one origin", column="origins")
    demand, known = tables["demand"], set(tables["products"]["product_id"].tolist())
    places: dict[str, Any] = {}
    asked: set[tuple[str, str, str]] = set()
    period = demand.get("period", np.full(len(demand["zone_id"]), "", dtype=object))
    for row, (zone, product, when) in enumerate(
        zip(demand["zone_id"], demand["product_id"], period, strict=True)
    ):
        place = _place(demand, row, "place", "demand")
        fault = ""
        if product not in known:
            fault = f"product '{product}' is not in the products table"
        elif (zone, product, when) in asked:
            fault = f"zone '{zone}' asks for '{product}' in an earlier row too"
        if fault:
            raise InputError(fault, table="demand", row=row + 1, column="product_id")
        if places.setdefault(zone, place) != place:
            message = f"zone '{zone}' is at {places[zone]} in an earlier row"
            raise InputError(message, table="demand", row=row + 1, column="place")
        asked.add((zone, product, when))


FEES = {
    "capacity_m3": math.inf, "fixed_eur_per_month": 0.0, "storage_eur_per_m3_week": 0.0,
    "inbound_eur_per_m3": 0.0, "outbound_eur_to_1kg": 0.0, "outbound_eur_to_5kg": 0.0,
    "outbound_eur_to_30kg": 0.0, "outbound_eur_above": 0.0,
}  # fmt: skip


KEEPS = ("capacity_kg", "is_cold", "takes_dangerous_goods")
"""Optional columns of warehouses that say what may be kept in them."""


USED = {
    "warehouses": (
        "warehouse_id",
        "name",
        "kind",
        "hub_id",
        "lat",
        "lon",
        "region",
        "country",
        *FEES,
        *KEEPS,
        *("opening_eur", "is_open_before"),
    ),
    "products": (
        *("product_id", "name", "mass_kg", "volume_m3", "value_eur", "dangerous_goods", "air_allowed"),
        *("cover_weeks", "max_first_leg_days", "temperature", "placement", "return_rate"),
    ),
    "demand": (
        "zone_id",
        "place",
        "lat",
        "lon",
        "name",
        "country",
        "region",
        "product_id",
        "units",
        "max_days",
        "period",
        "sigma_units",
    ),
}
"""Columns of the three tables that the model or its tables use."""


def _with_fees(stores: Columns) -> Columns:
    rows = len(stores["warehouse_id"])
    for name, default in FEES.items():
        values = stores.get(name, np.full(rows, math.nan))
        stores[name] = np.array([_fee(value, name, row) for row, value in enumerate(values, 1)])
        stores[name] = np.where(np.isnan(stores[name]), default, stores[name])
    for name in ("region", "country"):
        stores.setdefault(name, np.full(rows, "", dtype=object))
    return stores


def _fee(value: Any, column: str, row: int) -> float:
    try:
        number = math.nan if value in ("", None) else float(value)
    except (TypeError, ValueError):
        number = -1.0
    if number < 0 or math.isinf(number):
        raise InputError(f"expected a number of at least 0, got {value!r}", table="warehouses", row=row,
                         column=column)  # fmt: skip
    return number


def _place(columns: Columns, row: int, name: str, table: str) -> Any:
    place = columns[name][row] if name in columns else ""
    if place:
        return place
    lat, lon = (columns[each][row] if each in columns else math.nan for each in ("lat", "lon"))
    if math.isnan(lat) or math.isnan(lon):
        raise InputError(f"expected {name}, or lat and lon", table=table, row=row + 1, column=name)
    return (float(lat), float(lon))


# --- first legs --------------------------------------------------------------------------------------


def first_legs(tables: Tables, scenario: Scenario) -> list[FirstLeg]:
    """Candidate routes of every origin and warehouse, thinned from the Pareto sets of a box, LCL and air."""
    found: list[FirstLeg] = []
    for origin, start in enumerate(tables.origins):
        for warehouse, end in enumerate(tables.warehouse_hubs):
            for load, goods, modes in _loads():
                for route in _thinned(_front(tables.net, start, end, goods, modes, scenario)):
                    number = len(found) + 1
                    co2e = route.footprint.wtw_co2e_kg / goods.mass_t
                    found.append(
                        FirstLeg(route_id=f"R{number:03d}", origin=origin, warehouse=warehouse, load=load,
                                 route=route, cost_eur=route.cost_eur, co2e_kg_per_t=co2e,
                                 least_eur=_least_eur(route, load, scenario))
                    )  # fmt: skip
    return found


def _loads() -> tuple[tuple[str, Shipment, tuple[str, ...]], ...]:
    box = Shipment(mass_kg=BOX_T * 1000, volume_m3=CONTAINER_M3, load="FCL")
    part = Shipment(mass_kg=BOX_T * 1000, volume_m3=CONTAINER_M3, load="LCL")
    air = Shipment(mass_kg=AIR_KG, volume_m3=AIR_KG / KG_PER_M3["air"], load="LCL")
    return ("FCL", box, SURFACE), ("LCL", part, SURFACE), ("AIR", air, ("air", "road"))


def _front(
    net: Network, start: str, end: str, goods: Shipment, modes: tuple[str, ...], scenario: Scenario
) -> list[Route]:
    try:
        return list(net.pareto(start, end, shipment=goods, scenario=scenario, modes=modes, resolution=CELLS))
    except NoRouteError:
        return []  # this kind of load does not join the two places


LOADS = {"LCL": CONTAINER_M3, "AIR": AIR_KG}
"""The billed quantity of the part loads that first legs are searched with: w/m and kg."""


def _least_eur(route: Route, load: str, scenario: Scenario) -> float:
    """What the smallest shipment pays on a route: the carrier's least quantity at the mean price, and
    clearance in full."""
    if load not in LOADS:
        return 0.0
    unit = "kg_chargeable" if load == "AIR" else "w_m"
    rates = rate_card(scenario.rates)
    known = (*rates.rates, *(rates.fallback.rates if rates.fallback is not None else ()))
    fitting = [rate for rate in known if rate.unit == unit and rate.mode == route.main_haul]
    least = max((rate.minimum_quantity for rate in fitting if rate.load in ("", load)), default=0.0)
    once = sum(line.amount_eur for line in route.cost_lines if line.what.endswith("clearance"))
    return once + (route.cost_eur - once) * least / LOADS[load]


CELLS = {"cost": 20.0, "time": 6.0, "co2e": 20.0}


def _thinned(front: list[Route]) -> list[Route]:
    """The cheapest route of each set of modes, and the fastest and the cleanest of all."""
    if not front:
        return []
    kept: dict[str, Route] = {}
    for route in front:
        best = kept.get(route.main_modes)
        if best is None or (route.cost_eur, route.duration_h) < (best.cost_eur, best.duration_h):
            kept[route.main_modes] = route
    chosen = list(kept.values())
    for extreme in (
        min(front, key=lambda route: (route.duration_h, route.cost_eur)),
        min(front, key=lambda route: (route.co2e_g_t, route.cost_eur)),
    ):
        if all(extreme is not route for route in chosen):
            chosen.append(extreme)
    return sorted(chosen, key=lambda route: (route.cost_eur, route.duration_h))


def units_in_load(load: str, mass_kg: float, volume_m3: float) -> float:
    """Units of a product that share one load: a box by volume and payload, or 1 t chargeable by air.

    >>> units_in_load("FCL", 8.0, 0.06), units_in_load("AIR", 0.5, 0.004)
    (950.0, 1497.005988023952)
    """
    if load == "AIR":
        return AIR_KG / max(mass_kg, volume_m3 * KG_PER_M3["air"])
    if load == "LCL":
        return CONTAINER_M3 / max(volume_m3, mass_kg / 1000.0)
    return float(max(1, math.floor(min(CONTAINER_M3 / volume_m3, CONTAINER_T * 1000 / mass_kg) + 1e-9)))


def flies(products: Columns, row: int) -> bool:
    """Whether a product may go by air: dangerous goods only where `air_allowed` says so."""
    dangerous = bool(products["dangerous_goods"][row]) if "dangerous_goods" in products else False
    allowed = products.get("air_allowed")
    return not dangerous if allowed is None or allowed[row] in ("", None) else _yes(allowed[row])


def most_first_leg_days(products: Columns, row: int) -> float:
    """The most days that a product may be on its first leg; infinite where it does not say."""
    value = products.get("max_first_leg_days")
    if value is None or value[row] in ("", None) or math.isnan(float(value[row])):
        return math.inf
    return float(value[row])


def _yes(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "1.0", "yes")


# --- deliveries --------------------------------------------------------------------------------------


def zone_regions(tables: Tables) -> np.ndarray[Any, Any]:
    """The region of every zone; empty where the demand table names none."""
    if "region" not in tables.demand:
        return np.full(len(tables.zones), "", dtype=object)
    first = [int(np.argmax(tables.zone_of == zone)) for zone in range(len(tables.zones))]
    return np.asarray(tables.demand["region"][first])


def same_region(tables: Tables) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether a warehouse may serve a zone, (w, z): both in one region, where the tables name regions."""
    if "region" not in tables.demand:
        return np.ones((len(tables.warehouse_hubs), len(tables.zones)), dtype=bool)
    first = [int(np.argmax(tables.zone_of == zone)) for zone in range(len(tables.zones))]
    zone = tables.demand["region"][first]
    store = tables.warehouses["region"]
    same: np.ndarray[Any, np.dtype[np.bool_]] = (store[:, None] == zone[None, :]) | (store[:, None] == "")
    return same


@dataclass(frozen=True, slots=True)
class Parcel:
    """The last mile of a country for a weight: EUR a parcel and likely days."""

    cost_eur: float
    days: float


def parcel(country: str, mass_kg: float) -> Parcel:
    """What a parcel of a mass costs in a country, by the shipped indicative table.

    Raises `InputError` for a country or a mass that the table does not have.
    """
    for row in _last_mile():
        if row["country"] == country and row["from_kg"] <= mass_kg <= row["to_kg"]:
            return Parcel(row["fixed_eur"] + row["per_kg_eur"] * mass_kg, row["days_likely"])
    raise InputError(
        f"no last-mile tariff for {mass_kg:g} kg in '{country}'", table="last_mile", column="country"
    )


@cache
def _last_mile() -> tuple[Mapping[str, Any], ...]:
    columns = read_table(package_data("curated", "last_mile.csv"), table="last_mile")
    return tuple(dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))


def label(tables: Tables, hub: str) -> str:
    """The name of a hub for people."""
    places = tables.net.places
    return places.label(places.row(hub))


def zone_countries(tables: Tables) -> list[str]:
    """The country of every zone."""
    places = tables.net.places
    return [places.country[places.row(hub)] for hub in tables.zone_hubs]


def warehouse_countries(tables: Tables) -> list[str]:
    """The country of every warehouse."""
    places = tables.net.places
    return [places.country[places.row(hub)] for hub in tables.warehouse_hubs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """Fees of every warehouse and product, EUR a unit."""

    inbound: Floats
    storage: Floats
    outbound: Floats


def stock_m3(products: Columns) -> Floats:
    """Average stock of one monthly unit, m3: volume times the weeks of cover over the weeks of a month."""
    return np.asarray(products["volume_m3"] * cover_weeks(products) / WEEKS_A_MONTH, dtype=np.float64)


def cover_weeks(products: Columns) -> Floats:
    """The mean weeks of demand that stock covers, by product."""
    cover = products.get("cover_weeks", np.full(len(products["product_id"]), COVER_WEEKS))
    return np.asarray(cover, dtype=np.float64)


def fees(tables: Tables) -> Fees:
    """Inbound by volume, storage by average stock and weeks, outbound by the weight band of a unit."""
    stores, goods = tables.warehouses, tables.products
    storage = stores["storage_eur_per_m3_week"][:, None] * (stock_m3(goods) * WEEKS_A_MONTH)[None, :]
    inbound = stores["inbound_eur_per_m3"][:, None] * goods["volume_m3"][None, :]
    return Fees(inbound=inbound, storage=storage, outbound=_outbound(stores, goods))


def _outbound(stores: Columns, goods: Columns) -> Floats:
    bands = ((1.0, "outbound_eur_to_1kg"), (5.0, "outbound_eur_to_5kg"), (30.0, "outbound_eur_to_30kg"))
    by_product = []
    for mass in goods["mass_kg"]:
        name = next((name for most, name in bands if mass <= most), "outbound_eur_above")
        by_product.append(stores[name])
    return np.stack(by_product, axis=1).astype(np.float64)

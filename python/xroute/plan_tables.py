"""The tables of a plan: routes, legs, zones, money and emissions, each total the sum of its lines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation import Allocation
from xroute.allocation_lanes import WAYS, route_of
from xroute.allocation_ledger import IN_TABLES, other_eur, pipeline_eur
from xroute.allocation_tables import table_of, throughput
from xroute.errors import InternalError
from xroute.factors import basis_of, load_pack
from xroute.lines import OVER_OPEN_SPACE, densified, split_antimeridian, wkt_of
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation_inputs import FirstLeg
    from xroute.footprint import FootprintLine
    from xroute.route import CostLine, Leg

ROUTES = (
    "route_id",
    "origin_id",
    "origin",
    "warehouse_id",
    "mode_chain",
    "load",
    "cost_eur_per_load",
    "duration_h",
    "duration_low_h",
    "duration_high_h",
    "distance_km",
    "line_km",
    "wtt_co2e_kg_per_t",
    "ttw_co2e_kg_per_t",
    "wtw_co2e_kg_per_t",
    "ets_eur_per_load",
    "used_units",
    "used_t",
    "indicative",
)
LEGS = (
    "route_id",
    "leg",
    "mode",
    "origin_id",
    "origin_name",
    "destination_id",
    "destination_name",
    "distance_km",
    "duration_h",
    "cost_eur",
    "wtt_co2e_kg",
    "ttw_co2e_kg",
    "wtw_co2e_kg",
    "passages",
    "wkt",
)
ZONES = (
    "zone_id",
    "name",
    "country",
    "lat",
    "lon",
    "orders",
    "warehouse_id",
    "kg_co2e_per_order",
    "eur_per_order",
    "days",
)
COST_LINES = ("line", "entity", "amount_eur", "indicative")
FOOTPRINT_LINES = (
    "element",
    "entity",
    "mode",
    "mass_t",
    "distance_km",
    "distance_basis",
    "adjustment",
    "factor_id",
    "pack",
    "licence",
    "category",
    "confidence",
    "wtt_co2e_kg",
    "ttw_co2e_kg",
    "wtw_co2e_kg",
)


class Used:
    """Units and tonnes by route of an allocation, in the order of the routes."""

    def __init__(self, allocation: Allocation) -> None:
        count = len(allocation.legs)
        route, units = allocation.candidates.leg_route, allocation.decision.first_units
        mass_t = allocation.tables.products["mass_kg"][allocation.problem.first.product] / 1000
        eur = allocation.problem.first.eur
        held = np.bincount(route, weights=pipeline_eur(allocation), minlength=count)
        self.units = np.bincount(route, weights=units, minlength=count)
        self.tonnes = np.bincount(route, weights=units * mass_t, minlength=count)
        self.eur = np.bincount(route, weights=units * eur, minlength=count) - held
        self.legs = [(at, leg) for at, leg in enumerate(allocation.legs) if self.units[at] > 0]


def routes(allocation: Allocation, used: Used) -> Table:
    """One row for each route that freight takes; money for a load, emissions for a tonne."""
    tables = allocation.tables
    rows = []
    for at, leg in used.legs:
        route, load_t = leg.route, _load_t(leg)
        rows.append(
            {
                "route_id": leg.route_id, "origin_id": tables.origins[leg.origin],
                "origin": inputs.label(tables, tables.origins[leg.origin]),
                "warehouse_id": tables.warehouses["warehouse_id"][leg.warehouse],
                "mode_chain": route.mode_chain, "load": leg.load, "cost_eur_per_load": leg.cost_eur,
                "duration_h": route.duration_h, "duration_low_h": route.duration_low_h,
                "duration_high_h": route.duration_high_h, "distance_km": route.distance_km,
                "line_km": route.line_km, "wtt_co2e_kg_per_t": route.footprint.wtt_co2e_kg / load_t,
                "ttw_co2e_kg_per_t": route.footprint.ttw_co2e_kg / load_t,
                "wtw_co2e_kg_per_t": route.footprint.wtw_co2e_kg / load_t,
                "ets_eur_per_load": route.policy(scenario=allocation.scenario).ets_eur,
                "used_units": float(used.units[at]), "used_t": float(used.tonnes[at]),
                "indicative": route.is_indicative,
            }
        )  # fmt: skip
    return table_of(rows, ROUTES)


def _load_t(leg: FirstLeg) -> float:
    """Tonnes in the load that a route was priced with."""
    return inputs.AIR_KG / 1000 if leg.load == "AIR" else inputs.BOX_T


def legs(used: Used) -> Table:
    """One row for each leg of the used routes: money and emissions of one load, and where it runs."""
    rows = []
    for _, first in used.legs:
        for number, leg in enumerate(first.route.legs, 1):
            rows.append(
                {
                    "route_id": first.route_id, "leg": number, "mode": leg.mode, "origin_id": leg.origin,
                    "origin_name": leg.origin_name, "destination_id": leg.destination,
                    "destination_name": leg.destination_name, "distance_km": leg.distance_km,
                    "duration_h": leg.duration_h, "cost_eur": leg.cost_eur, "wtt_co2e_kg": leg.wtt_co2e_kg,
                    "ttw_co2e_kg": leg.ttw_co2e_kg, "wtw_co2e_kg": leg.wtw_co2e_kg,
                    "passages": ";".join(leg.passages), "wkt": _wkt(leg),
                }
            )  # fmt: skip
    return table_of(rows, LEGS)


def _wkt(leg: Leg) -> str:
    line = densified(leg.coordinates) if leg.mode in OVER_OPEN_SPACE else leg.coordinates
    return wkt_of(split_antimeridian(line))


def zones(allocation: Allocation, first_legs: Table, deliveries: Table) -> Table:
    """One row for each zone: orders, its largest supplier, and money, kg CO2e and days of an order."""
    tables, places = allocation.tables, allocation.tables.net.places
    upstream = _upstream(first_legs, allocation)
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    by_store: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in deliveries.rows():
        units, zone = row["units"], sums[row["zone_id"]]
        eur, kg = upstream[row["warehouse_id"], row["product_id"]]
        zone["units"] += units
        zone["eur"] += row["cost_eur"] + units * eur
        zone["kg"] += row["wtw_co2e_kg"] + units * kg
        zone["days"] += row["days"] * units
        by_store[row["zone_id"]][row["warehouse_id"]] += units
    names = tables.demand.get("name", tables.demand["zone_id"])
    rows = []
    for at, zone_id in enumerate(tables.zones):
        place, sum_ = places.row(tables.zone_hubs[at]), sums[zone_id]
        first = int(np.argmax(tables.zone_of == at))
        stores = by_store[zone_id]
        orders = sum_["units"] or float("nan")
        rows.append(
            {
                "zone_id": zone_id, "name": str(names[first]), "country": places.country[place],
                "lat": float(places.lat[place]), "lon": float(places.lon[place]), "orders": sum_["units"],
                "warehouse_id": max(stores, key=lambda store: (stores[store], store)) if stores else "",
                "kg_co2e_per_order": sum_["kg"] / orders, "eur_per_order": sum_["eur"] / orders,
                "days": sum_["days"] / orders,
            }
        )  # fmt: skip
    return table_of(rows, ZONES)


def _upstream(first_legs: Table, allocation: Allocation) -> dict[tuple[str, str], tuple[float, float]]:
    """EUR and kg CO2e of one unit that leaves a warehouse: first leg, fees, shares of fixed ones."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in first_legs.rows():
        sum_ = sums[row["warehouse_id"], row["product_id"]]
        for at, name in enumerate(("units", "cost_eur", "wtw_co2e_kg")):
            sum_[at] += row[name]
    through = throughput(allocation).sum(axis=1)
    ids = allocation.tables.warehouses["warehouse_id"].tolist()
    known, parts = allocation.tables.products["product_id"].tolist(), allocation.candidates.parts
    problem = allocation.problem
    shared = problem.fixed_eur + other_eur(allocation)
    on_way = np.zeros((len(ids), len(known)))
    np.add.at(on_way, (problem.first.warehouse, problem.first.product), pipeline_eur(allocation))
    found = {}
    for (store, product), (units, eur, kg) in sums.items():
        at = ids.index(store)
        fixed = float(shared[at]) / through[at] if through[at] > 0 else 0.0
        fees = float(parts.handling_eur[at, known.index(product)])
        handling_kg = float(parts.warehouse_kg[at, known.index(product)])
        eur += float(on_way[at, known.index(product)])
        found[store, product] = (eur / units + fixed + fees, kg / units + handling_kg)
    return found


# --- money -------------------------------------------------------------------------------------------


def cost_lines(allocation: Allocation, used: Used, warehouses: Table) -> Table:
    """Money a month by line; the lines add up to the cost of the allocation."""
    tables = allocation.tables
    rows: list[dict[str, Any]] = []

    def line(name: str, entity: str, amount: float, *, indicative: bool) -> None:
        if amount:
            rows.append({"line": name, "entity": entity, "amount_eur": amount, "indicative": indicative})

    for at, leg in used.legs:
        store = tables.warehouses["warehouse_id"][leg.warehouse]
        loads = float(used.eur[at]) / leg.route.cost_eur
        for what, (amount, indicative) in _by_what(leg.route.cost_lines).items():
            line(f"first leg: {what}", f"{leg.route_id} to {store}", amount * loads, indicative=indicative)
    found, units = allocation.problem.delivery, allocation.decision.delivery_units
    parts = allocation.candidates.parts
    haul = parts.linehaul_eur[allocation.candidates.delivery_at] * units
    by_store = np.bincount(found.warehouse, weights=haul, minlength=len(tables.warehouse_hubs))
    for store, amount in zip(tables.warehouses["warehouse_id"], by_store, strict=True):
        line("linehaul to zones", str(store), float(amount), indicative=True)
    parcels = parts.parcel_eur[found.zone, found.product] * units
    by_country: dict[str, float] = defaultdict(float)
    countries = inputs.zone_countries(tables)
    for zone, amount in zip(found.zone, parcels, strict=True):
        by_country[countries[zone]] += float(amount)
    for country in sorted(by_country):
        line("parcel to the door", country, by_country[country], indicative=True)
    for name, entity, amount, indicative in _fees_and_stock(allocation):
        line(name, entity, amount, indicative=indicative)
    for row in warehouses.rows():
        for name in ("inbound", "storage", "outbound", "fixed"):
            line(f"warehouse {name}", row["warehouse_id"], row[f"{name}_eur"], indicative=False)
    return table_of(rows, COST_LINES)


def _fees_and_stock(allocation: Allocation) -> Iterator[tuple[str, str, float, bool]]:
    """Least charges by route; tiered fees and what stock costs by warehouse."""
    least = {each.name for each in allocation.problem.least_charges}
    for row in allocation.fees().rows():
        if row["fee"] in least:
            yield "least charge of groupage and air", row["fee"].split(" of ")[-1], row["fee_eur"], True
    told = {f"fee: {name.split(' of ')[0]}" for name in least} | (IN_TABLES - {"pipeline stock"})
    for row in allocation.ledger().rows():
        if row["line"] not in told:
            yield row["line"], row["warehouse_id"], row["amount_eur"], False


def _by_what(lines: Sequence[CostLine]) -> dict[str, tuple[float, bool]]:
    """Money of a load by what it is for: freight and fixed charge by mode, handling, clearance."""
    sums: dict[str, tuple[float, bool]] = {}
    for line in lines:
        amount, indicative = sums.get(line.what, (0.0, False))
        sums[line.what] = amount + line.amount_eur, indicative or line.is_indicative
    return sums


# --- carbon ------------------------------------------------------------------------------------------


def footprint_lines(allocation: Allocation, used: Used) -> Table:
    """Kilograms of CO2e a month by element with factor, licence and category; they add up to the total."""
    rows: list[dict[str, Any]] = []
    for at, leg in used.legs:
        share = float(used.tonnes[at]) / _load_t(leg)
        rows += [_first_leg_row(line, leg.route_id, share) for line in leg.route.footprint.lines]
    rows += _linehaul_rows(allocation)
    return table_of([*rows, *_last_rows(allocation)], FOOTPRINT_LINES)


def emissions_trading_eur(allocation: Allocation, used: Used) -> float:
    """What the EU and UK schemes ask for the month's first legs, EUR; in no cost line: rates may hold it."""
    return math.fsum(
        leg.route.policy(scenario=allocation.scenario).ets_eur * float(used.tonnes[at]) / _load_t(leg)
        for at, leg in used.legs
    )


def _first_leg_row(line: FootprintLine, route_id: str, share: float) -> dict[str, Any]:
    """A line of a first leg: the stage is its element, route and lane (or hub) are its entity."""
    stage = "handling on first legs" if line.mode == "hub" else "first leg"
    return _row_of(line, f"{route_id}: {line.element}", share) | {"element": stage}


def _row_of(line: FootprintLine, entity: str, share: float) -> dict[str, Any]:
    """A footprint line of one load as a row of the month."""
    wtt, ttw = line.wtt_co2e_kg * share, line.ttw_co2e_kg * share
    factor = line.factor
    return {
        "element": line.element, "entity": entity, "mode": line.mode, "mass_t": line.mass_kg / 1000 * share,
        "distance_km": line.distance_km, "distance_basis": line.distance_basis, "adjustment": line.adjustment,
        "factor_id": factor.factor_id, "pack": factor.pack_id, "licence": factor.licence,
        "category": factor.category, "confidence": factor.confidence, "wtt_co2e_kg": wtt, "ttw_co2e_kg": ttw,
        "wtw_co2e_kg": wtt + ttw,
    }  # fmt: skip


def _linehaul_rows(allocation: Allocation) -> list[dict[str, Any]]:
    """Linehaul by warehouse and mode: the month's emissions by the lines of each lane's route."""
    found, units, tables = allocation.problem.delivery, allocation.decision.delivery_units, allocation.tables
    parts = allocation.candidates.parts
    mass_t = tables.products["mass_kg"][found.product] / 1000 * units
    way, kg = allocation.candidates.delivery_way, parts.linehaul_kg[allocation.candidates.delivery_at] * units
    lanes: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for at in np.flatnonzero(units > 0):
        lane = lanes[int(way[at]), int(found.warehouse[at]), int(found.zone[at])]
        lane[0] += float(mass_t[at])
        lane[1] += float(kg[at])
    sums: dict[tuple[str, str, str], dict[str, Any]] = {}
    for (number, store, zone), (tonnes, total) in lanes.items():
        for line, share in _lane_lines(allocation, number, (store, zone)):
            name = str(tables.warehouses["warehouse_id"][store])
            _add(sums, name, line, share, tonnes, total)
    for row in sums.values():
        row["distance_km"] = row["distance_km"] / row["mass_t"] if row["mass_t"] else 0.0
    return [sums[key] for key in sorted(sums)]


def _lane_lines(allocation: Allocation, way: int, lane: tuple[int, int]) -> list[tuple[FootprintLine, float]]:
    """The footprint lines of the linehaul of a lane, each with its share of the lane's emissions."""
    route = route_of(allocation.tables, allocation.scenario, WAYS[way], lane)
    if route is None:
        raise InternalError("a lane that carries freight has no route")
    total = route.footprint.wtw_co2e_kg
    return [(line, line.wtw_co2e_kg / total) for line in route.footprint.lines] if total else []


def _add(
    sums: dict[tuple[str, str, str], dict[str, Any]],
    store: str,
    line: FootprintLine,
    share: float,
    tonnes: float,
    total: float,
) -> None:
    """Adds a lane's line to the sum of its warehouse, mode and factor; distance is weighted by tonnes."""
    key = (store, line.mode, line.factor.factor_id)
    if key not in sums:
        what = "handling on linehaul" if line.mode == "hub" else f"{line.mode} linehaul to zones"
        sums[key] = _row_of(line, store, 0.0) | {"element": what, "distance_km": 0.0}
    row, wtt_share = sums[key], line.wtt_co2e_kg / line.wtw_co2e_kg if line.wtw_co2e_kg else 0.0
    row["mass_t"] += tonnes
    row["distance_km"] += tonnes * line.distance_km
    row["wtt_co2e_kg"] += total * share * wtt_share
    row["ttw_co2e_kg"] += total * share * (1 - wtt_share)
    row["wtw_co2e_kg"] += total * share


def _last_rows(allocation: Allocation) -> list[dict[str, Any]]:
    """Warehouses by their electricity, and the vans of every country."""
    tables, pack = allocation.tables, load_pack(allocation.scenario.factor_pack)
    mass_t = np.asarray(tables.products["mass_kg"], dtype=np.float64) / 1000
    through = throughput(allocation) @ mass_t
    rows = []
    for at, country in enumerate(inputs.warehouse_countries(tables)):
        if through[at] > 0:
            factor = pack.for_process("warehouse", country)
            grams = factor.wtt_g_t, factor.ttw_g_t
            name = str(tables.warehouses["warehouse_id"][at])
            rows.append(
                _plain_row("storage and picking", name, "hub", float(through[at]), 0.0, factor, grams)
            )
    found, units = allocation.problem.delivery, allocation.decision.delivery_units
    countries = inputs.zone_countries(tables)
    tonnes: dict[str, float] = defaultdict(float)
    for zone, each in zip(found.zone, mass_t[found.product] * units, strict=True):
        tonnes[countries[zone]] += float(each)
    van = pack.for_class("road", "van")
    grams = van.wtt_g_tkm * inputs.ROUND_KM, van.ttw_g_tkm * inputs.ROUND_KM
    rows += [
        _plain_row("van from depot to door", country, "road", tonnes[country], inputs.ROUND_KM, van, grams)
        for country in sorted(tonnes)
    ]
    return rows


def _plain_row(
    element: str, entity: str, mode: str, tonnes: float, km: float, factor: Any, grams_t: tuple[float, float]
) -> dict[str, Any]:
    """A row from tonnes and grams a tonne."""
    wtt, ttw = (tonnes * each / 1000 for each in grams_t)
    return {
        "element": element, "entity": entity, "mode": mode, "mass_t": tonnes, "distance_km": km,
        "distance_basis": basis_of(factor) if km else "", "adjustment": 1.0, "factor_id": factor.factor_id,
        "pack": factor.pack_id, "licence": factor.licence, "category": factor.category,
        "confidence": factor.confidence, "wtt_co2e_kg": wtt, "ttw_co2e_kg": ttw, "wtw_co2e_kg": wtt + ttw,
    }  # fmt: skip

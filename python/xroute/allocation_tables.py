"""An allocation as tables: first legs, deliveries, warehouses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation


def table_of(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    """A table of rows, with its columns even where there is no row."""
    listed = list(rows)
    return Table({name: _array([row[name] for row in listed]) for name in columns})


def _array(values: list[Any]) -> Any:
    if any(isinstance(value, str) for value in values):
        return np.array(values, dtype=object)
    return np.array(values)


FIRST_LEGS = (
    "origin_id",
    "origin",
    "warehouse_id",
    "product_id",
    "route_id",
    "mode_chain",
    "load",
    "units",
    "mass_t",
    "volume_m3",
    "cost_eur",
    "wtw_co2e_kg",
    "days",
    "indicative",
)


def first_legs(allocation: Allocation) -> Table:
    """One row for each first leg and product that is used: units, t, m3, EUR and kg CO2e a month."""
    legs, units = allocation.problem.first, allocation.decision.first_units
    tables = allocation.tables
    rows = []
    for at in np.flatnonzero(units > 0):
        leg, product = allocation.legs[allocation.candidates.leg_route[at]], legs.product[at]
        rows.append(
            {
                "origin_id": tables.origins[leg.origin],
                "origin": inputs.label(tables, tables.origins[leg.origin]),
                "warehouse_id": tables.warehouses["warehouse_id"][leg.warehouse],
                "product_id": tables.products["product_id"][product],
                "route_id": leg.route_id,
                "mode_chain": leg.route.mode_chain,
                "load": leg.load,
                "units": float(units[at]),
                "mass_t": float(units[at] * tables.products["mass_kg"][product] / 1000),
                "volume_m3": float(units[at] * tables.products["volume_m3"][product]),
                "cost_eur": float(units[at] * legs.eur[at]),
                "wtw_co2e_kg": float(units[at] * legs.co2e_kg[at]),
                "days": float(allocation.candidates.leg_days[at]),
                "indicative": leg.route.is_indicative,
            }
        )
    return table_of(rows, FIRST_LEGS)


DELIVERIES = (
    "warehouse_id",
    "zone_id",
    "zone",
    "product_id",
    "units",
    "mode_chain",
    "distance_km",
    "days",
    "cost_eur",
    "wtw_co2e_kg",
)


def deliveries(allocation: Allocation) -> Table:
    """One row for each way, warehouse, zone and product that is used: linehaul, parcel and van.

    What the warehouse charges and emits stands in `warehouses`.
    """
    found, units = allocation.problem.delivery, allocation.decision.delivery_units
    tables, lanes, days = allocation.tables, allocation.lanes, allocation.candidates.delivery_days
    eur, kg = _of_transport(allocation)
    rows = []
    for at in np.flatnonzero(units > 0):
        warehouse, zone, product = found.warehouse[at], found.zone[at], found.product[at]
        lane = allocation.candidates.delivery_way[at], warehouse, zone
        rows.append(
            {
                "warehouse_id": tables.warehouses["warehouse_id"][warehouse],
                "zone_id": tables.zones[zone],
                "zone": inputs.label(tables, tables.zone_hubs[zone]),
                "product_id": tables.products["product_id"][product],
                "units": float(units[at]),
                "mode_chain": str(lanes.mode_chain[lane]),
                "distance_km": float(lanes.distance_km[lane]),
                "days": float(days[at]),
                "cost_eur": float(units[at] * eur[at]),
                "wtw_co2e_kg": float(units[at] * kg[at]),
            }
        )
    return table_of(rows, DELIVERIES)


def _of_transport(allocation: Allocation) -> tuple[inputs.Floats, inputs.Floats]:
    """EUR and kg CO2e of one unit on each delivery from the warehouse's door on."""
    parts, found = allocation.candidates.parts, allocation.problem.delivery
    at = allocation.candidates.delivery_at
    eur = parts.linehaul_eur[at] + parts.parcel_eur[found.zone, found.product]
    kg = parts.linehaul_kg[at] + parts.van_kg[found.product]
    return eur, kg


WAREHOUSES = (
    "warehouse_id",
    "name",
    "kind",
    "lat",
    "lon",
    "country",
    "is_open",
    "units",
    "stock_m3",
    "capacity_m3",
    "utilisation",
    "fixed_eur",
    "inbound_eur",
    "storage_eur",
    "outbound_eur",
    "wtw_co2e_kg",
)


def warehouses(allocation: Allocation) -> Table:
    """One row for each warehouse: what it holds and what it charges a month."""
    tables, problem = allocation.tables, allocation.problem
    through = throughput(allocation)
    fee = inputs.fees(tables)
    parts = allocation.candidates.parts
    countries, places = inputs.warehouse_countries(tables), tables.net.places
    rows = []
    for at, hub in enumerate(tables.warehouse_hubs):
        place, is_open = places.row(hub), bool(allocation.decision.is_open[at])
        stock, capacity = float(through[at] @ problem.stock_m3), float(problem.capacity_m3[at])
        rows.append(
            {
                "warehouse_id": tables.warehouses["warehouse_id"][at],
                "name": str(tables.warehouses.get("name", tables.warehouses["warehouse_id"])[at]),
                "kind": str(tables.warehouses["kind"][at]) if "kind" in tables.warehouses else "",
                "lat": float(places.lat[place]),
                "lon": float(places.lon[place]),
                "country": countries[at],
                "is_open": is_open,
                "units": float(through[at].sum()),
                "stock_m3": stock,
                "capacity_m3": capacity,
                "utilisation": stock / capacity if capacity > 0 else 0.0,
                "fixed_eur": float(problem.fixed_eur[at]) * is_open,
                "inbound_eur": float(through[at] @ fee.inbound[at]),
                "storage_eur": float(through[at] @ fee.storage[at]),
                "outbound_eur": float(through[at] @ fee.outbound[at]),
                "wtw_co2e_kg": float(through[at] @ parts.warehouse_kg[at]),
            }
        )
    return table_of(rows, WAREHOUSES)


def throughput(allocation: Allocation) -> inputs.Floats:
    """Units a month by warehouse and product."""
    problem = allocation.problem
    through = np.zeros((problem.warehouses, problem.products))
    at = (problem.delivery.warehouse, problem.delivery.product)
    np.add.at(through, at, allocation.decision.delivery_units)
    return through

"""An allocation as tables: first legs, deliveries, warehouses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_check import stock_m3
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
    "period",
)


def first_legs(allocation: Allocation) -> Table:
    """One row for each first leg and product that is used: units, t, m3, EUR and kg CO2e a month.

    `period` is that of arrival. Money of stock on the way stands in the ledger.
    """
    legs, units = allocation.problem.first, allocation.decision.first_units
    tables, found = allocation.tables, allocation.candidates
    freight = legs.eur - found.options.pipeline_eur(tables.products, legs.product, found.leg_days)
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
                "cost_eur": float(units[at] * freight[at]),
                "wtw_co2e_kg": float(units[at] * legs.co2e_kg[at]),
                "days": float(allocation.candidates.leg_days[at]),
                "indicative": leg.route.is_indicative,
                "period": tables.periods[legs.warehouse[at] // len(tables.warehouse_hubs)],
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
    "period",
)


def deliveries(allocation: Allocation) -> Table:
    """One row for each way, warehouse, zone and product that is used: linehaul, parcel and van.

    What the warehouse charges and emits stands in `warehouses`.
    """
    found, units = allocation.problem.delivery, allocation.decision.delivery_units
    tables, lanes, days = allocation.tables, allocation.lanes, allocation.candidates.delivery_days
    eur, kg = _of_transport(allocation)
    rows = []
    ways = np.stack(allocation.candidates.delivery_at)
    for at in np.flatnonzero(units > 0):
        way, warehouse, zone, product = ways[:, at]
        lane = way, warehouse, zone
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
                "period": tables.periods[found.warehouse[at] // len(tables.warehouse_hubs)],
            }
        )
    return table_of(rows, DELIVERIES)


def _of_transport(allocation: Allocation) -> tuple[inputs.Floats, inputs.Floats]:
    """EUR and kg CO2e of one unit on each delivery from the warehouse's door on."""
    parts, found = allocation.candidates.parts, allocation.problem.delivery
    at = allocation.candidates.delivery_at
    eur = parts.linehaul_eur[at] + parts.parcel_eur[at[2], found.product]
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
    "other_eur",
    "period",
)


def warehouses(allocation: Allocation) -> Table:
    """One row for each warehouse and period: what it holds and what it charges.

    `units` are those delivered; `other_eur` is what the ledger has beside first legs, deliveries, transfers
    and stock on the way: tiered fees, cycle and safety stock, stock kept, returns, openings.
    """
    from xroute.allocation_ledger import other_eur

    tables, problem, decision = allocation.tables, allocation.problem, allocation.decision
    out, passed = throughput(allocation), passed_on(allocation)
    stocks = stock_m3(problem, *decision.flows[1:])
    fee, other = inputs.fees(tables), other_eur(allocation)
    parts = allocation.candidates.parts
    countries, places = inputs.warehouse_countries(tables), tables.net.places
    rows = []
    for site in range(problem.warehouses):
        period, at = divmod(site, len(tables.warehouse_hubs))
        place, is_open = places.row(tables.warehouse_hubs[at]), bool(decision.is_open[site])
        stock, capacity = float(stocks[site]), float(problem.capacity_m3[site])
        through = out[site] + passed[site]
        rows.append(
            {
                "warehouse_id": tables.warehouses["warehouse_id"][at],
                "name": str(tables.warehouses.get("name", tables.warehouses["warehouse_id"])[at]),
                "kind": str(tables.warehouses["kind"][at]) if "kind" in tables.warehouses else "",
                "lat": float(places.lat[place]),
                "lon": float(places.lon[place]),
                "country": countries[at],
                "is_open": is_open,
                "units": float(out[site].sum()),
                "stock_m3": stock,
                "capacity_m3": capacity,
                "utilisation": stock / capacity if capacity > 0 else 0.0,
                "fixed_eur": float(problem.fixed_eur[site]) * is_open,
                "inbound_eur": float(through @ fee.inbound[at]),
                "storage_eur": float(through @ fee.storage[at]),
                "outbound_eur": float(out[site] @ fee.outbound[at]),
                "wtw_co2e_kg": float(through @ parts.warehouse_kg[at]),
                "other_eur": float(other[site]),
                "period": tables.periods[period],
            }
        )
    return table_of(rows, WAREHOUSES)


def throughput(allocation: Allocation) -> inputs.Floats:
    """Units delivered a month by warehouse (and period) and product."""
    problem = allocation.problem
    through = np.zeros((problem.warehouses, problem.products))
    at = (problem.delivery.warehouse, problem.delivery.product)
    np.add.at(through, at, allocation.decision.delivery_units)
    return through


def passed_on(allocation: Allocation) -> inputs.Floats:
    """Units a month that warehouses (and periods) pass on to others, by product."""
    problem, stores = allocation.problem, len(allocation.tables.warehouse_hubs)
    moves = problem.moves
    passed = np.zeros((problem.warehouses, problem.products))
    is_kept = moves.out_of % stores == moves.into % stores
    np.add.at(passed, (moves.out_of, moves.product), np.where(is_kept, 0.0, allocation.decision.moved_units))
    return passed

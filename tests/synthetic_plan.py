"""A plan made up for tests of maps, report and workbook: every number here is synthetic.

Six warehouses, 60 zones, ten routes of which one crosses the Pacific; `poison` puts one text into every
place where data could carry text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthetic_places import CITIES, ROUTES, WAREHOUSES
from xroute.lines import densified, split_antimeridian, wkt_of
from xroute.table import Table

G_PER_TKM = {"sea": 12.0, "air": 640.0, "rail": 22.0, "road": 84.0, "inland_waterway": 30.0, "ferry": 60.0}
EUR_PER_TKM = {"sea": 0.011, "air": 0.32, "rail": 0.035, "road": 0.11, "inland_waterway": 0.03, "ferry": 0.09}


@dataclass(frozen=True)
class SyntheticPlan:
    """What the report, the maps and the workbook ask of a plan."""

    tables: dict[str, Table]
    kpis: dict[str, float | str]
    front: Table
    audit: dict[str, Any]
    assumptions: list[str]
    attribution: list[str]
    title: str = "China to consumers: green-logistics plan"
    scenario_name: str = "Base case, carbon price 80 EUR per t"


def synthetic_plan(*, poison: str = "") -> SyntheticPlan:
    """The plan; with `poison`, that text stands in every name, id, line and note."""
    legs = _legs(poison)
    zones, deliveries = _zones(poison), _deliveries(poison)
    first, routes = _first_legs(legs, poison), _routes(legs, poison)
    tables = {
        "first_legs": first,
        "deliveries": deliveries,
        "warehouses": _warehouses(first, deliveries, poison),
        "routes": routes,
        "legs": legs,
        "zones": zones,
    }
    tables["cost_lines"] = _cost_lines(tables, poison)
    tables["footprint_lines"] = _footprint_lines(tables, poison)
    return SyntheticPlan(
        tables=tables,
        kpis=_kpis(tables),
        front=_front(poison),
        audit=_audit(poison),
        assumptions=[
            f"Demand is synthetic: population x purchasing weight.{poison}",
            "Last-mile rates are indicative; replace them by your parcel contract.",
            "Hub emissions are modelled from energy use (team estimate, confidence low).",
        ],
        attribution=[
            f"Land: Natural Earth (public domain){poison}",
            "Cities: GeoNames (CC BY 4.0), https://www.geonames.org",
            "Sea lanes: searoute marnet (Apache-2.0)",
            "Airports: OurAirports (public domain)",
            "Factors: UK Government GHG conversion factors 2025 (Open Government Licence v3.0)",
        ],
        title="China to consumers: green-logistics plan" + poison,
        scenario_name="Base case, carbon price 80 EUR per t" + poison,
    )


def _km(coords: Any) -> float:
    points = np.radians(np.asarray(densified(coords, step_km=300.0)))
    lon, lat = points[:, 0], points[:, 1]
    step = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float(2 * 6371.0088 * np.arcsin(np.sqrt(step)).sum())


def _legs(poison: str) -> Table:
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
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
    }
    for route_id, _, _, mass_t, days, legs in ROUTES:
        for number, (mode, start, end, coords) in enumerate(legs, start=1):
            km = _km(coords)
            kg = G_PER_TKM[mode] * km * mass_t / 1000.0
            line = densified(coords, step_km=200.0) if mode == "air" else np.asarray(coords, dtype=float)
            values = (
                route_id + poison,
                number,
                mode,
                start[:3].upper() + poison,
                start + poison,
                end[:3].upper() + poison,
                end + poison,
                km,
                days * 24 / len(legs),
                40 + EUR_PER_TKM[mode] * km * 14,
                0.2 * kg,
                0.8 * kg,
                kg,
                "suez;bab_el_mandeb" if end == "Hamburg" else "",
                wkt_of(split_antimeridian(line)),
            )
            for name, value in zip(rows, values, strict=True):
                rows[name].append(value)
    return Table(rows)


def _first_legs(legs: Table, poison: str) -> Table:
    used = [route for route in ROUTES if route[3] > 0]
    cost = {r[0]: _sum(legs, r[0] + poison, "cost_eur") / 14 * r[3] for r in used}
    return Table(
        {
            "origin_id": [r[1] + poison for r in used],
            "warehouse_id": [r[2] + poison for r in used],
            "product_id": ["electronics" + poison] * len(used),
            "route_id": [r[0] + poison for r in used],
            "mode_chain": [_chain(r) for r in used],
            "load": ["FCL"] * len(used),
            "units": np.array([round(r[3] * 1900) for r in used], dtype=float),
            "mass_t": np.array([r[3] for r in used]),
            "volume_m3": np.array([r[3] * 4.1 for r in used]),
            "cost_eur": np.array([cost[r[0]] for r in used]),
            "wtw_co2e_kg": np.array([_sum(legs, r[0] + poison, "wtw_co2e_kg") for r in used]),
            "days": np.array([r[4] for r in used]),
            "indicative": np.array([r[0] != "R05" for r in used]),
        }
    )


def _chain(route: Any) -> str:
    return "+".join(leg[0] for leg in route[5])


def _sum(table: Table, route_id: str, name: str) -> float:
    return float(table[name][np.asarray(table["route_id"]) == route_id].sum())


def _routes(legs: Table, poison: str) -> Table:
    ids = [r[0] + poison for r in ROUTES]
    hours = np.array([r[4] * 24 for r in ROUTES])
    km = np.array([_sum(legs, each, "distance_km") for each in ids])
    per_t = np.array([sum(G_PER_TKM[leg[0]] * _km(leg[3]) for leg in r[5]) / 1000 for r in ROUTES])
    return Table(
        {
            "route_id": ids,
            "origin_id": [r[1] + poison for r in ROUTES],
            "warehouse_id": [r[2] + poison for r in ROUTES],
            "mode_chain": [_chain(r) for r in ROUTES],
            "load": ["FCL"] * len(ids),
            "cost_eur_per_load": np.array([_sum(legs, each, "cost_eur") for each in ids]),
            "duration_h": hours,
            "duration_low_h": hours * 0.85,
            "duration_high_h": hours * 1.4,
            "distance_km": km,
            "wtt_co2e_kg_per_t": per_t * 0.2,
            "ttw_co2e_kg_per_t": per_t * 0.8,
            "wtw_co2e_kg_per_t": per_t,
            "used_units": np.array([round(r[3] * 1900) for r in ROUTES], dtype=float),
        }
    )


def _supplier(lat: float, lon: float) -> int:
    if lat < 0:
        return 5
    if lon > -30:
        return 3
    return 1 if lon > -90 else 0


def _delivery_km(lat: float, lon: float) -> float:
    seat = WAREHOUSES[_supplier(lat, lon)]
    return 12.0 + 1.25 * _km([(seat[4], seat[3]), (lon, lat)])


def _zones(poison: str) -> Table:
    km = np.array([_delivery_km(city[2], city[3]) for city in CITIES])
    inbound = np.array([[0.61, 0.74, 0, 0.66, 0, 0.52][_supplier(city[2], city[3])] for city in CITIES])
    air = np.array([city[1] == "NZ" for city in CITIES])
    return Table(
        {
            "zone_id": [f"Z{at:03d}{poison}" for at in range(len(CITIES))],
            "name": [city[0] + poison for city in CITIES],
            "country": [city[1] for city in CITIES],
            "lat": np.array([city[2] for city in CITIES]),
            "lon": np.array([city[3] for city in CITIES]),
            "orders": np.array([city[4] * 1600.0 for city in CITIES]),
            "warehouse_id": [WAREHOUSES[_supplier(c[2], c[3])][0] + poison for c in CITIES],
            "kg_co2e_per_order": inbound + km * np.where(air, 9e-4, 1.1e-4),
            "eur_per_order": 3.1 + km * np.where(air, 2e-3, 9e-4),
            "days": 1.0 + km / 600,
        }
    )


def _deliveries(poison: str) -> Table:
    km = np.array([_delivery_km(city[2], city[3]) for city in CITIES])
    units = np.array([city[4] * 1600.0 for city in CITIES])
    air = np.array([city[1] == "NZ" for city in CITIES])
    return Table(
        {
            "warehouse_id": [WAREHOUSES[_supplier(c[2], c[3])][0] + poison for c in CITIES],
            "zone_id": [f"Z{at:03d}{poison}" for at in range(len(CITIES))],
            "product_id": ["electronics" + poison] * len(CITIES),
            "units": units,
            "mode_chain": ["road+air+road" if each else "road" for each in air],
            "distance_km": km,
            "days": 1.0 + km / 600,
            "cost_eur": units * (1.9 + km * np.where(air, 2e-3, 9e-4)),
            "wtw_co2e_kg": units * km * np.where(air, 9e-4, 1.1e-4),
        }
    )


def _warehouses(first: Table, deliveries: Table, poison: str) -> Table:
    ids = [each[0] + poison for each in WAREHOUSES]
    units = np.array(
        [deliveries["units"][np.asarray(deliveries["warehouse_id"]) == each].sum() for each in ids]
    )
    is_open = np.array([each[6] for each in WAREHOUSES])
    stock = units * 0.012
    return Table(
        {
            "warehouse_id": ids,
            "name": [each[1] + poison for each in WAREHOUSES],
            "kind": [each[2] for each in WAREHOUSES],
            "lat": np.array([each[3] for each in WAREHOUSES]),
            "lon": np.array([each[4] for each in WAREHOUSES]),
            "country": [each[5] for each in WAREHOUSES],
            "is_open": is_open,
            "units": units,
            "stock_m3": stock,
            "capacity_m3": np.full(6, 12000.0),
            "utilisation": stock / 12000.0,
            "fixed_eur": np.where(is_open, 42000.0, 0.0),
            "inbound_eur": units * 0.21,
            "storage_eur": stock * 11.0,
            "outbound_eur": units * 0.85,
            "wtw_co2e_kg": units * 0.04,
        }
    )


def _cost_lines(tables: dict[str, Table], poison: str) -> Table:
    seats, first = tables["warehouses"], tables["first_legs"]
    rows: list[tuple[str, str, float, bool]] = []
    for name in ("fixed", "inbound", "storage", "outbound"):
        for entity, amount in zip(seats["warehouse_id"], seats[f"{name}_eur"], strict=True):
            rows.append((f"warehouse {name}{poison}", entity, float(amount), False))
    for entity, amount, flag in zip(first["route_id"], first["cost_eur"], first["indicative"], strict=True):
        rows.append((f"first leg freight{poison}", entity, float(amount), bool(flag)))
    rows.append((f"last mile{poison}", "all zones", float(tables["deliveries"]["cost_eur"].sum()), True))
    lines, entities, amounts, flags = (list(each) for each in zip(*rows, strict=True))
    return Table(
        {"line": lines, "entity": entities, "amount_eur": np.array(amounts), "indicative": np.array(flags)}
    )


def _footprint_lines(tables: dict[str, Table], poison: str) -> Table:
    legs = tables["legs"]
    rows: list[tuple[str, str, str, float, float, float]] = []
    tonnes = {r[0] + poison: r[3] for r in ROUTES}
    for at in range(len(legs)):
        mass_t = tonnes[legs["route_id"][at]]
        if mass_t > 0:
            rows.append(
                (
                    "first leg",
                    legs["route_id"][at],
                    legs["mode"][at],
                    mass_t,
                    legs["distance_km"][at],
                    legs["wtw_co2e_kg"][at],
                )
            )
    deliveries = tables["deliveries"]
    rows.append(("delivery", "all zones", "road", 5000.0, np.nan, float(deliveries["wtw_co2e_kg"].sum())))
    rows.append(("hub", "ports", "", 5000.0, np.nan, 9.1e4))
    rows.append(("warehouse", "all", "", np.nan, np.nan, float(tables["warehouses"]["wtw_co2e_kg"].sum())))
    wtw = np.array([row[5] for row in rows])
    count = len(rows)
    return Table(
        {
            "element": [row[0] + poison for row in rows],
            "entity": [row[1] for row in rows],
            "mode": [row[2] for row in rows],
            "mass_t": np.array([row[3] for row in rows]),
            "distance_km": np.array([row[4] for row in rows]),
            "distance_basis": ["sfd"] * count,
            "adjustment": np.full(count, 1.15),
            "factor_id": ["uk-2025-x" + poison] * count,
            "pack": ["desnz-2025"] * count,
            "licence": ["OGL-UK-3.0"] * count,
            "category": ["default"] * count,
            "confidence": ["medium"] * count,
            "wtt_co2e_kg": wtw * 0.2,
            "ttw_co2e_kg": wtw * 0.8,
            "wtw_co2e_kg": wtw,
        }
    )


def _kpis(tables: dict[str, Table]) -> dict[str, float | str]:
    cost, kg = (
        float(tables["cost_lines"]["amount_eur"].sum()),
        float(tables["footprint_lines"]["wtw_co2e_kg"].sum()),
    )
    orders = float(tables["zones"]["orders"].sum())
    return {
        "total_cost_eur": cost,
        "eur_per_order": cost / orders,
        "emissions_co2e_t": kg / 1000.0,
        "kg_co2e_per_order": kg / orders,
        "orders": orders,
        "open_warehouses": 4.0,
        "mean_days": 2.4,
        "air_share": 0.012,
        "termination": "optimal",
    }


def _front(poison: str) -> Table:
    cost, tonnes = (
        np.array([4.61, 4.64, 4.71, 4.86, 5.2, 5.9]) * 1e6,
        np.array([3900.0, 3300.0, 2900.0, 2650.0, 2520.0, 2460.0]),
    )
    slope = np.concatenate([[np.nan], np.diff(cost) / -np.diff(tonnes)])
    labels = ["cheapest", "", "chosen", "", "", "least carbon"]
    return Table(
        {
            "point": np.arange(1.0, 7.0),
            "label": [each + poison for each in labels],
            "cost_eur": cost,
            "co2e_t": tonnes,
            "marginal_eur_per_t": slope,
            "open_warehouses": np.array([3.0, 3, 4, 4, 5, 6]),
            "air_share": np.array([0.03, 0.02, 0.012, 0.004, 0, 0]),
            "rail_share": np.array([0.02, 0.08, 0.11, 0.2, 0.24, 0.27]),
            "sea_share": np.array([0.95, 0.9, 0.878, 0.796, 0.76, 0.73]),
            "termination": ["optimal"] * 5 + ["feasible, gap 0.3 %"],
        }
    )


def _audit(poison: str) -> dict[str, Any]:
    return {
        "inputs": {f"demand.csv{poison}": "sha256:" + "ab" * 32, "warehouses.csv": "sha256:" + "cd" * 32},
        "versions": {"xroute": "0.1.0", "ortools": "9.14"},
        "factor_pack": "desnz-2025" + poison,
        "seed": 1,
        "gap": 0.0,
        "termination": "optimal",
    }

"""The tables of the report: which columns, how many rows, and the cells as text with their tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.captions import as_number, heading, shown, unit_of
from xroute.flows import PlanFacts, audit_lines, column
from xroute.indicative import indicative_cells, is_price, plan_is_indicative

if TYPE_CHECKING:
    from xroute.table import Table

MOST_FLOWS, MOST_ROUTES, MOST_AUDIT_ROWS = 40, 120, 60
_COLUMNS = {
    "warehouses": (
        "name",
        "warehouse_id",
        "kind",
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
    ),
    "first_legs": (
        "origin",
        "warehouse_id",
        "product_id",
        "mode_chain",
        "load",
        "units",
        "mass_t",
        "volume_m3",
        "cost_eur",
        "wtw_co2e_kg",
        "days",
        "route_id",
    ),
    "deliveries": (
        "warehouse_id",
        "zone",
        "product_id",
        "units",
        "mode_chain",
        "distance_km",
        "days",
        "cost_eur",
        "wtw_co2e_kg",
    ),
    "zones": ("name", "country", "orders", "warehouse_id", "kg_co2e_per_order", "eur_per_order", "days"),
    "front": (
        "point",
        "label",
        "cost_eur",
        "co2e_t",
        "marginal_eur_per_t",
        "open_warehouses",
        "sea_share",
        "rail_share",
        "air_share",
        "termination",
    ),
    "routes": (
        "route_id",
        "origin",
        "warehouse_id",
        "mode_chain",
        "load",
        "duration_h",
        "duration_low_h",
        "duration_high_h",
        "distance_km",
        "cost_eur_per_load",
        "wtw_co2e_kg_per_t",
        "used_units",
    ),
    "legs": (
        "leg",
        "mode",
        "origin_name",
        "destination_name",
        "distance_km",
        "duration_h",
        "cost_eur",
        "wtt_co2e_kg",
        "ttw_co2e_kg",
        "wtw_co2e_kg",
        "passages",
    ),
}
_LARGEST_FIRST = {"first_legs": "units", "deliveries": "units", "zones": "orders", "routes": "used_units"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, whether it is a number, whether an indicative rate made it."""

    text: str
    is_number: bool = False
    is_indicative: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as shown: headings, rows of cells, and how many rows were left out."""

    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class RouteSheet:
    """A route in one line and its legs below."""

    cells: tuple[Cell, ...]
    legs: Sheet


@dataclass(frozen=True, slots=True)
class RoutesSheet:
    """The routes with their legs."""

    headings: tuple[tuple[str, bool], ...]
    routes: tuple[RouteSheet, ...]
    omitted: int


def cards(plan: PlanFacts) -> list[tuple[str, Cell, str]]:
    """The plan's figures: heading, figure, unit ("" where it has none or the heading says it)."""
    marked = plan_is_indicative(plan)
    found = []
    for key, value in plan.kpis.items():
        title, unit = heading(key), unit_of(key)
        label = (
            unit.label
            if unit is not None and unit.label not in ("", "%") and as_number(value) is not None
            else ""
        )
        title = title.removesuffix(f", {label}") if label else title
        is_said = label.lower() in title.lower()
        found.append(
            (
                title,
                Cell(shown(key, value), as_number(value) is not None, marked and is_price(key)),
                "" if is_said else label,
            )
        )
    return found


def plan_tables(plan: PlanFacts) -> dict[str, Sheet]:
    """Warehouses, first legs, deliveries, zones and front as sheets; the long ones cut, largest first."""
    tables = {name: plan.tables.get(name) for name in ("warehouses", "first_legs", "deliveries", "zones")}
    tables["front"] = plan.front
    most = {"first_legs": MOST_FLOWS, "deliveries": MOST_FLOWS, "zones": MOST_FLOWS}
    return {
        name: sheet(plan, name, table, most=most.get(name))
        for name, table in tables.items()
        if table is not None and len(table)
    }


def sheet(
    plan: PlanFacts, name: str, table: Table, *, most: int | None = None, rows: Iterable[int] | None = None
) -> Sheet:
    """Some rows of a table (all by default), the largest first where the table has an order of size."""
    shown_columns = _shown_columns(name, table)
    marks = indicative_cells(plan, name, table)
    order = _order(name, table) if rows is None else list(rows)
    kept = order if most is None else order[:most]
    cells = tuple(tuple(_cell(table, each, row, marks) for each in shown_columns) for row in kept)
    return Sheet(_headings(table, shown_columns), cells, len(order) - len(kept))


def _shown_columns(name: str, table: Table) -> list[str]:
    wanted = (each if each in table.columns else f"{each}_id" for each in _COLUMNS[name])
    return [each for each in wanted if each in table.columns]


def _headings(table: Table, names: list[str]) -> tuple[tuple[str, bool], ...]:
    return tuple((heading(each), len(table) > 0 and as_number(table[each][0]) is not None) for each in names)


def _order(name: str, table: Table) -> list[int]:
    key = _LARGEST_FIRST.get(name)
    if key is None or key not in table.columns:
        return list(range(len(table)))
    return [int(row) for row in np.argsort(-np.nan_to_num(table[key].astype(float)), kind="stable")]


def _cell(table: Table, name: str, row: int, marks: Mapping[str, Any]) -> Cell:
    value = table[name][row]
    text = shown(name, value)
    if name == "mode_chain":
        text = text.replace("_", " ").replace("+", " + ")
    if name == "passages":
        text = text.replace("_", " ").replace(";", ", ")
    is_marked = name in marks and bool(marks[name][row]) and text != "–"
    return Cell(text, as_number(value) is not None, is_marked)


def route_sheets(plan: PlanFacts) -> RoutesSheet | None:
    """Routes that carry something, the most used first, each with its legs; the rest is counted."""
    routes, legs = plan.tables.get("routes"), plan.tables.get("legs")
    if routes is None or legs is None or len(routes) == 0:
        return None
    names, marks = _shown_columns("routes", routes), indicative_cells(plan, "routes", routes)
    used = column(routes, "used_units", 1.0).astype(float)
    order = [row for row in _order("routes", routes) if used[row] > 0]
    by_route: dict[str, list[int]] = {}
    for row, route_id in enumerate(legs["route_id"]):
        by_route.setdefault(str(route_id), []).append(row)
    found = tuple(
        RouteSheet(
            tuple(_cell(routes, name, row, marks) for name in names),
            sheet(plan, "legs", legs, rows=by_route.get(str(routes["route_id"][row]), [])),
        )
        for row in order[:MOST_ROUTES]
    )
    return RoutesSheet(_headings(routes, names), found, len(routes) - len(found))


def audit_rows(audit: Mapping[str, Any]) -> tuple[list[tuple[str, str]], int]:
    """The audit record as (path, value) pairs, and how many are left to audit.json."""
    rows = list(audit_lines(audit))
    return rows[:MOST_AUDIT_ROWS], max(0, len(rows) - MOST_AUDIT_ROWS)

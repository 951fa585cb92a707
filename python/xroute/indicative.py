"""Which prices of a plan an indicative rate made: every output that shows one says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xroute.flows import PlanFacts, column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xroute.table import Table

TAG = "indicative"
_WAREHOUSE_TARIFFS = ("fixed", "inbound", "storage", "outbound")


def is_price(name: str) -> bool:
    """Whether a column or figure holds money.

    >>> is_price("cost_eur_per_load"), is_price("units")
    (True, False)
    """
    return "_eur" in f"_{name}"


def plan_is_indicative(plan: PlanFacts) -> bool:
    """Whether any price of the plan rests on an indicative rate."""
    lines, first = plan.tables.get("cost_lines"), plan.tables.get("first_legs")
    return bool(_flags(lines).any() or _flags(first).any())


def indicative_cells(plan: PlanFacts, name: str, table: Table) -> dict[str, NDArray[np.bool_]]:
    """For each price column of a table, the rows that an indicative rate made.

    A table that says so itself is believed. Routes and legs follow the first legs that use them; an unused
    route, and sums over many lines (front, zones, deliveries), are indicative if anything in the plan is.
    """
    prices = [each for each in table.columns if is_price(each)]
    if TAG in table.columns:
        return dict.fromkeys(prices, _flags(table))
    if name == "warehouses":
        return {each: np.full(len(table), _tariff_is_indicative(plan, each)) for each in prices}
    everything = np.full(len(table), plan_is_indicative(plan))
    if "route_id" in table.columns:
        return dict.fromkeys(prices, _by_route(plan, table, everything))
    return dict.fromkeys(prices, everything)


def _by_route(plan: PlanFacts, table: Table, otherwise: NDArray[np.bool_]) -> NDArray[np.bool_]:
    first = plan.tables.get("first_legs")
    known: dict[str, bool] = {}
    for route_id, flag in zip(column(first, "route_id", ""), _flags(first), strict=True):
        known[str(route_id)] = known.get(str(route_id), False) or bool(flag)
    routes = [str(each) for each in table["route_id"]]
    return np.array([known.get(each, bool(otherwise[row])) for row, each in enumerate(routes)], dtype=bool)


def _tariff_is_indicative(plan: PlanFacts, name: str) -> bool:
    stem = next((each for each in _WAREHOUSE_TARIFFS if name.startswith(each)), None)
    if stem is None:
        return plan_is_indicative(plan)
    lines = plan.tables.get("cost_lines")
    flags = _flags(lines)
    return any(
        flag and f"warehouse {stem}" in str(line).lower()
        for line, flag in zip(column(lines, "line", ""), flags, strict=True)
    )


def _flags(table: Table | None) -> NDArray[np.bool_]:
    values = column(table, TAG, False)
    return np.array(
        [str(value).strip().lower() in ("true", "1", "1.0", "yes") for value in values], dtype=bool
    )

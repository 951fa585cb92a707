"""Plans with options of the allocation: each line of money is there, and totals stay the sums of lines."""

from __future__ import annotations

from typing import Any

import pytest

import xroute as xr
from small_case import arguments
from xroute.plan import Plan
from xroute.plan_case import Case

TIERS = {
    "warehouse_id": ["*", "*"], "fee": ["handling", "handling"], "basis": ["units", "units"],
    "starts_at": [0.0, 3000.0], "price_eur": [0.3, 0.2],
}  # fmt: skip
STRIKE = {"name": "strike", "lost": ["WAW"], "probability": 0.1}
OPTIONS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "inventory": ({"inventory": xr.Inventory()}, {"pipeline stock", "cycle stock", "safety stock"}),
    "fees": ({"fees": TIERS}, {"fee: handling"}),
    "fees and inventory": ({"fees": TIERS, "inventory": xr.Inventory()}, {"fee: handling", "cycle stock"}),
    "disruption": ({"disruption": xr.Disruption(scenarios=(STRIKE,), max_unserved=0.5)}, set()),
}


@pytest.fixture(scope="module", params=OPTIONS)
def made(request: pytest.FixtureRequest, net: xr.Network) -> tuple[Plan, set[str], dict[str, Any]]:
    options, lines = OPTIONS[request.param]
    case = Case(title="Small", scenario=xr.Scenario(carbon_price_eur_t=80.0), limits=xr.Limits(),
                front_points=2, is_synthetic=True, **arguments(), **options)  # fmt: skip
    return Plan.run(case, net=net), lines, options


Made = tuple[Plan, set[str], dict[str, Any]]


def test_lines_of_options_are_in_the_plan_and_add_up(made: Made) -> None:
    plan, lines, _ = made
    zones, found = plan.tables["zones"], plan.tables["cost_lines"]
    assert lines <= set(found["line"])
    cost = plan.allocation.cost_eur
    assert found["amount_eur"].sum() == pytest.approx(cost, rel=1e-9)
    assert (zones["orders"] * zones["eur_per_order"]).sum() == pytest.approx(cost, rel=1e-9)


def test_freight_of_a_route_is_what_its_loads_cost_without_stock_on_the_way(made: Made) -> None:
    plan, _, _ = made
    lines, first = plan.tables["cost_lines"], plan.tables["first_legs"]
    freight = sum(row["amount_eur"] for row in lines.rows() if row["line"].startswith("first leg"))
    assert freight == pytest.approx(first["cost_eur"].sum(), rel=1e-9)


def test_the_audit_names_the_options(made: Made) -> None:
    plan, _, options = made
    named = {name for name in ("inventory", "disruption") if name in plan.audit}
    assert named == set(options) - {"fees"}

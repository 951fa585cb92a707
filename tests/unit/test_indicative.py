"""Which prices an indicative rate made."""

from __future__ import annotations

from dataclasses import replace

from synthetic_plan import synthetic_plan
from xroute.indicative import indicative_cells
from xroute.table import Table


def test_the_fixed_charge_of_a_freight_rate_does_not_mark_the_fees_of_warehouses() -> None:
    plan = synthetic_plan()
    lines = plan.tables["cost_lines"].rows()
    freight = {"line": "first leg: sea fixed charge", "entity": "R001", "amount_eur": 5.0, "indicative": True}
    every = [*lines, freight]
    cost_lines = Table({name: [row[name] for row in every] for name in freight})
    with_charge = replace(plan, tables={**plan.tables, "cost_lines": cost_lines})
    warehouses = with_charge.tables["warehouses"]
    assert not indicative_cells(with_charge, "warehouses", warehouses)["fixed_eur"].any()

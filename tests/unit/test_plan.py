from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xroute as xr
from small_case import PRODUCTS, WAREHOUSES, arguments, demand
from xroute import plan_run
from xroute.errors import InternalError
from xroute.plan import Plan
from xroute.plan_case import Case
from xroute.table import Table

TABLES = {
    "first_legs",
    "deliveries",
    "warehouses",
    "routes",
    "legs",
    "zones",
    "cost_lines",
    "footprint_lines",
}


def small_case(**changed: Any) -> Case:
    given = {"title": "Small", "scenario": xr.Scenario(carbon_price_eur_t=80.0), "limits": xr.Limits(),
             "front_points": 3, "is_synthetic": True} | arguments() | changed  # fmt: skip
    return Case(**given)


@pytest.fixture(scope="module")
def plan(net: xr.Network) -> Plan:
    return Plan.run(small_case(), net=net)


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plan.save(tmp_path_factory.mktemp("plan") / "out")


def test_a_plan_has_every_table(plan: Plan) -> None:
    assert set(plan.tables) == TABLES
    assert all(len(table) for table in plan.tables.values())


def test_totals_equal_the_sums_of_lines(plan: Plan) -> None:
    cost, co2e_kg = float(plan.kpis["total_cost_eur"]), float(plan.kpis["emissions_co2e_t"]) * 1000
    zones, lines = plan.tables["zones"], plan.tables["footprint_lines"]
    assert plan.tables["cost_lines"]["amount_eur"].sum() == pytest.approx(cost, rel=1e-9)
    assert (zones["orders"] * zones["eur_per_order"]).sum() == pytest.approx(cost, rel=1e-9)
    assert (lines["wtt_co2e_kg"] + lines["ttw_co2e_kg"]).sum() == pytest.approx(co2e_kg, rel=1e-9)
    assert (zones["orders"] * zones["kg_co2e_per_order"]).sum() == pytest.approx(co2e_kg, rel=1e-9)
    assert plan.allocation.cost_eur == pytest.approx(cost, rel=1e-9)


def test_carbon_figures_split_the_total_and_name_whose_factors_they_are(plan: Plan) -> None:
    kpis = plan.kpis
    split = float(kpis["provision_wtt_co2e_t"]) + float(kpis["operation_ttw_co2e_t"])
    assert split == pytest.approx(float(kpis["emissions_co2e_t"]), rel=1e-9)
    shares = [float(share) for name, share in kpis.items() if name.endswith("_data_share")]
    assert sum(shares) == pytest.approx(1.0, rel=1e-9)
    assert "desnz-2025" in str(kpis["factor_packs"])
    assert float(kpis["emissions_trading_eur"]) >= 0.0


def test_every_used_route_has_its_legs_in_order(plan: Plan) -> None:
    legs, routes = plan.tables["legs"], plan.tables["routes"]
    for route_id, chain in zip(routes["route_id"], routes["mode_chain"], strict=True):
        mine = legs["route_id"] == route_id
        assert legs["leg"][mine].tolist() == list(range(1, int(mine.sum()) + 1))
        assert "+".join(legs["mode"][mine]) == chain


def test_the_audit_names_what_the_plan_rests_on(plan: Plan) -> None:
    audit = plan.audit
    assert audit["termination"]["status"] == "optimal"
    assert (audit["seed"], audit["factor_pack"]) == (1, "desnz-2025 2025 v2")
    assert len(audit["inputs"]["network"]) == 64
    assert {"curated/rates.csv", "factors/desnz-2025"} <= set(audit["inputs"])
    assert audit["versions"]["ortools"]


def test_synthetic_and_indicative_are_said(plan: Plan) -> None:
    text = " ".join(plan.assumptions)
    assert "synthetic" in text
    assert "indicative" in text
    assert any("GeoNames" in credit for credit in plan.attribution)


def test_lines_that_do_not_add_up_are_an_internal_error(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan.tables["cost_lines"]
    short = Table({name: whole[name][:-1] for name in whole.columns})
    monkeypatch.setattr(plan_run.plan_tables, "cost_lines", lambda *_: short)
    with pytest.raises(InternalError, match="cost_lines add up to"):
        plan_run.tables_of(plan.allocation)


def test_a_saved_plan_is_whole(plan: Plan, folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    files = {f"{table}.{kind}" for table in (*TABLES, "front") for kind in ("csv", "parquet")}
    assert files | {"plan.xlsx", "map.png", "plan.html", "audit.json"} <= names
    assert json.loads((folder / "audit.json").read_text("utf-8")) == json.loads(json.dumps(plan.audit))


def test_saved_tables_hold_the_same_numbers(plan: Plan, folder: Path) -> None:
    with (folder / "cost_lines.csv").open(encoding="utf-8", newline="") as file:
        amounts = [float(row["amount_eur"]) for row in csv.DictReader(file)]
    assert amounts == plan.tables["cost_lines"]["amount_eur"].tolist()


def test_an_infeasible_case_leaves_no_plan(net: xr.Network) -> None:
    with pytest.raises(xr.AllocationError) as caught:
        Plan.run(small_case(limits=xr.Limits(max_co2e_kg=1.0)), net=net)
    assert caught.value.termination.status == "infeasible"


def test_a_save_that_fails_leaves_nothing(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("no report")

    monkeypatch.setattr("xroute.report.render", broken)
    with pytest.raises(RuntimeError, match="no report"):
        plan.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_same_case_gives_the_same_plan_twice(net: xr.Network, plan: Plan) -> None:
    again = Plan.run(small_case(), net=net)
    for name, table in plan.tables.items():
        for column in table.columns:
            assert np.array_equal(
                table[column], again.tables[name][column], equal_nan=table[column].dtype.kind == "f"
            )


def test_progress_is_told(net: xr.Network) -> None:
    told: list[str] = []
    Plan.run(small_case(front_points=2), net=net, progress=told.append)
    assert told[0] == "network"
    assert any("front" in step for step in told)


def test_the_small_case_is_what_the_tables_say(plan: Plan) -> None:
    assert float(plan.kpis["orders"]) == sum(demand()["units"])
    assert len(plan.tables["warehouses"]) == len(WAREHOUSES["warehouse_id"])
    assert set(plan.tables["first_legs"]["product_id"]) == set(PRODUCTS["product_id"])

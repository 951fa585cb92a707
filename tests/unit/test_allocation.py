from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xroute as xr
from small_case import PRODUCTS, arguments, demand
from xroute.allocation import Allocation
from xroute.allocation_check import check


@pytest.fixture(scope="module")
def found(net: xr.Network) -> Allocation:
    return xr.allocate(net, **arguments())


def allocated(net: xr.Network, **changed: Any) -> Allocation:
    return xr.allocate(net, **arguments(**changed))


def test_every_zone_gets_what_it_asks(found: Allocation) -> None:
    table = found.deliveries()
    assert float(table["units"].sum()) == 4 * (4000 + 1500 + 900)
    assert set(table["zone_id"]) == {"Z1", "Z2", "Z3", "Z4"}


def test_the_answer_is_optimal_and_passes_its_check(found: Allocation) -> None:
    decision = found.decision
    assert found.termination.status == "optimal"
    assert check(found.problem, decision.first_units, decision.delivery_units, decision.is_open) == []


def test_the_tables_add_up_to_cost_and_emissions(found: Allocation) -> None:
    first, deliveries, stores = found.first_legs(), found.deliveries(), found.warehouses()
    fees = sum(stores[f"{name}_eur"].sum() for name in ("fixed", "inbound", "storage", "outbound"))
    assert first["cost_eur"].sum() + deliveries["cost_eur"].sum() + fees == pytest.approx(
        found.cost_eur, rel=1e-9
    )
    co2e = sum(table["wtw_co2e_kg"].sum() for table in (first, deliveries, stores))
    assert co2e == pytest.approx(found.wtw_co2e_kg, rel=1e-9)


def test_a_closed_warehouse_charges_and_holds_nothing(found: Allocation) -> None:
    stores = found.warehouses()
    closed = ~stores["is_open"]
    assert closed.any()
    assert (stores["fixed_eur"][closed] == 0.0).all()
    assert (stores["units"][closed] == 0.0).all()


def store(found: Allocation, name: str) -> int:
    """Where a warehouse stands: tables are held in the order of ids."""
    return int(np.flatnonzero(found.tables.warehouses["warehouse_id"] == name)[0])


def test_new_zealand_is_offered_by_sea_and_by_air_from_sydney(found: Allocation) -> None:
    auckland, sydney = found.tables.zones.index("Z4"), store(found, "SYD")
    chains = {
        str(found.lanes.mode_chain[way, sydney, auckland])
        for way in range(3)
        if np.isfinite(found.lanes.cost_eur[way, sydney, auckland])
    }
    assert chains == {"road+sea+road", "road+air+road"}


def test_battery_goods_never_fly_unless_allowed(net: xr.Network, found: Allocation) -> None:
    battery = PRODUCTS["product_id"].index("battery")
    loads = {found.legs[at].load for at in found.candidates.leg_route[found.problem.first.product == battery]}
    assert "AIR" not in loads
    flying = allocated(net, products=PRODUCTS | {"air_allowed": [True, True, True]})
    legs = flying.candidates.leg_route[flying.problem.first.product == battery]
    assert "AIR" in {flying.legs[at].load for at in legs}


def test_a_first_leg_costs_one_load_divided_by_the_units_in_it(found: Allocation) -> None:
    home = PRODUCTS["product_id"].index("home")
    for at in np.flatnonzero(found.problem.first.product == home):
        leg = found.legs[found.candidates.leg_route[at]]
        if leg.load == "FCL":
            assert found.problem.first.eur[at] == pytest.approx(leg.route.cost_eur / 950)  # 57 m3 / 0.06 m3


def test_a_flow_by_the_box_fills_a_quarter_of_it_a_month(found: Allocation) -> None:
    first = found.first_legs()
    by_box = first["load"] == "FCL"
    assert (first["volume_m3"][by_box] >= 0.25 * 57 * (1 - 0.02)).all()


def test_a_row_with_few_days_gets_them(net: xr.Network) -> None:
    days = [8.0 if zone == "Z4" and item == "apparel" else np.nan
            for zone, item in zip(demand()["zone_id"], demand()["product_id"], strict=True)]  # fmt: skip
    table = allocated(net, demand=demand(max_days=days)).deliveries()
    tight = (table["zone_id"] == "Z4") & (table["product_id"] == "apparel")
    assert (table["days"][tight] <= 8.0).all()
    assert set(table["mode_chain"][tight]) == {"road+air+road"}


def test_days_that_nobody_keeps_are_infeasible_and_say_for_whom(net: xr.Network) -> None:
    with pytest.raises(xr.AllocationError, match=r"within the days allowed, .* to Z") as caught:
        allocated(net, limits=xr.Limits(max_days=2.5))
    assert caught.value.termination.status == "infeasible"


def test_a_cap_below_the_least_is_infeasible_with_both_figures(net: xr.Network) -> None:
    with pytest.raises(xr.AllocationError, match=r"max_co2e_kg is 100 kg a month; the lowest .* reaches is"):
        allocated(net, limits=xr.Limits(max_co2e_kg=100.0))


def test_a_cap_that_binds_costs_money_and_is_kept(net: xr.Network, found: Allocation) -> None:
    least = float(found.front(points=2)["co2e_t"][-1]) * 1000
    cap = (least + found.wtw_co2e_kg) / 2
    capped = allocated(net, limits=xr.Limits(max_co2e_kg=cap))
    assert capped.wtw_co2e_kg <= cap * (1 + 1e-6)
    assert capped.cost_eur >= found.cost_eur


def test_the_front_falls_in_carbon_and_rises_in_cost(found: Allocation) -> None:
    table = found.front(points=5)
    assert (np.diff(table["cost_eur"]) >= -1e-4 * found.cost_eur).all()
    assert (np.diff(table["co2e_t"]) <= 0).all()
    assert any("chosen" in label for label in table["label"])
    assert "least CO2e" in table["label"][-1]


def test_a_closed_country_changes_the_first_legs_and_carries_nothing(net: xr.Network) -> None:
    closed = allocated(net, scenario=xr.Scenario(name="no Suez", closed_passages=("suez", "bab_el_mandeb")))
    used = set(closed.first_legs()["route_id"])
    passages = {each for leg in closed.legs if leg.route_id in used for each in leg.route.passages}
    assert not passages & {"suez", "bab_el_mandeb"}


def test_the_order_of_rows_does_not_change_the_objective(net: xr.Network, found: Allocation) -> None:
    turned = {name: values[::-1] for name, values in demand().items()}
    assert allocated(net, demand=turned).termination.objective == pytest.approx(
        found.termination.objective, rel=1e-4
    )


def test_shuffled_demand_gives_the_same_bytes(net: xr.Network, found: Allocation) -> None:
    order = np.random.default_rng(5).permutation(len(demand()["zone_id"]))
    shuffled = {name: [values[at] for at in order] for name, values in demand().items()}
    again = allocated(net, demand=shuffled).decision
    for one, two in zip(found.decision.flows, again.flows, strict=True):
        assert one.tobytes() == two.tobytes()


def test_a_plan_that_no_clock_ended_is_reproducible(found: Allocation) -> None:
    assert found.termination.reproducible


@pytest.mark.parametrize("table", ["warehouses", "products", "demand", "origins"])
def test_the_order_of_rows_changes_no_byte_of_an_answer(net: xr.Network, table: str) -> None:
    given = arguments(origins=["Shenzhen, CN", "Yiwu, CN"])
    rows = given[table]
    if table == "origins":
        changed = rows[::-1]
    else:
        order = np.random.default_rng(3).permutation(len(next(iter(rows.values()))))
        changed = {name: [values[at] for at in order] for name, values in rows.items()}
    one, other = (xr.allocate(net, **each) for each in (given, given | {table: changed}))
    for ours, theirs in zip(one.decision.flows, other.decision.flows, strict=True):
        assert ours.tobytes() == theirs.tobytes()
    assert one.open_warehouses == other.open_warehouses
    assert one.cost_eur == other.cost_eur

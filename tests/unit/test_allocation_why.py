from __future__ import annotations

import numpy as np
import pytest

import xroute as xr
from small_case import WAREHOUSES, arguments
from xroute.allocation import Allocation
from xroute.allocation_losses import without
from xroute.errors import InputError

SMALL = WAREHOUSES | {"capacity_m3": [4000.0, 60.0, 4000.0]}


@pytest.fixture(scope="module")
def plan(net: xr.Network) -> Allocation:
    return xr.allocate(net, **arguments())


def test_the_runner_up_is_who_serves_when_the_first_may_not(plan: Allocation) -> None:
    found = plan.why(zone="Z1", product="home")
    assert (found.warehouse, found.runner_up) == ("WAW", "FRA")
    assert found.difference_eur > 0.0
    assert "runner-up FRA" in str(found)


def test_where_nobody_else_can_serve_it_says_so(plan: Allocation) -> None:
    found = plan.why(zone="Z3", product="home")
    assert (found.warehouse, found.runner_up) == ("SYD", "")
    assert str(found).endswith("no other warehouse can.")


def test_a_full_warehouse_is_named_as_binding(net: xr.Network) -> None:
    tight = xr.allocate(net, **arguments(warehouses=SMALL, limits=xr.Limits(min_open=3)))
    words = {
        tight.why(zone=zone, product=item).binding for zone in ("Z1", "Z2") for item in ("home", "apparel")
    }
    assert any("capacity_m3 of WAW is full" in each for each in words), words


def test_a_cap_that_binds_is_named_with_its_price(net: xr.Network, plan: Allocation) -> None:
    capped = xr.allocate(net, **arguments(limits=xr.Limits(max_co2e_kg=0.9 * plan.wtw_co2e_kg)))
    assert "max_co2e_kg, at" in capped.why(zone="Z1", product="battery").binding


@pytest.mark.parametrize("wrong", [{"zone": "Z9", "product": "home"}, {"zone": "Z1", "product": "gold"}])
def test_names_that_are_not_in_the_tables_are_refused(plan: Allocation, wrong: dict[str, str]) -> None:
    with pytest.raises(InputError):
        plan.why(**wrong)


def test_a_loss_never_lowers_cost_and_one_that_is_not_used_changes_nothing(plan: Allocation) -> None:
    table = plan.losses()
    known = ~np.isnan(table["extra_eur"])
    assert (table["extra_eur"][known] >= -1e-4 * plan.cost_eur).all()
    idle = table["status"] == "not used"
    assert idle.any()
    assert (table["extra_eur"][idle] == 0.0).all()
    assert table["status"][list(table["lost"]).index("SYD")] == "no plan"


def test_what_is_lost_carries_nothing(plan: Allocation) -> None:
    from xroute.allocation_engine import decide
    from xroute.allocation_solver import Effort

    p = plan.problem
    lost = np.concatenate([p.first.warehouse, p.delivery.warehouse]) == list(
        plan.tables.warehouses["warehouse_id"]
    ).index("WAW")
    found = decide(without(p, lost), Effort())
    assert np.concatenate(found.flows)[lost].sum() == 0.0

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xroute as xr
from small_case import PRODUCTS, WAREHOUSES, arguments
from xroute.allocation import Allocation
from xroute.errors import InputError


@pytest.fixture(scope="module")
def free(net: xr.Network) -> Allocation:
    return xr.allocate(net, **arguments())


def limited(net: xr.Network, table: dict[str, Any] | None = None, **limits: Any) -> Allocation:
    return xr.allocate(net, **arguments(**(table or {}), limits=xr.Limits(**limits)))


def units(found: Allocation, warehouse: str, product: str) -> float:
    table = found.deliveries()
    rows = (table["warehouse_id"] == warehouse) & (table["product_id"] == product)
    return float(table["units"][rows].sum())


def test_a_warehouse_held_open_or_closed_is_so(net: xr.Network, free: Allocation) -> None:
    assert free.open_warehouses == ("SYD", "WAW")
    assert "FRA" in limited(net, open_warehouses=("FRA",)).open_warehouses
    assert limited(net, closed_warehouses=("WAW",)).open_warehouses == ("FRA", "SYD")
    assert limited(net, min_open=3).open_warehouses == ("FRA", "SYD", "WAW")


def test_a_cap_of_a_region_or_product_is_kept_and_costs_money(net: xr.Network, free: Allocation) -> None:
    p = free.problem
    of_battery = np.concatenate([p.first.product, p.delivery.product]) == 1
    before = float((np.concatenate(free.decision.flows) * p.unit_kg)[of_battery].sum())
    capped = limited(net, max_co2e_kg_by_product={"battery": 0.9 * before})
    after = float((np.concatenate(capped.decision.flows) * p.unit_kg)[of_battery].sum())
    assert after <= 0.9 * before * (1 + 1e-6)
    assert capped.cost_eur > free.cost_eur


def test_a_share_spreads_a_product_over_warehouses(net: xr.Network) -> None:
    found = limited(net, max_share=0.5)
    for product, total in (("apparel", 16000.0), ("battery", 6000.0), ("home", 3600.0)):
        for warehouse in ("FRA", "SYD", "WAW"):
            assert units(found, warehouse, product) <= 0.5 * total * (1 + 1e-6)


def test_dangerous_and_cold_goods_and_placement_go_where_they_may(net: xr.Network) -> None:
    stores = WAREHOUSES | {"takes_dangerous_goods": [True, False, True], "is_cold": [True, False, True]}
    found = limited(net, {"warehouses": stores})
    assert units(found, "WAW", "battery") == 0.0
    cold = PRODUCTS | {"temperature": ["", "", "refrigerated"], "placement": ["core", "", ""]}
    found = limited(net, {"warehouses": stores, "products": cold})
    assert units(found, "WAW", "home") == 0.0
    assert units(found, "WAW", "apparel") == 0.0


def test_a_mass_that_a_floor_bears_is_kept(net: xr.Network, free: Allocation) -> None:
    stores = WAREHOUSES | {"capacity_kg": [1e6, 2000.0, 1e6]}
    found = limited(net, {"warehouses": stores})
    through = [units(found, "WAW", product) for product in ("apparel", "battery", "home")]
    stock_kg = sum(
        each * mass * weeks / (52 / 12)
        for each, mass, weeks in zip(through, PRODUCTS["mass_kg"], PRODUCTS["cover_weeks"], strict=True)
    )
    assert stock_kg <= 2000.0 * (1 + 1e-6)
    assert found.cost_eur > free.cost_eur


def test_lanes_share_their_capacity(net: xr.Network, free: Allocation) -> None:
    assert "suez" in {each for leg in free.legs for each in leg.route.passages}
    found = limited(net, lane_capacity_m3={"suez": 100.0})
    first = found.first_legs()
    passing = {leg.route_id for leg in found.legs if "suez" in leg.route.passages}
    volume = sum(
        m3 for m3, route in zip(first["volume_m3"], first["route_id"], strict=True) if route in passing
    )
    assert volume <= 100.0 * (1 + 1e-6)


def test_a_service_level_is_met_or_named(net: xr.Network, free: Allocation) -> None:
    days = free.candidates.delivery_days
    zone, product = free.problem.delivery.zone, free.problem.delivery.product
    best = np.full(free.problem.demand.shape, np.inf)
    np.minimum.at(best, (zone, product), days)
    within = float(np.median(best))
    share = float(free.problem.demand[best <= within].sum() / free.problem.demand.sum())
    table = limited(net, service=({"days": within, "share": share - 1e-9},)).deliveries()
    assert float(table["units"][table["days"] <= within].sum()) >= share * table["units"].sum() * (1 - 1e-6)
    with pytest.raises(xr.AllocationError, match="service"):
        limited(net, service=({"days": within, "share": min(1.0, share + 0.1)},))


def test_a_single_source_serves_each_zone_alone(net: xr.Network) -> None:
    table = limited(net, single_source="zone", max_share=0.9).deliveries()
    pairs = {(zone, store) for zone, store in zip(table["zone_id"], table["warehouse_id"], strict=True)}
    assert len(pairs) == 4


def test_fixings_that_fight_are_named(net: xr.Network) -> None:
    with pytest.raises(xr.AllocationError) as caught:
        limited(net, open_warehouses=("FRA", "SYD", "WAW"), max_open=2)
    text = str(caught.value)
    assert "max_open" in text
    assert len(text.splitlines()) <= 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"open_warehouses": ("XYZ",)}, {"max_co2e_kg_by_region": {"mars": 1.0}},
        {"max_co2e_kg_by_product": {"gold": 1.0}}, {"service": ({"days": 2.0, "share": 1.5},)},
        {"service": ({"days": 2.0},)}, {"lane_capacity_m3": {"nowhere": 1.0}}, {"single_source": "both"},
        {"max_share": -0.1},
    ],
)  # fmt: skip
def test_limits_that_mean_nothing_are_refused(net: xr.Network, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        limited(net, **wrong)

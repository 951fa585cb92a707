"""The options of `allocate`, each seen in its tables, alone and beside others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xroute as xr
from small_case import PRODUCTS, WAREHOUSES, arguments, demand
from xroute.allocation import Allocation
from xroute.errors import InputError

RETURNED = PRODUCTS | {"return_rate": [0.3, 0.05, 0.1]}


@pytest.fixture(scope="module")
def plain(net: xr.Network) -> Allocation:
    return xr.allocate(net, **arguments())


def allocated(net: xr.Network, **changed: Any) -> Allocation:
    return xr.allocate(net, **arguments(**changed))


def line(found: Allocation, name: str) -> float:
    table = found.ledger()
    return float(table["amount_eur"][table["line"] == name].sum())


def in_periods(*factors: float) -> dict[str, list[Any]]:
    base = demand()
    rows = len(base["zone_id"])
    found = {name: values * len(factors) for name, values in base.items()}
    found["period"] = [f"2026-{at + 1:02d}" for at in range(len(factors)) for _ in range(rows)]
    found["units"] = [units * factors[at // rows] for at, units in enumerate(found["units"])]
    return found


# --- fees --------------------------------------------------------------------------------------------


def test_bands_by_volume_pay_each_band_its_price(net: xr.Network) -> None:
    fees = {"warehouse_id": ["*", "*"], "fee": ["pick"] * 2, "basis": ["units"] * 2, "starts_at": [0, 5000],
            "price_eur": [1.0, 0.5]}  # fmt: skip
    found = allocated(net, fees=fees)
    rows = found.fees().rows()
    assert {row["fee"] for row in rows} == {f"pick of {each}" for each in found.open_warehouses}
    for row in rows:
        assert row["fee_eur"] == pytest.approx(5000 + 0.5 * (row["amount"] - 5000))
        assert row["band_starts_at"] == 5000
    units = found.warehouses()
    assert sum(row["amount"] for row in rows) == pytest.approx(float(units["units"].sum()))


def test_storage_by_age_is_paid_for_the_days_of_cover_in_each_band(
    net: xr.Network, plain: Allocation
) -> None:
    fees = {"warehouse_id": ["*", "*"], "fee": ["aged"] * 2, "basis": ["age_days"] * 2, "starts_at": [0, 28],
            "price_eur": [1.0, 3.0]}  # fmt: skip
    found = allocated(net, fees=fees)
    weeks = {"apparel": 3 * 1.0, "battery": 4 * 1.0 + 1 * 3.0, "home": 4 * 1.0}
    volume = dict(zip(PRODUCTS["product_id"], PRODUCTS["volume_m3"], strict=True))
    units = {"apparel": 16000, "battery": 6000, "home": 3600}
    assert line(found, "fee: aged") == pytest.approx(sum(units[k] * weeks[k] * volume[k] for k in units))
    assert found.cost_eur > plain.cost_eur


def test_a_price_by_weight_band_is_paid_by_the_unit(net: xr.Network) -> None:
    fees = {"warehouse_id": ["*"] * 3, "fee": ["pack"] * 3, "basis": ["unit_kg"] * 3, "starts_at": [0, 1, 5],
            "price_eur": [0.1, 0.4, 2.0]}  # fmt: skip
    found = allocated(net, fees=fees)
    assert line(found, "fee: pack") == pytest.approx(16000 * 0.1 + 6000 * 0.4 + 3600 * 2.0)


def test_a_least_volume_that_nobody_reaches_is_named(net: xr.Network) -> None:
    fees = {"warehouse_id": ["*"], "fee": ["contract"], "basis": ["units"], "starts_at": [1e6],
            "price_eur": [0.1]}  # fmt: skip
    with pytest.raises(xr.AllocationError, match="the least volume of contract of") as caught:
        allocated(net, fees=fees)
    assert len(str(caught.value).splitlines()) <= 5


# --- transfers ---------------------------------------------------------------------------------------


def test_a_cheap_transfer_is_used_and_balances(net: xr.Network) -> None:
    between = {"origin": ["FRA"], "destination": ["SYD"], "cost_eur": [0.5], "co2e_kg": [0.002]}
    limits = xr.Limits(open_warehouses=("FRA",))
    found = allocated(net, transfers=between, limits=limits)
    moved = found.transfers()
    assert len(moved)
    assert moved["wtw_co2e_kg"].sum() == pytest.approx(0.002 * moved["units"].sum())
    for product in set(moved["product_id"]):
        first, out = found.first_legs(), found.deliveries()
        into = first["units"][(first["warehouse_id"] == "SYD") & (first["product_id"] == product)].sum()
        passed = moved["units"][moved["product_id"] == product].sum()
        given = out["units"][(out["warehouse_id"] == "SYD") & (out["product_id"] == product)].sum()
        assert into + passed == pytest.approx(given)
    without = allocated(net, limits=limits)
    assert found.cost_eur < without.cost_eur


def test_transfers_over_the_network_join_the_warehouses_of_a_region(net: xr.Network) -> None:
    found = allocated(net, transfers=True)
    moves = found.candidates.options.moves
    ids = found.tables.warehouses["warehouse_id"]
    pairs = {(ids[a], ids[b]) for a, b in zip(moves.out_of, moves.into, strict=True)}
    assert pairs == {("FRA", "WAW"), ("WAW", "FRA")}
    assert (moves.eur > 0).all()
    assert (moves.co2e_kg > 0).all()


def test_goods_are_not_moved_through_a_warehouse_that_may_not_keep_them(net: xr.Network) -> None:
    stores = WAREHOUSES | {"takes_dangerous_goods": [True, False, True]}
    between = {"origin": ["WAW", "FRA"], "destination": ["FRA", "WAW"], "cost_eur": [0.0, 0.0]}
    found = allocated(net, warehouses=stores, transfers=between)
    assert "battery" not in set(found.transfers()["product_id"])


# --- inventory ---------------------------------------------------------------------------------------


def test_safety_stock_is_the_pooled_deviation_over_the_lead(net: xr.Network) -> None:
    asked = xr.Inventory(lead=30.4375, review_days=0.0, demand_cv=0.5, service=0.975)
    found = allocated(net, inventory=asked)
    stock, out = found.stock(), found.deliveries()
    for row in stock.rows():
        here = (out["warehouse_id"] == row["warehouse_id"]) & (out["product_id"] == row["product_id"])
        pooled = float(np.sqrt(np.square(out["units"][here]).sum()))
        assert row["safety_units"] == pytest.approx(1.959964 * 0.5 * pooled, rel=1e-5)


def test_stock_is_paid_by_value_and_time(net: xr.Network, plain: Allocation) -> None:
    found = allocated(net, inventory=xr.Inventory(holding_rate=0.25))
    first = found.first_legs()
    value = dict(zip(PRODUCTS["product_id"], PRODUCTS["value_eur"], strict=True))
    held = sum(row["units"] * value[row["product_id"]] * row["days"] for row in first.rows())
    assert line(found, "pipeline stock") == pytest.approx(0.25 * held / 365.25)
    assert float(found.stock()["holding_eur"].sum()) == pytest.approx(
        sum(line(found, name) for name in ("pipeline stock", "cycle stock", "safety stock"))
    )
    assert found.cost_eur > plain.cost_eur


def test_pooling_makes_safety_stock_rise_with_the_number_of_warehouses(net: xr.Network) -> None:
    anywhere = {"demand": demand(region=["all"] * 12), "warehouses": WAREHOUSES | {"region": ["all"] * 3}}
    asked = xr.Inventory(lead=30.0)
    found = allocated(net, inventory=asked, limits=xr.Limits(max_share=0.4), **anywhere)
    stock, out = found.stock(), found.deliveries()
    for product in PRODUCTS["product_id"]:
        here, given = stock["product_id"] == product, out["product_id"] == product
        zones = np.unique(out["zone_id"][given], return_inverse=True)[1]
        alone = float(np.sqrt(np.square(np.bincount(zones, out["units"][given])).sum()))
        factor = asked.z * asked.demand_cv * np.sqrt((30.0 + asked.review_days) / (365.25 / 12))
        assert here.sum() == 3
        assert stock["safety_units"][here].sum() > 1.2 * factor * alone


def test_safety_stock_fills_room(net: xr.Network) -> None:
    stores = WAREHOUSES | {"capacity_m3": [250.0, 220.0, 450.0]}
    found = allocated(net, warehouses=stores, inventory=xr.Inventory(demand_cv=0.4))
    assert (found.warehouses()["utilisation"] <= 1 + 1e-6).all()
    assert found.termination.status == "optimal"


# --- returns -----------------------------------------------------------------------------------------


def test_what_comes_back_is_its_share_and_some_is_sold_again(net: xr.Network) -> None:
    asked = xr.Returns(refurbished_share=0.7, refurbish_eur=0.2, disposal_eur=0.5)
    found = allocated(net, products=RETURNED, returns=asked)
    table = found.returns()
    back, good = table["step"] == "returned", table["step"] == "refurbished"
    assert table["units"][back].sum() == pytest.approx(16000 * 0.3 + 6000 * 0.05 + 3600 * 0.1)
    assert 0 < table["units"][good].sum() <= 0.7 * table["units"][back].sum() * (1 + 1e-6)
    bought = found.first_legs()["units"].sum()
    assert bought + table["units"][good].sum() == pytest.approx(found.deliveries()["units"].sum())


def test_returns_go_where_they_are_consolidated(net: xr.Network) -> None:
    found = allocated(net, products=RETURNED, returns=xr.Returns(to=("FRA", "SYD")))
    assert set(found.returns()["warehouse_id"]) == {"FRA", "SYD"}
    assert "FRA" in found.open_warehouses


def test_returns_go_back_to_the_warehouse_that_sent_them(net: xr.Network) -> None:
    found = allocated(net, products=RETURNED, returns=xr.Returns(same_warehouse=True))
    rate = dict(zip(RETURNED["product_id"], RETURNED["return_rate"], strict=True))
    out = {(row["zone_id"], row["warehouse_id"], row["product_id"]): row["units"]
           for row in found.deliveries().rows()}  # fmt: skip
    for row in found.returns().rows():
        key = row["zone_id"], row["warehouse_id"], row["product_id"]
        assert row["units"] == pytest.approx(rate[row["product_id"]] * out[key])


def test_a_return_rate_without_returns_is_warned_of(net: xr.Network) -> None:
    with pytest.warns(xr.UnusedColumnWarning, match="return_rate"):
        allocated(net, products=RETURNED)


# --- periods -----------------------------------------------------------------------------------------


def test_each_period_gets_what_it_asks_and_stock_is_carried(net: xr.Network) -> None:
    hand = {"warehouse_id": ["FRA"] * 3 + ["SYD"] * 3, "product_id": PRODUCTS["product_id"] * 2,
            "units": [12000, 6000, 3600] * 2}  # fmt: skip
    found = allocated(net, demand=in_periods(1.0, 2.0), periods=xr.Periods(on_hand=hand))
    out = found.deliveries()
    for period, factor in (("2026-01", 1.0), ("2026-02", 2.0)):
        assert out["units"][out["period"] == period].sum() == pytest.approx(25600 * factor)
    stock = found.stock()
    assert stock["kept_units"].sum() > 0
    assert stock["kept_units"][stock["period"] == "2026-02"].sum() == 0
    late = found.first_legs()
    assert set(late["period"]) <= {"2026-02"} or (late["days"][late["period"] == "2026-01"] < 15.3).all()


def test_the_balance_of_stock_holds_from_period_to_period(net: xr.Network) -> None:
    found = allocated(net, demand=in_periods(1.0, 2.0, 0.5), periods=xr.Periods(ordered_ahead=3))
    first, out, stock = found.first_legs(), found.deliveries(), found.stock()
    kept = dict.fromkeys(zip(stock["warehouse_id"], stock["product_id"], strict=True), 0.0)
    for period in found.tables.periods:
        for row in (each for each in stock.rows() if each["period"] == period):
            key = row["warehouse_id"], row["product_id"]
            come, gone = (
                table["units"][(table["warehouse_id"] == key[0]) & (table["product_id"] == key[1])
                               & (table["period"] == period)].sum()
                for table in (first, out)
            )  # fmt: skip
            assert kept[key] + come + row["on_hand_units"] == pytest.approx(gone + row["kept_units"])
            kept[key] = row["kept_units"]


def test_one_period_is_the_same_as_none(net: xr.Network, plain: Allocation) -> None:
    found = allocated(net, demand=in_periods(1.0))
    assert found.termination.objective == pytest.approx(plain.termination.objective, rel=1e-4)


def test_goods_cannot_arrive_before_they_are_sent(net: xr.Network) -> None:
    with pytest.raises(xr.AllocationError, match="battery to Z1 in 2026-01"):
        allocated(net, demand=in_periods(1.0, 1.0))


def test_an_opening_is_paid_once(net: xr.Network) -> None:
    stores = WAREHOUSES | {"opening_eur": [500.0, 400.0, 300.0], "is_open_before": [False, False, True]}
    asked = xr.Periods(ordered_ahead=3, open_for="period")
    found = allocated(net, demand=in_periods(1.0, 1.0), warehouses=stores, periods=asked)
    opened = [name for name in found.open_warehouses if name != "SYD"]
    assert line(found, "opening") == pytest.approx(sum({"FRA": 500.0, "WAW": 400.0}[name] for name in opened))


# --- spread and disruption ---------------------------------------------------------------------------


def test_no_lane_has_more_than_its_share(net: xr.Network) -> None:
    found = allocated(net, limits=xr.Limits(max_share_by={"route": 0.3}))
    first = found.first_legs()
    for product, total in (("apparel", 16000), ("battery", 6000), ("home", 3600)):
        here = first["product_id"] == product
        assert (first["units"][here] <= 0.3 * total * (1 + 1e-6)).all()


def test_channels_are_disjoint_and_carry_their_share(net: xr.Network) -> None:
    zones = demand(region=["all"] * 12)
    stores = WAREHOUSES | {"region": ["all"] * 3}
    asked = {"count": 2, "share": 0.3, "per": "region", "disjoint_in": ("warehouse", "lane")}
    found = allocated(net, demand=zones, warehouses=stores, limits=xr.Limits(channels=asked))
    table = found.channels()
    routes = [str(each).split(" to ") for each in table["channel"]]
    assert len({store for _, store in routes}) == len(routes) >= 2
    legs = {leg.route_id: leg for leg in found.legs}
    lanes = [set(legs[number].route.passages) for number, _ in routes]
    assert not lanes[0] & lanes[1]
    first = found.first_legs()
    for number, _ in routes:
        assert first["units"][first["route_id"] == number].sum() >= 0.3 * 25600 * (1 - 1e-6)


def test_channels_that_cannot_be_are_named(net: xr.Network) -> None:
    asked = {"count": 2, "share": 0.2, "per": "region"}
    with pytest.raises(xr.AllocationError, match="channels of oceania"):
        allocated(net, limits=xr.Limits(channels=asked))


def test_a_likely_loss_opens_another_warehouse(net: xr.Network, plain: Allocation) -> None:
    event = {"name": "Warsaw out", "lost": ("WAW",), "probability": 0.05}
    found = allocated(net, disruption=xr.Disruption(scenarios=(event,)))
    assert "FRA" in found.open_warehouses
    assert "FRA" not in plain.open_warehouses
    table = found.outcomes()
    money = float(table["cost_eur"] @ table["probability"])
    assert found.risk is not None
    assert found.risk.expected_eur == pytest.approx(money)
    assert found.risk.termination.objective == pytest.approx(money, rel=1e-4)


def test_every_loss_leaves_enough_or_says_which_does_not(net: xr.Network) -> None:
    found = allocated(net, disruption=xr.Disruption(n_minus_1=True, max_unserved=1.0))
    assert set(found.outcomes()["status"]) == {"kept"}
    with pytest.raises(xr.AllocationError, match="max_unserved in origin Shenzhen, CN lost"):
        allocated(net, disruption=xr.Disruption(n_minus_1=True, max_unserved=0.4))


def test_with_a_disruption_why_and_losses_still_find_the_other_warehouses(
    net: xr.Network, plain: Allocation
) -> None:
    event = {"name": "Suez shut", "lost": ("suez",), "probability": 0.1}
    found = allocated(net, disruption=xr.Disruption(scenarios=(event,)))
    assert found.open_warehouses == plain.open_warehouses
    asked = {"zone": demand()["zone_id"][0], "product": demand()["product_id"][0]}
    assert found.why(**asked).runner_up == plain.why(**asked).runner_up != ""
    mine, theirs = (
        {row["lost"]: row for row in each.losses().rows() if row["kind"] == "warehouse"}
        for each in (found, plain)
    )
    assert "other warehouses" in {row["status"] for row in mine.values()}
    for name, row in mine.items():
        assert row["status"] == theirs[name]["status"]
        assert row["cost_eur"] == pytest.approx(theirs[name]["cost_eur"], rel=1e-3, nan_ok=True)


# --- all together ------------------------------------------------------------------------------------


def test_all_options_stand_beside_each_other_and_the_ledger_adds_up(net: xr.Network) -> None:
    fees = {"warehouse_id": ["*", "*", "*"], "fee": ["pick", "pick", "aged"],
            "basis": ["units", "units", "age_days"], "starts_at": [0, 5000, 14],
            "price_eur": [1.0, 0.5, 2.0]}  # fmt: skip
    found = allocated(
        net, demand=in_periods(1.0, 1.5), products=RETURNED, fees=fees, transfers=True,
        inventory=xr.Inventory(), returns=xr.Returns(refurbished_share=0.5),
        periods=xr.Periods(ordered_ahead=3),
        limits=xr.Limits(max_share_by={"warehouse": 0.8}, channels={"count": 1}, max_co2e_kg=60_000.0),
        disruption=xr.Disruption(scenarios=({"name": "Suez", "lost": ("suez",), "probability": 0.1},)),
    )  # fmt: skip
    table = found.ledger()
    assert table["amount_eur"].sum() == pytest.approx(found.cost_eur, rel=1e-9)
    assert table["wtw_co2e_kg"].sum() == pytest.approx(found.wtw_co2e_kg, rel=1e-9)
    first, out, stores = found.first_legs(), found.deliveries(), found.warehouses()
    named = sum(stores[f"{name}_eur"].sum() for name in ("fixed", "inbound", "storage", "outbound", "other"))
    beside = line(found, "pipeline stock") + line(found, "transfer")
    assert first["cost_eur"].sum() + out["cost_eur"].sum() + named + beside == pytest.approx(found.cost_eur)
    assert found.wtw_co2e_kg <= 60_000.0 * (1 + 1e-6)


@pytest.mark.parametrize(
    ("option", "table"),
    [
        ({"fees": {"warehouse_id": ["XYZ"], "fee": ["a"], "basis": ["units"], "starts_at": [0],
                   "price_eur": [1]}}, "fees"),
        ({"fees": {"warehouse_id": ["*"], "fee": ["a"], "basis": ["unit_kg"], "starts_at": [0],
                   "price_eur": [1], "fixed_eur": [3]}}, "fees"),
        ({"fees": {"warehouse_id": ["*"], "fee": ["a"], "basis": ["miles"], "starts_at": [0],
                   "price_eur": [1]}}, "fees"),
        ({"transfers": {"origin": ["FRA"], "destination": ["XYZ"]}}, "transfers"),
        ({"returns": xr.Returns()}, "products"),
        ({"products": RETURNED, "returns": xr.Returns(to=("XYZ",))}, "returns"),
        ({"disruption": xr.Disruption(scenarios=({"name": "x", "lost": ("nowhere",)},))}, "disruption"),
        ({"limits": xr.Limits(channels={"count": 0})}, "limits"),
        ({"limits": xr.Limits(max_share_by={"planet": 0.5})}, "limits"),
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused_with_their_table(
    net: xr.Network, option: dict[str, Any], table: str
) -> None:
    with pytest.raises(InputError) as caught:
        allocated(net, **option)
    assert caught.value.table == table


ODDS = ({"name": "a", "probability": 0.7}, {"name": "b", "probability": 0.6})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: xr.Inventory(service=0.2), lambda: xr.Inventory(lead="soon"),  # type: ignore[arg-type]
        lambda: xr.Returns(refurbished_share=1.5), lambda: xr.Periods(days=0.0),
        lambda: xr.Periods(open_for="ever"),  # type: ignore[arg-type]
        lambda: xr.Disruption(scenarios=({"lost": ("suez",)},)),
        lambda: xr.Disruption(scenarios=ODDS),
    ],
)  # fmt: skip
def test_options_out_of_range_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        wrong()


@pytest.fixture(scope="module")
def rich(net: xr.Network) -> Allocation:
    """A plan of two periods with stock, returns and transfers."""
    return allocated(
        net, demand=in_periods(1.0, 1.5), products=RETURNED, transfers=True, inventory=xr.Inventory(),
        returns=xr.Returns(refurbished_share=0.5), periods=xr.Periods(ordered_ahead=3),
    )  # fmt: skip


def test_a_front_falls_in_carbon_with_every_option(rich: Allocation) -> None:
    assert "over 2 periods" in repr(rich)
    table = rich.front(points=3)
    assert (np.diff(table["co2e_t"]) < 0).all()
    assert (table["gap"] <= 1e-3).all()


def test_why_and_losses_know_periods(rich: Allocation) -> None:
    found = rich.why(zone="Z1", product="home", period="2026-02")
    assert found.warehouse in rich.open_warehouses
    table = rich.losses()
    lost = table["kind"] == "warehouse"
    assert set(table["lost"][lost]) == {"FRA", "WAW", "SYD"}
    used = lost & np.isin(table["lost"], rich.open_warehouses)
    assert "not used" not in set(table["status"][used])


def test_prices_are_there_with_safety_stock(rich: Allocation) -> None:
    assert (rich.prices().capacity_eur_per_m3 >= -1e-6).all()


def test_groupage_of_little_pays_the_carriers_least_quantity(net: xr.Network) -> None:
    few = demand(units=[4.0] * 12)
    found = allocated(net, demand=few, limits=xr.Limits(max_first_leg_days=60.0))
    table, legs = found.fees(), {leg.route_id: leg for leg in found.legs}
    assert len(table)
    first = found.first_legs()
    for row in table.rows():
        route = row["fee"].split(" of ")[1]
        paid = float(first["cost_eur"][first["route_id"] == route].sum()) + row["fee_eur"]
        assert paid == pytest.approx(legs[route].least_eur)
        assert legs[route].load in ("LCL", "AIR")
    assert line(found, "fee: least charge") == pytest.approx(float(table["fee_eur"].sum()))

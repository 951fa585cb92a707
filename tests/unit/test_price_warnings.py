"""Indicative prices and stale rules are said aloud, once a call, and not where the user's own stand."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import xroute as xr
from xroute.compare import compare
from xroute.errors import IndicativeRateWarning, StaleRuleWarning
from xroute.price_warnings import tells_indicative

GOODS = xr.Shipment(mass_kg=12_000, volume_m3=60)


@pytest.fixture(scope="module")
def net() -> xr.Network:
    return xr.Network.load()


def said(call: Callable[[], Any], kind: type[Warning]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(each.message) for each in caught if issubclass(each.category, kind)]


CALLS: dict[str, Callable[[xr.Network], Any]] = {
    "route": lambda net: net.route("CNSHA", "NLRTM", shipment=GOODS),
    "route within limits": lambda net: net.route("CNSHA", "NLRTM", shipment=GOODS, max_duration_h=2000),
    "matrix": lambda net: net.matrix(["CNSHA"], ["NLRTM", "DEHAM"], shipment=GOODS),
    "alternatives": lambda net: net.alternatives("CNSHA", "NLRTM", shipment=GOODS, k=2),
    "pareto": lambda net: net.pareto("CNSHA", "NLRTM", shipment=GOODS, over=("cost", "time")),
    "route_table": lambda net: net.route_table(
        {"shipment_id": ["1", "2"], "origin": ["CNSHA"] * 2, "destination": ["NLRTM"] * 2,
         "mass_kg": [100.0, 200.0]}
    ),
    "compare": lambda net: compare(net, "CNSHA", "NLRTM", shipment=GOODS),
    "from a point": lambda net: net.route((31.2, 121.5), "NLRTM", shipment=GOODS),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_each_public_call_says_once_that_its_prices_are_indicative(net: xr.Network, name: str) -> None:
    found = said(lambda: CALLS[name](net), IndicativeRateWarning)
    assert len(found) == 1
    assert "rate card" in found[0]


def test_the_warning_points_at_the_line_that_called(net: xr.Network) -> None:
    with pytest.warns(IndicativeRateWarning) as caught:
        net.route("CNSHA", "NLRTM", shipment=GOODS)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("is_indicative", [True, False])
def test_a_result_without_indicative_prices_is_silent(is_indicative: bool) -> None:
    class Answer:
        def __init__(self) -> None:
            self.is_indicative = is_indicative

    found = said(tells_indicative(Answer), IndicativeRateWarning)
    assert len(found) == is_indicative


def test_an_allowance_price_of_the_table_is_said_and_one_of_the_scenario_is_not(net: xr.Network) -> None:
    route = net.route("CNSHA", "NLRTM", shipment=GOODS, modes=("sea",))
    day = date(2026, 8, 1)
    (found,) = said(lambda: route.policy(on=day), IndicativeRateWarning)
    assert "ets_prices_eur_t" in found
    own = xr.Scenario(ets_prices_eur_t={"eu_ets": 80.0, "uk_ets": 60.0})
    assert said(lambda: route.policy(on=day, scenario=own), IndicativeRateWarning) == []


def test_a_stale_rule_is_said_once_a_call_and_louder_when_long_overdue(net: xr.Network) -> None:
    route = net.route("CNSHA", "SEGOT", shipment=GOODS)
    assert said(lambda: route.policy(on=date(2026, 8, 1)), StaleRuleWarning) == []
    late = said(lambda: route.policy(on=date(2028, 3, 1)), StaleRuleWarning)
    assert late
    assert len(late) == len(set(late))
    assert all("check it" in each for each in late if "eua" not in each)
    louder = said(lambda: route.policy(on=date(2031, 1, 1)), StaleRuleWarning)
    assert any("OVERDUE" in each for each in louder)

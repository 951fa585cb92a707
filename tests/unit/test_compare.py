"""Comparisons: one option a main haul, and what a saved day and a saved kilogram cost."""

from __future__ import annotations

import inspect

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.compare import COST_NOTE, Comparison, compare


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(toy(), "C1", "C2", shipment=GOODS)


def test_each_main_haul_stands_once(found: Comparison) -> None:
    assert [option.route.main_haul for option in found.options] == ["sea", "rail", "air"]


def test_options_rise_in_cost(found: Comparison) -> None:
    costs = [option.route.cost_eur for option in found.options]
    assert costs == sorted(costs)


def test_the_cheapest_saves_nothing(found: Comparison) -> None:
    assert (found.options[0].eur_per_saved_day, found.options[0].eur_per_saved_kg) == (None, None)


def test_a_saved_day_costs_the_extra_money_by_the_days_between(found: Comparison) -> None:
    sea, rail = (option.route for option in found.options[:2])
    extra, days = rail.cost_eur - sea.cost_eur, (sea.duration_h - rail.duration_h) / 24
    assert found.options[1].eur_per_saved_day == pytest.approx(extra / days)


def test_a_saved_kilogram_costs_the_extra_money_by_the_kilograms_between(found: Comparison) -> None:
    sea, rail = (option.route for option in found.options[:2])
    saved = sea.footprint.wtw_co2e_kg - rail.footprint.wtw_co2e_kg
    assert found.options[1].eur_per_saved_kg == pytest.approx((rail.cost_eur - sea.cost_eur) / saved)


def test_the_output_says_that_cost_is_not_landed_cost(found: Comparison) -> None:
    assert COST_NOTE in found.assumptions


def test_indicative_prices_are_an_assumption(found: Comparison) -> None:
    assert any("indicative" in note for note in found.assumptions)


def test_the_table_has_one_row_an_option(found: Comparison) -> None:
    assert list(found.table()["modes"]) == ["sea+road", "rail+road", "air+road"]


def test_the_front_counts_every_route_on_it(found: Comparison) -> None:
    assert found.front_size >= len(found.options)


def test_an_excluded_mode_is_no_option() -> None:
    ways = compare(toy(), "C1", "C2", shipment=GOODS, modes=("sea", "rail", "road")).options
    assert [option.route.main_haul for option in ways] == ["sea", "rail"]


def test_dominated_options_are_counted() -> None:
    dear_and_slow = {"origin": ["CNAAA"], "destination": ["DEBBB"], "mode": ["inland_waterway"],
                     "distance_km": [40_000.0], "vehicle_class": ["barge_other"]}  # fmt: skip
    more = compare(toy().extended(links=dear_and_slow), "C1", "C2", shipment=GOODS)
    assert "inland_waterway" in {route.main_haul for route in more.dominated}


def test_no_way_at_all_is_no_route() -> None:
    with pytest.raises(xr.NoRouteError):
        compare(toy(), "C1", "C3", shipment=GOODS)


def without_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = inspect.unwrap(xr.Network.pareto).__kwdefaults__ or {}
    monkeypatch.setitem(defaults, "most_labels", 0)


def test_a_search_that_met_its_cap_says_so_and_keeps_the_single_hauls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_labels(monkeypatch)
    found = compare(toy(), "C1", "C2", shipment=GOODS)
    assert any("met its cap" in note for note in found.assumptions)
    assert {option.route.main_haul for option in found.options} == {"sea", "rail", "air"}


def test_a_search_that_met_its_cap_still_knows_the_best_by_each_criterion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_labels(monkeypatch)
    hub = {"hub_id": ["R9"], "lat": [52.0], "lon": [9.0], "kind": ["rail_terminal"]}
    link = {"origin": ["DEBBB"], "destination": ["R9"], "mode": ["rail"], "distance_km": [300.0]}
    found = compare(toy().extended(hubs=hub, links=link), "C1", "R9", shipment=GOODS)
    assert found.options
    assert any("met its cap" in note for note in found.assumptions)


def test_the_allowance_price_of_the_scenario_reaches_the_table() -> None:
    sums = []
    for price in (50.0, 100.0):
        scenario = xr.Scenario(ets_prices_eur_t={"eu_ets": price, "uk_ets": price})
        sums.append(sum(compare(toy(), "C1", "C2", shipment=GOODS, scenario=scenario).table()["ets_eur"]))
    assert sums[1] == pytest.approx(2.0 * sums[0], rel=1e-12)
    assert sums[0] > 0.0

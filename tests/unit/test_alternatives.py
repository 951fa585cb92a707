"""Alternatives: each differs from those before it, the best stands first, and savings have a price."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.alternatives import Alternatives, _overlap


def found(**more: Any) -> Alternatives:
    return toy().alternatives("C1", "C2", shipment=GOODS, **more)


def test_the_first_alternative_is_the_best_route() -> None:
    assert found()[0].route.cost_eur == toy().route("C1", "C2", shipment=GOODS).cost_eur


def test_sea_two_ways_rail_and_air_are_the_alternatives_of_the_toy() -> None:
    ways = {(option.route.main_haul, option.route.passages) for option in found(k=9)}
    assert ways == {("sea", ("suez",)), ("sea", ("cape",)), ("rail", ()), ("air", ())}
    assert found(k=9).is_complete


def test_they_stand_in_the_order_of_what_is_minimised() -> None:
    costs = [option.route.cost_eur for option in found()]
    hours = [option.route.duration_h for option in found(minimise="time")]
    assert costs == sorted(costs)
    assert hours == sorted(hours)


def test_each_is_the_best_route_that_avoids_what_it_says() -> None:
    for option in found(k=9):
        best = toy().route("C1", "C2", shipment=GOODS, avoid=option.avoids)
        assert option.route.cost_eur == best.cost_eur


def test_alternatives_of_the_shipped_network_differ_and_overlap_little(net: xr.Network) -> None:
    ways = net.alternatives("CNYTN", "Leipzig, DE", shipment=GOODS, k=4, max_overlap=0.6)
    assert len(ways) == 4
    for one, other in combinations(ways, 2):
        assert _overlap(other.route, one.route) <= 0.6
    for way in list(ways)[1:]:
        assert len({leg.origin for leg in way.route.legs}) == len(way.route.legs)


def test_a_saved_day_has_the_price_of_the_next_cheaper_and_slower_one() -> None:
    rail = next(option for option in found(k=9) if option.route.main_haul == "rail")
    sea = found(k=9)[0].route
    slower = [option.route for option in found(k=9) if option.route.cost_eur < rail.route.cost_eur]
    assert slower[0].cost_eur == sea.cost_eur
    neighbour = max(slower, key=lambda route: route.cost_eur)
    saved_days = (neighbour.duration_h - rail.route.duration_h) / 24
    assert rail.eur_per_saved_day == pytest.approx((rail.route.cost_eur - neighbour.cost_eur) / saved_days)


def test_the_table_has_one_row_an_alternative() -> None:
    assert list(found().table()["cost_eur"]) == [option.route.cost_eur for option in found()]


@pytest.mark.parametrize("more", [{"k": 0}, {"k": True}, {"max_overlap": 1.5}, {"minimise": "beauty"}])
def test_what_cannot_be_asked_is_an_input_error(more: dict[str, Any]) -> None:
    with pytest.raises(xr.InputError):
        found(**more)


def test_no_route_is_an_error() -> None:
    with pytest.raises(xr.NoRouteError):
        toy().alternatives("C1", "C3", shipment=GOODS)

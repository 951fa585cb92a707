"""Fronts: no member beats another, and what was asked is what is said."""

from __future__ import annotations

import math
import signal
from dataclasses import replace
from itertools import permutations

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.front import values

FINEST = {"cost": 1e-9, "time": 1e-9, "co2e": 1e-9}


def front(**more: object) -> xr.Front:
    return toy().pareto("C1", "C2", shipment=GOODS, **more)  # type: ignore[arg-type]


def test_sea_rail_and_air_are_on_the_front() -> None:
    assert {route.main_haul for route in front()} == {"sea", "rail", "air"}


def test_no_member_beats_another_in_every_criterion(net: xr.Network) -> None:
    found = net.pareto("CNYTN", "Leipzig, DE", shipment=GOODS)
    exact = [values(route, found.over) for route in found]
    assert not any(all(x <= y for x, y in zip(a, b, strict=True)) for a, b in permutations(exact, 2))


def test_the_cheapest_stands_first() -> None:
    costs = [route.cost_eur for route in front()]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("name", "quantity"), [("cost", "cost_eur"), ("time", "duration_h"), ("co2e", "co2e_g_t")]
)
def test_the_best_by_each_criterion_is_on_the_front_however_coarse(name: str, quantity: str) -> None:
    best = getattr(toy().route("C1", "C2", shipment=GOODS, minimise=name), quantity)
    assert min(getattr(route, quantity) for route in front(epsilon=0.5)) == best


def test_a_front_over_one_criterion_is_its_best_route() -> None:
    assert [route.main_haul for route in front(over="time")] == ["air"]


def test_a_coarse_grid_keeps_fewer_routes(net: xr.Network) -> None:
    fine, coarse = (
        net.pareto("CNYTN", "Leipzig, DE", shipment=GOODS, resolution=each)
        for each in ({"cost": 50.0, "time": 24.0, "co2e": 20.0}, {"cost": 500.0, "time": 72.0, "co2e": 200.0})
    )
    assert 0 < len(coarse) < len(fine)


def stands_for(found: xr.Front, member: xr.Route, route: xr.Route) -> bool:
    cells = [found.resolution[name] / (GOODS.mass_t if name == "co2e" else 1.0) for name in found.over]
    pairs = zip(values(member, found.over), values(route, found.over), cells, strict=True)
    return all(ours <= theirs + max(cell, found.epsilon * theirs) + 1e-6 for ours, theirs, cell in pairs)


@pytest.mark.parametrize("more", [{}, {"epsilon": 0.1}, {"max_routes": 6}, {"max_routes": 2}])
def test_the_exact_front_is_stood_for_as_the_result_says(net: xr.Network, more: dict[str, float]) -> None:
    ends, goods = ("CNYTN", "Leipzig, DE"), replace(GOODS, load="LCL")
    fine = net.pareto(*ends, shipment=goods, over=("cost", "time"), resolution=FINEST)
    coarse = net.pareto(*ends, shipment=goods, over=("cost", "time"), **more)  # type: ignore[arg-type]
    assert len(coarse) <= min(len(fine), more.get("max_routes", len(fine)))
    assert all(any(stands_for(coarse, member, route) for member in coarse) for route in fine)


def test_a_given_resolution_leaves_no_relative_slack() -> None:
    assert front(resolution={"cost": 2.0}).epsilon == 0.0


def test_the_guarantee_names_the_cells_and_the_share() -> None:
    assert front(epsilon=0.04).guarantee == (
        "for every route a member is worse in no criterion by 1 EUR, 1 h, 1 kg CO2e or 0.04 of the value, "
        "whichever is more"
    )


def test_few_routes_say_how_coarse_they_are() -> None:
    found = front(max_routes=1)
    assert len(found) == 1
    assert found.resolution["cost"] > 1.0
    assert found.merged == len(front()) - 1


def test_a_spent_time_limit_is_told_and_nothing_is_guaranteed(net: xr.Network) -> None:
    found = net.pareto("CNYTN", "Leipzig, DE", shipment=GOODS, time_limit_s=0)
    assert found.stopped_by == "time"
    assert found.guarantee.startswith("none")
    assert len(found) >= 1


@pytest.mark.parametrize(
    "more", [{"epsilon": -0.1}, {"epsilon": True}, {"max_routes": 0}, {"time_limit_s": -1.0}]
)
def test_a_fineness_or_budget_out_of_range_is_an_input_error(more: dict[str, object]) -> None:
    with pytest.raises(xr.InputError, match="expected"):
        front(**more)


def test_a_met_cap_is_told() -> None:
    found = front(most_labels=1)
    assert not found.complete
    assert "not complete" in repr(found)


def test_an_ended_search_is_complete() -> None:
    assert front().complete


def test_the_table_has_one_row_a_route() -> None:
    found = front()
    assert list(found.table()["cost_eur"]) == [route.cost_eur for route in found]


def test_indexing_gives_routes() -> None:
    found = front()
    assert found[0] is next(iter(found))


@pytest.mark.parametrize(
    "over", [(), ("cost", "cost"), ("cost", "price"), ("cost", "time", "co2e", "distance")]
)
def test_what_cannot_be_searched_is_an_input_error(over: tuple[str, ...]) -> None:
    with pytest.raises(xr.InputError):
        front(over=over)


@pytest.mark.parametrize("cell", [0, -1.0, math.nan, math.inf, "1", True])
def test_a_cell_that_is_no_positive_number_is_an_input_error(cell: object) -> None:
    with pytest.raises(xr.InputError, match="positive cell"):
        front(resolution={"cost": cell})


def test_no_route_is_an_error_not_an_empty_front() -> None:
    with pytest.raises(xr.NoRouteError):
        toy().pareto("C1", "C3", shipment=GOODS)


def test_an_interrupt_ends_an_exact_search_and_the_network_goes_on(net: xr.Network) -> None:
    ends, goods = ("Kamsar, GN", "Chikushino-shi, JP"), replace(GOODS, load="LCL")
    before = net.route(*ends, shipment=goods)  # the network is priced before the clock runs
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            net.pareto(*ends, shipment=goods, resolution=FINEST, most_labels=10**9)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert net.route(*ends, shipment=goods).cost_eur == before.cost_eur

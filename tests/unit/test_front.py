"""Fronts: no member beats another, and what was asked is what is said."""

from __future__ import annotations

import math
from itertools import permutations

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.front import values


def front(**more: object) -> xr.Front:
    return toy().pareto("C1", "C2", shipment=GOODS, **more)  # type: ignore[arg-type]


def test_sea_rail_and_air_are_on_the_front() -> None:
    assert {route.main_haul for route in front()} == {"sea", "rail", "air"}


def test_no_member_beats_another_in_every_criterion(net: xr.Network) -> None:
    found = net.pareto("CNYTN", "Leipzig, DE", shipment=GOODS)
    cells = [found.resolution[name] for name in found.over]
    cells[2] /= GOODS.mass_t
    grid = [tuple(value // cell for value, cell in zip(values(route, found.over), cells, strict=True))
            for route in found]  # fmt: skip
    assert not any(all(x <= y for x, y in zip(a, b, strict=True)) for a, b in permutations(grid, 2))


def test_the_cheapest_stands_first() -> None:
    costs = [route.cost_eur for route in front()]
    assert costs == sorted(costs)


@pytest.mark.parametrize(("name", "quantity"), [("cost", "cost_eur"), ("time", "duration_h")])
def test_the_best_by_one_criterion_is_on_the_front_but_for_a_cell(name: str, quantity: str) -> None:
    best = getattr(toy().route("C1", "C2", shipment=GOODS, minimise=name), quantity)
    least = min(getattr(route, quantity) for route in front())
    assert best <= least < best + 1.0


def test_a_front_over_one_criterion_is_its_best_route() -> None:
    assert [route.main_haul for route in front(over="time")] == ["air"]


def test_a_coarse_grid_keeps_fewer_routes(net: xr.Network) -> None:
    fine, coarse = (
        net.pareto("CNYTN", "Leipzig, DE", shipment=GOODS, resolution=each)
        for each in (None, {"cost": 500.0, "time": 72.0, "co2e": 200.0})
    )
    assert 0 < len(coarse) < len(fine)


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

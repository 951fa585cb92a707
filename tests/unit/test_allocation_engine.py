from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocation_cases import optimum, random_problem, two_warehouses
from xroute.allocation_check import check, stock_m3
from xroute.allocation_engine import Decision, decide
from xroute.allocation_model import Problem
from xroute.allocation_solver import Effort
from xroute.errors import AllocationError


def solved(problem: Problem) -> Decision:
    return decide(problem, Effort(relative_gap=0.0))


def test_one_warehouse_opens_where_the_second_does_not_pay() -> None:
    found = solved(two_warehouses())
    assert found.is_open.tolist() == [True, False]
    assert found.termination.objective == pytest.approx(100 + 150 * 1.0 + 100 * 1.0 + 50 * 5.0)


def test_a_carbon_price_moves_the_plan() -> None:
    found = solved(two_warehouses(carbon_price_eur_kg=1.0))
    assert found.is_open.tolist() == [False, True]


def test_a_carbon_cap_is_met_by_a_mix_of_first_legs() -> None:
    found = solved(two_warehouses(max_co2e_kg=400.0, fixed_eur=np.array([0.0, 1e6])))
    assert found.first_units[0] > 0
    assert found.first_units[1] > 0
    assert found.first_units @ [4.0, 1.0, 0.5] + 100 * 0.2 + 50 * 1.0 == pytest.approx(400.0)


def test_capacity_splits_a_zone_and_opens_a_second_warehouse() -> None:
    problem = two_warehouses(capacity_m3=np.array([60.0, 60.0]))
    found = solved(problem)
    assert found.is_open.all()
    assert (stock_m3(problem, found.delivery_units) <= 60.0 * (1 + 1e-6)).all()


def test_a_least_volume_is_kept_or_the_leg_is_not_used() -> None:
    problem = two_warehouses()
    limited = replace(problem, first=replace(problem.first, least=np.array([200.0, 0.0, 0.0])))
    found = solved(limited)
    assert found.first_units[0] == 0.0
    assert found.termination.objective == pytest.approx(optimum(limited))


def test_zones_without_demand_get_nothing() -> None:
    found = solved(two_warehouses(demand=np.array([[100.0], [0.0]])))
    assert found.delivery_units.sum() == 100.0


def test_the_same_problem_gives_the_same_answer_twice() -> None:
    one, two = (solved(random_problem(17)) for _ in range(2))
    assert one.first_units.tobytes() == two.first_units.tobytes()
    assert one.delivery_units.tobytes() == two.delivery_units.tobytes()


def test_infeasible_is_an_error_with_a_termination_and_no_plan() -> None:
    with pytest.raises(AllocationError, match="max_co2e_kg is 10 kg a month; the lowest") as caught:
        solved(two_warehouses(max_co2e_kg=10.0))
    assert caught.value.termination.status == "infeasible"
    assert np.isnan(caught.value.termination.objective)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"first_units": [150.0, 0.0, 1.0]}, "warehouses do not balance"),
        ({"delivery_units": [99.0, 50.0, 0.0, 0.0]}, "demands are not met"),
        ({"is_open": [False, False]}, "a closed warehouse delivers"),
        ({"first_units": [np.nan, 0.0, 0.0]}, "no quantity"),
    ],
)
def test_a_tampered_answer_is_refused(change: dict[str, list[float]], fault: str) -> None:
    problem = two_warehouses()
    found = solved(problem)
    given = {name: getattr(found, name) for name in ("first_units", "delivery_units", "is_open")}
    given |= {name: np.array(values) for name, values in change.items()}
    faults = check(problem, given["first_units"], given["delivery_units"], given["is_open"])
    assert any(fault in each for each in faults)


def test_a_broken_capacity_and_cap_are_seen() -> None:
    problem = two_warehouses()
    found = solved(problem)
    tight = replace(problem, capacity_m3=np.array([10.0, 10.0]), max_co2e_kg=1.0)
    faults = check(tight, found.first_units, found.delivery_units, found.is_open)
    assert [each for each in faults if "capacity" in each]
    assert [each for each in faults if "above the cap" in each]

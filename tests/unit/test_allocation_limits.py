from __future__ import annotations

import numpy as np
import pytest

from allocation_cases import two_warehouses
from xroute.allocation_limits import Names, explain, least_co2e_kg
from xroute.allocation_model import Problem
from xroute.allocation_solver import Effort

NAMES = Names(warehouses=["LAX", "FRA"], zones=["Oslo", "Rome"], products=["shoes"])


def reason(problem: Problem) -> str:
    return explain(problem, Effort(), NAMES)


def test_a_zone_without_a_way_is_named_with_its_product() -> None:
    problem = two_warehouses()
    cut = problem.delivery.subset(problem.delivery.zone != 1)
    assert "shoes to Rome" in reason(two_warehouses(delivery=cut))


def test_a_product_without_a_first_leg_reaches_nobody() -> None:
    problem = two_warehouses()
    nothing = problem.first.subset(np.zeros(3, dtype=bool))
    assert "shoes to Oslo, shoes to Rome" in reason(two_warehouses(first=nothing))


def test_short_capacity_is_quantified_and_placed() -> None:
    text = reason(two_warehouses(capacity_m3=np.array([30.0, 20.0])))
    assert text.startswith("capacity_m3 is 25.0 m3 of average stock short (33 % of all stock)")
    assert "LAX, FRA hold 50.0 m3 together" in text


def test_only_the_full_warehouses_behind_a_shortage_are_named() -> None:
    problem = two_warehouses()
    reach = problem.delivery.subset(np.array([True, False, False, True]))  # each zone has one warehouse
    text = reason(two_warehouses(delivery=reach, capacity_m3=np.array([30.0, 500.0])))
    assert "LAX hold 30.0 m3" in text
    assert "FRA" not in text


def test_a_cap_is_set_beside_the_lowest_that_can_be_reached() -> None:
    problem = two_warehouses()
    least = least_co2e_kg(problem, Effort())
    assert least == pytest.approx(150 * 0.5 + 100 * 0.4 + 50 * 0.1)
    text = reason(two_warehouses(max_co2e_kg=100.0))
    assert "max_co2e_kg is 100 kg a month; the lowest that any plan reaches is 120 kg, 20 % above it" in text


def test_a_cap_of_nothing_is_named_too() -> None:
    assert "far above it" in reason(two_warehouses(max_co2e_kg=0.0))

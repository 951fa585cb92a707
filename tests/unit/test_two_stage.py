from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import xroute as xr
from xroute.two_stage import _read
from xroute.two_stage_moves import Moves


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    rng = np.random.default_rng(seed)
    plants, satellites, customers = 3, 4, 5
    inbound, outbound = (
        rng.integers(1, 30, (plants, satellites)),
        rng.integers(1, 30, (satellites, customers)),
    )
    demand = rng.integers(0, 9, customers) + (np.arange(customers) == 0)
    inbound = np.where(rng.random(inbound.shape) < 0.1, np.inf, inbound)
    return inbound, outbound.astype(float), {
        "plant_capacity": rng.integers(8, 30, plants), "plant_fixed_cost": rng.integers(0, 90, plants),
        "satellite_capacity": rng.integers(6, 20, satellites),
        "satellite_fixed_cost": rng.integers(0, 90, satellites), "demand": demand,
    }  # fmt: skip


def flow_cost(inbound: np.ndarray, outbound: np.ndarray, case: dict[str, Any], opened: np.ndarray) -> float:
    """The cheapest flows of an open set, by scipy; infinite where there are none."""
    plants, satellites, customers = *inbound.shape, outbound.shape[1]
    v, y = np.split(opened, [plants])
    cost = np.concatenate([inbound.ravel(), outbound.ravel()])
    z, x = np.eye(plants * satellites), np.eye(satellites * customers)
    none_z, none_x = np.zeros((customers, z.shape[0])), np.zeros((plants, x.shape[0]))
    from_plant = np.kron(np.eye(plants), np.ones(satellites))
    to_satellite = np.kron(np.ones(plants), np.eye(satellites))
    from_satellite, to_customer = (
        np.kron(np.eye(satellites), np.ones(customers)), np.kron(np.ones(satellites), np.eye(customers)),
    )  # fmt: skip
    found = linprog(
        np.where(np.isfinite(cost), cost, 0.0),
        A_eq=np.block([[none_z, to_customer], [to_satellite, -from_satellite]]),
        b_eq=np.concatenate([case["demand"], np.zeros(satellites)]),
        A_ub=np.block([[from_plant, none_x], [np.zeros_like(to_satellite), from_satellite]]),
        b_ub=np.concatenate([case["plant_capacity"] * v, case["satellite_capacity"] * y]),
        bounds=[(0.0, None if np.isfinite(each) else 0.0) for each in cost],
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else np.inf


@pytest.mark.parametrize("seed", range(25))
def test_the_answer_equals_enumeration_of_all_open_sets(seed: int) -> None:
    inbound, outbound, case = random_case(seed)
    fixed = np.concatenate([case["plant_fixed_cost"], case["satellite_fixed_cost"]])
    best = min(
        flow_cost(inbound, outbound, case, np.array(opened)) + float(fixed @ np.array(opened))
        for opened in product((0, 1), repeat=len(fixed))
    )
    if not np.isfinite(best):
        with pytest.raises(xr.AllocationError):
            xr.two_stage_location(inbound, outbound, **case)
        return
    found = xr.two_stage_location(inbound, outbound, time_limit_s=None, **case)
    assert found.objective == pytest.approx(best, rel=1e-6)
    assert found.bound <= found.objective
    assert found.status == "optimal"
    assert found.termination.reproducible
    assert found.outbound.sum(axis=0) == pytest.approx(case["demand"])
    assert (found.inbound[np.isinf(inbound)] == 0.0).all()


def test_too_little_capacity_is_infeasible_and_not_a_number() -> None:
    inbound, outbound, case = random_case(1)
    case["plant_capacity"] = np.zeros(3)
    with pytest.raises(xr.AllocationError) as caught:
        xr.two_stage_location(inbound, outbound, **case)
    assert caught.value.termination is not None
    assert caught.value.termination.status == "infeasible"


@pytest.mark.parametrize(
    ("name", "value"),
    [("demand", [-1, 1, 1, 1, 1]), ("plant_capacity", [1, 2]), ("satellite_fixed_cost", [np.inf] * 4)],
)
def test_amounts_that_are_none_are_refused_by_name(name: str, value: list[float]) -> None:
    inbound, outbound, case = random_case(0)
    with pytest.raises(xr.InputError, match=name):
        xr.two_stage_location(inbound, outbound, **(case | {name: value}))


def moves_of(inbound: np.ndarray, outbound: np.ndarray, case: dict[str, Any], work: int) -> Moves:
    plants = case["plant_capacity"], case["plant_fixed_cost"]
    satellites = case["satellite_capacity"], case["satellite_fixed_cost"]
    stages = _read(inbound, outbound, case["demand"], plants, satellites)
    return Moves(stages=stages, seed=1, work=work, ends=None)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("unit", [1.0, 1.0 / 3.0, 2.0**55])
def test_moves_weigh_open_sets_as_linear_programs_do_and_end_at_the_best_one(seed: int, unit: float) -> None:
    inbound, outbound, case = random_case(seed)
    case = {name: each * (1.0 if "cost" in name else unit) for name, each in case.items()}
    fixed = np.concatenate([case["plant_fixed_cost"], case["satellite_fixed_cost"]])
    moves = moves_of(inbound, outbound, case, 4_000_000)
    best = np.inf
    for each in product((False, True), repeat=len(fixed)):
        opened = np.array(each)
        expected = flow_cost(inbound, outbound, case, opened) + float(fixed @ opened)
        priced = moves._priced(opened)
        best = min(best, expected)
        assert (np.inf if priced is None else priced.cost) == pytest.approx(expected, rel=1e-6)
    search = moves_of(inbound, outbound, case, 1_000_000)
    search.run(np.ones(len(fixed), dtype=bool))
    assert search.cost == pytest.approx(best, rel=1e-6)


def test_moves_end_by_work_the_same_each_time_and_below_where_they_began() -> None:
    rng = np.random.default_rng(5)
    inbound, outbound = rng.integers(1, 90, (12, 20)), rng.integers(1, 90, (20, 40))
    case = {
        "plant_capacity": rng.integers(200, 400, 12), "plant_fixed_cost": rng.integers(500, 3000, 12),
        "satellite_capacity": rng.integers(80, 200, 20), "satellite_fixed_cost": rng.integers(200, 900, 20),
        "demand": rng.integers(1, 30, 40),
    }  # fmt: skip
    ends = []
    for _ in range(2):
        search = moves_of(inbound, outbound, case, 1_500_000)
        search.run(np.ones(32, dtype=bool))
        assert search.best is not None
        assert search.work <= 0
        assert search.reproducible
        ends.append((search.cost, search.best.tolist()))
    assert ends[0] == ends[1]
    first = moves_of(inbound, outbound, case, 1_500_000)._priced(np.ones(32, dtype=bool))
    assert first is not None
    assert ends[0][0] < 0.8 * first.cost


def test_frames_whose_labels_stand_in_another_order_are_refused() -> None:
    inbound = pd.DataFrame([[1.0, 2.0]], index=["p"], columns=["s1", "s2"])
    outbound = pd.DataFrame([[1.0, 9.0], [9.0, 1.0]], index=["s1", "s2"], columns=["x", "y"])
    case: dict[str, Any] = {
        "plant_capacity": [9], "plant_fixed_cost": [5.0], "satellite_fixed_cost": [1.0, 1.0],
        "satellite_capacity": [9, 9], "demand": pd.Series({"x": 2, "y": 3}),
    }  # fmt: skip
    assert xr.two_stage_location(inbound, outbound, **case).objective == 20.0
    with pytest.raises(xr.InputError, match=r"outbound_cost.*satellites of inbound_cost"):
        xr.two_stage_location(inbound, outbound.iloc[::-1], **case)
    with pytest.raises(xr.InputError, match=r"demand.*customers of outbound_cost"):
        xr.two_stage_location(inbound, outbound, **case | {"demand": case["demand"].iloc[::-1]})

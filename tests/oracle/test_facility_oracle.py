"""Facility location against enumeration of tiny cases, for each variant."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

import xroute as xr

pytestmark = pytest.mark.oracle
LEAST_CASES = 40

Floats = NDArray[np.float64]
Case = tuple[Floats, Floats, Floats, Floats]
VARIANTS = ("split", "single", "uncapacitated")


def random_case(seed: int, variant: str) -> Case:
    """Up to 4 facilities and 5 customers: free ones, missing lanes, no demand and tight room by chance."""
    rng = np.random.default_rng([seed, VARIANTS.index(variant)])
    m, n = int(rng.integers(1, 5)), int(rng.integers(1, 6))
    cost = rng.integers(0, 30, (m, n)).astype(float)
    cost[rng.random((m, n)) < rng.choice([0.0, 0.25])] = np.inf
    demand = rng.integers(0, 8, n).astype(float)
    room = rng.integers(1, 14, m).astype(float)
    capacity = np.full(m, np.inf) if variant == "uncapacitated" else room
    return cost, capacity, rng.integers(0, 40, m) * float(rng.integers(0, 3)), demand


def service(cost: Floats, capacity: Floats, demand: Floats) -> float:
    """Least cost of split service by these facilities, by a linear program of scipy."""
    m, n = cost.shape
    if np.isinf(cost).all(axis=0).any():
        return np.inf
    rows = np.kron(np.eye(m), demand)
    limits = np.where(np.isinf(capacity), demand.sum(), capacity)
    bounds = [(0.0, 0.0 if np.isinf(each) else 1.0) for each in cost.ravel()]
    plain = np.where(np.isinf(cost), 0.0, cost).ravel()
    found = linprog(plain, A_ub=rows, b_ub=limits, A_eq=np.tile(np.eye(n), m), b_eq=np.ones(n), bounds=bounds)
    return float(found.fun) if found.status == 0 else np.inf


def split_optimum(case: Case) -> float:
    cost, capacity, fixed, demand = case
    best = np.inf
    for choice in product([False, True], repeat=len(capacity)):
        chosen = np.array(choice)
        if chosen.any():
            best = min(best, fixed[chosen].sum() + service(cost[chosen], capacity[chosen], demand))
    return best


def single_optimum(case: Case) -> float:
    cost, capacity, fixed, demand = case
    best, columns = np.inf, np.arange(len(demand))
    for choice in product(range(len(capacity)), repeat=len(demand)):
        houses = np.array(choice)
        if (np.bincount(houses, demand, len(capacity)) <= capacity).all():
            best = min(best, cost[houses, columns].sum() + fixed[np.unique(houses)].sum())
    return best


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_optimum_and_infeasibility_equal_enumeration(
    variant: str, oracle_cases: Callable[[int], int]
) -> None:
    differing, infeasible = [], 0
    for seed in range(max(LEAST_CASES, oracle_cases(200))):
        case = random_case(seed, variant)
        best = single_optimum(case) if variant == "single" else split_optimum(case)
        try:
            found = xr.facility_location(*case, single_source=variant == "single", cost_basis="total")
            agrees = abs(found.objective - best) <= 1e-6 * max(best, 1.0) and found.status == "optimal"
            agrees &= found.bound <= best + 1e-9 * max(best, 1.0)
        except xr.AllocationError as error:
            infeasible += 1
            agrees = np.isinf(best) and error.termination.status == "infeasible"
        if not agrees:
            differing.append((seed, best))
    assert differing == []
    assert infeasible >= 2, "the sample holds infeasible cases too"

"""Transportation problems against OR-Tools' cost scaling, and tiny ones against enumeration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

import xroute as xr

pytestmark = pytest.mark.oracle

Ints = NDArray[np.int64]
NO_LANE = np.iinfo(np.int64).max


def random_case(seed: int, *, rows: int, columns: int) -> tuple[Ints, Ints, Ints]:
    """Ties, zeros, negative costs, missing lanes, tight and loose supply, all by chance."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, rows + 1)), int(rng.integers(1, columns + 1)))
    cost = rng.integers(-3, int(rng.choice([2, 20, 100_000])), shape)
    cost[rng.random(shape) < rng.choice([0.0, 0.2, 0.6])] = NO_LANE
    demand = rng.integers(0, int(rng.choice([2, 5, 1000])), shape[1])
    share = rng.dirichlet(np.ones(shape[0]))
    slack = float(rng.choice([0.9, 1.0, 1.02, 1.5, 3.0]))
    return cost, np.ceil(share * demand.sum() * slack).astype(np.int64), demand


def by_cost_scaling(cost: Ints, supply: Ints, demand: Ints) -> int | None:
    flow = min_cost_flow.SimpleMinCostFlow()
    house, zone = np.nonzero(cost != NO_LANE)
    rest = int(supply.sum() - demand.sum())
    if rest < 0:
        return None
    sink, houses = sum(cost.shape), np.arange(len(supply))
    flow.add_arcs_with_capacity_and_unit_cost(
        house, zone + len(supply), np.minimum(supply[house], demand[zone]), cost[house, zone]
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        houses, np.full_like(houses, sink), supply, np.zeros_like(supply)
    )
    flow.set_nodes_supplies(np.arange(sink + 1), np.concatenate([supply, -demand, [-rest]]))
    return int(flow.optimal_cost()) if flow.solve() == flow.OPTIMAL else None


def ours(cost: Any, supply: Any, demand: Any) -> int | None:
    try:
        found = xr.transportation(cost, supply, demand)
    except xr.AllocationError:
        return None
    assert found.check().is_optimal
    return int(found.objective)


def test_the_objective_and_infeasibility_equal_cost_scaling(oracle_cases: Callable[[int], int]) -> None:
    answers = []
    for seed in range(max(200, oracle_cases(2000))):
        case = random_case(seed, rows=12, columns=40)
        answers.append((ours(*case), by_cost_scaling(*case)))
    assert [pair for pair in answers if pair[0] != pair[1]] == []
    infeasible = sum(pair[0] is None for pair in answers)
    assert 0.1 < infeasible / len(answers) < 0.9


def by_enumeration(cost: Ints, supply: Ints, demand: Ints) -> int | None:
    """Every unit chooses its warehouse: all ways."""
    units = [zone for zone, amount in enumerate(demand.tolist()) for _ in range(amount)]
    best = None
    for choice in product(range(len(supply)), repeat=len(units)):
        sent = np.bincount(choice, minlength=len(supply)) if choice else np.zeros(len(supply))
        costs = [int(cost[house, zone]) for house, zone in zip(choice, units, strict=True)]
        if (sent <= supply).all() and NO_LANE not in costs:
            best = min(sum(costs), sum(costs) if best is None else best)
    return best


def test_tiny_cases_equal_enumeration(oracle_cases: Callable[[int], int]) -> None:
    differing = []
    for seed in range(max(40, oracle_cases(200))):
        rng = np.random.default_rng([7, seed])
        cost = rng.integers(-5, 9, (int(rng.integers(1, 4)), int(rng.integers(1, 5))))
        cost[rng.random(cost.shape) < 0.15] = NO_LANE
        demand, supply = rng.integers(0, 3, cost.shape[1]), rng.integers(0, 4, cost.shape[0])
        if ours(cost, supply, demand) != by_enumeration(cost, supply, demand):
            differing.append(seed)
    assert differing == []


def test_the_named_shortage_is_one_in_every_infeasible_case() -> None:
    seen = 0
    for seed in range(300):
        cost, supply, demand = random_case(seed, rows=6, columns=15)
        try:
            xr.transportation(cost, supply, demand)
        except xr.AllocationError as error:
            seen += 1
            short = error.termination
            reach = (cost[:, list(short.zones)] != NO_LANE).any(axis=1)
            assert set(np.flatnonzero(reach)) <= set(short.warehouses)
            assert supply[list(short.warehouses)].sum() < demand[list(short.zones)].sum()
    assert seen > 50

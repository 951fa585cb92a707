from __future__ import annotations

import multiprocessing
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xroute as xr
from xroute import _core, facility_search
from xroute.allocation_facility import Sites

COST = np.array([[1.0, 2.0, 9.0], [9.0, 8.0, 1.0]])
ANSWER = ("cost", "facility", "customer", "units")
CAPACITY, FIXED, DEMAND = [10, 10], [3.0, 4.0], [4, 4, 4]


def larger(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    demand = rng.integers(5, 30, 40)
    cost = rng.integers(1, 60, (12, 40)).astype(float)
    return cost, np.full(12, int(demand.sum()) // 4), rng.integers(200, 900, 12).astype(float), demand


def test_unit_and_total_costs_are_two_ways_to_say_the_same() -> None:
    by_unit = xr.facility_location(COST, CAPACITY, FIXED, DEMAND)
    in_all = xr.facility_location(COST * DEMAND, CAPACITY, FIXED, DEMAND, cost_basis="total")
    assert by_unit.objective == in_all.objective == 23.0
    assert by_unit.flow.sum(axis=0).tolist() == DEMAND


def test_the_objective_is_the_fixed_and_service_cost_of_its_own_flows() -> None:
    cost, capacity, fixed, demand = larger(1)
    found = xr.facility_location(cost, capacity, fixed, demand)
    assert found.status == "optimal"
    assert found.objective == pytest.approx((cost * found.flow).sum() + fixed[found.open].sum(), rel=1e-12)
    assert found.objective == pytest.approx(float(found.shipments["cost"].sum()) + fixed[found.open].sum())
    assert found.bound <= found.objective
    assert found.gap <= 1e-7


def test_single_source_gives_each_customer_one_facility_and_costs_no_less() -> None:
    cost, capacity, fixed, demand = larger(2)
    split = xr.facility_location(cost, capacity, fixed, demand)
    single = xr.facility_location(cost, capacity, fixed, demand, single_source=True)
    assert ((single.flow > 0).sum(axis=0) == 1).all()
    assert single.flow[single.assignment, np.arange(40)].tolist() == demand.tolist()
    assert single.objective >= split.bound


def test_infinite_capacities_are_the_uncapacitated_problem() -> None:
    cost, _, fixed, demand = larger(3)
    free = xr.facility_location(cost, np.full(12, np.inf), fixed, demand)
    assert free.status == "optimal"
    assert np.allclose((cost[free.open] * demand).min(axis=0).sum() + fixed[free.open].sum(), free.objective)


def test_a_capacity_beyond_all_demand_at_a_facility_that_nobody_wants_changes_nothing() -> None:
    cost, capacity, fixed, demand = larger(3)
    wide = np.vstack([cost, np.full((1, 40), 1e6)]), np.append(capacity, 10**13), np.append(fixed, 1e9)
    plain = xr.facility_location(cost, capacity, fixed, demand, single_source=True, cost_basis="total")
    found = xr.facility_location(*wide, demand, single_source=True, cost_basis="total")
    assert found.objective == plain.objective
    assert not found.open[-1]


def test_a_fixed_cost_of_zero_is_allowed_and_opens_only_what_is_used() -> None:
    found = xr.facility_location(COST, CAPACITY, [0.0, 0.0], [4, 4, 0])
    assert found.objective == 12.0
    assert found.open.tolist() == [True, False]


def test_tables_by_id_give_flows_by_id() -> None:
    frame = pd.DataFrame(COST, index=["a", "b"], columns=["x", "y", "z"])
    found = xr.facility_location(
        frame, {"b": 10, "a": 10}, {"b": 4.0, "a": 3.0}, pd.Series({"z": 4, "y": 4, "x": 4})
    )
    assert found.objective == 23.0
    rows = zip(found.shipments["warehouse_id"], found.shipments["zone_id"], strict=True)
    assert set(rows) == {("a", "x"), ("a", "y"), ("b", "z")}


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_shuffled_facilities_and_customers_change_no_byte_of_the_answer(seed: int, single: bool) -> None:
    cost, capacity, fixed, demand = larger(seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(12), rng.permutation(40)
    plain = xr.facility_location(cost, capacity, fixed, demand, single_source=single, time_limit_s=None)
    other = xr.facility_location(
        cost[np.ix_(rows, columns)], capacity[rows], fixed[rows], demand[columns],
        single_source=single, time_limit_s=None,
    )  # fmt: skip
    assert plain.termination.reproducible
    assert other.flow.tobytes() == plain.flow[np.ix_(rows, columns)].tobytes()
    assert other.open.tolist() == plain.open[rows].tolist()
    assert (other.objective, other.bound) == (plain.objective, plain.bound)


def test_more_capacity_never_costs_more() -> None:
    cost, capacity, fixed, demand = larger(5)
    tight = xr.facility_location(cost, capacity, fixed, demand)
    loose = xr.facility_location(cost, capacity + 20, fixed, demand)
    assert loose.bound <= tight.objective


def test_too_little_capacity_is_infeasible_and_says_how_much() -> None:
    with pytest.raises(xr.AllocationError, match=r"3 zone.s. need 12 units.*hold 10: 2 short") as caught:
        xr.facility_location(COST, [5, 5], FIXED, DEMAND)
    assert caught.value.termination.status == "infeasible"


def test_a_customer_too_large_for_any_single_source_is_named() -> None:
    with pytest.raises(xr.AllocationError, match="zones 2"):
        xr.facility_location(COST, [10, 10], FIXED, [1, 1, 11], single_source=True)
    assert xr.facility_location(COST, [10, 10], FIXED, [1, 1, 11]).status == "optimal"


def test_customers_that_fit_no_facility_whole_together_are_infeasible() -> None:
    with pytest.raises(xr.AllocationError, match="allow split service") as caught:
        xr.facility_location([[1, 1, 1], [1, 1, 1]], [3, 3], [1, 1], [2, 2, 2], single_source=True)
    assert caught.value.termination.status == "infeasible"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost": [[1.0, np.nan, 1], [1, 1, 1]]}, "cost row 1, column '1'.*got nan"),
        ({"cost": [["a", "b", "c"]]}, "expected numbers"),
        ({"capacity": [1, -1]}, "capacity row 2.*got -1"),
        ({"capacity": [1, 1, 1]}, "capacity.*expected 2 values"),
        ({"fixed_cost": [1, -1]}, "fixed_cost row 2.*got -1"),
        ({"fixed_cost": [1, np.inf]}, "fixed_cost row 2.*got inf"),
        ({"fixed_cost": [1]}, "fixed_cost.*expected 2 values"),
        ({"demand": [1, np.inf, 1]}, "demand row 2.*finite"),
        ({"demand": [1, 1]}, "demand.*expected 3 values"),
        ({"cost_basis": "each"}, "'unit' or 'total'"),
        ({"gap": -1}, "share from 0 to 1"),
    ],
)
def test_hostile_numbers_are_refused_with_their_place(change: dict[str, object], message: str) -> None:
    given: dict[str, object] = {
        "cost": COST, "capacity": CAPACITY, "fixed_cost": FIXED, "demand": DEMAND
    }  # fmt: skip
    with pytest.raises(xr.InputError, match=message):
        xr.facility_location(**(given | change))  # type: ignore[arg-type]


def test_no_customers_cost_nothing() -> None:
    assert xr.facility_location(np.zeros((2, 0)), [1, 1], [1, 1], []).objective == 0.0


def test_ctrl_c_in_the_last_stage_raises_or_gives_the_answer_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    cost, capacity, fixed, demand = larger(6)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xroute.facility_search._close_gap", interrupted)
    with pytest.raises(KeyboardInterrupt):
        xr.facility_location(cost, capacity, fixed, demand, single_source=True)
    kept = xr.facility_location(
        cost, capacity, fixed, demand, single_source=True, on_interrupt="incumbent", gap=0.0
    )
    assert kept.termination.reason == "interrupted"
    assert not kept.termination.reproducible
    assert kept.bound <= kept.objective


def search_with_dives() -> None:
    """Many facilities open: the core makes parts of the answer anew, two at a time."""
    rng = np.random.default_rng(3)
    cost, fixed = rng.uniform(1.0, 100.0, (40, 60)), rng.uniform(50.0, 90.0, 40)
    demand, capacity = rng.integers(5, 36, 60), np.full(40, 90)
    found = _core.facility_search(
        cost, capacity, fixed, demand, is_single=True, steps=600, whole_steps=800, work=3_000_000, gap=0.0
    )
    assert found["bound"] <= found["cost"]


def test_a_forked_process_searches_after_its_parent_did() -> None:
    search_with_dives()
    child = multiprocessing.get_context("fork").Process(target=search_with_dives)
    child.start()
    child.join(60.0)
    is_waiting = child.is_alive()
    child.kill()
    child.join()
    assert not is_waiting
    assert child.exitcode == 0


@pytest.mark.parametrize("seed", range(6))
def test_an_optimum_is_the_same_whether_the_first_look_closes_it_or_the_deeper_one(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    cost, capacity, fixed, demand = larger(seed)
    looked_deeper = []
    deeper = facility_search._look_deeper
    monkeypatch.setattr(
        facility_search, "_look_deeper", lambda *words: (looked_deeper.append(1), deeper(*words))[1]
    )
    first = xr.facility_location(cost, capacity, fixed, demand, single_source=True, gap=1e-7)
    calls = len(looked_deeper)
    monkeypatch.setattr(facility_search, "_closes_few", lambda _: False)
    second = xr.facility_location(cost, capacity, fixed, demand, single_source=True, gap=1e-7)
    assert len(looked_deeper) == calls + 1
    assert first.status == second.status == "optimal"
    assert first.objective == pytest.approx(second.objective, rel=2e-7)


def test_a_deeper_look_that_finds_less_keeps_the_answer_and_the_bound_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cost, capacity, fixed, demand = larger(4)
    found = facility_search._core_found
    best = xr.facility_location(cost, capacity, fixed, demand, single_source=True).objective

    def blind(sites: Sites, gap: float, whole_steps: int, work: int) -> dict[str, Any]:
        if whole_steps == 0:
            return found(sites, gap, 800, 10_000_000)
        poor = found(sites, gap, 0, 0) | {"bound": 0.0}
        return {name: value for name, value in poor.items() if name not in ANSWER}

    monkeypatch.setattr(facility_search, "_core_found", blind)
    monkeypatch.setattr(facility_search, "_closes_few", lambda _: False)
    monkeypatch.setattr(facility_search, "_close_gap", lambda _: None)
    kept = xr.facility_location(cost, capacity, fixed, demand, single_source=True)
    assert kept.objective == pytest.approx(best, rel=0.01)
    assert kept.bound > 0.9 * best

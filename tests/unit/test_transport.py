from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import xroute as xr
from xroute import _core

COST = [[4, 8, 8], [16, 24, 16], [8, 16, 24]]
SUPPLY, DEMAND = [76, 82, 77], [72, 102, 41]


def lanes() -> dict[str, list[object]]:
    pairs = [(w, z) for w in range(3) for z in range(3)]
    return {
        "warehouse_id": [f"w{w}" for w, _ in pairs],
        "zone_id": [f"z{z}" for _, z in pairs],
        "cost": [COST[w][z] for w, z in pairs],
    }


HELD = {"warehouse_id": ["w2", "w0", "w1"], "supply": [77, 76, 82]}
NEEDED = {"zone_id": ["z1", "z2", "z0"], "demand": [102, 41, 72]}


def test_a_small_matrix_has_its_known_optimum_and_a_proof() -> None:
    found = xr.transportation(COST, SUPPLY, DEMAND)
    assert found.objective == 2424
    assert found.check().is_optimal
    assert found.check().bound == 2424
    assert found.flow.sum(axis=0).tolist() == DEMAND
    assert found.worst_case_error == 0.0


def test_potentials_are_below_every_cost() -> None:
    found = xr.transportation(COST, SUPPLY, DEMAND)
    reduced = np.array(COST) + found.potentials.supply[:, None] - found.potentials.demand
    assert reduced.min() == 0
    assert (reduced[found.flow > 0] == 0).all()


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint16, np.float32, np.float64])
def test_every_kind_of_number_gives_the_same_flow(kind: type) -> None:
    found = xr.transportation(np.array(COST, dtype=kind), SUPPLY, DEMAND)
    assert found.objective == 2424
    assert found.check().is_optimal


def test_decimal_costs_are_read_in_whole_steps_without_error() -> None:
    found = xr.transportation(np.array(COST) / 100, SUPPLY, DEMAND)
    assert found.objective == pytest.approx(24.24, abs=1e-12)
    assert found.cost_quantum == 0.01
    assert found.worst_case_error < 1e-10


def test_costs_that_are_no_decimals_state_what_their_rounding_can_cost() -> None:
    rng = np.random.default_rng(5)
    cost = rng.random((20, 60)) * np.pi
    supply, demand = rng.integers(40, 90, 20), rng.integers(1, 20, 60)
    found = xr.transportation(cost, supply, demand)
    prices = found.potentials
    slack = np.minimum(cost + prices.supply[:, None] - prices.demand, 0.0).min()
    assert 0.0 < found.worst_case_error < 1e-6 * found.objective
    assert -slack * demand.sum() <= found.worst_case_error


def test_fractions_of_goods_are_served_to_the_last_bit_of_the_scale() -> None:
    found = xr.transportation([[1.5, 2.0]], [10.0], [0.1, 0.25])
    assert found.flow.tolist() == [[0.1, 0.25]]
    assert found.objective == pytest.approx(0.65, abs=1e-12)


def test_an_infinite_supply_covers_any_demand() -> None:
    assert xr.transportation([[2.0, 3.0]], [np.inf], [4, 5]).objective == 23.0


def test_a_table_of_lanes_and_a_labelled_matrix_speak_of_ids() -> None:
    by_lane = xr.transportation(lanes(), HELD, NEEDED)
    frame = pd.DataFrame(COST, index=["w0", "w1", "w2"], columns=["z0", "z1", "z2"])
    by_frame = xr.transportation(frame, pd.Series({"w2": 77, "w0": 76, "w1": 82}), pd.DataFrame(NEEDED))
    assert by_lane.objective == by_frame.objective == 2424
    assert set(by_lane.shipments["zone_id"]) == {"z0", "z1", "z2"}
    assert float(by_lane.shipments["cost"].sum()) == 2424


def test_shuffled_lanes_give_the_same_flow() -> None:
    table = pd.DataFrame(lanes())
    shuffled = table.sample(frac=1.0, random_state=3)

    def flows(frame: pd.DataFrame) -> set[tuple[object, ...]]:
        rows = xr.transportation(frame, HELD, NEEDED).shipments
        return set(zip(rows["warehouse_id"], rows["zone_id"], rows["units"], strict=True))

    assert flows(table) == flows(shuffled)


def test_shuffled_rows_and_threads_change_no_byte_of_the_flow() -> None:
    rng = np.random.default_rng(11)
    cost, demand = rng.integers(0, 50, (15, 700)), rng.integers(0, 9, 700)
    supply = np.full(15, demand.sum() // 15 + 5)
    rows, columns = rng.permutation(15), rng.permutation(700)
    plain = xr.transportation(cost, supply, demand, threads=1)
    other = xr.transportation(cost[np.ix_(rows, columns)], supply[rows], demand[columns], threads=2)
    assert plain.objective == other.objective
    assert np.array_equal(plain.flow[np.ix_(rows, columns)], other.flow)


def test_a_zone_beyond_all_lanes_is_infeasible_and_named() -> None:
    needed = {"zone_id": ["z1", "z2", "z0", "far"], "demand": [102, 41, 72, 5]}
    with pytest.raises(xr.AllocationError, match=r"1 zone.s. need 5 units.*0 warehouse.*zones far"):
        xr.transportation(lanes(), HELD, needed)


def test_zones_whose_warehouses_hold_too_little_are_named_with_the_shortage() -> None:
    inf = np.inf
    with pytest.raises(xr.AllocationError, match="2 zone") as caught:
        xr.transportation([[1, 1, 1], [inf, inf, 1]], [5, 100], [3, 3, 3])
    shortage = caught.value.termination
    assert (shortage.zones, shortage.warehouses) == ((0, 1), (0,))
    assert shortage.demand - shortage.supply == 1


@pytest.mark.parametrize(
    ("cost", "supply", "demand", "message"),
    [
        ([[1.0, np.nan]], [5], [1, 1], r"cost row 1, column '1'.*got nan"),
        ([[1.0, -np.inf]], [5], [1, 1], "got -inf"),
        ([1, 2], [5], [1, 1], "1 dimension"),
        ([["a", "b"]], [5], [1, 1], "expected numbers"),
        ([[1, 2]], [-5], [1, 1], r"supply row 1.*got -5"),
        ([[1, 2]], [5], [1, np.nan], r"demand row 2.*got nan"),
        ([[1, 2]], [5], [1, np.inf], "finite amount"),
        ([[1, 2]], [5, 6], [1, 1], "1 values of supply"),
        ([[1, 2]], [5], [[1, 1]], "shape"),
    ],
)
def test_hostile_numbers_are_refused_with_their_place(
    cost: object, supply: object, demand: object, message: str
) -> None:
    with pytest.raises(xr.InputError, match=message):
        xr.transportation(cost, supply, demand)


def test_sums_that_64_bits_cannot_hold_are_refused() -> None:
    with pytest.raises(xr.LimitError):
        xr.transportation([[2**62]], [1], [1])
    with pytest.raises(xr.LimitError):
        xr.transportation([[1]], [2**62], [1])
    with pytest.raises(xr.LimitError):
        xr.transportation(np.array([[2**63]], dtype=np.uint64), [1], [1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zone_id": ["z1", "z1", "z0"], "demand": [1, 2, 3]}, "'z1' stands twice"),
        ({"zone_id": ["z1", "z0"], "demand": [1, 3]}, "no row for 'z2'"),
        ({"zone_id": ["z1", "z2", "z0"], "units": [1, 2, 3]}, "column 'demand'.*missing"),
    ],
)
def test_tables_that_do_not_fit_the_lanes_are_refused(change: dict[str, list[object]], message: str) -> None:
    with pytest.raises(xr.InputError, match=message):
        xr.transportation(lanes(), HELD, change)


def test_a_lane_that_stands_twice_is_refused_with_its_row() -> None:
    twice = {name: [*column, column[0]] for name, column in lanes().items()}
    with pytest.raises(xr.InputError, match="row 10: the lane stands twice"):
        xr.transportation(twice, HELD, NEEDED)


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float64])
def test_no_python_code_runs_while_the_core_reads_costs(kind: type) -> None:
    # numpy's names of types are Python code, and a Ctrl-C that arrives in it is lost
    cost, supply, demand = np.array(COST, dtype=kind), np.array(SUPPLY), np.array(DEMAND)
    _core.transport(cost, supply, demand)  # the first call of a process imports what it needs
    entered: list[str] = []
    sys.setprofile(
        lambda frame, event, _: entered.append(frame.f_code.co_filename) if event == "call" else None
    )
    try:
        _core.transport(cost, supply, demand)
    finally:
        sys.setprofile(None)
    assert entered == []


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ([4, "x", 8, 16, 24, 16, 8, 16, 24], "row 2, column 'cost': expected a number, got 'x'"),
        (
            ["4", "8", "8", "16", "24", "16", "8", "16", "24"],
            "row 1, column 'cost': expected a number, got '4'",
        ),
    ],
)
def test_a_cost_that_is_no_number_is_named_with_its_row(costs: list[object], message: str) -> None:
    table = pd.DataFrame(lanes() | {"cost": [str(each) for each in costs]})
    with pytest.raises(xr.InputError, match=message):
        xr.transportation(table, HELD, NEEDED)


def test_a_column_of_texts_without_rows_is_refused_by_name() -> None:
    table = pd.DataFrame({"warehouse_id": [], "zone_id": [], "cost": pd.Series([], dtype=str)})
    with pytest.raises(xr.InputError, match="cost: expected numbers, got a column of"):
        xr.transportation(table, HELD, NEEDED)

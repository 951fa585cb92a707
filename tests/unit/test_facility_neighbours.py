from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from xroute import facility_neighbours
from xroute.allocation_facility import Sites
from xroute.allocation_solver import Effort
from xroute.facility_neighbours import improve, total

EXACT = Effort(relative_gap=0.0, nodes=1000)


def sites(seed: int) -> Sites:
    rng = np.random.default_rng(seed)
    return Sites(
        cost=rng.integers(1, 50, (4, 6)).astype(float), capacity=rng.integers(10, 25, 4),
        fixed_cost=rng.integers(0, 60, 4).astype(float), demand=rng.integers(1, 7, 6), is_single=True,
    )  # fmt: skip


def every_answer(case: Sites) -> list[np.ndarray]:
    """All single-source answers that capacities allow."""
    found = []
    for houses in product(range(4), repeat=6):
        held = np.bincount(houses, case.demand, 4)
        if (held <= case.capacity).all():
            found.append(np.array(houses))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_neighbourhoods_that_hold_everything_end_at_the_optimum_of_enumeration(seed: int) -> None:
    case = sites(seed)
    answers = every_answer(case)
    start = max(answers, key=lambda house: total(case, house))
    found = improve(case, start, EXACT, None)
    assert total(case, found.house) <= total(case, start)
    assert (np.bincount(found.house, case.demand, 4) <= case.capacity).all()
    assert found.reproducible
    if len(np.unique(start)) == 4:
        best = min(total(case, house) for house in answers)
        assert total(case, found.house) == pytest.approx(best)


def test_no_time_leaves_the_answer_and_says_so() -> None:
    case = sites(3)
    start = every_answer(case)[0]
    found = improve(case, start, EXACT, 0.0)
    assert (found.house == start).all()
    assert not found.reproducible


@pytest.mark.parametrize("seed", range(12))
def test_where_customers_must_stay_the_answer_keeps_capacities_and_grows_no_dearer(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of six customers may move at a time: their facilities keep what the others fill, and stay open."""
    monkeypatch.setattr(facility_neighbours, "MOST_LANES", 8)
    case = sites(seed)
    start = max(every_answer(case), key=lambda house: total(case, house))
    found = improve(case, start, EXACT, None)
    assert (np.bincount(found.house, case.demand, 4) <= case.capacity).all()
    assert total(case, found.house) <= total(case, start)
    assert found.solved > 0


def test_two_neighbourhoods_at_a_time_share_no_facility_and_all_improve() -> None:
    """Four towns far apart, each served from the other side of it: one neighbourhood a town."""
    near = np.kron(np.eye(4), np.ones((2, 5))) * -900.0 + 1000.0
    near[::2] += 50.0
    case = Sites(
        cost=near, capacity=np.full(8, 10), fixed_cost=np.full(8, 1.0), demand=np.full(20, 2), is_single=True
    )
    start = np.repeat(np.arange(0, 8, 2), 5)
    parts = facility_neighbours._parts(case, start, [0, 2, 4, 6], 1)
    assert len(parts) == 2
    assert not np.isin(parts[0].rows, parts[1].rows).any()
    assert not np.isin(parts[0].customers, parts[1].customers).any()
    found = improve(case, start, EXACT, None)
    assert (found.house == start + 1).all()

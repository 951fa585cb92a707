from __future__ import annotations

from itertools import product

import numpy as np
import pytest

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

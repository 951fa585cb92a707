"""Every formulation of the allocation against enumeration (issue: 200 tiny cases each in full)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from allocation_enumerated import FORMULATIONS, case, optimum
from xroute.allocation_engine import decide
from xroute.allocation_solver import Effort
from xroute.errors import AllocationError

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_the_optimum_of_a_formulation_equals_enumeration(
    formulation: str, oracle_cases: Callable[[int], int]
) -> None:
    differing, feasible = [], 0
    for seed in range(oracle_cases(200)):
        problem = case(formulation, seed)
        best = optimum(problem)
        try:
            found = decide(problem, Effort(relative_gap=0.0), name_limit=lambda *_: "").termination
            agrees = found.status == "optimal" and abs(found.objective - best) <= 1e-6 * max(abs(best), 1.0)
            feasible += 1
        except AllocationError as error:
            agrees = error.termination.status == "infeasible" and np.isinf(best)
        if not agrees:
            differing.append((seed, best))
    assert differing == []
    assert feasible, "the sample holds feasible cases"

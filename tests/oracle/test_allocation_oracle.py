"""Allocation of tiny random cases against enumeration (issue: 200 of them in full)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from allocation_cases import optimum, random_problem
from xroute.allocation_engine import decide
from xroute.allocation_solver import Effort
from xroute.errors import AllocationError

pytestmark = pytest.mark.oracle
LEAST_CASES = 40


def test_the_optimum_and_infeasibility_equal_enumeration(oracle_cases: Callable[[int], int]) -> None:
    differing, infeasible = [], 0
    for seed in range(max(LEAST_CASES, oracle_cases(200))):
        problem = random_problem(seed)
        best = optimum(problem)
        try:
            found = decide(problem, Effort(relative_gap=0.0)).termination
            agrees = found.status == "optimal" and abs(found.objective - best) <= 1e-6 * max(abs(best), 1.0)
        except AllocationError as error:
            infeasible += 1
            agrees = error.termination.status == "infeasible" and np.isinf(best)
        if not agrees:
            differing.append((seed, best))
    assert differing == []
    assert infeasible >= 3, "the sample holds infeasible cases too"

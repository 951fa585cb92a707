"""Every option of the allocation against enumeration (issue: 200 tiny cases each in full)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from allocation_options_enumerated import CASES
from xroute.errors import AllocationError

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("name", CASES)
def test_the_optimum_with_an_option_equals_enumeration(name: str, oracle_cases: Callable[[int], int]) -> None:
    differing, feasible = [], 0
    for seed in range(oracle_cases(200)):
        ours, theirs = CASES[name](seed)
        best = theirs()
        try:
            found = ours()
            agrees = abs(found - best) <= 2e-6 * max(abs(best), 1.0)
            feasible += 1
        except AllocationError as error:
            found, agrees = np.inf, error.termination.status == "infeasible" and np.isinf(best)
        if not agrees:
            differing.append((seed, found, best))
    assert differing == []
    assert feasible, "the sample holds feasible cases"

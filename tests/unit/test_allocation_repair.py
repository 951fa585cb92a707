"""Repairs: alternatives that differ, and rules that are lifted for all; see test_allocation_faults."""

from __future__ import annotations

import numpy as np
import pytest

from allocation_cases import two_warehouses
from allocation_faults import EXACT, capacity, sound
from xroute.allocation_engine import decide
from xroute.allocation_repair import repairs
from xroute.errors import AllocationError


def test_alternatives_are_different_sets_of_groups() -> None:
    found = repairs(capacity(sound(1))[0], EXACT)
    assert len({frozenset(each.groups) for each in found}) == len(found) > 1


def test_a_single_source_that_fits_nowhere_may_be_shared() -> None:
    tight = two_warehouses(single_source="zone", capacity_m3=np.array([40.0, 40.0]))
    with pytest.raises(AllocationError):
        decide(tight, EXACT, name_limit=lambda *_: "")
    assert ("single source",) in [each.groups for each in repairs(tight, EXACT)]


def test_a_feasible_problem_needs_no_repair() -> None:
    assert repairs(sound(0), EXACT) == []

"""Published optima of facility location; the files lie beside the repository and are not part of it.

Where the folder `../shared/orlib` (or `XROUTE_SHARED/orlib`) is absent, these tests are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import xroute as xr
from conftest import IS_FULL
from facility_files import Instance, instances, two_stage_instances

pytestmark = pytest.mark.oracle

SHARED = Path(os.environ.get("XROUTE_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "orlib"
FULL_ONLY = 6  # every so many files of a family without XROUTE_ORACLE=full


def chosen(family: str) -> list[Instance]:
    if not (SHARED / "optima.csv").is_file():
        pytest.skip(f"no benchmark files in {SHARED.name}; set XROUTE_SHARED")
    every = 1 if IS_FULL else FULL_ONLY
    return list(instances(SHARED, family))[::every]


def solved(instance: Instance, *, single: bool, is_free: bool = False) -> xr.FacilityLocation:
    capacity = np.full(len(instance.capacity), np.inf) if is_free else instance.capacity
    return xr.facility_location(
        instance.cost,
        capacity,
        instance.fixed_cost,
        instance.demand,
        cost_basis="total",
        single_source=single,
    )


def test_cap_files_are_proved_optimal_at_the_published_values() -> None:
    differing = []
    for each in chosen("cap"):
        for single, is_free, optimum in (
            (False, False, each.split),
            (True, False, each.single_source),
            (False, True, each.uncapacitated),
        ):
            if np.isnan(optimum):
                continue
            found = solved(each, single=single, is_free=is_free)
            if found.status != "optimal" or abs(found.objective - optimum) > 0.01:
                differing.append((each.name, single, is_free, found.objective, optimum))
    assert differing == []


def test_holmberg_files_are_proved_optimal_at_the_published_values() -> None:
    found = {each.name: (solved(each, single=True), each.single_source) for each in chosen("holmberg")}
    differing = {
        name: (answer.objective, optimum)
        for name, (answer, optimum) in found.items()
        if answer.status != "optimal" or abs(answer.objective - optimum) > 1e-6 * optimum
    }
    assert differing == {}


@pytest.mark.skipif(not IS_FULL, reason="a minute a file; XROUTE_ORACLE=full")
@pytest.mark.parametrize("family", ["delmaire", "yang"])
def test_hard_single_source_files_end_within_1_percent(family: str) -> None:
    gaps = {}
    for each in chosen(family):
        found = solved(each, single=True)
        assert found.bound <= each.single_source * (1.0 + 1e-6), each.name
        gaps[each.name] = found.objective / each.single_source - 1.0
    assert {name: gap for name, gap in gaps.items() if not -1e-6 <= gap <= 0.01} == {}


@pytest.mark.skipif(not IS_FULL, reason="a minute a file; XROUTE_ORACLE=full")
def test_tbed1_files_end_within_1_percent_of_their_optimum() -> None:
    """The published values of these files are those of split service: single-source bounds lie above them."""
    gaps = {
        each.name: solved(each, single=False).objective / each.single_source - 1.0 for each in chosen("tbed1")
    }
    assert {name: gap for name, gap in gaps.items() if not -1e-6 <= gap <= 0.01} == {}


def test_two_stage_files_end_near_the_best_known_values() -> None:
    if not (SHARED / "tscflp_best_known.csv").is_file():
        pytest.skip(f"no benchmark files in {SHARED.name}; set XROUTE_SHARED")
    cases = list(two_stage_instances(SHARED))
    far = {}
    for each in cases if IS_FULL else cases[:1]:
        found = xr.two_stage_location(each.inbound, each.outbound, **each.amounts)
        above, below = found.objective / each.best_known - 1.0, found.bound / each.best_known - 1.0
        assert found.objective >= each.least * (1.0 - 1e-9), each.name
        if above > 0.003 or below < -0.01:
            far[each.name] = (above, below)
    assert far == {}

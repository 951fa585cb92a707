from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import xroute as xr
from toy_network import toy
from xroute.prepared import Prepared


@cache
def ready() -> Prepared:
    return toy().prepare(minimise="distance")


@pytest.mark.parametrize("place", [-1, 10**6, 10**12, np.int64(-3), 3.5, None, True])
def test_a_place_that_is_no_row_and_no_name_is_refused(place: Any) -> None:
    for call in (lambda: ready().value(0, place), lambda: ready().path(place, 0)):
        with pytest.raises(xr.InputError):
            call()
    with pytest.raises(xr.InputError):
        ready().values([0], [place])


@pytest.mark.parametrize("rows", [np.array([[0]]), np.array([-1]), np.array([0, 10**6])])
def test_rows_that_are_none_of_the_network_are_refused(rows: Any) -> None:
    with pytest.raises(xr.InputError):
        ready().values(rows, [0])


def test_rows_and_ids_stand_for_the_same_place() -> None:
    ids = toy().places.ids
    by_row = ready().values(np.arange(len(ids)), np.arange(len(ids)))
    assert np.array_equal(by_row, ready().values(ids, ids), equal_nan=True)
    assert by_row[0, 1] == ready().value(ids[0], np.int64(1)) or np.isnan(by_row[0, 1])


def test_money_needs_a_shipment() -> None:
    with pytest.raises(xr.InputError, match="expected a shipment"):
        toy().prepare(minimise="cost")


def test_profiles_prepared_together_answer_as_each_alone() -> None:
    goods = xr.Shipment(mass_kg=900.0, volume_m3=4.0)
    profiles: list[dict[str, Any]] = [
        {"minimise": "distance"},
        {"minimise": "time"},
        {"minimise": "time", "modes": ["road", "sea"]},
        *({"minimise": each, "shipment": goods} for each in ("cost", "co2e", "generalised")),
        {"minimise": "cost", "shipment": goods, "scenario": xr.Scenario(closed_passages=["suez"])},
        *({"minimise": "cost", "shipment": xr.Shipment(mass_kg=100.0 * n, load="LCL")} for n in range(1, 5)),
    ]
    ids = toy().places.ids
    for profile, ready in zip(profiles, toy().prepare_all(profiles), strict=True):
        alone = toy().prepare(**profile)
        assert (ready.minimise, ready.unit) == (alone.minimise, alone.unit)
        assert np.array_equal(ready.values(ids, ids), alone.values(ids, ids), equal_nan=True)
        assert np.array_equal(ready.one_to_all(ids[0]), alone.one_to_all(ids[0]), equal_nan=True)
        for destination in ids:
            ours, theirs = ready.path(ids[0], destination), alone.path(ids[0], destination)
            assert (ours is None) == (theirs is None)
            if ours is not None and theirs is not None:
                assert (ours.value, ours.hubs.tolist()) == (theirs.value, theirs.hubs.tolist())


@pytest.mark.parametrize("profile", [{}, {"minimise": "beauty"}, {"minimise": "time", "mode": "sea"}])
def test_a_profile_that_says_nothing_known_is_refused_by_its_number(profile: dict[str, Any]) -> None:
    with pytest.raises(xr.InputError, match="profile 1"):
        toy().prepare_all([{"minimise": "time"}, profile])


def test_no_profiles_make_none() -> None:
    assert toy().prepare_all([]) == []

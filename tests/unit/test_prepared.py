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

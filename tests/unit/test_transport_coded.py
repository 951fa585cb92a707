"""Lanes of coded ids, and sums of whole numbers beyond 64 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import xroute as xr
from xroute.transport import whole_sum

COST = [[4, 8, 8], [16, 24, 16], [8, 16, 24]]
HELD = {"warehouse_id": ["w2", "w0", "w1"], "supply": [77, 76, 82]}
NEEDED = {"zone_id": ["z1", "z2", "z0"], "demand": [102, 41, 72]}


def lanes() -> dict[str, list[object]]:
    pairs = [(w, z) for w in range(3) for z in range(3)]
    return {
        "warehouse_id": [f"w{w}" for w, _ in pairs],
        "zone_id": [f"z{z}" for _, z in pairs],
        "cost": [COST[w][z] for w, z in pairs],
    }


def coded() -> pd.DataFrame:
    frame = pd.DataFrame(lanes())
    return frame.astype({"warehouse_id": "category", "zone_id": "category"})


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)], ids=["in order", "reversed"])
def test_coded_ids_give_the_answer_of_plain_ids(order: slice) -> None:
    plain = xr.transportation(pd.DataFrame(lanes()), HELD, NEEDED).shipments.to_pandas()
    found = xr.transportation(coded()[order], HELD, NEEDED).shipments.to_pandas()
    ids = ["warehouse_id", "zone_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(ids, ignore_index=True), plain.sort_values(ids, ignore_index=True)
    )


def test_a_coded_id_that_is_missing_is_refused_with_its_row() -> None:
    frame = coded()
    frame.loc[4, "zone_id"] = np.nan
    with pytest.raises(xr.InputError, match="row 5"):
        xr.transportation(frame, HELD, NEEDED)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = coded()
    frame.columns = pd.Index(["warehouse_id", "zone_id", "zone_id"])
    with pytest.raises(xr.InputError, match="two columns of one name"):
        xr.transportation(frame, HELD, NEEDED)


@pytest.mark.parametrize(
    ("costs", "units", "total"),
    [
        (np.array([2**62, 2**62]), np.array([3, 5]), 2**65),
        (np.array([-(2**63), 1]), np.array([1, 1]), 1 - 2**63),
        (np.array([-(2**31), 7], dtype=np.int32), np.array([2**20, 1]), 7 - 2**51),
        (np.zeros(0, np.int64), np.zeros(0, np.int64), 0),
    ],
)
def test_sums_of_whole_numbers_are_exact(costs: Any, units: Any, total: int) -> None:
    assert whole_sum(costs, units) == total

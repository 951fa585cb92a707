"""Ten million transport elements, Arrow in and Arrow out, beside pandas and numpy on the same formula.

numpy starts from factors that are gathered already: it is the bare arithmetic. Sums are compared before
anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from benches.work import measure
from xroute.factors import load_pack
from xroute.footprint_batch import footprint_table

ELEMENTS = 10_000_000
MODES = ("road", "sea", "rail", "inland_waterway")
ADJUSTMENT = (1.0, 1.15, 1.0, 1.0)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The elements as a table and as a frame, and the figures of each element gathered."""

    table: pa.Table
    frame: pd.DataFrame
    figures: pd.DataFrame
    gathered: tuple[Floats, Floats, Floats]


@cache
def case() -> Case:
    rng = np.random.default_rng(20_261_123)
    at = rng.integers(0, len(MODES), ELEMENTS).astype(np.int8)
    pack = load_pack("desnz-2025")
    found = [pack.for_class(mode) for mode in MODES]
    figures = pd.DataFrame(
        {
            "mode": MODES,
            "wtt": [factor.wtt_g_tkm for factor in found],
            "ttw": [factor.ttw_g_tkm for factor in found],
            "adjustment": ADJUSTMENT,
        }
    )
    mass, km = rng.uniform(1.0, 2e4, ELEMENTS), rng.uniform(1.0, 2e4, ELEMENTS)
    basis = pa.DictionaryArray.from_arrays(pa.array(np.zeros(ELEMENTS, np.int8)), pa.array(["sfd"]))
    table = pa.table(
        {
            "mode": pa.DictionaryArray.from_arrays(pa.array(at), pa.array(MODES)),
            "distance_basis": basis,
            "mass_kg": mass,
            "distance_km": km,
        }
    )
    mode = pd.Categorical.from_codes(at, list(MODES))
    frame = pd.DataFrame({"mode": mode, "mass_kg": mass, "distance_km": km})
    gathered = tuple(figures[name].to_numpy()[at] for name in ("wtt", "ttw", "adjustment"))
    return Case(table, frame, figures, (gathered[0], gathered[1], gathered[2]))


def core(each: Case) -> float:
    return float(np.sum(footprint_table(each.table)["wtw_co2e_kg"].to_numpy()))


def merge_and_multiply(each: Case) -> float:
    joined = each.frame.merge(each.figures, on="mode", how="left")
    activity = joined["mass_kg"] * joined["distance_km"] / 1000.0 * joined["adjustment"]
    joined["wtt_co2e_kg"] = activity * joined["wtt"] / 1000.0
    joined["ttw_co2e_kg"] = activity * joined["ttw"] / 1000.0
    joined["wtw_co2e_kg"] = joined["wtt_co2e_kg"] + joined["ttw_co2e_kg"]
    return float(joined["wtw_co2e_kg"].sum())


def bare_arithmetic(each: Case) -> float:
    wtt, ttw, adjustment = each.gathered
    mass, km = each.table["mass_kg"].to_numpy(), each.table["distance_km"].to_numpy()
    activity = mass * km / 1000.0 * adjustment
    provision, operation = activity * wtt / 1000.0, activity * ttw / 1000.0
    return float(np.sum(provision + operation))


CONTENDERS: dict[str, Callable[[Case], float]] = {
    "xroute core": core,
    "pandas merge and multiply": merge_and_multiply,
    "numpy, factors gathered": bare_arithmetic,
}


@pytest.mark.parametrize("name", CONTENDERS)
def test_ten_million_elements(benchmark: Any, name: str) -> None:
    benchmark.group = f"footprint of {ELEMENTS:,} elements"
    each = case()
    assert CONTENDERS[name](each) == pytest.approx(core(each), rel=1e-9)
    measure(benchmark, name, lambda: CONTENDERS[name](each), queries=1)

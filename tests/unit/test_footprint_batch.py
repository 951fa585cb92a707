"""Footprints of tables: the same as a chain row by row, in blocks, with the row of a fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import xroute as xr
from xroute import footprint_batch
from xroute.chain import TransportChain, TransportElement
from xroute.footprint_batch import footprint_table

MODES = ("road", "sea", "rail", "air", "inland_waterway")


def elements(count: int = 400, *, seed: int = 3) -> pa.Table:
    rng = np.random.default_rng(seed)
    mode = rng.choice(MODES, count)
    return pa.table(
        {
            "note": [f"row {at}" for at in range(count)],
            "mode": mode,
            "vehicle_class": np.where(mode == "road", rng.choice(["", "artic_truck"], count), ""),
            "distance_basis": np.where(mode == "air", "gcd", "sfd"),
            "mass_kg": rng.uniform(0.0, 2e4, count),
            "distance_km": rng.uniform(100.0, 9e3, count),
        }
    )


def by_chain(table: pa.Table) -> list[float]:
    rows = table.to_pylist()
    names = ("mode", "vehicle_class", "distance_basis", "mass_kg", "distance_km")
    chain = TransportChain([TransportElement(**{name: row[name] for name in names}) for row in rows])
    return [line.wtw_co2e_kg for line in chain.footprint().lines]


def test_a_table_emits_what_a_chain_of_its_rows_emits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint_batch, "BLOCK_ROWS", 64)
    table = elements()
    found = footprint_table(table)
    assert found["wtw_co2e_kg"].to_pylist() == pytest.approx(by_chain(table), rel=1e-12)
    total = np.add(found["wtt_co2e_kg"].to_numpy(), found["ttw_co2e_kg"].to_numpy())
    assert np.array_equal(total, found["wtw_co2e_kg"].to_numpy())
    assert found["note"].to_pylist() == table["note"].to_pylist()


def test_names_may_be_encoded_in_chunks_or_missing() -> None:
    table = elements()
    encoded = table.set_column(1, "mode", table["mode"].dictionary_encode())
    parts = pa.concat_tables([encoded.slice(0, 150), encoded.slice(150)])
    expected = footprint_table(table)["wtw_co2e_kg"]
    assert footprint_table(parts)["wtw_co2e_kg"].to_pylist() == expected.to_pylist()
    plain = footprint_table(table.drop_columns(["vehicle_class"]))
    assert len(plain) == len(table)


def test_frames_go_in_as_they_are_and_an_empty_table_stays_empty() -> None:
    table = elements()
    expected = footprint_table(table)["wtw_co2e_kg"].to_pylist()
    assert footprint_table(table.to_pandas())["wtw_co2e_kg"].to_pylist() == expected
    assert len(footprint_table(table.slice(0, 0))) == 0


def put(name: str, row: int, value: Any) -> pa.Table:
    table = elements()
    values = table[name].to_pylist()
    values[row] = value
    return table.set_column(table.column_names.index(name), name, pa.array(values))


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        (put("mass_kg", 70, -1.0), "mass_kg", 71),
        (put("distance_km", 399, float("nan")), "distance_km", 400),
        (put("mode", 5, "ship"), "mode", None),
        (put("distance_basis", 5, "straight"), "distance_basis", None),
        (put("mode", 5, None), "mode", None),
        (elements().drop_columns(["mass_kg"]), "mass_kg", None),
    ],
)
def test_a_fault_is_told_with_its_row_and_column(
    table: pa.Table, column: str, row: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footprint_batch, "BLOCK_ROWS", 64)
    with pytest.raises(xr.InputError) as caught:
        footprint_table(table)
    assert caught.value.column == column
    if row is not None:
        assert caught.value.row == row


def test_a_class_without_a_factor_is_a_factor_error() -> None:
    with pytest.raises(xr.FactorError):
        footprint_table(put("vehicle_class", 3, "airship"))

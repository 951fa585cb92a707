"""Shipments: every value is checked when the shipment is made."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest

import xroute as xr


@pytest.mark.parametrize("value", [0, 0.0, -1.0, math.nan, math.inf, "12", None, True])
def test_mass_is_a_positive_number(value: Any) -> None:
    with pytest.raises(xr.InputError, match="positive number") as caught:
        xr.Shipment(mass_kg=value)
    assert (caught.value.table, caught.value.column) == ("shipment", "mass_kg")


@pytest.mark.parametrize("column", ["volume_m3", "value_eur"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, "12", None, True])
def test_volume_and_value_are_numbers_of_at_least_nothing(column: str, value: Any) -> None:
    with pytest.raises(xr.InputError, match="at least 0") as caught:
        xr.Shipment(**{"mass_kg": 1.0, column: value})
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("temperature", "tepid"),
        ("load", "PTL"),
        ("dangerous_goods", "yes"),
        ("ready", "yesterday"),
        ("due", 5),
    ],
)
def test_what_is_no_choice_is_an_input_error(column: str, value: Any) -> None:
    with pytest.raises(xr.InputError) as caught:
        xr.Shipment(**{"mass_kg": 1.0, column: value})
    assert caught.value.column == column


def test_iso_texts_are_read_as_moments() -> None:
    goods = xr.Shipment(mass_kg=1, ready="2026-03-01T08:00", due="2026-04-01T08:00Z")  # type: ignore[arg-type]
    assert (goods.ready, goods.due) == (datetime(2026, 3, 1, 8), datetime(2026, 4, 1, 8, tzinfo=UTC))


def test_tonnes_are_a_thousandth_of_kilograms() -> None:
    assert xr.Shipment(mass_kg=1250).mass_t == 1.25


def test_the_better_load_is_chosen_unless_one_is_named() -> None:
    assert xr.Shipment(mass_kg=1).load is None

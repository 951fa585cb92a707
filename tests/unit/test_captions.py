"""Headings and numbers as people read them."""

from __future__ import annotations

import numpy as np
import pytest

from xroute.captions import heading, shown, with_unit


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("wtw_co2e_kg_per_t", "kg CO2e per t (WTW)"),
        ("capacity_m3", "Capacity, m3"),
        ("mass_t", "Mass, t"),
        ("utilisation", "Utilisation"),
        ("cost_eur_per_load", "EUR per load"),
        ("emissions_co2e_t", "Emissions, t CO2e"),
        ("distance_basis", "Distance basis"),
    ],
)
def test_a_heading_says_the_unit_once(column: str, expected: str) -> None:
    assert heading(column) == expected


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("cost_eur", 12.345, "12.35"),
        ("cost_eur", -0.001, "0.00"),
        ("duration_h", 36.0, "1.5"),
        ("air_share", 0.012, "1.2 %"),
        ("is_open", np.True_, "yes"),
        ("note", None, "–"),
        ("capacity_m3", float("inf"), "unlimited"),
        ("name", "=1+1", "=1+1"),
        ("count", np.int64(1234567), "1,234,567"),
    ],
)
def test_a_value_is_shown_with_the_decimals_of_its_unit(column: str, value: object, expected: str) -> None:
    assert shown(column, value) == expected


def test_a_figure_of_its_own_carries_its_unit() -> None:
    assert with_unit("emissions_co2e_t", 1234.5) == "1,234.5 t CO2e"

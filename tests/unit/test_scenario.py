"""Scenarios: an overlay that is checked when it is made."""

from __future__ import annotations

import math
from typing import Any

import pytest

import xroute as xr


def scenario(field: str, value: Any) -> xr.Scenario:
    return xr.Scenario(**{field: value})


@pytest.mark.parametrize("field", ["closed_passages", "open_passages", "closed_hubs", "closed_countries"])
def test_lists_may_be_written_with_commas(field: str) -> None:
    assert getattr(scenario(field, "suez, panama"), field) == ("suez", "panama")


@pytest.mark.parametrize("field", ["closed_passages", "open_passages", "closed_hubs", "closed_countries"])
@pytest.mark.parametrize("names", [5, None, [1, 2], ("suez", ""), [None]])
def test_a_list_of_what_is_no_name_is_an_input_error(field: str, names: Any) -> None:
    with pytest.raises(xr.InputError, match="list of ids") as caught:
        scenario(field, names)
    assert (caught.value.table, caught.value.column) == ("scenario", field)


@pytest.mark.parametrize("field", ["carbon_price_eur_t", "value_of_time_eur_h"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, "80", None, True])
def test_a_price_is_a_finite_number_of_at_least_nothing(field: str, value: Any) -> None:
    with pytest.raises(xr.InputError, match="finite number of at least 0"):
        scenario(field, value)


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("delays_h", "suez", -1.0),
        ("delays_h", "suez", math.nan),
        ("speeds", "sea", 0.0),
        ("speeds", "sea", math.inf),
        ("exchange_rates", "USD", "0.9"),
        ("exchange_rates", "USD", 0),
    ],
)
def test_a_number_by_name_is_in_range(field: str, name: str, value: Any) -> None:
    with pytest.raises(xr.InputError) as caught:
        scenario(field, {name: value})
    assert caught.value.column == f"{field}[{name}]"


@pytest.mark.parametrize("field", ["delays_h", "speeds", "exchange_rates"])
@pytest.mark.parametrize("value", [3, None, ["sea"]])
def test_what_holds_no_names_is_an_input_error(field: str, value: Any) -> None:
    with pytest.raises(xr.InputError, match="a number for each name"):
        scenario(field, value)


def test_the_speed_of_an_unknown_mode_is_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="'hovercraft' is none of"):
        xr.Scenario(speeds={"hovercraft": 2.0})


def test_equal_scenarios_are_equal() -> None:
    assert xr.Scenario(closed_passages=("suez",)) == scenario("closed_passages", "suez")

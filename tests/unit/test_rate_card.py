"""Rate cards: which rate is taken, by date, load and class, and the rows that are refused."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xroute.errors import InputError
from xroute.rate_card import RateCard, card, shipped
from xroute.rates import Rate

ONE: dict[str, list[Any]] = {
    "rate_id": ["R1"],
    "mode": ["sea"],
    "unit": ["shipment"],
    "currency": ["EUR"],
    "fixed": [0.0],
}


def one(**cells: Any) -> Rate:
    return card(ONE | {name: [value] for name, value in cells.items()}).rates[0]


def test_breaks_are_read_from_text() -> None:
    assert one(breaks="100:3.9; 300:3.4").breaks == ((100.0, 3.9), (300.0, 3.4))


@pytest.mark.parametrize("text", ["100", "300:3;100:2", "0:1", "a:b", "-5:1", "100:nan", "100:", "1:2;1:3"])
def test_bad_breaks_are_refused_with_row_and_column(text: str) -> None:
    with pytest.raises(InputError) as raised:
        one(breaks=text)
    assert (raised.value.row, raised.value.column) == (1, "breaks")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mode", "submarine"),
        ("unit", "bushel"),
        ("fixed", -1.0),
        ("fixed", float("inf")),
        ("per_km", -0.1),
        ("per_unit_km", float("inf")),
        ("minimum", -5.0),
        ("currency", "EURO"),
        ("currency", "€"),
        ("load", "LTL"),
        ("valid_from", "tomorrow"),
        ("valid_to", "2026-13-40"),
    ],
)
def test_hostile_cells_are_refused_with_row_and_column(column: str, value: object) -> None:
    with pytest.raises(InputError) as raised:
        one(**{column: value})
    assert (raised.value.row, raised.value.column) == (1, column)


@pytest.mark.parametrize("cell", [None, float("nan"), ""])
def test_a_row_without_any_price_is_refused(cell: object) -> None:
    with pytest.raises(InputError, match="expected a price"):
        one(fixed=cell)


def test_a_card_without_a_required_column_is_refused() -> None:
    with pytest.raises(InputError, match="missing"):
        card({"rate_id": ["R1"], "mode": ["sea"], "fixed": [1.0]})


def test_the_same_rate_twice_is_refused() -> None:
    twice = {name: values * 2 for name, values in ONE.items()}
    with pytest.raises(InputError, match="R1") as raised:
        card(twice)
    assert raised.value.row == 2


def test_a_rate_is_chosen_by_date() -> None:
    both = ONE | {"fixed": [1.0]}
    table = {name: values * 2 for name, values in both.items()} | {
        "fixed": [1.0, 2.0],
        "valid_from": ["2026-01-01", "2026-07-01"],
        "valid_to": ["2026-06-30", ""],
    }
    prices = card(table)
    assert prices.named("R1", load="LCL", on=date(2026, 6, 30)).fixed == 1.0
    assert prices.named("R1", load="LCL", on=date(2026, 7, 1)).fixed == 2.0
    assert prices.named("R1", load="LCL", on=None).fixed == 2.0
    with pytest.raises(InputError, match="2025-12-31"):
        prices.named("R1", load="LCL", on=date(2025, 12, 31))


def test_a_service_with_a_container_rate_only_sells_whole_containers_to_groupage() -> None:
    box = card(ONE | {"unit": ["FEU"]})
    assert box.named("R1", load="LCL", on=None).unit == "FEU"


def test_a_rate_that_no_card_has_is_named() -> None:
    with pytest.raises(InputError, match="'GHOST'"):
        card(ONE).named("GHOST", load="LCL", on=None)


def test_the_users_mode_rate_beats_the_shipped_class_rate() -> None:
    mine = card(ONE | {"mode": ["rail"], "unit": ["w_m"], "per_unit_km": [1.0]})
    assert mine.for_class("rail", "rail_electric_KZ", load="LCL", on=None).rate_id == "R1"
    assert mine.for_class("sea", "container_ship", load="LCL", on=None).is_indicative


def test_a_rate_that_services_name_is_theirs_alone() -> None:
    mine = card(ONE)
    assert mine.for_class("sea", "container_ship", load="LCL", on=None, of_services=("R1",)).is_indicative


def test_a_minimum_on_links_is_refused() -> None:
    with pytest.raises(InputError, match="minimum_quantity"):
        card(ONE | {"minimum": [5.0]}).for_class("sea", "container_ship", load="LCL", on=None)


def test_two_rates_that_fit_alike_are_refused() -> None:
    table = {name: values * 2 for name, values in ONE.items()} | {"rate_id": ["A", "B"]}
    with pytest.raises(InputError, match="both fit"):
        card(table).for_class("sea", "", load="LCL", on=None)


def test_container_rates_are_full_loads_unless_they_say_otherwise() -> None:
    assert one(unit="TEU").load == "FCL"
    assert one(unit="m3").load == ""


def test_a_card_file_is_read_again_only_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("rate_id,mode,unit,currency,fixed\nR1,sea,shipment,EUR,5\n", encoding="utf-8")
    first = card(path)
    assert card(str(path)) is first
    path.write_text("rate_id,mode,unit,currency,fixed\nR1,sea,shipment,EUR,75\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert card(path).rates[0].fixed == 75.0


def test_a_missing_card_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rate card"):
        card(tmp_path / "none.csv")


def test_the_shipped_card_is_indicative_in_euro_with_a_source_on_every_row() -> None:
    rates = shipped().rates
    assert rates
    assert all(each.is_indicative and each.currency == "EUR" for each in rates)
    assert all(each.source and each.confidence in ("low", "medium", "high") for each in rates)


@pytest.mark.parametrize("load", ["LCL", "FCL"])
@pytest.mark.parametrize("mode", ["sea", "air", "rail", "road", "inland_waterway", "ferry"])
def test_the_shipped_card_prices_every_mode(mode: str, load: str) -> None:
    assert shipped().for_class(mode, "", load=load, on=None).mode == mode


@pytest.mark.parametrize(
    ("mode", "load", "km", "low", "high"),
    [
        ("sea", "LCL", 19_500, 55 * 0.92, 90 * 0.92),
        ("sea", "FCL", 19_500, 2_000, 3_200),
        ("air", "LCL", 9_500, 3.0 * 0.92, 4.5 * 0.92),
        ("road", "FCL", 1_000, 1_100, 1_900),
    ],
)
def test_shipped_prices_lie_in_the_ranges_seen(
    mode: str, load: str, km: float, low: float, high: float
) -> None:
    unit_kg, unit_m3 = (1000.0, 0.0) if mode == "air" else (100.0, 1.0)
    price = (
        shipped().for_class(mode, "", load=load, on=None).price(unit_kg / 1000, unit_m3, exchange_rates={})
    )
    assert low <= price.amount_eur(km) / (unit_kg if mode == "air" else 1.0) <= high


def test_a_card_object_is_used_as_it_is() -> None:
    mine = RateCard((Rate(rate_id="R1", mode="sea", unit="w_m"),))
    assert card(mine) is mine
    with pytest.raises(InputError, match="no LCL rate"):
        mine.for_class("air", "", load="LCL", on=None)

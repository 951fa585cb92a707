"""Rates: chargeable quantities, breaks, minima and currencies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xroute.errors import InputError
from xroute.rates import Price, Rate, chargeable, load_units


def rate(**fields: Any) -> Rate:
    return Rate(**({"rate_id": "R1", "mode": "sea", "unit": "w_m"} | fields))


@pytest.mark.parametrize(
    ("unit", "kg_per_m3", "mass_t", "volume_m3", "expected"),
    [
        ("w_m", 1000.0, 1.2, 6.4, (6.4, "w_m", "volume")),
        ("w_m", 1000.0, 8.0, 6.4, (8.0, "w_m", "mass")),
        ("kg_chargeable", 167.0, 1.2, 6.4, (1200.0, "kg_chargeable", "mass")),
        ("kg_chargeable", 167.0, 1.0, 6.4, (6.4 * 167.0, "kg_chargeable", "volume")),
        ("t_chargeable", 333.0, 1.2, 6.4, (6.4 * 333.0 / 1000.0, "t_chargeable", "volume")),
        ("t", 1000.0, 1.2, 6.4, (1.2, "t", "mass")),
        ("m3", 1000.0, 1.2, 6.4, (6.4, "m3", "volume")),
        ("FEU", 1000.0, 30.0, 57.0, (2.0, "FEU", "mass")),
        ("TEU", 1000.0, 3.0, 58.0, (4.0, "TEU", "volume")),
        ("truck", 1000.0, 3.0, 5.0, (1.0, "truck", "mass")),
        ("shipment", 1000.0, 3.0, 5.0, (1.0, "shipment", "mass")),
    ],
)
def test_the_carrier_bills_whichever_is_more(
    unit: str, kg_per_m3: float, mass_t: float, volume_m3: float, expected: tuple[float, str, str]
) -> None:
    assert chargeable(unit, mass_t, volume_m3=volume_m3, kg_per_m3=kg_per_m3) == expected


def test_a_small_parcel_is_billed_the_least_quantity() -> None:
    bill = chargeable("w_m", 0.01, volume_m3=0.02, kg_per_m3=1000.0, minimum_quantity=1.0)
    assert bill == (1.0, "w_m", "minimum")


@pytest.mark.parametrize(
    ("mass_t", "volume_m3", "units"), [(0.001, 0.0, 1), (26.0, 57.0, 1), (26.001, 57.0, 2), (1.0, 171.1, 4)]
)
def test_load_units_are_whole_containers(mass_t: float, volume_m3: float, units: int) -> None:
    assert load_units(mass_t, volume_m3) == units


@given(st.floats(0, 1e4), st.floats(0, 1e5))
def test_a_price_is_affine_in_distance_and_kept_above_its_minimum(fixed: float, km: float) -> None:
    price = Price(fixed, 0.5, 100.0)
    assert price.amount_eur(km) == max(fixed + 0.5 * km, 100.0)


def test_a_rate_adds_fixed_and_quantity_parts() -> None:
    price = rate(fixed=10.0, per_km=0.1, per_unit=45.0, per_unit_km=0.0012).price(1.2, 6.4, exchange_rates={})
    assert price == (10.0 + 6.4 * 45.0, 0.1 + 6.4 * 0.0012, 0.0)


@pytest.mark.parametrize(
    ("mass_t", "fixed_eur"),
    [
        (0.05, 0.05 * 1000 * 4.0),
        (0.15, 150 * 3.0),
        (0.099, 99 * 4.0 if 99 * 4.0 < 300 else 300.0),
        (1.0, 2000.0),
    ],
)
def test_breaks_bill_the_next_step_where_it_is_cheaper(mass_t: float, fixed_eur: float) -> None:
    air = rate(
        mode="air", unit="kg_chargeable", per_unit=4.0, breaks=((100.0, 3.0), (300.0, 2.0)), kg_per_m3=167.0
    )
    assert air.price(mass_t, 0.0, exchange_rates={}).fixed_eur == pytest.approx(fixed_eur, rel=1e-12)


def test_a_foreign_currency_needs_an_exchange_rate() -> None:
    with pytest.raises(InputError, match="EUR for one USD") as raised:
        rate(currency="USD", row=3).price(1.0, 1.0, exchange_rates={"GBP": 1.2})
    assert (raised.value.row, raised.value.column) == (3, "currency")


def test_a_foreign_currency_is_converted_by_the_scenario() -> None:
    price = rate(currency="USD", fixed=100.0, per_km=2.0, minimum=50.0).price(
        1.0, 1.0, exchange_rates={"USD": 0.5}
    )
    assert price == (50.0, 1.0, 25.0)

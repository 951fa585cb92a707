"""Data quality and ranges of footprints against figures worked by hand, and laws that every range keeps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.factors import Factor
from xroute.footprint import Footprint, FootprintLine
from xroute.quality import emission_range

MASS_KG = st.floats(1.0, 1e6)


def line(
    kg: float, *, factor_id: str = "one", category: str = "default", low: float | None = None,
    high: float | None = None,
) -> FootprintLine:  # fmt: skip
    factor = Factor(
        factor_id=factor_id, mode="road", vehicle_class="lorry", wtt_g_tkm=20.0, ttw_g_tkm=80.0,
        distance_basis="sfd", category=category, wtw_low_g_tkm=low, wtw_high_g_tkm=high,
    )  # fmt: skip
    return FootprintLine(
        element="a - b", mode="road", mass_kg=1000.0, distance_km=kg * 10.0, distance_basis="sfd",
        adjustment=1.0, factor=factor, wtt_co2e_kg=0.2 * kg, ttw_co2e_kg=0.8 * kg,
    )  # fmt: skip


def test_shares_follow_the_emission_and_add_up_to_one() -> None:
    found = Footprint.of([line(300.0), line(100.0, category="primary", factor_id="two")]).data_quality
    assert found == pytest.approx({"primary": 0.25, "modelled": 0.0, "default": 0.75})


def test_a_footprint_without_elements_has_no_quality_and_no_range() -> None:
    nothing = Footprint.of([])
    assert nothing.data_quality == {}
    assert (nothing.range().low_kg, nothing.range().high_kg) == (0.0, 0.0)


def test_one_element_spreads_by_the_root_of_the_sum_of_squares() -> None:
    found = emission_range([line(100.0)])
    assert found.low_kg == pytest.approx(100.0 - math.sqrt(25.0**2 + 10.0**2 + 3.0**2))
    assert found.high_kg == pytest.approx(100.0 + math.sqrt(35.0**2 + 15.0**2 + 5.0**2))
    assert found.parts_kg["factor"] == pytest.approx((25.0, 35.0))


def test_a_range_of_the_factor_counts_before_the_shipped_spread() -> None:
    found = emission_range([line(100.0, low=90.0, high=130.0)])
    assert found.parts_kg["factor"] == pytest.approx((10.0, 30.0))


def test_elements_of_one_factor_err_together_and_others_do_not() -> None:
    together = emission_range([line(50.0), line(50.0)])
    assert together == emission_range([line(100.0)])
    apart = emission_range([line(50.0), line(50.0, factor_id="two")])
    assert apart.parts_kg["factor"] == pytest.approx((math.hypot(12.5, 12.5), math.hypot(17.5, 17.5)))


@given(first=MASS_KG, second=MASS_KG, scale=st.floats(0.1, 10.0))
def test_a_range_holds_its_centre_and_scales_with_the_emission(
    first: float, second: float, scale: float
) -> None:
    lines = [line(first), line(second, factor_id="two", category="modelled")]
    bigger = [line(first * scale), line(second * scale, factor_id="two", category="modelled")]
    one, other = emission_range(lines), emission_range(bigger)
    assert 0.0 <= one.low_kg <= one.central_kg <= one.high_kg
    assert other.high_kg == pytest.approx(scale * one.high_kg, rel=1e-9)
    assert other.low_kg == pytest.approx(scale * one.low_kg, rel=1e-9)


def test_a_chain_through_the_public_face_has_quality_and_range() -> None:
    footprint = TransportChain(
        [
            TransportElement(
                mode="road", vehicle_class="artic_truck", mass_kg=1200, distance_km=400, distance_basis="sfd"
            ),
            HubElement(process="warehouse", mass_kg=1200),
        ]
    ).footprint()
    assert sum(footprint.data_quality.values()) == pytest.approx(1.0)
    assert footprint.range().low_kg < footprint.wtw_co2e_kg < footprint.range().high_kg

"""Footprints: sums of lines that say how they were made."""

from __future__ import annotations

import math

import pytest

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import FactorError
from xroute.footprint import Footprint


@pytest.fixture(scope="module")
def footprint() -> Footprint:
    return TransportChain(
        [
            TransportElement(
                mode="road",
                vehicle_class="artic_truck",
                mass_kg=1200,
                distance_km=400,
                distance_basis="sfd",
            ),
            HubElement(process="port_to_land", mass_kg=1200, country="DE"),
            TransportElement(
                mode="sea",
                vehicle_class="container_ship",
                mass_kg=1200,
                distance_km=20_000,
                distance_basis="sfd",
            ),
        ]
    ).footprint()


def test_wtw_is_wtt_and_ttw() -> None:
    assert Footprint(wtt_co2e_kg=21.0, ttw_co2e_kg=84.0).wtw_co2e_kg == 105.0


def test_the_total_is_the_sum_of_its_lines(footprint: Footprint) -> None:
    assert footprint.wtw_co2e_kg == pytest.approx(
        math.fsum(each.wtw_co2e_kg for each in footprint.lines), 1e-15
    )


def test_lines_keep_the_order_of_the_chain(footprint: Footprint) -> None:
    assert [line.mode for line in footprint.lines] == ["road", "hub", "sea"]


def test_a_line_holds_everything_its_emission_is_made_of(footprint: Footprint) -> None:
    sea = footprint.lines[2]
    made = sea.activity_tkm * sea.adjustment * (3.65 + 16.12) / 1000
    assert sea.adjustment == 1.15
    assert sea.wtw_co2e_kg == pytest.approx(made, rel=1e-12)


def test_a_hub_has_no_distance(footprint: Footprint) -> None:
    hub = footprint.lines[1]
    assert (hub.distance_km, hub.distance_basis, hub.activity_tkm) == (0.0, "", 0.0)


def test_the_table_names_factor_pack_licence_basis_and_category(
    footprint: Footprint,
) -> None:
    table = footprint.table()
    assert len(table) == 3
    assert list(table["pack"]) == ["desnz-2025", "xroute-modelled-2026", "desnz-2025"]
    assert list(table["category"]) == ["default", "modelled", "default"]
    assert list(table["licence"]) == ["OGL-UK-3.0", "CC-BY-4.0", "OGL-UK-3.0"]
    assert list(table["factor_distance_basis"]) == ["sfd", "", "actual"]
    assert float(table["wtw_co2e_kg"].sum()) == pytest.approx(footprint.wtw_co2e_kg, rel=1e-12)


def test_a_footprint_of_nothing_is_nothing() -> None:
    empty = Footprint.of(())
    assert (empty.wtw_co2e_kg, empty.lines) == (0.0, ())
    assert len(empty.table()) == 0


def test_operation_alone_gives_no_wtw_total() -> None:
    only = Footprint(wtt_co2e_kg=math.nan, ttw_co2e_kg=84.0)
    assert only.is_ttw_only
    with pytest.raises(FactorError, match="WTW"):
        _ = only.wtw_co2e_kg

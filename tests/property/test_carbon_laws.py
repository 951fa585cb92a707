"""Laws that every transport chain obeys."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.factors import load_pack

CLASSES = [
    ("road", "artic_truck", "sfd"),
    ("road", "van", "actual"),
    ("sea", "container_ship", "sfd"),
    ("sea", "container_ship_8000plus", "actual"),
    ("rail", "rail_electric_CN", "sfd"),
    ("inland_waterway", "barge_yangtze", "sfd"),
    ("ferry", "roro_ferry", "sfd"),
    ("air", "freighter_long_haul", "gcd"),
]
MASSES = st.floats(0.001, 1e6)
LEGS = st.builds(
    lambda kind, mass_kg, distance_km: TransportElement(
        mode=kind[0],
        vehicle_class=kind[1],
        distance_basis=kind[2],
        mass_kg=mass_kg,
        distance_km=distance_km,
    ),
    st.sampled_from(CLASSES),
    MASSES,
    st.floats(0.001, 20_000),
)
HUBS = st.builds(
    lambda process, country, mass_kg: HubElement(process=process, country=country, mass_kg=mass_kg),
    st.sampled_from(["port_to_land", "airport", "gauge_change", "warehouse"]),
    st.sampled_from(["", "CN", "DE", "NO"]),
    MASSES,
)
ELEMENTS = st.lists(LEGS | HUBS, min_size=1, max_size=8)
steady = settings(deadline=None, derandomize=True)
PACK = load_pack("desnz-2025")


def wtw(elements: list[TransportElement | HubElement]) -> float:
    return TransportChain(elements).footprint(factors=PACK).wtw_co2e_kg


@steady
@given(ELEMENTS)
def test_a_chain_is_the_sum_of_its_elements(
    elements: list[TransportElement | HubElement],
) -> None:
    assert wtw(elements) == pytest.approx(math.fsum(wtw([each]) for each in elements), rel=1e-12)


@steady
@given(ELEMENTS)
def test_wtw_is_wtt_and_ttw(elements: list[TransportElement | HubElement]) -> None:
    footprint = TransportChain(elements).footprint(factors=PACK)
    assert footprint.wtw_co2e_kg == footprint.wtt_co2e_kg + footprint.ttw_co2e_kg
    assert footprint.wtt_co2e_kg >= 0.0
    assert footprint.ttw_co2e_kg >= 0.0


@steady
@given(ELEMENTS, st.floats(0.01, 100.0))
def test_emission_is_linear_in_mass(elements: list[TransportElement | HubElement], times: float) -> None:
    heavier = [replace(each, mass_kg=each.mass_kg * times) for each in elements]
    assert wtw(heavier) == pytest.approx(wtw(elements) * times, rel=1e-12)


@steady
@given(LEGS, st.floats(1.0, 2.0))
def test_a_longer_leg_never_emits_less(leg: TransportElement, times: float) -> None:
    assert wtw([replace(leg, distance_km=leg.distance_km * times)]) >= wtw([leg]) * (1 - 1e-12)


@steady
@given(LEGS, st.floats(0.0, 1.0))
def test_splitting_a_leg_changes_nothing(leg: TransportElement, share: float) -> None:
    parts = [replace(leg, distance_km=leg.distance_km * part) for part in (share, 1.0 - share)]
    assert wtw(list(parts)) == pytest.approx(wtw([leg]), rel=1e-12)


@steady
@given(ELEMENTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(elements: list[TransportElement | HubElement], random: object) -> None:
    shuffled = list(elements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert wtw(shuffled) == pytest.approx(wtw(elements), rel=1e-15)

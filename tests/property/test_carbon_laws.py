"""Laws that every transport chain obeys."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import replace

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xroute._core import DISTANCE_BASES, MODES
from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.distances import Distance
from xroute.errors import InputError
from xroute.factors import Factor, load_pack
from xroute.footprint_batch import footprint_table
from xroute.units import KG_IN, KM_IN, activity_tkm, distance_km, intensity_g_tkm, mass_kg

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
PLAIN_LEGS = st.builds(
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
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "load_factor": st.floats(0.2, 1.0),
        "empty_running": st.floats(0.0, 0.6),
        "teu": st.floats(0.5, 20.0),
    },
)
LEGS = st.builds(lambda leg, how: replace(leg, **how), PLAIN_LEGS, OPERATIONS)
"""Legs on default figures, some with load, empty running and boxes."""
HUBS = st.builds(
    lambda process, country, mass_kg: HubElement(process=process, country=country, mass_kg=mass_kg),
    st.sampled_from(["port_to_land", "airport", "gauge_change", "warehouse"]),
    st.sampled_from(["", "CN", "DE", "NO"]),
    MASSES,
)
ELEMENTS = st.lists(LEGS | HUBS, min_size=1, max_size=8)
CHAINS = 5000 if os.environ.get("XROUTE_ORACLE") == "full" else 250
steady = settings(deadline=None, derandomize=True, max_examples=CHAINS)
PACK = load_pack("desnz-2025")
CEILING = {
    "air": 6000.0,
    "road": 2000.0,
    "ferry": 700.0,
    "rail": 150.0,
    "inland_waterway": 150.0,
    "sea": 60.0,
}


def own(mode: str, wtw_g_tkm: float, basis: str = "sfd") -> Factor:
    return Factor(
        factor_id="own", mode=mode, vehicle_class="", wtt_g_tkm=0.25 * wtw_g_tkm, ttw_g_tkm=0.75 * wtw_g_tkm,
        distance_basis=basis,
    )  # fmt: skip


def element(mode: str, kg: float, km: float | Distance, factor: Factor, basis: str = "") -> TransportElement:
    measured = basis or (km.basis if isinstance(km, Distance) else "sfd")
    return TransportElement(mode=mode, mass_kg=kg, distance_km=km, distance_basis=measured, factor=factor)


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
    assert wtw([replace(leg, distance_km=leg.km * times)]) >= wtw([leg]) * (1 - 1e-12)


@steady
@given(LEGS, st.floats(0.0, 1.0))
def test_splitting_a_leg_changes_nothing(leg: TransportElement, share: float) -> None:
    parts = [replace(leg, distance_km=leg.km * part) for part in (share, 1.0 - share)]
    assert wtw(list(parts)) == pytest.approx(wtw([leg]), rel=1e-12)


@steady
@given(ELEMENTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(elements: list[TransportElement | HubElement], random: object) -> None:
    shuffled = list(elements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert wtw(shuffled) == pytest.approx(wtw(elements), rel=1e-15)


@steady
@given(PLAIN_LEGS, st.sampled_from(sorted(KG_IN)), st.sampled_from(sorted(KM_IN)))
def test_units_change_nothing(leg: TransportElement, unit: str, length: str) -> None:
    mass, km = leg.mass_kg / KG_IN[unit], leg.km / KM_IN[length]
    same = replace(leg, mass_kg=mass_kg(mass, unit), distance_km=distance_km(km, length))
    assert wtw([same]) == pytest.approx(wtw([leg]), rel=1e-12)
    assert activity_tkm(mass, unit, km, length) == pytest.approx(leg.activity_tkm, rel=1e-12)


@steady
@given(st.floats(1.0, 50.0), st.floats(0.1, 1e5), st.floats(0.1, 1e4))
def test_a_figure_in_any_unit_gives_the_same_emission(g_tkm: float, tonnes: float, km: float) -> None:
    direct = own("sea", g_tkm)
    units = {
        "g/tkm": g_tkm, "kg/tkm": g_tkm / 1000, "g/ton-mile": g_tkm * 1.4599723, "g/t-nm": g_tkm * 1.852,
        "t/t-mile": g_tkm * 1.609344 / 1e6, "g/kg-km": g_tkm / 1000,
    }  # fmt: skip
    leg = element("sea", tonnes * 1000, km, direct)
    for unit, value in units.items():
        rel = 1e-7 if unit == "g/ton-mile" else 1e-12  # its factor above is rounded
        assert wtw([replace(leg, factor=own("sea", intensity_g_tkm(value, unit)))]) == pytest.approx(
            wtw([leg]), rel=rel
        )
    box = intensity_g_tkm(g_tkm * 14.5, "g/TEU-km", tonnes_per_teu="heavy")
    assert box == pytest.approx(g_tkm, rel=1e-12)


CONVERSIONS = [
    ("sea", "sfd", "actual", lambda _: 1.15),
    ("sea", "actual", "sfd", lambda _: 1 / 1.15),
    ("ferry", "sfd", "actual", lambda _: 1.15),
    ("road", "sfd", "actual", lambda _: 1.0),
    ("rail", "actual", "sfd", lambda _: 1.0),
    ("air", "gcd", "actual", lambda km: (km + 95) / km),
    ("air", "actual", "gcd", lambda km: (km - 95) / km),
    *((mode, basis, basis, lambda _: 1.0) for mode in MODES for basis in DISTANCE_BASES),
]


@steady
@given(st.sampled_from(CONVERSIONS), st.floats(100.0, 20_000.0), MASSES)
def test_each_pair_of_bases_has_one_adjustment_and_a_second_is_refused(
    kind: tuple[str, str, str, Callable[[float], float]], km: float, kg: float
) -> None:
    mode, of_activity, of_factor, times = kind
    factor = own(mode, CEILING[mode] / 2, of_factor)
    line = TransportChain([element(mode, kg, km, factor, of_activity)]).footprint().lines[0]
    assert line.adjustment == pytest.approx(times(km), rel=1e-12)
    assert line.wtw_co2e_kg == pytest.approx(kg * km * times(km) * CEILING[mode] / 2e6, rel=1e-12)
    measured = Distance(km, of_activity)
    there = measured.to(of_factor, mode=mode)
    assert there.km == pytest.approx(km * times(km), rel=1e-12)
    if there.is_adjusted:
        for basis in DISTANCE_BASES:
            with pytest.raises(InputError, match="second adjustment"):
                there.to(basis, mode=mode)
        restated = factor.restated(of_activity, km)
        direct = TransportChain([element(mode, kg, km, restated, of_activity)]).footprint().lines[0]
        assert direct.adjustment == 1.0
        assert direct.wtw_co2e_kg == pytest.approx(line.wtw_co2e_kg, rel=1e-12)
        with pytest.raises(InputError, match="adjusted twice"):
            restated.restated(of_factor, km)
    assert wtw([element(mode, kg, 0.0, factor, of_factor)]) == 0.0
    elsewhere = element(mode, kg, there, factor)  # a distance that was brought to the basis of its figure
    assert wtw([elsewhere]) == pytest.approx(line.wtw_co2e_kg, rel=1e-12)


NO_RULE = [(mode, "gcd", "sfd") for mode in ("sea", "rail", "road", "inland_waterway")] + [
    ("air", "sfd", "gcd")
]


@pytest.mark.parametrize(("mode", "measured", "per"), NO_RULE)
def test_bases_without_a_rule_are_refused(mode: str, measured: str, per: str) -> None:
    with pytest.raises(InputError) as caught:
        wtw([element(mode, 1000, 500, own(mode, CEILING[mode] / 2, per), measured)])
    assert caught.value.column == "distance_basis"


@steady
@given(st.sampled_from(sorted(CEILING)), st.floats(1.0001e-3, 0.999), st.sampled_from([1000.0, 1e-3]))
def test_grams_for_kilograms_are_refused_in_every_mode(mode: str, share: float, slip: float) -> None:
    sound = own(mode, CEILING[mode] * share)
    assert wtw([element(mode, 1000, 100, sound)]) > 0.0
    with pytest.raises(InputError, match="grams or kilograms"):
        wtw([element(mode, 1000, 100, own(mode, CEILING[mode] * share * slip))])


def test_every_shipped_figure_times_or_over_a_thousand_is_refused() -> None:
    tried = 0
    for pack in map(load_pack, ("desnz-2025", "desnz-2026", "epa-2024-wtw", "xroute-modelled-2026")):
        for factor in pack.factors.values():
            for slip in (1000.0, 1e-3) if factor.wtw_g_tkm else ():
                wrong = replace(factor, wtt_g_tkm=factor.wtt_g_tkm * slip, ttw_g_tkm=factor.ttw_g_tkm * slip)
                with pytest.raises(InputError, match="grams or kilograms"):
                    wtw([element(factor.mode, 1000, 500, wrong, factor.distance_basis)])
                tried += 1
    assert tried > 1000


@steady
@given(ELEMENTS)
def test_a_table_of_elements_gives_the_same_as_the_chain(
    elements: list[TransportElement | HubElement],
) -> None:
    plain = [each for each in elements if isinstance(each, TransportElement) and not each.teu]
    plain = [each for each in plain if each.load_factor is None and each.empty_running is None]
    if not plain:
        return
    names = ("mode", "vehicle_class", "distance_basis", "mass_kg")
    columns = {name: [getattr(each, name) for each in plain] for name in names}
    table = footprint_table(
        pyarrow.table(columns | {"distance_km": [each.km for each in plain]}), factors=PACK
    )
    lines = TransportChain(plain).footprint(factors=PACK).lines
    assert table["wtw_co2e_kg"].to_pylist() == pytest.approx([line.wtw_co2e_kg for line in lines], rel=1e-12)

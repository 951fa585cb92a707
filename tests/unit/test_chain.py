"""Transport chains without a network: the user's own legs and hubs."""

from __future__ import annotations

from typing import Any

import pytest

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import FactorError, InputError
from xroute.factors import Factor, HubFactor, load_pack


def leg(**changes: Any) -> TransportElement:
    facts: dict[str, Any] = {
        "mode": "road",
        "vehicle_class": "artic_40t",
        "distance_basis": "sfd",
    }
    return TransportElement(**(facts | {"mass_kg": 1000.0, "distance_km": 100.0} | changes))


def own(mode: str = "road", wtt: float = 20.0, ttw: float = 70.0, basis: str = "sfd") -> Factor:
    return Factor(
        factor_id="own",
        mode=mode,
        vehicle_class="",
        wtt_g_tkm=wtt,
        ttw_g_tkm=ttw,
        distance_basis=basis,
    )


def test_the_chain_of_the_readme_has_a_footprint() -> None:
    chain = TransportChain([leg(), HubElement(process="transhipment", mass_kg=1000.0)])
    footprint = chain.footprint(factors="desnz-2025")
    assert footprint.lines[0].wtw_co2e_kg == pytest.approx(9.502)
    assert footprint.wtw_co2e_kg > 9.502


def test_a_pack_may_be_given_as_it_is() -> None:
    pack = load_pack("desnz-2026")
    assert TransportChain([leg()]).footprint(factors=pack).lines[0].factor.pack_id == "desnz-2026"


def test_the_users_own_intensity_comes_first() -> None:
    line = TransportChain([leg(factor=own())]).footprint().lines[0]
    assert line.wtw_co2e_kg == pytest.approx(9.0)
    assert line.factor.category == "primary"


def test_the_users_own_hub_intensity_comes_first() -> None:
    factor = HubFactor(factor_id="dc", process="warehouse", wtt_g_t=23_000, ttw_g_t=10_000)
    chain = TransportChain([HubElement(process="warehouse", mass_kg=4000, factor=factor)])
    assert chain.footprint().wtw_co2e_kg == pytest.approx(132.0)


def test_a_factor_of_another_mode_is_refused() -> None:
    with pytest.raises(InputError, match="rail cannot answer for road"):
        leg(factor=own("rail"))


def test_a_refrigerated_leg_takes_the_refrigerated_factor() -> None:
    line = TransportChain([leg(temperature="refrigerated")]).footprint().lines[0]
    assert isinstance(line.factor, Factor)
    assert line.factor.temperature == "refrigerated"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mass_kg", float("nan")),
        ("mass_kg", -1.0),
        ("mass_kg", "heavy"),
        ("distance_km", float("inf")),
        ("distance_km", None),
        ("mode", "boat"),
        ("distance_basis", "km"),
        ("temperature", "hot"),
    ],
)
def test_a_value_that_is_no_quantity_is_refused(column: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        leg(**{column: value})
    assert caught.value.column == column


def test_an_unknown_class_is_a_factor_error() -> None:
    with pytest.raises(FactorError, match="artic_40"):
        TransportChain([leg(vehicle_class="artic_40")]).footprint()


def test_only_elements_make_a_chain() -> None:
    with pytest.raises(InputError) as caught:
        TransportChain([leg(), "Hamburg"])  # type: ignore[list-item]
    assert caught.value.row == 2


@pytest.mark.parametrize(("wtt", "ttw"), [(0.020, 0.070), (20_000.0, 70_000.0)])
def test_grams_taken_for_kilograms_are_refused_by_row(wtt: float, ttw: float) -> None:
    hub = HubElement(process="warehouse", mass_kg=1.0)
    with pytest.raises(InputError, match="grams or kilograms") as caught:
        TransportChain([hub, leg(), leg(factor=own(wtt=wtt, ttw=ttw))]).footprint()
    assert (caught.value.table, caught.value.row) == ("elements", 3)


def test_a_figure_per_container_km_is_refused_for_a_ship() -> None:
    chain = TransportChain([leg(mode="sea", factor=own("sea", 20.0, 94.5, "actual"))])
    with pytest.raises(InputError, match="container-km"):
        chain.footprint()


def test_a_distance_without_a_rule_is_refused() -> None:
    chain = TransportChain([leg(mode="sea", vehicle_class="container_ship", distance_basis="gcd")])
    with pytest.raises(InputError) as caught:
        chain.footprint()
    assert caught.value.column == "distance_basis"


def test_operation_alone_is_told_on_request() -> None:
    chain = TransportChain([leg()])
    with pytest.raises(FactorError, match="TTW"):
        chain.footprint(factors="epa-2024")
    footprint = chain.footprint(factors="epa-2024", scope="ttw")
    assert footprint.ttw_co2e_kg == pytest.approx(11.5953)
    assert footprint.is_ttw_only


def test_an_own_factor_without_energy_provision_is_refused_in_wtw() -> None:
    with pytest.raises(InputError):
        TransportChain([leg(factor=own(wtt=float("nan")))]).footprint()


def test_an_empty_chain_emits_nothing() -> None:
    assert TransportChain([]).footprint().wtw_co2e_kg == 0.0

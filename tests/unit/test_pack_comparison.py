"""Several factor packs on one footprint: each answers what was asked, and the spread is explained."""

from __future__ import annotations

import math

import pytest

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import FactorError, InputError
from xroute.factors import Factor
from xroute.footprint import Footprint
from xroute.pack_comparison import repriced

PACKS = ("desnz-2025", "desnz-2026", "epa-2024-wtw")


def lorry(**changes: object) -> TransportElement:
    facts = {"mode": "road", "vehicle_class": "truck", "mass_kg": 1000, "distance_km": 500}
    return TransportElement(**(facts | {"distance_basis": "sfd"} | changes))  # type: ignore[arg-type]


def ship(**changes: object) -> TransportElement:
    facts = {"mode": "sea", "vehicle_class": "container_ship", "mass_kg": 1000, "distance_km": 10_000}
    return TransportElement(**(facts | {"distance_basis": "sfd"} | changes))  # type: ignore[arg-type]


def chain(*elements: TransportElement | HubElement, pack: str = "desnz-2025") -> Footprint:
    return TransportChain(elements).footprint(factors=pack)


def test_each_pack_gives_what_it_would_have_given_alone() -> None:
    elements = lorry(), HubElement(process="airport", mass_kg=1000, country="CN"), ship()
    comparison = chain(*elements).compare(PACKS)
    alone = tuple(chain(*elements, pack=pack).wtw_co2e_kg for pack in PACKS)
    assert comparison.totals_kg == pytest.approx(alone, rel=1e-12)
    assert comparison.spread_kg == pytest.approx(max(alone) - min(alone), rel=1e-12)


def test_the_class_that_was_asked_is_asked_again() -> None:
    size = chain(ship(vehicle_class="container_ship_24000plus")).compare(PACKS).legs[0]
    assert {answer.factor.answers_for for answer in size.answers if isinstance(answer.factor, Factor)} == {
        "container_ship_24000plus"
    }


def test_cold_freight_stays_cold() -> None:
    cold = chain(lorry(vehicle_class="rigid_truck", temperature="refrigerated"))
    assert {each.factor.temperature for each in cold.compare(PACKS).legs[0].answers
            if isinstance(each.factor, Factor)} == {"refrigerated"}  # fmt: skip


def test_the_leg_that_makes_the_spread_is_named_first_with_both_figures() -> None:
    comparison = chain(ship(), lorry()).compare(PACKS)
    first = comparison.explain().splitlines()[5]
    assert "100%  road, 2 road truck: desnz-2025 62.6 kg by hgv-all-hgvs-average-laden 125.2 g/tkm" in first
    assert "epa-2024-wtw 68.9 kg by medium-heavy-duty-truck 137.8 g/tkm" in first


def test_shares_of_the_spread_add_up() -> None:
    legs = chain(ship(), lorry(), lorry(vehicle_class="van")).compare(PACKS).legs
    assert math.fsum(leg.share_of_spread for leg in legs) == pytest.approx(1.0, rel=1e-12)


def test_a_figure_of_the_users_own_stays() -> None:
    own = Factor(
        factor_id="fleet", mode="road", vehicle_class="ours", wtt_g_tkm=10.0, ttw_g_tkm=50.0,
        distance_basis="sfd",
    )  # fmt: skip
    assert chain(lorry(factor=own)).compare(PACKS).spread_kg == 0.0


def test_a_pack_of_operation_has_no_wtw_total_and_says_so() -> None:
    comparison = chain(lorry()).compare(["desnz-2025", "epa-2024"])
    assert math.isnan(comparison.totals_kg[1])
    assert comparison.operation_kg[1] == pytest.approx(115.953 * 0.5)
    assert "epa-2024: operation (TTW) only" in comparison.legs[0].why


def test_a_pack_without_a_figure_says_why_and_has_no_total() -> None:
    comparison = chain(lorry(vehicle_class="van")).compare(["desnz-2025", "epa-2024"])
    assert comparison.legs[0].answers[1].factor is None
    assert "no ambient factor for road 'van'" in comparison.legs[0].answers[1].reason
    assert math.isnan(comparison.totals_kg[1])


@pytest.mark.parametrize("packs", [[], ["desnz-2025"], ["desnz-2025", "desnz-2025"]])
def test_one_pack_is_no_comparison(packs: list[str]) -> None:
    with pytest.raises(InputError, match="two packs"):
        chain(lorry()).compare(packs)


def test_repricing_is_the_footprint_by_the_other_pack() -> None:
    elements = lorry(), ship(), HubElement(process="warehouse", mass_kg=50)
    other = repriced(chain(*elements), "desnz-2026")
    assert other.wtw_co2e_kg == pytest.approx(chain(*elements, pack="desnz-2026").wtw_co2e_kg, rel=1e-12)


def test_repricing_without_a_figure_is_refused() -> None:
    with pytest.raises(FactorError, match="van"):
        repriced(chain(lorry(vehicle_class="van")), "epa-2024")

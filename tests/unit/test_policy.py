"""Carbon rules on legs: shares, dates, gases and prices against figures worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

import xroute as xr
from xroute.errors import StaleRuleWarning
from xroute.policy import PolicyLine, Port, voyage_lines
from xroute.policy_rules import EU, UK

TONNE_KG = 1000.0
SUMMER_2026 = date(2026, 8, 1)
ROTTERDAM, HAMBURG, SHANGHAI = Port.of("NLRTM"), Port.of("DEHAM"), Port.of("CNSHA")
FELIXSTOWE, LIVERPOOL, BELFAST = Port.of("GBFXT"), Port.of("GBLIV"), Port.of("GBBEL")
PRICES = {EU: 100.0, UK: 50.0}


def ets(origin: Port, destination: Port, on: date, kg: float = 10 * TONNE_KG) -> list[PolicyLine]:
    lines = voyage_lines(origin, destination, ttw_co2e_kg=kg, on=on, ets_prices_eur_t=PRICES)
    return [line for line in lines if line.scheme in (EU, UK)]


@pytest.mark.parametrize(("year", "surrendered"), [(2024, 0.4), (2025, 0.7), (2026, 1.0), (2027, 1.0)])
def test_the_share_to_surrender_rises_by_year(year: int, surrendered: float) -> None:
    (line,) = ets(ROTTERDAM, HAMBURG, date(year, 3, 1))
    assert (line.scope_share, line.surrender_share) == (1.0, surrendered)
    assert line.charged_t == pytest.approx(line.emitted_t * surrendered, rel=1e-12)
    assert line.amount_eur == pytest.approx(line.charged_t * 100.0, rel=1e-12)


def test_half_of_a_voyage_to_or_from_a_third_country_counts_and_none_before_2024() -> None:
    for ends in ((SHANGHAI, ROTTERDAM), (ROTTERDAM, SHANGHAI)):
        (line,) = ets(*ends, SUMMER_2026)
        assert line.charged_t == pytest.approx(5.0, rel=1e-12)  # 10 t x 50 % x 100 %
        assert line.amount_eur == pytest.approx(500.0, rel=1e-12)
    assert ets(SHANGHAI, ROTTERDAM, date(2023, 12, 31)) == []
    assert ets(SHANGHAI, Port.of("SGSIN"), SUMMER_2026) == []


def test_methane_and_nitrous_oxide_count_from_2026() -> None:
    (before,), (after,) = (ets(ROTTERDAM, HAMBURG, day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert before.emitted_t < after.emitted_t == 10.0
    assert "CO2 alone" in before.note


def test_british_ports_have_a_scheme_of_their_own_from_july_2026() -> None:
    assert ets(FELIXSTOWE, LIVERPOOL, date(2026, 6, 30)) == []
    (line,) = ets(FELIXSTOWE, LIVERPOOL, date(2026, 7, 1))
    assert (line.scheme, line.charged_t, line.amount_eur) == (UK, 10.0, 500.0)
    (half,) = ets(LIVERPOOL, BELFAST, SUMMER_2026)
    assert half.charged_t == pytest.approx(5.0)


def test_between_rotterdam_and_felixstowe_the_union_counts_half_and_britain_nothing() -> None:
    by_scheme = {line.scheme: line.charged_t for line in ets(ROTTERDAM, FELIXSTOWE, SUMMER_2026)}
    assert by_scheme == pytest.approx({EU: 5.0, UK: 0.0})


def test_an_outermost_region_and_its_own_country_are_exempt() -> None:
    (line,) = ets(Port.of("ESLPA"), Port.of("ESALG"), SUMMER_2026)
    assert line.charged_t == 0.0
    assert "outermost" in line.note
    (other,) = ets(Port.of("ESLPA"), ROTTERDAM, SUMMER_2026)
    assert other.charged_t == 10.0


def test_fueleu_asks_for_what_lies_above_the_target() -> None:
    lines = voyage_lines(SHANGHAI, ROTTERDAM, ttw_co2e_kg=10 * TONNE_KG, on=SUMMER_2026)
    (line,) = [each for each in lines if each.scheme == "fueleu"]
    actual, target = 91.63, 91.16 * 0.98
    energy_mj = line.emitted_t * 1e6 / actual
    by_hand_eur = 0.5 * energy_mj * (actual - target) / (actual * 41_000.0) * 2_400.0
    assert line.amount_eur == pytest.approx(by_hand_eur, rel=2e-3)  # the intensity is rounded above


def test_a_scenario_price_takes_the_place_of_the_indicative_one() -> None:
    own = voyage_lines(SHANGHAI, ROTTERDAM, ttw_co2e_kg=TONNE_KG, on=SUMMER_2026, ets_prices_eur_t={EU: 90})
    shipped = voyage_lines(SHANGHAI, ROTTERDAM, ttw_co2e_kg=TONNE_KG, on=SUMMER_2026)
    assert (own[0].price_eur_t, own[0].is_indicative) == (90.0, False)
    assert shipped[0].is_indicative


def test_a_rule_past_its_review_date_warns() -> None:
    with pytest.warns(StaleRuleWarning, match="eu-ets-maritime-2026"):
        ets(ROTTERDAM, HAMBURG, date(2029, 1, 1))


@pytest.mark.parametrize("kg", [-1.0, float("nan"), float("inf")])
def test_an_emission_that_is_no_quantity_is_an_input_error(kg: float) -> None:
    with pytest.raises(xr.InputError):
        voyage_lines(SHANGHAI, ROTTERDAM, ttw_co2e_kg=kg)


def test_closing_suez_raises_what_emissions_trading_costs() -> None:
    net = xr.Network.load()
    goods = xr.Shipment(mass_kg=12_000, volume_m3=60)
    bills = []
    for closed in ((), ("suez",)):
        scenario = xr.Scenario(closed_passages=closed, carbon_price_eur_t=50.0)
        route = net.route("CNSHA", "NLRTM", shipment=goods, modes=("sea",), scenario=scenario)
        bills.append(route.policy(on=SUMMER_2026, scenario=scenario))
        in_scope = sum(line.charged_t for line in bills[-1].lines if line.scheme == EU)
        assert in_scope == pytest.approx(0.5 * route.footprint.ttw_co2e_kg / 1000.0, rel=0.02)  # hubs apart
    assert bills[1].ets_eur > 1.15 * bills[0].ets_eur > 0.0
    assert bills[1].carbon_price_eur > bills[0].carbon_price_eur > 0.0
    assert bills[0].ets_eur == sum(line.amount_eur for line in bills[0].lines if line.scheme == EU)
    assert len(bills[0].table()) == len(bills[0].lines)
    assert "eu-ets-maritime-2026" in bills[0].explain()

"""The report of a footprint: what must be stated is there, in every format, and text stays text."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import pytest

import xroute as xr
from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import InputError
from xroute.footprint import Footprint
from xroute.tables import read_table


@pytest.fixture(scope="module")
def footprint() -> Footprint:
    return TransportChain(
        [
            TransportElement(
                mode="road", vehicle_class="artic_truck", mass_kg=1200, distance_km=400,
                distance_basis="sfd", element="first mile <b>|x",
            ),
            HubElement(process="port_to_land", mass_kg=1200, country="DE"),
            TransportElement(mode="sea", mass_kg=1200, distance_km=20_000, distance_basis="sfd"),
            TransportElement(mode="air", mass_kg=100, distance_km=900, distance_basis="gcd"),
        ]
    ).footprint()  # fmt: skip


def test_the_report_states_what_the_standard_asks(footprint: Footprint) -> None:
    text = footprint.report(period=(date(2026, 1, 1), date(2026, 12, 31))).markdown()
    for words in ("ISO 14083:2023", "2026-01-01 to 2026-12-31", "Energy provision (WTT)", "Operation (TTW)",
                  "Total (WTW)", "on sfd distance", "on gcd distance", "By mode and hub", "Data quality",
                  "desnz-2025", "OGL-UK-3.0", "times 1.15 to actual", "Method:"):  # fmt: skip
        assert words in text, words


def test_sums_by_mode_add_up_to_the_total(footprint: Footprint) -> None:
    section = next(each for each in footprint.report().sections if each.title == "By mode and hub")
    at = section.headings.index("WTW kg")
    assert math.fsum(row[at] for row in section.rows) == pytest.approx(footprint.wtw_co2e_kg, rel=1e-12)
    assert math.fsum(row[-1] for row in section.rows) == pytest.approx(1.0, rel=1e-12)


def test_text_from_data_stays_text(footprint: Footprint) -> None:
    found = footprint.report(title="<script>")
    assert "<script>" not in found.html()
    assert "first mile &lt;b&gt;|x" in found.html()
    assert "first mile <b>\\|x" in found.markdown()


def test_every_format_is_written_and_another_is_refused(footprint: Footprint, tmp_path: Path) -> None:
    found = footprint.report()
    assert found.save(tmp_path / "a.md").read_text("utf-8") == found.markdown()
    assert found.save(tmp_path / "a.html").read_text("utf-8") == found.html()
    found.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx", table="statement")
    with pytest.raises(InputError):
        found.save(tmp_path / "a.pdf")


def test_no_elements_make_no_report() -> None:
    with pytest.raises(InputError):
        Footprint.of([]).report()


def test_everything_that_chapter_13_asks_is_stated() -> None:
    cold = xr.RefrigerantLoss(name="R-134a", kg=0.01, gwp=1530, gwp_set="AR6")
    chain = TransportChain(
        [
            TransportElement(mode="road", vehicle_class="artic_truck", mass_kg=9000, distance_km=300,
                             distance_basis="sfd", load_factor=0.8, refrigerant=cold),
            HubElement(process="warehouse", mass_kg=9000, country="DE"),
            TransportElement(mode="sea", mass_kg=9000, distance_km=900, distance_basis="sfd"),
        ],
        [xr.Claim(kind="HVO", co2e_kg=12.0, reference="certificate 7")],
    )  # fmt: skip
    found = chain.footprint()
    told = found.report(
        period=(date(2026, 1, 1), date(2026, 12, 31)), chains=["DE-SE 7"], supporting="ledger 2026"
    )
    by_title = {section.title: section for section in told.sections}
    totals = {row[0]: row[1] for row in by_title["Totals"].rows}
    assert totals["Total (WTW)"] == found.wtw_co2e_kg
    assert totals["Transport activity on sfd distance"] == pytest.approx(10_800.0)
    assert totals["Hub activity"] == 9.0
    whole = totals["Intensity of the whole with its hubs, on sfd distance (WTW)"]
    operation = totals["Intensity of the whole with its hubs, on sfd distance (TTW)"]
    assert (whole, operation) == pytest.approx(
        (1000 * found.wtw_co2e_kg / 10_800, 1000 * found.ttw_co2e_kg / 10_800), rel=1e-12
    )
    (hub,) = by_title["Hubs"].rows
    assert hub[:3] == ("warehouse", "DE", 9.0)
    assert hub[3] == pytest.approx(found.lines[1].wtw_co2e_kg / 9.0, rel=1e-12)
    for title in ("By mode and hub", "By energy carrier"):
        at = by_title[title].headings.index("WTW kg")
        assert math.fsum(row[at] for row in by_title[title].rows) == pytest.approx(
            found.wtw_co2e_kg, rel=1e-12
        )
    text = told.markdown()
    for words in ("DE-SE 7", "ledger 2026", "certificate 7", "load factor 80%", "effect", "refrigerant",
                  "no measured figure of the operator", "3 elements", "modelled"):  # fmt: skip
        assert words in text, words


def test_a_period_that_ends_before_it_begins_is_refused(footprint: Footprint) -> None:
    with pytest.raises(InputError, match="before it begins"):
        footprint.report(period=(date(2026, 12, 31), date(2026, 1, 1)))


def test_a_footprint_of_operation_alone_has_a_report_without_a_total() -> None:
    leg = TransportElement(mode="road", vehicle_class="truck", mass_kg=1, distance_km=1, distance_basis="sfd")
    found = TransportChain([leg]).footprint(factors="epa-2024", scope="ttw")
    assert "Total (WTW)" not in found.report().markdown()
    assert "operation" in found.explain()


NUMBER = re.compile(r"-?[0-9][0-9,]*\.?[0-9]*(?:e-?[0-9]+)?")


def numbers(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in NUMBER.findall(text)]


def test_the_arithmetic_that_is_told_is_the_arithmetic_that_was_done(footprint: Footprint) -> None:
    text = footprint.explain()
    for line, part in zip(footprint.lines, re.split(r"\n\n(?=[0-9]+\. )", text)[1:], strict=True):
        told = {row.split()[0]: row for row in part.splitlines()[1:] if row.strip()}
        for name, kg in (("WTT", line.wtt_co2e_kg), ("TTW", line.ttw_co2e_kg)):
            product, _, result = told[name].partition(" = ")
            amount, *times = numbers(product.replace("/ 1000", "").replace("CO2e", ""))
            assert math.prod([amount, *times]) / 1000 == pytest.approx(kg, rel=1e-5), told[name]
            assert numbers(result.replace("CO2e", ""))[0] == pytest.approx(kg, rel=1e-6)
        for words in (
            line.factor.factor_id,
            line.factor.source,
            line.factor.licence,
            "ISO 14083:2023, Annex",
        ):
            assert words in part, words
    assert "1.15" in text
    assert "in our own words" in text


def test_the_explanation_names_what_stands_beside_the_total() -> None:
    power = xr.EnergyFootprint([xr.ElectricityUse(kwh=100, location_g_kwh=400, market_g_kwh=20)])
    legs = [
        TransportElement(mode="road", mass_kg=1000, distance_km=100, distance_basis="sfd", energy=power),
        TransportElement(mode="air", vehicle_class="freighter_long_haul", mass_kg=10, distance_km=5000,
                         distance_basis="gcd"),
    ]  # fmt: skip
    found = TransportChain(legs, [xr.Claim(kind="SAF", co2e_kg=3.0)]).footprint()
    text = found.explain()
    for words in ("flight at altitude", "market-based electricity", "SAF claims 3 kg", "never netted"):
        assert words in text, words
    assert found.market_co2e_kg == pytest.approx(found.wtw_co2e_kg - 38.0, rel=1e-12)

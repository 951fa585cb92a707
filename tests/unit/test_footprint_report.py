"""The report of a footprint: what must be stated is there, in every format, and text stays text."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

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

"""The report: one file, offline, escaped, complete, honest about indicative prices."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from payloads import PAYLOADS
from synthetic_plan import synthetic_plan
from xroute import maps, report
from xroute.report_tables import MOST_FLOWS
from xroute.table import Table

WHOLE = synthetic_plan()


class Page(HTMLParser):
    """Elements with their attributes, and the text outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.elements.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside == "script" else self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    @property
    def skeleton(self) -> Counter[tuple[str, tuple[tuple[str, str | None], ...]]]:
        return Counter((tag, attrs) for tag, attrs in self.elements if ("charset", "utf-8") not in attrs)


@pytest.fixture(scope="module")
def html() -> str:
    return report.render(WHOLE)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture
def small_land(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three countries instead of all, so that many reports take little time."""
    few = maps.land().iloc[:3]
    monkeypatch.setattr(maps, "land", lambda **_: few)


def test_the_same_plan_gives_the_same_bytes(html: str) -> None:
    assert report.render(WHOLE) == html


def test_nothing_in_the_page_points_outside(page: Page) -> None:
    links = [
        value for _, attrs in page.elements for name, value in attrs if name in ("src", "href", "action")
    ]
    assert links
    assert all(str(link).startswith("#") for link in links)
    assert {tag for tag, _ in page.elements} & {
        "link",
        "iframe",
        "img",
        "object",
        "embed",
        "base",
        "form",
    } == set()


def test_the_policy_allows_its_own_scripts_only(page: Page) -> None:
    policy = next(dict(attrs)["content"] for tag, attrs in page.elements if tag == "meta" and len(attrs) == 2
                  and ("http-equiv", "Content-Security-Policy") in attrs)  # fmt: skip
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    scripts = re.search(r"script-src ([^;]*);", policy)
    assert scripts is not None
    assert all(source.startswith("'sha256-") for source in scripts[1].split())


@pytest.mark.parametrize(
    "wanted",
    ["Where it flows", "Cost against carbon", "Los Angeles", "road + sea + road", "Assumptions to check",
     "Demand is synthetic", "GeoNames (CC BY 4.0)", "ISO 14083:2023", "desnz-2025", "feasible, gap 0.3 %",
     "sha256:abab", "duty and VAT are not in them"],
)  # fmt: skip
def test_the_page_says(page: Page, wanted: str) -> None:
    assert wanted in page.text


def test_left_out_rows_are_counted(page: Page) -> None:
    omitted = len(WHOLE.tables["deliveries"]) - MOST_FLOWS
    assert f"{omitted} more rows are not shown here; deliveries.csv holds them all." in page.text
    assert "1 more candidate routes are not shown here" in page.text


def test_every_price_that_an_indicative_rate_made_is_tagged(html: str) -> None:
    rows = re.findall(r"<tr><td>R0\d</td>.*?</tr>", html, flags=re.S)
    tagged = {row[8:11]: "indicative" in row for row in rows}
    assert tagged == {f"R{at:02d}": at != 5 for at in range(1, 10)}


def test_a_plan_on_contracted_rates_has_no_tag() -> None:
    plan = synthetic_plan()
    tables = dict(plan.tables)
    for name in ("cost_lines", "first_legs"):
        columns = {each: tables[name][each] for each in tables[name].columns}
        tables[name] = Table(columns | {"indicative": np.zeros(len(tables[name]), dtype=bool)})
    assert '<span class="tag">' not in report.render(replace(plan, tables=tables))


def test_the_charts_are_json_in_which_no_element_can_start(html: str) -> None:
    text = html.split('id="charts">', 1)[1].split("</script>", 1)[0]
    assert "<" not in text
    items = json.loads(text)
    targets = ["chart-map", "chart-front", "chart-carbon", "chart-cost"]
    assert [item["target_id"] for item in items] == targets


@pytest.mark.usefixtures("small_land")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_from_data_becomes_an_element_an_attribute_or_a_script(page: Page, payload: str) -> None:
    poisoned = Page(report.render(synthetic_plan(poison=payload)))
    assert poisoned.skeleton == page.skeleton
    assert len(poisoned.scripts) == len(page.scripts)
    json.loads(poisoned.scripts[0])
    assert poisoned.scripts[1:] == page.scripts[1:]


@pytest.mark.usefixtures("small_land")
def test_a_plan_of_nothing_is_still_a_page() -> None:
    empty = replace(WHOLE, tables={}, kpis={}, front=Table({}), audit={}, assumptions=[], attribution=[])
    text = Page(report.render(empty)).text
    assert "No warehouse in this plan." in text
    assert "None recorded." in text

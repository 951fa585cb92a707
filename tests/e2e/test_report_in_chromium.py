"""The report in a real browser without network: what a customer sees when the file is opened from a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from matplotlib.colors import to_rgb

import chromium
from synthetic_plan import synthetic_plan
from xroute import palette, report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium.found() is None, reason="no chromium on PATH (Debian: apt-get install chromium)"
    ),
]
REAL_PLAN = Path(__file__).resolve().parents[2] / "out" / "plan" / "plan.html"
STARTED = "window.Bokeh && Bokeh.documents.length >= 3 && Bokeh.documents.every(each => each.is_idle)"
IN_EVERY_ROOT = """((selector) => {
  const roots = [document];
  for (const root of roots) {
    root.querySelectorAll('*').forEach(each => each.shadowRoot && roots.push(each.shadowRoot));
  }
  return roots.flatMap(root => [...root.querySelectorAll(selector)]);
})"""
TOOLTIPS = (
    f"{IN_EVERY_ROOT}('.bk-Tooltip, .bk-tooltip').map(tip => (tip.shadowRoot || tip).textContent).join(' ')"
)
FIRST_WAREHOUSE = """(() => {
  document.querySelector('#chart-map').scrollIntoView({behavior: 'instant'});
  const view = [...Bokeh.index.roots].find(each => each.el.closest('#chart-map'));
  const source = view.model.renderers.map(each => each.data_source).find(each => each.data.utilisation);
  const {x_range, y_range, bbox} = view.frame;
  const across = (source.data.x[0] - x_range.start) / (x_range.end - x_range.start);
  const down = (y_range.end - source.data.y[0]) / (y_range.end - y_range.start);
  const box = view.el.getBoundingClientRect();
  return [box.x + bbox.x + across * bbox.width, box.y + bbox.y + down * bbox.height];
})()"""
MODES_OF_LANES = """[...Bokeh.index.roots].find(each => each.el.closest('#chart-map')).model.renderers
  .filter(each => each.data_source.data.routes && each.glyph.line_alpha.value === 0.8)
  .flatMap(each => [...each.data_source.data.mode])"""
POISON = '<img src=x onerror="window.pwned=1"><b id=born>b</b>$$x$$ \\(x\\) @{name}{safe}'


def opened(path: Path, profile: Path) -> chromium.Browser:
    browser = chromium.Browser(profile)
    browser.open(path)
    browser.wait_for(STARTED)
    return browser


@pytest.fixture(scope="module", params=["synthetic", "real"])
def browser(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[chromium.Browser]:
    """A browser that shows the report: of the synthetic plan, and of the case if `make plan` has run."""
    folder = tmp_path_factory.mktemp("report")
    path = folder / "plan.html"
    if request.param == "real":
        if not REAL_PLAN.exists():
            pytest.skip("no out/plan/plan.html: run `make plan` first")
        path = REAL_PLAN
    else:
        path.write_text(report.render(synthetic_plan()), encoding="utf-8")
    with opened(path, folder / "profile") as page:
        matplotlib.image.imsave(folder / "screenshot.png", page.picture())
        yield page


def near(picture: np.ndarray, colour: str, *, alpha: float = 1.0, over: str = "#ffffff") -> int:
    """Pixels of a colour that lies over another."""
    wanted = alpha * np.array(to_rgb(colour)) + (1.0 - alpha) * np.array(to_rgb(over))
    return int((np.abs(picture - wanted).max(axis=-1) < 0.05).sum())


def test_land_is_visible(browser: chromium.Browser) -> None:
    assert near(browser.picture("#chart-map"), palette.LAND) > 40_000


def test_every_long_lane_is_visible_in_the_colour_of_its_mode(browser: chromium.Browser) -> None:
    picture = browser.picture("#chart-map")
    modes = {each for each in browser.evaluate(MODES_OF_LANES) if each in ("Sea", "Air", "Rail")}
    assert "Sea" in modes
    for mode in modes:
        colour = palette.mode_colour(mode.lower())
        drawn = near(picture, colour, alpha=0.8) + near(picture, colour, alpha=0.8, over=palette.LAND)
        assert drawn > 60, mode


def test_bars_are_visible_in_the_colours_of_modes(browser: chromium.Browser) -> None:
    assert near(browser.picture("#chart-carbon"), palette.mode_colour("road")) > 100
    assert near(browser.picture("#chart-cost"), palette.ACCENT) > 1000


def test_the_front_is_visible(browser: chromium.Browser) -> None:
    assert near(browser.picture("#chart-front"), palette.ACCENT) > 100


def test_no_request_leaves(browser: chromium.Browser) -> None:
    asked = browser.requests
    assert asked, "not even the file itself was asked for: the test sees nothing"
    assert [each for each in asked if not each.startswith(("file://", "data:", "blob:"))] == []
    assert len({each for each in asked if each.startswith("file://")}) == 1


def test_the_browser_has_nothing_to_complain_about(browser: chromium.Browser) -> None:
    assert browser.complaints == []


def test_the_page_fits_a_phone(browser: chromium.Browser) -> None:
    browser.send(
        "Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True
    )
    try:
        assert browser.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        browser.send("Emulation.clearDeviceMetricsOverride")


def test_hovering_names_a_warehouse_and_hostile_names_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.html"
    path.write_text(report.render(synthetic_plan(poison=POISON)), encoding="utf-8")
    with opened(path, tmp_path / "profile") as page:
        page.hover(*page.evaluate(FIRST_WAREHOUSE))
        page.wait_for(f"{TOOLTIPS}.includes('onerror')")
        assert page.evaluate(f"{IN_EVERY_ROOT}('img, #born, mjx-container').length") == 0
        assert page.evaluate("window.pwned === undefined")
        assert [each for each in page.requests if not each.startswith(("file://", "data:", "blob:"))] == []


def test_the_watch_would_see_a_request(tmp_path: Path) -> None:
    path = tmp_path / "leak.html"
    path.write_text("<!DOCTYPE html><img src='http://leak.invalid/x.png'>", encoding="utf-8")
    with chromium.Browser(tmp_path / "profile") as page:
        page.open(path)
        page.wait_for("document.querySelector('img').complete")
        assert "http://leak.invalid/x.png" in page.requests

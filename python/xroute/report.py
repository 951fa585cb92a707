"""The plan as one HTML file that opens offline: figures, map, front, tables, assumptions, credits.

Text from data reaches the page only through the escaping template or as JSON in which `<` is escaped; the
page's own policy lets no script run but the two it was written with, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from xroute.extras import need
from xroute.flows import PlanFacts
from xroute.indicative import TAG, plan_is_indicative
from xroute.report_tables import audit_rows, cards, plan_tables, route_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

_START = """
"use strict";
(function () {
  var items = JSON.parse(document.getElementById("charts").textContent);
  items.forEach(function (item) { Bokeh.embed.embed_item(item, item.target_id); });
  document.documentElement.setAttribute("data-charts", "started");
})();
"""


def render(plan: PlanFacts) -> str:
    """The report as HTML text, the same bytes for the same plan.

    Raises `MissingExtraError` without bokeh, jinja2 or geopandas.
    """
    jinja2, resources = need("jinja2", "maps"), need("bokeh.resources", "maps")
    pictures = _pictures(plan)
    scripts = [*resources.Resources(mode="inline", components=["bokeh"]).js_raw, _START]
    loader = jinja2.PackageLoader("xroute", "templates")
    template = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("plan.html.j2")
    html: str = template.render(
        plan=plan,
        tag=TAG,
        is_indicative=plan_is_indicative(plan),
        cards=cards(plan),
        tables=plan_tables(plan),
        routes=route_sheets(plan),
        audit=audit_rows(plan.audit),
        pictures={item["target_id"] for item in pictures},
        charts=_safe_json(pictures),
        scripts=[script.replace("\r", "") for script in scripts],
        policy=_policy(scripts),
    )
    return html


def _policy(scripts: list[str]) -> str:
    hashes = (hashlib.sha256(script.replace("\r", "").encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _pictures(plan: PlanFacts) -> list[dict[str, Any]]:
    from xroute.chart_map import map_chart
    from xroute.charts import carbon_bars, cost_bars, front_chart

    embed = need("bokeh.embed", "maps")
    makers = {"map": map_chart, "front": front_chart, "carbon": carbon_bars, "cost": cost_bars}
    drawn = {f"chart-{name}": maker(plan) for name, maker in makers.items()}
    return [
        _renumbered(embed.json_item(figure, target), target)
        for target, figure in drawn.items()
        if figure is not None
    ]


def _renumbered(item: Mapping[str, Any], target: str) -> dict[str, Any]:
    """The item with ids counted from 1, so that the report of one plan is always the same bytes."""
    names: dict[str, str] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: names.setdefault(each, f"{target}-{len(names) + 1}")
                if key in ("id", "root_id") and isinstance(each, str)
                else walk(each)
                for key, each in value.items()
            }
        return [walk(each) for each in value] if isinstance(value, list) else value

    renewed: dict[str, Any] = walk(json.loads(json.dumps(item)))
    return renewed | {"target_id": target}


def _safe_json(value: Any) -> str:
    """JSON that can stand inside a script element: no `<`, `>` or `&`, no line separators of JavaScript."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

"""The interactive pictures of the report: map, cost-carbon front, bars. Bokeh, from data in the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.captions import shown
from xroute.extras import need
from xroute.flows import Lane, PlanFacts, column, sums_by
from xroute.indicative import TAG, is_price, plan_is_indicative

if TYPE_CHECKING:
    from numpy.typing import NDArray

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_MOST_BARS = 12


def front_chart(plan: PlanFacts) -> Any | None:
    """Cost against t CO2e with the points of the plan's front, or None without a front."""
    front = plan.front
    if len(front) == 0 or "cost_eur" not in front.columns or "co2e_t" not in front.columns:
        return None
    models, plotting = need("bokeh.models", "maps"), need("bokeh.plotting", "maps")
    figure = plotting.figure(
        height=400, sizing_mode="stretch_width", tools="pan,box_zoom,wheel_zoom,reset,save"
    )
    source = models.ColumnDataSource({name: _hover_texts(front, name) for name in front.columns})
    cost, co2e = column(front, "cost_eur").astype(float), column(front, "co2e_t").astype(float)
    order = np.argsort(cost, kind="stable")
    source.data["x"], source.data["y"] = co2e, cost / 1e3
    figure.line(co2e[order], cost[order] / 1e3, color=palette.ACCENT, width=2, alpha=0.5)
    names = [plain(str(each)) for each in column(front, "label", "")]
    source.data["named"] = names
    chosen = ["#a3122a" if "chosen" in name.lower() else palette.ACCENT for name in names]
    source.data["fill"] = chosen
    points = figure.scatter(
        "x", "y", source=source, size=13, fill_color="fill", line_color="white", line_width=1.5
    )
    figure.add_layout(
        models.LabelSet(
            x="x",
            y="y",
            text="named",
            source=source,
            x_offset=9,
            y_offset=7,
            text_font_size="12px",
            text_color=palette.INK,
            text_font={"value": FONT},
        )
    )
    note = f" ({TAG})" if plan_is_indicative(plan) else ""
    figure.xaxis.axis_label, figure.yaxis.axis_label = "Emissions, t CO2e (WTW)", f"Cost, thousand EUR{note}"
    figure.add_tools(models.HoverTool(renderers=[points], tooltips=_front_tooltip(front.columns, note)))
    for axis in (figure.x_range, figure.y_range):
        axis.range_padding = 0.18
    return _dressed(figure)


def _hover_texts(table: Any, name: str) -> list[str]:
    return [plain(shown(name, value)) for value in table[name]]


def _front_tooltip(columns: Iterable[str], note: str) -> str:
    wanted = {
        "cost_eur": "Cost, EUR",
        "co2e_t": "t CO2e",
        "marginal_eur_per_t": "EUR per t CO2e saved",
        "open_warehouses": "Open warehouses",
        "sea_share": "Sea",
        "rail_share": "Rail",
        "air_share": "Air",
        "termination": "Solver",
    }
    rows = [
        (label, f"@{{{name}}}" + (note if is_price(name) else ""))
        for name, label in wanted.items()
        if name in columns
    ]
    return tooltip("@named", rows)


def carbon_bars(plan: PlanFacts) -> Any | None:
    """Bars of t CO2e by element and mode: well to tank and tank to wheel stacked in one bar."""
    table = plan.tables.get("footprint_lines")
    if table is None or len(table) == 0:
        return None
    elements, modes = column(table, "element", ""), column(table, "mode", "")
    keys = [
        f"{_tidy(str(element))} · {palette.mode_label(str(mode))}" if mode else _tidy(str(element))
        for element, mode in zip(elements, modes, strict=True)
    ]
    mode_of = {key: str(mode) for key, mode in zip(keys, modes, strict=True)}
    totals: dict[str, NDArray[np.float64]] = {}
    parts = (
        np.column_stack([column(table, f"{which}_co2e_kg").astype(float) for which in ("wtt", "ttw")])
        / 1000.0
    )
    for key, part in zip(keys, np.nan_to_num(parts), strict=True):
        totals[key] = totals.get(key, np.zeros(2)) + part
    rows = _largest([(key, float(each.sum())) for key, each in totals.items()])
    pairs = np.array([totals.get(key, np.array([0.0, amount])) for key, amount in rows])
    colours = [palette.mode_colour(mode_of.get(key, "")) for key, _ in rows]
    figure, names = _bar_frame([key for key, _ in rows], "t CO2e")
    total = pairs.sum()
    data = {
        "name": names,
        "wtt": pairs[:, 0],
        "wtw": pairs.sum(axis=1),
        "colour": colours,
        "share": [f"{100 * each / total:.1f} %" if total else "" for each in pairs.sum(axis=1)],
        "wtt_text": [f"{each:,.1f}" for each in pairs[:, 0]],
        "ttw_text": [f"{each:,.1f}" for each in pairs[:, 1]],
        "text": [f"{each:,.1f}" for each in pairs.sum(axis=1)],
    }
    tips = [("WTW", "@text t CO2e (@share)"), ("TTW", "@ttw_text t"), ("WTT", "@wtt_text t")]
    return _bars(figure, data, "wtw", tooltip("@name", tips))


def cost_bars(plan: PlanFacts) -> Any | None:
    """Bars of EUR by cost line; lines with an indicative price are named so."""
    table = plan.tables.get("cost_lines")
    if table is None or len(table) == 0:
        return None
    rows = _largest(sums_by(table, "line", "amount_eur"))
    flags = column(table, "indicative", False)
    marked = {
        str(line)
        for line, flag in zip(table["line"], flags, strict=True)
        if str(flag).lower() in ("true", "1", "1.0")
    }
    labels = [key + (f" ({TAG})" if key in marked else "") for key, _ in rows]
    figure, names = _bar_frame([_tidy(label) for label in labels], "thousand EUR")
    amounts = np.array([amount for _, amount in rows]) / 1e3
    total = amounts.sum()
    data = {
        "name": names,
        "wtw": amounts,
        "colour": [palette.ACCENT] * len(rows),
        "text": [f"{each:,.0f}" for each in amounts],
        "share": [f"{100 * each / total:.1f} %" if total else "" for each in amounts],
    }
    return _bars(figure, data, "wtw", tooltip("@name", [("Cost", "@text thousand EUR (@share)")]))


def _largest(rows: list[tuple[str, float]]) -> list[tuple[str, float]]:
    rows = sorted(rows, key=lambda row: (-row[1], row[0]))
    if len(rows) <= _MOST_BARS:
        return rows
    rest = rows[_MOST_BARS - 1 :]
    return [*rows[: _MOST_BARS - 1], (f"{len(rest)} smaller together", sum(amount for _, amount in rest))]


def _bar_frame(names: list[str], label: str) -> tuple[Any, list[str]]:
    plotting = need("bokeh.plotting", "maps")
    unique: list[str] = []
    for name in names:
        text = plain(name if len(name) <= 44 else name[:43] + "…")
        unique.append(text if text not in unique else f"{text} ({unique.count(text) + len(unique)})")
    figure = plotting.figure(
        y_range=list(reversed(unique)),
        height=max(190, 84 + 31 * len(unique)),
        sizing_mode="stretch_width",
        tools="save",
        toolbar_location=None,
    )
    figure.xaxis.axis_label = label
    figure.x_range.start = 0
    return figure, unique


def _bars(figure: Any, data: dict[str, Any], amount: str, tips: str) -> Any:
    models = need("bokeh.models", "maps")
    source = models.ColumnDataSource(data)
    drawn = figure.hbar(y="name", right=amount, height=0.66, color="colour", source=source)
    if "wtt" in data:
        figure.hbar(
            y="name",
            right="wtt",
            height=0.66,
            color="colour",
            source=source,
            hatch_pattern="/",
            hatch_color="white",
            hatch_alpha=0.75,
        )
    figure.text(
        x=amount,
        y="name",
        text="text",
        source=source,
        x_offset=6,
        text_baseline="middle",
        text_font_size="12px",
        text_font={"value": FONT},
        text_color=palette.INK,
    )
    figure.x_range.end = float(max(np.max(data[amount], initial=0.0) * 1.27, 1e-9))
    figure.ygrid.visible = False
    figure.add_tools(models.HoverTool(renderers=[drawn], tooltips=tips))
    return _dressed(figure)


def _dressed(figure: Any) -> Any:
    """The look that all charts share."""
    for axis in figure.axis:
        axis.axis_label_text_font, axis.major_label_text_font = FONT, FONT
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_color = axis.major_label_text_color = palette.INK
        axis.axis_label_text_font_size, axis.major_label_text_font_size = "13px", "12px"
        axis.axis_line_color = axis.major_tick_line_color = palette.BORDER
        axis.minor_tick_line_color = None
        if hasattr(axis.formatter, "use_scientific"):
            need("bokeh.models", "maps")
            axis.formatter.use_scientific = False
    figure.grid.grid_line_color = palette.GRATICULE
    figure.outline_line_color = None
    figure.toolbar.logo = None
    return figure


def plain(text: str) -> str:
    """Text that no chart takes for mathematics: bokeh reads $$, \\( and \\[ as TeX.

    >>> plain("$$x$$")
    '$\\u200b$x$\\u200b$'
    """
    return text.replace("$$", "$\u200b$").replace("\\(", "\\\u200b(").replace("\\[", "\\\u200b[")


def tooltip(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A hover text: a title and labelled rows; bokeh escapes what it puts in for @fields."""
    lines = "".join(
        f'<tr><td style="color:{palette.MUTED};padding:0 10px 0 0">{label}</td><td>{field}</td></tr>'
        for label, field in rows
    )
    look = f"font:12px/1.45 {FONT};color:{palette.INK}".replace('"', "'").replace("'", "&#39;")
    return f'<div style="{look}"><strong>{title}</strong><table>{lines}</table></div>'


def _tidy(line: str) -> str:
    text = line.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def lane_data(
    rows: list[tuple[Lane, list[NDArray[np.float64]]]], *, unit: str, wide: float, largest: float
) -> dict[str, list[Any]]:
    """Columns of a multi-line glyph: a row for each part of a lane, `largest` is `wide` pixels."""
    names = ("xs", "ys", "width", "way", "amount", "km", "co2e", "mode", "routes")
    data: dict[str, list[Any]] = {name: [] for name in names}
    for lane, parts in rows:
        values = {
            "width": round(1.0 + (wide - 1.0) * float(np.sqrt(lane.amount / largest)), 2),
            "way": plain(f"{lane.origin} → {lane.destination}"),
            "amount": f"{lane.amount:,.1f} {unit}" if lane.amount < 1000.0 else f"{lane.amount:,.0f} {unit}",
            "km": shown("distance_km", lane.distance_km),
            "co2e": shown("wtw_co2e_kg", lane.wtw_co2e_kg),
            "mode": palette.mode_label(lane.mode),
            "routes": plain(lane.route_ids),
        }
        for line in parts:
            data["xs"].append(line[:, 0].round(0).tolist())
            data["ys"].append(line[:, 1].round(0).tolist())
            for name, value in values.items():
                data[name].append(value)
    return data

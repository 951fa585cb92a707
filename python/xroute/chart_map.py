"""The report's map to pan, zoom and hover: land, lanes by mode, deliveries, zones, warehouses, origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.chart_marks import LegendKeys, draw_origins, draw_warehouses, draw_zones, mercator, turned_east
from xroute.charts import lane_data, tooltip
from xroute.extras import need
from xroute.flows import Lane, PlanFacts, deliveries, lanes, ordered_modes
from xroute.lines import split_antimeridian

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAND_TOLERANCE_DEG = 0.08
_SMALLEST_ISLAND_DEG2 = 0.02
_LANE_PX, _DELIVERY_PX = 7.0, 1.8
_LANE_TIP = tooltip(
    "@way",
    [
        ("Mode", "@mode"),
        ("Moved", "@amount"),
        ("Distance", "@km km"),
        ("WTW", "@co2e kg CO2e"),
        ("Routes", "@routes"),
    ],
)


def map_chart(plan: PlanFacts) -> Any:
    """The map as a bokeh figure, cut where it tears the fewest lanes."""
    from xroute.maps import best_cut

    first, last = lanes(plan), deliveries(plan)
    cut_lon = best_cut(first)

    def on_map(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        return mercator(turned_east(lon, lat, cut_lon))

    figure = _frame()
    _land(figure, cut_lon)
    keys = _deliveries(figure, last, cut_lon)
    legend = _lanes(figure, first, cut_lon) + keys
    for draw in (draw_zones, draw_warehouses, draw_origins):
        legend += draw(figure, plan, on_map)
    _add_legend(figure, legend)
    _look_at(figure, [glyphs[0] for _, glyphs in legend])
    return figure


def _frame() -> Any:
    models, plotting = need("bokeh.models", "maps"), need("bokeh.plotting", "maps")
    figure = plotting.figure(
        height=600, sizing_mode="stretch_width", match_aspect=True,
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_drag="pan", toolbar_location="above", background_fill_color=palette.SEA_WATER,
        outline_line_color=palette.BORDER,
    )  # fmt: skip
    figure.add_tools(models.ZoomInTool(), models.ZoomOutTool())
    figure.axis.visible = False
    figure.grid.visible = False
    figure.toolbar.logo = None
    return figure


def _land(figure: Any, cut_lon: float) -> None:
    from xroute.maps import land

    xs, ys = [], []
    for shape in land(cut_lon=cut_lon, tolerance_deg=LAND_TOLERANCE_DEG).explode(ignore_index=True):
        is_drawn = shape is not None and shape.area > _SMALLEST_ISLAND_DEG2 and shape.bounds[3] > -60.0
        if is_drawn and shape.geom_type == "Polygon":
            outline = mercator(np.asarray(shape.exterior.coords)[:, :2]).round(-2)
            xs.append(outline[:, 0].tolist())
            ys.append(outline[:, 1].tolist())
    figure.patches(
        xs, ys, fill_color=palette.LAND, line_color=palette.BORDER, line_width=0.6, level="underlay"
    )


def _on_paper(lane: Lane, cut_lon: float) -> list[NDArray[np.float64]]:
    return [mercator(piece) for part in lane.parts for piece in split_antimeridian(part, cut_lon=cut_lon)]


def _sources(drawn: list[Lane], cut_lon: float, *, unit: str, wide: float) -> list[tuple[str, Any]]:
    """One data source for each mode, widths on one scale."""
    models, largest = need("bokeh.models", "maps"), max((lane.amount for lane in drawn), default=1.0)
    found = []
    for mode in ordered_modes(drawn):
        rows = [(lane, _on_paper(lane, cut_lon)) for lane in drawn if lane.mode == mode]
        data = lane_data(rows, unit=unit, wide=wide, largest=largest)
        found.append((mode, models.ColumnDataSource(data)))
    return found


def _deliveries(figure: Any, last: list[Lane], cut_lon: float) -> LegendKeys:
    thin = [
        figure.multi_line(
            "xs", "ys", source=source, color=palette.mode_colour(mode), line_width="width", line_alpha=0.4
        )
        for mode, source in _sources(last, cut_lon, unit="units", wide=_DELIVERY_PX)
    ]
    return [("Deliveries", thin)] if thin else []


def _lanes(figure: Any, first: list[Lane], cut_lon: float) -> LegendKeys:
    legend: LegendKeys = []
    for mode, source in _sources(first, cut_lon, unit="t", wide=_LANE_PX):
        is_air, colour = mode == "air", palette.mode_colour(mode)
        lines = figure.multi_line(
            "xs", "ys", source=source, color=colour, line_width="width", line_alpha=0.8, line_join="round",
            line_dash=[9, 3] if is_air else "solid", line_cap="butt" if is_air else "round",
            hover_line_alpha=1.0, hover_line_color=colour,
        )  # fmt: skip
        legend.append((palette.mode_label(mode), [lines]))
    if legend:
        drawn = [glyphs[0] for _, glyphs in legend]
        hover = need("bokeh.models", "maps").HoverTool(renderers=drawn, tooltips=_LANE_TIP, limit=1)
        hover.update(line_policy="nearest", attachment="left", description="Lanes")
        figure.add_tools(hover)
    return legend


def _add_legend(figure: Any, legend: LegendKeys) -> None:
    models = need("bokeh.models", "maps")
    items = [models.LegendItem(label=label, renderers=glyphs) for label, glyphs in legend]
    box = models.Legend(
        items=items, orientation="horizontal", location="center", click_policy="hide", ncols=6
    )
    box.update(border_line_color=None, label_text_font_size="12px", label_text_color=palette.INK)
    box.update(spacing=10, margin=4)
    figure.add_layout(box, "below")


def _look_at(figure: Any, drawn: list[Any]) -> None:
    """Starts with everything that moves in view, true to shape at any width, with room for names."""
    for axis in (figure.x_range, figure.y_range):
        axis.renderers = drawn or "auto"
        axis.range_padding = 0.12 if axis is figure.y_range else 0.16

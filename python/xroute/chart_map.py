"""The report's map to pan, zoom and hover: land, lanes by mode, deliveries, zones, warehouses, origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.captions import shown
from xroute.charts import FONT, lane_data, plain
from xroute.extras import need
from xroute.flows import Lane, PlanFacts, column, deliveries, lanes, ordered_modes, origins
from xroute.lines import split_antimeridian
from xroute.map_sheet import marks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARTH_RADIUS_M = 6378137.0
"""Radius of the sphere of Web Mercator (EPSG:3857)."""
LAND_TOLERANCE_DEG = 0.08
_LATITUDE_LIMIT = 82.0


def mercator(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Web Mercator metres of (longitude, latitude), latitudes held within 82 degrees."""
    lat = np.radians(np.clip(coords[:, 1], -_LATITUDE_LIMIT, _LATITUDE_LIMIT))
    return EARTH_RADIUS_M * np.column_stack([np.radians(coords[:, 0]), np.log(np.tan(np.pi / 4 + lat / 2))])


def map_chart(plan: PlanFacts) -> Any:
    """The map as a bokeh figure."""
    from xroute.maps import best_cut

    first, last = lanes(plan), deliveries(plan)
    cut_lon = best_cut(first)
    models, plotting = need("bokeh.models", "maps"), need("bokeh.plotting", "maps")
    figure = plotting.figure(
        height=600,
        sizing_mode="stretch_width",
        match_aspect=True,
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_drag="pan",
        toolbar_location="above",
    )
    figure.add_tools(models.ZoomInTool(), models.ZoomOutTool())
    _land(figure, cut_lon)
    legend = _lanes(figure, first, last, cut_lon)
    legend += (
        _zones(figure, plan, cut_lon) + _warehouses(figure, plan, cut_lon) + _origins(figure, plan, cut_lon)
    )
    _finish(figure, legend)
    _look_at(figure, plan, first, cut_lon)
    return figure


def _land(figure: Any, cut_lon: float) -> None:
    from xroute.maps import land

    xs, ys = [], []
    for shape in land(cut_lon=cut_lon, tolerance_deg=LAND_TOLERANCE_DEG).explode(ignore_index=True):
        if shape is not None and not shape.is_empty and shape.area > 0.02 and shape.bounds[3] > -60.0:
            outline = mercator(np.asarray(shape.exterior.coords)[:, :2]) / 100.0
            xs.append((outline[:, 0].round(0) * 100.0).tolist())
            ys.append((outline[:, 1].round(0) * 100.0).tolist())
    figure.patches(
        xs, ys, fill_color=palette.LAND, line_color=palette.BORDER, line_width=0.6, level="underlay"
    )


def _turned(lon: NDArray[np.float64], lat: NDArray[np.float64], cut_lon: float) -> NDArray[np.float64]:
    return mercator(np.column_stack([cut_lon - np.mod(cut_lon - lon, 360.0), lat]))


def _lanes(figure: Any, first: list[Lane], last: list[Lane], cut_lon: float) -> list[tuple[str, list[Any]]]:
    models = need("bokeh.models", "maps")

    def xy(lane: Lane) -> list[NDArray[np.float64]]:
        return [mercator(piece) for part in lane.parts for piece in split_antimeridian(part, cut_lon=cut_lon)]

    legend, drawn, thin = [], [], []
    for mode in ordered_modes(last):
        data = lane_data(
            [lane for lane in last if lane.mode == mode], xy, unit="units", wide=1.8, largest=_most(last)
        )
        thin.append(
            figure.multi_line(
                "xs",
                "ys",
                source=models.ColumnDataSource(data),
                color=palette.mode_colour(mode),
                line_width="width",
                line_alpha=0.4,
            )
        )
    for mode in ordered_modes(first):
        data = lane_data(
            [lane for lane in first if lane.mode == mode], xy, unit="t", wide=7.0, largest=_most(first)
        )
        glyph = figure.multi_line(
            "xs",
            "ys",
            source=models.ColumnDataSource(data),
            color=palette.mode_colour(mode),
            line_width="width",
            line_alpha=0.8,
            line_dash=[9, 3] if mode == "air" else "solid",
            hover_line_alpha=1.0,
            hover_line_color=palette.mode_colour(mode),
            line_cap="butt" if mode == "air" else "round",
            line_join="round",
        )
        drawn.append(glyph)
        legend.append((palette.mode_label(mode), [glyph]))
    tips = [
        ("", "@way"),
        ("Mode", "@mode"),
        ("Moved", "@amount"),
        ("Distance", "@km km"),
        ("WTW", "@co2e kg CO2e"),
        ("Routes", "@routes"),
    ]
    if drawn:
        figure.add_tools(
            models.HoverTool(renderers=drawn, tooltips=tips, line_policy="nearest", description="Lanes")
        )
    if thin:
        figure.add_tools(
            models.HoverTool(
                renderers=thin, tooltips=tips[:-1], line_policy="nearest", description="Deliveries"
            )
        )
        legend.append(("Deliveries", thin))
    return legend


def _most(drawn: list[Lane]) -> float:
    return max((lane.amount for lane in drawn), default=1.0)


def _zones(figure: Any, plan: PlanFacts, cut_lon: float) -> list[tuple[str, list[Any]]]:
    models = need("bokeh.models", "maps")
    zones, marks = plan.tables.get("zones"), marks_of(plan)
    if zones is None or not len(marks.zone_lon):
        return []
    placed = np.isfinite(column(zones, "lon", np.nan).astype(float)) & np.isfinite(
        column(zones, "lat", np.nan).astype(float)
    )
    points = _turned(marks.zone_lon, marks.zone_lat, cut_lon)
    largest = max(float(marks.zone_orders.max()), 1e-9)
    texts = {
        name: [plain(shown(name, value)) for value in column(zones, name, "")[placed]]
        for name in (
            "name",
            "country",
            "warehouse_id",
            "days",
            "kg_co2e_per_order",
            "eur_per_order",
            "orders",
        )
    }
    order = np.argsort(-marks.zone_orders, kind="stable")
    data: dict[str, Any] = {name: [values[at] for at in order] for name, values in texts.items()}
    data |= {
        "x": points[order, 0],
        "y": points[order, 1],
        "co2e": marks.zone_co2e_kg[order],
        "size": (5.0 + 15.0 * np.sqrt(marks.zone_orders / largest))[order],
    }
    low, high = marks.co2e_range_kg
    colours = models.LinearColorMapper(palette=_smooth_ramp(), low=low, high=high, nan_color="#ffffff")
    drawn = figure.scatter(
        "x",
        "y",
        source=models.ColumnDataSource(data),
        size="size",
        line_color="#3a3a3a",
        line_width=0.6,
        fill_color={"field": "co2e", "transform": colours},
        fill_alpha=0.93,
    )
    figure.add_layout(
        models.ColorBar(
            color_mapper=colours,
            title="kg CO2e per order",
            width=11,
            padding=8,
            border_line_color=None,
            title_text_font_style="normal",
            title_text_font_size="12px",
        ),
        "right",
    )
    tips = [
        ("Zone", "@name, @country"),
        ("Orders", "@orders"),
        ("Emissions", "@kg_co2e_per_order kg CO2e per order"),
        ("Cost", "@eur_per_order EUR per order"),
        ("Days", "@days"),
        ("From", "@warehouse_id"),
    ]
    figure.add_tools(models.HoverTool(renderers=[drawn], tooltips=tips, description="Zones"))
    return [("Zones", [drawn])]


def _smooth_ramp() -> list[str]:
    stops = np.array(
        [[int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in palette.ZONE_RAMP], dtype=float
    )
    where = np.linspace(0.0, 1.0, len(stops))
    rows = np.column_stack([np.interp(np.linspace(0.0, 1.0, 128), where, stops[:, at]) for at in range(3)])
    return ["#" + "".join(f"{round(each):02x}" for each in row) for row in rows]


def _warehouses(figure: Any, plan: PlanFacts, cut_lon: float) -> list[tuple[str, list[Any]]]:
    models = need("bokeh.models", "maps")
    seats, marks = plan.tables.get("warehouses"), marks_of(plan)
    if seats is None or not len(marks.seat_lon):
        return []
    placed = np.isfinite(column(seats, "lon", np.nan).astype(float)) & np.isfinite(
        column(seats, "lat", np.nan).astype(float)
    )
    points, legend, drawn = _turned(marks.seat_lon, marks.seat_lat, cut_lon), [], []
    names = ("warehouse_id", "kind", "units", "utilisation", "stock_m3")
    for is_open, label in ((False, "Warehouse, closed"), (True, "Warehouse, open")):
        chosen = np.flatnonzero(marks.seat_is_open == is_open)
        if not len(chosen):
            continue
        data: dict[str, Any] = {
            name: [plain(shown(name, each)) for each in column(seats, name, "")[placed][chosen]]
            for name in names
        }
        data |= {
            "x": points[chosen, 0],
            "y": points[chosen, 1],
            "name": [plain(marks.seat_names[at]) for at in chosen],
        }
        source = models.ColumnDataSource(data)
        edge, fill = ("white", palette.OPEN_COLOUR) if is_open else (palette.CLOSED_COLOUR, "white")
        glyph = figure.scatter(
            "x",
            "y",
            source=source,
            marker="square",
            size=14 if is_open else 10,
            fill_color=fill,
            line_color=edge,
            line_width=1.6,
        )
        words = figure.text(
            "x",
            "y",
            text="name",
            source=source,
            x_offset=11,
            text_baseline="middle",
            text_font_size="12px",
            text_font_style="bold" if is_open else "normal",
            text_color=palette.INK if is_open else palette.MUTED,
            background_fill_color="white",
            background_fill_alpha=0.72,
            padding=1,
            text_font={"value": FONT},
        )
        drawn.append(glyph)
        legend.append((label, [glyph, words]))
    tips = [
        ("Warehouse", "@name (@warehouse_id)"),
        ("Kind", "@kind"),
        ("Units", "@units"),
        ("Stock", "@stock_m3 m3"),
        ("Use of space", "@utilisation"),
    ]
    figure.add_tools(models.HoverTool(renderers=drawn, tooltips=tips, description="Warehouses"))
    return legend


def _origins(figure: Any, plan: PlanFacts, cut_lon: float) -> list[tuple[str, list[Any]]]:
    models, places = need("bokeh.models", "maps"), origins(plan)
    if not places:
        return []
    points = _turned(
        np.array([each.lon for each in places]), np.array([each.lat for each in places]), cut_lon
    )
    source = models.ColumnDataSource(
        {"x": points[:, 0], "y": points[:, 1], "name": [plain(each.name) for each in places]}
    )
    drawn = figure.scatter(
        "x", "y", source=source, marker="star", size=20, fill_color=palette.ORIGIN_COLOUR, line_color="white"
    )
    words = figure.text(
        "x",
        "y",
        text="name",
        source=source,
        x_offset=12,
        text_baseline="middle",
        text_font_size="12px",
        text_color=palette.ORIGIN_COLOUR,
        background_fill_color="white",
        background_fill_alpha=0.72,
        padding=1,
        text_font={"value": FONT},
    )
    return [("Origin", [drawn, words])]


def _finish(figure: Any, legend: list[tuple[str, list[Any]]]) -> None:
    models = need("bokeh.models", "maps")
    items = [models.LegendItem(label=label, renderers=glyphs) for label, glyphs in legend]
    figure.add_layout(
        models.Legend(
            items=items,
            orientation="horizontal",
            location="center",
            click_policy="hide",
            border_line_color=None,
            ncols=6,
            label_text_font_size="12px",
            label_text_color=palette.INK,
            spacing=10,
            margin=4,
        ),
        "below",
    )
    figure.axis.visible = False
    figure.grid.visible = False
    figure.outline_line_color = palette.BORDER
    figure.background_fill_color = palette.SEA_WATER
    figure.toolbar.logo = None


def _look_at(figure: Any, plan: PlanFacts, first: list[Lane], cut_lon: float) -> None:
    """Starts with everything that moves in view."""
    marks = marks_of(plan)
    seen = [
        _turned(marks.zone_lon, marks.zone_lat, cut_lon),
        _turned(marks.seat_lon, marks.seat_lat, cut_lon),
    ]
    seen += [
        mercator(piece)
        for lane in first
        for part in lane.parts
        for piece in split_antimeridian(part, cut_lon=cut_lon)
    ]
    points = np.vstack([np.empty((0, 2)), *seen])
    if not len(points):
        points = mercator(np.array([[cut_lon - 360.0, -56.0], [cut_lon, 72.0]]))
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    margin = 0.04 * max(right - left, high - low, 1e6)
    models = need("bokeh.models", "maps")
    figure.x_range = models.Range1d(left - margin, right + 2.5 * margin)  # room for names
    figure.y_range = models.Range1d(low - margin, high + margin)

"""The marks on the report's map: zones by kg CO2e per order, warehouses, origins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.captions import shown
from xroute.charts import FONT, plain, tooltip
from xroute.extras import need
from xroute.flows import PlanFacts, column, origins
from xroute.indicative import TAG, plan_is_indicative
from xroute.map_sheet import marks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xroute.table import Table

LegendKeys = list[tuple[str, list[Any]]]
OnMap = Callable[["NDArray[np.float64]", "NDArray[np.float64]"], "NDArray[np.float64]"]
"""Where (longitudes, latitudes) lie on the map, in its metres."""

EARTH_RADIUS_M = 6378137.0
"""Radius of the sphere of Web Mercator (EPSG:3857)."""
_LATITUDE_LIMIT = 82.0
_ZONE_TIP = tooltip(
    "@name, @country",
    [
        ("Orders", "@orders"),
        ("kg CO2e per order", "@kg_co2e_per_order"),
        ("EUR per order", "@eur_per_order"),
        ("Days", "@days"),
        ("From", "@warehouse_id"),
    ],
)
_SEAT_TIP = tooltip(
    "@name",
    [
        ("Warehouse", "@warehouse_id, @kind"),
        ("Units", "@units"),
        ("Stock", "@stock_m3 m3"),
        ("Use of space", "@utilisation"),
    ],
)


def mercator(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Web Mercator metres of (longitude, latitude), latitudes held within 82 degrees."""
    lat = np.radians(np.clip(coords[:, 1], -_LATITUDE_LIMIT, _LATITUDE_LIMIT))
    return EARTH_RADIUS_M * np.column_stack([np.radians(coords[:, 0]), np.log(np.tan(np.pi / 4 + lat / 2))])


def turned_east(lon: NDArray[np.float64], lat: NDArray[np.float64], cut_lon: float) -> NDArray[np.float64]:
    """Places with longitudes in (cut_lon - 360, cut_lon]."""
    return np.column_stack([cut_lon - np.mod(cut_lon - np.asarray(lon, dtype=float), 360.0), lat])


def draw_zones(figure: Any, plan: PlanFacts, on_map: OnMap) -> LegendKeys:
    """Circles as large as the square root of their orders, with a colour bar."""
    models = need("bokeh.models", "maps")
    zones, marks = plan.tables.get("zones"), marks_of(plan)
    if zones is None or not len(marks.zone_lon):
        return []
    order = np.argsort(-marks.zone_orders, kind="stable")
    rows, points = np.flatnonzero(_is_placed(zones))[order], on_map(marks.zone_lon, marks.zone_lat)[order]
    names = ("name", "country", "warehouse_id", "days", "kg_co2e_per_order", "eur_per_order", "orders")
    sizes = 5.0 + 15.0 * np.sqrt(marks.zone_orders / max(float(marks.zone_orders.max()), 1e-9))
    data = _texts(zones, names, rows) | {"x": points[:, 0], "y": points[:, 1]}
    data |= {"co2e": marks.zone_co2e_kg[order], "size": sizes[order]}
    if plan_is_indicative(plan):
        data["eur_per_order"] = [f"{each} ({TAG})" for each in data["eur_per_order"]]
    low, high = marks.co2e_range_kg
    colours = models.LinearColorMapper(palette=smooth_ramp(), low=low, high=high, nan_color="#ffffff")
    drawn = figure.scatter(
        "x", "y", source=models.ColumnDataSource(data), size="size", line_color="#3a3a3a", line_width=0.6,
        fill_color={"field": "co2e", "transform": colours}, fill_alpha=0.93,
    )  # fmt: skip
    bar = models.ColorBar(color_mapper=colours, title="kg CO2e per order", width=11, padding=8)
    bar.update(border_line_color=None, title_text_font_style="normal", title_text_font_size="12px")
    figure.add_layout(bar, "right")
    figure.add_tools(models.HoverTool(renderers=[drawn], tooltips=_ZONE_TIP, limit=1, attachment="right"))
    return [("Zones", [drawn])]


def _is_placed(table: Table) -> NDArray[np.bool_]:
    lon, lat = (column(table, name, np.nan).astype(float) for name in ("lon", "lat"))
    return np.asarray(np.isfinite(lon) & np.isfinite(lat))


def _texts(table: Table, names: Iterable[str], rows: NDArray[np.intp]) -> dict[str, Any]:
    return {name: [plain(shown(name, each)) for each in column(table, name, "")[rows]] for name in names}


def smooth_ramp() -> list[str]:
    """The ramp of zones in 128 even steps."""
    stops = np.array([[int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in palette.ZONE_RAMP])
    where, steps = np.linspace(0.0, 1.0, len(stops)), np.linspace(0.0, 1.0, 128)
    rows = np.column_stack([np.interp(steps, where, stops[:, at]) for at in range(3)])
    return ["#" + "".join(f"{round(each):02x}" for each in row) for row in rows.tolist()]


def draw_warehouses(figure: Any, plan: PlanFacts, on_map: OnMap) -> LegendKeys:
    """Squares, filled where open and hollow where closed, with their names."""
    models, seats, marks = need("bokeh.models", "maps"), plan.tables.get("warehouses"), marks_of(plan)
    if seats is None or not len(marks.seat_lon):
        return []
    points, placed = on_map(marks.seat_lon, marks.seat_lat), np.flatnonzero(_is_placed(seats))
    legend: LegendKeys = []
    for is_open, label in ((False, "Warehouse, closed"), (True, "Warehouse, open")):
        chosen = np.flatnonzero(marks.seat_is_open == is_open)
        if not len(chosen):
            continue
        names = ("warehouse_id", "kind", "units", "utilisation", "stock_m3")
        data = _texts(seats, names, placed[chosen]) | {"x": points[chosen, 0], "y": points[chosen, 1]}
        source = models.ColumnDataSource(data | {"name": [plain(marks.seat_names[at]) for at in chosen]})
        legend.append((label, _square(figure, source, is_open=is_open)))
    squares = [glyphs[0] for _, glyphs in legend]
    figure.add_tools(models.HoverTool(renderers=squares, tooltips=_SEAT_TIP, limit=1, attachment="above"))
    return legend


def _square(figure: Any, source: Any, *, is_open: bool) -> list[Any]:
    edge, fill = ("white", palette.OPEN_COLOUR) if is_open else (palette.CLOSED_COLOUR, "white")
    square = figure.scatter(
        "x", "y", source=source, marker="square", size=14 if is_open else 10, fill_color=fill,
        line_color=edge, line_width=1.6,
    )  # fmt: skip
    return [square, _names(figure, source, colour=palette.INK if is_open else palette.MUTED, is_bold=is_open)]


def _names(figure: Any, source: Any, *, colour: str, is_bold: bool) -> Any:
    return figure.text(
        "x", "y", text="name", source=source, x_offset=11, text_baseline="middle", text_font_size="12px",
        text_font_style="bold" if is_bold else "normal", text_color=colour, text_font={"value": FONT},
        background_fill_color="white", background_fill_alpha=0.72, padding=1,
    )  # fmt: skip


def draw_origins(figure: Any, plan: PlanFacts, on_map: OnMap) -> LegendKeys:
    """Stars where the goods come from, with names."""
    models, places = need("bokeh.models", "maps"), origins(plan)
    if not places:
        return []
    points = on_map(np.array([each.lon for each in places]), np.array([each.lat for each in places]))
    names = [plain(each.name) for each in places]
    source = models.ColumnDataSource({"x": points[:, 0], "y": points[:, 1], "name": names})
    star = figure.scatter(
        "x", "y", source=source, marker="star", size=20, fill_color=palette.ORIGIN_COLOUR, line_color="white"
    )
    return [("Origin", [star, _names(figure, source, colour=palette.ORIGIN_COLOUR, is_bold=False)])]

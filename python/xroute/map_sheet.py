"""The printed map of a plan: a world strip of first legs above panels by region, legend and credits below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.flows import Lane, PlanFacts, column, ordered_modes, origins
from xroute.map_frame import LandAt, MapFrame, draw_graticule, draw_labels, draw_land, draw_lanes, short
from xroute.map_legend import draw_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

WORLD_BOX = (-179.999, -60.0, 179.999, 84.0)
_EQUATOR = np.array(
    [[-6.0e6, 0.0], [6.0e6, 0.0]]
)  # a plan of one short lane still shows where on Earth it is
MOST_PANELS = 3
_LARGEST_WIDTH_PT = 5.5
REGIONS = ("North America", "South America", "Europe", "Africa and Middle East", "Asia", "Oceania")


@dataclass(frozen=True)
class Marks:
    """Zones and warehouses of a plan with what their marks show."""

    zone_lon: NDArray[np.float64]
    zone_lat: NDArray[np.float64]
    zone_orders: NDArray[np.float64]
    zone_co2e_kg: NDArray[np.float64]
    seat_lon: NDArray[np.float64]
    seat_lat: NDArray[np.float64]
    seat_names: list[str]
    seat_is_open: NDArray[np.bool_]

    @property
    def co2e_range_kg(self) -> tuple[float, float]:
        """The colour scale leaves out 5 % of the orders at each end: one far zone shall not bleach it."""
        known = np.isfinite(self.zone_co2e_kg)
        if not known.any():
            return 0.0, 1.0
        order = np.argsort(self.zone_co2e_kg[known])
        share = np.cumsum(self.zone_orders[known][order] + 1e-9)
        low, high = np.interp([0.05, 0.95], share / share[-1], self.zone_co2e_kg[known][order])
        return (float(low), float(high)) if high > low else (float(low) - 0.5, float(high) + 0.5)


def marks_of(plan: PlanFacts) -> Marks:
    """The zones and warehouses that have a position."""
    zones, seats = plan.tables.get("zones"), plan.tables.get("warehouses")
    lon, lat = column(zones, "lon", np.nan).astype(float), column(zones, "lat", np.nan).astype(float)
    seat_lon, seat_lat = (
        column(seats, "lon", np.nan).astype(float),
        column(seats, "lat", np.nan).astype(float),
    )
    placed, seated = np.isfinite(lon) & np.isfinite(lat), np.isfinite(seat_lon) & np.isfinite(seat_lat)
    ids, names = column(seats, "warehouse_id", ""), column(seats, "name", "")
    return Marks(
        zone_lon=lon[placed],
        zone_lat=lat[placed],
        zone_orders=np.nan_to_num(column(zones, "orders").astype(float)[placed]),
        zone_co2e_kg=column(zones, "kg_co2e_per_order", np.nan).astype(float)[placed],
        seat_lon=seat_lon[seated],
        seat_lat=seat_lat[seated],
        seat_names=[str(name or each) for name, each in zip(names[seated], ids[seated], strict=True)],
        seat_is_open=column(seats, "is_open", False).astype(bool)[seated],
    )


def region_of(lon: float, lat: float) -> str:
    """The panel that a place belongs to.

    >>> region_of(-118.2, 34.0), region_of(8.7, 50.1), region_of(174.8, -36.8)
    ('North America', 'Europe', 'Oceania')
    """
    if lat < 0 and (lon > 110 or lon < -130):
        return "Oceania"
    if lon < -30:
        return "North America" if lat >= 7 else "South America"
    if lon < 45 and lat >= 35:
        return "Europe"
    return "Africa and Middle East" if lon < 60 and lat < 40 else "Asia"


def draw_sheet(
    plan: PlanFacts, first: list[Lane], last: list[Lane], *, cut_lon: float, land_at: LandAt
) -> Figure:
    """The whole sheet as a matplotlib figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    marks = marks_of(plan)
    figure = Figure(figsize=(16, 13), dpi=130, facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(
        2, 1, left=0.02, right=0.98, top=0.905, bottom=0.127, hspace=0.09, height_ratios=(1.06, 1.0)
    )
    _title(figure, plan)
    width_of = _width_by_amount(first)
    _world(
        figure.add_subplot(grid[0]), plan, first, marks, cut_lon=cut_lon, land_at=land_at, width_of=width_of
    )
    shown_regions = _regions(marks)
    panels = grid[1].subgridspec(1, max(1, len(shown_regions)), wspace=0.03)
    for at, region in enumerate(shown_regions):
        _panel(figure.add_subplot(panels[at]), region, first, last, marks, land_at=land_at, width_of=width_of)
    draw_legend(
        figure,
        plan,
        modes=ordered_modes(first + last),
        lanes=first,
        width_of=width_of,
        co2e_range_kg=marks.co2e_range_kg if len(marks.zone_lon) else None,
    )
    return figure


def _title(figure: Figure, plan: PlanFacts) -> None:
    figure.text(
        0.02,
        0.972,
        short(plan.title, 90),
        fontsize=21,
        weight="bold",
        color=palette.INK,
        va="center",
        parse_math=False,
    )
    scenario = short(f"Scenario: {plan.scenario_name}", 120)
    figure.text(0.02, 0.948, scenario, fontsize=12.5, color=palette.MUTED, va="center", parse_math=False)


def _width_by_amount(drawn: list[Lane]) -> Callable[[Lane], float]:
    largest = max((lane.amount for lane in drawn), default=1.0)
    return lambda lane: 0.9 + (_LARGEST_WIDTH_PT - 0.9) * float(np.sqrt(lane.amount / largest))


def _regions(marks: Marks) -> list[str]:
    """Regions with zones (or warehouses, if no zone is known), those of the most orders, west to east."""
    lons, lats, weights = marks.zone_lon, marks.zone_lat, marks.zone_orders + 1e-9
    if not len(lons):
        lons, lats, weights = marks.seat_lon, marks.seat_lat, np.ones(len(marks.seat_lon))
    totals: dict[str, float] = {}
    for lon, lat, weight in zip(lons, lats, weights, strict=True):
        region = region_of(float(lon), float(lat))
        totals[region] = totals.get(region, 0.0) + float(weight)
    largest = sorted(totals, key=lambda region: -totals[region])[:MOST_PANELS]
    return [region for region in REGIONS if region in largest]


def _bare(axes: Axes, title: str) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(palette.SEA_WATER)
    for spine in axes.spines.values():
        spine.set_color(palette.BORDER)
    axes.set_title(
        title, loc="left", fontsize=12.5, weight="bold", color=palette.INK, pad=5, parse_math=False
    )


def _world(
    axes: Axes,
    plan: PlanFacts,
    first: list[Lane],
    marks: Marks,
    *,
    cut_lon: float,
    land_at: LandAt,
    width_of: Callable[[Lane], float],
) -> None:
    frame = MapFrame("natearth", (cut_lon + 360.0) % 360.0 - 180.0, 0.0)
    _bare(axes, "First legs: from the origins to the warehouses")
    draw_graticule(axes, frame, box=WORLD_BOX, step_deg=30.0)
    draw_land(axes, frame, land_at, box=WORLD_BOX)
    draw_lanes(axes, frame, first, width_of=width_of, alpha=0.78, zorder=4)
    _seats(axes, frame, marks, size=46)
    starts = origins(plan)
    points = frame.points(np.array([each.lon for each in starts]), np.array([each.lat for each in starts]))
    if starts:
        axes.scatter(
            points[:, 0],
            points[:, 1],
            marker="*",
            s=230,
            color=palette.ORIGIN_COLOUR,
            edgecolor="white",
            linewidth=0.9,
            zorder=8,
        )
    drawn = [line for lane in first for line in frame.lines(lane)]
    _fit(
        axes, np.vstack([frame.points(marks.seat_lon, marks.seat_lat), points, *drawn, _EQUATOR]), margin=0.05
    )
    seats = frame.points(marks.seat_lon, marks.seat_lat)[marks.seat_is_open]
    names = [name for name, is_open in zip(marks.seat_names, marks.seat_is_open, strict=True) if is_open]
    labelled = np.vstack([points, seats]) if starts else seats
    colours = [palette.ORIGIN_COLOUR] * len(starts) + [palette.OPEN_COLOUR] * len(names)
    draw_labels(axes, labelled, [each.name for each in starts] + names, colours=colours, size=8.5)


def _panel(
    axes: Axes,
    region: str,
    first: list[Lane],
    last: list[Lane],
    marks: Marks,
    *,
    land_at: LandAt,
    width_of: Callable[[Lane], float],
) -> None:
    here = _within(region, marks.zone_lon, marks.zone_lat)
    seats = _within(region, marks.seat_lon, marks.seat_lat)
    lon = np.concatenate([marks.zone_lon[here], marks.seat_lon[seats]])
    lat = np.concatenate([marks.zone_lat[here], marks.seat_lat[seats]])
    centre = _middle_lon(lon)
    frame = MapFrame("laea", centre, float((lat.min() + lat.max()) / 2.0))
    box = (-65.0, max(-84.0, float(lat.min()) - 35.0), 65.0, min(84.0, float(lat.max()) + 30.0))
    _bare(axes, region)
    draw_land(axes, frame, land_at, box=box)
    _fit(axes, frame.points(lon, lat), margin=0.09)
    draw_lanes(axes, frame, last, width_of=lambda lane: 0.55, alpha=0.42, zorder=3, reach_deg=90.0)
    draw_lanes(axes, frame, first, width_of=width_of, alpha=0.62, zorder=4, reach_deg=90.0)
    _zones(axes, frame, marks, here)
    _seats(axes, frame, marks, size=78)
    points = frame.points(marks.seat_lon[seats], marks.seat_lat[seats])
    names = [name for name, inside in zip(marks.seat_names, seats, strict=True) if inside]
    is_open = marks.seat_is_open[seats]
    order = np.argsort(~is_open, kind="stable")
    colours = [palette.OPEN_COLOUR if is_open[at] else palette.CLOSED_COLOUR for at in order]
    draw_labels(axes, points[order], [names[at] for at in order], colours=colours, size=9.5)


def _within(region: str, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.array(
        [region_of(float(x), float(y)) == region for x, y in zip(lon, lat, strict=True)], dtype=bool
    )


def _middle_lon(lon: NDArray[np.float64]) -> float:
    turned = np.mod(lon, 360.0)
    wide, turned_wide = float(np.ptp(lon)), float(np.ptp(turned))
    middle = (lon.min() + lon.max()) / 2.0 if wide <= turned_wide else (turned.min() + turned.max()) / 2.0
    return float((middle + 180.0) % 360.0 - 180.0)


def _zones(axes: Axes, frame: MapFrame, marks: Marks, here: NDArray[np.bool_]) -> None:
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    largest = max(float(marks.zone_orders.max(initial=0.0)), 1e-9)
    order = np.argsort(-marks.zone_orders[here], kind="stable")
    points = frame.points(marks.zone_lon[here], marks.zone_lat[here])[order]
    sizes = (14.0 + 170.0 * np.sqrt(marks.zone_orders[here] / largest))[order]
    ramp = LinearSegmentedColormap.from_list("zones", palette.ZONE_RAMP).with_extremes(bad="#ffffff")
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=sizes,
        c=marks.zone_co2e_kg[here][order],
        cmap=ramp,
        norm=Normalize(*marks.co2e_range_kg),
        edgecolor="#3a3a3a",
        linewidth=0.5,
        alpha=0.94,
        zorder=5,
        plotnonfinite=True,
    )


def _seats(axes: Axes, frame: MapFrame, marks: Marks, *, size: float) -> None:
    if not len(marks.seat_lon):
        return
    points = frame.points(marks.seat_lon, marks.seat_lat)
    shut, used = points[~marks.seat_is_open], points[marks.seat_is_open]
    axes.scatter(
        shut[:, 0],
        shut[:, 1],
        marker="s",
        s=size * 0.6,
        facecolor="white",
        edgecolor=palette.CLOSED_COLOUR,
        linewidth=1.4,
        zorder=6,
    )
    axes.scatter(
        used[:, 0],
        used[:, 1],
        marker="s",
        s=size,
        color=palette.OPEN_COLOUR,
        edgecolor="white",
        linewidth=1.1,
        zorder=7,
    )


def _fit(axes: Axes, points: NDArray[np.float64], *, margin: float) -> None:
    """Limits that hold all points in the shape of the axes, at least 1,200 km wide."""
    area: Any = axes.get_window_extent()
    shape = area.width / area.height
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    width = max((right - left) * (1 + 2 * margin), 1.2e6)
    height = max((high - low) * (1 + 2 * margin), 1.2e6 / shape)
    width, height = max(width, height * shape), max(height, width / shape)
    middle_x, middle_y = (left + right) / 2.0, (low + high) / 2.0
    axes.set_xlim(middle_x - width / 2.0, middle_x + width / 2.0)
    axes.set_ylim(middle_y - height / 2.0, middle_y + height / 2.0)
    axes.set_aspect("equal", adjustable="box")

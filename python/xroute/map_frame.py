"""One map on paper: a projection around a centre, and land, lines and places drawn in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.extras import need
from xroute.lines import split_antimeridian

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from xroute.flows import Lane

LandAt = Callable[[float], "NDArray[Any]"]
Box = tuple[float, float, float, float]
_HALF_TURN = 179.999


@dataclass(frozen=True)
class MapFrame:
    """A projection centred on (lon, lat), its unit the metre; the map is cut half a turn from the centre."""

    name: str
    centre_lon: float
    centre_lat: float

    @cached_property
    def _transformer(self) -> Any:
        pyproj = need("pyproj", "maps")
        target = f"+proj={self.name} +lat_0={self.centre_lat} +lon_0=0 +R=6371008.8 +units=m +no_defs"
        return pyproj.Transformer.from_crs("EPSG:4326", target, always_xy=True)

    @property
    def land_cut_lon(self) -> float:
        """The open-water meridian, date line or mid Atlantic, that lies farther from the centre."""
        return max((180.0, -30.0), key=lambda cut: abs((cut - self.centre_lon + 180.0) % 360.0 - 180.0))

    def land_from_centre(self, coords: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees east of the centre for land that is cut at `land_cut_lon`."""
        start = self.land_cut_lon - 360.0
        origin = start + (self.centre_lon - start) % 360.0
        return np.column_stack([np.clip(coords[:, 0] - origin, -_HALF_TURN, _HALF_TURN), coords[:, 1]])

    def projected(self, relative: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres on paper of points given from the centre."""
        return np.column_stack(self._transformer.transform(relative[:, 0], relative[:, 1]))

    def lines(self, lane: Lane, *, reach_deg: float = 180.0) -> list[NDArray[np.float64]]:
        """The parts of a lane on this map, cut off `reach_deg` east and west of the centre."""
        found = []
        for part in lane.parts:
            relative = part - np.array([self.centre_lon, 0.0])
            for piece in split_antimeridian(relative):
                inside = np.clip(piece, [-_HALF_TURN, -90.0], [_HALF_TURN, 90.0])
                found += [self.projected(inside[run]) for run in _runs(np.abs(piece[:, 0]) <= reach_deg)]
        return found

    def points(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places on this map."""
        relative = np.mod(np.asarray(lon, dtype=float) - self.centre_lon + 180.0, 360.0) - 180.0
        return self.projected(np.column_stack([relative, np.asarray(lat, dtype=float)]))


def _runs(kept: NDArray[np.bool_]) -> list[slice]:
    """Stretches of two kept points or more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(int)))
    return [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1]


def draw_land(axes: Axes, frame: MapFrame, land_at: LandAt, *, box: Box) -> None:
    """Fills the land inside a (west, south, east, north) box given from the frame's centre."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    shapely = need("shapely", "maps")
    shapes = shapely.transform(land_at(frame.land_cut_lon), frame.land_from_centre)
    kept = shapely.intersection(shapely.make_valid(shapes), shapely.box(*box))
    paths = []
    for polygon in shapely.get_parts(shapely.get_parts(kept)):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        rings = [polygon.exterior, *polygon.interiors]
        outlines = [frame.projected(np.asarray(ring.segmentize(2.0).coords)[:, :2]) for ring in rings]
        paths.append(Path.make_compound_path(*(Path(outline, closed=True) for outline in outlines)))
    axes.add_collection(
        PathCollection(paths, facecolor=palette.LAND, edgecolor=palette.BORDER, linewidth=0.5, zorder=1)
    )


def draw_graticule(axes: Axes, frame: MapFrame, *, box: Box, step_deg: float) -> None:
    """Thin meridians and parallels under everything."""
    from matplotlib.collections import LineCollection

    west, south, east, north = box
    lats, lons = np.linspace(south, north, 60), np.linspace(west, east, 120)
    meridians = (np.column_stack([np.full(60, lon), lats]) for lon in np.arange(west, east + 0.1, step_deg))
    parallels = (
        np.column_stack([lons, np.full(120, lat)])
        for lat in np.arange(np.ceil(south / step_deg) * step_deg, north + 0.1, step_deg)
    )
    lines = [frame.projected(line) for line in (*meridians, *parallels)]
    axes.add_collection(LineCollection(lines, colors=palette.GRATICULE, linewidths=0.6, zorder=0.5))


def draw_lanes(
    axes: Axes,
    frame: MapFrame,
    drawn: Iterable[Lane],
    *,
    width_of: Callable[[Lane], float],
    alpha: float,
    zorder: float,
    reach_deg: float = 180.0,
) -> None:
    """Lines in the colour of their mode, as wide as `width_of` says in points; air is dashed."""
    from matplotlib.collections import LineCollection

    solid: tuple[list[Any], list[str], list[float]] = ([], [], [])
    dashed: tuple[list[Any], list[str], list[float]] = ([], [], [])
    for lane in drawn:
        lines, colours, widths = dashed if lane.mode == "air" else solid
        for line in frame.lines(lane, reach_deg=reach_deg):
            lines.append(line)
            colours.append(palette.mode_colour(lane.mode))
            widths.append(width_of(lane))
    for (lines, colours, widths), style in ((solid, "solid"), (dashed, (0, (5, 1.6)))):
        if lines:
            axes.add_collection(
                LineCollection(
                    lines,
                    colors=colours,
                    linewidths=widths,
                    linestyles=style,
                    alpha=alpha,
                    zorder=zorder,
                    capstyle="butt" if lines is dashed[0] else "round",
                )
            )


def short(text: str, length: int = 26) -> str:
    """A name on one line, cut with an ellipsis.

    >>> short("Rotterdam  Maasvlakte distribution centre", 12)
    'Rotterdam M…'
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def draw_labels(
    axes: Axes, points: NDArray[np.float64], names: list[str], *, colours: list[str], size: float
) -> None:
    """Names beside their points, each where it covers no earlier name, the first ones first."""
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    taken: list[Any] = []
    gap = size * 0.9
    spots = (
        (gap, 0, "left", "center"),
        (-gap, 0, "right", "center"),
        (0, gap, "center", "bottom"),
        (0, -gap, "center", "top"),
        (gap, gap, "left", "bottom"),
        (-gap, -gap, "right", "top"),
        (gap, -gap, "left", "top"),
        (-gap, gap, "right", "bottom"),
    )
    for point, name, colour in zip(points, names, colours, strict=True):
        label = axes.annotate(
            short(name),
            tuple(point),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=size,
            color=colour,
            zorder=9,
            parse_math=False,
            annotation_clip=True,
            clip_on=True,
            path_effects=_halo(),
        )
        for dx, dy, across, upward in spots:
            label.xyann = (dx, dy)
            label.update({"horizontalalignment": across, "verticalalignment": upward})
            area = label.get_window_extent(renderer).padded(1.0)
            inside = axes.bbox.contains(area.x0, area.y0) and axes.bbox.contains(area.x1, area.y1)
            if inside and not any(area.overlaps(other) for other in taken):
                break
        taken.append(label.get_window_extent(renderer))


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.6, foreground="white")]

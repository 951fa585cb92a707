"""Maps: a plan as a PNG of regional panels, a route as a GeoDataFrame, land to draw them on.

The only module that imports geopandas, when first used.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import storage
from xroute.errors import InputError
from xroute.extras import need
from xroute.flows import Lane, PlanFacts, deliveries, lanes
from xroute.lines import densified, great_circle, parts_of_wkt, split_antimeridian

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    from xroute.route import Route

__all__ = [
    "ATLANTIC_CUT",
    "DATE_LINE",
    "best_cut",
    "great_circle",
    "land",
    "parts_of_wkt",
    "plan_map",
    "read_polygons",
    "route_geodataframe",
    "split_antimeridian",
]

DATE_LINE, ATLANTIC_CUT = 180.0, -30.0
"""The two meridians at which a world map may be cut: both lie in open water."""
OVER_OPEN_SPACE = ("air", "sea", "ferry")


def route_geodataframe(route: Route, *, route_id: str = "1") -> geopandas.GeoDataFrame:
    """One row a leg: route_id, leg (from 1), mode, geometry in EPSG:4326.

    Lines are split at the antimeridian; aircraft and ships follow great circles between the corners of a
    leg; a leg without shape has none.
    """
    frames, shapely = need("geopandas", "maps"), need("shapely", "maps")
    rows = []
    for number, leg in enumerate(route.legs, start=1):
        line = densified(leg.coordinates) if leg.mode in OVER_OPEN_SPACE else leg.coordinates
        parts = split_antimeridian(line)
        shape = shapely.MultiLineString(parts) if len(parts) > 1 else None
        shape = shapely.LineString(parts[0]) if len(parts) == 1 else shape
        rows.append({"route_id": route_id, "leg": number, "mode": leg.mode, "geometry": shape})
    columns = ["route_id", "leg", "mode", "geometry"]
    return frames.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")


def best_cut(drawn: list[Lane]) -> float:
    """The meridian to cut a world map at, so that the fewest tonnes are torn: date line or mid Atlantic."""
    torn = {DATE_LINE: 0.0, ATLANTIC_CUT: 0.0}
    for lane in drawn:
        ends = np.concatenate([part[[0, -1], 0] for part in lane.parts]) if lane.parts else np.empty(0)
        if (np.abs(ends) == DATE_LINE).any():
            torn[DATE_LINE] += lane.amount
        if any(part[:, 0].min() < ATLANTIC_CUT < part[:, 0].max() for part in lane.parts):
            torn[ATLANTIC_CUT] += lane.amount
    return min(torn, key=lambda cut: (torn[cut], cut != DATE_LINE))


def land(*, cut_lon: float = DATE_LINE, tolerance_deg: float = 0.0) -> geopandas.GeoSeries:
    """Countries of the shipped Natural Earth polygons, cut at a meridian, longitudes from there eastward."""
    frames, shapely = need("geopandas", "maps"), need("shapely", "maps")
    shapes = frames.read_file(storage.package_data("countries.geojson")).geometry
    if tolerance_deg > 0.0:
        shapes = frames.GeoSeries(shapely.coverage_simplify(shapes.values, tolerance_deg), crs="EPSG:4326")
    if cut_lon == DATE_LINE:
        return shapes
    valid = shapes.make_valid()
    west = valid.intersection(shapely.box(-180.0, -90.0, cut_lon, 90.0))
    east = valid.intersection(shapely.box(cut_lon, -90.0, 180.0, 90.0)).translate(xoff=-360.0)
    both = frames.GeoSeries(np.concatenate([west.values, east.values]), crs="EPSG:4326")
    both = both[~both.is_empty].explode(ignore_index=True)
    return both[both.geom_type == "Polygon"].reset_index(drop=True)


def read_polygons(path: Path, *, table: str) -> NDArray[Any]:
    """The shapes of a file that geopandas reads, in longitudes and latitudes; a file without CRS has these.

    Raises `InputError` for a file that cannot be read, `MissingExtraError` without geopandas.
    """
    frames = need("geopandas", "maps")
    if not path.exists():
        raise InputError(f"there is no file {path}", table=table)
    try:
        frame = frames.read_parquet(path) if path.suffix == ".parquet" else frames.read_file(path)
        shapes = frame.geometry if frame.crs is None else frame.geometry.to_crs("EPSG:4326")
    except Exception as error:  # every driver of geopandas has errors of its own
        raise InputError(f"{path.name} cannot be read as a map: {error}", table=table) from error
    return np.asarray(shapes[shapes.notna()].values, dtype=object)


def plan_map(plan: PlanFacts, path: str | Path) -> Path:
    """Writes a PNG: first legs on the world, flows and zones by region, with credits. Gives the path back.

    Raises `MissingExtraError` without the extra `maps`, `InputError` for a leg whose WKT is no line.
    """
    need("geopandas", "maps")
    need("matplotlib", "maps")
    from xroute.map_sheet import draw_sheet

    shapes: dict[float, Any] = {}

    def land_at(cut_lon: float) -> NDArray[Any]:
        if cut_lon not in shapes:
            shapes[cut_lon] = land(cut_lon=cut_lon).explode(ignore_index=True).values
        return np.asarray(shapes[cut_lon], dtype=object)

    drawn = lanes(plan)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # a name in a script without font
        figure = draw_sheet(plan, drawn, deliveries(plan), cut_lon=best_cut(drawn), land_at=land_at)
        image = io.BytesIO()
        figure.savefig(image, format="png", metadata={"Software": None})
    storage.write_whole(Path(path), image.getvalue())
    return Path(path)

"""Maps as PNG and as GeoDataFrame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import matplotlib.image
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from synthetic_plan import SyntheticPlan, synthetic_plan
from xroute import maps, palette
from xroute.errors import InputError
from xroute.flows import lanes
from xroute.map_sheet import region_of
from xroute.table import Table


def pixels_near(image: np.ndarray, colour: str, *, tolerance: float = 0.06) -> int:
    return int((np.abs(image[..., :3] - np.array(to_rgb(colour))).max(axis=-1) < tolerance).sum())


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    path = maps.plan_map(synthetic_plan(), tmp_path_factory.mktemp("map") / "map.png")
    return np.asarray(matplotlib.image.imread(path))


@pytest.mark.parametrize(
    ("colour", "at_least"),
    [(palette.LAND, 200_000), (palette.ORIGIN_COLOUR, 200), (palette.OPEN_COLOUR, 1000)],
)
def test_land_origins_and_warehouses_are_on_the_picture(
    picture: np.ndarray, colour: str, at_least: int
) -> None:
    assert pixels_near(picture, colour) > at_least


@pytest.mark.parametrize("mode", ["sea", "air", "rail"])
def test_lanes_of_a_mode_have_its_colour(picture: np.ndarray, mode: str) -> None:
    blended = 0.78 * np.array(to_rgb(palette.mode_colour(mode))) + 0.22
    assert int((np.abs(picture[..., :3] - blended).max(axis=-1) < 0.06).sum()) > 500


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (maps.plan_map(synthetic_plan(), tmp_path / f"{at}.png").read_bytes() for at in range(2))
    assert first == second


@pytest.mark.parametrize("poison", ["$\\frac{", "\n\t\x00", "甲乙丙", "x" * 500, "\\", "{}%s"])
def test_any_name_can_be_drawn(tmp_path: Path, poison: str) -> None:
    assert maps.plan_map(synthetic_plan(poison=poison), tmp_path / "map.png").stat().st_size > 50_000


def without(plan: SyntheticPlan, *names: str) -> SyntheticPlan:
    return replace(plan, tables={name: table for name, table in plan.tables.items() if name not in names})


@pytest.mark.parametrize("gone", [("legs",), ("zones",), ("deliveries",), ("first_legs", "legs", "routes")])
def test_a_plan_with_tables_missing_still_has_a_map(tmp_path: Path, gone: tuple[str, ...]) -> None:
    assert maps.plan_map(without(synthetic_plan(), *gone), tmp_path / "map.png").stat().st_size > 50_000


def test_a_plan_without_anything_still_has_a_map(tmp_path: Path) -> None:
    plan = replace(synthetic_plan(), tables={}, attribution=[])
    assert maps.plan_map(plan, tmp_path / "map.png").exists()


def test_a_leg_whose_wkt_is_no_line_is_an_input_error_and_no_file(tmp_path: Path) -> None:
    plan = synthetic_plan()
    legs = {name: plan.tables["legs"][name] for name in plan.tables["legs"].columns}
    legs["wkt"] = np.array(["POINT (1 2)"] * len(plan.tables["legs"]), dtype=object)
    with pytest.raises(InputError):
        maps.plan_map(replace(plan, tables=plan.tables | {"legs": Table(legs)}), tmp_path / "map.png")
    assert list(tmp_path.iterdir()) == []


def test_the_map_is_cut_in_the_atlantic_when_lanes_cross_the_pacific() -> None:
    assert maps.best_cut(lanes(synthetic_plan())) == maps.ATLANTIC_CUT


def test_land_keeps_its_area_when_cut_in_the_atlantic() -> None:
    at_date_line, at_atlantic = maps.land(), maps.land(cut_lon=maps.ATLANTIC_CUT)
    area = shapely_area(at_date_line)
    assert shapely_area(at_atlantic) == pytest.approx(area, rel=1e-3)
    assert at_atlantic.total_bounds[0] >= -390.0
    assert at_atlantic.total_bounds[2] <= -30.0


def shapely_area(shapes: object) -> float:
    return float(np.sum([shape.area for shape in shapes if shape is not None]))  # type: ignore[attr-defined]


def test_every_region_has_a_panel_name() -> None:
    cases = [(-99.1, 19.4), (-46.6, -23.5), (16.4, 48.2), (31.2, 30.0), (114.0, 22.5), (151.2, -33.9)]
    regions = ["North America", "South America", "Europe", "Africa and Middle East", "Asia", "Oceania"]
    assert [region_of(*each) for each in cases] == regions


def route(*legs: tuple[str, list[tuple[float, float]]]) -> SimpleNamespace:
    parts = (SimpleNamespace(mode=mode, coordinates=np.array(line, dtype=float)) for mode, line in legs)
    return SimpleNamespace(legs=tuple(parts))


def test_a_route_becomes_a_frame_of_legs_split_at_the_antimeridian() -> None:
    frame = maps.route_geodataframe(
        route(("road", [(114, 22), (114.2, 22.5)]), ("sea", [(114.2, 22.5), (170, 40), (-120, 34)])),
        route_id="R7",
    )
    assert list(frame.columns) == ["route_id", "leg", "mode", "geometry"]
    assert frame.crs.to_epsg() == 4326
    assert frame["leg"].tolist() == [1, 2]
    assert frame.geometry.geom_type.tolist() == ["LineString", "MultiLineString"]


def test_air_follows_the_great_circle_and_an_unknown_shape_stays_empty() -> None:
    frame = maps.route_geodataframe(route(("air", [(113.9, 22.3), (8.6, 50.0)]), ("sea", [])))
    assert len(frame.geometry.iloc[0].coords) > 50
    assert frame.geometry.iloc[1] is None

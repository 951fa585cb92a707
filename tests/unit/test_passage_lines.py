"""Lines and zones: which links cross them, and what closing them closes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import small_network as small
import xroute as xr
from small_network import add_hub, add_link
from toy_network import GOODS
from xroute import network_extend
from xroute.link_lines import segments
from xroute.network_extend import extended_by
from xroute.passage_lines import line_of, shapes_of, tagged
from xroute.passage_zones import read_zones

ROOT = Path(__file__).resolve().parents[2]
ROAD_IN_THE_MIDDLE = "-9.5 40.0;-8.0 40.0"  # land and sea west of it


def crossing(*ends: tuple[float, float], line: str, geometry: str = "") -> bool:
    """Whether the link between two (lat, lon) crosses a line."""
    hubs = {"hub_id": ["A", "B"], "lat": [ends[0][0], ends[1][0]], "lon": [ends[0][1], ends[1][1]],
            "kind": ["junction"] * 2}  # fmt: skip
    links = {"origin": ["A"], "destination": ["B"], "mode": ["sea"], "distance_km": [30_000.0],
             "geometry": [geometry]}  # fmt: skip
    passages = {"passage_id": ["x"], "line": [line]}
    net = xr.Network.from_tables(hubs=hubs, links=links, passages=passages)
    return bool(net.links["passages"][0] == "x")


def tags(net: xr.Network) -> dict[str, str]:
    """Passages by the ends of each link."""
    links = net.links
    names = (f"{links['origin'][row]}-{links['destination'][row]}" for row in range(len(links)))
    return dict(zip(names, links["passages"].tolist(), strict=True))


# --- the crossing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "line", "expected"),
    [
        ((0, 0), (0, 10), "5 -1;5 1", True),
        ((0, 10), (0, 0), "5 -1;5 1", True),
        ((0, 0), (0, 10), "5 1;5 2", False),
        ((0, 0), (0, 10), "5 0;5 2", True),  # touches
        ((0, 0), (0, 10), "11 -1;11 1", False),
        ((0, 0), (0, 10), "11 0;20 0", False),  # on one line, apart
        ((0, 0), (0, 10), "4 2;5 1;6 2;6 -1", True),  # the last of three edges
        ((0, 170), (0, -170), "180 -1;180 1", True),
        ((0, 170), (0, -170), "-180 -1;-180 1", True),
        ((0, 170), (0, -170), "175 -1;175 1", True),
        ((0, 170), (0, -170), "-175 -1;-175 1", True),
        ((0, 170), (0, -170), "179 1;-179 -1", True),
        ((0, 170), (0, -170), "179 1;-179 2", False),
        ((0, 170), (0, -170), "0 -1;0 1", False),  # not the long way round
        ((60, 170), (60, -170), "180 60.3;180 61", True),  # the great circle runs north of the parallel
        ((60, 170), (60, -170), "180 59.5;180 60.1", False),
        ((51.9, 4.0), (40.5, -74.0), "-40 45;-40 53", False),
        ((51.9, 4.0), (40.5, -74.0), "-40 53;-40 54", True),
    ],
)
def test_a_link_crosses_a_line(
    a: tuple[float, float], b: tuple[float, float], line: str, expected: bool
) -> None:
    assert crossing(a, b, line=line) is expected


@pytest.mark.parametrize(("line", "expected"), [("5 -1;5 1", False), ("5 4;5 6", True), ("0 4;0 6", True)])
def test_a_link_with_a_geometry_crosses_where_it_runs(line: str, expected: bool) -> None:
    way = "LINESTRING (0 0, 0 5, 10 5, 10 0)"
    assert crossing((0, 0), (0, 10), line=line, geometry=way) is expected


def test_a_geometry_may_run_across_the_antimeridian() -> None:
    way = "LINESTRING (170 0, 179 5, -179 5, -170 0)"
    assert crossing((0, 170), (0, -170), line="180 4;180 6", geometry=way)
    assert not crossing((0, 170), (0, -170), line="0 4;0 6", geometry=way)


def test_shipped_sea_links_carry_the_tags_of_the_lines_that_they_cross() -> None:
    with (ROOT / "data" / "curated" / "passages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {name: np.array([row[name] for row in rows], dtype=object) for name in ("passage_id", "line")}
    shapes = shapes_of(table | {"modes": np.array(["sea"] * len(rows), dtype=object)})
    hubs, links = (xr.Network.load().core.table(name) for name in ("hubs", "links"))
    found, _ = tagged(hubs, links | {"passages": [""] * len(links["origin"])}, shapes)
    assert [set(text.split(";")) for text in found] == [set(text.split(";")) for text in links["passages"]]


@pytest.mark.parametrize("seed", range(4))
def test_crossings_agree_with_shapely_on_short_links(seed: int) -> None:
    shapely = pytest.importorskip("shapely")
    chance = np.random.default_rng(seed)
    many = 400
    places = chance.uniform(-0.5, 0.5, (2 * many, 2)) + np.repeat([[0.0, 0.0], [1.0, 1.0]], many, axis=0)
    places[many:] = places[:many] + chance.uniform(-0.2, 0.2, (many, 2))  # one segment: straight on the map
    ids = [f"H{row}" for row in range(2 * many)]
    hubs = {"hub_id": ids, "lon": places[:, 0], "lat": places[:, 1], "kind": ["junction"] * 2 * many}
    links = {"origin": ids[:many], "destination": ids[many:], "mode": ["sea"] * many,
             "distance_km": [60.0] * many}  # fmt: skip
    ring = shapely.convex_hull(shapely.MultiPoint(chance.uniform(-0.4, 0.4, (7, 2))))
    line = shapely.LineString(chance.uniform(-0.5, 0.5, (5, 2)))
    text = ";".join(f"{x!r} {y!r}" for x, y in shapely.get_coordinates(line).tolist())
    net = xr.Network.from_tables(
        hubs=hubs, links=links, passages={"passage_id": ["line"], "line": [text]},
        polygons=collection(zone(shapely.get_coordinates(ring).tolist(), zone_id="zone")),
    )  # fmt: skip
    ways = shapely.linestrings(np.stack([places[:many], places[many:]], axis=1))
    found = [set(tags.split(";")) - {""} for tags in net.links["passages"].tolist()]
    assert ["line" in each for each in found] == shapely.intersects(ways, line).tolist()
    assert ["zone" in each for each in found] == shapely.intersects(ways, ring).tolist()


def test_segments_are_short_and_join() -> None:
    hubs, links = (small.network().core.table(name) for name in ("hubs", "links"))
    pieces = segments(hubs, links, np.array([small.C1_C2, small.SEA], dtype=np.int64), step_km=50.0)
    assert (pieces.end_km - pieces.start_km).max() <= 50.0
    at_sea = pieces.only(pieces.link == small.SEA)
    assert at_sea.lon_a[1:].tolist() == pytest.approx(at_sea.lon_b[:-1].tolist())
    assert at_sea.start_km[0] == 0.0
    assert at_sea.start_km[1:].tolist() == pytest.approx(at_sea.end_km[:-1].tolist())


# --- closing ------------------------------------------------------------------------------------------


def test_a_closed_line_closes_the_links_that_cross_it() -> None:
    net = small.network().extended(passages={"passage_id": ["border"], "line": [ROAD_IN_THE_MIDDLE]})
    assert {name for name, tag in tags(net).items() if tag} == {"C1-C2", "PTLIS-RAIL-PTLEI-RAIL"}
    with pytest.raises(xr.NoRouteError, match="border"):
        net.route("C1", "C2", shipment=GOODS, modes=("road",),
                  scenario=xr.Scenario(closed_passages=("border",)))  # fmt: skip


def test_a_line_tags_links_that_are_added_with_it() -> None:
    more = {"origin": ["LIS"], "destination": ["OPO"], "mode": ["road"], "distance_km": [320.0]}
    net = small.network().extended(
        links=more, passages={"passage_id": ["border"], "line": [ROAD_IN_THE_MIDDLE]}
    )
    assert tags(net)["LIS-OPO"] == "border"


def test_a_line_may_be_for_some_modes_only() -> None:
    net = small.network().extended(
        passages={"passage_id": ["border"], "line": [ROAD_IN_THE_MIDDLE], "modes": ["rail; ferry"]}
    )
    assert {name for name, tag in tags(net).items() if tag} == {"PTLIS-RAIL-PTLEI-RAIL"}


def test_a_line_may_be_closed_by_default() -> None:
    net = small.network().extended(
        passages={"passage_id": ["border"], "line": [ROAD_IN_THE_MIDDLE], "default_closed": [True]}
    )
    with pytest.raises(xr.NoRouteError):
        net.route("C1", "C2", shipment=GOODS, modes=("road",))


def test_tags_add_to_those_that_are_there() -> None:
    tables = small.rows()
    tables["links"]["passages"][small.C1_C2] = "bridge"
    net = small.network(tables).extended(passages={"passage_id": ["x"], "line": [ROAD_IN_THE_MIDDLE]})
    assert tags(net)["C1-C2"] == "bridge;x"


def test_a_passage_without_a_line_tags_nothing() -> None:
    net = small.network().extended(passages={"passage_id": ["x", "y"], "line": [None, ""]})
    assert set(tags(net).values()) == {""}
    assert net.core.passage_ids[-2:] == ["x", "y"]


@pytest.mark.parametrize(
    ("known", "mode", "expected"),
    [("gibraltar", "sea", "gibraltar"), ("gibraltar", "road", ""), ("other", "sea", "")],
)
def test_an_added_sea_link_gets_the_tags_of_shipped_passages_that_the_network_has(
    monkeypatch: pytest.MonkeyPatch, known: str, mode: str, expected: str
) -> None:
    monkeypatch.setattr(network_extend, "package_data", lambda *parts: ROOT.joinpath("data", *parts))
    tables = small.rows()
    add_hub(tables, "W", "junction", 36.0, -6.5)
    add_hub(tables, "E", "junction", 36.0, -4.5)
    net = xr.Network.from_tables(**tables, passages={"passage_id": [known]})
    link = {"origin": ["W"], "destination": ["E"], "mode": [mode], "distance_km": [181.0]}
    assert tags(net.extended(links=link))["W-E"] == expected


# --- zones --------------------------------------------------------------------------------------------


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def zone(*rings: Any, **properties: Any) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"zone_id": "z"} | properties, "geometry": shape}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def in_zone(*features: Any) -> set[str]:
    net = small.network().extended(polygons=collection(*features))
    return {name for name, tag in tags(net).items() if tag}


def test_a_zone_tags_links_through_it() -> None:
    assert in_zone(zone(box(-10.0, 39.0, -9.8, 39.3))) == {"PTLIS-PTLEI"}


def test_a_zone_tags_links_within_it() -> None:
    assert in_zone(zone(box(-9.3, 38.5, -9.0, 38.9))) == {
        "C1-PTLIS", "C1-LIS", "C1-PTLIS-RAIL", "C1-C2", "PTLIS-PTLEI", "PTLIS-RAIL-PTLEI-RAIL",
    }  # fmt: skip


def test_a_link_in_a_hole_of_a_zone_is_outside() -> None:
    assert in_zone(zone(box(-20, 30, 0, 50), box(-15, 35, -5, 45))) == set()


def test_a_zone_of_two_parts_is_one_zone() -> None:
    parts = [[box(-9.15, 38.74, -9.12, 38.8)], [box(-8.69, 41.2, -8.66, 41.3)]]
    feature = zone() | {"geometry": {"type": "MultiPolygon", "coordinates": parts}}
    assert in_zone(feature) >= {"C1-LIS", "C2-OPO"}


@pytest.mark.parametrize("ring", [box(170, -5, 190, 5), box(-190, -5, -170, 5)])
@pytest.mark.parametrize(("lon", "expected"), [(175.0, "z"), (-175.0, "z"), (160.0, ""), (-160.0, "")])
def test_a_zone_may_lie_across_the_antimeridian(ring: Any, lon: float, expected: str) -> None:
    hubs = {"hub_id": ["A", "B"], "lat": [0.0, 0.5], "lon": [lon, lon], "kind": ["junction"] * 2}
    links = {"origin": ["A"], "destination": ["B"], "mode": ["sea"], "distance_km": [60.0]}
    net = xr.Network.from_tables(hubs=hubs, links=links, polygons=collection(zone(ring)))
    assert net.links["passages"].tolist() == [expected]


def test_a_zone_has_a_name_a_state_and_modes() -> None:
    net = small.network().extended(
        polygons=collection(zone(box(-10, 39, -8, 40), name="War risk", closed=True, modes="sea"))
    )
    assert net.passages.rows()[-1]["name"] == "War risk"
    assert net.passages_of(net.core.default_closed) == ("z",)
    assert {name for name, tag in tags(net).items() if tag} == {"PTLIS-PTLEI"}


def test_a_zone_comes_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps(collection(zone(box(-10.0, 39.0, -9.8, 39.3)))), encoding="utf-8")
    assert [each.shape.passage_id for each in read_zones(path)] == ["z"]


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["5 1", "5 1;5 1", "5 1;6", "5 1;6 x", "5 1;6 2 3", "5 1;181 0", "5 1;6 91", "nan 1;5 2", "inf 0;1 1",
     "5,1;6,2", "LINESTRING (1 2, 3 4)"],
)  # fmt: skip
def test_a_broken_line_is_an_input_error(text: str) -> None:
    with pytest.raises(xr.InputError) as caught:
        small.network().extended(passages={"passage_id": ["x", "y"], "line": ["0 0;1 1", text]})
    assert (caught.value.table, caught.value.row, caught.value.column) == ("passages", 2, "line")


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ({"passage_id": ["x"], "line": ["0 0;1 1"], "modes": ["hovercraft"]}, 1, "modes"),
        ({"passage_id": ["a;b"], "line": ["0 0;1 1"]}, 1, "passage_id"),
        ({"passage_id": ["x", "x"], "line": ["0 0;1 1"] * 2}, 2, "passage_id"),
        ({"line": ["0 0;1 1"]}, None, "passage_id"),
        ({"passage_id": ["x"], "default_closed": ["perhaps"]}, 1, "default_closed"),
    ],
)
def test_a_passage_that_means_nothing_is_an_input_error(table: Any, row: int | None, column: str) -> None:
    with pytest.raises(xr.InputError) as caught:
        small.network().extended(passages=table)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("passages", row, column)


def test_a_passage_that_is_there_already_names_the_row_of_the_user() -> None:
    net = small.network().extended(passages={"passage_id": ["x", "y"]})
    with pytest.raises(xr.InputError) as caught:
        extended_by(net.core, passages={"passage_id": ["z", "x"]})
    assert (caught.value.table, caught.value.row, caught.value.column) == ("passages", 2, "passage_id")


TWICE = {"origin": "LIS", "destination": "OPO", "mode": "air", "service_id": "LIS-OPO"}
GOOD = box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        (collection(zone(GOOD[:-1])), 1, "geometry"),
        (collection(zone(GOOD), zone([[0, 0], [1, 1], [0, 0]], zone_id="y")), 2, "geometry"),
        (collection(zone(GOOD), zone(GOOD)), 2, "zone_id"),
        (collection(zone(GOOD, zone_id="")), 1, "zone_id"),
        (collection(zone(GOOD, zone_id=None)), 1, "zone_id"),
        (collection(zone(GOOD, zone_id=True)), 1, "zone_id"),
        (collection(zone(GOOD, zone_id="a;b")), 1, "zone_id"),
        (collection(zone(GOOD, zone_id="x" * 65)), 1, "zone_id"),
        (collection(zone(GOOD, closed="yes")), 1, "closed"),
        (collection(zone(GOOD, name=5)), 1, "name"),
        (collection(zone(GOOD, modes="hovercraft")), 1, "modes"),
        (collection(zone(box(500_000, 0, 500_100, 100))), 1, "geometry"),
        (collection(zone(box(0, 0, float("nan"), 1))), 1, "geometry"),
        (collection(zone(["a", "b", "c", "a"])), 1, "geometry"),
        (collection(zone([[0], [1], [2], [0]])), 1, "geometry"),
        (collection(zone()), 1, "geometry"),
        (collection(zone(GOOD) | {"geometry": None}), 1, "geometry"),
        (collection(zone(GOOD) | {"geometry": {"type": "Point", "coordinates": [0, 0]}}), 1, "geometry"),
        (collection({"type": "Feature", "geometry": None}), 1, None),
        (collection(5), 1, None),
        (collection(zone(GOOD), crs={"type": "name", "properties": {"name": "EPSG:3857"}}), None, "crs"),
        ({"type": "Polygon", "coordinates": [GOOD]}, None, None),
        ({}, None, None),
        (5, None, None),
    ],
)
def test_a_broken_zone_is_an_input_error(content: Any, row: int | None, column: str | None) -> None:
    with pytest.raises(xr.InputError) as caught:
        small.network().extended(polygons=content)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("polygons", row, column)


@pytest.mark.parametrize("text", [None, "", "[]", "{", "[" * 100_000])
def test_a_file_that_is_no_geojson_is_an_input_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "zones.geojson"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(xr.InputError, match="polygons"):
        small.network().extended(polygons=path)


def test_a_zone_with_the_id_of_a_passage_is_an_input_error() -> None:
    net = small.network().extended(passages={"passage_id": ["z"]})
    with pytest.raises(xr.InputError, match="choose another id") as caught:
        net.extended(polygons=collection(zone(GOOD)))
    assert (caught.value.table, caught.value.row, caught.value.column) == ("polygons", 1, "zone_id")


@pytest.mark.parametrize(
    ("tables", "table", "row", "column"),
    [
        ({"hubs": {"hub_id": ["N", "C1"], "lat": [1.0, 1.0], "lon": [1.0, 1.0], "kind": ["city"] * 2}},
         "hubs", 2, "hub_id"),
        ({"links": {"origin": ["C1"], "destination": ["NOWHERE"], "mode": ["road"], "distance_km": [1.0]}},
         "links", 1, "destination"),
        ({"services": {"origin": ["LIS", "LIS"], "destination": ["OPO", "NOWHERE"], "mode": ["air"] * 2}},
         "services", 2, "destination"),
        ({"services": {name: [cell] for name, cell in TWICE.items()}}, "services", 1, "service_id"),
    ],
)  # fmt: skip
def test_a_fault_in_an_added_table_names_the_row_of_the_user(
    tables: dict[str, Any], table: str, row: int, column: str
) -> None:
    with pytest.raises(xr.InputError) as caught:
        small.network().extended(**tables)
    assert (caught.value.table, caught.value.row, caught.value.column) == (table, row, column)


def test_a_line_keeps_its_corners() -> None:
    assert line_of(" 1 2 ; 3 4; ").tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_links_may_be_added_beside_a_line() -> None:
    tables = small.rows()
    add_link(tables, "C1", "OPO", "road", 330.0)
    net = xr.Network.from_tables(**tables, passages={"passage_id": ["x"], "line": [ROAD_IN_THE_MIDDLE]})
    assert tags(net)["C1-OPO"] == "x"

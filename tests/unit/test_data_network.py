"""The shipped network: its files are those of the manifest, its rows name their source, its facts hold."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import xroute as xr
from xroute import _core
from xroute.storage import package_data

ROOT = Path(__file__).resolve().parents[2]
GLOBAL = ROOT / "data" / "networks" / "global"
LINKS = ("sea", "rail", "ferry", "waterway", "road")
TABLES = ("hubs", "junctions", *(f"links_{mode}" for mode in LINKS), "services_air", "passages")
CONFIDENCE = {"high", "medium", "low"}
GOODS = xr.Shipment(mass_kg=1000, volume_m3=2.0)
BORDERS_SHORTER_THAN_THE_CROW_FLIES = {
    ("RAIL-CN-KHORGOS-HUOERGUOSI", "RAIL-KZ-ALTYNKOL-KHORGOS-GATEWAY"),
    ("BYBQT-RAIL", "RAIL-PL-MALASZEWICZE"),
    ("CNERC-RAIL", "RAIL-MN-ZAMYN-UUD"),
}
"""Crossings of a few km whose two stations are placed to the minute of arc only."""
LANES = {
    "suez": ("CNSHA", "NLRTM"),
    "panama": ("CNSHA", "USNYC"),
    "bab_el_mandeb": ("CNSHA", "NLRTM"),
    "hormuz": ("AEJEA", "INNSA"),
    "malacca": ("CNSHA", "NLRTM"),
    "sunda": ("CNSHA", "ZADUR"),
    "lombok": ("AUFRE", "CNSHA"),
    "torres": ("AUBNE", "SGSIN"),
    "gibraltar": ("ITGOA", "NLRTM"),
    "dardanelles": ("ROCND", "GRPIR"),
    "bosporus": ("ROCND", "GRPIR"),
    "cape_good_hope": ("SGSIN", "BRSSZ"),
    "magellan": ("CLSAI", "ARBUE"),
    "kiel": ("DEHAM", "PLGDN"),
    "corinth": ("GRPIR", "ITGOA"),
    "dover": ("NLRTM", "FRLEH"),
    "oresund_belts": ("DEHAM", "PLGDN"),
    "taiwan_strait": ("CNNGB", "CNYTN"),
    "bering": ("CNSHA", "NLRTM"),
    "northwest": ("CNSHA", "USNYC"),
    "northern_sea_route": ("CNSHA", "NLRTM"),
}
ONLY_WAYS = {"hormuz", "dardanelles", "bosporus", "oresund_belts"}
"""Nothing but the passage joins the two seas; the straits into the Baltic where the Kiel Canal is closed."""

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    with next(GLOBAL.rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def hubs() -> dict[str, Row]:
    return {row["hub_id"]: row for name in ("hubs", "junctions") for row in rows(name)}


@cache
def manifest() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((GLOBAL / "manifest.json").read_text("utf-8"))
    return facts


@cache
def package() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_package", ROOT / "data" / "build" / "package.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crow_km(row: Row) -> float:
    ends = (hubs()[row["origin"]], hubs()[row["destination"]])
    return _core.geodesic_km(*(float(end[name]) for end in ends for name in ("lat", "lon")))


def listed(name: str) -> Any:
    """What the manifest says of a table, in whichever folder it lies."""
    return next(facts for path, facts in manifest()["files"].items() if Path(path).stem == name)


# --- the manifest -------------------------------------------------------------------------------------


def test_the_manifest_lists_every_file() -> None:
    files = {
        str(path.relative_to(GLOBAL)) for path in GLOBAL.rglob("*") if path.suffix in (".csv", ".geojson")
    }
    assert files == set(manifest()["files"])


def test_what_derives_from_openstreetmap_lies_apart_with_its_licence() -> None:
    derived = {name for name, facts in manifest()["files"].items() if "osm" in facts["sources"]}
    assert derived == {"rail/links_rail.csv", "road/links_road.csv"}
    for name in derived:
        text = (GLOBAL / name).with_name("LICENSE.md").read_text("utf-8")
        assert "ODbL" in text
        assert "© OpenStreetMap contributors" in text


@pytest.mark.parametrize("name", sorted(manifest()["files"]))
def test_a_file_has_the_hash_of_the_manifest(name: str) -> None:
    content = (GLOBAL / name).read_bytes()
    facts = manifest()["files"][name]
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (facts["sha256"], facts["bytes"])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_rows_of_the_manifest(name: str) -> None:
    assert len(rows(name)) == listed(name)["rows"]


@pytest.mark.parametrize("name", TABLES)
def test_the_sources_of_the_rows_are_those_of_the_manifest(name: str) -> None:
    used = {row["source"] for row in rows(name)}
    assert sorted(used) == sorted(listed(name)["sources"])


@pytest.mark.parametrize("name", sorted(manifest()["files"]))
def test_the_licences_of_a_file_are_those_of_its_sources(name: str) -> None:
    facts = manifest()["files"][name]
    licences = {manifest()["sources"][source]["licence"] for source in facts["sources"]}
    assert sorted(licences) == sorted(facts["licences"])


@pytest.mark.parametrize("source", sorted(manifest()["sources"]))
def test_a_source_has_a_title_a_licence_and_a_credit(source: str) -> None:
    facts = manifest()["sources"][source]
    assert all(facts[name] for name in ("title", "licence", "credit"))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_confidence(name: str) -> None:
    assert {row["confidence"] for row in rows(name)} <= CONFIDENCE


# --- rows ---------------------------------------------------------------------------------------------


def test_hub_ids_are_unique() -> None:
    ids = [row["hub_id"] for name in ("hubs", "junctions") for row in rows(name)]
    assert [hub for hub, count in Counter(ids).items() if count > 1] == []


def test_service_ids_are_unique() -> None:
    ids = [row["service_id"] for row in rows("services_air")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", [*(f"links_{mode}" for mode in LINKS), "services_air"])
def test_both_ends_are_hubs(name: str) -> None:
    assert {row[end] for row in rows(name) for end in ("origin", "destination")} <= set(hubs())


@pytest.mark.parametrize("mode", LINKS)
def test_no_link_joins_a_hub_to_itself(mode: str) -> None:
    assert [row for row in rows(f"links_{mode}") if row["origin"] == row["destination"]] == []


@pytest.mark.parametrize("mode", LINKS)
def test_no_link_is_shorter_than_the_crow_flies(mode: str) -> None:
    short = {
        (row["origin"], row["destination"])
        for row in rows(f"links_{mode}")
        if float(row["line_km"] or row["distance_km"]) < 0.999 * crow_km(row) - 0.001
    }
    assert short - BORDERS_SHORTER_THAN_THE_CROW_FLIES == set()


def test_the_listed_border_crossings_are_short_by_little() -> None:
    listed = [
        row
        for row in rows("links_rail")
        if (row["origin"], row["destination"]) in BORDERS_SHORTER_THAN_THE_CROW_FLIES
    ]
    assert len(listed) == len(BORDERS_SHORTER_THAN_THE_CROW_FLIES)
    assert all(crow_km(row) - float(row["line_km"]) < 1.5 for row in listed)


def test_flights_are_great_circles() -> None:
    off = [row for row in rows("services_air") if abs(float(row["distance_km"]) / crow_km(row) - 1) > 1e-3]
    assert off == []


def test_every_large_city_is_there() -> None:
    people = [float(row["population"] or 0) for row in rows("hubs") if row["kind"] == "city"]
    assert len([each for each in people if each > 100_000]) > 4_000


# --- rail ---------------------------------------------------------------------------------------------


def test_every_rail_link_has_a_gauge() -> None:
    assert {row["gauge_mm"] for row in rows("links_rail")} <= {
        "1435",
        "1520",
        "1524",
        "1600",
        "1668",
        "1000",
        "1067",
        "1676",
    }


def test_gauges_meet_only_where_freight_can_change_trains() -> None:
    gauges: dict[str, set[str]] = {}
    for row in rows("links_rail"):
        for end in ("origin", "destination"):
            gauges.setdefault(row[end], set()).add(row["gauge_mm"])
    kinds = {hubs()[hub]["kind"] for hub, widths in gauges.items() if len(widths) > 1}
    assert kinds <= {"border", "rail_terminal"}


def test_trains_from_china_to_europe_change_gauge_twice(net: xr.Network) -> None:
    route = net.route("CNXIA-RAIL", "DEDUI-RAIL", shipment=GOODS, modes=("rail",))
    changes = [stop for stop in route.stops if (stop.from_mode, stop.to_mode) == ("rail", "rail")]
    assert len(changes) == 2


# --- passages -----------------------------------------------------------------------------------------


def test_every_passage_is_carried_by_a_link() -> None:
    carried = {name for mode in LINKS for row in rows(f"links_{mode}") for name in row["passages"].split(";")}
    assert {row["passage_id"] for row in rows("passages")} == carried - {""}


def test_every_passage_has_a_lane_here() -> None:
    assert {row["passage_id"] for row in rows("passages")} == set(LANES)


def shortest_by_sea(net: xr.Network, passage: str, *avoid: str) -> xr.Route:
    arctic = ("northern_sea_route",) if passage == "bering" else ()
    shut = ("kiel",) if passage == "oresund_belts" else ()
    scenario = xr.Scenario(open_passages=(passage, *arctic), closed_passages=shut)
    return net.route(*LANES[passage], shipment=GOODS, modes=("sea",), minimise="distance",
                     scenario=scenario, avoid=avoid)  # fmt: skip


@pytest.mark.parametrize("passage", sorted(LANES))
def test_the_shortest_way_of_its_lane_takes_a_passage(net: xr.Network, passage: str) -> None:
    assert passage in shortest_by_sea(net, passage).passages


@pytest.mark.parametrize("passage", sorted(set(LANES) - ONLY_WAYS))
def test_a_closed_passage_lengthens_its_lane(net: xr.Network, passage: str) -> None:
    round_it = shortest_by_sea(net, passage, passage)
    assert round_it.distance_km > shortest_by_sea(net, passage).distance_km


@pytest.mark.parametrize("passage", sorted(ONLY_WAYS))
def test_a_closed_passage_without_another_way_is_no_route(net: xr.Network, passage: str) -> None:
    with pytest.raises(xr.NoRouteError) as caught:
        shortest_by_sea(net, passage, passage)
    assert f"avoid {passage}" in caught.value.binding


@pytest.mark.parametrize("passage", ["northern_sea_route", "northwest"])
def test_arctic_routes_are_closed_by_default(net: xr.Network, passage: str) -> None:
    assert passage in net.passages_of(net.core.default_closed)


# --- what an installed package reads ------------------------------------------------------------------


def test_the_shipped_network_is_a_fresh_build_of_the_tables() -> None:
    is_same = package().compiled().core.save() == package_data("global.xnet").read_bytes()
    assert is_same, "run `make network`"  # the bytes themselves would take minutes to compare in words


@pytest.mark.parametrize("name", package().CURATED)
def test_a_curated_table_of_the_package_equals_its_source(name: str) -> None:
    source = ROOT / "data" / "curated" / f"{name}.csv"
    assert package_data("curated", f"{name}.csv").read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    "pack", [path.parent.name for path in sorted((ROOT / "data" / "factors").glob("*/pack.toml"))]
)
def test_a_factor_pack_of_the_package_equals_its_source(pack: str) -> None:
    here, there = ROOT / "data" / "factors" / pack, package_data("factors", pack)
    names = sorted(path.name for path in here.iterdir())
    assert names == sorted(path.name for path in there.iterdir())
    assert all((here / name).read_bytes() == (there / name).read_bytes() for name in names)


def test_the_map_of_the_package_equals_its_source() -> None:
    assert (
        package_data("countries.geojson").read_bytes() == (GLOBAL / "maps" / "countries.geojson").read_bytes()
    )


def test_the_package_holds_nothing_without_a_source() -> None:
    folders = {path.name for path in package_data().iterdir()}
    assert folders <= {"curated", "factors", "global.xnet", "countries.geojson", "cases"}


def test_the_notices_name_licence_and_credits(net: xr.Network) -> None:
    notices = net.core.table("notices")
    texts = dict(zip(notices["title"], notices["text"], strict=True))
    assert "ODbL-1.0" in texts["licence"]
    assert all(facts["credit"] in texts["credits"] for facts in manifest()["sources"].values())


# --- distances that others measured -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "destination", "nautical_miles"),
    [("CNSHA", "NLRTM", 10_521), ("CNYTN", "USLAX", 6_378)],
)
def test_sea_distances_agree_with_published_ones(
    net: xr.Network, origin: str, destination: str, nautical_miles: int
) -> None:
    route = net.route(origin, destination, shipment=GOODS, modes=("sea",), minimise="distance")
    assert route.distance_km / 1.852 == pytest.approx(nautical_miles, rel=0.02)


def test_xian_to_duisburg_by_rail_is_as_long_as_trains_run(net: xr.Network) -> None:
    route = net.route("CNXIA-RAIL", "DEDUI-RAIL", shipment=GOODS, modes=("rail",))
    assert 9_900 <= route.distance_km <= 10_900


def test_trains_run_the_line_but_on_the_legs_whose_service_length_is_curated(net: xr.Network) -> None:
    links = net.links
    is_rail = links["mode"] == "rail"
    longer = is_rail & (links["distance_km"] > links["line_km"] + 0.001)
    assert (links["distance_km"] >= links["line_km"] - 0.001)[is_rail].all()
    with (ROOT / "data" / "curated" / "rail_corridor_legs.csv").open(encoding="utf-8", newline="") as file:
        served = [row for row in csv.DictReader(file) if row["service_km"]]
    assert sorted(links["distance_km"][longer]) == sorted(float(row["service_km"]) for row in served)


def test_every_finding_of_lint_on_the_shipped_network_has_its_reason_and_no_reason_is_left_over(
    net: xr.Network,
) -> None:
    report = net.lint(allow=package_data("curated", "lint_reasons.csv"))
    assert [row["message"] for row in report.findings.rows() if row["status"] == "open"] == []
    assert report.unused_reasons.rows() == []


def test_legs_tell_their_kilometres_in_emission_control_areas(net: xr.Network) -> None:
    inside = net.route("NLRTM", "SEGOT", shipment=GOODS, modes=("sea",), minimise="distance")
    assert inside.eca_km == pytest.approx(inside.distance_km, rel=0.1)
    across = net.route("CNSHA", "NLRTM", shipment=GOODS, modes=("sea",), minimise="distance")
    assert 0.0 < across.eca_km < 0.25 * across.distance_km
    assert net.route("Leipzig, DE", "Berlin, DE", shipment=GOODS, modes=("road",)).eca_km == 0.0


def test_a_canal_closes_with_its_country(net: xr.Network) -> None:
    for country, ends, canal in (("EG", ("SGSIN", "NLRTM"), "suez"), ("PA", ("CNSHA", "USNYC"), "panama")):
        scenario = xr.Scenario(closed_countries=(country,))
        found = net.route(*ends, shipment=GOODS, modes=("sea",), minimise="distance", scenario=scenario)
        assert canal not in found.passages
        assert canal in net.route(*ends, shipment=GOODS, modes=("sea",), minimise="distance").passages


def test_no_cheapest_route_goes_round_by_a_ferry_to_where_it_came_from(net: xr.Network) -> None:
    for ends in (("Chongqing, CN", "Madrid, ES"), ("CNYTN", "Leipzig, DE"), ("Yiwu, CN", "Milan, IT")):
        ferries = [leg for leg in net.route(*ends, shipment=GOODS).legs if leg.mode == "ferry"]
        assert all(leg.origin_country != leg.destination_country for leg in ferries)

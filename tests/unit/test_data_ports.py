"""Curated facts of ports, vessels, waterways and airports: each row names a source and holds together."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

CURATED = Path(__file__).parents[2] / "data" / "curated"
Rows = list[dict[str, str]]
TABLES = (
    "carbon_schemes",
    "inland_waterway_legs",
    "main_ports",
    "passages",
    "port_drafts",
    "river_ports",
    "timezones",
    "vessel_classes",
)


def rows(name: str) -> Rows:
    with (CURATED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seaports() -> set[str]:
    return {row["locode"] for row in rows("container_ports") if row["kind"] == "seaport"}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_confidence(name: str) -> None:
    for row in rows(name):
        assert row["source"], row
        assert row["confidence"] in ("high", "medium", "low"), row


def test_every_curated_seaport_has_a_draft_between_barge_and_supertanker() -> None:
    drafts = {row["hub_id"]: float(row["max_draft_m"]) for row in rows("port_drafts")}
    assert seaports() - drafts.keys() == set()
    assert all(5.0 <= draft_m <= 25.0 for draft_m in drafts.values())


def test_main_ports_take_ships_of_three_thousand_teu() -> None:
    drafts = {row["hub_id"]: float(row["max_draft_m"]) for row in rows("port_drafts")}
    main = [row["hub_id"] for row in rows("main_ports")]
    assert len(main) == len(set(main))
    assert all(drafts[port] >= 10.4 for port in main)


def test_neopanamax_fits_panama_and_the_largest_ships_do_not() -> None:
    panama = next(row for row in rows("passages") if row["passage_id"] == "panama")
    ships = {row["class_id"]: row for row in rows("vessel_classes")}
    limits = float(panama["draft_limit_m"]), float(panama["beam_limit_m"])
    neo, ulcv = (
        (float(ships[name]["draft_m"]), float(ships[name]["beam_m"])) for name in ("neopanamax", "ulcv")
    )
    assert neo <= limits
    assert all(own > limit for own, limit in zip(ulcv, limits, strict=True))


def test_the_hours_of_a_waterway_are_those_of_a_barge() -> None:
    for leg in rows("inland_waterway_legs"):
        down, up = (float(leg["km"]) / float(leg[name]) for name in ("hours_down", "hours_up"))
        assert 4.0 <= up <= down <= 23.0, leg


def test_the_ends_of_a_waterway_stand_in_the_table_of_river_ports() -> None:
    ids = {row["name"]: row["locode"] for row in rows("river_ports")}
    for leg in rows("inland_waterway_legs"):
        assert (ids[leg["from"]], ids[leg["to"]]) == (leg["from_id"], leg["to_id"])


@pytest.mark.parametrize(
    ("ports", "km"),
    [
        (
            ("Duisburg", "Neuss-Dusseldorf", "Cologne", "Koblenz", "Mainz", "Mannheim"),
            355,
        ),  # Rhine-km 780-425
        (
            ("Kelheim", "Regensburg", "Linz", "Vienna", "Bratislava", "Budapest", "Belgrade"),
            1244,
        ),  # 2414-1170
        (("New Orleans", "Memphis", "St Louis"), 1672),  # 640 and 399 statute miles
        (("Buenos Aires", "Rosario", "Villeta", "Asuncion"), 1630),  # 1,240 km of Parana, 390 km of Paraguay
        (("Manaus", "Santarem", "Belem"), 1646),
    ],
)
def test_legs_add_up_to_the_marks_on_the_banks(ports: tuple[str, ...], km: float) -> None:
    found = {frozenset((leg["from"], leg["to"])): float(leg["km"]) for leg in rows("inland_waterway_legs")}
    total_km = sum(found[frozenset(pair)] for pair in pairwise(ports))
    assert total_km == pytest.approx(km, rel=0.01)


def test_only_two_neighbouring_ports_are_transhipment_ports_in_eu_law() -> None:
    flagged = {
        row["place"]: row["carbon_scheme"] for row in rows("carbon_schemes") if row["eu_transhipment_port"]
    }
    assert flagged == {"EGPSD": "none", "MAPTM": "none"}

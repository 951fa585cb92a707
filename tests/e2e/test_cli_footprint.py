"""Footprints and records on the command line: told, laid side by side, recomputed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import xroute as xr
from xroute.cli import app
from xroute.ileap import Company, to_ileap, write_ileap

OK, BAD_DATA = 0, 3
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
CHAIN = """kind,mode,vehicle_class,mass_kg,distance_km,distance_basis,process,load_factor
transport,road,artic_truck,9000,300,sfd,,0.9
hub,,,9000,,,warehouse,
transport,sea,container_ship,9000,9000,sfd,,
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def chain(tmp_path: Path) -> str:
    path = tmp_path / "chain.csv"
    path.write_text(CHAIN, encoding="utf-8")
    return str(path)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    legs = [xr.TransportElement(mode="road", mass_kg=4000, distance_km=300, distance_basis="sfd")]
    found = xr.TransportChain([*legs, xr.HubElement(process="warehouse", mass_kg=4000)]).footprint()
    made = to_ileap(found, shipment_id="S", company=Company(name="A"), created=START, period=(START, END))
    return write_ileap(made, tmp_path / "record.json")


def test_the_arithmetic_is_told(chain: str) -> None:
    answer = run("footprint", chain, "--explain")
    assert answer.exit_code == OK
    for words in ("x 1.15", "load factor 90%", "g CO2e/tkm / 1000 =", "Annex G (sea)", "tonnes that leave"):
        assert words in answer.stdout, words


def test_packs_stand_side_by_side_with_the_leg_that_makes_the_spread(chain: str) -> None:
    answer = run("footprint", chain, "--packs", "desnz-2025,desnz-2026")
    assert answer.exit_code == OK
    assert "spread of the totals" in answer.stdout


def test_a_sound_record_is_valid(record: Path) -> None:
    answer = run("footprint", "validate", str(record))
    assert answer.exit_code == OK
    assert "2 elements" in answer.stdout
    assert "0 wrong" in answer.stdout


def test_a_wrong_record_lists_every_finding_with_what_was_expected(record: Path) -> None:
    content = json.loads(record.read_text("utf-8"))
    first = content[0]["extensions"][0]["data"]["tces"][0]
    right = first["co2eWTW"]
    first["co2eWTW"] = str(float(right) * 1000)
    first["hocId"] = "x"
    record.write_text(json.dumps(content), encoding="utf-8")
    answer = run("footprint", "validate", str(record))
    assert answer.exit_code == BAD_DATA
    told = " ".join(answer.stdout.split())
    for words in (
        "xor",
        "expected exactly one",
        f"expected {float(right):.10g}",
        "grams taken for kilograms",
        "sum",
    ):
        assert words in told, words
    rows = json.loads(run("footprint", "validate", str(record), "--json").stdout)
    assert {row["check"] for row in rows} >= {"xor", "emission", "sum"}


def test_what_is_no_record_exits_with_bad_data(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text("[[[", encoding="utf-8")
    assert run("footprint", "validate", str(path)).exit_code == BAD_DATA
    assert run("footprint", "validate", str(tmp_path / "absent.json")).exit_code == BAD_DATA

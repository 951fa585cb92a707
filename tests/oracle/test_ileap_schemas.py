"""Exports against the public iLEAP and PACT schemas, and public examples against our check.

The schema files are read where they lie and are no part of the project; two of them refer to definitions by
the wrong name, which is put right in memory.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.ileap import Company, to_ileap
from xroute.ileap_check import validate

SHARED = Path(__file__).resolve().parents[3] / "shared" / "ileap"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no public iLEAP schemas beside the project")
WRONG_NAMES = {"#/definitions/Toc": "#/definitions/TOC", "#/definitions/Hoc": "#/definitions/HOC"}


def schema(name: str) -> Draft7Validator:
    text = (SHARED / f"{name}.schema.json").read_text("utf-8")
    for wrong, right in WRONG_NAMES.items():
        text = text.replace(f'"{wrong}"', f'"{right}"')
    return Draft7Validator(json.loads(text))


def exported() -> list[dict[str, Any]]:
    modes = (("road", "sfd"), ("sea", "sfd"), ("rail", "sfd"), ("air", "gcd"), ("inland_waterway", "sfd"))
    elements = [
        TransportElement(mode=mode, mass_kg=1500.5, distance_km=812.25, distance_basis=basis)
        for mode, basis in modes
    ]
    hubs = [HubElement(process=name, mass_kg=1500.5) for name in ("warehouse", "port_to_land", "airport")]
    moments = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    return to_ileap(
        TransportChain([*elements, *hubs]).footprint(), shipment_id="S-1",
        company=Company(name="A forwarder"), created=moments[0], period=moments,
    )  # fmt: skip


KINDS = {"shipment": "shipment-footprint", "toc": "toc", "hoc": "hoc"}


@pytest.mark.parametrize(
    "record", exported() if SHARED.is_dir() else [], ids=lambda each: each["productIds"][0]
)
def test_the_schemas_accept_every_exported_record(record: dict[str, Any]) -> None:
    kind = record["productIds"][0].split(":")[5]
    data = record["extensions"][0]["data"]
    assert [error.message for error in schema(KINDS[kind]).iter_errors(data)] == []
    assert [error.message for error in schema(f"pcf-{KINDS[kind]}").iter_errors(record)] == []


def test_an_export_passes_the_semantic_checks() -> None:
    assert validate(exported()).findings == ()


def test_the_check_reads_every_public_example_and_finds_what_is_known_to_be_wrong() -> None:
    found = {path.name: validate(path) for path in sorted(SHARED.glob("*.json")) if _is_footprint(path)}
    assert found
    for name, report in found.items():
        assert all(each.message and each.path.startswith("$") for each in report.findings), name
    demo = found.get("demo_footprints.json")
    if demo is not None:
        swapped = [each for each in demo.errors if each.found.startswith("1692.62")]
        assert any("1962.72" in each.expected for each in swapped)


def _is_footprint(path: Path) -> bool:
    text = path.read_text("utf-8")
    return "schema" not in path.name and ('"tces"' in text or '"tocId"' in text or '"hocId"' in text)

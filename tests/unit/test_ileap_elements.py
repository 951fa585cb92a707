"""What elements may say reaches the record and comes back: order, load, carriers, boxes, leaks, uplifts."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import xroute as xr
from xroute.ileap import Company, from_ileap, to_ileap
from xroute.ileap_check import validate

MOMENTS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "ileap"


@pytest.fixture(scope="module")
def footprint() -> xr.Footprint:
    boxes = xr.Factor.per_teu_km("lane", wtt_g_teu_km=10, ttw_g_teu_km=40, distance_basis="actual")
    leak = xr.RefrigerantLoss(name="R-134a", kg=0.02, gwp=1530, gwp_set="AR6")
    market = xr.EnergyFootprint([xr.ElectricityUse(kwh=300, location_g_kwh=350, market_g_kwh=20)])
    elements: list[xr.TransportElement | xr.HubElement] = [
        xr.TransportElement(mode="road", vehicle_class="artic_truck", mass_kg=9000, distance_km=200,
                            distance_basis="sfd", element="a", load_factor=0.8, empty_running=0.1,
                            follows=()),
        xr.TransportElement(mode="road", vehicle_class="artic_truck", mass_kg=9000, distance_km=300,
                            distance_basis="sfd", element="b", follows=(), temperature="refrigerated",
                            temperature_uplift=1.12, refrigerant=leak),
        xr.HubElement(process="port_to_land", mass_kg=18_000, country="DE", element="port",
                      follows=("a", "b"), refrigerant=leak),
        xr.TransportElement(mode="sea", mass_kg=18_000, teu=2, distance_km=9000, distance_basis="sfd",
                            factor=boxes, element="ship"),
        xr.TransportElement(mode="road", vehicle_class="artic_truck", mass_kg=18_000, distance_km=50,
                            distance_basis="sfd", element="c", carriers={"diesel": 0.7, "hvo": 0.3}),
        xr.TransportElement(mode="rail", mass_kg=18_000, distance_km=400, distance_basis="sfd", element="d",
                            energy=market),
    ]  # fmt: skip
    return xr.TransportChain(elements).footprint()


@pytest.fixture(scope="module")
def records(footprint: xr.Footprint) -> list[dict[str, Any]]:
    return to_ileap(footprint, shipment_id="S", company=Company(name="A"), created=MOMENTS[0], period=MOMENTS)


def data(records: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    found = [each["extensions"][0]["data"] for each in records]
    return [each for each in found if key in each and (key == "tces" or "tces" not in each)]


def test_the_record_passes_its_own_checks(records: list[dict[str, Any]]) -> None:
    assert validate(records).findings == ()


def test_nothing_is_lost_there_and_back(footprint: xr.Footprint, records: list[dict[str, Any]]) -> None:
    assert from_ileap(json.loads(json.dumps(records))) == {"S": footprint}


def test_a_hub_names_both_its_predecessors(records: list[dict[str, Any]]) -> None:
    tces = data(records, "tces")[0]["tces"]
    assert [each["prevTceIds"] for each in tces] == [[], [], ["1", "2"], ["3"], ["4"], ["5"]]
    assert (tces[3]["packagingOrTrEqType"], tces[3]["packagingOrTrEqAmount"]) == ("Container-TEU", "2")


def test_operations_state_load_carriers_and_temperature(records: list[dict[str, Any]]) -> None:
    operations = data(records, "tocId")
    loads = [(each.get("loadFactor"), each.get("emptyDistanceFactor")) for each in operations]
    assert ("0.8", "0.1") in loads
    assert sum(each["temperatureControl"] == "refrigerated" for each in operations) == 1
    mixes = [
        [(c["energyCarrier"], c["relativeShare"]) for c in each["energyCarriers"]] for each in operations
    ]
    assert [("Diesel", "0.7"), ("HVO", "0.3")] in mixes


def test_a_stranger_reads_the_same_emissions_and_order(
    footprint: xr.Footprint, records: list[dict[str, Any]]
) -> None:
    made = copy.deepcopy(records)
    del data(made, "tces")[0]["xroute"]
    found = from_ileap(made)["S"]
    assert found.wtw_co2e_kg == pytest.approx(footprint.wtw_co2e_kg, rel=1e-12)
    assert [line.follows for line in found.lines] == [None, (), ("1", "2"), None, None, None]
    assert isinstance(found.lines[0].factor, xr.Factor)
    assert found.lines[0].factor.load_factor == 0.8


def test_elements_may_stand_in_any_order(records: list[dict[str, Any]]) -> None:
    made = copy.deepcopy(records)
    shipment = data(made, "tces")[0]
    del shipment["xroute"]
    shipment["tces"].reverse()
    assert validate(made).findings == ()
    lines = from_ileap(made)["S"].lines
    assert [line.element for line in lines] == ["6", "5", "4", "3", "2", "1"]
    assert lines[3].follows == ("1", "2")


@pytest.mark.skipif(not SHARED.is_dir(), reason="no public iLEAP schemas beside the project")
def test_the_public_schemas_accept_these_fields(records: list[dict[str, Any]]) -> None:
    from jsonschema import Draft7Validator

    for key, name in (("tces", "shipment-footprint"), ("tocId", "toc"), ("hocId", "hoc")):
        schema = json.loads((SHARED / f"{name}.schema.json").read_text("utf-8"))
        for each in data(records, key):
            assert [error.message for error in Draft7Validator(schema).iter_errors(each)] == []

"""iLEAP out and in, and records of others: each broken in one way, each told by one clear finding."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import InputError
from xroute.factors import Factor
from xroute.footprint import Footprint
from xroute.ileap import Company, from_ileap, to_ileap, write_ileap
from xroute.ileap_check import RecordFinding, validate
from xroute.ileap_record import number_of

COMPANY = Company(name="A forwarder")
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
MASS = st.floats(0.01, 1e6)
KM = st.floats(96.0, 20_000.0)  # a flight is longer than the detour that is added to it


def records(footprint: Footprint) -> list[dict[str, Any]]:
    return to_ileap(footprint, shipment_id="S1", company=COMPANY, created=MAY, period=(MAY, JUNE))


@pytest.fixture(scope="module")
def footprint() -> Footprint:
    return TransportChain(
        [
            TransportElement(
                mode="road", vehicle_class="artic_truck", mass_kg=1200, distance_km=40, distance_basis="sfd"
            ),
            HubElement(process="port_to_land", mass_kg=1200, country="CN"),
            TransportElement(
                mode="sea", vehicle_class="container_ship", mass_kg=1200, distance_km=20_000,
                distance_basis="sfd",
            ),
            TransportElement(mode="air", mass_kg=200, distance_km=900, distance_basis="gcd"),
            TransportElement(mode="rail", mass_kg=1200, distance_km=500, distance_basis="sfd"),
        ]
    ).footprint()  # fmt: skip


def test_an_export_passes_its_own_check(footprint: Footprint) -> None:
    report = validate(records(footprint))
    assert report.findings == ()
    assert (report.shipments, report.elements, report.operations, report.hubs) == (1, 5, 4, 1)


def test_an_import_gives_the_same_footprint(footprint: Footprint, tmp_path: Path) -> None:
    path = write_ileap(records(footprint), tmp_path / "record.json")
    assert from_ileap(path) == {"S1": footprint}


def test_the_same_input_gives_the_same_record(footprint: Footprint) -> None:
    assert json.dumps(records(footprint)) == json.dumps(records(footprint))


def test_without_its_block_a_record_still_gives_the_same_emissions(footprint: Footprint) -> None:
    made = records(footprint)
    del made[0]["extensions"][0]["data"]["xroute"]
    found = from_ileap(made)["S1"]
    assert found.wtw_co2e_kg == pytest.approx(footprint.wtw_co2e_kg, rel=1e-12)
    assert found.ttw_co2e_kg == pytest.approx(footprint.ttw_co2e_kg, rel=1e-12)
    assert [line.mode for line in found.lines] == [line.mode for line in footprint.lines]


def test_a_block_that_disagrees_with_the_elements_is_refused(footprint: Footprint) -> None:
    made = records(footprint)
    made[0]["extensions"][0]["data"]["tces"][0]["co2eWTW"] = "1"
    with pytest.raises(InputError, match="different emissions"):
        from_ileap(made)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["road", "sea", "rail", "air", "hub"]), MASS, KM), min_size=1, max_size=6
    )
)
def test_every_chain_comes_back_as_it_was_and_is_valid(parts: list[tuple[str, float, float]]) -> None:
    chain = TransportChain(
        [
            HubElement(process="warehouse", mass_kg=mass)
            if mode == "hub"
            else TransportElement(
                mode=mode, mass_kg=mass, distance_km=km, distance_basis="gcd" if mode == "air" else "sfd"
            )
            for mode, mass, km in parts
        ]
    )
    made = records(chain.footprint())
    assert from_ileap(json.loads(json.dumps(made))) == {"S1": chain.footprint()}
    assert validate(made).errors == ()


def test_numbers_are_decimal_strings_and_optional_fields_are_left_out(footprint: Footprint) -> None:
    def walk(value: Any, path: str) -> None:
        assert value is not None, path
        if isinstance(value, dict):
            for name, each in value.items():
                if name not in ("xroute", "primaryDataShare", "exemptedEmissionsPercent", "version"):
                    walk(each, f"{path}.{name}")
        elif isinstance(value, list):
            for each in value:
                walk(each, path)
        else:
            assert not isinstance(value, float), path

    walk(records(footprint), "$")


def test_a_footprint_without_provision_makes_no_record() -> None:
    own = Factor(
        factor_id="x", mode="road", vehicle_class="x", wtt_g_tkm=float("nan"), ttw_g_tkm=1.0,
        distance_basis="sfd",
    )  # fmt: skip
    leg = TransportElement(mode="road", mass_kg=1, distance_km=1, distance_basis="sfd", factor=own)
    with pytest.raises(InputError):
        records(TransportChain([leg]).footprint(scope="ttw"))


# --- records of others -----------------------------------------------------------------------------------


def sound() -> list[dict[str, Any]]:
    carrier = {
        "energyCarrier": "Diesel", "relativeShare": "1", "emissionFactorWTW": "4.1",
        "emissionFactorTTW": "3.2",
    }  # fmt: skip
    truck = {
        "tocId": "truck", "mode": "Road", "energyCarriers": [carrier], "co2eIntensityWTW": "0.116",
        "co2eIntensityTTW": "0.089", "transportActivityUnit": "tkm", "loadFactor": "0.6",
        "emptyDistanceFactor": "0.2",
    }  # fmt: skip
    shed = {
        "hocId": "shed", "hubType": "Warehouse", "energyCarriers": [copy.deepcopy(carrier)],
        "co2eIntensityWTW": "33", "co2eIntensityTTW": "10", "hubActivityUnit": "tonnes",
    }  # fmt: skip
    elements = [
        {"tceId": "1", "prevTceIds": [], "tocId": "truck", "shipmentId": "S", "mass": "4000",
         "distance": {"actual": "300"}, "transportActivity": "1200", "co2eWTW": "139.2", "co2eTTW": "106.8"},
        {"tceId": "2", "prevTceIds": ["1"], "hocId": "shed", "shipmentId": "S", "mass": "4000",
         "distance": {"actual": "0"}, "transportActivity": "0", "co2eWTW": "132", "co2eTTW": "40"},
        {"tceId": "3", "prevTceIds": ["2"], "tocId": "truck", "shipmentId": "S", "mass": "4000",
         "distance": {"actual": "50", "gcd": "45"}, "transportActivity": "200", "co2eWTW": "23.2",
         "co2eTTW": "17.8"},
    ]  # fmt: skip
    shipment = {
        "pcf": {"declaredUnit": "ton kilometer", "unitaryProductAmount": "1400",
                "pCfExcludingBiogenic": "294.4", "primaryDataShare": 50.0},
        "extensions": [{"specVersion": "2.0.0", "dataSchema": "shipment-footprint",
                        "data": {"mass": "4000", "shipmentId": "S", "tces": elements}}],
    }  # fmt: skip
    return [shipment, truck, shed]


def tce(record: list[dict[str, Any]], at: int) -> dict[str, Any]:
    found: dict[str, Any] = record[0]["extensions"][0]["data"]["tces"][at]
    return found


Break = Callable[[list[dict[str, Any]]], Any]


def put(*path: Any) -> Break:
    """Sets the value at the end of a path: element number or "toc" or "hoc" or "pcf", field, value."""

    def apply(record: list[dict[str, Any]]) -> None:
        where, name, value = path
        part = {
            "toc": record[1], "hoc": record[2], "pcf": record[0]["pcf"],
            "shipment": record[0]["extensions"][0]["data"],
            "carrier": record[1]["energyCarriers"][0],
        }.get(where) if isinstance(where, str) else tce(record, where)  # fmt: skip
        assert part is not None
        if value is ...:
            del part[name]
        else:
            part[name] = value

    return apply


BROKEN: dict[str, tuple[Break, str, str]] = {
    "emission of a digit swap": (put(0, "co2eWTW", "193.2"), "emission", "139.2"),
    "grams for kilograms": (put(0, "co2eWTW", "139200"), "emission", "139.2"),
    "adjusted twice": (put(0, "co2eWTW", "160.08"), "emission", "139.2"),
    "ttw of another figure": (put(0, "co2eTTW", "99"), "emission", "106.8"),
    "activity off by ten": (put(0, "transportActivity", "12000"), "activity", "1200"),
    "activity in kg km": (put(0, "transportActivity", "1200000"), "activity", "1200"),
    "miles for kilometres": (put(0, "distance", {"actual": "186.4114"}), "activity", "745.6456"),
    "both operation and hub": (put(0, "hocId", "shed"), "xor", "exactly one"),
    "neither operation nor hub": (put(0, "tocId", ...), "xor", "exactly one"),
    "an operation that is not there": (put(0, "tocId", "lorry"), "reference", "TOC"),
    "a hub that is not there": (put(1, "hocId", "store"), "reference", "HOC"),
    "another shipment": (put(0, "shipmentId", "T"), "reference", "S"),
    "heavier than the shipment": (put("shipment", "mass", "3000"), "mass", "3000"),
    "hub by mass of nothing": (put(1, "co2eWTW", "33"), "emission", "132"),
    "a hub with a distance": (put(1, "distance", {"actual": "5"}), "activity", "0"),
    "a hub with activity": (put(1, "transportActivity", "20"), "activity", "0"),
    "unknown predecessor": (put(1, "prevTceIds", ["9"]), "order", ""),
    "a circle": (put(0, "prevTceIds", ["3"]), "order", ""),
    "an element twice": (put(2, "tceId", "2"), "order", ""),
    "a sum that forgets the hub": (put("pcf", "pCfExcludingBiogenic", "162.4"), "sum", "294.4"),
    "activity of the whole": (put("pcf", "unitaryProductAmount", "1600"), "sum", "1400"),
    "more than all primary": (put("pcf", "primaryDataShare", 150.0), "range", "[0, 100]"),
    "operation above the whole": (put("toc", "co2eIntensityTTW", "0.2"), "ttw", "<= 0.116"),
    "grams as the intensity": (put("toc", "co2eIntensityWTW", "116"), "plausible", "<= 2000"),
    "a train as dirty as a lorry": (put("toc", "mode", "Rail"), "", ""),
    "shares of two carriers": (put("carrier", "relativeShare", "0.6"), "shares", "1"),
    "shares in per cent": (put("carrier", "relativeShare", "100"), "shares", "1"),
    "an overloaded truck": (put("toc", "loadFactor", "1.4"), "range", "(0, 1]"),
    "always empty": (put("toc", "emptyDistanceFactor", "1"), "range", "[0, 1)"),
    "a decimal comma": (put(0, "co2eWTW", "139,2"), "shape", '"139.2"'),
    "a JSON number": (put(0, "mass", 4000), "shape", '"4000"'),
    "an exponent": (put(0, "mass", "4e3"), "shape", "decimal"),
    "null for nothing": (put(0, "mass", None), "shape", ""),
    "no distance": (put(0, "distance", {}), "shape", "actual"),
    "a missing field": (put(0, "co2eTTW", ...), "shape", "decimal"),
    "a hub type in small letters": (put("hoc", "hubType", "warehouse"), "shape", "Warehouse"),
    "an unknown mode": (put("toc", "mode", "Truck"), "shape", "Road"),
    "an unknown carrier": (put("carrier", "energyCarrier", "VLSFO"), "shape", "HFO"),
    "below zero": (put(0, "co2eTTW", "-106.8"), "sign", ">= 0"),
    "no elements": (put("shipment", "tces", []), "shape", "at least one"),
    "a great circle longer than the way": (
        put(2, "distance", {"actual": "50", "gcd": "60"}), "distance", "50",
    ),
    "arrival before departure": (
        lambda record: tce(record, 0).update(
            departureAt="2026-05-02T00:00:00Z", arrivalAt="2026-05-01T00:00:00Z"
        ), "order", "after",
    ),
    "half a position": (
        put(0, "origin", {"city": "Leipzig", "country": "DE", "lat": "51.3"}), "shape", "",
    ),
    "a country in words": (
        put(0, "origin", {"city": "Leipzig", "country": "Germany"}), "shape", "two letters",
    ),
}  # fmt: skip


def test_a_sound_record_has_no_finding() -> None:
    assert validate(sound()).findings == ()


@pytest.mark.parametrize("name", [name for name, (_, check, _) in BROKEN.items() if check])
def test_a_record_broken_in_one_way_is_told_where_and_what_was_expected(name: str) -> None:
    break_it, check, expected = BROKEN[name]
    record = sound()
    break_it(record)
    found: list[RecordFinding] = [each for each in validate(record).errors if each.check == check]
    assert found, validate(record).findings
    assert any(expected in f"{each.expected} {each.message}" for each in found), found
    assert all(each.path.startswith("$") and each.message for each in found)


def test_forty_ways_of_breaking_a_record_are_tried() -> None:
    assert sum(bool(check) for _, check, _ in BROKEN.values()) >= 40


@pytest.mark.parametrize(
    ("wrong", "right", "hint"),
    [("139200", "139.2", "grams"), ("1392", "139.2", "decimal place"), ("160.08", "139.2", "15 %")],
)
def test_a_usual_slip_is_named(wrong: str, right: str, hint: str) -> None:
    record = sound()
    tce(record, 0)["co2eWTW"] = wrong
    finding = next(each for each in validate(record).errors if each.check == "emission")
    assert hint in finding.message
    assert (finding.found, finding.expected) == (wrong, right)


def test_old_names_are_taken_with_a_note() -> None:
    record = sound()
    record[1]["co2eIntensityThroughput"] = record[1].pop("transportActivityUnit")
    record[1]["isVerified"] = True
    report = validate(record)
    assert report.is_valid
    assert [each.is_error for each in report.findings] == [False, False]


def test_a_hub_may_have_two_predecessors_and_elements_any_order() -> None:
    record = sound()
    elements = record[0]["extensions"][0]["data"]["tces"]
    tce(record, 1)["prevTceIds"] = ["1", "3"]
    tce(record, 2)["prevTceIds"] = []
    elements.reverse()
    assert validate(record).findings == ()


def test_containers_count_by_teu_km() -> None:
    record = sound()
    record[1] |= {"transportActivityUnit": "TEUkm", "mode": "Sea", "co2eIntensityWTW": "0.0499",
                  "co2eIntensityTTW": "0.04"}  # fmt: skip
    for at, km in ((0, 300), (2, 50)):
        tce(record, at).update(packagingOrTrEqType="Container-FEU", packagingOrTrEqAmount="2",
                               co2eWTW=f"{4 * km * 0.0499:g}", co2eTTW=f"{4 * km * 0.04:g}")  # fmt: skip
    record[0]["pcf"]["pCfExcludingBiogenic"] = f"{4 * 350 * 0.0499 + 132:g}"
    assert validate(record).findings == ()
    tce(record, 0)["co2eWTW"] = "90"
    assert [each.check for each in validate(record).errors] == ["emission", "sum"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "null", "3", '{"tces": NaN}', '"text"', "[" * 100_000, '[{"a": 1}]', "\ufeff"],
)
def test_what_is_no_record_is_an_input_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        validate(path)


FIELDS = ["tces", "tocId", "hocId", "mass", "distance", "data", "pcf", "extensions", "prevTceIds"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING)
@settings(max_examples=150, deadline=None)
def test_no_json_breaks_the_check(content: Any) -> None:
    try:
        report = validate({"tces": content} if not isinstance(content, dict | list) else content)
    except InputError:
        return
    assert not report.is_valid


@pytest.mark.parametrize(
    ("value", "number"), [("1.5", 1.5), ("1,5", 1.5), (2, 2.0), (True, None), ("1e3", None), ("", None)]
)
def test_numbers_are_read_as_they_are_meant(value: Any, number: float | None) -> None:
    assert number_of(value) == number

"""iLEAP records broken on purpose: files, structures, values. Each is told, none crashes or passes."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from xroute.chain import HubElement, TransportChain, TransportElement
from xroute.errors import InputError, XrouteError
from xroute.ileap import Company, from_ileap, to_ileap
from xroute.ileap_check import validate

Json = Any
Break = Callable[[list[Json]], None]
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def sound() -> list[Json]:
    chain = TransportChain(
        [
            TransportElement(mode="road", mass_kg=4000, distance_km=300, distance_basis="sfd"),
            HubElement(process="warehouse", mass_kg=4000),
            TransportElement(mode="sea", mass_kg=4000, distance_km=900, distance_basis="sfd"),
        ]
    )
    return to_ileap(
        chain.footprint(), shipment_id="S", company=Company(name="A"), created=START, period=(START, END)
    )


def shipment(record: list[Json]) -> Json:
    return record[0]["extensions"][0]["data"]


def operation(record: list[Json], name: str) -> Json:
    """The data of the first record whose extension holds a key."""
    return next(
        data for each in record if name in (data := each["extensions"][0]["data"]) and "tces" not in data
    )


def tce(at: int, **values: Any) -> Break:
    return lambda record: shipment(record)["tces"][at].update(values)


def without(at: int, name: str) -> Break:
    def apply(record: list[Json]) -> None:
        del shipment(record)["tces"][at][name]

    return apply


def whole(**values: Any) -> Break:
    return lambda record: shipment(record).update(values)


def toc(**values: Any) -> Break:
    return lambda record: operation(record, "tocId").update(values)


def hoc(**values: Any) -> Break:
    return lambda record: operation(record, "hocId").update(values)


def carrier(**values: Any) -> Break:
    return lambda record: operation(record, "tocId")["energyCarriers"][0].update(values)


def pcf(**values: Any) -> Break:
    return lambda record: record[0]["pcf"].update(values)


def both(record: list[Json]) -> None:
    operation(record, "tocId")["energyCarriers"] *= 2


HUGE = "9" * 400
BROKEN: dict[str, Break] = {
    "tces is a text": whole(tces="none"),
    "tces is an object": whole(tces={"1": {}}),
    "tces hold texts": whole(tces=["1", "2"]),
    "tces hold null": whole(tces=[None]),
    "no mass": whole(mass=None),
    "mass is a list": whole(mass=["4000"]),
    "mass in scientific notation": whole(mass="4e3"),
    "mass with a blank": tce(0, mass=" 4000"),
    "mass with a unit": tce(0, mass="4000 kg"),
    "mass beyond numbers": tce(0, mass=HUGE),
    "mass in grams": tce(0, mass="4000000"),
    "mass in tonnes": tce(0, mass="4"),
    "mass below zero": tce(0, mass="-4000"),
    "distance is a number": tce(0, distance=300),
    "distance of an unknown basis": tce(0, distance={"road": "300"}),
    "distance beyond numbers": tce(0, distance={"sfd": HUGE}),
    "distance below zero": tce(0, distance={"sfd": "-300"}),
    "distance in metres": tce(0, distance={"sfd": "300000"}),
    "distance in miles": tce(0, distance={"sfd": "186.41"}),
    "activity is true": tce(0, transportActivity=True),
    "activity missing": without(0, "transportActivity"),
    "activity of short tons": tce(0, transportActivity="1322.77"),
    "emission is NaN": tce(0, co2eWTW="NaN"),
    "emission is infinite": tce(0, co2eWTW="Infinity"),
    "emission beyond numbers": tce(0, co2eWTW=HUGE),
    "emission is an empty text": tce(0, co2eWTW=""),
    "emission in Arabic digits": tce(0, co2eWTW="\u0661\u0662"),
    "emission of operation above the whole": tce(0, co2eTTW="99999"),
    "tce without an id": without(0, "tceId"),
    "tce id is a number": tce(0, tceId=1),
    "tocId and hocId": tce(0, hocId="x"),
    "toc reference is an object": tce(0, tocId={"a": 1}),
    "toc reference is null": tce(0, tocId=None),
    "predecessors are a text": tce(1, prevTceIds="1"),
    "predecessors are objects": tce(1, prevTceIds=[{"id": "1"}]),
    "an element follows itself": tce(1, prevTceIds=["2"]),
    "predecessor that is not there": tce(1, prevTceIds=["7"]),
    "an arrival of no date": tce(0, arrivalAt="yesterday"),
    "a departure of thirteen months": tce(0, departureAt="2026-13-01T00:00:00Z"),
    "arrival before departure": tce(
        0, departureAt="2026-05-02T00:00:00Z", arrivalAt="2026-05-01T00:00:00Z"
    ),
    "arrival before departure, one of them without a zone": tce(
        0, departureAt="2026-05-09T00:00:00Z", arrivalAt="2026-05-01T00:00:00"
    ),
    "origin is a text": tce(0, origin="Leipzig"),
    "origin off the earth": tce(0, origin={"city": "X", "country": "DE", "lat": "123", "lng": "0"}),
    "packaging of no kind": tce(0, packagingOrTrEqType="Crate"),
    "packaging amount below zero": tce(0, packagingOrTrEqAmount="-1"),
    "mode missing": toc(mode=None),
    "mode is a list": toc(mode=["Road"]),
    "carriers are null": toc(energyCarriers=None),
    "carriers are a text": toc(energyCarriers="Diesel"),
    "no carriers": toc(energyCarriers=[]),
    "carriers are numbers": toc(energyCarriers=[1, 2]),
    "certifications are a number": toc(certifications=3),
    "certifications are a text": toc(certifications="GLECv3"),
    "certification of no scheme": toc(certifications=["ISO9001"]),
    "intensity in grams": toc(co2eIntensityWTW="95000"),
    "intensity below zero": toc(co2eIntensityWTW="-0.1"),
    "intensity is an object": toc(co2eIntensityTTW={"value": "0.1"}),
    "unit of no activity": toc(transportActivityUnit="tonne-mile"),
    "load factor in per cent": toc(loadFactor="60"),
    "load factor of nothing": toc(loadFactor="0"),
    "empty running of all": toc(emptyDistanceFactor="1"),
    "temperature of no kind": toc(temperatureControl="frozen"),
    "share of a carrier in per cent": carrier(relativeShare="100"),
    "share above one": carrier(relativeShare="1.5"),
    "share below zero": carrier(relativeShare="-1"),
    "two carriers of all each": both,
    "carrier factor operation above the whole": carrier(emissionFactorTTW="99"),
    "feedstocks are a text": carrier(feedstocks="Fossil"),
    "feedstock shares above one": carrier(
        feedstocks=[{"feedstock": name, "feedstockShare": "0.9"} for name in ("Fossil", "Grid")]
    ),
    "hub type unknown": hoc(hubType="Airport"),
    "hub unit of no activity": hoc(hubActivityUnit="pallets"),
    "hub intensity of operation above the whole": hoc(co2eIntensityTTW="9999"),
    "sum of emissions of grams": pcf(pCfExcludingBiogenic="1"),
    "sum of activities wrong": pcf(unitaryProductAmount="1"),
    "sum is a text": pcf(pCfExcludingBiogenic="much"),
    "more than all primary": pcf(primaryDataShare=101.0),
    "primary share below zero": pcf(primaryDataShare=-1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_is_an_error_with_its_place(sound: list[Json], name: str) -> None:
    record = copy.deepcopy(sound)
    BROKEN[name](record)
    report = validate(record)
    assert report.errors
    assert all(each.path.startswith("$") and each.message for each in report.findings)
    with contextlib.suppress(InputError):
        assert all(math.isfinite(each.wtw_co2e_kg) for each in from_ileap(record).values())


FILES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t",
    "a byte order mark": b"\xef\xbb\xbf[]",
    "two bytes a letter": "[]".encode("utf-16"),
    "no UTF-8": b'{"tces": "\xff"}',
    "a table": b"tceId,mass\n1,4000\n",
    "cut": b'[{"extensions": [{"data": {"tces": [{"tceId"',
    "two documents": b"[] []",
    "a comment": b"// record\n[]",
    "a trailing comma": b'{"tces": [],}',
    "NaN": b'{"tces": [], "mass": NaN}',
    "minus infinity": b'{"tces": [], "mass": -Infinity}',
    "a number of ten thousand digits": b'{"tces": [], "mass": ' + b"9" * 10_000 + b"}",
    "a number above all": b'{"tces": [], "mass": 1e999}',
    "the same key twice": b'{"tces": [], "mass": "1", "mass": "2"}',
    "very deep lists": b"[" * 200_000,
    "very deep objects": b'{"data":' * 50_000,
    "deep and closed": b"[" * 900 + b"]" * 900,
    "a workbook": b"PK\x03\x04",
    "a zero byte": b'{"tces": []}\x00',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_record_is_one_clear_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(FILES[name])
    for read in (validate, from_ileap):
        with pytest.raises(InputError) as caught:
            read(path)
        assert len(str(caught.value)) < 400


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, tmp_path / "absent.json", Path("/dev/zero")):
        with pytest.raises(InputError):
            validate(path)


def test_a_record_of_300_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"[")
    os.truncate(path, 300_000_000)
    with pytest.raises(InputError, match="larger"):
        validate(path)


def test_a_text_of_megabytes_is_not_repeated_in_the_finding(sound: list[Json]) -> None:
    record = copy.deepcopy(sound)
    long = "x" * 5_000_000
    operation(record, "tocId")["mode"] = long
    shipment(record)["tces"][0].update(mass=long, tocId=long)
    shipment(record)["tces"][1].update(tceId=long, prevTceIds=[long])
    report = validate(record)
    assert report.errors
    assert (
        max(len(f"{each.found}{each.expected}{each.message}{each.path}") for each in report.findings) < 2_000
    )


BLOCKS: dict[str, Any] = {
    "a text": "mine",
    "no lines": {"version": 1},
    "lines of texts": {"version": 1, "lines": ["a", "b", "c"]},
    "lines of another version": {"version": 99, "lines": []},
    "fewer lines": {"version": 1, "lines": []},
    "a field too many": {"version": 1, "lines": [{"kind": "transport", "factor": {"surprise": 1}}] * 3},
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_broken_block_of_xroute_is_refused(sound: list[Json], name: str) -> None:
    record = copy.deepcopy(sound)
    shipment(record)["xroute"] = BLOCKS[name]
    with pytest.raises(InputError):
        from_ileap(record)


@pytest.mark.parametrize(
    ("field", "value"),
    [("mass_kg", "4000"), ("mass_kg", 1.0), ("distance_km", None), ("ttw_co2e_kg", "1"), ("adjustment", []),
     ("distance_km", 299.0), ("mode", "air"), ("factor", None), ("wtt_co2e_kg", -1.0)],
)  # fmt: skip
def test_a_block_that_tells_another_story_than_its_elements_is_refused(
    sound: list[Json], field: str, value: Any
) -> None:
    record = copy.deepcopy(sound)
    shipment(record)["xroute"]["lines"][0][field] = value
    with pytest.raises(XrouteError):
        from_ileap(record)


def test_forty_kinds_of_broken_records_are_tried() -> None:
    assert len(BROKEN) >= 70
    assert len(FILES) + len(BLOCKS) >= 25


def test_the_record_is_sound_before_it_is_broken(sound: list[Json]) -> None:
    assert validate(json.loads(json.dumps(sound))).findings == ()

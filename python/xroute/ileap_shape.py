"""The shape of iLEAP 1.0.0 objects: which fields, which kinds of value, which names.

Written from the data model, not from its schema files: a fault names the place and what belongs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xroute.ileap_record import DECIMAL, OLD_NAMES, Part, number_of, objects, short

MODES = ("Road", "Rail", "Air", "Sea", "InlandWaterway")
HUB_TYPES = (
    "Transshipment",
    "StorageAndTransshipment",
    "Warehouse",
    "LiquidBulkTerminal",
    "MaritimeContainerTerminal",
)
CARRIERS = (
    "Diesel", "HVO", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel", "Hydrogen", "Methanol",
    "Electric",
)  # fmt: skip
PACKAGING = ("Box", "Pallet", "Container-TEU", "Container-FEU", "Container")
TEMPERATURES = ("ambient", "refrigerated", "mixed")
CERTIFICATIONS = ("ISO14083:2023", "GLECv2", "GLECv3", "GLECv3.1")
TEXT, NUMBER, LIST, OBJECT, MOMENT = "text", "decimal string", "list", "object", "date and time"
_FIELDS: dict[str, dict[str, tuple[str, bool, tuple[str, ...]]]] = {
    "shipment": {
        "mass": (NUMBER, True, ()), "shipmentId": (TEXT, True, ()), "tces": (LIST, True, ()),
        "volume": (NUMBER, False, ()),
    },
    "tce": {
        "tceId": (TEXT, True, ()), "shipmentId": (TEXT, True, ()), "mass": (NUMBER, True, ()),
        "distance": (OBJECT, True, ()), "transportActivity": (NUMBER, True, ()),
        "co2eWTW": (NUMBER, True, ()), "co2eTTW": (NUMBER, True, ()), "tocId": (TEXT, False, ()),
        "hocId": (TEXT, False, ()),
        "prevTceIds": (LIST, False, ()), "packagingOrTrEqType": (TEXT, False, PACKAGING),
        "packagingOrTrEqAmount": (NUMBER, False, ()), "departureAt": (MOMENT, False, ()),
        "arrivalAt": (MOMENT, False, ()), "origin": (OBJECT, False, ()), "destination": (OBJECT, False, ()),
    },
    "toc": {
        "tocId": (TEXT, True, ()), "mode": (TEXT, True, MODES), "energyCarriers": (LIST, True, ()),
        "co2eIntensityWTW": (NUMBER, True, ()), "co2eIntensityTTW": (NUMBER, True, ()),
        "transportActivityUnit": (TEXT, True, ("tkm", "TEUkm")), "loadFactor": (NUMBER, False, ()),
        "emptyDistanceFactor": (NUMBER, False, ()), "temperatureControl": (TEXT, False, TEMPERATURES),
        "truckLoadingSequence": (TEXT, False, ("LTL", "FTL")), "certifications": (LIST, False, ()),
        "airShippingOption": (TEXT, False, ("belly freight", "freighter")),
        "flightLength": (TEXT, False, ("short-haul", "long-haul")),
    },
    "hoc": {
        "hocId": (TEXT, True, ()), "hubType": (TEXT, True, HUB_TYPES), "energyCarriers": (LIST, True, ()),
        "co2eIntensityWTW": (NUMBER, True, ()), "co2eIntensityTTW": (NUMBER, True, ()),
        "hubActivityUnit": (TEXT, True, ("tonnes", "TEU")), "temperatureControl": (TEXT, False, TEMPERATURES),
        "certifications": (LIST, False, ()), "hubLocation": (OBJECT, False, ()),
    },
    "carrier": {
        "energyCarrier": (TEXT, True, CARRIERS), "relativeShare": (NUMBER, True, ()),
        "emissionFactorWTW": (NUMBER, True, ()), "emissionFactorTTW": (NUMBER, True, ()),
        "energyConsumption": (NUMBER, False, ()), "feedstocks": (LIST, False, ()),
        "energyConsumptionUnit": (TEXT, False, ("l", "kg", "kWh", "MJ")),
    },
}  # fmt: skip
_SIGNED = {
    "emissionFactorWTW",
    "co2eIntensityWTW",
    "co2eWTW",
    "emissionFactorTTW",
    "co2eIntensityTTW",
    "co2eTTW",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is not as the data model has it."""

    path: str
    message: str
    found: str = ""
    expected: str = ""
    check: str = "shape"
    is_error: bool = True


def faults(kind: str, part: Part) -> Iterator[Fault]:
    """Every fault of a shipment, toc or hoc and of what it holds."""
    yield from _fields(kind, part)
    if kind == "shipment":
        yield from _list(part, "tces", "tce")
        for tce in objects(part, "tces"):
            yield from _distance(tce)
            yield from _journey(tce)
    else:
        yield from _list(part, "energyCarriers", "carrier")
        yield from _certifications(part)


def _fields(kind: str, part: Part) -> Iterator[Fault]:
    fields = _FIELDS[kind]
    has_old = [name for name in OLD_NAMES if name in part.data]
    for name in has_old:
        new = " or ".join(OLD_NAMES[name]) or "nothing"
        yield Fault(
            path=f"{part.path}.{name}",
            message=f"a name from before 1.0.0; {new} took its place",
            is_error=False,
        )
    renamed = {new for name in has_old for new in OLD_NAMES[name]}
    for name, (what, is_required, names) in fields.items():
        path = f"{part.path}.{name}"
        if name not in part.data:
            if is_required and name not in renamed:
                yield Fault(path=path, message="missing", expected=what)
            continue
        value = part.data[name]
        if value is None:
            word = "is required" if is_required else "is left out where it has no value"
            yield Fault(path=path, message=f"null: the field {word}", found="null", is_error=is_required)
            continue
        yield from _value(path, name, value, what, names)


def _value(path: str, name: str, value: Any, what: str, names: tuple[str, ...]) -> Iterator[Fault]:
    if what == NUMBER:
        yield from _decimal(path, name, value)
    elif what == LIST and not isinstance(value, list):
        yield Fault(path=path, message="no list", found=short(value), expected="a list")
    elif what == OBJECT and not isinstance(value, Mapping):
        yield Fault(path=path, message="no object", found=short(value), expected="an object")
    elif what in (TEXT, MOMENT) and not isinstance(value, str):
        yield Fault(path=path, message="no text", found=short(value), expected=what)
    elif what == TEXT and not str(value).strip():
        yield Fault(path=path, message="empty", expected=what)
    elif names and value not in names:
        near = next((each for each in names if each.lower() == str(value).lower()), "")
        yield Fault(path=path, message="unknown name", found=short(value), expected=near or ", ".join(names))
    elif what == MOMENT and _moment(value) is None:
        yield Fault(
            path=path,
            message="no date and time",
            found=short(value),
            expected="such as 2026-05-31T08:00:00Z",
        )


def _decimal(path: str, name: str, value: Any) -> Iterator[Fault]:
    number = number_of(value)
    if number is None or not isinstance(value, str) or not DECIMAL.match(value):
        wanted = f'"{number:.12g}"' if number is not None else 'a decimal string such as "12.5"'
        why = "decimal comma" if isinstance(value, str) and number is not None else "no decimal string"
        yield Fault(path=path, message=why, found=short(value), expected=wanted)
    elif number is not None and number < 0.0 and name not in _SIGNED:
        yield Fault(path=path, message="below zero", found=value, expected=">= 0", check="sign")


def _list(part: Part, name: str, kind: str) -> Iterator[Fault]:
    rows = part.data.get(name)
    if not isinstance(rows, list):
        return
    if not rows:
        yield Fault(path=f"{part.path}.{name}", message="empty", expected="at least one")
    for number, each in enumerate(rows):
        if not isinstance(each, Mapping):
            yield Fault(path=f"{part.path}.{name}[{number}]", message="no object", found=short(each))
    for each in objects(part, name):
        yield from _fields(kind, each)


def _distance(tce: Part) -> Iterator[Fault]:
    distance = tce.data.get("distance")
    if not isinstance(distance, Mapping):
        return
    names = [name for name in ("actual", "gcd", "sfd") if distance.get(name) is not None]
    if not names:
        yield Fault(path=f"{tce.path}.distance", message="no distance", expected="one of actual, gcd, sfd")
    for name in names:
        yield from _decimal(f"{tce.path}.distance.{name}", name, distance[name])


def _journey(tce: Part) -> Iterator[Fault]:
    for name in ("origin", "destination"):
        place = tce.data.get(name)
        if place is not None and not isinstance(place, Mapping):
            yield Fault(path=f"{tce.path}.{name}", message="no object", found=short(place))
        elif isinstance(place, Mapping):
            yield from _location(f"{tce.path}.{name}", place)
    start, end = (_moment(tce.data.get(name)) for name in ("departureAt", "arrivalAt"))
    if start is not None and end is not None and end < start:
        yield Fault(
            path=f"{tce.path}.arrivalAt", message="arrives before it departs", check="order",
            found=str(tce.data["arrivalAt"]), expected=f"after {tce.data['departureAt']}",
        )  # fmt: skip


def _location(path: str, place: Mapping[str, Any]) -> Iterator[Fault]:
    if not isinstance(place.get("city"), str):
        yield Fault(path=f"{path}.city", message="missing", expected=TEXT)
    country = place.get("country")
    if not isinstance(country, str) or not re.fullmatch("[A-Z]{2}", country):
        yield Fault(
            path=f"{path}.country", message="no country", found=short(country), expected="two letters"
        )
    ends = {"lat": 90.0, "lng": 180.0}
    given = [name for name in ends if place.get(name) is not None]
    if len(given) == 1:
        yield Fault(path=path, message="lat and lng stand together or not at all", found=given[0])
    for name in given:
        value = number_of(place[name])
        if value is not None and abs(value) > ends[name]:
            yield Fault(path=f"{path}.{name}", message="off the earth", found=f"{value:g}",
                        expected=f"-{ends[name]:g} to {ends[name]:g}")  # fmt: skip


def _certifications(part: Part) -> Iterator[Fault]:
    stated = part.data.get("certifications")
    for each in stated if isinstance(stated, list) else []:
        if each not in CERTIFICATIONS:
            yield Fault(
                path=f"{part.path}.certifications", message="unknown name", found=short(each),
                expected=", ".join(CERTIFICATIONS),
            )  # fmt: skip


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment

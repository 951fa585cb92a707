"""Recomputes somebody else's iLEAP record and lists every finding with the value that was to be expected.

Schema validity is one part of it. The arithmetic is the other: activity, emission, sums, shares, order of the
elements, references, and what is plausible at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute import ileap_record, ileap_shape
from xroute.ileap_record import Document, Part, number_of, objects, short, unit_of

if TYPE_CHECKING:
    from xroute.table import Table

CEILING_G_TKM = {"Air": 6000.0, "Road": 2000.0, "Rail": 150.0, "InlandWaterway": 150.0, "Sea": 60.0}
ROLL_ON_G_TKM = 700.0
TONNES_PER_TEU = 10.0
_ROLL_ON_WORDS = ("ro-ro", "roro", "ro-pax", "ropax", "ferry")
_TEU = {"Container-TEU": 1.0, "Container-FEU": 2.0}
TOLERANCE = 1e-3
MOST_LETTERS = 300
_SLIPS = (
    (1000.0, "grams taken for kilograms, or kilograms for tonnes"),
    (10.0, "a decimal place slipped"),
    (1.15, "a distance adjustment of 15 % applied twice, or to a factor that holds it"),
    (1.609344, "miles taken for kilometres"),
    (1.852, "nautical miles taken for kilometres"),
    (1.102311, "short tons taken for tonnes"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinding:
    """One thing that is wrong: the check, the place in the document, what is there and what was expected.

    `is_error` is false for what a reader should know and that does not fail the record.
    """

    check: str
    path: str
    message: str
    found: str = ""
    expected: str = ""
    is_error: bool = True

    def __post_init__(self) -> None:
        for name in ("path", "message", "found", "expected"):
            text = getattr(self, name)
            if len(text) > MOST_LETTERS:
                object.__setattr__(self, name, f"{text[:MOST_LETTERS]}...")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport:
    """What a check of a record found; `is_valid` where nothing is wrong. Counts are of objects looked at."""

    findings: tuple[RecordFinding, ...]
    shipments: int
    elements: int
    operations: int
    hubs: int

    @property
    def errors(self) -> tuple[RecordFinding, ...]:
        """The findings that fail the record."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def is_valid(self) -> bool:
        """Whether no finding is an error."""
        return not self.errors

    def table(self) -> Table:
        """One row a finding: status (error or note), check, path, found, expected, message."""
        from xroute.table import Table

        names = ("check", "path", "found", "expected", "message")
        status = ["error" if each.is_error else "note" for each in self.findings]
        return Table(
            {"status": status} | {name: [getattr(each, name) for each in self.findings] for name in names}
        )


def validate(source: str | Path | dict[str, Any] | list[Any]) -> RecordReport:
    """Checks the iLEAP objects of a JSON file, or of content that is loaded already.

    ShipmentFootprint, TOC and HOC, bare or in PACT ProductFootprints, alone or in lists; names from before
    version 1.0.0 are taken with a note. Raises `InputError` for what is no JSON or holds no such object.
    """
    document = ileap_record.read(source)
    checks: list[Callable[[Document], Iterator[RecordFinding]]] = [
        _shape, _operations, _hubs, _elements, _order, _sums,
    ]  # fmt: skip
    found = [finding for check in checks for finding in check(document)]
    return RecordReport(
        findings=tuple(found),
        shipments=len(document.shipments),
        elements=sum(len(list(objects(part, "tces"))) for part in document.shipments),
        operations=len(document.operations),
        hubs=len(document.hubs),
    )


# --- shape -----------------------------------------------------------------------------------------------


def _shape(document: Document) -> Iterator[RecordFinding]:
    for part in document.strange:
        yield RecordFinding(check="shape", path=part.path, message="no iLEAP object is here", is_error=False)
    kinds = (("shipment", document.shipments), ("toc", document.operations), ("hoc", document.hubs))
    for kind, parts in kinds:
        for part in parts:
            for fault in ileap_shape.faults(kind, part):
                yield RecordFinding(
                    check=fault.check, path=fault.path, message=fault.message, found=fault.found,
                    expected=fault.expected, is_error=fault.is_error,
                )  # fmt: skip


# --- operations and hubs ---------------------------------------------------------------------------------


def _operations(document: Document) -> Iterator[RecordFinding]:
    yield from _twice(document.operations, "tocId")
    for part in document.operations:
        yield from _intensities(part)
        yield from _carriers(part)
        yield from _fraction(part, "loadFactor", least=0.0, most=1.0, is_least_open=True)
        yield from _fraction(part, "emptyDistanceFactor", least=0.0, most=1.0, is_most_open=True)
        wtw = number_of(part.data.get("co2eIntensityWTW"))
        if wtw is None:
            continue
        per_tkm = wtw * 1000.0 / (TONNES_PER_TEU if _is_teu(part) else 1.0)
        yield from _plausible(
            part.path + ".co2eIntensityWTW", per_tkm, _ceiling(part), str(part.data.get("mode"))
        )


def _hubs(document: Document) -> Iterator[RecordFinding]:
    yield from _twice(document.hubs, "hocId")
    for part in document.hubs:
        yield from _intensities(part)
        yield from _carriers(part)


def _twice(parts: list[Part], name: str) -> Iterator[RecordFinding]:
    seen: dict[str, Part] = {}
    for part in parts:
        key = str(part.data.get(name))
        first = seen.setdefault(key, part)
        names = ("co2eIntensityWTW", "co2eIntensityTTW")
        if first is not part and any(first.data.get(each) != part.data.get(each) for each in names):
            yield RecordFinding(
                check="reference", path=f"{part.path}.{name}", found=key,
                message=f"'{key}' is defined twice with other figures, first at {first.path}",
            )  # fmt: skip


def _intensities(part: Part) -> Iterator[RecordFinding]:
    yield from _ttw_within(part, "co2eIntensityTTW", "co2eIntensityWTW", _is_negative_allowed(part))


def _carriers(part: Part) -> Iterator[RecordFinding]:
    carriers = list(objects(part, "energyCarriers"))
    for carrier in carriers:
        is_free = str(carrier.data.get("energyCarrier")) in ("HVO", "Methanol", "LNG", "CNG", "Aviation fuel")
        yield from _ttw_within(carrier, "emissionFactorTTW", "emissionFactorWTW", is_free)
        yield from _fraction(carrier, "relativeShare", least=0.0, most=1.0)
        shares = [number_of(each.data.get("feedstockShare")) for each in objects(carrier, "feedstocks")]
        stated = [share for share in shares if share is not None]
        if stated and len(stated) == len(shares):
            yield from _one(stated, f"{carrier.path}.feedstocks", "feedstockShare")
    stated = [share for each in carriers if (share := number_of(each.data.get("relativeShare"))) is not None]
    if carriers and len(stated) == len(carriers):
        yield from _one(stated, f"{part.path}.energyCarriers", "relativeShare")


def _one(shares: list[float], path: str, name: str) -> Iterator[RecordFinding]:
    total = math.fsum(shares)
    if abs(total - 1.0) > 0.005:
        what = "100 times too much: per cent" if abs(total - 100.0) < 0.5 else f"{name} must add up to 1"
        yield RecordFinding(check="shares", path=path, message=what, found=f"{total:g}", expected="1")


def _ttw_within(part: Part, ttw_name: str, wtw_name: str, is_free: bool) -> Iterator[RecordFinding]:
    ttw, wtw = number_of(part.data.get(ttw_name)), number_of(part.data.get(wtw_name))
    for name, value in ((ttw_name, ttw), (wtw_name, wtw)):
        if value is not None and value < 0.0 and not (is_free and name == wtw_name):
            yield RecordFinding(
                check="sign",
                path=f"{part.path}.{name}",
                message="below zero",
                found=f"{value:g}",
                expected=">= 0",
            )
    if ttw is not None and wtw is not None and ttw > wtw * (1.0 + TOLERANCE) + 1e-12 and not is_free:
        yield RecordFinding(
            check="ttw", path=f"{part.path}.{ttw_name}", found=f"{ttw:g}", expected=f"<= {wtw:g}",
            message=f"operation ({ttw_name}) is more than the whole ({wtw_name})",
        )  # fmt: skip


def _is_negative_allowed(part: Part) -> bool:
    """Certified operations on fuels whose provision takes up carbon may have a WTT below zero."""
    carriers = {str(each.data.get("energyCarrier")) for each in objects(part, "energyCarriers")}
    return bool(part.data.get("certifications")) and "HVO" in carriers


def _fraction(
    part: Part,
    name: str,
    *,
    least: float,
    most: float,
    is_least_open: bool = False,
    is_most_open: bool = False,
) -> Iterator[RecordFinding]:
    value = number_of(part.data.get(name))
    if value is None:
        return
    is_low = value < least or (is_least_open and value == least)
    is_high = value > most or (is_most_open and value == most)
    if is_low or is_high:
        span = f"{'(' if is_least_open else '['}{least:g}, {most:g}{')' if is_most_open else ']'}"
        yield RecordFinding(
            check="range",
            path=f"{part.path}.{name}",
            message=f"outside {span}",
            found=f"{value:g}",
            expected=span,
        )


def _ceiling(part: Part) -> float | None:
    mode = str(part.data.get("mode"))
    words = f"{part.data.get('description', '')} {part.data.get('tocId', '')}".lower()
    if mode == "Sea" and any(word in words for word in _ROLL_ON_WORDS):
        return ROLL_ON_G_TKM
    return CEILING_G_TKM.get(mode)


def _plausible(path: str, g_tkm: float, ceiling: float | None, mode: str) -> Iterator[RecordFinding]:
    if ceiling is not None and g_tkm > ceiling:
        hint = (
            "; a thousandth of it is usual: grams written as kilograms" if g_tkm / 1000.0 <= ceiling else ""
        )
        yield RecordFinding(
            check="plausible", path=path, found=f"{g_tkm:g} g/tkm", expected=f"<= {ceiling:g} g/tkm",
            message=f"more than any {mode} transport emits{hint}",
        )  # fmt: skip


# --- elements --------------------------------------------------------------------------------------------


def _elements(document: Document) -> Iterator[RecordFinding]:
    operations = {str(part.data.get("tocId")): part for part in document.operations}
    hubs = {str(part.data.get("hocId")): part for part in document.hubs}
    for shipment in document.shipments:
        total = number_of(shipment.data.get("mass"))
        for tce in objects(shipment, "tces"):
            yield from _element(tce, shipment, total, operations, hubs)


def _element(
    tce: Part, shipment: Part, total_kg: float | None, operations: dict[str, Part], hubs: dict[str, Part]
) -> Iterator[RecordFinding]:
    toc, hoc = tce.data.get("tocId"), tce.data.get("hocId")
    if (toc is None) == (hoc is None):
        what = "both tocId and hocId are" if toc is not None else "neither tocId nor hocId is"
        yield RecordFinding(
            check="xor", path=tce.path, message=f"{what} stated", expected="exactly one of them"
        )
    if tce.data.get("shipmentId") != shipment.data.get("shipmentId"):
        yield RecordFinding(
            check="reference", path=f"{tce.path}.shipmentId", message="not the shipment that holds it",
            found=str(tce.data.get("shipmentId")), expected=str(shipment.data.get("shipmentId")),
        )  # fmt: skip
    mass = number_of(tce.data.get("mass"))
    if mass is not None and total_kg is not None and mass > total_kg * (1.0 + TOLERANCE):
        yield _mismatch("mass", f"{tce.path}.mass", mass, total_kg, "heavier than the shipment", is_most=True)
    yield from _ttw_within(tce, "co2eTTW", "co2eWTW", _is_free(operations.get(str(toc))))
    yield from _distances(tce)
    if toc is not None:
        yield from _transport(tce, operations.get(str(toc)), str(toc))
    elif hoc is not None:
        yield from _hub(tce, hubs.get(str(hoc)), str(hoc))


def _is_free(operation: Part | None) -> bool:
    return operation is not None and _is_negative_allowed(operation)


def _transport(tce: Part, operation: Part | None, toc: str) -> Iterator[RecordFinding]:
    mass, activity = number_of(tce.data.get("mass")), number_of(tce.data.get("transportActivity"))
    distances = _stated(tce)
    if mass is not None and activity is not None and distances:
        wanted = [km * mass / 1000.0 for km in distances]
        slack = _last_place(tce.data.get("transportActivity"))
        if not any(_agrees(activity, each, slack) for each in wanted):
            nearest = min(wanted, key=lambda each: abs(each - activity))
            path = f"{tce.path}.transportActivity"
            yield _mismatch("activity", path, activity, nearest, "not km x kg / 1000")
    if operation is None:
        yield _absent(f"{tce.path}.tocId", toc, "TOC")
        ceiling = max(CEILING_G_TKM.values())
        wtw = number_of(tce.data.get("co2eWTW"))
        if wtw is not None and activity:
            yield from _plausible(f"{tce.path}.co2eWTW", wtw * 1000.0 / activity, ceiling, "")
        return
    amount = _boxes(tce, distances) if _is_teu(operation) else activity
    if amount is None:
        yield RecordFinding(
            check="emission", path=f"{tce.path}.packagingOrTrEqAmount", is_error=False,
            message="a figure by TEU-km needs containers and their number: the emission was not recomputed",
        )  # fmt: skip
        return
    yield from _emission(tce, operation, amount)


def _hub(tce: Part, hub: Part | None, hoc: str) -> Iterator[RecordFinding]:
    for path, value in (
        (f"{tce.path}.transportActivity", number_of(tce.data.get("transportActivity"))),
        *((f"{tce.path}.distance", km) for km in _stated(tce)),
    ):
        if value:
            yield _mismatch("activity", path, value, 0.0, "a hub has no distance and no activity")
    if hub is None:
        yield _absent(f"{tce.path}.hocId", hoc, "HOC")
        return
    mass = number_of(tce.data.get("mass"))
    amount = (
        _teu(tce) if unit_of(hub, "hubActivityUnit") == "TEU" else None if mass is None else mass / 1000.0
    )
    if amount is not None:
        yield from _emission(tce, hub, amount)


def _emission(tce: Part, figures: Part, amount: float) -> Iterator[RecordFinding]:
    for name, of in (("co2eWTW", "co2eIntensityWTW"), ("co2eTTW", "co2eIntensityTTW")):
        stated, intensity = number_of(tce.data.get(name)), number_of(figures.data.get(of))
        if stated is None or intensity is None:
            continue
        wanted = amount * intensity
        slack = _last_place(tce.data.get(name)) + abs(amount) * _last_place(figures.data.get(of))
        if not _agrees(stated, wanted, slack):
            message = f"not {amount:,.6g} x {intensity:g} of {figures.path}"
            yield _mismatch("emission", f"{tce.path}.{name}", stated, wanted, message)


def _distances(tce: Part) -> Iterator[RecordFinding]:
    """A great circle is never longer than the way, the shortest way never much longer than the driven one."""
    distance = tce.data.get("distance")
    if not isinstance(distance, dict):
        return
    km = {name: number_of(distance.get(name)) for name in ("gcd", "sfd", "actual")}
    for shorter, longer in (("gcd", "sfd"), ("gcd", "actual"), ("sfd", "actual")):
        low, high = km[shorter], km[longer]
        if low is not None and high is not None and low > high * 1.05:
            yield RecordFinding(
                check="distance", path=f"{tce.path}.distance.{shorter}", found=f"{low:g}",
                expected=f"<= {high:g}",
                message=f"the {shorter} distance is longer than the {longer} distance",
            )  # fmt: skip


def _stated(tce: Part) -> list[float]:
    distance = tce.data.get("distance")
    if not isinstance(distance, dict):
        return []
    found = (number_of(distance.get(name)) for name in ("actual", "sfd", "gcd"))
    return [km for km in found if km is not None]


def _is_teu(operation: Part) -> bool:
    return unit_of(operation, "transportActivityUnit") == "TEUkm"


def _teu(tce: Part) -> float | None:
    size = _TEU.get(str(tce.data.get("packagingOrTrEqType")))
    count = number_of(tce.data.get("packagingOrTrEqAmount"))
    return None if size is None or count is None else size * count


def _boxes(tce: Part, distances: list[float]) -> float | None:
    teu = _teu(tce)
    return None if teu is None or not distances else teu * distances[0]


# --- order and sums --------------------------------------------------------------------------------------


def _order(document: Document) -> Iterator[RecordFinding]:
    for shipment in document.shipments:
        elements = list(objects(shipment, "tces"))
        names = [str(each.data.get("tceId")) for each in elements]
        for at, each in enumerate(elements):
            if names[at] in names[:at]:
                yield RecordFinding(
                    check="order",
                    path=f"{each.path}.tceId",
                    found=names[at],
                    message="another element has this id",
                )
            for before in _before(each):
                if before not in names:
                    yield RecordFinding(
                        check="order", path=f"{each.path}.prevTceIds", found=before,
                        message=f"'{before}' is no element of this shipment",
                    )  # fmt: skip
        ring = _ring({name: _before(each) for name, each in zip(names, elements, strict=True)})
        if ring:
            yield RecordFinding(
                check="order", path=f"{shipment.path}.tces", found=" > ".join(ring),
                message="the elements follow each other in a circle",
            )  # fmt: skip


def _before(tce: Part) -> list[str]:
    found = tce.data.get("prevTceIds")
    return [str(each) for each in found] if isinstance(found, list) else []


def _ring(before: dict[str, list[str]]) -> list[str]:
    """A circle of elements, empty where there is none: elements whose predecessors are done leave first."""
    left = {name: {each for each in some if each in before} for name, some in before.items()}
    while free := [name for name, some in left.items() if not some]:
        for name in free:
            del left[name]
        for some in left.values():
            some.difference_update(free)
    if not left:
        return []
    way = [min(left)]
    while way[-1] not in way[:-1]:
        way.append(min(left[way[-1]]))
    return way[way.index(way[-1]) :]


def _sums(document: Document) -> Iterator[RecordFinding]:
    for shipment in document.shipments:
        wrap = document.wraps.get(shipment.path)
        pcf = wrap.data.get("pcf") if wrap is not None else None
        if wrap is None or not isinstance(pcf, dict):
            continue
        elements = list(objects(shipment, "tces"))
        yield from _pcf_numbers(f"{wrap.path}.pcf", pcf)
        for name, of, unit in (
            ("unitaryProductAmount", "transportActivity", "ton kilometer"),
            ("pCfExcludingBiogenic", "co2eWTW", ""),
        ):
            stated = number_of(pcf.get(name))
            parts = [number_of(each.data.get(of)) for each in elements]
            if stated is None or None in parts or (unit and pcf.get("declaredUnit") != unit):
                continue
            wanted = math.fsum(part for part in parts if part is not None)
            slack = _last_place(pcf.get(name)) + sum(_last_place(each.data.get(of)) for each in elements)
            if not _agrees(stated, wanted, slack):
                path = f"{wrap.path}.pcf.{name}"
                yield _mismatch("sum", path, stated, wanted, f"not the sum of {of} over the elements")
        share = number_of(pcf.get("primaryDataShare"))
        if share is not None and not 0.0 <= share <= 100.0:
            yield RecordFinding(
                check="range", path=f"{wrap.path}.pcf.primaryDataShare", found=f"{share:g}",
                expected="[0, 100]", message="per cent of the emission from primary data",
            )  # fmt: skip


def _pcf_numbers(path: str, pcf: dict[str, Any]) -> Iterator[RecordFinding]:
    for name in ("unitaryProductAmount", "pCfExcludingBiogenic", "primaryDataShare"):
        value = pcf.get(name)
        if value is not None and number_of(value) is None:
            yield RecordFinding(
                check="shape", path=f"{path}.{name}", message="no number", found=short(value),
                expected="a decimal string",
            )  # fmt: skip


# --- numbers ---------------------------------------------------------------------------------------------


def _agrees(stated: float, wanted: float, slack: float) -> bool:
    return abs(stated - wanted) <= TOLERANCE * abs(wanted) + slack + 1e-9


def _last_place(text: Any) -> float:
    """Half a unit of the last place that a decimal states."""
    if not isinstance(text, str) or not ileap_record.DECIMAL.match(text):
        return 0.0
    exponent = Decimal(text).as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent) if isinstance(exponent, int) and exponent < 0 else 0.0


def _mismatch(
    check: str, path: str, stated: float, wanted: float, message: str, *, is_most: bool = False
) -> RecordFinding:
    ratio = stated / wanted if wanted else math.inf
    hint = next(
        (
            f"; {what}"
            for slip, what in _SLIPS
            for side in (slip, 1.0 / slip)
            if abs(ratio / side - 1.0) < 0.004
        ),
        "",
    )
    limit = "<= " if is_most else ""
    return RecordFinding(
        check=check, path=path, message=message + hint, found=_shown(stated), expected=limit + _shown(wanted)
    )


def _shown(value: float) -> str:
    return f"{value:.10g}"


def _absent(path: str, name: str, kind: str) -> RecordFinding:
    return RecordFinding(
        check="reference", path=path, found=name, expected=f"a {kind} of this id in the document",
        message=f"'{name}' is not in the document: the emission cannot be recomputed",
    )  # fmt: skip

"""Footprints as iLEAP 1.0.0 records on PACT 2.1, and back without loss.

A ShipmentFootprint with its elements, one TOC for each figure and way of counting kilometres, one HOC for
each figure of a hub. What the data model has no field for (factor ids, sources, categories) stands in a
block `xroute` beside the elements; with it an import gives the same footprint again.
"""

from __future__ import annotations

import dataclasses
import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xroute import ileap_record
from xroute.element_order import predecessors
from xroute.errors import InputError
from xroute.factors import Factor, HubFactor, not_negative
from xroute.footprint import Footprint, FootprintLine
from xroute.ileap_carriers import carriers_of
from xroute.ileap_record import Part, decimal_of, number_of, objects

MODES = {
    "road": "Road",
    "rail": "Rail",
    "air": "Air",
    "sea": "Sea",
    "ferry": "Sea",
    "inland_waterway": "InlandWaterway",
}
_FROM_MODES = {
    "Road": "road",
    "Rail": "rail",
    "Air": "air",
    "Sea": "sea",
    "InlandWaterway": "inland_waterway",
}
HUB_TYPES = {
    "warehouse": "Warehouse",
    "cross_dock": "Transshipment",
    "port_to_land": "MaritimeContainerTerminal",
    "port_transhipment": "MaritimeContainerTerminal",
}
_SPEC, _EXTENSION = "2.3.0", "2.0.0"
_SCHEMA = "https://api.ileap.sine.dev/{}.json"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:xroute:ileap")
BLOCK = "xroute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who states the footprint: name and an id as URN."""

    name: str
    urn: str = "urn:pathfinder:company:customcode:vendor-assigned:unknown"

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("expected the name of the company", column="name")
        if not self.urn.lower().startswith("urn:"):
            raise InputError(f"expected a URN, got '{self.urn}'", column="urn")


def to_ileap(
    footprint: Footprint,
    *,
    shipment_id: str,
    company: Company,
    created: datetime,
    period: tuple[datetime, datetime],
    mass_kg: float | None = None,
) -> list[dict[str, Any]]:
    """PACT footprints of a shipment, of each transport operation and of each hub operation it used.

    `mass_kg` is the shipment's; without it the heaviest element's. `created` and `period` (first and last
    moment of what was observed) are moments with a time zone. The same input gives the same record. Raises
    `InputError` for a footprint without elements or without a WTW total, or a moment without a zone.
    """
    if not footprint.lines or footprint.is_ttw_only:
        raise InputError("a record needs elements and a WTW total", table="footprint")
    for moment in (created, *period):
        if moment.tzinfo is None:
            raise InputError(f"{moment} has no time zone", column="created")
    frame = _Frame(company=company, created=created, period=period, lines=footprint.lines)
    mass = max(line.mass_kg for line in footprint.lines) if mass_kg is None else mass_kg
    records = [frame.shipment(footprint, shipment_id, not_negative(mass, "mass_kg"))]
    operations = {_figure_id(line): line for line in footprint.lines}
    return records + [frame.operation(name, line) for name, line in operations.items()]


def write_ileap(records: Sequence[Mapping[str, Any]], path: str | Path) -> Path:
    """Writes records as one JSON list."""
    target = Path(path)
    target.write_text(json.dumps(list(records), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def from_ileap(source: str | Path | list[Any] | dict[str, Any]) -> dict[str, Footprint]:
    """The footprints in a record by shipment id.

    With an `xroute` block every figure comes back as it was; without one each element becomes a line whose
    figure is its emission over its activity. Raises `InputError` for what is no record, an element that
    refers to nothing, or a block that does not agree with the elements.
    """
    document = ileap_record.read(source)
    modes = {str(part.data.get("tocId")): part for part in document.operations}
    hubs = {str(part.data.get("hocId")): part for part in document.hubs}
    found: dict[str, Footprint] = {}
    for part in document.shipments:
        name = str(part.data.get("shipmentId"))
        lines = _own_lines(part, modes) if BLOCK in part.data else _foreign(part, modes, hubs)
        found[name] = Footprint.of(lines)
    return found


# --- out -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What every record of one export shares."""

    company: Company
    created: datetime
    period: tuple[datetime, datetime]
    lines: tuple[FootprintLine, ...]

    def shipment(self, footprint: Footprint, shipment_id: str, mass_kg: float) -> dict[str, Any]:
        data = {
            "mass": decimal_of(mass_kg),
            "shipmentId": shipment_id,
            "tces": _tces(footprint.lines, shipment_id),
            BLOCK: {"version": 1, "lines": [_plain(line) for line in footprint.lines]},
        }
        activity = footprint.activity_tkm
        amount = ("ton kilometer", activity) if activity else ("kilogram", max(mass_kg, 1e-9))
        share = 100.0 * footprint.data_quality.get("primary", 0.0)
        pcf = self._pcf(amount, footprint.wtw_co2e_kg, share)
        return self._wrap("shipment", shipment_id, f"shipment {shipment_id}", pcf, data)

    def operation(self, name: str, line: FootprintLine) -> dict[str, Any]:
        is_hub = line.mode == "hub"
        wtw, ttw = _per_unit(line)
        carriers, note = carriers_of(line)
        words = f"{line.factor.factor_id} of {line.factor.pack_id} {line.factor.pack_version}".strip()
        if not is_hub:
            words += f", for {line.distance_basis} km" + (" on a ro-ro ferry" if line.mode == "ferry" else "")
        data: dict[str, Any] = {
            "hocId" if is_hub else "tocId": name,
            "description": f"{words}; {note}" if note else words,
            "energyCarriers": carriers,
            "co2eIntensityWTW": decimal_of(wtw),
            "co2eIntensityTTW": decimal_of(ttw),
        }
        if is_hub:
            data |= {"hubType": HUB_TYPES.get(_process(line), "Transshipment"), "hubActivityUnit": "tonnes"}
        else:
            data |= {"mode": MODES[line.mode], "transportActivityUnit": "tkm"}
            data |= _operation_fields(line)
        kind = "hoc" if is_hub else "toc"
        amount = ("kilogram", 1000.0) if is_hub else ("ton kilometer", 1.0)
        share = 100.0 if line.factor.category == "primary" else 0.0
        return self._wrap(kind, name, f"{kind.upper()} {name}", self._pcf(amount, wtw, share), data)

    def _pcf(self, amount: tuple[str, float], wtw_kg: float, primary: float) -> dict[str, Any]:
        sets = {line.factor.gwp_set.split()[0] for line in self.lines if line.factor.gwp_set}
        gwp = "AR5" if sets == {"AR5"} else "AR6"
        packs = {(line.factor.pack_id, line.factor.pack_version or "unknown") for line in self.lines}
        return {
            "declaredUnit": amount[0], "unitaryProductAmount": decimal_of(amount[1]),
            "pCfExcludingBiogenic": decimal_of(max(wtw_kg, 0.0)),
            "fossilGhgEmissions": decimal_of(max(wtw_kg, 0.0)),
            "fossilCarbonContent": "0", "biogenicCarbonContent": "0", "characterizationFactors": gwp,
            "ipccCharacterizationFactorsSources": sorted(sets & {"AR4", "AR5", "AR6"}) or [gwp],
            "crossSectoralStandardsUsed": ["GHG Protocol Product standard"],
            "boundaryProcessesDescription": "well to wheel, aligned with ISO 14083:2023",
            "referencePeriodStart": _moment(self.period[0]), "referencePeriodEnd": _moment(self.period[1]),
            "secondaryEmissionFactorSources": [
                {"name": name, "version": version} for name, version in sorted(packs)
            ],
            "exemptedEmissionsPercent": 0.0, "exemptedEmissionsDescription": "",
            "packagingEmissionsIncluded": False, "primaryDataShare": min(max(primary, 0.0), 100.0),
        }  # fmt: skip

    def _wrap(
        self, kind: str, name: str, title: str, pcf: dict[str, Any], data: dict[str, Any]
    ) -> dict[str, Any]:
        schema = "shipment-footprint" if kind == "shipment" else kind
        content = json.dumps([pcf, data], sort_keys=True)
        return {
            "id": str(uuid.uuid5(_NAMES, f"{kind}:{name}:{content}")), "specVersion": _SPEC, "version": 0,
            "created": _moment(self.created), "status": "Active", "companyName": self.company.name,
            "companyIds": [self.company.urn], "productDescription": f"Logistics emissions of {title}",
            "productIds": [f"urn:pathfinder:product:customcode:vendor-assigned:{kind}:{name}"],
            "productCategoryCpc": "83117", "productNameCompany": title, "comment": "", "pcf": pcf,
            "extensions": [
                {"specVersion": _EXTENSION, "dataSchema": _SCHEMA.format(schema), "data": data}
            ],
        }  # fmt: skip


def _operation_fields(line: FootprintLine) -> dict[str, Any]:
    """Optional fields of a TOC, left out where nothing is known."""
    factor = line.factor
    refrigerated = line.steps and any(step.startswith("refrigerated") for step in line.steps)
    found = {
        "temperatureControl": "refrigerated" if refrigerated else getattr(factor, "temperature", "ambient")
    }
    names = {"loadFactor": "load_factor", "emptyDistanceFactor": "empty_running"}
    for name, of in names.items():
        value = getattr(factor, of, None)
        if value is not None:
            found[name] = decimal_of(value)
    return found


def _tces(lines: Sequence[FootprintLine], shipment_id: str) -> list[dict[str, Any]]:
    before = predecessors([(line.element, line.follows) for line in lines])
    return [
        _tce(line, at, [f"{each + 1}" for each in before[at - 1]], shipment_id)
        for at, line in enumerate(lines, 1)
    ]


def _tce(line: FootprintLine, at: int, before: list[str], shipment_id: str) -> dict[str, Any]:
    is_hub = line.mode == "hub"
    boxes = {"packagingOrTrEqType": "Container-TEU", "packagingOrTrEqAmount": decimal_of(line.teu)}
    return {
        "tceId": f"{at}", "prevTceIds": before,
        "hocId" if is_hub else "tocId": _figure_id(line), "shipmentId": shipment_id,
        "mass": decimal_of(line.mass_kg),
        "distance": {line.distance_basis or "actual": decimal_of(line.distance_km)},
        "transportActivity": decimal_of(line.activity_tkm), "co2eWTW": decimal_of(line.wtw_co2e_kg),
        "co2eTTW": decimal_of(line.ttw_co2e_kg),
    } | (boxes if line.teu else {})  # fmt: skip


def _figure_id(line: FootprintLine) -> str:
    """A figure and how it is used: the intensity of the record holds the distance adjustment."""
    factor = line.factor
    name = f"{factor.pack_id}:{factor.factor_id}"
    if line.mode == "hub":
        return f"{name}:{getattr(factor, 'country', '')}".rstrip(":") + _own_part(line)
    return f"{name}:{line.mode}:{line.distance_basis}:{line.adjustment:.9g}" + _own_part(line)


def _own_part(line: FootprintLine) -> str:
    """What tells the intensity of an element from that of others with the same figure."""
    times = f":x{line.multiplier:.12g}" if line.multiplier != 1.0 else ""
    return times + (f":{line.element}" if line.refrigerant_co2e_kg else "")


def _per_unit(line: FootprintLine) -> tuple[float, float]:
    """WTW and TTW in kg per tkm of the stated distance, or per tonne at a hub."""
    factor, amount = line.factor, line.mass_kg / 1000.0 if line.mode == "hub" else line.activity_tkm
    if line.refrigerant_co2e_kg and amount:
        return line.wtw_co2e_kg / amount, line.ttw_co2e_kg / amount
    if isinstance(factor, HubFactor):
        return factor.wtw_g_t / 1000.0, factor.ttw_g_t / 1000.0
    times = line.adjustment * line.multiplier / 1000.0
    return factor.wtw_g_tkm * times, factor.ttw_g_tkm * times


def _process(line: FootprintLine) -> str:
    return str(getattr(line.factor, "process", ""))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(line: FootprintLine) -> dict[str, Any]:
    """A line as JSON: numbers that are missing are null, the kind of its factor is named."""
    cells = dataclasses.asdict(line)
    factor = {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in cells["factor"].items()
    }
    return cells | {"factor": factor, "kind": "hub" if isinstance(line.factor, HubFactor) else "transport"}


# --- in --------------------------------------------------------------------------------------------------


def _own_lines(part: Part, operations: dict[str, Part]) -> list[FootprintLine]:
    """The lines of the block, which must tell of the same elements as the record itself."""
    path, block = f"{part.path}.{BLOCK}", part.data[BLOCK]
    try:
        lines = [_line_of(row) for row in block["lines"]]
        stated = [_facts_of(each, operations) for each in objects(part, "tces")]
        own = [_facts(line) for line in lines]
    except InputError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"{path} is no block of xroute: {ileap_record.short(error)}", table="record"
        ) from None
    if len(own) != len(stated):
        raise InputError(f"{path} has {len(own)} lines for {len(stated)} elements", table="record")
    for at, (mine, theirs) in enumerate(zip(own, stated, strict=True)):
        for name, value in mine.items():
            if not _same(value, theirs[name]):
                message = (
                    f"{path}.lines[{at}] and the element state different {name}: {value}, {theirs[name]}"
                )
                raise InputError(message, table="record")
    return lines


def _facts(line: FootprintLine) -> dict[str, Any]:
    """What a line and its element must agree on."""
    return {
        "mass": line.mass_kg, "distance": line.distance_km, "activity": line.activity_tkm,
        "emissions": line.wtw_co2e_kg, "emissions of operation": line.ttw_co2e_kg,
        "modes": "hub" if line.mode == "hub" else MODES[line.mode],
    }  # fmt: skip


def _facts_of(tce: Part, operations: dict[str, Part]) -> dict[str, Any]:
    """The same of an element of the record."""
    distance = tce.data.get("distance")
    stated = distance.values() if isinstance(distance, Mapping) else ()
    names = {"mass": "mass", "activity": "transportActivity", "emissions": "co2eWTW",
             "emissions of operation": "co2eTTW"}  # fmt: skip
    toc = operations.get(str(tce.data.get("tocId")))
    mode = "hub" if tce.data.get("hocId") is not None else toc.data.get("mode") if toc else None
    return {name: number_of(tce.data.get(of)) for name, of in names.items()} | {
        "distance": next((km for each in stated if (km := number_of(each)) is not None), None),
        "modes": mode,
    }


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, str) or not isinstance(theirs, float):
        return bool(mine == theirs) or (theirs is None and isinstance(mine, str))
    return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12)


def _line_of(row: Mapping[str, Any]) -> FootprintLine:
    cells = {name: value for name, value in row.items() if name != "kind"}
    factor = dict(cells["factor"])
    for name in ("wtt_g_tkm", "wtt_g_t"):
        if name in factor and factor[name] is None:
            factor[name] = math.nan
    kind: type[Factor] | type[HubFactor] = HubFactor if row["kind"] == "hub" else Factor
    line = FootprintLine(**(_tuples(cells) | {"factor": kind(**_tuples(factor))}))
    for name in ("mass_kg", "distance_km", "adjustment", "wtt_co2e_kg", "ttw_co2e_kg"):
        value = getattr(line, name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"a line of the block {BLOCK} has no number as {name}", table="record")
    return line


def _tuples(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of a JSON document as the tuples that frozen facts hold."""
    return {
        name: tuple(tuple(each) if isinstance(each, list) else each for each in value)
        if isinstance(value, list)
        else value
        for name, value in cells.items()
    }


def _foreign(part: Part, operations: dict[str, Part], hubs: dict[str, Part]) -> Iterable[FootprintLine]:
    above: str | None = None
    for tce in objects(part, "tces"):
        follows, above = _follows(tce, above), str(tce.data.get("tceId"))
        hub, toc = tce.data.get("hocId"), tce.data.get("tocId")
        figures = hubs.get(str(hub)) if hub is not None else operations.get(str(toc))
        if figures is None:
            raise InputError(f"{tce.path}: '{hub or toc}' is not in the record", table="record")
        mass, wtw, ttw = (_number(tce, name) for name in ("mass", "co2eWTW", "co2eTTW"))
        if hub is not None:
            line = _hub_line(tce, str(hub), figures, (mass, wtw, ttw))
        else:
            line = _transport_line(tce, str(toc), figures, (mass, wtw, ttw))
        yield dataclasses.replace(line, follows=follows)


def _follows(tce: Part, above: str | None) -> tuple[str, ...] | None:
    """The predecessors that an element states; None where it is the one above it, as in a plain chain."""
    stated = tce.data.get("prevTceIds")
    names = tuple(str(each) for each in stated) if isinstance(stated, list) else ()
    return None if names == (() if above is None else (above,)) else names


def _hub_line(tce: Part, name: str, figures: Part, amounts: tuple[float, float, float]) -> FootprintLine:
    mass, wtw, ttw = amounts
    tonnes = mass / 1000.0
    factor = HubFactor(
        factor_id=name, process=str(figures.data.get("hubType", "")), pack_id="ileap", source="iLEAP record",
        wtt_g_t=1000.0 * (wtw - ttw) / tonnes if tonnes else 0.0,
        ttw_g_t=1000.0 * ttw / tonnes if tonnes else 0.0,
    )  # fmt: skip
    return FootprintLine(
        element=str(tce.data.get("tceId")), mode="hub", mass_kg=mass, distance_km=0.0, distance_basis="",
        adjustment=1.0, factor=factor, wtt_co2e_kg=wtw - ttw, ttw_co2e_kg=ttw,
    )  # fmt: skip


def _transport_line(
    tce: Part, name: str, figures: Part, amounts: tuple[float, float, float]
) -> FootprintLine:
    mass, wtw, ttw = amounts
    mode = _FROM_MODES.get(str(figures.data.get("mode")))
    if mode is None:
        raise InputError(f"{figures.path}.mode: '{figures.data.get('mode')}' is no mode", table="record")
    distance = tce.data.get("distance")
    stated = distance if isinstance(distance, Mapping) else {}
    basis = next((each for each in ("sfd", "gcd", "actual") if number_of(stated.get(each)) is not None), None)
    if basis is None:
        raise InputError(f"{tce.path}.distance: expected one of actual, gcd, sfd", table="record")
    km = number_of(stated.get(basis)) or 0.0
    activity = mass * km / 1000.0
    factor = Factor(
        factor_id=name, mode=mode, vehicle_class=str(figures.data.get("description", "")), pack_id="ileap",
        wtt_g_tkm=1000.0 * (wtw - ttw) / activity if activity else 0.0,
        ttw_g_tkm=1000.0 * ttw / activity if activity else 0.0, distance_basis=basis, source="iLEAP record",
        load_factor=number_of(figures.data.get("loadFactor")),
        empty_running=number_of(figures.data.get("emptyDistanceFactor")),
        temperature="refrigerated" if figures.data.get("temperatureControl") == "refrigerated" else "ambient",
        carriers=tuple(
            (str(each.data.get("energyCarrier")), number_of(each.data.get("relativeShare")) or 0.0)
            for each in objects(figures, "energyCarriers")
        ),
    )  # fmt: skip
    return FootprintLine(
        element=str(tce.data.get("tceId")), mode=mode, mass_kg=mass, distance_km=km, distance_basis=basis,
        adjustment=1.0, factor=factor, wtt_co2e_kg=wtw - ttw, ttw_co2e_kg=ttw,
    )  # fmt: skip


def _number(tce: Part, name: str) -> float:
    value = number_of(tce.data.get(name))
    if value is None:
        raise InputError(f"{tce.path}.{name}: expected a decimal string", table="record")
    return value

"""Reads iLEAP records as others write them: which shipments, operations and hubs a document holds, and where.

Nothing is judged here but that the document is JSON of objects; `xroute.ileap_check` says what is wrong.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from xroute.errors import InputError

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
MOST_DIGITS = 300
"""A decimal with more digits states nothing that a number could hold."""
OLD_NAMES = {
    "co2eIntensityThroughput": ("transportActivityUnit", "hubActivityUnit"),
    "feedstockPercentage": ("feedstockShare",),
    "isAccredited": ("certifications",),
    "isVerified": (),
}
"""Names before version 1.0.0 and those that took their place."""
MOST_BYTES = 200_000_000
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One iLEAP object: where it stands in the document, and its fields."""

    path: str
    data: Json


@dataclass(slots=True)
class Document:
    """The objects of a document by kind; `wraps` are the PACT footprints around them, by path."""

    shipments: list[Part] = field(default_factory=list)
    operations: list[Part] = field(default_factory=list)
    hubs: list[Part] = field(default_factory=list)
    wraps: dict[str, Part] = field(default_factory=dict)
    strange: list[Part] = field(default_factory=list)


def read(source: str | Path | Mapping[str, Any] | list[Any]) -> Document:
    """The document in a file, or one that is loaded already.

    A bare object, a PACT ProductFootprint with the object in its extensions, a list of either, or the answer
    of a server (`{"data": [...]}`). Raises `InputError` for a file that is no JSON or holds no iLEAP object.
    """
    content = _loaded(Path(source)) if isinstance(source, str | Path) else source
    found = Document()
    _collect(content, "$", found)
    if not (found.shipments or found.operations or found.hubs):
        raise InputError(
            "no ShipmentFootprint (tces), TOC (tocId) or HOC (hocId) is in the document", table="record"
        )
    return found


def _loaded(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(f"{path.name} is no ordinary file", table="record")
        if size > MOST_BYTES:
            raise InputError(f"{path.name} is larger than {MOST_BYTES:,} bytes", table="record")
        return json.loads(
            path.read_text("utf-8"), parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once
        )
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"cannot read {path.name}: {error.strerror}", table="record") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text", table="record") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is no JSON: {error}", table="record") from None


def _no_constant(name: str) -> Any:
    raise InputError(f"{name} is no JSON number", table="record")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InputError(f"{short(text)} is beyond all numbers", table="record")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two values of one name a reader would silently lose one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the key '{short(twice)}' stands twice in one object", table="record")
    return found


def decimal_of(value: float) -> str:
    """A decimal string that reads back as the same number: no exponent, no comma.

    >>> decimal_of(161.0), decimal_of(1e-7)
    ('161', '0.0000001')
    """
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: Any) -> str:
    """A value as findings show it: at most 60 letters.

    >>> short("x" * 100)[-5:]
    'xx...'
    """
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _collect(content: Any, path: str, found: Document, *, depth: int = 0) -> None:
    if isinstance(content, list):
        for number, each in enumerate(content):
            _collect(each, f"{path}[{number}]", found, depth=depth + 1)
        return
    if not isinstance(content, Mapping) or depth > 8:
        found.strange.append(Part(path, {"value": content}))
        return
    part = Part(path, content)
    if "tces" in content:
        found.shipments.append(part)
    elif "hocId" in content and "tceId" not in content:
        found.hubs.append(part)
    elif "tocId" in content and "tceId" not in content:
        found.operations.append(part)
    elif "extensions" in content or "pcf" in content:
        _unwrap(part, found, depth)
    elif isinstance(content.get("data"), list | Mapping):
        _collect(content["data"], f"{path}.data", found, depth=depth + 1)
    else:
        found.strange.append(part)


def _unwrap(wrap: Part, found: Document, depth: int) -> None:
    extensions = wrap.data.get("extensions")
    for number, each in enumerate(extensions if isinstance(extensions, list) else []):
        path = f"{wrap.path}.extensions[{number}].data"
        if isinstance(each, Mapping) and isinstance(each.get("data"), Mapping):
            found.wraps[path] = wrap
            _collect(each["data"], path, found, depth=depth + 1)
        else:
            found.strange.append(Part(f"{wrap.path}.extensions[{number}]", {"value": each}))


def objects(part: Part, name: str) -> Iterator[Part]:
    """The objects of a list field, with their places; what is no object is left to the checks."""
    rows = part.data.get(name)
    for number, each in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(each, Mapping):
            yield Part(f"{part.path}.{name}[{number}]", each)


def number_of(value: Any) -> float | None:
    """The number that a decimal string, or a JSON number in its place, stands for; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) <= MOST_DIGITS and DECIMAL.match(value.replace(",", ".", 1)):
        return float(value.replace(",", "."))
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**MOST_DIGITS):
        return float(value) if math.isfinite(value) else None
    return None


def unit_of(part: Part, name: str) -> str:
    """A unit by its name, or by the one it had before version 1.0.0."""
    return str(part.data.get(name) or part.data.get("co2eIntensityThroughput") or "")

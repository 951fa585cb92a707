"""A case on disk: scenario.toml beside its tables, checked by name and type before anything runs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from xroute.allocation import Limits
from xroute.allocation_options import Disruption, Inventory
from xroute.errors import InputError
from xroute.extras import need
from xroute.scenario import Scenario

_TABLES = ("warehouses", "demand", "products")
_OPTIONS = ("inventory", "disruption")
_NOT_IN_A_PLAN = ("periods", "returns", "transfers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a plan is made from: title, tables, scenario, limits; `files` are all files it was read from.

    `fees`, `inventory` and `disruption` are what `xr.allocate` takes by these names; `None` for none.
    """

    title: str
    origins: tuple[Any, ...]
    warehouses: Any
    demand: Any
    products: Any
    scenario: Scenario
    limits: Limits
    fees: Any = None
    inventory: Inventory | None = None
    disruption: Disruption | None = None
    front_points: int = 8
    is_synthetic: bool = False
    files: tuple[Path, ...] = ()


def read_case(path: str | Path) -> Case:
    """Reads a scenario.toml; paths in it are relative to its folder.

    `[inventory]` and `[disruption]` hold the fields of these classes, `fees` names a table of tiers. What a
    plan has no lines for (several periods, returns, transfers) is refused: `xr.allocate` answers it.
    Raises `InputError` that names the field for unknown fields, wrong types and missing files.
    """
    source = Path(path)
    try:
        data = tomllib.loads(source.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}", table="scenario") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{source.name} is no TOML: {error}", table="scenario") from error
    checked = _checked(data)
    folder = source.parent
    asked = [*_TABLES, *(["fees"] if checked["fees"] else [])]
    tables = {name: _file(folder, checked[name], name) for name in asked}
    settings = dict(checked["scenario"])
    files = [source, *tables.values()]
    if isinstance(settings.get("rates"), str):
        settings["rates"] = str(_file(folder, settings["rates"], "scenario.rates"))
        files.append(Path(settings["rates"]))
    return Case(
        title=checked["title"],
        origins=tuple(checked["origins"]),
        scenario=_made(Scenario, settings, "scenario"),
        limits=_made(Limits, checked["limits"], "limits"),
        inventory=_perhaps(Inventory, checked["inventory"], "inventory"),
        disruption=_perhaps(Disruption, checked["disruption"], "disruption"),
        front_points=checked["front"]["points"],
        is_synthetic=checked["synthetic"],
        files=tuple(files),
        **tables,
    )


def _checked(data: dict[str, Any]) -> dict[str, Any]:
    pydantic = need("pydantic", "plan")
    for name in _NOT_IN_A_PLAN:
        if name in data:
            message = f"a plan has no lines for {name}: leave it out, or call xr.allocate({name}=...)"
            raise InputError(message, table="scenario", column=name)
    strict = pydantic.ConfigDict(extra="forbid", strict=True)
    front = pydantic.create_model("front", __config__=strict, points=(int, pydantic.Field(8, ge=2, le=100)))
    text = pydantic.Field(min_length=1)
    place = str | list[float]
    model = pydantic.create_model(
        "scenario",
        __config__=strict,
        title=(str, text),
        synthetic=(bool, False),
        origins=(list[place], pydantic.Field(min_length=1)),
        scenario=(dict[str, Any], {}),
        limits=(dict[str, Any], {}),
        fees=(str, ""),
        **dict.fromkeys(_OPTIONS, (dict[str, Any] | None, None)),
        front=(front, front()),
        **dict.fromkeys(_TABLES, (str, text)),
    )
    try:
        checked: dict[str, Any] = model.model_validate(data).model_dump()
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(str(first["msg"]).lower(), table="scenario", column=field) from error
    checked["origins"] = [tuple(each) if isinstance(each, list) else each for each in checked["origins"]]
    return checked


def _perhaps(kind: type[Any], data: Mapping[str, Any] | None, section: str) -> Any:
    return None if data is None else _made(kind, data, section)


def _made(kind: type[Any], data: Mapping[str, Any], section: str) -> Any:
    """A dataclass from a section of the file; an unknown field names the known ones."""
    known = [field.name for field in fields(kind)]
    for name in data:
        if name not in known:
            raise InputError(
                f"unknown field; known: {', '.join(known)}", table="scenario", column=f"{section}.{name}"
            )
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    try:
        return kind(**values)
    except TypeError as error:
        name = next((name for name, value in values.items() if not _fits(kind, name, value)), "")
        message = f"{values[name]!r} is of the wrong type" if name else str(error)
        raise InputError(
            message, table="scenario", column=f"{section}.{name}" if name else section
        ) from error


def _fits(kind: type[Any], name: str, value: Any) -> bool:
    try:
        kind(**{name: value})
    except TypeError:
        return False
    except InputError:
        return True
    return True


def _file(folder: Path, name: str, field: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise InputError(f"there is no file {path}", table="scenario", column=field)
    return path

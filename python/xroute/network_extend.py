"""A network from tables, or from a network and more tables: checked, and tagged with what its links cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xroute import _core, schema
from xroute.errors import InputError
from xroute.network_tables import COLUMNS, TEXT, core_tables, empty_column, joined
from xroute.passage_lines import PassageShape, shapes_of, tagged
from xroute.passage_zones import Zone, read_zones
from xroute.storage import package_data
from xroute.tables import Columns, read_table

Tables = dict[str, dict[str, Any]]


def network_of(
    hubs: Any,
    links: Any,
    services: Any,
    transfers: Any,
    passages: Any,
    notices: Mapping[str, str] | None,
    polygons: Any,
) -> _core.Network:
    """The core network of these tables; links that cross a line or a zone carry its tag.

    Raises `InputError` with table, row and column.
    """
    lines = _read_passages(passages)
    tables = core_tables(hubs, links, services, transfers, lines, notices)
    shapes = _shapes(tables, lines, polygons)
    return _built(tables, shapes, None)


def extended_by(
    core: _core.Network,
    *,
    hubs: Any = None,
    links: Any = None,
    services: Any = None,
    transfers: Any = None,
    passages: Any = None,
    polygons: Any = None,
) -> _core.Network:
    """The core network with rows added; every link, old and new, carries the tags of what was added.

    Added sea links also get the tags of the shipped passages that they cross, where the network has these
    passages. Rows of an `InputError` are counted in the table of the user.
    """
    lines = _read_passages(passages)
    tables = joined(core, hubs, links, services, transfers, lines)
    shapes = _shapes(tables, lines, polygons)
    built = _built(tables, shapes, core)
    return built if links is None else _with_shipped_tags(built, tables, len(core.table("links")["origin"]))


def _read_passages(source: Any) -> Columns | None:
    return None if source is None else read_table(source, table="passages")


def _shapes(tables: Tables, lines: Columns | None, polygons: Any) -> list[PassageShape]:
    """Shapes of lines and zones; the zones become rows of the passages table."""
    shapes = shapes_of(lines) if lines is not None else []
    if polygons is None:
        return shapes
    zones = read_zones(polygons)
    _add_zones(tables["passages"], zones)
    return shapes + [zone.shape for zone in zones]


def _add_zones(table: dict[str, Any], zones: Sequence[Zone]) -> None:
    ids = [zone.shape.passage_id for zone in zones]
    try:
        schema.check("passages", {"passage_id": np.array(ids, dtype=object)})
    except InputError as error:
        raise InputError(error.message, table="polygons", row=error.row, column="zone_id") from error
    known = set(table["passage_id"])
    for row, name in enumerate(ids, 1):
        if name in known:
            message = f"the network has a passage '{name}'; choose another id"
            raise InputError(message, table="polygons", row=row, column="zone_id")
    given: dict[str, Any] = {
        "passage_id": ids,
        "name": [zone.name for zone in zones],
        "default_closed": np.array([zone.is_closed for zone in zones], dtype=bool),
    }
    for column, kind in COLUMNS["passages"].items():
        more = given.get(column, empty_column(kind, len(zones)))
        table[column] = [*table[column], *more] if kind == TEXT else np.concatenate([table[column], more])


def _built(tables: Tables, shapes: Sequence[PassageShape], base: _core.Network | None) -> _core.Network:
    core = _core_of(tables, base)
    return _retagged(core, tables, shapes, 0) if shapes else core


def _retagged(
    core: _core.Network, tables: Tables, shapes: Sequence[PassageShape], first_link: int
) -> _core.Network:
    rows = np.arange(first_link, len(tables["links"]["origin"]), dtype=np.int64)
    texts, counts = tagged(core.table("hubs"), core.table("links"), shapes, rows=rows)
    if not any(counts.values()):
        return core
    tables["links"]["passages"] = texts
    return _core.Network.build(**tables)


def _core_of(tables: Tables, base: _core.Network | None) -> _core.Network:
    """Builds; a fault in an added row is counted from the first added row."""
    try:
        return _core.Network.build(**tables)
    except InputError as error:
        if base is None or error.row is None or error.table not in COLUMNS:
            raise
        before = len(next(iter(base.table(error.table).values())))
        if error.row <= before:
            raise
        raise InputError(
            error.message, table=error.table, row=error.row - before, column=error.column
        ) from error


def _with_shipped_tags(core: _core.Network, tables: Tables, first_link: int) -> _core.Network:
    if "sea" not in tables["links"]["mode"][first_link:]:
        return core
    known = set(core.passage_ids)
    shapes = [shape for shape in _shipped_shapes() if shape.passage_id in known]
    if not shapes:
        return core
    return _retagged(core, tables, shapes, first_link)


def _shipped_shapes() -> list[PassageShape]:
    """The lines of the shipped passages, which ships cross and nothing else."""
    path: Path = package_data("curated", "passages.csv")
    if not path.is_file():
        return []
    columns = read_table(path, table="passages")
    if "line" not in columns:
        return []
    at_sea = np.array(["sea"] * len(columns["passage_id"]), dtype=object)
    return shapes_of({"passage_id": columns["passage_id"], "line": columns["line"], "modes": at_sea})

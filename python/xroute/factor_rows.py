"""Rows of a pack's tables: read whole, counted, and turned into facts that know their table and row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from xroute.errors import InputError
from xroute.factors import is_gwp_set, not_negative

Row = dict[str, str]
Made = TypeVar("Made")
LARGEST_BYTES = 64_000_000
"""No table of factors is larger; more is a wrong file."""
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class _Named(Protocol):
    @property
    def factor_id(self) -> str: ...


Identified = TypeVar("Identified", bound=_Named)


def rows_of(path: Path, required: Sequence[str]) -> list[Row]:
    """The rows of a table as texts.

    Raises `InputError` for a file that is no table, a required column that is missing, a column that stands
    twice and a row with more or fewer cells.
    """
    table = path.stem
    try:
        plain_file(path, LARGEST_BYTES, table)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows, columns = list(reader), list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", table=table) from None
    for name in (*required, *columns):
        if columns.count(name) != 1:
            found = "missing" if name not in columns else "there twice"
            raise InputError(f"the column is {found}", table=table, column=name)
    for at, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise InputError(f"expected {len(columns)} cells", table=table, row=at)
        if any("\0" in cell for cell in row.values()):
            raise InputError("a cell holds a zero byte", table=table, row=at)
    return rows


def plain_file(path: Path, most_bytes: int, table: str) -> None:
    """Raises `InputError` unless the path is an ordinary file of its own folder and not too large.

    A link that leads out of the folder, a device or a pipe is no part of a pack. Raises `OSError` for a
    file that is not there.
    """
    size = path.stat().st_size
    if not path.is_file():
        raise InputError("is no ordinary file", table=table)
    if path.resolve().parent != path.parent.resolve():
        raise InputError("is a link that leads out of the pack: put the table itself there", table=table)
    if size > most_bytes:
        raise InputError(f"has {size:,} bytes; at most {most_bytes:,} are read", table=table)


def optional_rows(path: Path, required: Sequence[str]) -> list[Row]:
    """The rows of a table that a pack may leave out. Raises as `rows_of`."""
    return rows_of(path, required) if path.exists() or path.is_symlink() else []


def number(row: Row, column: str, default: str = "") -> float:
    """A cell as a finite number of at least 0; raises `InputError` with its column."""
    return not_negative(signed(row, column, default), column)


def signed(row: Row, column: str, default: str = "") -> float:
    """A cell as a number of either sign; raises `InputError` with its column."""
    text = row.get(column) or default
    if not _NUMBER.fullmatch(text.strip(" ")):
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        raise InputError(f"expected a number such as 12.5, got {shown!r}", column=column)
    return float(text)


def maybe(row: Row, column: str) -> float | None:
    """A cell as a number of at least 0, `None` where it is empty; raises `InputError` with its column."""
    return number(row, column) if row.get(column) else None


def texts(row: Row, names: Sequence[str]) -> dict[str, Any]:
    """Some cells as they are, empty where the table has no such column."""
    return {name: row.get(name) or "" for name in names}


def provenance(row: Row, facts: Mapping[str, str]) -> dict[str, str]:
    """Licence and GWP set of a row or of its pack, and which pack it is.

    Raises `InputError` for a GWP set that is none.
    """
    gwp_set = row.get("gwp_set") or facts["gwp_set"]
    if not is_gwp_set(gwp_set):
        raise InputError(f"'{gwp_set}' names no GWP set such as AR5 or AR6", column="gwp_set")
    return {
        "licence": row.get("licence") or facts["licence"],
        "gwp_set": gwp_set,
        "pack_id": facts["id"],
        "pack_version": facts["version"],
    }


def made(
    make: Callable[[Row, Mapping[str, str]], Made], rows: Sequence[Row], facts: Mapping[str, str], table: str
) -> list[Made]:
    """What `make` makes of each row; an `InputError` learns its table and row."""
    done = []
    for at, row in enumerate(rows, 1):
        try:
            done.append(make(row, facts))
        except InputError as error:
            raise InputError(error.message, table=table, row=at, column=error.column) from None
    return done


@contextmanager
def judged(table: str) -> Iterator[None]:
    """The core's verdict on all rows at once, told as one on this table."""
    try:
        yield
    except InputError as error:
        raise InputError(error.message, table=table, row=error.row, column=error.column) from None


def by_id(factors: Sequence[Identified], table: str) -> dict[str, Identified]:
    """Factors by their ids; raises `InputError` for an id that is empty, unprintable or there twice."""
    found: dict[str, Identified] = {}
    for at, factor in enumerate(factors, 1):
        name = factor.factor_id
        if not name or name in found or not name.isprintable() or name != name.strip():
            message = f"expected an id of its own, got {name!r}"
            raise InputError(message, table=table, row=at, column="factor_id")
        found[name] = factor
    return found

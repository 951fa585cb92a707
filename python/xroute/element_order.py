"""The order of the elements of a chain: each follows the one above it, or those it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xroute.errors import InputError

if TYPE_CHECKING:
    from xroute.elements import Element


def check_order(elements: Sequence[Element]) -> None:
    """Raises `InputError` for a name that is not there or stands twice, or elements in a circle."""
    if all(each.follows is None for each in elements):
        return
    named = [each.element for each in elements]
    for row, each in enumerate(elements, 1):
        for name in each.follows or ():
            if named.count(name) != 1 or not name:
                found = "no element is" if name not in named else "several elements are"
                message = f"{found} named '{name}'"
                raise InputError(message, table="elements", row=row, column="follows")
    before = {
        row: set(rows) for row, rows in enumerate(predecessors([(e.element, e.follows) for e in elements]))
    }
    ring = circle(before)
    if ring:
        words = " > ".join(str(row + 1) for row in ring)
        message = f"the elements follow each other in a circle: rows {words}"
        raise InputError(message, table="elements", row=ring[0] + 1, column="follows")


def predecessors(elements: Sequence[tuple[str, Sequence[str] | None]]) -> list[list[int]]:
    """For each (name, follows) the positions of those before it: the one above where `follows` is None."""
    at = {name: position for position, (name, _) in enumerate(elements)}
    return [
        ([position - 1] if position else []) if follows is None else [at[name] for name in follows]
        for position, (_, follows) in enumerate(elements)
    ]


def circle(before: Mapping[int, set[int]]) -> list[int]:
    """Positions that follow each other in a circle; empty where every element has a beginning."""
    left = {position: set(some) for position, some in before.items()}
    while free := [position for position, some in left.items() if not some & left.keys()]:
        for position in free:
            del left[position]
    if not left:
        return []
    way = [min(left)]
    while way[-1] not in way[:-1]:
        way.append(min(left[way[-1]] & left.keys()))
    return way[way.index(way[-1]) :]

"""What happens to freight at a hub, by kind of hub and by the modes it changes between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from xroute._core import HUB_KINDS, MODES
from xroute.errors import InputError
from xroute.storage import package_data
from xroute.tables import read_table

Numbers = npt.NDArray[np.float64]
DOOR = "door"
"""The side of a hub process where the trip starts or ends."""
SIDES = (*MODES, DOOR)
_NUMBERS = (
    "dwell_h",
    "low_h",
    "high_h",
    "lcl_eur_per_rt",
    "fcl_eur_per_unit",
    "air_eur_per_kg",
    "minimum_eur",
)


@dataclass(frozen=True, slots=True, eq=False)
class Processes:
    """The curated rows spread over kinds x from x to; NaN hours where a change is not possible.

    `names` are the carbon processes, the first of them none; `name_at` points into them.
    """

    numbers: dict[str, Numbers]
    names: tuple[str, ...]
    name_at: npt.NDArray[np.intp]

    def name(self, kind: str, from_side: str, to_side: str) -> str:
        """The carbon process of a change, empty where nothing counts."""
        at = HUB_KINDS.index(kind), SIDES.index(from_side), SIDES.index(to_side)
        return self.names[int(self.name_at[at])]


@cache
def shipped() -> Processes:
    """The processes of the package, hours and EUR."""
    return spread(read_table(package_data("curated", "hub_processes.csv"), table="hub_processes"))


@cache
def shipped_name(kind: str, from_side: str, to_side: str) -> str:
    """`Processes.name` of the package's own."""
    return shipped().name(kind, from_side, to_side)


def spread(table: dict[str, Any]) -> Processes:
    """Rows with `*` as wildcards over every kind and mode.

    A row that names the kind beats one that does not, then one that names more modes, then a later row.
    Raises `InputError` for a kind or mode that does not exist.
    """
    row_at = np.full((len(HUB_KINDS), len(SIDES), len(SIDES)), -1)
    for row in _general_first(table):
        kinds = _indices(table["hub_kind"][row], tuple(HUB_KINDS), row, "hub_kind")
        sources = _indices(table["from_mode"][row], SIDES, row, "from_mode")
        targets = _indices(table["to_mode"][row], SIDES, row, "to_mode")
        row_at[np.ix_(kinds, sources, targets)] = row
    names = ("", *sorted(set(table["process"]) - {""}))
    name_of_row = np.array([names.index(name) for name in table["process"]] + [0])
    columns = {name: np.append(np.asarray(table[name], dtype=np.float64), np.nan) for name in _NUMBERS}
    return Processes({name: column[row_at] for name, column in columns.items()}, names, name_of_row[row_at])


def _general_first(table: dict[str, Any]) -> list[int]:
    """Row numbers from the most general to the most specific."""

    def named(row: int) -> int:
        modes = (table["from_mode"][row] != "*") + (table["to_mode"][row] != "*")
        return int(4 * (table["hub_kind"][row] != "*") + modes)

    return sorted(range(len(table["hub_kind"])), key=named)


def _indices(name: str, known: tuple[str, ...], row: int, column: str) -> list[int]:
    if name == "*":
        return list(range(len(known)))
    if name not in known:
        message = f"'{name}' is none of: {', '.join(known)}"
        raise InputError(message, table="hub_processes", row=row + 1, column=column)
    return [known.index(name)]

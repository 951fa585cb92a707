"""Bands of mass and volume: the few profiles that stand for many shipments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

import numpy as np

from xroute.batch_rows import Integers, Kind, Numbers, Rows, codes, combined
from xroute.shipment import Shipment

STEPS_PER_DOUBLING = 4
"""Band edges lie at powers of two and so many to a doubling, each about 19 % above the one before."""
_ANY_MASS_KG = 1000.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What is searched once for many shipments: a stand-in, and the name of its band.

    The stand-in has the upper edges of the band; where the mass decides no search, any mass.
    """

    stand_in: Shipment
    minimise: str
    band: str


def profiles(rows: Rows) -> Iterator[tuple[Profile, Integers]]:
    """Each profile with its rows, ordered by origin and destination; refused rows are in none.

    The profile of a row is the same whatever else is in the table. Cost alone has bands: hours, kilometres
    and CO2e by tonne are the same for every mass, and a generalised cost is searched for the shipment itself.
    """
    kept = np.flatnonzero(rows.kind >= 0)
    kg, m3 = _edges(rows)
    day = _days(rows)
    first, code = combined([codes(each[kept]) for each in (rows.kind, day, kg, m3)], len(kept))
    ends = rows.ends[kept]
    order = np.lexsort((ends[:, 1], ends[:, 0], code))
    bounds = np.searchsorted(code[order], np.arange(len(first) + 1))
    for at, row in enumerate(kept[first].tolist()):
        profile = _profile(rows.kinds[rows.kind[row]], kg[row], m3[row], rows.ready.at(row))
        yield profile, kept[order[bounds[at] : bounds[at + 1]]]


def _edges(rows: Rows) -> tuple[Numbers, Numbers]:
    """Mass and volume of the stand-in of each row."""
    wanted = np.array([kind.minimise for kind in rows.kinds] or [""])[np.maximum(rows.kind, 0)]
    is_banded, is_own = wanted == "cost", wanted == "generalised"
    kg = np.where(is_banded, upper_edges(rows.mass_kg), np.where(is_own, rows.mass_kg, _ANY_MASS_KG))
    m3 = np.where(is_banded, upper_edges(rows.volume_m3), np.where(is_own, rows.volume_m3, 0.0))
    return kg, m3


def _days(rows: Rows) -> Integers:
    """The day of rates of each row, as a number; 0 for none."""
    days = [moment.date().toordinal() if moment else 0 for moment in rows.ready.distinct]
    return np.array(days, dtype=np.int64)[rows.ready.of_row]


def _profile(kind: Kind, kg: float, m3: float, ready: datetime | None) -> Profile:
    day = None if ready is None else datetime.combine(ready.date(), time())
    stand_in = replace(kind.shipment, mass_kg=float(kg), volume_m3=float(m3), ready=day)
    band = {"cost": f"to {kg:.6g} kg, {m3:.6g} m3", "generalised": "of its own"}
    return Profile(stand_in, kind.minimise, band.get(kind.minimise, "any mass"))


def upper_edges(quantity: Numbers) -> Numbers:
    """The upper edges of the bands that quantities lie in; 0 is a band of its own.

    >>> upper_edges(np.array([1000.0, 1024.0, 0.0])).tolist()
    [1024.0, 1024.0, 0.0]
    """
    some = quantity > 0.0
    step = np.ceil(STEPS_PER_DOUBLING * np.log2(np.where(some, quantity, 1.0)))
    below, edge, above = (np.exp2((step + more) / STEPS_PER_DOUBLING) for more in (-1, 0, 1))
    found = np.where(quantity <= below, below, np.where(quantity <= edge, edge, above))
    return np.where(some, found, 0.0)

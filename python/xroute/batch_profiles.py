"""Bands of mass and volume: the few profiles that stand for many shipments."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, time

from xroute.batch_rows import Asked
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


def profile_of(asked: Asked) -> Profile:
    """The profile of a shipment, the same whatever else is in the table.

    Cost alone has bands: hours, kilometres and CO2e by tonne are the same for every mass, and a generalised
    cost is searched for the shipment itself.

    >>> profile_of(Asked(Shipment(mass_kg=1200, volume_m3=6.4), "cost")).band
    'to 1217.75 kg, 6.72717 m3'
    """
    shipment = replace(asked.shipment, value_eur=0.0, due=None, ready=_day(asked.shipment.ready))
    if asked.minimise == "generalised":
        return Profile(shipment, asked.minimise, "of its own")
    if asked.minimise != "cost":
        return Profile(replace(shipment, mass_kg=_ANY_MASS_KG, volume_m3=0.0), asked.minimise, "any mass")
    kg, m3 = upper_edge(shipment.mass_kg), upper_edge(shipment.volume_m3)
    return Profile(
        replace(shipment, mass_kg=kg, volume_m3=m3), asked.minimise, f"to {kg:.6g} kg, {m3:.6g} m3"
    )


def upper_edge(quantity: float) -> float:
    """The upper edge of the band that a quantity lies in; 0 is a band of its own.

    >>> upper_edge(1000.0), upper_edge(1024.0), upper_edge(0.0)
    (1024.0, 1024.0, 0.0)
    """
    if quantity == 0.0:
        return 0.0
    step = math.ceil(STEPS_PER_DOUBLING * math.log2(quantity))
    below, edge = (math.pow(2.0, each / STEPS_PER_DOUBLING) for each in (step - 1, step))
    if quantity <= below:
        return below
    return edge if quantity <= edge else math.pow(2.0, (step + 1) / STEPS_PER_DOUBLING)


def _day(ready: datetime | None) -> datetime | None:
    """The day of rates, without its hour."""
    return None if ready is None else datetime.combine(ready.date(), time())

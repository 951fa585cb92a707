"""What is to be moved: one row of a shipments table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from xroute.errors import InputError
from xroute.schema import TEMPERATURES

LOADS = ("LCL", "FCL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods from one place to another, with their packaging.

    `mass_kg` is actual mass with the shipper's packaging; `volume_m3` the outer volume; `value_eur` the
    value of the goods. `load` is "LCL" (groupage), "FCL" (whole 40 ft high cubes) or `None` for whichever
    is better. A naive `ready` is local time at the origin, a naive `due` at the destination;
    ISO texts are read.

    >>> Shipment(mass_kg=1200, volume_m3=6.4).mass_t
    1.2
    """

    mass_kg: float
    volume_m3: float = 0.0
    value_eur: float = 0.0
    temperature: str = "ambient"
    dangerous_goods: bool = False
    ready: datetime | None = None
    due: datetime | None = None
    load: str | None = None

    def __post_init__(self) -> None:
        _check(self.mass_kg, "mass_kg", is_open=True)
        _check(self.volume_m3, "volume_m3", is_open=False)
        _check(self.value_eur, "value_eur", is_open=False)
        if self.temperature not in TEMPERATURES:
            message = f"'{self.temperature}' is none of: {', '.join(TEMPERATURES)}"
            raise InputError(message, table="shipment", column="temperature")
        if self.load is not None and self.load not in LOADS:
            raise InputError(f"'{self.load}' is none of: LCL, FCL", table="shipment", column="load")
        if not isinstance(self.dangerous_goods, bool):
            raise InputError("expected true or false", table="shipment", column="dangerous_goods")
        for name in ("ready", "due"):
            object.__setattr__(self, name, _moment(getattr(self, name), name))

    @property
    def mass_t(self) -> float:
        """Actual mass in metric tonnes."""
        return self.mass_kg / 1000.0


def _moment(value: object, column: str) -> datetime | None:
    """A date and time, or its ISO text."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = value
    if moment is None or isinstance(moment, datetime):
        return moment
    raise InputError(f"expected an ISO date and time, got {value!r}", table="shipment", column=column)


def _check(value: object, column: str, *, is_open: bool) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and (value > 0 if is_open else value >= 0):  # type: ignore[operator]
        return
    kind = "a positive number" if is_open else "a number of at least 0"
    raise InputError(f"expected {kind}, got {value!r}", table="shipment", column=column)

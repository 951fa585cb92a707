"""Transport chains: the legs and hubs of a shipment as the user knows them, with or without a network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xroute import _core
from xroute.errors import InputError
from xroute.factors import (
    SCOPES,
    Factor,
    FactorPack,
    HubFactor,
    load_pack,
    not_negative,
    one_of,
)
from xroute.footprint import Footprint, FootprintLine
from xroute.schema import TEMPERATURES, check
from xroute.tables import read_table

_ROLL_ON = {"sea", "ferry"}
"""Modes that share their distance rule: a factor for a roll-on ship may serve either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportElement:
    """One vehicle and its freight: mass in kg with the shipper's packaging, distance in km on its basis.

    `factor` is the user's own figure; without it the pack answers for the vehicle class. Raises
    `InputError` for values that are no quantity, unknown names, or a factor of another mode.
    """

    mode: str
    mass_kg: float
    distance_km: float
    distance_basis: str
    vehicle_class: str = ""
    temperature: str = "ambient"
    element: str = ""
    factor: Factor | None = None

    def __post_init__(self) -> None:
        one_of(self.mode, _core.MODES, "mode")
        one_of(self.distance_basis, _core.DISTANCE_BASES, "distance_basis")
        one_of(self.temperature, TEMPERATURES, "temperature")
        object.__setattr__(self, "mass_kg", not_negative(self.mass_kg, "mass_kg"))
        object.__setattr__(self, "distance_km", not_negative(self.distance_km, "distance_km"))
        given = self.factor.mode if self.factor else self.mode
        if given != self.mode and not {given, self.mode} <= _ROLL_ON:
            raise InputError(f"a factor for {given} cannot answer for {self.mode}", column="factor")

    @property
    def activity_tkm(self) -> float:
        """Transport activity on the measured distance."""
        return self.mass_kg * self.distance_km / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubElement:
    """One hub that freight leaves: mass in kg, the process, and the country whose electricity it uses.

    `factor` is the user's own figure; without it the pack answers for the process. Raises `InputError`
    for a mass that is no quantity.
    """

    process: str
    mass_kg: float
    country: str = ""
    element: str = ""
    factor: HubFactor | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "mass_kg", not_negative(self.mass_kg, "mass_kg"))


Element = TransportElement | HubElement


@dataclass(frozen=True, slots=True)
class TransportChain:
    """Vehicles and hubs from consignor to consignee, in order.

    >>> chain = TransportChain(
    ...     [TransportElement(mode="road", mass_kg=10_000, distance_km=1000, distance_basis="sfd")]
    ... )
    >>> chain.activity_tkm
    10000.0
    """

    elements: Sequence[Element]

    def __post_init__(self) -> None:
        object.__setattr__(self, "elements", tuple(self.elements))
        for row, element in enumerate(self.elements, 1):
            if not isinstance(element, TransportElement | HubElement):
                found = type(element).__name__
                raise InputError(
                    f"{found} is no TransportElement or HubElement",
                    table="elements",
                    row=row,
                )

    @classmethod
    def from_table(cls, source: Any) -> TransportChain:
        """A chain from a table, one row an element in order; a path, an Arrow table or a dict of columns.

        Columns: `kind` (transport or hub), `mass_kg`; for transport `mode`, `distance_km`, `distance_basis`
        and `vehicle_class`, `temperature` where they differ from the default; for hubs `process` and
        `country`; `element` names a row. Raises `InputError` with table, row and column.
        """
        columns = check("elements", read_table(source, table="elements"))
        rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        return cls([_element_of(row, at) for at, row in enumerate(rows, 1)])

    @property
    def activity_tkm(self) -> float:
        """Mass times distance for each vehicle, then added."""
        return math.fsum(each.activity_tkm for each in self.elements if isinstance(each, TransportElement))

    def footprint(self, *, factors: str | Path | FactorPack = "desnz-2025", scope: str = "wtw") -> Footprint:
        """What the chain emits by the factors of a pack, or of each element's own.

        With scope "ttw" packs without energy provision may answer; their footprint has no WTW total.
        Raises `FactorError` for a class or process without a factor, `InputError` for an implausible one.
        """
        one_of(scope, SCOPES, "scope")
        pack = factors if isinstance(factors, FactorPack) else load_pack(factors)
        numbered = list(enumerate(self.elements, 1))
        moved = [(row, each) for row, each in numbered if isinstance(each, TransportElement)]
        handled = [(row, each) for row, each in numbered if isinstance(each, HubElement)]
        lines = _transport_lines(moved, pack, scope) | _hub_lines(handled, pack)
        return Footprint.of(lines[row] for row, _ in numbered)


def _element_of(row: Mapping[str, Any], at: int) -> Element:
    """The element in a row of a table."""
    named = str(row.get("element", ""))
    try:
        if row["kind"] == "hub":
            country = str(row.get("country", ""))
            return HubElement(process=str(row.get("process", "")), mass_kg=row["mass_kg"], country=country,
                              element=named)  # fmt: skip
        return TransportElement(
            mode=str(row.get("mode", "")),
            mass_kg=row["mass_kg"],
            distance_km=row.get("distance_km", math.nan),
            distance_basis=str(row.get("distance_basis", "")),
            vehicle_class=str(row.get("vehicle_class", "")),
            temperature=str(row.get("temperature", "") or "ambient"),
            element=named,
        )
    except InputError as error:
        raise InputError(error.message, table="elements", row=at, column=error.column) from None


def _transport_lines(
    elements: Sequence[tuple[int, TransportElement]], pack: FactorPack, scope: str
) -> dict[int, FootprintLine]:
    """Lines of the vehicles by row."""
    factors = [
        each.factor
        or pack.for_class(each.mode, each.vehicle_class, temperature=each.temperature, scope=scope)
        for _, each in elements
    ]
    wtt = _column(factor.wtt_g_tkm for factor in factors)
    is_missing = np.isnan(wtt) & (scope == "ttw")
    with _rows_of_chain([row for row, _ in elements]):
        wtt_kg, ttw_kg, adjustment = _core.emissions(
            _column(each.mass_kg for _, each in elements),
            _column(each.distance_km for _, each in elements),
            [each.distance_basis for _, each in elements],
            [factor.distance_basis for factor in factors],
            [factor.mode for factor in factors],
            np.where(is_missing, 0.0, wtt),
            _column(factor.ttw_g_tkm for factor in factors),
        )
    wtt_kg = np.where(is_missing, np.nan, wtt_kg)
    return {
        row: FootprintLine(
            element=each.element or f"{row} {each.mode} {each.vehicle_class}".strip(),
            mode=each.mode,
            mass_kg=each.mass_kg,
            distance_km=each.distance_km,
            distance_basis=each.distance_basis,
            adjustment=float(adjustment[at]),
            factor=factors[at],
            wtt_co2e_kg=float(wtt_kg[at]),
            ttw_co2e_kg=float(ttw_kg[at]),
        )
        for at, (row, each) in enumerate(elements)
    }


def _hub_lines(elements: Sequence[tuple[int, HubElement]], pack: FactorPack) -> dict[int, FootprintLine]:
    """Lines of the hubs by row."""
    factors = [each.factor or pack.for_process(each.process, each.country) for _, each in elements]
    with _rows_of_chain([row for row, _ in elements]):
        wtt_kg, ttw_kg, _ = _core.hub_emissions(
            _column(each.mass_kg for _, each in elements),
            _column(factor.wtt_g_t for factor in factors),
            _column(factor.ttw_g_t for factor in factors),
        )
    return {
        row: FootprintLine(
            element=each.element or f"{row} {each.process}",
            mode="hub",
            mass_kg=each.mass_kg,
            distance_km=0.0,
            distance_basis="",
            adjustment=1.0,
            factor=factors[at],
            wtt_co2e_kg=float(wtt_kg[at]),
            ttw_co2e_kg=float(ttw_kg[at]),
        )
        for at, (row, each) in enumerate(elements)
    }


@contextmanager
def _rows_of_chain(rows: Sequence[int]) -> Iterator[None]:
    """Tells an error of the core by the element's row in the chain."""
    try:
        yield
    except InputError as error:
        if error.row is None:
            raise
        place = rows[error.row - 1]
        raise InputError(error.message, table="elements", row=place, column=error.column) from None


def _column(values: Iterable[float]) -> npt.NDArray[np.float64]:
    return np.fromiter(values, dtype=np.float64)

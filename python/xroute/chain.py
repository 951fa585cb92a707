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
from xroute.element_figures import figure_of
from xroute.element_order import check_order
from xroute.elements import Element, HubElement, TransportElement
from xroute.energy import Claim
from xroute.errors import InputError
from xroute.factors import SCOPES, FactorPack, load_pack, one_of
from xroute.footprint import Footprint, FootprintLine
from xroute.schema import check
from xroute.tables import read_table

__all__ = ["Element", "HubElement", "TransportChain", "TransportElement"]


@dataclass(frozen=True, slots=True)
class TransportChain:
    """Vehicles and hubs from consignor to consignee, each after the one above it unless it says otherwise.

    `claims` are reductions bought elsewhere (book and claim): they stand beside the footprint, never netted.
    Raises `InputError` for what is no element, and for elements that follow nothing or each other.

    >>> chain = TransportChain(
    ...     [TransportElement(mode="road", mass_kg=10_000, distance_km=1000, distance_basis="sfd")]
    ... )
    >>> chain.activity_tkm
    10000.0
    """

    elements: Sequence[Element]
    claims: Sequence[Claim] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "elements", tuple(self.elements))
        object.__setattr__(self, "claims", tuple(self.claims))
        for row, element in enumerate(self.elements, 1):
            if not isinstance(element, TransportElement | HubElement):
                found = type(element).__name__
                raise InputError(
                    f"{found} is no TransportElement or HubElement",
                    table="elements",
                    row=row,
                )
        check_order(self.elements)

    @classmethod
    def from_table(cls, source: Any) -> TransportChain:
        """A chain from a table, one row an element in order; a path, an Arrow table or a dict of columns.

        Columns: `kind` (transport or hub), `mass_kg`; for transport `mode`, `distance_km`, `distance_basis`
        and `vehicle_class`, `temperature`, `teu`, `load_factor`, `empty_running`, `temperature_uplift` where
        they differ from the default; for hubs `process` and `country`; `element` names a row. Raises
        `InputError` with table, row and column.
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
        return Footprint.of((lines[row] for row, _ in numbered), claims=tuple(self.claims))


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
            teu=_stated(row, "teu") or 0.0,
            load_factor=_stated(row, "load_factor"),
            empty_running=_stated(row, "empty_running"),
            temperature_uplift=_stated(row, "temperature_uplift"),
        )
    except InputError as error:
        raise InputError(error.message, table="elements", row=at, column=error.column) from None


def _stated(row: Mapping[str, Any], name: str) -> float | None:
    """A number of a row; None where the cell is empty or the column is not there."""
    value = float(row.get(name, math.nan))
    return None if math.isnan(value) else value


def _transport_lines(
    elements: Sequence[tuple[int, TransportElement]], pack: FactorPack, scope: str
) -> dict[int, FootprintLine]:
    """Lines of the vehicles by row."""
    figures = [figure_of(each, pack, scope, row) for row, each in elements]
    factors = [figure.factor for figure in figures]
    wtt = _column(factor.wtt_g_tkm for factor in factors)
    is_missing = np.isnan(wtt) & (scope == "ttw")
    with _rows_of_chain([row for row, _ in elements]):
        wtt_kg, ttw_kg, adjustment = _core.emissions(
            _column(each.mass_kg for _, each in elements),
            _column(each.km for _, each in elements),
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
            distance_km=each.km,
            distance_basis=each.distance_basis,
            adjustment=float(adjustment[at]),
            factor=factors[at],
            wtt_co2e_kg=float(wtt_kg[at]) * figures[at].multiplier,
            ttw_co2e_kg=float(ttw_kg[at]) * figures[at].multiplier + _escaped_kg(each),
            multiplier=figures[at].multiplier,
            steps=figures[at].steps,
            refrigerant_co2e_kg=_escaped_kg(each),
            refrigerant_gwp_set=each.refrigerant.gwp_set if each.refrigerant else "",
            teu=each.teu,
            follows=_names(each.follows),
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
            ttw_co2e_kg=float(ttw_kg[at]) + _escaped_kg(each),
            refrigerant_co2e_kg=_escaped_kg(each),
            refrigerant_gwp_set=each.refrigerant.gwp_set if each.refrigerant else "",
            follows=_names(each.follows),
        )
        for at, (row, each) in enumerate(elements)
    }


def _escaped_kg(element: Element) -> float:
    return element.refrigerant.ttw_co2e_kg if element.refrigerant else 0.0


def _names(follows: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if follows is None else tuple(follows)


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

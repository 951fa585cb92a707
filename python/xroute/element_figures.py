"""The figure of one transport element: whose it is, and what the element makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xroute.carrier_mix import mixed
from xroute.errors import InputError
from xroute.load_model import load_multiplier

if TYPE_CHECKING:
    from xroute.elements import TransportElement
    from xroute.factors import Factor, FactorPack


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A factor, what it is multiplied by for one element, and the steps in words."""

    factor: Factor
    multiplier: float = 1.0
    steps: tuple[str, ...] = ()


def figure_of(element: TransportElement, pack: FactorPack, scope: str, row: int) -> Figure:
    """The figure of an element.

    Raises `FactorError` where the pack has none, `InputError` for energy without activity, a box figure
    without mass, or operation alone where the whole is asked.
    """
    try:
        factor = _factor(element, pack, scope)
        found = [step for step in (_boxes(element, factor), _load(element, factor), _uplift(element)) if step]
    except InputError as error:
        raise InputError(error.message, table="elements", row=row, column=error.column) from None
    recorded = replace(
        factor,
        load_factor=factor.load_factor if element.load_factor is None else element.load_factor,
        empty_running=factor.empty_running if element.empty_running is None else element.empty_running,
    )
    return Figure(
        factor=recorded,
        multiplier=math.prod(times for times, _ in found),
        steps=tuple(words for _, words in found),
    )


def _factor(element: TransportElement, pack: FactorPack, scope: str) -> Factor:
    if element.energy is not None:
        made = element.energy.factor(
            "measured-energy", element.mode, activity_tkm=element.activity_tkm,
            distance_basis=element.distance_basis, vehicle_class=element.vehicle_class,
        )  # fmt: skip
        return replace(made, temperature=element.temperature, source="measured energy of the user")
    if element.factor is not None:
        return element.factor
    asked = "ambient" if element.temperature_uplift is not None else element.temperature
    if element.carriers is not None:
        return mixed(pack, element.mode, element.vehicle_class, element.carriers, temperature=asked)
    return pack.for_class(element.mode, element.vehicle_class, temperature=asked, scope=scope)


def _boxes(element: TransportElement, factor: Factor) -> tuple[float, str] | None:
    """A figure per TEU-km counts the boxes, whatever is in them."""
    if not element.teu or not factor.tonnes_per_teu:
        return None
    if not element.mass_kg:
        message = "freight of no mass: an empty box that is moved on order is freight, state its mass"
        raise InputError(message, column="mass_kg")
    counted_t, mass_t = element.teu * factor.tonnes_per_teu, element.mass_kg / 1000.0
    if math.isclose(counted_t, mass_t, rel_tol=1e-12):
        return None
    words = (
        f"by box: {element.teu:g} TEU at {factor.tonnes_per_teu:g} t count {counted_t:g} t for {mass_t:g} t"
    )
    return counted_t / mass_t, words


def _load(element: TransportElement, factor: Factor) -> tuple[float, str] | None:
    """A default figure is brought to the load that is stated; one of the user's own holds its load."""
    stated = element.load_factor, element.empty_running
    if stated == (None, None) or element.energy is not None or element.factor is not None:
        return None
    return load_multiplier(
        element.mode,
        element.vehicle_class or factor.vehicle_class,
        load_factor=stated[0],
        empty_running=stated[1],
    )


def _uplift(element: TransportElement) -> tuple[float, str] | None:
    if element.temperature_uplift is None:
        return None
    return (
        element.temperature_uplift,
        f"{element.temperature}: x {element.temperature_uplift:g} on an ambient figure",
    )

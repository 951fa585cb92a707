"""The elements of a transport chain: vehicles with their freight, and hubs that freight leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xroute import _core
from xroute.distances import Distance
from xroute.energy import EnergyFootprint, RefrigerantLoss
from xroute.errors import InputError
from xroute.factors import Factor, HubFactor, not_negative, one_of
from xroute.load_model import check_shares, fraction
from xroute.schema import TEMPERATURES
from xroute.units import teu_load_t

ROLL_ON = {"sea", "ferry"}
"""Modes that share their distance rule: a factor for a roll-on ship may serve either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportElement:
    """One vehicle and its freight: mass in kg with the shipper's packaging, distance in km on its basis.

    Freight in boxes may be given as `teu` alone: 10 t each, or `tonnes_per_teu` in tonnes or as "light" (6)
    or "heavy" (14.5). With a figure per TEU-km the boxes count, not the mass inside.

    The figure is the first of: `energy` (measured, of this freight), `factor` (the user's own), what the
    pack answers for `vehicle_class`, with `carriers` (shares of the activity by energy carrier) mixed in.
    A default figure is brought to `load_factor` (0, 1] and `empty_running` [0, 1) by the shipped load model;
    with the user's own they are facts for the record. `temperature_uplift` multiplies an ambient figure of
    what is refrigerated; `refrigerant` is what escaped for this freight and adds to the operation. `follows`
    names the elements before this one, where that is not the one above it.

    Raises `InputError` for values that are no quantity, unknown names, a factor of another mode, or two
    statements of one thing.
    """

    mode: str
    distance_km: float | Distance
    distance_basis: str = ""
    mass_kg: float = math.nan
    vehicle_class: str = ""
    temperature: str = "ambient"
    element: str = ""
    factor: Factor | None = None
    teu: float = 0.0
    tonnes_per_teu: float | str = "average"
    energy: EnergyFootprint | None = None
    carriers: Mapping[str, float] | None = None
    load_factor: float | None = None
    empty_running: float | None = None
    temperature_uplift: float | None = None
    refrigerant: RefrigerantLoss | None = None
    follows: Sequence[str] | None = None

    def __post_init__(self) -> None:
        one_of(self.mode, _core.MODES, "mode")
        if isinstance(self.distance_km, Distance):
            if self.distance_basis not in ("", self.distance_km.basis):
                raise InputError(f"the distance is {self.distance_km.basis}", column="distance_basis")
            object.__setattr__(self, "distance_basis", self.distance_km.basis)
            object.__setattr__(self, "distance_km", self.distance_km.km)
        one_of(self.distance_basis, _core.DISTANCE_BASES, "distance_basis")
        one_of(self.temperature, TEMPERATURES, "temperature")
        object.__setattr__(self, "teu", not_negative(self.teu, "teu"))
        object.__setattr__(self, "tonnes_per_teu", teu_load_t(self.tonnes_per_teu))
        mass_kg = not_negative(
            self.teu * self.load_of_teu_t * 1000.0 if self._is_boxes() else self.mass_kg, "mass_kg"
        )
        object.__setattr__(self, "mass_kg", mass_kg)
        object.__setattr__(self, "distance_km", not_negative(self.distance_km, "distance_km"))
        if self.follows is not None:
            object.__setattr__(self, "follows", tuple(self.follows))
        self._check_figure()
        self._check_operation()

    def _is_boxes(self) -> bool:
        """Whether the mass is to follow from the boxes."""
        return bool(self.teu) and isinstance(self.mass_kg, float) and math.isnan(self.mass_kg)

    def _check_figure(self) -> None:
        given = [name for name in ("energy", "factor", "carriers") if getattr(self, name) is not None]
        if len(given) > 1:
            raise InputError(f"give one of {' and '.join(given)}", column=given[1])
        if self.carriers is not None:
            checked = {str(name): not_negative(share, "carriers") for name, share in self.carriers.items()}
            check_shares(checked)
            object.__setattr__(self, "carriers", checked)
        named = self.factor.mode if self.factor else self.mode
        if named != self.mode and not {named, self.mode} <= ROLL_ON:
            raise InputError(f"a factor for {named} cannot answer for {self.mode}", column="factor")

    def _check_operation(self) -> None:
        for name in ("load_factor", "empty_running"):
            if getattr(self, name) is not None:
                fraction(getattr(self, name), name)
        if self.temperature_uplift is None:
            return
        if not 1.0 <= not_negative(self.temperature_uplift, "temperature_uplift") <= 10.0:
            raise InputError("expected a multiplier from 1 to 10", column="temperature_uplift")
        if self.temperature == "ambient":
            raise InputError("an uplift is for what is not ambient", column="temperature_uplift")
        if self.factor is not None and self.factor.temperature != "ambient":
            raise InputError(
                "the figure is refrigerated already: an uplift twice", column="temperature_uplift"
            )

    @property
    def km(self) -> float:
        """The distance as measured, km."""
        return float(self.distance_km)  # type: ignore[arg-type]  # a Distance is unfolded when it is given

    @property
    def load_of_teu_t(self) -> float:
        """Tonnes in a TEU."""
        return float(self.tonnes_per_teu)

    @property
    def activity_tkm(self) -> float:
        """Transport activity on the measured distance."""
        return self.mass_kg * self.km / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubElement:
    """One hub that freight leaves: mass in kg, the process, and the country whose electricity it uses.

    `factor` is the user's own figure; without it the pack answers for the process. `refrigerant` is what
    escaped for this freight; `follows` names the elements before this one, where that is not the one above.
    Raises `InputError` for a mass that is no quantity.
    """

    process: str
    mass_kg: float
    country: str = ""
    element: str = ""
    factor: HubFactor | None = None
    refrigerant: RefrigerantLoss | None = None
    follows: Sequence[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "mass_kg", not_negative(self.mass_kg, "mass_kg"))
        if self.follows is not None:
            object.__setattr__(self, "follows", tuple(self.follows))


Element = TransportElement | HubElement

"""A distance with what it measures: kilometres of one basis, restated at most once.

`sfd` is the shortest feasible distance, `gcd` the great circle, `actual` what was covered. A restated
distance remembers it: a second adjustment is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xroute import _core
from xroute.errors import InputError
from xroute.factors import not_negative, one_of
from xroute.units import distance_km


@dataclass(frozen=True, slots=True)
class Distance:
    """Kilometres of a basis (sfd, gcd or actual); `adjustment` is their multiplier, 1 as measured.

    Raises `InputError` for a value that is no quantity or an unknown basis.

    >>> Distance(20_000, "sfd").to("actual", mode="sea").km
    23000.0
    """

    km: float
    basis: str
    adjustment: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "km", not_negative(self.km, "distance_km"))
        one_of(self.basis, _core.DISTANCE_BASES, "distance_basis")

    @classmethod
    def of(cls, value: float, unit: str, basis: str) -> Distance:
        """A distance in another unit: km, m, mile, nm. Raises `InputError` for an unknown one."""
        return cls(distance_km(value, unit), basis)

    @property
    def is_adjusted(self) -> bool:
        """Whether these kilometres were restated before."""
        return self.adjustment != 1.0

    def to(self, basis: str, *, mode: str) -> Distance:
        """The same way on another basis: x 1.15 for what ships sail, 95 km more for what aircraft fly.

        Raises `InputError` where no rule exists, and for a distance that was adjusted before.
        """
        one_of(basis, _core.DISTANCE_BASES, "distance_basis")
        one_of(mode, _core.MODES, "mode")
        if self.is_adjusted:
            message = f"{self.km:g} km were adjusted to {self.basis} before: a second adjustment is refused"
            raise InputError(message, column="distance_basis")
        one, none = np.ones(1), np.zeros(1)
        _, _, times = _core.emissions(one, one * self.km, [self.basis], [basis], [mode], none, none)
        return Distance(self.km * float(times[0]), basis, float(times[0]))

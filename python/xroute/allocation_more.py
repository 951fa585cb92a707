"""Flows beside first legs, deliveries and moves: returns, refurbished goods, stock, openings, channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from xroute.allocation_rules import Bools, Floats, Ints, no_floats, no_ints


def _no_texts() -> np.ndarray[Any, Any]:
    return np.zeros(0, dtype=object)


def _no_flags() -> Bools:
    return np.zeros(0, dtype=bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Amounts v >= 0 of other kinds, each with EUR and kg CO2e for one, and what it does to its site.

    `kind` says what it is; `site`, `zone` and `product` are rows, -1 for none. `most` bounds it (finite). One
    of it gives `gives` units into the balance of its site and product, and fills `m3` of its site's capacity.
    `is_tied` amounts are 0 where the site is closed, `is_whole` ones are whole numbers.
    """

    kind: np.ndarray[Any, Any] = field(default_factory=_no_texts)
    site: Ints = field(default_factory=no_ints)
    zone: Ints = field(default_factory=no_ints)
    product: Ints = field(default_factory=no_ints)
    eur: Floats = field(default_factory=no_floats)
    co2e_kg: Floats = field(default_factory=no_floats)
    most: Floats = field(default_factory=no_floats)
    gives: Floats = field(default_factory=no_floats)
    m3: Floats = field(default_factory=no_floats)
    is_tied: Bools = field(default_factory=_no_flags)
    is_whole: Bools = field(default_factory=_no_flags)

    def __len__(self) -> int:
        return len(self.site)

    def of_kind(self, kind: str) -> Ints:
        """The rows of a kind."""
        return np.flatnonzero(self.kind == kind)


def more(
    kind: str,
    count: int,
    *,
    most: Any,
    site: Any = -1,
    zone: Any = -1,
    product: Any = -1,
    eur: Any = 0.0,
    co2e_kg: Any = 0.0,
    gives: Any = 0.0,
    m3: Any = 0.0,
    is_tied: bool = False,
    is_whole: bool = False,
) -> More:
    """So many amounts of one kind; a single figure holds for all."""
    whole = {"site": site, "zone": zone, "product": product}
    real = {"eur": eur, "co2e_kg": co2e_kg, "most": most, "gives": gives, "m3": m3}
    return More(
        kind=np.full(count, kind, dtype=object),
        **{name: _filled(values, count, np.int64) for name, values in whole.items()},
        **{name: _filled(values, count, np.float64) for name, values in real.items()},
        is_tied=np.full(count, is_tied), is_whole=np.full(count, is_whole),
    )  # fmt: skip


def _filled(values: Any, count: int, dtype: Any) -> Any:
    return np.broadcast_to(np.asarray(values, dtype=dtype), (count,)).copy()


def joined_more(parts: Sequence[More]) -> More:
    """All in one, in order."""
    if not parts:
        return More()
    return More(**{each.name: np.concatenate([getattr(part, each.name) for part in parts])
                   for each in fields(More)})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms:
    """Amounts v_r of `More` held at the root of a sum of squares: v_r = sqrt(sum_c (sum value x units)^2).

    `governs` are the rows of `More`, one for each norm r; entries (`component`, `flow`, `value`) add up flows
    to components, and `norm_of` is the norm of each component. The function is convex, so tangents cut off
    no answer: the model holds v_r above its tangents at the answers found, which is a relaxation.
    """

    governs: Ints = field(default_factory=no_ints)
    norm_of: Ints = field(default_factory=no_ints)
    component: Ints = field(default_factory=no_ints)
    flow: Ints = field(default_factory=no_ints)
    value: Floats = field(default_factory=no_floats)

    def __len__(self) -> int:
        return len(self.governs)

    def components(self, units: Floats) -> Floats:
        """Each component at given units of all flows."""
        value = self.value * units[self.flow]
        parts = np.bincount(self.component, weights=value, minlength=len(self.norm_of))
        return np.asarray(parts, dtype=np.float64)

    def at(self, units: Floats) -> Floats:
        """Each norm at given units of all flows."""
        squares = self.components(units) ** 2
        total = np.bincount(self.norm_of, weights=squares, minlength=len(self))
        return np.sqrt(np.asarray(total, dtype=np.float64))

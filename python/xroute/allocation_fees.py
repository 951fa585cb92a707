"""Tiered fees: bands of a yearly or monthly volume with a price a unit, incremental or on all units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from xroute.allocation_rules import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class TieredFee:
    """A fee by bands of n = sum use x units a month: EUR a unit and a fixed sum in each band.

    `incremental`: the units in a band pay that band's price, and every band reached adds its fixed sum;
    `all_unit`: all units pay the price of the band that n falls in. Bands start at `start` (rising, the last
    is open above); a first start above 0 is the least volume of an open `site`, a warehouse by row. Without
    a site (-1) nothing is due for n = 0. At a break the cheaper band holds.

    Variables: for each band b a binary d_b and an amount n_b. Constraints: start_b d_b <= n_b <= end_b d_b,
    sum of n_b = sum use x units, sum of d_b = y of the site (<= 1 without a site). Cost: base_b d_b +
    price_b n_b, with the line of each band (`lines`). EUR a month.
    """

    name: str
    flow: Ints
    use: Floats
    start: Floats
    price_eur: Floats
    fixed_eur: Floats
    site: int = -1
    kind: Literal["incremental", "all_unit"] = "incremental"

    def lines(self) -> tuple[Floats, Floats]:
        """Each band as a line: EUR at n = 0 and EUR for each unit."""
        if self.kind == "all_unit":
            return self.fixed_eur, self.price_eur
        full = np.concatenate([[0.0], np.cumsum(np.diff(self.start) * self.price_eur[:-1])])
        paid = np.cumsum(self.fixed_eur) + full + self.start[0] * self.price_eur[0]
        return np.asarray(paid - self.price_eur * self.start, dtype=np.float64), self.price_eur

    def fee_eur(self, amount: float, *, is_due: bool = True) -> float:
        """EUR for an amount; inf for one below the least volume. `is_due` is whether the site is open.

        >>> nothing = np.zeros(0)
        >>> fee = TieredFee(name="outbound", flow=nothing.astype(int), use=nothing, fixed_eur=np.zeros(2),
        ...                 start=np.array([0.0, 100.0]), price_eur=np.array([2.0, 1.0]))
        >>> fee.fee_eur(150.0)
        250.0
        """
        if amount <= 1e-9 and (self.site < 0 or not is_due):
            return 0.0
        slack = 1e-6 * max(amount, 1.0)
        ends = np.append(self.start[1:], np.inf)
        is_held = (self.start <= amount + slack) & (amount <= ends + slack)
        base, price = self.lines()
        return float(np.where(is_held, base + price * amount, np.inf).min())

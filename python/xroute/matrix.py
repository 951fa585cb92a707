"""Many origins to many destinations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Quantities of one best route for each pair: float64 arrays (origins, destinations).

    NaN says that there is no route. `minimise` names the quantity that each route minimises; the others are
    those of one such route. Emissions are sums of whole grams a tonne by step, so they may differ from
    `Route.footprint` by a part in ten thousand. `load` holds "LCL" or "FCL", whichever won the pair ("" where
    there is no route).
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minimise: str
    cost_eur: Floats
    duration_h: Floats
    distance_km: Floats
    wtw_co2e_kg: Floats
    load: np.ndarray[Any, np.dtype[np.str_]]
    is_indicative: bool

    def __repr__(self) -> str:
        routes = int(np.isfinite(self.cost_eur).sum())
        return f"<Matrix {len(self.origins)} x {len(self.destinations)}, {routes} routes, by {self.minimise}>"

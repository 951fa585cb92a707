"""How good a footprint is: the share of each kind of data, and a range by a stated method."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from xroute.factors import CATEGORIES

if TYPE_CHECKING:
    from xroute.footprint import FootprintLine

PARTS = ("factor", "load", "distance")
METHOD = (
    "elements with the same factor err together and add up; different factors, and the parts factor, load "
    "and distance, err independently and combine as the root of the sum of squares"
)
Shares = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionRange:
    """Low, central and high emission, kg CO2e well to wheel, and what each part contributes.

    `parts_kg` holds by part (`factor`, `load`, `distance`) how far it alone moves the total down and up, kg.
    """

    low_kg: float
    central_kg: float
    high_kg: float
    parts_kg: Mapping[str, Shares]
    method: str = METHOD

    def __str__(self) -> str:
        return f"{self.low_kg:,.1f} - {self.central_kg:,.1f} - {self.high_kg:,.1f} kg CO2e"


def data_quality(lines: Iterable[FootprintLine]) -> dict[str, float]:
    """The share of the well-to-wheel emission from primary, modelled and default figures; together 1.

    Where nothing is emitted, the share of the elements. Empty without elements.
    """
    kept = tuple(lines)
    total = math.fsum(line.wtw_co2e_kg for line in kept)
    weights = [line.wtw_co2e_kg / total if total else 1.0 / len(kept) for line in kept]
    if not kept:
        return {}
    return {
        name: math.fsum(w for w, line in zip(weights, kept, strict=True) if line.category == name)
        for name in CATEGORIES
    }


def emission_range(lines: Iterable[FootprintLine]) -> EmissionRange:
    """The range of a footprint from factor spread, load factor and distance error, by `METHOD`.

    A factor's own published range counts where it has one, else the shipped spread of its category
    (`data/curated/uncertainty.csv`, team estimates). NaN where a factor holds operation (TTW) only.
    """
    kept = tuple(lines)
    central = math.fsum(line.wtw_co2e_kg for line in kept)
    groups: dict[tuple[str, str], list[tuple[float, Shares]]] = defaultdict(list)
    for line in kept:
        for part, shares in _spreads(line).items():
            groups[part, line.factor.factor_id].append((line.wtw_co2e_kg, shares))
    parts = {part: _combined(rows for (name, _), rows in groups.items() if name == part) for part in PARTS}
    down, up = (math.sqrt(math.fsum(parts[part][side] ** 2 for part in PARTS)) for side in (0, 1))
    return EmissionRange(
        low_kg=max(central - down, 0.0), central_kg=central, high_kg=central + up, parts_kg=parts
    )


def _combined(groups: Iterable[list[tuple[float, Shares]]]) -> Shares:
    """Kilograms down and up of one part: sums within a group, root of the sum of squares over groups."""
    sums = [[math.fsum(kg * shares[side] for kg, shares in rows) for side in (0, 1)] for rows in groups]
    down, up = (math.sqrt(math.fsum(each[side] ** 2 for each in sums)) for side in (0, 1))
    return down, up


def _spreads(line: FootprintLine) -> dict[str, Shares]:
    """The relative spread of one element by part, down and up."""
    table = _table()
    spreads = {"factor": _own_range(line) or table["factor", line.category]}
    if line.mode != "hub":
        spreads["load"] = table["load", line.category]
        spreads["distance"] = table["distance", line.distance_basis]
    return spreads


def _own_range(line: FootprintLine) -> Shares | None:
    factor = line.factor
    low = getattr(factor, "wtw_low_g_tkm", None) or getattr(factor, "wtw_low_g_t", None)
    high = getattr(factor, "wtw_high_g_tkm", None) or getattr(factor, "wtw_high_g_t", None)
    centre = getattr(factor, "wtw_g_tkm", None) or getattr(factor, "wtw_g_t", None)
    if low is None or high is None or not centre:
        return None
    return max(1.0 - low / centre, 0.0), max(high / centre - 1.0, 0.0)


@cache
def _table() -> dict[tuple[str, str], Shares]:
    from xroute.storage import package_data
    from xroute.tables import read_table

    table = read_table(package_data("curated", "uncertainty.csv"), table="uncertainty")
    names = ("part", "key", "low_share", "high_share")
    return {
        (str(part), str(key)): (float(low), float(high))
        for part, key, low, high in zip(*(table[name] for name in names), strict=True)
    }


def warnings_of(lines: Iterable[FootprintLine]) -> Iterator[str]:
    """What a reader must know: mixed warming potentials, missing provision, fallbacks, low confidence."""
    kept = tuple(lines)
    sets = {part.strip() for line in kept for part in line.factor.gwp_set.split(";") if part.strip()}
    sets |= {line.refrigerant_gwp_set for line in kept if line.refrigerant_gwp_set}
    if len(sets) > 1:
        yield f"Figures of several sets of global warming potentials are added: {', '.join(sorted(sets))}."
    if any(math.isnan(line.wtt_co2e_kg) for line in kept):
        yield "A figure holds operation (TTW) alone, so that there is no total with energy provision."
    for line in kept:
        for step in filter(None, (line.factor.fallback, *line.steps)):
            yield f"{line.element}: {step}."
    for line in kept:
        if line.factor.confidence == "low":
            yield f"{line.element}: {line.factor.factor_id} is of low confidence."
        is_powered = line.mode != "hub" and getattr(line.factor, "energy_carrier", "") != "none"
        if is_powered and line.distance_km and not line.wtt_co2e_kg + line.ttw_co2e_kg:
            yield f"{line.element}: moves without energy, by a figure of zero."

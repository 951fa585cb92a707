"""A footprint told line by line: every number with its unit, where it is from, and the rule it follows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xroute.factors import Factor, HubFactor

if TYPE_CHECKING:
    from xroute.footprint import Footprint, FootprintLine

CLAUSES_NOTE = (
    "Rules of ISO 14083:2023 in our own words; chapter and annex numbers are recalled from public summaries "
    "and want a look into the standard itself."
)
_ANNEX = {
    "air": "Annex A (air): great circle of each flight, 95 km more where the figure is per flown km",
    "inland_waterway": "Annex C (inland waterways): shortest feasible distance, no adjustment by default",
    "rail": "Annex E (rail): shortest feasible distance, no adjustment by default",
    "road": "Annex F (road): shortest feasible distance; empty running is inside the intensity",
    "sea": "Annex G (sea): shortest feasible distance, 15 % more where the figure is per km sailed",
    "ferry": "Annex G (sea): the vehicle aboard and its freight share the ship by what they take up",
    "hub": "Annex H (hubs): tonnes that leave times intensity; a hub has no distance",
}
_CHAIN = "Chapter 5 and following: a chain is the sum of its elements, each of one vehicle or one hub"
_SCOPES = "the provision of energy (WTT) and its use (TTW) are both counted; electricity is provision alone"
_COLD = "Annex I (refrigerants): what leaks counts as operation, by a named set of warming potentials"
_ENERGY = "Annex J (energy): location-based electricity makes the total, market-based stands beside it"


def explain(footprint: Footprint) -> str:
    """The totals, then every element with its arithmetic, figure, source and rule."""
    lines = [*_totals(footprint)]
    for number, line in enumerate(footprint.lines, 1):
        lines += [
            "",
            f"{number}. {line.mode}: {line.element}",
            *(f"   {name:<11} {text}" for name, text in _told(line)),
        ]
    lines += ["", *_beside(footprint), _CHAIN + "; " + _SCOPES + ".", CLAUSES_NOTE]
    return "\n".join(lines)


def _totals(found: Footprint) -> Iterator[str]:
    if found.is_ttw_only:
        yield f"Operation (TTW) {_kg(found.ttw_co2e_kg)}; a figure holds operation alone: no total"
    else:
        yield (
            f"Well to wheel {_kg(found.wtw_co2e_kg)} = provision (WTT) {_kg(found.wtt_co2e_kg)} + "
            f"operation (TTW) {_kg(found.ttw_co2e_kg)}"
        )
    yield f"Transport activity {_n(found.activity_tkm)} tkm: mass x distance of each element, then added"


def _told(line: FootprintLine) -> Iterator[tuple[str, str]]:
    yield from _amounts(line)
    yield from _products(line)
    yield from _origin(line)
    yield "rule", f"ISO 14083:2023, {_ANNEX[line.mode]}" + (f"; {_COLD}" if line.refrigerant_co2e_kg else "")


def _amounts(line: FootprintLine) -> Iterator[tuple[str, str]]:
    if line.mode == "hub":
        yield "activity", f"{_n(line.mass_kg)} kg / 1000 = {_n(line.mass_kg / 1000.0)} t leave"
        return
    boxes = f" ({line.teu:g} TEU)" if line.teu else ""
    yield (
        "activity",
        f"{_n(line.mass_kg)} kg{boxes} / 1000 x {_n(line.distance_km)} km ({line.distance_basis}) = "
        f"{_n(line.activity_tkm)} tkm",
    )
    basis = getattr(line.factor, "distance_basis", "")
    if line.distance_basis == basis:
        yield "distance", f"activity and figure are both per {basis} km: x 1"
    else:
        yield (
            "distance",
            f"x {line.adjustment:.6g}: {line.distance_basis} km to the {basis} km of the figure, once",
        )
    for step in line.steps:
        yield "adjusted", step


def _products(line: FootprintLine) -> Iterator[tuple[str, str]]:
    wtt, ttw, unit = _grams(line.factor)
    amount = f"{_n(line.mass_kg / 1000.0)} t" if line.mode == "hub" else f"{_n(line.activity_tkm)} tkm"
    times = f" x {line.adjustment:.6g}" if line.adjustment != 1.0 else ""
    times += f" x {line.multiplier:.6g}" if line.multiplier != 1.0 else ""
    if math.isnan(line.wtt_co2e_kg):
        yield "WTT", "not given by the source"
    else:
        yield "WTT", f"{amount}{times} x {_n(wtt)} {unit} / 1000 = {_kg(line.wtt_co2e_kg)}"
    cold = line.refrigerant_co2e_kg
    escaped = f" + {_kg(cold)} of refrigerant ({line.refrigerant_gwp_set})" if cold else ""
    yield "TTW", f"{amount}{times} x {_n(ttw)} {unit} / 1000{escaped} = {_kg(line.ttw_co2e_kg)}"
    if not math.isnan(line.wtt_co2e_kg):
        yield "WTW", f"{_n(line.wtt_co2e_kg)} + {_n(line.ttw_co2e_kg)} = {_kg(line.wtw_co2e_kg)}"


def _origin(line: FootprintLine) -> Iterator[tuple[str, str]]:
    factor = line.factor
    pack = f"{factor.pack_id} {factor.pack_version}".strip()
    facts = [factor.factor_id, pack, line.category, factor.gwp_set and f"GWP {factor.gwp_set}",
             factor.confidence and f"confidence {factor.confidence}"]  # fmt: skip
    yield "figure", ", ".join(filter(None, facts))
    if isinstance(factor, Factor):
        yield from _operation(factor)
    if factor.fallback:
        yield "fallback", factor.fallback
    yield "source", "; ".join(filter(None, (factor.source, factor.section, factor.licence)))


def _operation(factor: Factor) -> Iterator[tuple[str, str]]:
    """What is known of the vehicle: class, energy, temperature, load."""
    shares = ", ".join(f"{name} {share:.0%}" for name, share in factor.carriers)
    known = (
        factor.vehicle_class, shares or factor.energy_carrier, factor.temperature, factor.load_basis,
        "" if factor.load_factor is None else f"load factor {factor.load_factor:.0%}",
        "" if factor.empty_running is None else f"empty running {factor.empty_running:.0%}",
    )  # fmt: skip
    yield "vehicle", ", ".join(filter(None, known))


def _beside(found: Footprint) -> Iterator[str]:
    """Figures that stand beside the total and are never netted."""
    if found.radiative_forcing_co2e_kg:
        yield f"Beside the total: flight at altitude {_kg(found.radiative_forcing_co2e_kg)}, in no total."
    if found.lines and not found.is_ttw_only and found.market_co2e_kg != found.wtw_co2e_kg:
        yield f"Beside the total: with market-based electricity {_kg(found.market_co2e_kg)}; {_ENERGY}."
    for claim in found.claims:
        reference = f" ({claim.reference})" if claim.reference else ""
        yield f"Beside the total: {claim.kind}{reference} claims {_kg(claim.co2e_kg)}, never netted."


def _grams(factor: Factor | HubFactor) -> tuple[float, float, str]:
    if isinstance(factor, HubFactor):
        return factor.wtt_g_t, factor.ttw_g_t, "g CO2e/t"
    return factor.wtt_g_tkm, factor.ttw_g_tkm, "g CO2e/tkm"


def _n(value: float) -> str:
    """A number as a reader can recompute with: seven digits, no trailing zeros."""
    text = f"{value:,.7g}"
    if "e" in text:
        text = f"{value:,.0f}" if abs(value) >= 1.0 else f"{value:.7g}"
    return text


def _kg(value: float) -> str:
    return f"{_n(value)} kg CO2e"

"""What the legs and stops of a route emit: footprint lines from factors and activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xroute import _core
from xroute.footprint import Footprint, FootprintLine
from xroute.terms import Terms


def leg_footprint(terms: Terms, lane: str, mode: str, segments: Sequence[tuple[int, int]]) -> Footprint:
    """One line for each class of vehicle on a leg; `segments` are (class, metres)."""
    mass_kg, basis = terms.mass_t * 1000.0, "gcd" if mode == "air" else "sfd"
    lines = []
    for number, metres in segments:
        factor = terms.factor_of_class[number]
        km = metres / 1000.0
        wtt, ttw, adjustment = _core.emission(
            mass_kg, km, basis, factor.distance_basis, mode, factor.wtt_g_tkm, factor.ttw_g_tkm
        )
        lines.append(
            FootprintLine(
                element=lane,
                mode=mode,
                mass_kg=mass_kg,
                distance_km=km,
                distance_basis=basis,
                adjustment=adjustment,
                factor=factor,
                wtt_co2e_kg=wtt,
                ttw_co2e_kg=ttw,
            )
        )
    return Footprint.of(lines)


def stop_footprint(terms: Terms, name: str, kind: str, raw: Mapping[str, Any]) -> Footprint:
    """The line of a change of vehicle; none where nothing is handled."""
    wtt, ttw = float(raw["wtt_g_t"]), float(raw["ttw_g_t"])
    process, factor = terms.process_at(kind, str(raw["from_mode"]), str(raw["to_mode"]))
    if factor is None or wtt + ttw == 0.0:
        return Footprint.of(())
    line = FootprintLine(
        element=f"{process.replace('_', ' ')} at {name}",
        mode="hub",
        mass_kg=terms.mass_t * 1000.0,
        distance_km=0.0,
        distance_basis="",
        adjustment=1.0,
        factor=factor,
        wtt_co2e_kg=terms.mass_t * wtt / 1000.0,
        ttw_co2e_kg=terms.mass_t * ttw / 1000.0,
    )
    return Footprint.of((line,))

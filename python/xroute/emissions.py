"""What the legs and stops of a route emit: footprint lines from factors and activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from xroute import _core
from xroute.footprint import FootprintLine
from xroute.making import made
from xroute.terms import Terms


def leg_lines(terms: Terms, lane: str, mode: str, segments: Sequence[tuple[int, int]]) -> list[FootprintLine]:
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
            made(
                FootprintLine,
                {
                    "element": lane,
                    "mode": mode,
                    "mass_kg": mass_kg,
                    "distance_km": km,
                    "distance_basis": basis,
                    "adjustment": adjustment,
                    "factor": factor,
                    "wtt_co2e_kg": wtt,
                    "ttw_co2e_kg": ttw,
                },
            )
        )
    return lines


def stop_lines(terms: Terms, name: str, kind: str, raw: Mapping[str, Any]) -> list[FootprintLine]:
    """The line of a change of vehicle; none where nothing is handled."""
    wtt, ttw = raw["wtt_g_t"], raw["ttw_g_t"]
    if wtt + ttw == 0.0:
        return []
    process, factor = terms.process_at(kind, raw["from_mode"], raw["to_mode"])
    if factor is None:
        return []
    line = {
        "element": f"{_in_words(process)} at {name}",
        "mode": "hub",
        "mass_kg": terms.mass_t * 1000.0,
        "distance_km": 0.0,
        "distance_basis": "",
        "adjustment": 1.0,
        "factor": factor,
        "wtt_co2e_kg": terms.mass_t * wtt / 1000.0,
        "ttw_co2e_kg": terms.mass_t * ttw / 1000.0,
    }
    return [made(FootprintLine, line)]


@cache
def _in_words(process: str) -> str:
    return process.replace("_", " ")

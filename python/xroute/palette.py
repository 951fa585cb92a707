"""The colours of every picture: one home, safe for colour-blind readers, dark enough on white.

Mode colours are from the set of Okabe and Ito (Color Universal Design, 2008), darkened where a thin line
would fade; zones run from pale to dark so that they stay in order in grey print too.
"""

from __future__ import annotations

from types import MappingProxyType

MODE_COLOURS = MappingProxyType(
    {
        "sea": "#0072b2",
        "air": "#d55e00",
        "rail": "#008a63",
        "road": "#5f6368",
        "inland_waterway": "#2fa3dc",
        "ferry": "#b6538c",
    }
)
"""Colour by mode, in the order of the trade's legends."""

OTHER_COLOUR = "#7a5c2e"
"""What is no vehicle leg: hub handling, storage, a mode unknown to this version."""

LAND, SEA_WATER, BORDER, GRATICULE = "#eef0ec", "#ffffff", "#c3c8c0", "#e3e9ee"
INK, MUTED, ACCENT = "#1c2430", "#56606d", "#0b4f71"
OPEN_COLOUR, CLOSED_COLOUR, ORIGIN_COLOUR = "#1c2430", "#767d86", "#a3122a"

ZONE_RAMP = (
    "#fff3b8", "#fee08b", "#fdc86b", "#f9a95a", "#ef8653", "#dd6452",
    "#c34657", "#a12f5f", "#7a2162", "#531a58", "#311344",
)  # fmt: skip
"""Pale to dark, in even steps of lightness: kg CO2e per order of a zone."""


def mode_colour(mode: str) -> str:
    """Colour of a mode; what is no known mode gets the colour of handling.

    >>> mode_colour("sea")
    '#0072b2'
    """
    return MODE_COLOURS.get(mode, OTHER_COLOUR)


def mode_label(mode: str) -> str:
    """A mode as people write it.

    >>> mode_label("inland_waterway")
    'Inland waterway'
    """
    return mode.replace("_", " ").strip().capitalize() or "Not stated"

"""One row of a link table before formatting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class LandLink:
    """One row of a link table before formatting."""

    origin: str
    destination: str
    mode: str
    distance_km: float
    countries: list[str]
    vehicle_class: str
    source: str
    confidence: str
    customs_borders: int = 0
    gauge_mm: int | None = None
    line_km: float | None = None
    oneway: bool = False
    speed_km_h: float | None = None
    geometry: tuple[tuple[float, float], ...] = ()
    """Longitudes and latitudes from origin to destination, ends included; empty for a great circle."""

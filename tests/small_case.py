"""A small case on the shipped network: one origin, three warehouses, four zones, three products."""

from __future__ import annotations

from typing import Any

WAREHOUSES: dict[str, list[Any]] = {
    "warehouse_id": ["FRA", "WAW", "SYD"],
    "name": ["Frankfurt", "Warsaw", "Sydney"],
    "kind": ["core", "satellite", "core"],
    "hub_id": ["Frankfurt am Main, DE", "Warsaw, PL", "Sydney, AU"],
    "region": ["europe", "europe", "oceania"],
    "capacity_m3": [4000.0, 4000.0, 4000.0],
    "fixed_eur_per_month": [9000.0, 3000.0, 4000.0],
    "storage_eur_per_m3_week": [1.5, 1.0, 1.6],
    "inbound_eur_per_m3": [6.0, 4.0, 7.0],
    "outbound_eur_to_1kg": [0.5, 0.4, 0.6],
    "outbound_eur_to_5kg": [0.9, 0.7, 1.0],
    "outbound_eur_to_30kg": [1.7, 1.5, 2.0],
}
PRODUCTS: dict[str, list[Any]] = {
    "product_id": ["apparel", "battery", "home"],
    "mass_kg": [0.5, 1.2, 8.0],
    "volume_m3": [0.004, 0.004, 0.06],
    "value_eur": [25.0, 80.0, 60.0],
    "dangerous_goods": [False, True, False],
    "cover_weeks": [3.0, 5.0, 4.0],
}
_ZONES = [
    ("Z1", "Berlin, DE", "europe"),
    ("Z2", "Munich, DE", "europe"),
    ("Z3", "Sydney, AU", "oceania"),
    ("Z4", "Auckland, NZ", "oceania"),
]
_UNITS = {"apparel": 4000.0, "battery": 1500.0, "home": 900.0}


def demand(**columns: list[Any]) -> dict[str, list[Any]]:
    """The demand table, with more columns or other ones."""
    rows = [(zone, place, region, item) for zone, place, region in _ZONES for item in _UNITS]
    return {
        "zone_id": [zone for zone, _, _, _ in rows],
        "place": [place for _, place, _, _ in rows],
        "region": [region for _, _, region, _ in rows],
        "product_id": [item for _, _, _, item in rows],
        "units": [_UNITS[item] for _, _, _, item in rows],
    } | columns


def arguments(**changed: Any) -> dict[str, Any]:
    """What `allocate` takes besides the network, with changes."""
    given = {
        "origins": ["Shenzhen, CN"], "warehouses": WAREHOUSES, "demand": demand(), "products": PRODUCTS,
    }  # fmt: skip
    return given | changed

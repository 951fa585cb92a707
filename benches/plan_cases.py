"""Cases like the one of `make plan`, of any size: its warehouses and products, other zones and other demand.

Seed 0 has the most populous cities of the network and the purchasing weights of the shipped case; every
other seed draws cities by population, and weights, shares, capacities and fees about the shipped ones.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import xroute as xr

CASE = Path("data/cases/china-to-consumers")
WEIGHTS = Path("data/curated/purchasing_weights.csv")
ORDERS = 2_000_000
REGION = {
    **dict.fromkeys(("US", "CA", "MX"), "north_america"),
    **dict.fromkeys(("DE", "FR", "GB", "IT", "ES", "NL", "BE", "PL", "SE", "CZ", "AT"), "europe"),
    **dict.fromkeys(("AU", "NZ"), "oceania"),
}
SHARES = {"high-value": 0.08, "electronics": 0.17, "apparel": 0.45, "home": 0.20, "battery": 0.10}
FEES = ("fixed_eur_per_month", "storage_eur_per_m3_week", "inbound_eur_per_m3")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlanCase:
    """Tables of a case and the limits that it has."""

    warehouses: dict[str, list[Any]]
    products: dict[str, list[Any]]
    demand: dict[str, list[Any]]
    limits: xr.Limits

    def allocated(self, *, carbon_price_eur_t: float, limits: xr.Limits | None = None) -> xr.Allocation:
        """The allocation at a carbon price, with the limits of the case or others."""
        scenario = xr.Scenario(carbon_price_eur_t=carbon_price_eur_t)
        return xr.allocate(
            network(), origins=["Shenzhen, CN", "Yiwu, CN"], warehouses=self.warehouses, demand=self.demand,
            products=self.products, scenario=scenario, limits=limits or self.limits,
        )  # fmt: skip


@cache
def network() -> xr.Network:
    """The shipped network."""
    return xr.Network.load()


def plan_case(zones: int, seed: int) -> PlanCase:
    """A case of so many zones; equal for equal seeds."""
    rng = np.random.default_rng([20_261_123, zones, seed])
    spread = 0.0 if seed == 0 else 1.0
    towns = _towns(zones, rng, is_drawn=seed > 0)
    weight = {row["country"]: float(row["weight"]) for row in _rows(WEIGHTS)}
    weight = {country: each * _about(rng, 0.3 * spread) for country, each in weight.items()}
    share = {product: each * _about(rng, 0.3 * spread) for product, each in SHARES.items()}
    stores = _columns(_rows(CASE / "warehouses.csv"))
    for column, deviation in (("capacity_m3", 0.1), *((fee, 0.25) for fee in FEES)):
        stores[column] = [round(float(each) * _about(rng, deviation * spread), 2) for each in stores[column]]
    pull = np.array(
        [
            [people * weight[country] * each * _about(rng, 0.5 * spread) for each in share.values()]
            for _, country, people in towns
        ]
    )
    units = np.maximum(1, np.rint(pull / pull.sum() * ORDERS)).astype(int)
    demand = {
        "zone_id": [f"Z{at:04d}" for at in range(zones) for _ in share],
        "place": [hub for hub, _, _ in towns for _ in share],
        "region": [REGION[country] for _, country, _ in towns for _ in share],
        "product_id": [product for _ in towns for product in share],
        "units": units.ravel().tolist(),
    }
    return PlanCase(
        stores, _columns(_rows(CASE / "products.csv")), demand, xr.Limits(max_days=21.0, lcl_below_share=0.25)
    )


def _about(rng: np.random.Generator, deviation: float) -> float:
    return float(np.exp(rng.normal(0.0, deviation)))


def _towns(count: int, rng: np.random.Generator, *, is_drawn: bool) -> list[tuple[str, str, float]]:
    """Hub, country and population of cities, most populous first or drawn by population."""
    hubs = network().core.table("hubs")
    people = np.asarray(hubs["population"], dtype=float)
    known = [
        (str(hub), str(country), float(each))
        for hub, country, each in zip(hubs["hub_id"], hubs["country"], people, strict=True)
        if each > 0.0 and country in REGION
    ]
    known.sort(key=lambda row: (-row[2], row[0]))
    if not is_drawn:
        return known[:count]
    chance = np.array([each for _, _, each in known])
    return [
        known[at] for at in np.sort(rng.choice(len(known), count, replace=False, p=chance / chance.sum()))
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _columns(rows: list[dict[str, str]]) -> dict[str, list[Any]]:
    return {name: [_read(row[name]) for row in rows] for name in rows[0]}


def _read(text: str) -> Any:
    try:
        return {"true": True, "false": False, "": None}.get(text, float(text) if text[:1].isdigit() else text)
    except ValueError:
        return text

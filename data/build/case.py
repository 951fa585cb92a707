"""Writes the tables of data/cases/china-to-consumers: `python data/build/case.py`.

Zones are the most populous cities of 16 countries (GeoNames); demand is population times a purchasing weight
times the product share, 2,000,000 orders a month, whole units that add up exactly. Only the cities are real.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from sources import ROOT, cities, curated

CASE = ROOT / "data" / "cases" / "china-to-consumers"
ORDERS = 2_000_000
ZONES = 300
SOURCE = "city and population: GeoNames; orders: synthetic, team estimate"
REGION = {
    **dict.fromkeys(("US", "CA", "MX"), "north_america"),
    **dict.fromkeys(("DE", "FR", "GB", "IT", "ES", "NL", "BE", "PL", "SE", "CZ", "AT"), "europe"),
    **dict.fromkeys(("AU", "NZ"), "oceania"),
}
SHARES = {"high-value": 0.08, "electronics": 0.17, "apparel": 0.45, "home": 0.20, "battery": 0.10}


def main() -> None:
    """Writes demand.csv."""
    weight = {row["country"]: float(row["weight"]) for row in curated("purchasing_weights")}
    towns = sorted(
        (row for row in cities(100_000) if row["countrycode"] in REGION),
        key=lambda row: (-row["population"], row["geonameid"]),
    )[:ZONES]
    pull = [
        (town, product, town["population"] * weight[town["countrycode"]] * share)
        for town in towns
        for product, share in SHARES.items()
    ]
    units = whole([amount for _, _, amount in pull], ORDERS)
    rows = [
        (f"Z{towns.index(town) + 1:03d}", f"GN{town['geonameid']}", town["name"], town["countrycode"],
         REGION[town["countrycode"]], product, amount, SOURCE, "low")
        for (town, product, _), amount in zip(pull, units, strict=True)
    ]  # fmt: skip
    write(
        CASE / "demand.csv",
        ("zone_id", "place", "name", "country", "region", "product_id", "units", "source", "confidence"),
        rows,
    )


def whole(amounts: list[float], total: int) -> list[int]:
    """Whole parts of a total in proportion, by largest remainders.

    >>> whole([1.0, 1.0, 2.0], 10)
    [3, 2, 5]
    """
    scale = total / sum(amounts)
    floors = [int(amount * scale) for amount in amounts]
    order = sorted(range(len(amounts)), key=lambda at: (floors[at] - amounts[at] * scale, at))
    for at in order[: total - sum(floors)]:
        floors[at] += 1
    return floors


def write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """One CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()

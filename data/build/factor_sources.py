"""The curated facts in data/factors/sources/ that packs are made from: tables, parameters, grids, diesel."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FACTORS = Path(__file__).resolve().parents[1] / "factors"
Row = dict[str, str]


@dataclass(frozen=True)
class Diesel:
    """Greenhouse gas of burning and of providing diesel, and the density and heat to count it by."""

    ttw_g_kg: float
    wtt_g_kg: float
    mj_kg: float
    kg_l: float


def read(name: str) -> list[Row]:
    """The rows of one source table."""
    with (FACTORS / "sources" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(value: float) -> str:
    """A figure to ten significant digits, the same on every machine."""
    return f"{value:.10g}"


def parameters() -> dict[str, float]:
    """The named assumptions of the modelled packs."""
    return {row["parameter"]: float(row["value"]) for row in read("parameters.csv")}


def diesel() -> Diesel:
    """Diesel by the EU law defaults."""
    by_name = parameters()
    return Diesel(
        1000 * by_name["diesel_ttw"],
        1000 * by_name["diesel_wtt"],
        by_name["diesel_heat"],
        by_name["diesel_density"],
    )


def grids() -> dict[str, float]:
    """Electricity generation, g CO2e per kWh by country; "" holds the median for countries not listed."""
    by_country = {row["country"]: float(row["grid_g_kwh"]) for row in read("grid.csv")}
    return {"": median(by_country.values())} | by_country

"""Benchmark files of facility location as arrays: cost of all of a customer, capacity, fixed cost, demand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One published instance with the optima that its list knows (NaN for none)."""

    family: str
    name: str
    cost: Floats
    capacity: Floats
    fixed_cost: Floats
    demand: Floats
    split: float
    single_source: float
    uncapacitated: float


def instances(folder: Path, family: str) -> Iterator[Instance]:
    """The instances of a family, by the list of optima."""
    with (folder / "optima.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == family]
    for row in rows:
        override = float(row["capacity_override"] or "nan")
        cost, capacity, fixed, demand = READERS[family]((folder / row["file"]).read_text(), override)
        yield Instance(
            family=family,
            name=row["instance"],
            cost=cost,
            capacity=capacity,
            fixed_cost=fixed,
            demand=demand,
            split=float(row["opt_split"] or "nan"),
            single_source=float(row["opt_single_source"] or "nan"),
            uncapacitated=float(row["opt_uncapacitated"] or "nan"),
        )


Arrays = tuple[Floats, Floats, Floats, Floats]


class _Numbers:
    def __init__(self, words: list[str]) -> None:
        self.words, self.at = words, 0

    def take(self, *shape: int) -> Floats:
        count = int(np.prod(shape))
        self.at += count
        return np.array(self.words[self.at - count : self.at], dtype=np.float64).reshape(shape)


def _cap(text: str, override: float) -> Arrays:
    word = "nan" if np.isnan(override) else repr(override)
    numbers = _Numbers([word if each == "capacity" else each for each in text.split()])
    m, n = (int(each) for each in numbers.take(2))
    houses, zones = numbers.take(m, 2), numbers.take(n, m + 1)
    return np.ascontiguousarray(zones[:, 1:].T), houses[:, 0], houses[:, 1], zones[:, 0]


def _holmberg(text: str, _: float) -> Arrays:
    numbers = _Numbers(text.split())
    m, n = (int(each) for each in numbers.take(2))
    houses, demand = numbers.take(m, 2), numbers.take(n)
    return numbers.take(m, n), houses[:, 0], houses[:, 1], demand


def _delmaire(text: str, _: float) -> Arrays:
    numbers = _Numbers(text.split())
    n, m = (int(each) for each in numbers.take(2))
    cost, demand, fixed, capacity = numbers.take(n, m), numbers.take(n), numbers.take(m), numbers.take(m)
    return np.ascontiguousarray(cost.T), capacity, fixed, demand


def _tbed1(text: str, _: float) -> Arrays:
    numbers = _Numbers(text.split())
    m, n = (int(each) for each in numbers.take(2))
    demand, capacity, fixed = numbers.take(n), numbers.take(m), numbers.take(m)
    return numbers.take(m, n) * demand, capacity, fixed, demand


READERS: dict[str, Any] = {
    "cap": _cap,
    "holmberg": _holmberg,
    "yang": _holmberg,
    "delmaire": _delmaire,
    "tbed1": _tbed1,
}


@dataclass(frozen=True, kw_only=True)
class TwoStage:
    """One published two-stage instance; `best_known` is a value reached, `least` a bound that was proved."""

    name: str
    inbound: Floats
    outbound: Floats
    amounts: dict[str, Floats]
    best_known: float
    least: float


def two_stage_instances(folder: Path) -> Iterator[TwoStage]:
    """Two-stage instances by their list of best known values."""
    with (folder / "tscflp_best_known.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        numbers = _Numbers((folder / row["file"]).read_text().split())
        plants, satellites, customers = (int(each) for each in numbers.take(3))
        demand, plant = numbers.take(customers), numbers.take(plants, 2)
        inbound, satellite = numbers.take(plants, satellites), numbers.take(satellites, 2)
        yield TwoStage(
            name=Path(row["file"]).stem,
            inbound=inbound,
            outbound=numbers.take(satellites, customers),
            amounts={
                "plant_capacity": plant[:, 0],
                "plant_fixed_cost": plant[:, 1],
                "satellite_capacity": satellite[:, 0],
                "satellite_fixed_cost": satellite[:, 1],
                "demand": demand,
            },
            best_known=float(row["best_known"]),
            least=float(row["published_lower_bound"]),
        )

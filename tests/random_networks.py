"""Random networks with their terms and closures, for oracles: everything follows from one seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

import xroute as xr
from xroute import _core

Rows = dict[str, list[Any]]
KINDS = ("port", "airport", "rail_terminal", "border", "river_port", "warehouse", "city", "junction")
MODES = ("sea", "air", "rail", "road", "inland_waterway", "ferry")
LINK_MODES = ("sea", "rail", "road", "inland_waterway", "ferry")
GAUGES = (1435.0, 1520.0, math.nan)
PASSAGES = ("canal", "strait", "cape")
COUNTRIES = ("AA", "BB", "CC", "")
BY_CLASS = ("speed_km_h", "per_km_eur", "service_fixed_eur", "wtt_g_tkm", "ttw_g_tkm", "departures_per_week",
            "border_h", "border_eur")  # fmt: skip
DOOR = 6


@dataclass(frozen=True, kw_only=True)
class Case:
    """Tables, what each class, mode, rate and process costs, and what is closed."""

    hubs: Rows
    links: Rows
    services: Rows
    transfers: Rows
    passages: Rows
    by_class: dict[tuple[str, str], dict[str, float]]
    by_rate: dict[str, tuple[float, float, float]]
    load_fixed_eur: np.ndarray[Any, np.dtype[np.float64]]
    wait_h: np.ndarray[Any, np.dtype[np.float64]]
    process: np.ndarray[Any, np.dtype[np.float64]]
    hub_delay_h: np.ndarray[Any, np.dtype[np.float64]]
    passage_delay_h: dict[str, float]
    mass_t: float
    value_of_time_eur_h: float
    carbon_price_eur_t: float
    closed_passages: frozenset[str] = frozenset()
    closed_hubs: frozenset[int] = frozenset()
    closed_countries: frozenset[str] = frozenset()
    modes: frozenset[str] = field(default=frozenset(MODES))

    @cached_property
    def size(self) -> int:
        """How many hubs there are."""
        return len(self.hubs["hub_id"])

    @cached_property
    def network(self) -> xr.Network:
        """The network of the tables."""
        return xr.Network.from_tables(
            hubs=self.hubs, links=self.links or None, services=self.services or None,
            transfers=self.transfers or None, passages=self.passages,
        )  # fmt: skip

    @cached_property
    def metric(self) -> _core.Metric:
        """The metric of the core for these terms and closures."""
        core = self.network.core
        columns = {
            name: np.array([self.by_class[each][name] for each in core.classes], dtype=np.float64)
            for name in BY_CLASS
        }
        rates = np.array([self.by_rate[name] for name in core.rate_ids], dtype=np.float64).reshape(-1, 3)
        terms = columns | {
            "load_fixed_eur": self.load_fixed_eur,
            "wait_h": self.wait_h,
            "process": self.process.ravel(),
            "rate_fixed_eur": rates[:, 0].copy(),
            "rate_per_km_eur": rates[:, 1].copy(),
            "rate_minimum_eur": rates[:, 2].copy(),
            "hub_delay_h": self.hub_delay_h,
            "passage_delay_h": np.array([self.passage_delay_h[name] for name in core.passage_ids]),
            "mass_t": self.mass_t,
            "value_of_time_eur_h": self.value_of_time_eur_h,
            "carbon_price_eur_t": self.carbon_price_eur_t,
        }
        closed = self.closed_countries
        return _core.Metric.build(
            core, terms,
            closed_passages=sum(1 << core.passage_ids.index(name) for name in self.closed_passages),
            closed_hubs=sorted(self.closed_hubs),
            closed_countries=[at for at, code in enumerate(core.countries) if code in closed],
            modes=sum(1 << MODES.index(mode) for mode in self.modes),
        )  # fmt: skip


def random_case(seed: int, *, most_hubs: int = 60, links_a_hub: float = 3.0) -> Case:
    """A network of 2 hubs or more; islands, parallel links, loops, ties and zero lengths occur."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, most_hubs + 1))
    links = _links(rng, count, int(links_a_hub * count * rng.random()))
    services = _services(rng, count, int(rng.integers(0, count + 1)))
    hubs = _hubs(rng, count, services)
    keys = {
        key
        for rows in (links, services)
        for key in zip(rows.get("mode", ()), rows.get("vehicle_class", ()), strict=True)
    }
    dear = float(rng.choice([1.0, 1.0, 1.0, 1e5]))
    return Case(
        hubs=hubs,
        links=links,
        services=services,
        transfers=_transfers(rng, count),
        passages={"passage_id": list(PASSAGES), "name": [""] * 3, "default_closed": [False] * 3},
        by_class={key: _class_terms(rng, dear) for key in sorted(keys)},
        by_rate={name: _money(rng, dear) for name in ("fast", "slow")},
        load_fixed_eur=rng.integers(0, 40, 6) / 4.0,
        wait_h=rng.integers(0, 20, 6) / 10.0,
        process=_process(rng),
        hub_delay_h=np.where(rng.random(count) < 0.1, 3.7, 0.0),
        passage_delay_h={name: float(rng.choice([0.0, 0.0, 12.5])) for name in PASSAGES},
        mass_t=float(rng.integers(1, 400)) / 10.0,
        value_of_time_eur_h=float(rng.choice([0.0, 1.3])),
        carbon_price_eur_t=float(rng.choice([0.0, 85.0])),
        **_closures(rng, count),
    )


def _some(rng: np.random.Generator, values: tuple[Any, ...], rows: int) -> list[Any]:
    return [values[at] for at in rng.integers(0, len(values), rows)]


def _hubs(rng: np.random.Generator, count: int, services: Rows) -> Rows:
    kinds = _some(rng, KINDS, count)
    for hub in (*services.get("origin", ()), *services.get("destination", ())):
        at = int(hub[1:])
        kinds[at] = "city" if kinds[at] == "junction" else kinds[at]
    return {
        "hub_id": [f"h{at}" for at in range(count)],
        "lat": (rng.integers(-600, 600, count) / 10.0).tolist(),
        "lon": (rng.integers(-1800, 1800, count) / 10.0).tolist(),
        "kind": kinds,
        "country": _some(rng, COUNTRIES, count),
    }


def _ends(rng: np.random.Generator, count: int, rows: int) -> Rows:
    origins, destinations = rng.integers(0, count, (2, rows))
    return {"origin": [f"h{at}" for at in origins], "destination": [f"h{at}" for at in destinations]}


def _links(rng: np.random.Generator, count: int, rows: int) -> Rows:
    if not rows:
        return {}
    chosen = tuple(rng.choice(LINK_MODES, int(rng.integers(1, 5)), replace=False).tolist())
    return _ends(rng, count, rows) | {
        "mode": _some(rng, chosen, rows),
        "distance_km": (rng.integers(0, 30, rows) * rng.choice([0.0, 1.0, 10.7], rows)).tolist(),
        "oneway": (rng.random(rows) < 0.3).tolist(),
        "passages": _some(rng, ("", "", "", "", "canal", "strait", "cape;canal"), rows),
        "countries": _some(rng, ("", "", "AA", "BB", "AA;CC"), rows),
        "gauge_mm": _some(rng, GAUGES, rows),
        "speed_km_h": _some(rng, (math.nan, math.nan, 17.3), rows),
        "vehicle_class": _some(rng, ("", "big"), rows),
        "customs_borders": _some(rng, (math.nan, 0.0, 1.0, 2.0), rows),
    }


def _services(rng: np.random.Generator, count: int, rows: int) -> Rows:
    if not rows:
        return {}
    modes = _some(rng, ("air", "air", "sea", "rail"), rows)
    classes = _some(rng, ("", "jumbo"), rows)
    return _ends(rng, count, rows) | {
        "mode": modes,
        "distance_km": _some(rng, (math.nan, 0.0, 120.0, 333.3), rows),
        "duration_h": _some(rng, (math.nan, 0.0, 4.0), rows),
        "departures_per_week": _some(rng, (math.nan, 0.7, 7.0), rows),
        "cutoff_h": _some(rng, (math.nan, 6.0), rows),
        "rate_id": _some(rng, ("", "fast", "slow"), rows),
        "vehicle_class": [
            name or ("feeder" if mode == "air" else "") for mode, name in zip(modes, classes, strict=True)
        ],
    }


def _transfers(rng: np.random.Generator, count: int) -> Rows:
    rows: dict[tuple[str, str, str], tuple[float, ...]] = {}
    for _ in range(int(rng.integers(0, count))):
        hub, (first, second) = int(rng.integers(0, count)), rng.choice(MODES, 2)
        rows[f"h{hub}", str(first), str(second)] = tuple(
            float(rng.choice([math.nan, value])) for value in (2.5, 11.1, 40.0, 0.9)
        )
    if not rows:
        return {}
    ids = zip(("hub_id", "from_mode", "to_mode"), zip(*rows, strict=True), strict=True)
    terms = ("duration_h", "cost_eur_per_t", "fixed_cost_eur", "co2e_kg_per_t")
    numbers = zip(terms, zip(*rows.values(), strict=True), strict=True)
    return {name: list(cells) for name, cells in (*ids, *numbers)}


def _money(rng: np.random.Generator, dear: float) -> tuple[float, float, float]:
    fixed, per_km, least = rng.integers(0, 500, 3) / np.array([10.0, 1000.0, 4.0])
    return float(fixed), float(per_km) * dear, float(least)


def _class_terms(rng: np.random.Generator, dear: float) -> dict[str, float]:
    fixed, per_km, _ = _money(rng, dear)
    return {
        "speed_km_h": float(rng.choice([20.0, 37.5, 61.7, 800.0])),
        "per_km_eur": per_km,
        "service_fixed_eur": fixed,
        "wtt_g_tkm": float(rng.integers(0, 60)) / 7.0,
        "ttw_g_tkm": float(rng.integers(0, 600)) / 7.0,
        "departures_per_week": float(rng.choice([math.nan, 3.0])),
        "border_h": float(rng.choice([0.0, 8.3])),
        "border_eur": float(rng.choice([0.0, 31.7])),
    }


def _process(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    process = rng.integers(0, 200, (len(KINDS), 7, 7, 6)) / 10.0
    process[rng.random((len(KINDS), 7, 7)) < 0.15] = math.nan
    if rng.random() < 0.3:
        process[...] = 1.0  # ties
    return process


def _closures(rng: np.random.Generator, count: int) -> dict[str, Any]:
    if rng.random() < 0.6:
        return {}
    return {
        "closed_passages": frozenset(name for name in PASSAGES if rng.random() < 0.3),
        "closed_hubs": frozenset(at for at in range(count) if rng.random() < 0.05),
        "closed_countries": frozenset(code for code in ("AA", "BB") if rng.random() < 0.1),
        "modes": frozenset(mode for mode in MODES if rng.random() < 0.85) | {"road"},
    }

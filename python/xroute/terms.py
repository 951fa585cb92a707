"""What one shipment pays, waits and emits by class, mode and process: plain arrays for the core."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import processes
from xroute._core import MODES
from xroute.errors import InputError
from xroute.processes import Numbers
from xroute.rate_card import RateCard, card
from xroute.rates import KG_PER_M3, Chargeable, Rate, load_units
from xroute.shipment import LOADS, Shipment
from xroute.storage import package_data
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute.factors import Factor, FactorPack, HubFactor
    from xroute.scenario import Scenario

_HALF_WEEK_H = 84.0
_MODE_NUMBERS = (
    "speed_km_h",
    "speed_low_km_h",
    "speed_high_km_h",
    "departures_per_week",
    "border_h",
    "border_low_h",
    "border_high_h",
    "border_lcl_eur_per_rt",
    "border_fcl_eur_per_unit",
)
_CORE = (
    "speed_km_h",
    "per_km_eur",
    "service_fixed_eur",
    "wtt_g_tkm",
    "ttw_g_tkm",
    "departures_per_week",
    "border_h",
    "border_eur",
    "load_fixed_eur",
    "wait_h",
    "process",
    "rate_fixed_eur",
    "rate_per_km_eur",
    "rate_minimum_eur",
    "mass_t",
    "value_of_time_eur_h",
    "carbon_price_eur_t",
)

_MONEY = (
    *("per_km_eur", "service_fixed_eur", "border_eur", "load_fixed_eur", "process"),
    *("rate_fixed_eur", "rate_per_km_eur", "rate_minimum_eur"),
)
_HANDLING = 1
"""Where EUR stand among the numbers of a process."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Terms of one shipment under one scenario and one load (LCL or FCL).

    By class (as `classes`): speeds in km/h, money for the whole shipment in EUR, factors in g CO2e a
    tonne-km with the distance adjustment inside, departures a week (NaN: no wait), hours and EUR a customs
    border. By mode: EUR when a run of links is loaded and hours of waiting. `process` is kinds x from x to
    x (dwell h, handling EUR, WTT g/t, TTW g/t, low h, high h), with the door as the last side and NaN
    where a change is not possible. By rate (as `rate_ids`): EUR fixed, EUR a km, least EUR.
    """

    speed_km_h: Numbers
    speed_low_km_h: Numbers
    speed_high_km_h: Numbers
    per_km_eur: Numbers
    service_fixed_eur: Numbers
    wtt_g_tkm: Numbers
    ttw_g_tkm: Numbers
    departures_per_week: Numbers
    border_h: Numbers
    border_low_h: Numbers
    border_high_h: Numbers
    border_eur: Numbers
    load_fixed_eur: Numbers
    wait_h: Numbers
    process: Numbers
    rate_fixed_eur: Numbers
    rate_per_km_eur: Numbers
    rate_minimum_eur: Numbers
    mass_t: float
    value_of_time_eur_h: float
    carbon_price_eur_t: float
    chargeable: dict[str, Chargeable]
    load: str
    load_units: int
    is_indicative: bool
    classes: tuple[tuple[str, str], ...]
    rate_ids: tuple[str, ...]
    rate_of_class: tuple[Rate, ...]
    rate_of_mode: tuple[Rate, ...]
    rate_of_id: tuple[Rate, ...]
    factor_of_class: tuple[Factor, ...]
    process_factor: dict[str, HubFactor]

    def for_core(self) -> dict[str, Any]:
        """The fields that a metric is made from: one flat float64 array a field, scalars as floats."""
        return {name: getattr(self, name) for name in _CORE} | {"process": self.process.ravel()}

    @cached_property
    def hours_range(self) -> list[tuple[float, float]]:
        """By class, moving hours when fast and when slow, as shares of the likely hours."""
        fast = (self.speed_km_h / self.speed_high_km_h).tolist()
        slow = (self.speed_km_h / self.speed_low_km_h).tolist()
        return list(zip(fast, slow, strict=True))

    def is_alike_but_for_money(self, other: Terms) -> bool:
        """Whether hours, carbon and what is possible are the same under other terms."""
        mine, theirs = self.for_core(), other.for_core()
        is_money = np.arange(self.process.size) % self.process.shape[-1] == _HANDLING
        names = (name for name in _CORE if name not in _MONEY)
        return np.array_equal(
            mine["process"][~is_money], theirs["process"][~is_money], equal_nan=True
        ) and all(np.array_equal(mine[name], theirs[name], equal_nan=True) for name in names)

    def process_at(self, kind: str, from_side: str, to_side: str) -> tuple[str, HubFactor | None]:
        """The carbon process of a change at a kind of hub and its factor (`None` where nothing counts)."""
        name = processes.shipped_name(kind, from_side, to_side)
        return name, self.process_factor.get(name)


def build(
    classes: Sequence[tuple[str, str]],
    rate_ids: Sequence[str],
    shipment: Shipment,
    load: str,
    scenario: Scenario,
    pack: FactorPack,
    *,
    modes: Container[str] = frozenset(MODES),
) -> Terms:
    """The terms of a shipment for the classes and rates of a network.

    Only `modes` need a factor at the shipment's temperature: a network may have vehicles that the search
    does not use.

    Raises `InputError` for a load other than LCL and FCL, a rate that no card has or a currency without
    exchange rate, and `FactorError` for a class that the pack cannot answer.
    """
    if load not in LOADS:
        raise InputError(f"'{load}' is none of: LCL, FCL", table="shipment", column="load")
    classes, rate_ids = tuple((mode, name) for mode, name in classes), tuple(rate_ids)
    by_class, by_mode, by_id = _picked(card(scenario.rates), classes, rate_ids, load, _day(shipment))
    factors = tuple(
        pack.for_class(*each, temperature=shipment.temperature if each[0] in modes else "ambient")
        for each in classes
    )
    process, process_factor = _processes(shipment, load, pack)
    return Terms(
        **_movement(classes, shipment, load, scenario),
        **_money(by_class, by_mode, by_id, shipment, scenario),
        **_intensity(classes, factors),
        process=process,
        mass_t=shipment.mass_t,
        value_of_time_eur_h=float(scenario.value_of_time_eur_h),
        carbon_price_eur_t=float(scenario.carbon_price_eur_t),
        chargeable={rate.mode: rate.quantity(shipment.mass_t, shipment.volume_m3) for rate in by_mode},
        load=load,
        load_units=load_units(shipment.mass_t, shipment.volume_m3) if load == "FCL" else 0,
        is_indicative=any(rate.is_indicative for rate in (*by_class, *by_id)),
        classes=classes,
        rate_ids=rate_ids,
        rate_of_class=by_class,
        rate_of_mode=by_mode,
        rate_of_id=by_id,
        factor_of_class=factors,
        process_factor=process_factor,
    )


def _day(shipment: Shipment) -> date | None:
    return shipment.ready.date() if shipment.ready else None


@lru_cache(maxsize=64)
def _picked(
    rate_card: RateCard,
    classes: tuple[tuple[str, str], ...],
    rate_ids: tuple[str, ...],
    load: str,
    on: date | None,
) -> tuple[tuple[Rate, ...], tuple[Rate, ...], tuple[Rate, ...]]:
    """Rates by class, by mode (its fixed part on links) and by rate id."""

    def of(mode: str, vehicle_class: str) -> Rate:
        return rate_card.for_class(mode, vehicle_class, load=load, on=on, of_services=rate_ids)

    return (
        tuple(of(*each) for each in classes),
        tuple(of(mode, "") for mode in MODES),
        tuple(rate_card.named(rate_id, load=load, on=on) for rate_id in rate_ids),
    )


def _money(
    by_class: Sequence[Rate],
    by_mode: Sequence[Rate],
    by_id: Sequence[Rate],
    shipment: Shipment,
    scenario: Scenario,
) -> dict[str, Numbers]:
    def priced(rates: Sequence[Rate]) -> Numbers:
        prices = [
            rate.price(shipment.mass_t, shipment.volume_m3, exchange_rates=scenario.exchange_rates)
            for rate in rates
        ]
        return np.ascontiguousarray(np.array(prices, dtype=np.float64).reshape(-1, 3).T)

    classes, modes, ids = priced(by_class), priced(by_mode), priced(by_id)
    return {
        "service_fixed_eur": classes[0],
        "per_km_eur": classes[1],
        "load_fixed_eur": modes[0],
        "rate_fixed_eur": ids[0],
        "rate_per_km_eur": ids[1],
        "rate_minimum_eur": ids[2],
    }


def _intensity(classes: Sequence[tuple[str, str]], factors: Sequence[Factor]) -> dict[str, Numbers]:
    """Factors times their adjustment to network distances."""
    adjustment = np.array(
        [_adjustment(factor, mode) for (mode, _), factor in zip(classes, factors, strict=True)],
        dtype=np.float64,
    )
    return {
        "wtt_g_tkm": adjustment * np.array([factor.wtt_g_tkm for factor in factors], dtype=np.float64),
        "ttw_g_tkm": adjustment * np.array([factor.ttw_g_tkm for factor in factors], dtype=np.float64),
    }


@lru_cache(maxsize=1024)
def _adjustment(factor: Factor, mode: str) -> float:
    """Network distances are great circle in the air and shortest feasible elsewhere."""
    return factor.adjustment("gcd" if mode == "air" else "sfd")


def _movement(
    classes: tuple[tuple[str, str], ...], shipment: Shipment, load: str, scenario: Scenario
) -> dict[str, Numbers]:
    table, rows = _modes()
    at = [rows.get(each, rows[each[0], "*"]) for each in classes]
    taken: dict[str, Numbers] = {name: table[name][at] for name in _MODE_NUMBERS}
    factor = np.array([scenario.speeds.get(mode, 1.0) for mode, _ in classes], dtype=np.float64)
    for name in ("speed_km_h", "speed_low_km_h", "speed_high_km_h"):
        taken[name] = taken[name] * factor
    per_rt, per_unit = taken.pop("border_lcl_eur_per_rt"), taken.pop("border_fcl_eur_per_unit")
    is_full = load == "FCL"
    quantity = load_units(shipment.mass_t, shipment.volume_m3) if is_full else _revenue_tonnes(shipment)
    taken["border_eur"] = quantity * (per_unit if is_full else per_rt)
    departures = table["departures_per_week"][[rows[mode, "*"] for mode in MODES]]
    taken["wait_h"] = np.nan_to_num(_HALF_WEEK_H / departures, nan=0.0)
    return taken


def border_rates(classes: Sequence[tuple[str, str]], load: str) -> Numbers:
    """EUR a customs border by class: by revenue tonne for LCL, by container or truck for FCL."""
    table, rows = _modes()
    at = [rows.get(each, rows[each[0], "*"]) for each in classes]
    numbers: Numbers = table["border_fcl_eur_per_unit" if load == "FCL" else "border_lcl_eur_per_rt"][at]
    return numbers


def _revenue_tonnes(shipment: Shipment) -> float:
    """Tonnes or cubic metres, whichever are more."""
    return max(shipment.mass_t, shipment.volume_m3)


def _processes(shipment: Shipment, load: str, pack: FactorPack) -> tuple[Numbers, dict[str, HubFactor]]:
    hub = processes.shipped()
    air_kg = max(shipment.mass_kg, shipment.volume_m3 * KG_PER_M3["air"])
    is_full = load == "FCL"
    quantity = load_units(shipment.mass_t, shipment.volume_m3) if is_full else _revenue_tonnes(shipment)
    surface = quantity * hub.numbers["fcl_eur_per_unit" if is_full else "lcl_eur_per_rt"]
    handling = np.maximum(surface + air_kg * hub.numbers["air_eur_per_kg"], hub.numbers["minimum_eur"])
    factors = {name: pack.for_process(name) for name in hub.names[1:]}
    grams = np.zeros((len(hub.names), 2))
    for row, factor in enumerate(factors.values(), 1):
        grams[row] = factor.wtt_g_t, factor.ttw_g_t
    emitted = grams[hub.name_at]
    numbers = hub.numbers
    stacked = (
        numbers["dwell_h"],
        handling,
        emitted[..., 0],
        emitted[..., 1],
        numbers["low_h"],
        numbers["high_h"],
    )
    return np.stack(stacked, axis=-1), factors


@cache
def _modes() -> tuple[dict[str, Any], dict[tuple[str, str], int]]:
    """The curated modes as columns, and the row of each (mode, class)."""
    table = read_table(package_data("curated", "modes.csv"), table="modes")
    for name in _MODE_NUMBERS:
        table[name] = table[name].astype(np.float64)
    keys = zip(table["mode"].tolist(), table["vehicle_class"].tolist(), strict=True)
    return table, {key: row for row, key in enumerate(keys)}

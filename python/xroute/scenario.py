"""What is different from the everyday network: closures, delays, prices, speeds and factors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xroute._core import MODES
from xroute.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """An overlay on a network; it never rebuilds it.

    Closed passages, hubs and countries remove every link that crosses them. `delays_h` adds hours at a
    hub or on a passage by id; `speeds` multiplies the speed of a mode; prices are EUR. `rates` is a rate
    card (a path, a table or a dict of columns) that replaces the shipped indicative one; other
    currencies need `exchange_rates` (EUR for one unit of the currency). A `vessel_class`, or a draft and a
    beam, closes the ports and passages that the ship does not fit to sea links; services keep their own ship.
    `ets_prices_eur_t` are allowance prices by scheme (`eu_ets`, `uk_ets`) over the shipped indicative ones.

    >>> Scenario(name="Red Sea closed", closed_passages=("suez", "bab_el_mandeb")).closed_passages
    ('suez', 'bab_el_mandeb')
    """

    name: str = "base"
    closed_passages: tuple[str, ...] = ()
    open_passages: tuple[str, ...] = ()
    closed_hubs: tuple[str, ...] = ()
    closed_countries: tuple[str, ...] = ()
    carbon_price_eur_t: float = 0.0
    value_of_time_eur_h: float = 0.0
    factor_pack: str = "desnz-2025"
    rates: Any = None
    exchange_rates: Mapping[str, float] = field(default_factory=dict)
    delays_h: Mapping[str, float] = field(default_factory=dict)
    speeds: Mapping[str, float] = field(default_factory=dict)
    vessel_class: str = ""
    vessel_draft_m: float | None = None
    vessel_beam_m: float | None = None
    ets_prices_eur_t: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("closed_passages", "open_passages", "closed_hubs", "closed_countries"):
            object.__setattr__(self, name, _names(getattr(self, name), name))
        for name in ("carbon_price_eur_t", "value_of_time_eur_h"):
            _number(getattr(self, name), name, least=0.0)
        for name in ("vessel_draft_m", "vessel_beam_m"):
            if getattr(self, name) is not None:
                _number(getattr(self, name), name, least=0.1)
        if self.vessel_class:
            from xroute.vessel import named

            named(self.vessel_class)
        for name in ("delays_h", "exchange_rates", "speeds", "ets_prices_eur_t"):
            if not isinstance(getattr(self, name), Mapping):
                raise InputError("expected a number for each name", table="scenario", column=name)
            for key, value in getattr(self, name).items():
                _number(value, f"{name}[{key}]", least=1e-9 if name in ("exchange_rates", "speeds") else 0.0)
        for scheme in self.ets_prices_eur_t:
            if scheme not in ("eu_ets", "uk_ets"):
                message = f"'{scheme}' is none of: eu_ets, uk_ets"
                raise InputError(message, table="scenario", column="ets_prices_eur_t")
        for mode in self.speeds:
            if mode not in MODES:
                raise InputError(
                    f"'{mode}' is none of: {', '.join(MODES)}", table="scenario", column="speeds"
                )


def _names(value: object, name: str) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    names = tuple(parts) if isinstance(parts, Iterable) else (parts,)
    if not all(isinstance(each, str) and each.strip() for each in names):
        raise InputError("expected a list of ids", table="scenario", column=name)
    return tuple(each.strip() for each in names)


def _number(value: object, name: str, *, least: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value < least:  # type: ignore[operator]
        raise InputError(
            f"expected a finite number of at least {least:g}, got {value!r}", table="scenario", column=name
        )

"""How a question finds its factor: the order of fallbacks, each step written into what answers.

1. The class at its temperature: in the pack, then in each of its fallback packs.
2. Not ambient: the ambient factor of the class, found by 1, times the first row of `uplifts.csv` that fits.
3. The class that `fallbacks.csv` names (a size class to its average, a country to the median grid), again by
   1 and 2, and so on.
4. `FactorError` with the nearest names.

A country of a hub or a grid: its own row in the pack order, then the row of no country.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from xroute.errors import FactorError, InputError
from xroute.factors import Factor, FactorPack, HubFactor, not_negative

if TYPE_CHECKING:
    from xroute.factor_energy import FuelFactor, GridFactor

_CROSSED = re.compile(r"(?P<stem>.+)_(?P<parts>[A-Z]{2}(?::[0-9.]+)?(?:\+[A-Z]{2}(?::[0-9.]+)?)+)", re.ASCII)
MOST_STEPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """What keeping freight cold adds: a multiplier on the ambient factor of classes that fit a pattern."""

    mode: str
    vehicle_class: str
    temperature: str
    multiplier: float
    low: float
    high: float
    arithmetic: str = ""
    source: str = ""
    licence: str = ""
    confidence: str = ""
    pack_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentRule:
    """The class that answers for classes that fit a pattern where they have no figure, and why."""

    mode: str
    vehicle_class: str
    falls_back_to: str
    reason: str
    pack_id: str = ""


@lru_cache(maxsize=8192)
def answer(pack: FactorPack, mode: str, vehicle_class: str, temperature: str) -> Factor:
    """The factor of a class; raises `FactorError` naming the nearest candidates."""
    crossed = _CROSSED.fullmatch(vehicle_class)
    if crossed:
        return along(pack, mode, crossed["stem"], _km(crossed["parts"]), temperature)
    asked, steps = vehicle_class, list[str]()
    for _ in range(MOST_STEPS):
        found = _at_temperature(pack, mode, asked, temperature, steps)
        if found is not None:
            return replace(found, answers_for=vehicle_class)
        rule = _parent(pack, mode, asked)
        if rule is None:
            break
        steps.append(f"no figure for '{asked}': '{rule.falls_back_to}' ({rule.reason})")
        asked = rule.falls_back_to
    _no_class(pack, mode, vehicle_class, temperature)


def _at_temperature(
    pack: FactorPack, mode: str, asked: str, temperature: str, steps: Sequence[str]
) -> Factor | None:
    exact = _exact(pack, mode, asked, temperature, steps)
    if exact is not None or temperature == "ambient":
        return exact
    ambient = _exact(pack, mode, asked, "ambient", steps)
    uplift = _uplift(pack, mode, asked, temperature)
    return None if ambient is None or uplift is None else _lifted(ambient, uplift)


def _exact(pack: FactorPack, mode: str, asked: str, temperature: str, steps: Sequence[str]) -> Factor | None:
    for held in pack.order:
        factor_id = held.classes.get((mode, asked, temperature))
        if factor_id is not None:
            named = f"'{asked}'" if asked else f"the default of {mode}"
            away = () if held is pack else (f"{pack.id} has no figure for {named}: {held.id}",)
            return replace(held.factors[factor_id], fallback="; ".join((*steps, *away)))
    return None


def _uplift(pack: FactorPack, mode: str, asked: str, temperature: str) -> Uplift | None:
    return next(
        (
            each
            for held in pack.order
            for each in held.uplifts
            if (each.mode, each.temperature) == (mode, temperature) and fnmatchcase(asked, each.vehicle_class)
        ),
        None,
    )


def _lifted(ambient: Factor, uplift: Uplift) -> Factor:
    """The ambient factor times an uplift, labelled as modelled."""
    low, high = ambient.wtw_low_g_tkm, ambient.wtw_high_g_tkm
    base = ambient.wtw_g_tkm
    step = (
        f"no {uplift.temperature} figure: ambient '{ambient.factor_id}' x {uplift.multiplier:g} "
        f"({uplift.low:g}-{uplift.high:g}; {uplift.source}; {uplift.pack_id})"
    )
    is_known = not math.isnan(base)
    return replace(
        ambient,
        factor_id=f"{ambient.factor_id}+{uplift.temperature}",
        temperature=uplift.temperature,
        wtt_g_tkm=ambient.wtt_g_tkm * uplift.multiplier,
        ttw_g_tkm=ambient.ttw_g_tkm * uplift.multiplier,
        wtw_low_g_tkm=(base if low is None else low) * uplift.low if is_known else None,
        wtw_high_g_tkm=(base if high is None else high) * uplift.high if is_known else None,
        category="modelled",
        confidence=uplift.confidence or ambient.confidence,
        fallback="; ".join(filter(None, (ambient.fallback, step))),
    )


def _parent(pack: FactorPack, mode: str, asked: str) -> ParentRule | None:
    return next(
        (
            rule
            for held in pack.order
            for rule in held.parents
            if rule.mode == mode and fnmatchcase(asked, rule.vehicle_class) and rule.falls_back_to != asked
        ),
        None,
    )


def along(
    pack: FactorPack, mode: str, vehicle_class: str, km_by_country: Mapping[str, float], temperature: str
) -> Factor:
    """The mean of the factors of a class in the countries crossed, weighted by km."""
    km = {country: not_negative(each, "km_by_country") for country, each in km_by_country.items()}
    total = math.fsum(km.values())
    if total <= 0.0:
        raise InputError("expected kilometres in at least one country, got none", column="km_by_country")
    parts = [
        (answer(pack, mode, f"{vehicle_class}_{country}", temperature), each / total)
        for country, each in sorted(km.items())
        if each > 0.0
    ]
    if len({factor.distance_basis for factor, _ in parts}) > 1:
        raise FactorError(f"the countries of '{vehicle_class}' have figures on different distance bases", ())
    shares = ", ".join(f"{country} {km[country] / total:.1%}" for country in sorted(km) if km[country])
    steps = list(dict.fromkeys(factor.fallback for factor, _ in parts if factor.fallback))
    first = parts[0][0]
    name = "+".join(f"{country}:{km[country]:g}" for country in sorted(km) if km[country])
    return replace(
        first,
        factor_id=f"{vehicle_class.lower().replace('_', '-')}:{name}",
        vehicle_class=f"{vehicle_class} across {shares}",
        wtt_g_tkm=math.fsum(factor.wtt_g_tkm * share for factor, share in parts),
        ttw_g_tkm=math.fsum(factor.ttw_g_tkm * share for factor, share in parts),
        wtw_low_g_tkm=_mean([(factor.wtw_low_g_tkm, share) for factor, share in parts]),
        wtw_high_g_tkm=_mean([(factor.wtw_high_g_tkm, share) for factor, share in parts]),
        source="; ".join(dict.fromkeys(factor.source for factor, _ in parts)),
        category="modelled",
        answers_for=f"{vehicle_class}_{name}",
        fallback="; ".join(steps),
    )


def _mean(parts: Iterable[tuple[float | None, float]]) -> float | None:
    """The weighted mean; `None` where a part is not known."""
    known = list(parts)
    if any(value is None for value, _ in known):
        return None
    return math.fsum(value * share for value, share in known if value is not None)


def _km(parts: str) -> dict[str, float]:
    """Kilometres by country of `CN:5000+KZ:3000`; 1 each where none are given."""
    km: dict[str, float] = {}
    for part in parts.split("+"):
        country, _, each = part.partition(":")
        try:
            km[country] = km.get(country, 0.0) + (float(each) if each else 1.0)
        except ValueError:
            raise InputError(f"'{each}' are no kilometres", column="vehicle_class") from None
    if len({":" in part for part in parts.split("+")}) > 1:
        raise InputError(f"'{parts}': give km for every country or for none", column="vehicle_class")
    return km


def hub_answer(pack: FactorPack, process: str, country: str) -> HubFactor:
    """The factor of a hub process in a country; raises `FactorError` naming the nearest."""
    for place in dict.fromkeys((country, "")):
        for held in pack.order:
            found = held.hubs.get((process, place))
            if found is not None:
                steps = [f"{pack.id} has no '{process}': {held.id}"] if held is not pack else []
                if place != country:
                    steps.insert(0, f"no figure for '{process}' in {country}: the row of no country")
                return replace(found, asked_country=country, fallback="; ".join(steps))
    known = sorted({name for held in pack.order for name, _ in held.hubs})
    raise FactorError(f"{pack.names} have no factor for the hub process '{process}'", nearest(process, known))


def fuel_answer(pack: FactorPack, fuel: str) -> FuelFactor:
    """The factor of a fuel; raises `FactorError` naming the nearest."""
    for held in pack.order:
        if fuel in held.fuels:
            return held.fuels[fuel]
    known = sorted({name for held in pack.order for name in held.fuels})
    raise FactorError(f"{pack.names} have no factor for the fuel '{fuel}'", nearest(fuel, known))


def grid_answer(pack: FactorPack, country: str) -> GridFactor:
    """The grid of a country, or of any other; raises `FactorError` where no pack holds grids."""
    for place in dict.fromkeys((country, "")):
        for held in pack.order:
            found = held.grids.get(place)
            if found is not None:
                step = (
                    "" if place == country else f"no grid of {country}: {found.scope or 'any other country'}"
                )
                return replace(found, asked_country=country, fallback=step)
    raise FactorError(f"{pack.names} hold no electricity grids", ())


def _no_class(pack: FactorPack, mode: str, vehicle_class: str, temperature: str) -> NoReturn:
    keys = {key for held in pack.order for key in held.classes if key[0] == mode and key[1]}
    same_temperature = sorted({name for _, name, kept_at in keys if kept_at == temperature})
    candidates = nearest(vehicle_class, same_temperature)
    if temperature != "ambient" and (mode, vehicle_class, "ambient") in keys:
        candidates = (f"{vehicle_class} (ambient)", *candidates)
    raise FactorError(f"{pack.names} have no {temperature} factor for {mode} '{vehicle_class}'", candidates)


def nearest(wanted: str, names: list[str]) -> tuple[str, ...]:
    """Up to five names, the closest first; the first five where none is close."""
    from difflib import get_close_matches

    return tuple(get_close_matches(wanted, names, n=5, cutoff=0.3)) or tuple(names[:5])

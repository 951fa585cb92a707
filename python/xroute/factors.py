"""Emission factors and the packs that hold them.

A pack is a folder: `pack.toml` says whose figures these are and under which licence, `intensities.csv`
and `hubs.csv` hold them, `classes.csv` says which figure answers for which vehicle class of a network.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NoReturn

import numpy as np

from xroute import _core
from xroute.errors import FactorError, InputError
from xroute.schema import TEMPERATURES
from xroute.storage import package_data

CATEGORIES = ("primary", "modelled", "default")
SCOPES = ("wtw", "ttw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Greenhouse gas of moving freight, in grams of CO2e per tonne-kilometre of one distance basis.

    `wtt_g_tkm` is NaN where a source publishes operation (TTW) only. `radiative_forcing_g_tkm` is for
    information and in no total. A factor made by hand is a primary figure of the user.

    Raises `InputError` for an unknown mode, distance basis, temperature or category.
    """

    factor_id: str
    mode: str
    vehicle_class: str
    wtt_g_tkm: float
    ttw_g_tkm: float
    distance_basis: str
    energy_carrier: str = ""
    temperature: str = "ambient"
    load_basis: str = ""
    radiative_forcing_g_tkm: float = 0.0
    gwp_set: str = ""
    source: str = "user"
    section: str = ""
    licence: str = ""
    category: str = "primary"
    confidence: str = ""
    pack_id: str = "user"
    pack_version: str = ""

    def __post_init__(self) -> None:
        one_of(self.mode, _core.MODES, "mode")
        one_of(self.distance_basis, _core.DISTANCE_BASES, "distance_basis")
        one_of(self.temperature, TEMPERATURES, "temperature")
        one_of(self.category, CATEGORIES, "category")

    @property
    def wtw_g_tkm(self) -> float:
        """Energy provision and operation together; NaN where provision is missing."""
        return self.wtt_g_tkm + self.ttw_g_tkm

    @property
    def is_ttw_only(self) -> bool:
        """Whether the source gives operation without energy provision."""
        return math.isnan(self.wtt_g_tkm)

    def adjustment(self, activity_basis: str, distance_km: float | None = None) -> float:
        """Kilometres of this factor's basis for each kilometre of the activity's basis.

        Between great-circle and flown distance it depends on the distance. Raises `InputError` where no
        rule exists, or where the distance is needed and not given.
        """
        one_of(activity_basis, _core.DISTANCE_BASES, "distance_basis")
        if distance_km is None and self.mode == "air" and activity_basis != self.distance_basis:
            raise InputError(
                "this adjustment needs the distance_km of the flight",
                column="distance_km",
            )
        one, none = np.ones(1), np.zeros(1)
        distance = one if distance_km is None else one * not_negative(distance_km, "distance_km")
        bases = [activity_basis], [self.distance_basis]
        _, _, ratio = _core.emissions(one, distance, *bases, [self.mode], none, none)
        return float(ratio[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFactor:
    """Greenhouse gas of a hub, in grams of CO2e per tonne that leaves it.

    Raises `InputError` for an unknown category.
    """

    factor_id: str
    process: str
    wtt_g_t: float
    ttw_g_t: float
    country: str = ""
    gwp_set: str = ""
    source: str = "user"
    section: str = ""
    licence: str = ""
    category: str = "primary"
    confidence: str = ""
    pack_id: str = "user"
    pack_version: str = ""

    def __post_init__(self) -> None:
        one_of(self.category, CATEGORIES, "category")

    @property
    def wtw_g_t(self) -> float:
        """Energy provision and operation together."""
        return self.wtt_g_t + self.ttw_g_t

    @classmethod
    def from_energy(
        cls,
        factor_id: str,
        process: str,
        *,
        uses: Iterable[EnergyUse],
        throughput_t: float,
        source: str = "user",
    ) -> HubFactor:
        """The factor of one hub from all energy it used while so many tonnes left it.

        Raises `InputError` for a throughput that is not above zero.
        """
        if not (math.isfinite(throughput_t) and throughput_t > 0.0):
            raise InputError(f"expected a positive number, got {throughput_t}", column="throughput_t")
        used = tuple(uses)
        return cls(
            factor_id=factor_id,
            process=process,
            wtt_g_t=1000.0 * math.fsum(use.quantity * use.wtt_kg_per_unit for use in used) / throughput_t,
            ttw_g_t=1000.0 * math.fsum(use.quantity * use.ttw_kg_per_unit for use in used) / throughput_t,
            source=source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyUse:
    """Energy used, in a unit of the user's choice, and kg CO2e of providing and of using one unit.

    Electricity is provision (WTT) alone. Raises `InputError` for a value that is not finite and at least 0.
    """

    quantity: float
    wtt_kg_per_unit: float
    ttw_kg_per_unit: float

    def __post_init__(self) -> None:
        for name in ("quantity", "wtt_kg_per_unit", "ttw_kg_per_unit"):
            not_negative(getattr(self, name), name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorPack:
    """The factors of one publisher and year, and the packs that are asked where it has none.

    `fallback` is the id of the next pack to ask, empty for none; `fallbacks` are all of them in order.
    """

    id: str
    publisher: str
    version: str
    vintage: str
    licence: str
    gwp_set: str
    scope: str
    attribution: str
    redistribution: str
    fallback: str
    note: str = ""
    factors: Mapping[str, Factor] = field(repr=False)
    classes: Mapping[tuple[str, str, str], str] = field(repr=False)
    hubs: Mapping[tuple[str, str], HubFactor] = field(repr=False)
    fallbacks: tuple[FactorPack, ...] = field(default=(), repr=False)

    def for_class(
        self,
        mode: str,
        vehicle_class: str = "",
        *,
        temperature: str = "ambient",
        scope: str = "wtw",
    ) -> Factor:
        """The factor of a vehicle class, from this pack or the first fallback that knows it.

        An empty class is the default one of its mode. Raises `FactorError` naming the nearest candidates,
        or where WTW is asked of figures that hold operation (TTW) only; `InputError` for unknown names.
        """
        one_of(mode, _core.MODES, "mode")
        one_of(temperature, TEMPERATURES, "temperature")
        one_of(scope, SCOPES, "scope")
        for pack in (self, *self.fallbacks):
            factor_id = pack.classes.get((mode, vehicle_class, temperature))
            if factor_id is not None:
                return _in_scope(pack.factors[factor_id], scope)
        self._no_class(mode, vehicle_class, temperature)

    def for_process(self, process: str, country: str = "") -> HubFactor:
        """The factor of a hub process; a country without a row of its own gets the row of no country.

        Raises `FactorError` naming the nearest candidates.
        """
        for pack in (self, *self.fallbacks):
            found = pack.hubs.get((process, country)) or pack.hubs.get((process, ""))
            if found is not None:
                return found
        known = sorted({name for pack in (self, *self.fallbacks) for name, _ in pack.hubs})
        raise FactorError(
            f"{self.names} have no factor for the hub process '{process}'",
            _nearest(process, known),
        )

    @property
    def names(self) -> str:
        """This pack and its fallbacks by id, for messages and records."""
        return ", ".join(pack.id for pack in (self, *self.fallbacks))

    def _no_class(self, mode: str, vehicle_class: str, temperature: str) -> NoReturn:
        keys = {key for pack in (self, *self.fallbacks) for key in pack.classes if key[0] == mode and key[1]}
        same_temperature = sorted({name for _, name, kept_at in keys if kept_at == temperature})
        candidates = _nearest(vehicle_class, same_temperature)
        if (mode, vehicle_class, "ambient") in keys:
            candidates = (f"{vehicle_class} (ambient)", *candidates)
        raise FactorError(
            f"{self.names} have no {temperature} factor for {mode} '{vehicle_class}'",
            candidates,
        )


def available_packs() -> tuple[str, ...]:
    """The ids of the shipped packs."""
    folders = package_data("factors").iterdir()
    return tuple(sorted(folder.name for folder in folders if (folder / "pack.toml").is_file()))


def load_pack(pack: str | Path) -> FactorPack:
    """A shipped pack by its id, or any pack by the path of its folder.

    Raises `FactorError` for a pack that is not there and `InputError` for one that is broken.
    """
    from xroute.factor_files import read_pack

    if isinstance(pack, str) and pack in available_packs():
        return _shipped(pack)
    folder = Path(pack)
    if not (folder / "pack.toml").is_file():
        raise FactorError(f"no factor pack '{pack}': neither shipped nor a folder", available_packs())
    return read_pack(folder)


def grams_per_tonne_km(g_per_teu_km: float, *, tonnes_per_teu: float = 10.0) -> float:
    """Grams per tonne-km of a figure per TEU-km; 10 t a TEU unless told (6 light, 14.5 heavy).

    >>> round(grams_per_tonne_km(114.5), 6)
    11.45
    """
    not_negative(g_per_teu_km, "g_per_teu_km")
    if not_negative(tonnes_per_teu, "tonnes_per_teu") == 0.0:
        raise InputError("expected a positive number, got 0", column="tonnes_per_teu")
    return g_per_teu_km / tonnes_per_teu


def basis_of(factor: Factor | HubFactor) -> str:
    """The distance basis of a transport factor; empty for a hub factor."""
    return factor.distance_basis if isinstance(factor, Factor) else ""


def one_of(value: str, names: Iterable[str], column: str) -> None:
    """Raises `InputError` unless the value is one of the names."""
    if value not in names:
        raise InputError(f"'{value}' is none of: {', '.join(names)}", column=column)


def not_negative(value: object, column: str) -> float:
    """The value as a finite number of at least 0; raises `InputError` for anything else."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"expected a number, got {value!r}", column=column) from None
    if isinstance(value, str | bytes) or not (math.isfinite(number) and number >= 0.0):
        raise InputError(f"expected a finite number of at least 0, got {value!r}", column=column)
    return number


@cache
def _shipped(name: str) -> FactorPack:
    from xroute.factor_files import read_pack

    return read_pack(package_data("factors", name))


def _in_scope(factor: Factor, scope: str) -> Factor:
    if scope == "wtw" and factor.is_ttw_only:
        raise FactorError(
            f"{factor.pack_id} gives operation (TTW) only for {factor.mode} '{factor.vehicle_class}': "
            "ask for scope='ttw' or use a pack with WTT",
            (),
        )
    return factor


def _nearest(wanted: str, names: list[str]) -> tuple[str, ...]:
    from difflib import get_close_matches

    return tuple(get_close_matches(wanted, names, n=5, cutoff=0.3)) or tuple(names[:5])

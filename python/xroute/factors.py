"""Emission factors and the packs that hold them.

A pack is a folder: `pack.toml` says whose figures these are and under which licence, `intensities.csv`,
`hubs.csv`, `fuels.csv` and `grids.csv` hold them, `classes.csv` says which figure answers for which vehicle
class of a network, `uplifts.csv` and `fallbacks.csv` what to do where none does.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xroute import _core
from xroute.errors import FactorError, InputError
from xroute.schema import TEMPERATURES
from xroute.storage import package_data

if TYPE_CHECKING:
    from xroute.factor_energy import FuelFactor, GridFactor
    from xroute.factor_lookup import ParentRule, Uplift

CATEGORIES = ("primary", "modelled", "default")
SCOPES = ("wtw", "ttw")
GWP_SETS = ("AR4", "AR5", "AR6", "as published")
"""What warming potentials a figure was made with; a mixed figure names several, separated by `;`."""
PACK_FOLDERS = "XROUTE_FACTOR_PACKS"
"""The environment variable that names folders of the user's own packs, separated as in PATH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Greenhouse gas of moving freight, in grams of CO2e per tonne-kilometre of one distance basis.

    `wtt_g_tkm` is NaN where a source publishes operation (TTW) only. `radiative_forcing_g_tkm` is for
    information and in no total. `wtw_low_g_tkm` and `wtw_high_g_tkm` are the range where one is known.
    `answers_for` is the class that was asked and `fallback` why this figure answers for it, empty where it is
    the class's own. A factor made by hand is a primary figure of the user. `market_wtt_g_tkm` is provision
    with market-based electricity, for a line of its own; `tonnes_per_teu` the load of a box that a figure per
    TEU-km was turned by; `carriers` the shares of the activity by energy carrier; `restated_from` the basis
    before a restatement, which is made once.

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
    wtw_low_g_tkm: float | None = None
    wtw_high_g_tkm: float | None = None
    answers_for: str = ""
    fallback: str = ""
    market_wtt_g_tkm: float | None = None
    tonnes_per_teu: float = 0.0
    load_factor: float | None = None
    empty_running: float | None = None
    carriers: tuple[tuple[str, float], ...] = ()
    restated_from: str = ""

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

    @classmethod
    def per_teu_km(
        cls,
        factor_id: str,
        *,
        wtt_g_teu_km: float,
        ttw_g_teu_km: float,
        distance_basis: str,
        tonnes_per_teu: float = 10.0,
        mode: str = "sea",
        vehicle_class: str = "",
        temperature: str = "ambient",
        source: str = "user",
    ) -> Factor:
        """A figure per TEU-km: freight without boxes takes it by `tonnes_per_teu`, elements with TEU by box.

        Raises `InputError` for values that are no quantity.
        """
        parts = [
            grams_per_tonne_km(grams, tonnes_per_teu=tonnes_per_teu) for grams in (wtt_g_teu_km, ttw_g_teu_km)
        ]
        return cls(
            factor_id=factor_id, mode=mode, vehicle_class=vehicle_class, wtt_g_tkm=parts[0],
            ttw_g_tkm=parts[1], distance_basis=distance_basis, temperature=temperature, source=source,
            tonnes_per_teu=tonnes_per_teu,
        )  # fmt: skip

    def restated(self, distance_basis: str, distance_km: float | None = None) -> Factor:
        """The same figure per km of another basis, such as x 1.15 from per actual to per sfd km at sea.

        Raises `InputError` where no rule exists, and for a figure that was restated before: a second
        adjustment is refused.
        """
        if self.restated_from:
            message = f"'{self.factor_id}' was restated from {self.restated_from} before: adjusted twice"
            raise InputError(message, column="distance_basis")
        times = self.adjustment(distance_basis, distance_km)
        low, high, market = (
            None if each is None else each * times
            for each in (self.wtw_low_g_tkm, self.wtw_high_g_tkm, self.market_wtt_g_tkm)
        )
        return replace(
            self, distance_basis=distance_basis, restated_from=self.distance_basis, market_wtt_g_tkm=market,
            wtt_g_tkm=self.wtt_g_tkm * times, ttw_g_tkm=self.ttw_g_tkm * times, wtw_low_g_tkm=low,
            wtw_high_g_tkm=high, radiative_forcing_g_tkm=self.radiative_forcing_g_tkm * times,
        )  # fmt: skip

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

    `wtw_low_g_t` and `wtw_high_g_t` are the range where one is known. `asked_country` is the country that was
    asked and `fallback` why this figure answers for it, empty where it is the country's own. Raises
    `InputError` for an unknown category.
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
    wtw_low_g_t: float | None = None
    wtw_high_g_t: float | None = None
    asked_country: str = ""
    fallback: str = ""

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

    `fallback` is the id of the next pack to ask, empty for none; `fallbacks` are all of them in order. How an
    answer is found is written in `xroute.factor_lookup`, and in the `fallback` of the factor that answers.
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
    fuels: Mapping[str, FuelFactor] = field(default_factory=dict, repr=False)
    grids: Mapping[str, GridFactor] = field(default_factory=dict, repr=False)
    uplifts: tuple[Uplift, ...] = field(default=(), repr=False)
    parents: tuple[ParentRule, ...] = field(default=(), repr=False)
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

        An empty class is the default one of its mode. `rail_electric_CN:5000+KZ:3000` crosses countries, with
        km each; without km (`rail_electric_DE+PL`) they share alike. Raises `FactorError` naming the nearest
        candidates, or where WTW is asked of figures that hold operation (TTW) only; `InputError` for unknown
        names.
        """
        from xroute.factor_lookup import answer

        one_of(mode, _core.MODES, "mode")
        one_of(temperature, TEMPERATURES, "temperature")
        one_of(scope, SCOPES, "scope")
        factor = answer(self, mode, vehicle_class, temperature)
        if scope == "wtw" and factor.is_ttw_only:
            hint = " such as epa-2024-wtw" if factor.pack_id == "epa-2024" else ""
            raise FactorError(
                f"{factor.pack_id} gives operation (TTW) only for {factor.mode} '{factor.vehicle_class}': "
                f"ask for scope='ttw' or use a pack with WTT{hint}",
                (),
            )
        return factor

    def along(
        self,
        mode: str,
        vehicle_class: str,
        km_by_country: Mapping[str, float],
        *,
        temperature: str = "ambient",
    ) -> Factor:
        """The factor of a class whose energy follows the grid, over the countries crossed.

        The mean of the countries' own factors by km. Raises `FactorError` as `for_class`, and `InputError`
        for km that are no quantity or add up to nothing.
        """
        from xroute.factor_lookup import along

        return along(self, mode, vehicle_class, km_by_country, temperature)

    def for_process(self, process: str, country: str = "") -> HubFactor:
        """The factor of a hub process; a country without a row of its own gets the row of no country.

        Raises `FactorError` naming the nearest candidates.
        """
        from xroute.factor_lookup import hub_answer

        return hub_answer(self, process, country)

    def for_fuel(self, fuel: str) -> FuelFactor:
        """The factor of a fuel by its id, per kg. Raises `FactorError` naming the nearest candidates."""
        from xroute.factor_lookup import fuel_answer

        return fuel_answer(self, fuel)

    def for_grid(self, country: str = "") -> GridFactor:
        """The location-based electricity of a country; one that is not listed gets the row of no country.

        Raises `FactorError` where no pack of the order holds grids.
        """
        from xroute.factor_lookup import grid_answer

        return grid_answer(self, country)

    @property
    def names(self) -> str:
        """This pack and its fallbacks by id, for messages and records."""
        return ", ".join(pack.id for pack in self.order)

    @property
    def order(self) -> tuple[FactorPack, ...]:
        """The packs that are asked, this one first."""
        return (self, *self.fallbacks)


def available_packs() -> tuple[str, ...]:
    """The ids of the shipped packs."""
    folders = package_data("factors").iterdir()
    return tuple(sorted(folder.name for folder in folders if (folder / "pack.toml").is_file()))


def user_packs() -> dict[str, Path]:
    """The user's own packs by name: folders with a `pack.toml` in the folders of XROUTE_FACTOR_PACKS.

    The first folder that holds a name wins, as with PATH. Raises `InputError` for a name of a shipped pack.
    """
    found: dict[str, Path] = {}
    for place in filter(None, os.environ.get(PACK_FOLDERS, "").split(os.pathsep)):
        for path in sorted(Path(place).glob("*/pack.toml")):
            name = path.parent.name
            if name in available_packs():
                raise InputError(f"{path.parent} has the name of a shipped pack: rename the folder")
            found.setdefault(name, path.parent)
    return found


def load_pack(pack: str | Path) -> FactorPack:
    """A pack by name (shipped, or in a folder of XROUTE_FACTOR_PACKS), or by the path of its folder.

    Raises `FactorError` for a pack that is not there and `InputError` for one that is broken.
    """
    from xroute.factor_files import read_pack

    if isinstance(pack, str) and pack in available_packs():
        return _shipped(pack)
    folder = Path(pack)
    if not (folder / "pack.toml").is_file():
        own = user_packs()
        if str(pack) not in own:
            message = f"no factor pack '{pack}': neither shipped, nor a folder, nor in {PACK_FOLDERS}"
            raise FactorError(message, (*available_packs(), *own))
        folder = own[str(pack)]
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


def is_gwp_set(text: str) -> bool:
    """Whether every part of a text such as `AR5` or `AR6;as published` is a known set.

    >>> is_gwp_set("AR6;as published"), is_gwp_set("AR9"), is_gwp_set("")
    (True, False, False)
    """
    return all(part.strip() in GWP_SETS for part in text.split(";"))


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

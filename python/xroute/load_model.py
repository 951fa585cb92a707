"""How load and empty running change an intensity: two numbers of energy per km, empty and full.

Energy per km of a vehicle is `empty + (full - empty) x load factor`; an operation also drives empty, `E` of
all its km. Per tonne-km that is `[energy(load) + energy(0) x E / (1 - E)] / (load x payload)`. The empty way
belongs to the operation: it is in the intensity and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from xroute.errors import InputError
from xroute.factors import CATEGORIES, Factor, not_negative, one_of

SHARE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One energy carrier of a vehicle: its share of the activity and kg CO2e of one unit of it.

    `wtt_kg_per_unit` and `ttw_kg_per_unit` are per the unit in which the energy per km is given. Electricity
    is provision (WTT) alone. Raises `InputError` for a share above 1 or a value that is no quantity.
    """

    carrier: str
    wtt_kg_per_unit: float
    ttw_kg_per_unit: float
    empty_per_km: float
    full_per_km: float
    share: float = 1.0

    def __post_init__(self) -> None:
        for name in ("wtt_kg_per_unit", "ttw_kg_per_unit", "empty_per_km", "full_per_km", "share"):
            not_negative(getattr(self, name), name)
        if self.share > 1.0:
            raise InputError(f"expected a share of at most 1, got {self.share:g}", column="share")
        if self.full_per_km < self.empty_per_km:
            raise InputError("a full vehicle takes no less energy than an empty one", column="full_per_km")
        if self.carrier.lower().startswith("electric") and self.ttw_kg_per_unit:
            raise InputError("electricity is provision (WTT): its TTW is 0", column="ttw_kg_per_unit")


@dataclass(frozen=True, slots=True)
class VehicleModel:
    """A vehicle by its payload in tonnes and its energy carriers, whose shares of the activity add up to 1.

    >>> lorry = VehicleModel(26.0, [Carrier(carrier="diesel", wtt_kg_per_unit=0.6, ttw_kg_per_unit=2.6,
    ...                                     empty_per_km=0.22, full_per_km=0.36)])
    >>> round(lorry.intensity_g_tkm(load_factor=0.6, empty_running=0.2), 2)
    73.64
    """

    payload_t: float
    carriers: Sequence[Carrier]

    def __post_init__(self) -> None:
        object.__setattr__(self, "carriers", tuple(self.carriers))
        if not not_negative(self.payload_t, "payload_t"):
            raise InputError("expected a payload above zero, got 0", column="payload_t")
        check_shares({f"{at} {each.carrier}": each.share for at, each in enumerate(self.carriers)})

    def energy_per_tkm(self, carrier: Carrier, *, load_factor: float, empty_running: float) -> float:
        """Units of a carrier for one tonne-km that it alone would move."""
        load, empty = fraction(load_factor, "load_factor"), fraction(empty_running, "empty_running")
        laden = carrier.empty_per_km + (carrier.full_per_km - carrier.empty_per_km) * load
        return (laden + carrier.empty_per_km * empty / (1.0 - empty)) / (load * self.payload_t)

    def intensity_g_tkm(self, *, load_factor: float, empty_running: float) -> float:
        """Well to wheel, grams per tonne-km."""
        made = self.factor("", "road", load_factor=load_factor, empty_running=empty_running)
        return made.wtw_g_tkm

    def factor(
        self,
        factor_id: str,
        mode: str,
        *,
        load_factor: float,
        empty_running: float,
        distance_basis: str = "sfd",
        vehicle_class: str = "",
        category: str = "modelled",
    ) -> Factor:
        """The intensity of an operation of this vehicle: load factor in (0, 1], empty running in [0, 1).

        Raises `InputError` for a load factor or empty running outside these.
        """
        one_of(category, CATEGORIES, "category")
        use = {"load_factor": load_factor, "empty_running": empty_running}
        parts = [(each, each.share * self.energy_per_tkm(each, **use)) for each in self.carriers]
        return Factor(
            factor_id=factor_id, mode=mode, vehicle_class=vehicle_class, distance_basis=distance_basis,
            wtt_g_tkm=1000.0 * math.fsum(each.wtt_kg_per_unit * units for each, units in parts),
            ttw_g_tkm=1000.0 * math.fsum(each.ttw_kg_per_unit * units for each, units in parts),
            category=category, load_factor=load_factor, empty_running=empty_running,
            energy_carrier=parts[0][0].carrier if len(parts) == 1 else "mixed",
            carriers=tuple((each.carrier, each.share) for each in self.carriers),
            load_basis=f"payload {self.payload_t:g} t",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRule:
    """The load and empty running that default figures of a class are taken to hold, and what empty costs.

    `empty_energy_share` is the energy per km of an empty vehicle over that of a full one.
    """

    mode: str
    vehicle_class: str
    load_factor: float
    empty_running: float
    empty_energy_share: float
    source: str
    confidence: str

    def shape(self, load_factor: float, empty_running: float) -> float:
        """Energy per tonne-km in units of a full vehicle's energy per km and payload."""
        empty = self.empty_energy_share
        laden = empty + (1.0 - empty) * load_factor
        return (laden + empty * empty_running / (1.0 - empty_running)) / load_factor


def load_multiplier(
    mode: str,
    vehicle_class: str,
    *,
    load_factor: float | None,
    empty_running: float | None,
) -> tuple[float, str]:
    """What a stated load factor and empty running make of a default figure, and the step in words.

    The figure is taken to hold the load of the shipped `load_models.csv` (team estimates). Raises
    `InputError` for values outside (0, 1] and [0, 1), or a mode without a row.
    """
    rule = _rule(mode, vehicle_class)
    load = rule.load_factor if load_factor is None else fraction(load_factor, "load_factor")
    empty = rule.empty_running if empty_running is None else fraction(empty_running, "empty_running")
    times = rule.shape(load, empty) / rule.shape(rule.load_factor, rule.empty_running)
    words = (
        f"load factor {load:.0%} and empty running {empty:.0%} instead of {rule.load_factor:.0%} and "
        f"{rule.empty_running:.0%}: x {times:.4g} ({rule.source})"
    )
    return times, words


def fraction(value: object, column: str) -> float:
    """A load factor in (0, 1] or an empty running in [0, 1); raises `InputError` for anything else."""
    number = not_negative(value, column)
    is_load = column == "load_factor"
    if number > 1.0 or (is_load and number == 0.0) or (not is_load and number == 1.0):
        span = "above 0 and at most 1" if is_load else "of at least 0 and below 1"
        hint = ": per cent?" if number > 1.0 else ""
        raise InputError(f"expected a share {span}, got {number:g}{hint}", column=column)
    return number


def check_shares(shares: dict[str, float]) -> None:
    """Raises `InputError` unless the shares add up to 1."""
    total = math.fsum(shares.values())
    if abs(total - 1.0) > SHARE_TOLERANCE:
        hint = ": per cent?" if abs(total - 100.0) < 1.0 else ""
        raise InputError(f"shares of energy carriers add up to {total:g}, not 1{hint}", column="carriers")


def _rule(mode: str, vehicle_class: str) -> LoadRule:
    for rule in _rules():
        if rule.mode == mode and fnmatchcase(vehicle_class, rule.vehicle_class):
            return rule
    raise InputError(f"no load model for {mode} '{vehicle_class}'", column="load_factor")


@cache
def _rules() -> tuple[LoadRule, ...]:
    from xroute.storage import package_data
    from xroute.tables import read_table

    table = read_table(package_data("curated", "load_models.csv"), table="load_models")
    texts = ("mode", "vehicle_class", "source", "confidence")
    numbers = ("load_factor", "empty_running", "empty_energy_share")
    return tuple(
        _rule_of({name: table[name][row] for name in (*texts, *numbers)}) for row in range(len(table["mode"]))
    )


def _rule_of(row: dict[str, Any]) -> LoadRule:
    texts = {name: str(row[name]) for name in ("mode", "vehicle_class", "source", "confidence")}
    numbers = {name: float(value) for name, value in row.items() if name not in texts}
    return LoadRule(**texts, **numbers)  # type: ignore[arg-type]  # the two kinds of columns, each its own type

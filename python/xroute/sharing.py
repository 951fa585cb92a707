"""Who bears what of a vehicle that carries several: the shares of the standard, which always add up to one.

Milk runs share by tonne-km on the direct distance from the depot, parcels by item, container ships by TEU,
aircraft and ferries between passengers and freight, vehicles of two temperatures by what each needs.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from xroute.energy import EnergyFootprint
from xroute.errors import InputError
from xroute.factors import not_negative

PASSENGER_KG = 100.0
"""A passenger with luggage, kg; 150 is the option of some airlines' method."""
SEAT_KG = 50.0
"""A seat with its fittings, kg, where a method counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One stop of a round: freight in kg and the direct (shortest feasible) distance from the depot in km."""

    name: str
    mass_kg: float
    direct_km: float

    def __post_init__(self) -> None:
        not_negative(self.mass_kg, "mass_kg")
        not_negative(self.direct_km, "direct_km")

    @property
    def activity_tkm(self) -> float:
        """Notional activity: as if the vehicle went there and nowhere else."""
        return self.mass_kg * self.direct_km / 1000.0


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """Several drops on one tour. The order of the stops and the kilometres driven change no share.

    A collection round is the same with the direct distance to the depot. Raises `InputError` for a round
    without activity, or two drops of one name.

    >>> DeliveryRound([Drop(name="B", mass_kg=5000, direct_km=5),
    ...                Drop(name="C", mass_kg=2500, direct_km=10)]).shares
    {'B': 0.5, 'C': 0.5}
    """

    drops: Sequence[Drop]

    def __post_init__(self) -> None:
        object.__setattr__(self, "drops", tuple(self.drops))
        names = [drop.name for drop in self.drops]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"two drops are named {', '.join(twice)}", table="drops", column="name")
        _check_sum(math.fsum(drop.activity_tkm for drop in self.drops), "drops")

    @property
    def activity_tkm(self) -> float:
        """The sum of the notional activities: what an intensity of the round is per."""
        return math.fsum(drop.activity_tkm for drop in self.drops)

    @property
    def shares(self) -> dict[str, float]:
        """The share of each drop by tonne-km on direct distance."""
        return shares({drop.name: drop.activity_tkm for drop in self.drops})

    def energy_of(self, footprint: EnergyFootprint) -> dict[str, EnergyFootprint]:
        """What each drop bears of the round's energy, WTT and TTW apart; together the whole."""
        return footprint.shared(self.shares)

    def allocated(self, footprint: EnergyFootprint) -> dict[str, float]:
        """What each drop bears of the round's energy, kg CO2e well to wheel."""
        return {name: share * footprint.wtw_co2e_kg for name, share in self.shares.items()}


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Shares in proportion to weights of one kind: tonne-km, items, TEU, passenger equivalents.

    Raises `InputError` for a weight that is no quantity, or weights that are all zero.

    >>> shares({"parcels of A": 30, "parcels of B": 70})
    {'parcels of A': 0.3, 'parcels of B': 0.7}
    """
    checked = {name: not_negative(weight, name) for name, weight in weights.items()}
    total = math.fsum(checked.values())
    _check_sum(total, "weights")
    return {name: weight / total for name, weight in checked.items()}


def belly_freight_share(
    freight_t: float,
    passengers: float,
    *,
    passenger_kg: float = PASSENGER_KG,
    seats: float = 0.0,
    seat_kg: float = SEAT_KG,
) -> float:
    """The share of the freight in the belly of a passenger aircraft, by mass.

    `freight_t` is without load carriers. `passenger_kg` is 100 with luggage, or 150 where seats and fittings
    are counted with each passenger; a method that counts them with each seat states `seats` instead.

    >>> belly_freight_share(20, 200)
    0.5
    >>> belly_freight_share(20, 160, seats=200) == 20 / (20 + 16 + 10)
    True
    """
    people_t = not_negative(passengers, "passengers") * not_negative(passenger_kg, "passenger_kg") / 1000.0
    people_t += not_negative(seats, "seats") * not_negative(seat_kg, "seat_kg") / 1000.0
    return shares({"freight": freight_t, "passengers": people_t})["freight"]


def ropax_shares(counts: Mapping[str, float], equivalents: Mapping[str, float]) -> dict[str, float]:
    """Shares aboard a ferry of passengers and vehicles, by passenger equivalents.

    `counts` and `equivalents` by the same names (passenger, car, lorry metre ...). Raises `InputError` for a
    name without its equivalent.
    """
    unknown = sorted(set(counts) - set(equivalents))
    if unknown:
        raise InputError(f"no passenger equivalent for {', '.join(unknown)}", column="equivalents")
    return shares(
        {
            name: not_negative(count, name) * not_negative(equivalents[name], name)
            for name, count in counts.items()
        }
    )


def temperature_shares(activity_tkm: Mapping[str, float], uplift: Mapping[str, float]) -> dict[str, float]:
    """Shares aboard a vehicle with compartments: activity times the uplift of each temperature.

    `uplift` is 1 for ambient; what is not named has 1. Both by the same names.

    >>> temperature_shares({"ambient": 100, "chilled": 100}, {"chilled": 1.5})
    {'ambient': 0.4, 'chilled': 0.6}
    """
    weights = {
        name: not_negative(activity, name) * not_negative(uplift.get(name, 1.0), name)
        for name, activity in activity_tkm.items()
    }
    return shares(weights)


def compartments(
    moving: EnergyFootprint,
    cooling: EnergyFootprint,
    activity_tkm: Mapping[str, float],
    *,
    cooled: Collection[str],
) -> dict[str, EnergyFootprint]:
    """What each compartment bears: moving by tonne-km of all, cooling by tonne-km of the cooled.

    Raises `InputError` for a cooled compartment without activity or one that is not there.
    """
    unknown = sorted(set(cooled) - set(activity_tkm))
    if unknown:
        raise InputError(f"no activity for {', '.join(unknown)}", column="cooled")
    by_all = shares(activity_tkm)
    by_cooled = shares({name: activity_tkm[name] for name in cooled})
    return {
        name: EnergyFootprint(
            [*moving.part(by_all[name]).uses, *cooling.part(by_cooled.get(name, 0.0)).uses]
            if name in by_cooled
            else moving.part(by_all[name]).uses
        )
        for name in activity_tkm
    }


def _check_sum(total: float, table: str) -> None:
    if not total > 0.0:
        raise InputError("nothing to share: every weight is zero", table=table)

"""Moves of plants and satellites: one opened, closed or exchanged for another, while that is cheaper.

What a choice of open sites costs is one transportation problem: a satellite is asked for as much as it can
hold, which comes from plants or, for what it does not use, from itself at no cost. The prices of its answer
say which moves may pay; those are tried.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.two_stage_model import Bools, Floats, Stages

Ints = NDArray[np.int64]

MOST_WHOLE = 2.0**50
"""Whole amounts up to this are counted as they are."""
MOST_UNITS, MOST_STEPS = 2.0**40, 2.0**40
"""Into how many units other demand is cut, and the cost of the dearest lane into how many steps at most."""
WORK_OF_A_CALL = 4_000
"""Lanes that are looked at in the time that a call of the kernel takes whatever its size."""
LOOKED_AT = 800
"""Moves that are tried, the most promising first, before a choice counts as one that none makes cheaper."""
KICK = 2
"""Sites of either stage, at most, that are exchanged at random to leave such a choice."""
WORSE = 0.005
"""By how much of its cost a choice may be above the best one and still be gone on from."""
SMALLER = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a choice costs, and money for one more unit: at open satellites, at customers, of open capacity.

    `through` holds the units that pass each open satellite.
    """

    cost: float
    at_satellite: Floats
    at_customer: Floats
    rent: Floats
    through: Floats


@dataclass(slots=True, kw_only=True)
class Moves:
    """A search by moves. `work`, in lanes looked at, is what is left of it; `ends` is a moment or `None`."""

    stages: Stages
    seed: int
    work: int
    ends: float | None
    best: Bools | None = None
    cost: float = np.inf
    reproducible: bool = True
    _tried: set[bytes] = field(default_factory=set)
    _held: Ints = field(init=False)
    _demand: Ints = field(init=False)
    _unit: float = field(init=False)
    _steps: float = field(init=False)

    def __post_init__(self) -> None:
        s = self.stages
        amounts = np.concatenate([s.demand, self._capacity()])
        is_whole = s.need <= MOST_WHOLE and bool(np.array_equal(amounts, np.rint(amounts)))
        scale = 1.0 if is_whole else MOST_UNITS / s.need
        self._demand = np.rint(s.demand * scale).astype(np.int64)
        need = int(self._demand.sum())
        spare = 0 if is_whole else len(s.demand)  # more than rounding takes away, and no amount to speak of
        self._held = np.minimum(np.rint(self._capacity() * scale) + spare, need).astype(np.int64)
        self._unit = s.need / need
        rows, columns = sum(s.inbound.shape), sum(s.outbound.shape)
        most = min(MOST_STEPS, float(_core.transport_most_cost(rows, columns, True)))
        largest = max(np.abs(each[np.isfinite(each)]).max(initial=0.0) for each in (s.inbound, s.outbound))
        self._steps = 2.0 ** np.floor(np.log2(most / largest)) if largest > 0.0 else 1.0

    def run(self, start: Bools) -> None:
        """Descends from a choice, then from where kicks lead, until the work or the time is used up."""
        rng = np.random.default_rng(self.seed)
        priced = self._priced(start)
        if priced is None:
            return
        here, cost = self._descend(start, priced)
        while not self._is_over():
            there = self._kicked(here, rng)
            priced = self._priced(there)
            if priced is None:
                continue
            there, after = self._descend(there, priced)
            if after <= max(cost, self.cost * (1.0 + WORSE * rng.random() ** 2)):
                here, cost = there, after

    def _is_over(self) -> bool:
        if self.ends is not None and time.monotonic() >= self.ends:
            self.reproducible = False
            return True
        return self.work <= 0

    def _capacity(self) -> Floats:
        s = self.stages
        held = np.concatenate([s.plant_capacity, s.satellite_capacity])
        return np.asarray(np.minimum(held, s.need), dtype=np.float64)

    def _fixed(self) -> Floats:
        return np.concatenate([self.stages.plant_fixed, self.stages.satellite_fixed])

    def _stages(self) -> tuple[Ints, Ints]:
        """Plants and satellites by their positions in a choice."""
        first = len(self.stages.plants)
        return np.arange(first), np.arange(first, len(self._held))

    def _priced(self, choice: Bools) -> Priced | None:
        """What a choice comes to; `None` where it serves not all demand or was tried before."""
        key = np.packbits(choice).tobytes()
        self.work -= WORK_OF_A_CALL
        if key in self._tried:
            return None
        self._tried.add(key)
        s, need = self.stages, int(self._demand.sum())
        plants, satellites = (stage[choice[stage]] for stage in self._stages())
        at = satellites - len(s.plants)
        held_in, held_at, count = self._held[plants], self._held[satellites], len(satellites)
        if held_in.sum() < need or held_at.sum() < need:
            return None
        cost = np.full((len(plants) + count, count + len(self._demand)), np.inf)
        cost[: len(plants), :count] = s.inbound[np.ix_(plants, at)]
        cost[len(plants) :, count:] = s.outbound[at]
        cost[len(plants) + np.arange(count), np.arange(count)] = 0.0
        self.work -= cost.size
        found = _core.transport(
            cost, np.concatenate([held_in, held_at]), np.concatenate([held_at, self._demand]),
            steps_per_unit=self._steps, threads=1,
        )  # fmt: skip
        if "short_zones" in found:
            return None
        used = np.bincount(found["warehouse"], found["units"] * (found["zone"] >= count), len(cost))
        at_column = found["demand_price"] / self._steps
        return Priced(
            cost=float(found["objective"]) / self._steps * self._unit + float(self._fixed()[choice].sum()),
            at_satellite=at_column[:count],
            at_customer=at_column[count:],
            rent=found["supply_price"] / self._steps,
            through=np.asarray(used[len(plants) :] * self._unit, dtype=np.float64),
        )

    def _kicked(self, choice: Bools, rng: np.random.Generator) -> Bools:
        kicked = choice.copy()
        for stage in self._stages():
            opened, closed = stage[choice[stage]], stage[~choice[stage]]
            count = min(int(rng.integers(0, KICK + 1)), len(opened), len(closed))
            kicked[rng.choice(opened, count, replace=False)] = False
            kicked[rng.choice(closed, count, replace=False)] = True
        return kicked

    def _descend(self, choice: Bools, priced: Priced) -> tuple[Bools, float]:
        """Where moves lead that are cheaper."""
        has_moved = True
        while has_moved:
            if priced.cost < self.cost:
                self.best, self.cost = choice, priced.cost
            has_moved = False
            for change in self._promising(choice, priced):
                if self._is_over():
                    break
                moved = choice.copy()
                moved[change] = ~moved[change]
                after = self._priced(moved)
                if after is not None and after.cost < priced.cost * (1.0 - SMALLER):
                    choice, priced, has_moved = moved, after, True
                    break
        return choice, priced.cost

    def _promising(self, choice: Bools, priced: Priced) -> list[Ints]:
        """Sites to turn over, one or two, those first by which the prices promise most."""
        dearer, moves = [], []
        fixed, earned, rent = self._fixed(), self._earned(choice, priced), np.zeros(len(choice))
        rent[choice] = priced.rent
        for stage in self._stages():
            opened, closed = stage[choice[stage]], stage[~choice[stage]]
            opening = fixed[closed] - earned[closed]
            closing = rent[opened] * self._capacity()[opened] - fixed[opened]
            both = np.minimum(closing, 0.0)[:, None] + opening
            a, b = np.divmod(np.arange(both.size), max(len(closed), 1))
            pays = opening < 0.0
            moves += [*closed[pays, None], *opened[:, None], *np.column_stack([opened[a], closed[b]])]
            dearer += [opening[pays], closing, both.ravel()]
        order = np.argsort(np.concatenate(dearer), kind="stable")
        return [moves[at] for at in order[:LOOKED_AT].tolist()]

    def _earned(self, choice: Bools, priced: Priced) -> Floats:
        """What each site would save in flows at these prices if it opened."""
        s = self.stages
        plants, satellites = np.split(choice, [len(s.plants)])
        by_plants = np.maximum(priced.at_satellite - s.inbound[:, satellites], 0.0)
        arriving = (s.inbound[plants] + priced.rent[: plants.sum(), None]).min(axis=0)
        by_satellites = np.maximum(priced.at_customer - (s.outbound + arriving[:, None]), 0.0)
        return np.concatenate([
            _filled(by_plants, priced.through, s.plant_capacity),
            _filled(by_satellites, s.demand, s.satellite_capacity),
        ])  # fmt: skip


def _filled(margin: Floats, units: Floats, capacity: Floats) -> Floats:
    """Money that each row earns with as many units as it holds, those of most margin first."""
    order = np.argsort(-margin, axis=1, kind="stable")
    asked = units[order]
    before = np.cumsum(asked, axis=1) - asked
    taken = np.clip(capacity[:, None] - before, 0.0, asked)
    return np.asarray((np.take_along_axis(margin, order, axis=1) * taken).sum(axis=1), dtype=np.float64)

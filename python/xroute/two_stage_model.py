"""The linear model of two-stage facility location, with rows that tie a lane to its sites on demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xroute.allocation_model import LinearModel
from xroute.allocation_rules import Rows, stacked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Plants i, satellites j and customers k: money for one unit on each lane, units, money for opening.

    `inbound` is (plants, satellites), `outbound` (satellites, customers); infinite where there is no lane.
    """

    inbound: Floats
    outbound: Floats
    plant_capacity: Floats
    plant_fixed: Floats
    satellite_capacity: Floats
    satellite_fixed: Floats
    demand: Floats

    @property
    def need(self) -> float:
        """Units of all customers."""
        return float(self.demand.sum())

    @property
    def lanes(self) -> int:
        """Lanes of both stages."""
        return self.inbound.size + self.outbound.size

    @property
    def plants(self) -> Ints:
        """Columns of the plants: after the lanes."""
        return self.lanes + np.arange(len(self.plant_fixed))

    @property
    def satellites(self) -> Ints:
        """Columns of the satellites: the last ones."""
        return self.lanes + len(self.plant_fixed) + np.arange(len(self.satellite_fixed))

    @property
    def sites(self) -> Ints:
        """Columns of all sites."""
        return np.concatenate([self.plants, self.satellites])

    @property
    def ends(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Plant and satellite of each inbound lane, satellite and customer of each outbound lane."""
        i, j = np.divmod(np.arange(self.inbound.size), self.inbound.shape[1])
        at, k = np.divmod(np.arange(self.outbound.size), self.outbound.shape[1])
        return i, j, at, k

    def most(self) -> tuple[Floats, Floats]:
        """The most that each inbound lane carries (share of all demand), and 1 for each outbound lane."""
        i, j, _, _ = self.ends
        room = np.minimum(self.plant_capacity[i], self.satellite_capacity[j])
        return np.minimum(room / self.need, 1.0), np.ones(self.outbound.size)


def model(stages: Stages, tied: Bools, *, is_whole: bool) -> LinearModel:
    """Inbound lanes carry shares of all demand, outbound lanes shares of their customer; then the sites.

    Rows: customers, balance of satellites, capacities of plants and satellites, all demand in open sites of
    either stage, and for lanes that are `tied` flow <= most x open at both ends.
    """
    s, need = stages, stages.need
    i, j, at, k = s.ends
    lanes_in, z, x = s.inbound.size, np.arange(s.inbound.size), s.inbound.size + np.arange(s.outbound.size)
    share = s.demand[k] / need
    held_in, held_at = (np.minimum(each, need) / need for each in (s.plant_capacity, s.satellite_capacity))
    blocks = [
        _rows(k, x, np.ones(len(x)), len(s.demand), 1.0, 1.0),
        _rows(np.r_[j, at], np.r_[z, x], np.r_[np.ones(len(z)), -share], len(held_at), 0.0, 0.0),
        _rows(np.r_[i, np.arange(len(held_in))], np.r_[z, s.plants], np.r_[np.ones(len(z)), -held_in],
              len(held_in), -np.inf, 0.0),
        _rows(np.r_[at, np.arange(len(held_at))], np.r_[x, s.satellites], np.r_[share, -held_at],
              len(held_at), -np.inf, 0.0),
        _rows(np.zeros(len(held_in), dtype=np.int64), s.plants, held_in, 1, 1.0, np.inf),
        _rows(np.zeros(len(held_at), dtype=np.int64), s.satellites, held_at, 1, 1.0, np.inf),
    ]  # fmt: skip
    tied_in, tied_out = np.flatnonzero(tied[:lanes_in]), np.flatnonzero(tied[lanes_in:])
    most, one = s.most()
    blocks += [
        _tie(x[tied_out], s.satellites[at[tied_out]], one[tied_out]),
        _tie(z[tied_in], s.satellites[j[tied_in]], most[tied_in]),
        _tie(z[tied_in], s.plants[i[tied_in]], most[tied_in]),
    ]
    money = np.concatenate([s.inbound.ravel() * need, (s.outbound * s.demand).ravel()])
    is_lane = np.isfinite(money)
    whole = np.zeros(s.lanes + len(s.sites), dtype=bool)
    whole[s.sites] = is_whole
    return LinearModel(
        cost=np.concatenate([np.where(is_lane, money, 0.0), s.plant_fixed, s.satellite_fixed]),
        lower=np.zeros(len(whole)),
        upper=np.concatenate([is_lane.astype(np.float64), np.ones(len(s.sites))]),
        is_whole=whole,
        rows=stacked(blocks),
    )


def _rows(row: Ints, column: Ints, value: Floats, count: int, lower: float, upper: float) -> Rows:
    return Rows(row=row, column=column, value=value, lower=np.full(count, lower), upper=np.full(count, upper))


def _tie(lane: Ints, site: Ints, most: Floats) -> Rows:
    at = np.arange(len(lane))
    value = np.concatenate([np.ones(len(lane)), -most])
    return _rows(np.r_[at, at], np.r_[lane, site], value, len(lane), -np.inf, 0.0)

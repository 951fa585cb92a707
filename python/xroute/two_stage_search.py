"""The search for plants and satellites: rows on demand, few sites, moves, then all sites that are left."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from xroute.allocation_model import LinearModel
from xroute.allocation_solver import Effort, Solved, relative_gap, solve
from xroute.two_stage_model import Bools, Floats, Stages, model
from xroute.two_stage_moves import Moves

NEAR = 10
"""Cheapest satellites of each customer whose rows are there from the start."""
MOST_ROUNDS = 30
VIOLATED = 1e-4
LEAST_GAIN = 1e-5
"""A round of rows that lifts the bound by less than this share of it is the last one."""
HALF = 0.5
MANY = 0.3
"""Share of the sites of a stage from which those that the relaxed answer opens are enough."""
ROOM = 1.5
"""Capacity of the fewest sites that are branched on, over all demand."""
SHARES = (0.3, 0.3, 0.5)
"""Of the time that is left: for rows, and then for the models of fewest and of few sites."""
MOVES_WORK_A_LANE, MOST_MOVES_WORK, MOVES_WORK_A_SECOND, MOVES_SHARE = 800, 20_000_000, 300_000, 0.5
"""Work of moves, in lanes looked at: of a lane, at most, and of a second of the time limit; and their share
of the time that is left, which that work seldom takes."""


@dataclass(slots=True, kw_only=True)
class Search:
    """Best answer and bound so far, and how the solves ended."""

    stages: Stages
    effort: Effort
    ends: float | None
    tied: Bools = field(init=False)
    bound: float = -np.inf
    cost: float = np.inf
    open_sites: Bools | None = None
    relaxed: Solved | None = None
    reason: str = "optimal"
    reproducible: bool = True
    is_infeasible: bool = False

    def __post_init__(self) -> None:
        s = self.stages
        self.tied = np.zeros(s.lanes, dtype=bool)
        near = np.argsort(s.outbound, axis=0, kind="stable")[:NEAR]
        close = np.zeros(s.outbound.shape, dtype=bool)
        close[near, np.arange(len(s.demand))] = True
        self.tied[s.inbound.size :] = close.ravel()

    @property
    def is_closed(self) -> bool:
        """Whether the best answer is within the gap asked for."""
        has_answer = np.isfinite(self.cost)
        return bool(has_answer and relative_gap(self.cost, self.bound) <= self.effort.relative_gap)

    def run(self) -> None:
        """All stages, until the gap is closed or a limit is met."""
        self._relax()
        if self.is_infeasible or self.relaxed is None:
            return
        fewest = self._likely(fewest=True)
        self._branch(fewest, SHARES[1])
        if not self.is_closed and self._left() > 0.0:
            self._move(fewest[0] if self.open_sites is None else self.open_sites)
        if not self.is_closed and self._left() > 0.0:
            self._branch(self._likely(fewest=False), SHARES[2])
        if not self.is_closed and self._left() > 0.0:
            self._branch(self._possible(), 1.0, is_whole=True)

    def _left(self) -> float:
        return np.inf if self.ends is None else max(0.0, self.ends - time.monotonic())

    def _part(self, share: float) -> Effort:
        left = self._left()
        return self.effort if left == np.inf else replace(self.effort, time_limit_s=max(0.1, share * left))

    def _relax(self) -> None:
        """Rows that tie lanes to sites are added where they are broken, while that lifts the bound."""
        s, stop = self.stages, self._left() * (1.0 - SHARES[0])
        most = np.concatenate(s.most())
        i, j, at, _ = s.ends
        first = np.concatenate([s.plants[i], s.satellites[at]])
        second = np.concatenate([s.satellites[j], s.satellites[at]])
        for _ in range(MOST_ROUNDS):
            solved = solve(model(s, self.tied, is_whole=False), self._part(1.0))
            self._note(solved)
            if solved.values is None or solved.duals is None:
                self.is_infeasible = solved.termination.status == "infeasible"
                return
            gained = solved.termination.objective - self.bound
            self.relaxed, self.bound = solved, max(self.bound, min(_both(solved)) * (1.0 - 1e-9))
            open_share = np.minimum(solved.values[first], solved.values[second])
            broken = (solved.values[: s.lanes] > most * (open_share + VIOLATED)) & ~self.tied
            if not broken.any() or gained < LEAST_GAIN * abs(self.bound) or self._left() < stop:
                return
            self.tied |= broken

    def _note(self, solved: Solved) -> None:
        self.reason = solved.termination.reason
        self.reproducible = self.reproducible and solved.termination.reproducible

    def _reduced(self) -> Floats:
        """What opening each site adds at the duals of the relaxed answer."""
        relaxed, whole = self.relaxed, model(self.stages, self.tied, is_whole=False)
        if relaxed is None or relaxed.duals is None or len(relaxed.duals) != len(whole.rows.lower):
            return np.zeros(len(self.stages.sites))
        r = whole.rows
        paid = np.bincount(r.column, r.value * relaxed.duals[r.row], len(whole.cost))
        return np.asarray((whole.cost - paid)[self.stages.sites], dtype=np.float64)

    def _likely(self, *, fewest: bool) -> tuple[Bools, Bools]:
        """Sites that the relaxed answer opens, and where these are few some of least reduced cost.

        With `fewest` the most open ones alone, half as much capacity again as there is demand. None is held
        open.
        """
        s, sites = self.stages, self.stages.sites
        share = np.zeros(len(sites))
        if self.relaxed is not None and self.relaxed.values is not None:
            share = self.relaxed.values[sites]
        chosen, reduced = share > 1e-6, self._reduced()
        capacity = np.minimum(np.concatenate([s.plant_capacity, s.satellite_capacity]), s.need)
        first = np.arange(len(sites)) < len(s.plants)
        for stage in (np.flatnonzero(first), np.flatnonzero(~first)):
            if fewest:
                by_share = stage[np.argsort(-share[stage], kind="stable")]
                held_before = np.cumsum(capacity[by_share]) - capacity[by_share]
                chosen[by_share[(held_before >= ROOM * s.need) & (share[by_share] < HALF)]] = False
            elif chosen[stage].sum() < MANY * len(stage):
                rest = stage[~chosen[stage]]
                more = 2 + int(chosen[stage].sum()) // 2
                chosen[rest[np.argsort(reduced[rest], kind="stable")[:more]]] = True
        return chosen, np.zeros(len(sites), dtype=bool)

    def _possible(self) -> tuple[Bools, Bools]:
        """Sites that a cheaper answer may open, and those that it must, by reduced cost."""
        reduced, room = self._reduced(), (self.cost - self.bound) * (1.0 + 1e-9)
        return reduced <= room, reduced < -room

    def _branch(self, sites: tuple[Bools, Bools], share: float, *, is_whole: bool = False) -> None:
        """Branch and bound on some sites; with `is_whole` its bound is one for all answers."""
        whole = _limited(self.stages, model(self.stages, self.tied, is_whole=True), *sites)
        solved = solve(whole, self._part(share))
        self._note(solved)
        if solved.values is not None:
            self.keep(solved.values[self.stages.sites] > 0.5)
        if is_whole:
            proved = solved.termination.status == "infeasible"
            bound = self.cost if proved else solved.termination.bound
            if np.isfinite(bound):
                self.bound = max(self.bound, min(bound * (1.0 - 1e-9), self.cost))

    def _move(self, start: Bools) -> None:
        """Moves from an open set; Ctrl-C leaves the best one in place."""
        limit, left = self.effort.time_limit_s, self._left()
        work = min(MOST_MOVES_WORK, MOVES_WORK_A_LANE * self.stages.lanes)
        if limit is not None:
            work = min(work, int(MOVES_WORK_A_SECOND * limit))
        ends = None if self.ends is None else time.monotonic() + MOVES_SHARE * left
        moves = Moves(stages=self.stages, seed=self.effort.seed, work=work, ends=ends)
        try:
            moves.run(start)
        except KeyboardInterrupt:
            if moves.best is not None and moves.cost < self.cost:
                self.cost, self.open_sites = moves.cost, moves.best
            raise
        self.reproducible = self.reproducible and moves.reproducible
        if moves.best is not None and moves.cost < self.cost:
            self.keep(moves.best)

    def keep(self, is_open: Bools) -> None:
        """Takes an open set over if its best flows are cheaper."""
        found = flows(self.stages, is_open, self.effort)
        if found.values is None:
            return
        cost = float(found.termination.objective)
        if cost < self.cost:
            self.cost, self.open_sites = cost, is_open


def flows(stages: Stages, is_open: Bools, effort: Effort) -> Solved:
    """The cheapest flows with an open set; a linear program of the lanes between open sites."""
    none = np.zeros(stages.lanes, dtype=bool)
    whole = _limited(stages, model(stages, none, is_whole=False), is_open, is_open)
    return solve(whole, replace(effort, time_limit_s=None))


def _limited(stages: Stages, whole: LinearModel, may: Bools, must: Bools) -> LinearModel:
    """The model in which other sites stay closed, with their lanes, and some are open."""
    i, j, at, _ = stages.ends
    plants, satellites = np.split(may, [len(stages.plants)])
    upper, lower = whole.upper.copy(), whole.lower.copy()
    upper[: stages.lanes][~np.concatenate([plants[i] & satellites[j], satellites[at]])] = 0.0
    upper[stages.sites], lower[stages.sites] = may, must
    return replace(whole, upper=upper, lower=lower)


def _both(solved: Solved) -> tuple[float, float]:
    return solved.termination.objective, solved.termination.bound

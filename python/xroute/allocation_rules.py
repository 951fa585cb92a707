"""Limits that a planner names: least and most for sums of flows and of open warehouses, as sparse rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


def no_ints() -> Ints:
    """An empty index."""
    return np.zeros(0, dtype=np.int64)


def no_floats() -> Floats:
    """An empty row of figures."""
    return np.zeros(0, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One limit as planners know it: its name, the unit it is counted in and what relief is reckoned at.

    `price_eur` is for one unit of relief: it ranks repairs and is no part of a plan's cost. A cap
    (`is_cap`) holds for all periods together; what is physical holds in a disruption too.
    """

    name: str
    unit: str = "units"
    price_eur: float = 1.0
    is_cap: bool = False
    is_physical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRows:
    """Limits on sums: least <= sum value x units + sum site_value x open <= most.

    Flows are counted first legs first, then deliveries, then moves; `row`, `flow`, `value` are entries on
    units a month, `site_row`, `site`, `site_value` those on open warehouses (1 open, 0 closed). There is one
    `least`, `most` and group for each row; a bound may be infinite. Values are in the group's unit.
    """

    groups: tuple[Group, ...] = ()
    least: Floats = field(default_factory=no_floats)
    most: Floats = field(default_factory=no_floats)
    row: Ints = field(default_factory=no_ints)
    flow: Ints = field(default_factory=no_ints)
    value: Floats = field(default_factory=no_floats)
    site_row: Ints = field(default_factory=no_ints)
    site: Ints = field(default_factory=no_ints)
    site_value: Floats = field(default_factory=no_floats)

    def __len__(self) -> int:
        return len(self.groups)

    def sums(self, units: Floats, is_open: Bools) -> Floats:
        """What each row adds up to, in its group's unit."""
        size = len(self.groups)
        of_flows = np.bincount(self.row, weights=self.value * units[self.flow], minlength=size)
        of_sites = np.bincount(self.site_row, weights=self.site_value * is_open[self.site], minlength=size)
        return np.asarray(of_flows + of_sites, dtype=np.float64)

    def excess(self, units: Floats, is_open: Bools) -> Floats:
        """By how much each row breaks its bound, relative to the bound and to what it adds up (at least 1).

        0 where it is kept.
        """
        sums = self.sums(units, is_open)
        gross = np.bincount(self.row, weights=np.abs(self.value) * units[self.flow], minlength=len(self))
        size = np.maximum(np.where(np.isfinite(self.most), np.abs(self.most), np.abs(self.least)), 1.0)
        size = np.maximum(size, np.where(np.isfinite(self.least), np.abs(self.least), 1.0))
        size = np.maximum(size, gross)
        over = np.maximum(sums - self.most, 0.0)
        return np.asarray(np.maximum(over, np.maximum(self.least - sums, 0.0)) / size, dtype=np.float64)

    def only(self, keep: Bools) -> LimitRows:
        """The limits that `keep` marks."""
        place = np.cumsum(keep) - 1
        entry, site = keep[self.row], keep[self.site_row]
        return LimitRows(
            groups=tuple(group for group, is_kept in zip(self.groups, keep.tolist(), strict=True) if is_kept),
            least=self.least[keep], most=self.most[keep], row=place[self.row[entry]], flow=self.flow[entry],
            value=self.value[entry], site_row=place[self.site_row[site]], site=self.site[site],
            site_value=self.site_value[site],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of a sparse matrix with their bounds: entries by row, column and value."""

    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


def limit(
    group: Group,
    *,
    least: float = -np.inf,
    most: float = np.inf,
    flows: tuple[Ints, Floats] | None = None,
    sites: tuple[Ints, Floats] | None = None,
) -> LimitRows:
    """One limit on flows (their rows and values) and on open warehouses."""
    flow, value = flows or (no_ints(), no_floats())
    site, site_value = sites or (no_ints(), no_floats())
    return LimitRows(
        groups=(group,), least=np.array([least]), most=np.array([most]),
        row=np.zeros(len(flow), dtype=np.int64), flow=flow, value=value,
        site_row=np.zeros(len(site), dtype=np.int64), site=site, site_value=site_value,
    )  # fmt: skip


def joined(parts: Sequence[LimitRows]) -> LimitRows:
    """All limits in one, in order."""
    if not parts:
        return LimitRows()
    at = np.cumsum([0] + [len(part) for part in parts])[:-1]
    shifted = list(zip(parts, at, strict=True))
    return LimitRows(
        groups=tuple(group for part in parts for group in part.groups),
        least=np.concatenate([part.least for part in parts]),
        most=np.concatenate([part.most for part in parts]),
        row=np.concatenate([part.row + by for part, by in shifted]),
        flow=np.concatenate([part.flow for part in parts]),
        value=np.concatenate([part.value for part in parts]),
        site_row=np.concatenate([part.site_row + by for part, by in shifted]),
        site=np.concatenate([part.site for part in parts]),
        site_value=np.concatenate([part.site_value for part in parts]),
    )


def stacked(blocks: list[Rows]) -> Rows:
    """Blocks of rows under one another, sorted by row and column, zeros left out."""
    heights = np.cumsum([0] + [len(block.lower) for block in blocks])
    row = np.concatenate([block.row + at for block, at in zip(blocks, heights, strict=False)])
    column = np.concatenate([block.column for block in blocks])
    value = np.concatenate([block.value for block in blocks])
    order = np.lexsort((column, row))
    order = order[value[order] != 0.0]
    return Rows(
        row=row[order],
        column=column[order],
        value=value[order],
        lower=np.concatenate([block.lower for block in blocks]),
        upper=np.concatenate([block.upper for block in blocks]),
    )

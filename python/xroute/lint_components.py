"""Parts of the network that hang together: by mode, and which hubs lie outside the largest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xroute.link_lines import Rows
from xroute.lint_view import Finding, Flags, LintView
from xroute.schema import MODES

_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeParts:
    """The parts of one mode that hold a hub, the largest first, as rows of hubs without junctions."""

    mode: str
    parts: tuple[Rows, ...]

    @property
    def hubs(self) -> int:
        """How many hubs the mode reaches."""
        return sum(len(part) for part in self.parts)

    @property
    def largest(self) -> int:
        """How many hubs are in the largest part."""
        return len(self.parts[0]) if self.parts else 0


def mode_parts(view: LintView, mode: str) -> ModeParts:
    """The parts of a mode, whatever the direction of links and services.

    A ferry carries trucks: it joins roads.
    """
    modes = (mode, "ferry") if mode == "road" else (mode,)
    links, services = np.isin(view.link_mode, modes), np.isin(view.service_mode, modes)
    starts = np.concatenate([view.origin[links], view.service_origin[services]])
    ends = np.concatenate([view.destination[links], view.service_destination[services]])
    rows = np.flatnonzero(view.reached_by(mode) & view.is_hub)
    part = labels(len(view.ids), starts, ends)[rows]
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    parts = [each for each in np.split(rows[order], cuts) if len(each)]
    return ModeParts(mode=mode, parts=tuple(sorted(parts, key=lambda each: (-len(each), int(each[0])))))


def labels(count: int, starts: Rows, ends: Rows) -> Rows:
    """The smallest row of the part that each row belongs to.

    >>> labels(4, np.array([0, 3]), np.array([2, 1])).tolist()
    [0, 1, 0, 1]
    """
    label = np.arange(count, dtype=np.int64)
    while True:
        low = np.minimum(label[starts], label[ends])
        before = label.copy()
        for rows in (label[starts], label[ends], starts, ends):
            np.minimum.at(label, rows, low)
        while not np.array_equal(label, label[label]):
            label = label[label]
        if np.array_equal(label, before):
            return label


def components(view: LintView, parts: list[ModeParts]) -> Iterator[Finding]:
    """Every part of a mode but the largest; ferries join roads and are no network of their own."""
    for each in parts:
        for rows in each.parts[1:] if each.mode != "ferry" else ():
            if view.judged_hubs[rows].any() or _has_judged_link(view, each.mode, rows):
                yield _part(view, each, rows)


def _has_judged_link(view: LintView, mode: str, rows: Rows) -> bool:
    within: Flags = np.zeros(len(view.ids), dtype=bool)
    within[rows] = True
    links = view.judged_links & (view.link_mode == mode)
    services = view.judged_services & (view.service_mode == mode)
    ends = np.concatenate([view.origin[links], view.destination[links],
                           view.service_origin[services], view.service_destination[services]])  # fmt: skip
    return bool(within[ends].any())


def _part(view: LintView, each: ModeParts, rows: Rows) -> Finding:
    people = np.nan_to_num(view.hubs["population"][rows])
    rows = rows[np.argsort(-people, kind="stable")]
    ids = [view.ids[row] for row in rows]
    names = "; ".join(view.name(int(row)) for row in rows[:_NAMED])
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    message = f"{len(ids):,} hubs apart from the largest part of {each.largest:,}: {names}{more}"
    return Finding(check="components", subject=f"{each.mode} {ids[0]}", mode=each.mode, hubs=tuple(ids),
                   value=len(ids), limit=each.largest, unit="hubs", message=message)  # fmt: skip


def every_mode(view: LintView) -> list[ModeParts]:
    """The parts of each mode that reaches a hub."""
    found = [mode_parts(view, mode) for mode in MODES]
    return [each for each in found if each.parts]

"""The ship that sails sea links: which passages and ports it does not fit.

A service sails with a ship of its own, so a vessel limits links only. A port or passage whose limit is
unknown is taken as fitting; routes say so in their notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.errors import InputError
from xroute.storage import package_data
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute._core import FoundRoute
    from xroute.network import Network
    from xroute.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """A ship as far as it may not fit; `None` where that measure does not matter.

    >>> Vessel(name="neopanamax", draft_m=15.2, beam_m=51.2).name
    'neopanamax'
    """

    name: str
    draft_m: float | None = None
    beam_m: float | None = None


@cache
def classes() -> dict[str, Vessel]:
    """The shipped vessel classes by id, from data/curated/vessel_classes.csv."""
    table = read_table(package_data("curated", "vessel_classes.csv"), table="vessel_classes")
    return {
        str(name): Vessel(name=str(name), draft_m=float(draft_m), beam_m=float(beam_m))
        for name, draft_m, beam_m in zip(table["class_id"], table["draft_m"], table["beam_m"], strict=True)
    }


def named(class_id: str) -> Vessel:
    """The class of that id; raises `InputError` that lists the known ones."""
    if class_id not in classes():
        message = f"'{class_id}' is none of: {', '.join(classes())}"
        raise InputError(message, table="scenario", column="vessel_class")
    return classes()[class_id]


def vessel_of(scenario: Scenario) -> Vessel | None:
    """The ship of a scenario: its class, with the scenario's own draft and beam over it."""
    if not (scenario.vessel_class or scenario.vessel_draft_m or scenario.vessel_beam_m):
        return None
    usual = named(scenario.vessel_class) if scenario.vessel_class else Vessel(name="of the scenario")
    return Vessel(
        name=usual.name,
        draft_m=scenario.vessel_draft_m or usual.draft_m,
        beam_m=scenario.vessel_beam_m or usual.beam_m,
    )


def unfit(net: Network, vessel: Vessel | None) -> dict[str, Any]:
    """The passages (a bit set) and hub rows that the vessel does not fit, as the core takes them."""
    if vessel is None:
        return {"sea_passages": 0, "sea_hubs": []}
    passages = 0
    for bit, (draft_m, beam_m) in enumerate(net.passage_limits):
        if _is_over(vessel.draft_m, draft_m) or _is_over(vessel.beam_m, beam_m):
            passages |= 1 << bit
    hubs = np.zeros(0) if vessel.draft_m is None else np.flatnonzero(net.max_draft_m < vessel.draft_m)
    return {"sea_passages": passages, "sea_hubs": [int(row) for row in hubs]}


def limits_met(net: Network, vessel: Vessel, raw: FoundRoute) -> tuple[str, ...]:
    """The limits that a route of the core would break with this vessel, as phrases."""
    found: dict[str, None] = {}
    for leg in _sailed(raw):
        for row in (leg["hubs"][0], leg["hubs"][-1]):
            if _is_over(vessel.draft_m, net.max_draft_m[row]):
                place = net.places.label(row)
                found[f"draft {vessel.draft_m:g} m over {net.max_draft_m[row]:g} m at {place}"] = None
        for name in net.lines.passages_along(leg["crossings"]):
            for phrase in _passage_limits_met(net, vessel, name):
                found[phrase] = None
    return tuple(found)


def _passage_limits_met(net: Network, vessel: Vessel, name: str) -> list[str]:
    bit = net.core.passage_ids.index(name)
    limits = net.passage_limits[bit] if bit < len(net.passage_limits) else (np.nan, np.nan)
    measures = zip(("draft", "beam"), (vessel.draft_m, vessel.beam_m), limits, strict=True)
    return [
        f"{what} {own:g} m over {limit:g} m at passage {name}"
        for what, own, limit in measures
        if _is_over(own, limit)
    ]


def notes(net: Network, vessel: Vessel | None, raw: FoundRoute) -> tuple[str, ...]:
    """What a reader should know of the vessel on a route: ports whose draft nobody tells."""
    if vessel is None or vessel.draft_m is None:
        return ()
    calls = dict.fromkeys(row for leg in _sailed(raw) for row in (leg["hubs"][0], leg["hubs"][-1]))
    unknown = [net.places.label(row) for row in calls if np.isnan(net.max_draft_m[row])]
    if not unknown:
        return ()
    return (f"vessel {vessel.name}: taken as fitting where no draft is known: {', '.join(unknown)}",)


def _sailed(raw: FoundRoute) -> list[Mapping[str, Any]]:
    return [leg for leg in raw["legs"] if leg["mode"] == "sea" and leg["service"] is None]


def _is_over(own: float | None, limit: float) -> bool:
    return own is not None and own > limit  # false where the limit is NaN

"""What a planner asks of a seaport: its carbon market, the deepest ship that fits, and who calls there.

Depths come from data/curated/port_drafts.csv, else from the World Port Index. Of the index the columns
"Maximum Vessel Draft (m)", "Channel Depth (m)" and "Cargo Pier Depth (m)" are used; 0 means unknown. Most
depths there are the lower ends of bands (4.9 stands for 4.9-6.1 m, 11.0 for 11.0-12.2 m, 23.2 for more), at
chart datum. The lower end serves as the draft: the rest of the band, about a tenth, stays under the keel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from places import Hub
from sources import curated, world_port_index


@dataclass(frozen=True, slots=True, kw_only=True)
class PortFacts:
    """Facts of one seaport; `max_draft_m` is `None` where nobody tells."""

    carbon_scheme: str
    eu_transhipment_port: bool
    max_draft_m: float | None
    draft_confidence: str
    main_port: bool


def facts(ports: list[Hub]) -> dict[str, PortFacts]:
    """The facts of every seaport among the hubs, by hub id."""
    return {port.hub_id: _facts(port) for port in ports if port.kind == "port"}


def _facts(port: Hub) -> PortFacts:
    schemes = _schemes()
    row = schemes.get(port.hub_id) or schemes.get(port.country) or {}
    draft_m, confidence = _drafts().get(port.hub_id, (None, ""))
    return PortFacts(
        carbon_scheme=row.get("carbon_scheme", "none"),
        eu_transhipment_port=row.get("eu_transhipment_port") == "true",
        max_draft_m=draft_m,
        draft_confidence=confidence,
        main_port=port.main_port,
    )


@cache
def _schemes() -> dict[str, dict[str, str]]:
    """Curated rows by country or hub."""
    return {row["place"]: row for row in curated("carbon_schemes")}


@cache
def _drafts() -> dict[str, tuple[float, str]]:
    """Draft and confidence by hub id: the index, then the curated table over it."""
    found = {}
    for row in sorted(world_port_index(), key=lambda row: (row["UN/LOCODE"], row["Main Port Name"])):
        code, draft_m = row["UN/LOCODE"].replace(" ", ""), index_draft_m(row)
        if len(code) == 5 and draft_m:
            found[code] = draft_m, "low"
    for row in curated("port_drafts"):
        found[row["hub_id"]] = float(row["max_draft_m"]), row["confidence"]
    return found


def index_draft_m(row: dict[str, str]) -> float | None:
    """The deepest draft that a row of the World Port Index speaks for.

    >>> index_draft_m({"Channel Depth (m)": "11.0", "Cargo Pier Depth (m)": "9.4"})
    9.4
    """
    said, channel, pier = (
        float(row.get(name) or 0.0)
        for name in ("Maximum Vessel Draft (m)", "Channel Depth (m)", "Cargo Pier Depth (m)")
    )
    if said:
        return said
    return min((depth for depth in (channel, pier) if depth), default=None)

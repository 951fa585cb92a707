"""Rail links between parts of one rail body and gauge that the curated legs and feeders leave apart."""

from __future__ import annotations

import networkx
import numpy as np
from earth import crossings, distance_km
from land import MOST_JOIN_KM, LandLink, estimated_rail, frontiers, home_gauges, is_rail_body
from places import Hub

MOST_BAY_KM = 60.0
TRIED, JOINS = 10, 2
Stop = tuple[str, int]


def joins(hubs: list[Hub], rails: list[LandLink]) -> list[LandLink]:
    """For each small part, its two nearest joins over land to other parts of its gauge."""
    by_id = {hub.hub_id: hub for hub in hubs}
    gauges = home_gauges(hubs, rails)
    found: dict[tuple[str, str, int], LandLink] = {}
    while True:
        parts = _parts(gauges, [*rails, *found.values()])
        more: dict[tuple[str, str, int], LandLink] = {}
        for part in _small(parts):
            for link in _nearest(by_id, part, parts):
                low, high = sorted((link.origin, link.destination))
                more.setdefault((low, high, link.gauge_mm or 0), link)
        if not more:
            return [found[key] for key in sorted(found)]
        found |= more


def _parts(gauges: dict[str, set[int]], rails: list[LandLink]) -> list[list[Stop]]:
    graph = networkx.Graph()
    graph.add_nodes_from((hub, gauge) for hub, widths in gauges.items() for gauge in widths)
    graph.add_edges_from(
        ((link.origin, link.gauge_mm or 0), (link.destination, link.gauge_mm or 0)) for link in rails
    )
    found = [sorted(part) for part in networkx.connected_components(graph)]
    return sorted(found, key=lambda part: (-len(part), part))


def _small(parts: list[list[Stop]]) -> list[list[Stop]]:
    """All parts but the largest of each gauge."""
    seen: set[int] = set()
    found = []
    for part in parts:
        gauge = part[0][1]
        if gauge in seen:
            found.append(part)
        seen.add(gauge)
    return found


def _nearest(by_id: dict[str, Hub], part: list[Stop], parts: list[list[Stop]]) -> list[LandLink]:
    gauge = part[0][1]
    own = [by_id[hub] for hub, _ in part]
    others = [by_id[hub] for each in parts if each is not part for hub, width in each if width == gauge]
    pairs = [(distance_km(a.point, b.point), a.hub_id, b.hub_id) for a in own for b in others if a is not b]
    pairs = [pair for pair in pairs if pair[0] <= MOST_JOIN_KM]
    pairs.sort(key=lambda pair: (_effort(by_id, pair), pair))
    tried = pairs[:TRIED]
    if not tried:
        return []
    starts = np.array([by_id[a].point for _, a, _ in tried])
    ends = np.array([by_id[b].point for _, _, b in tried])
    links: list[LandLink] = []
    for (km, a, b), crossing in zip(tried, crossings(starts, ends), strict=True):
        bay = crossing.water_km <= min(MOST_BAY_KM, 0.6 * km + 5.0) and not crossing.parts_countries
        is_new_end = all(b not in (link.origin, link.destination) for link in links)
        if bay and is_new_end and is_rail_body(by_id[a], by_id[b], crossing):
            links.append(estimated_rail(by_id[a], by_id[b], km, gauge, crossing))
    return links[:JOINS]


def _effort(by_id: dict[str, Hub], pair: tuple[float, str, str]) -> float:
    km, a, b = pair
    return km * (1 + frontiers([by_id[a].country, by_id[b].country]))

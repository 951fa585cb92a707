"""A graph of positions and directed arcs in whole metres: the form that every contender can be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import xroute as xr

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlainGraph:
    """Positions by node in degrees, and arcs with tail, head and metres; every arc has its way back.

    Equal pairs of arcs are one link of the network that `network` builds: hub rows are the nodes here.
    """

    name: str
    lat: Floats
    lon: Floats
    tail: Integers
    head: Integers
    metres: Integers

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.lat)

    def tables(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Hubs (junctions named by their number) and links, each once, as columns for `from_tables`."""
        names = np.array([f"n{node}" for node in range(self.node_count)], dtype=object)
        once = self.tail < self.head
        count = int(once.sum())
        hubs = {"hub_id": names, "lat": self.lat, "lon": self.lon}
        hubs["kind"] = np.full(self.node_count, "junction", dtype=object)
        links = {
            "origin": names[self.tail[once]],
            "destination": names[self.head[once]],
            "mode": np.full(count, "road", dtype=object),
            "distance_km": self.metres[once] / 1000.0,
        }
        return hubs, links

    def network(self) -> xr.Network:
        """The network of the same links; all by road, so that a hub is one node of the search."""
        hubs, links = self.tables()
        return xr.Network.from_tables(hubs=hubs, links=links)

    def pairs(self, count: int, seed: int) -> list[tuple[int, int]]:
        """Pairs of different nodes, drawn evenly."""
        drawn = np.random.default_rng(seed).permutation(self.node_count)[: 2 * count]
        return [(int(a), int(b)) for a, b in drawn.reshape(count, 2)]

"""A fine mesh of roads on which cost, hours and CO2e disagree: the hard case of exact Pareto sets.

A jittered grid in which each crossing is joined to the east and to the north, a third of the roads by way of
a waypoint. Lengths, speeds and vehicles are drawn link by link, so that money (by km), time (by speed) and
carbon (by vehicle) want different ways.
"""

from __future__ import annotations

from functools import cache

import numpy as np

import xroute as xr

SEED = 20_261_123
STEP_DEG = 0.1
KM_PER_DEG = 111.0
CLASSES = ("artic_truck", "rigid_truck", "van")


@cache
def mesh(hub_count: int) -> xr.Network:
    """The network of about so many junctions."""
    rng = np.random.default_rng([SEED, hub_count])
    side = round((hub_count / (1.0 + 2.0 / 3.0)) ** 0.5)  # a third of two roads a crossing has a waypoint
    row, column = (each.ravel() for each in np.mgrid[:side, :side])
    number = np.arange(side * side)
    east = np.column_stack([number, number + 1])[column < side - 1]
    north = np.column_stack([number, number + side])[row < side - 1]
    ends = np.concatenate([east, north])
    places = np.column_stack([row, column]) * STEP_DEG + rng.uniform(-0.03, 0.03, (side * side, 2))
    split = rng.random(len(ends)) < 1.0 / 3.0
    middles = places[ends[split]].mean(axis=1)
    way = len(places) + np.arange(len(middles))
    first, second = ends[split].copy(), ends[split].copy()
    first[:, 1], second[:, 0] = way, way
    return _network(rng, np.concatenate([places, middles]), np.concatenate([ends[~split], first, second]))


def _network(rng: np.random.Generator, places: np.ndarray, ends: np.ndarray) -> xr.Network:
    names = np.array([f"m{row}" for row in range(len(places))], dtype=object)
    gap = np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1) * KM_PER_DEG
    count = len(ends)
    hubs = {"hub_id": names, "lat": places[:, 0], "lon": places[:, 1]}
    hubs["kind"] = np.full(len(places), "junction", dtype=object)
    links = {
        "origin": names[ends[:, 0]],
        "destination": names[ends[:, 1]],
        "mode": np.full(count, "road", dtype=object),
        "vehicle_class": np.array(CLASSES, dtype=object)[rng.integers(0, len(CLASSES), count)],
        "distance_km": (gap * rng.uniform(1.0, 1.5, count)).round(3),
        "speed_km_h": rng.uniform(20.0, 90.0, count).round(1),
    }
    return xr.Network.from_tables(hubs=hubs, links=links)

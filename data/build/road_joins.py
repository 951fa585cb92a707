"""Roads between parts of one land mass that straight lines leave apart: around bays, along coasts."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from earth import Crossing
from land import frontiers, is_open
from links import LandLink
from places import Hub
from sources import curated, natural_earth

SHORE_DEG = 0.35  # a quay may lie so far off the simplified shore
MOST_BAY_KM = 60.0
MOST_KM = 600.0
NEAREST, TRIED, ROUNDS = 24, 12, 8
Labels = np.ndarray[tuple[int], np.dtype[np.intp]]


def fixed_links(stops: list[Hub]) -> list[LandLink]:
    """Curated roads over bridges and dams where straight lines see only water."""
    by_id = {hub.hub_id: hub for hub in stops}
    found = []
    for row in curated("road_fixed_links"):
        a, b = by_id[row["from"]], by_id[row["to"]]
        crossed = list(dict.fromkeys((a.country, b.country)))
        found.append(
            LandLink(
                a.hub_id,
                b.hub_id,
                "road",
                float(row["km"]),
                crossed,
                "artic_truck",
                "xroute",
                row["confidence"],
                frontiers(crossed),
            )
        )
    return found


def land_masses(stops: list[Hub]) -> Labels:
    """The number of the land polygon of each stop; -1 far from any."""
    frame = geopandas.read_file(natural_earth("physical", "ne_10m_land"))
    shapes = shapely.get_parts(frame.geometry.to_numpy())
    points = shapely.points([hub.lon for hub in stops], [hub.lat for hub in stops])
    near, shape = shapely.STRtree(shapes).query_nearest(points, max_distance=SHORE_DEG, all_matches=False)
    land = np.full(len(stops), -1, dtype=np.intp)
    land[near] = shape
    return land


def goes_round(a: Hub, b: Hub, km: float, crossing: Crossing) -> bool:
    """Whether a road round the water is plausible: a short bay, one country on both of its shores."""
    bay = crossing.water_km <= min(MOST_BAY_KM, 0.8 * km + 5.0)
    return km <= MOST_KM and bay and not crossing.parts_countries and is_open(a, b, crossing)

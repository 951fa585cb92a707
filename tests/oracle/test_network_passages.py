"""A closed passage by geometry: no route crosses the line drawn over it, whatever the tags of links say."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import affinity

import xroute as xr

PASSAGES = Path(__file__).parents[2] / "data" / "curated" / "passages.csv"
PAIRS = 2_000
CROSSING_SHARE = 0.8
DRAWS_A_PAIR = 3
NEAR_PORTS = 40
STEP_KM, RADIUS_KM = 20.0, 6371.0
ALSO_OPEN = {"bering": ("northern_sea_route",)}
"""What must be open before any route between ports crosses a passage."""
ONE_TONNE = xr.Shipment(mass_kg=1_000)
Pair = tuple[str, str]


def _lines() -> dict[str, shapely.LineString]:
    with PASSAGES.open(encoding="utf-8", newline="") as file:
        return {
            row["passage_id"]: shapely.LineString(
                [[float(number) for number in point.split()] for point in row["line"].split(";")]
            )
            for row in csv.DictReader(file)
        }


LINES = _lines()


def _vectors(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(lon_lat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _as_sailed(lon_lat: NDArray[np.float64]) -> shapely.LineString:
    """Great circles through the points, a vertex each 20 km, longitudes running on over the antimeridian."""
    ends = _vectors(lon_lat)
    angles = np.arccos(np.clip((ends[:-1] * ends[1:]).sum(axis=1), -1.0, 1.0))
    pieces = np.maximum(1, np.ceil(angles * RADIUS_KM / STEP_KM).astype(int))
    of = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[of]
    turn = np.maximum(angles[of], 1e-12)
    inner = np.sin((1.0 - share) * turn)[:, None] * ends[of] + np.sin(share * turn)[:, None] * ends[of + 1]
    x, y, z = np.vstack([inner, ends[-1:]]).T
    lon = np.unwrap(np.degrees(np.arctan2(y, x)), period=360.0)
    return shapely.LineString(np.column_stack([lon, np.degrees(np.arctan2(z, np.hypot(x, y)))]))


def _crosses(sailed: shapely.LineString, line: shapely.LineString) -> bool:
    return any(sailed.intersects(affinity.translate(line, xoff=turn)) for turn in (-360.0, 0.0, 360.0))


@dataclass(frozen=True, slots=True)
class Sea:
    """The sea part of a network, asked for shortest routes only."""

    net: xr.Network
    ports: tuple[str, ...]
    at: NDArray[np.float64]

    @classmethod
    def of(cls, net: xr.Network) -> Sea:
        """All seaports of a network, with their longitudes and latitudes."""
        hubs = net.hubs
        rows = np.flatnonzero(np.asarray(hubs["kind"]) == "port")
        at = np.column_stack([np.asarray(hubs["lon"], float)[rows], np.asarray(hubs["lat"], float)[rows]])
        return cls(net, tuple(str(hubs["hub_id"][row]) for row in rows), at)

    def crosses(self, pair: Pair, line: shapely.LineString, scenario: xr.Scenario) -> bool | None:
        """Whether the shortest route crosses a line; None where there is no route."""
        try:
            route = self.net.route(*pair, shipment=ONE_TONNE, minimise="distance", scenario=scenario,
                                   modes=("sea",))  # fmt: skip
        except xr.NoRouteError:
            return None
        return any(_crosses(_as_sailed(leg.coordinates), line) for leg in route.legs if leg.mode == "sea")

    def near(self, line: shapely.LineString) -> list[str]:
        """The ports nearest to the middle of a line."""
        middle = np.array(line.interpolate(0.5, normalized=True).coords)
        order = np.argsort(-(_vectors(self.at) @ _vectors(middle)[0]), kind="stable")
        return [self.ports[row] for row in order[:NEAR_PORTS]]


def _sample(sea: Sea, passage: str, line: shapely.LineString, count: int) -> tuple[list[Pair], int]:
    """Pairs of ports, chosen so that most open routes cross the line, and how many of them do."""
    random, near = Random(passage), sea.near(line)
    is_open = xr.Scenario(open_passages=(passage, *ALSO_OPEN.get(passage, ())))
    crossing: list[Pair] = []
    other: list[Pair] = []
    for draw in range(DRAWS_A_PAIR * count):
        pair = random.choice(near if draw % 2 else sea.ports), random.choice(sea.ports)
        if pair[0] != pair[1]:
            (crossing if sea.crosses(pair, line, is_open) else other).append(pair)
        if len(crossing) >= CROSSING_SHARE * count and len(crossing) + len(other) >= count:
            break
    kept = crossing[: round(CROSSING_SHARE * count)]
    return [*kept, *other[: count - len(kept)]], len(kept)


@pytest.fixture(scope="session")
def sea(net: xr.Network) -> Sea:
    return Sea.of(net)


@pytest.mark.oracle
@pytest.mark.parametrize("passage", LINES)
def test_closing_a_passage_keeps_every_route_off_its_line(
    sea: Sea, passage: str, oracle_cases: Callable[[int], int]
) -> None:
    line = LINES[passage]
    is_closed = xr.Scenario(closed_passages=(passage,), open_passages=ALSO_OPEN.get(passage, ()))
    pairs, crossing = _sample(sea, passage, line, oracle_cases(PAIRS))
    outcomes = [sea.crosses(pair, line, is_closed) for pair in pairs]
    no_way = outcomes.count(None)
    sys.stdout.write(
        f"\n{passage}: {len(pairs)} pairs, {crossing} cross when open, {no_way} have no way round\n"
    )
    assert [pair for pair, is_over in zip(pairs, outcomes, strict=True) if is_over] == []
    assert crossing > 0


def test_the_check_sees_a_route_over_a_line_east_of_the_antimeridian() -> None:
    sailed = _as_sailed(np.array([[170.0, 60.0], [-160.0, 60.0]]))
    assert _crosses(sailed, shapely.LineString([[-170.0, 55.0], [-170.0, 66.0]]))
    assert not _crosses(sailed, shapely.LineString([[150.0, 55.0], [150.0, 66.0]]))

"""Lanes of the shipped network against published distances: sea, waterway, air.

`lane_distances.csv` holds lanes of NGA Pub. 151, river marks and printed air distances. Its ports were chosen
before the network was asked: of the pages read (two fifths of the book) every port with container lines, and
on its page every place over 300 nm away with a hub within 20 nm. Left out is only what the book itself
contradicts: two pages over 2 % apart, or less than the great circle. Lanes round a closed canal or
through an open one add distances to and from the book's junction points.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import xroute as xr

MANIFEST = Path(__file__).resolve().parents[2] / "data" / "networks" / "global" / "manifest.json"
pytestmark = pytest.mark.skipif(
    '"osm"' not in MANIFEST.read_text("utf-8"),
    reason="the shipped tables come from the build before roads, rails and sea lanes were drawn anew",
)

TABLE = Path(__file__).with_name("lane_distances.csv")
KM = {"km": 1.0, "nm": 1.852}
ONE_TONNE = xr.Shipment(mass_kg=1_000)
LEAST_NM = 300.0
LEAST_WITHIN_2_PERCENT = 0.72
MOST = {"sea": (0.01, 0.07), "inland_waterway": (0.02, 0.07), "air": (0.005, 0.01)}
"""The most that the median and the 95th percentile of |ours / theirs - 1| may be."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A published distance between two places, with the passages closed that it does not use."""

    lane_id: str
    mode: str
    origin: str
    destination: str
    via: str
    closed: tuple[str, ...]
    distance_km: float
    source: str


def _lanes() -> list[Lane]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Lane(row["lane_id"], row["mode"], row["origin"], row["destination"], row["via"],
                 tuple(filter(None, row["closed"].split(";"))), float(row["distance"]) * KM[row["unit"]],
                 row["source"])
            for row in csv.DictReader(file)
        ]  # fmt: skip


LANES = _lanes()
OF_MODE = {mode: [lane for lane in LANES if lane.mode == mode] for mode in MOST}
PANEL = [(mode, False) for mode in MOST] + [("sea", True)]


def _distances_km(net: xr.Network, lanes: list[Lane]) -> NDArray[np.float64]:
    """The network's shortest distance of each lane: one matrix for each set of closed passages."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, lane in enumerate(lanes):
        groups[lane.closed].append(row)
    distances_km = np.full(len(lanes), np.nan)
    for closed, rows in groups.items():
        origins = {place: at for at, place in enumerate(sorted({lanes[row].origin for row in rows}))}
        ends = {place: at for at, place in enumerate(sorted({lanes[row].destination for row in rows}))}
        cells = net.matrix(
            [net.find(place) for place in origins],
            [net.find(place) for place in ends],
            shipment=ONE_TONNE,
            minimise="distance",
            modes=(lanes[rows[0]].mode,),
            scenario=xr.Scenario(closed_passages=closed),
        ).distance_km
        for row in rows:
            distances_km[row] = cells[origins[lanes[row].origin], ends[lanes[row].destination]]
    return distances_km


def _summary(title: str, error: NDArray[np.float64]) -> str:
    median, p90, p95 = np.nanquantile(error, [0.5, 0.9, 0.95])
    return (
        f"\n{title}: {len(error)} lanes, median {median:.2%}, p90 {p90:.2%}, p95 {p95:.2%}, "
        f"{np.mean(error <= 0.02):.1%} within 2 %, {np.isnan(error).sum()} without a route\n"
    )


def _worst(lanes: list[Lane], ours_km: NDArray[np.float64], count: int = 10) -> str:
    signed = ours_km / np.array([lane.distance_km for lane in lanes]) - 1.0
    order = np.argsort(-np.nan_to_num(np.abs(signed), nan=np.inf), kind="stable")[:count]
    return "".join(
        f"  {signed[row]:+8.2%}  {lanes[row].lane_id:24} ours {ours_km[row]:8,.0f} km, "
        f"theirs {lanes[row].distance_km:8,.0f} km  {lanes[row].source}\n"
        for row in order.tolist()
    )


def test_the_table_of_lanes_names_a_source_for_each_and_spans_the_oceans() -> None:
    sea = OF_MODE["sea"]
    assert all(lane.source for lane in LANES)
    assert len({lane.lane_id for lane in LANES}) == len(LANES)
    assert len(sea) >= 130
    assert all(lane.distance_km > LEAST_NM * KM["nm"] for lane in sea)
    assert sum(bool(set(lane.closed) & {"suez", "panama"}) for lane in sea) >= 15


@pytest.mark.parametrize(("mode", "is_closed"), PANEL, ids=["sea", "waterway", "air", "sea_passages_closed"])
def test_network_lanes_agree_with_published_distances(
    net: xr.Network, mode: str, is_closed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    lanes = [lane for lane in OF_MODE[mode] if bool(lane.closed) == is_closed]
    ours_km = _distances_km(net, lanes)
    error = np.abs(ours_km / np.array([lane.distance_km for lane in lanes]) - 1.0)
    with capsys.disabled():
        sys.stdout.write(_summary(f"{mode}, passages closed" if is_closed else mode, error))
    sys.stdout.write(_worst(lanes, ours_km))  # seen with -s, and when the test fails
    assert np.isfinite(ours_km).all()
    assert (ours_km > 0.0).all()
    median, p95 = MOST[mode]
    assert np.median(error) <= median
    assert np.quantile(error, 0.95) <= p95
    if mode == "sea":
        assert np.mean(error <= 0.02) >= LEAST_WITHIN_2_PERCENT


def test_a_lane_published_through_a_passage_takes_it(net: xr.Network) -> None:
    astray = []
    for lane in filter(lambda lane: lane.via, LANES):
        route = net.route(
            lane.origin,
            lane.destination,
            shipment=ONE_TONNE,
            minimise="distance",
            modes=(lane.mode,),
            scenario=xr.Scenario(closed_passages=lane.closed),
        )
        if lane.via not in route.passages:
            astray.append((lane.lane_id, lane.via, route.passages))
    assert astray == []

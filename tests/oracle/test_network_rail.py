"""Rail lengths of the shipped network against published lengths of lines and services.

Many lines of the table are also curated legs of the network: agreement there shows that a route keeps to its
legs, not that their kilometres are right. Rows whose route uses a track of OpenStreetMap are measured apart.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import xroute as xr

MANIFEST = Path(__file__).resolve().parents[2] / "data" / "networks" / "global" / "manifest.json"
pytestmark = pytest.mark.skipif(
    '"osm"' not in MANIFEST.read_text("utf-8"),
    reason="the shipped tables come from the build before roads, rails and sea lanes were drawn anew",
)

TABLE = Path(__file__).with_name("rail_lengths.csv")
LINKS = Path(__file__).resolve().parents[2] / "data" / "networks" / "global" / "rail" / "links_rail.csv"
GOODS = xr.Shipment(mass_kg=10_000)
Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def network() -> xr.Network:
    return xr.Network.load()


def closed(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, row["closed_countries"].split(";")))


@cache
def graph(closed_countries: tuple[str, ...]) -> nx.Graph:
    found = nx.Graph()
    for row in rows_of(LINKS):
        if set(row["countries"].split(";")) & set(closed_countries):
            continue
        ends, km = (row["origin"], row["destination"]), float(row["distance_km"])
        if not found.has_edge(*ends) or found.edges[ends]["km"] > km:
            found.add_edge(*ends, km=km, source=row["source"])
    return found


def uses_tracks(row: Row) -> bool:
    """Whether a link of OpenStreetMap lies on the way."""
    links = graph(closed(row))
    path = nx.shortest_path(links, row["origin"], row["destination"], weight="km")
    return any(links.edges[pair]["source"] == "osm" for pair in pairwise(path))


def error(row: Row) -> float:
    """Share by which a route lies outside the published length or range."""
    km = (
        network()
        .route(
            row["origin"],
            row["destination"],
            shipment=GOODS,
            minimise="distance",
            modes=tuple(row["modes"].split(";")),
            scenario=xr.Scenario(closed_countries=closed(row)),
        )
        .distance_km
    )
    least, most = float(row["least_km"]), float(row["most_km"])
    return float(km / np.clip(km, least, most) - 1)


@cache
def errors() -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"all": [], "curated legs alone": [], "tracks": [], "services": []}
    for row in rows_of(TABLE):
        off = abs(error(row))
        found["all"].append(off)
        kind = "tracks" if uses_tracks(row) else "curated legs alone"
        found["services" if row["kind"] == "service" else kind].append(off)
    return found


@pytest.mark.parametrize("kind", ["all", "curated legs alone", "tracks", "services"])
def test_network_rail_lengths_agree_with_published_ones(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    off = np.array(errors()[kind])
    text = f"{kind}: {len(off)} rows, median {np.median(off):.2%}, p90 {np.quantile(off, 0.9):.2%}"
    with capsys.disabled():
        sys.stdout.write(f"\nrail, {text}\n")
    most_median, most_p90 = (0.05, 0.12) if kind == "services" else (0.02, 0.08)
    assert np.median(off) <= most_median
    assert np.quantile(off, 0.9) <= most_p90


def test_network_rail_table_has_a_source_for_each_of_forty_rows() -> None:
    assert len(rows_of(TABLE)) >= 40
    assert all(row["source"] for row in rows_of(TABLE))

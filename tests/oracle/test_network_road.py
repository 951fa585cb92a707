"""Road and ferry lanes of the shipped network against driving distances that are widely published."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from xroute import Network, NoRouteError, Shipment
from xroute.route import Route

MANIFEST = Path(__file__).resolve().parents[2] / "data" / "networks" / "global" / "manifest.json"
pytestmark = pytest.mark.skipif(
    '"osm"' not in MANIFEST.read_text("utf-8"),
    reason="the shipped tables come from the build before roads, rails and sea lanes were drawn anew",
)

ROOT = Path(__file__).resolve().parents[2]
LENGTHS = Path(__file__).parent / "road_lengths.csv"
FERRIES = ROOT / "data" / "curated" / "roro_ferries.csv"
MODES = ("road", "ferry")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shortest(net: Network, origin: str, destination: str, modes: tuple[str, ...] = MODES) -> Route:
    freight = Shipment(mass_kg=1000)
    return net.route(origin, destination, shipment=freight, minimise="distance", modes=modes)


@pytest.fixture(scope="module")
def errors(net: Network) -> dict[str, float]:
    """Our distance over the published one, less one, by pair."""
    return {
        f"{row['origin']} - {row['destination']}": (
            shortest(net, row["origin"], row["destination"]).distance_km / float(row["km"]) - 1.0
        )
        for row in rows(LENGTHS)
    }


def crossings(route: Route) -> list[str]:
    """The names of the ferries and shuttles of a route."""
    names = {frozenset((row["from"], row["to"])): row["name"] for row in rows(FERRIES)}
    return [names[frozenset((leg.origin, leg.destination))] for leg in route.legs if leg.mode == "ferry"]


@pytest.mark.oracle
def test_network_road_lengths_are_right_in_the_median_and_without_bias(
    errors: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    found = np.array(list(errors.values()))
    worst = sorted(errors.items(), key=lambda pair: -abs(pair[1]))[:10]
    p90 = np.quantile(abs(found), 0.9)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(found)} road pairs: median {np.median(abs(found)):.1%}, p90 {p90:.1%}, ")
        sys.stdout.write(f"signed {np.median(found):+.1%}\n")
    sys.stdout.write(f"worst {worst}\n")  # seen with -s, and when the test fails
    assert np.median(abs(found)) <= 0.03
    assert abs(np.median(found)) <= 0.01


@pytest.mark.oracle
def test_nine_of_ten_network_road_lengths_are_within_eight_percent(errors: dict[str, float]) -> None:
    assert np.quantile(np.abs(list(errors.values())), 0.9) <= 0.08


@pytest.mark.oracle
def test_network_names_the_crossing_from_stockholm_to_berlin(net: Network) -> None:
    route = shortest(net, "Stockholm, SE", "Berlin, DE")
    assert set(crossings(route)) <= {row["name"] for row in rows(FERRIES)}
    assert len(crossings(route)) == 1
    assert route.distance_km == pytest.approx(1080, rel=0.03)


@pytest.mark.oracle
def test_network_crosses_the_channel_by_tunnel_or_ferry(net: Network) -> None:
    route = shortest(net, "London, GB", "Paris, FR")
    assert crossings(route)[0] in {"Channel Tunnel vehicle shuttle", "Dover-Calais", "Dover-Dunkirk"}
    assert route.distance_km == pytest.approx(460, rel=0.05)


@pytest.mark.oracle
def test_network_has_no_road_from_seoul_to_china(net: Network) -> None:
    with pytest.raises(NoRouteError):
        shortest(net, "Seoul, KR", "Beijing, CN", modes=("road",))


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("origin", "destination"),
    [("Chicago, US", "Los Angeles, US"), ("Moscow, RU", "Novosibirsk, RU"), ("Urumqi, CN", "Xi'an, CN")],
)
def test_network_joins_far_cities_by_road_alone(net: Network, origin: str, destination: str) -> None:
    assert shortest(net, origin, destination, modes=("road",)).distance_km > 2000.0

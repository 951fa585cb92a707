"""A load that is not searched against searching both: `Network.route` on the shipped network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import xroute as xr
from xroute.pricings import Priced

PAIRS = 2_000
QUANTITY = {
    "cost": "cost_eur", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_km",
    "generalised": "generalised_eur",
}  # fmt: skip
SIZES = ((20.0, 0.1), (300.0, 1.4), (1200.0, 6.4), (6000.0, 12.0), (24_000.0, 66.0))


@pytest.fixture(scope="module")
def net() -> xr.Network:
    return xr.Network.load()


def answers(net: xr.Network, pairs: Any, minimise: str) -> list[tuple[Any, ...] | None]:
    """Load, minimised quantity and hours: of routes that are equal in these any may be given."""
    scenario = xr.Scenario(carbon_price_eur_t=90.0)
    found: list[tuple[Any, ...] | None] = []
    for at, (origin, destination) in enumerate(pairs):
        mass_kg, volume_m3 = SIZES[at % len(SIZES)]
        goods = xr.Shipment(mass_kg=mass_kg, volume_m3=volume_m3)
        try:
            route = net.route(origin, destination, shipment=goods, minimise=minimise, scenario=scenario)
        except xr.NoRouteError:
            found.append(None)
            continue
        found.append((route.load, getattr(route, QUANTITY[minimise]), route.duration_h))
    return found


@pytest.mark.oracle
@pytest.mark.parametrize("minimise", ["cost", "time", "co2e", "distance", "generalised"])
def test_a_load_that_is_not_searched_could_not_have_won(
    net: xr.Network, oracle_cases: Callable[[int], int], monkeypatch: pytest.MonkeyPatch, minimise: str
) -> None:
    rng = np.random.default_rng(20_261_201)
    kinds = ("city", "port", "airport")
    ids = [each for each, kind in zip(net.places.ids, net.places.kind, strict=True) if kind in kinds]
    pairs = [(ids[a], ids[b]) for a, b in rng.integers(0, len(ids), (oracle_cases(PAIRS), 2))]
    left_out: list[bool] = []
    real = Priced.is_never_beaten_by

    def noted(*asked: Any) -> bool:
        left_out.append(real(*asked))
        return left_out[-1]

    monkeypatch.setattr(Priced, "is_never_beaten_by", noted)
    some = answers(net, pairs, minimise)
    assert any(left_out)
    assert all(left_out) == (minimise in ("time", "co2e", "distance"))
    monkeypatch.setattr(Priced, "is_never_beaten_by", lambda *_: False)
    for mine, theirs in zip(some, answers(net, pairs, minimise), strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None and theirs is not None:
            assert mine[0] == theirs[0]
            assert mine[1:] == pytest.approx(theirs[1:], abs=1e-3)  # whole steps are what is minimised

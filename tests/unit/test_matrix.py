"""Matrices: shapes, NaN for no route, and the route's own numbers."""

from __future__ import annotations

import numpy as np
import pytest

import xroute as xr
from toy_network import GOODS, toy


def test_a_cell_is_the_route_of_its_pair() -> None:
    matrix = toy().matrix(["C1"], ["C2"], shipment=GOODS)
    route = toy().route("C1", "C2", shipment=GOODS)
    cells = [matrix.cost_eur[0, 0], matrix.duration_h[0, 0], matrix.distance_km[0, 0]]
    assert cells == pytest.approx([route.cost_eur, route.duration_h, route.distance_km], rel=1e-12)


def test_no_route_is_nan_in_every_quantity() -> None:
    matrix = toy().matrix(["C1"], ["C3"], shipment=GOODS)
    quantities = (matrix.cost_eur, matrix.duration_h, matrix.distance_km, matrix.wtw_co2e_kg)
    assert all(np.isnan(each[0, 0]) for each in quantities)


def test_no_route_has_no_load() -> None:
    assert toy().matrix(["C1"], ["C3"], shipment=GOODS).load[0, 0] == ""


def test_rows_are_origins_and_columns_destinations() -> None:
    matrix = toy().matrix(["C1", "CNAAA", "AAA"], ["C2", "DEBBB"], shipment=GOODS)
    assert matrix.cost_eur.shape == (3, 2)
    assert (matrix.origins, matrix.destinations) == (("C1", "CNAAA", "AAA"), ("C2", "DEBBB"))


def test_a_place_to_itself_is_free() -> None:
    assert toy().matrix(["C1"], ["C1"], shipment=GOODS).cost_eur[0, 0] == 0.0


def test_no_places_make_an_empty_matrix() -> None:
    assert toy().matrix([], ["C1"], shipment=GOODS).cost_eur.shape == (0, 1)


def test_the_load_that_won_is_named() -> None:
    full = xr.Shipment(mass_kg=20_000, volume_m3=50.0)
    loads = [
        toy().matrix(["CNAAA"], ["DEBBB"], shipment=goods, modes=("sea",)).load[0, 0]
        for goods in (GOODS, full)
    ]
    assert loads == ["LCL", "FCL"]


def test_modes_limit_every_cell() -> None:
    by_air, by_sea = (
        toy().matrix(["C1"], ["C2"], shipment=GOODS, modes=(mode, "road")) for mode in ("air", "sea")
    )
    assert by_air.duration_h[0, 0] < by_sea.duration_h[0, 0]


def test_indicative_rates_are_told() -> None:
    assert toy().matrix(["C1"], ["C2"], shipment=GOODS).is_indicative


def test_an_unknown_place_is_an_error() -> None:
    with pytest.raises(xr.UnknownPlaceError):
        toy().matrix(["C1"], ["Nowhere, XX"], shipment=GOODS)


def test_a_point_may_be_a_destination(net: xr.Network) -> None:
    matrix = net.matrix(["DEHAM"], [(51.34, 12.37)], shipment=GOODS)
    assert matrix.cost_eur[0, 0] > 0

"""Tables of people become columns of the core: typed, complete, with defaults."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import xroute as xr
from toy_network import GOODS, NAN, Rows, tables, toy


def as_csv(rows: Rows, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows([["" if cell != cell else cell for cell in row]  # NaN is an empty cell
                          for row in zip(*rows.values(), strict=True)])  # fmt: skip
    return path


def with_geometry(*texts: str) -> xr.Network:
    rows = tables()
    rows["links"]["geometry"] = [*texts, *[""] * (len(rows["links"]["origin"]) - len(texts))]
    return xr.Network.from_tables(**rows)


def test_paths_arrow_and_dicts_give_the_same_network(tmp_path: Path) -> None:
    rows = tables()
    paths: dict[str, Any] = {name: as_csv(each, tmp_path / f"{name}.csv") for name, each in rows.items()}
    by_path = xr.Network.from_tables(**paths)
    by_arrow = xr.Network.from_tables(**{name: pa.table(each) for name, each in rows.items()})
    assert by_path.core.save() == by_arrow.core.save() == toy().core.save()


def test_columns_that_are_missing_take_their_defaults() -> None:
    assert not toy().links["oneway"].any()


def test_a_one_way_link_runs_one_way() -> None:
    rows = tables()
    rows["links"]["oneway"] = [mode == "rail" for mode in rows["links"]["mode"]]
    net = xr.Network.from_tables(**rows)
    assert net.route("CNAAA-RAIL", "DEBBB-RAIL", shipment=GOODS, modes=("rail",))
    with pytest.raises(xr.NoRouteError):
        net.route("DEBBB-RAIL", "CNAAA-RAIL", shipment=GOODS, modes=("rail",))


def test_unknown_extra_columns_are_named_and_do_no_harm() -> None:
    rows = tables()
    rows["hubs"]["colour"] = ["red"] * 10
    with pytest.warns(xr.UnusedColumnWarning, match="colour"):
        assert len(xr.Network.from_tables(**rows).hubs) == 10


def test_a_geometry_is_where_the_leg_runs() -> None:
    net = with_geometry("LINESTRING (114 22.8, 114.05 22.9, 114.2 22.5)")
    leg = net.route("C1", "CNAAA", shipment=GOODS, modes=("road",)).legs[0]
    assert leg.coordinates.tolist() == [[114.0, 22.8], [114.05, 22.9], [114.2, 22.5]]


def test_a_geometry_is_turned_round_on_the_way_back() -> None:
    net = with_geometry("LINESTRING (114 22.8, 114.05 22.9, 114.2 22.5)")
    leg = net.route("CNAAA", "C1", shipment=GOODS, modes=("road",)).legs[0]
    assert leg.coordinates.tolist() == [[114.2, 22.5], [114.05, 22.9], [114.0, 22.8]]


@pytest.mark.parametrize("text", ["POINT (1 2)", "LINESTRING (1 2, 3)", "LINESTRING (a b, c d)", "nonsense",
                                  "MULTILINESTRING ((1 2, 3 4))"])  # fmt: skip
def test_a_geometry_that_is_no_line_is_an_input_error(text: str) -> None:
    with pytest.raises(xr.InputError, match="WKT LINESTRING") as caught:
        with_geometry("", text)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("links", 2, "geometry")


def test_added_geometries_join_those_that_are_there() -> None:
    net = with_geometry("LINESTRING (114 22.8, 114.05 22.9, 114.2 22.5)")
    link = {"origin": "C2", "destination": "DEBBB", "mode": "road", "distance_km": 1.0,
            "geometry": "LINESTRING (9.6 53.2, 9.7 53.3, 9.9 53.5)"}  # fmt: skip
    more = net.extended(links={name: [cell] for name, cell in link.items()})
    leg = more.route("C2", "DEBBB", shipment=GOODS, modes=("road",)).legs[0]
    assert leg.coordinates.tolist() == [[9.6, 53.2], [9.7, 53.3], [9.9, 53.5]]


def test_extending_by_nothing_changes_nothing() -> None:
    assert toy().extended().core.save() == toy().core.save()


def test_passages_keep_what_is_closed_by_default() -> None:
    assert np.asarray(toy().passages["default_closed"]).tolist() == [False, False, True]


def test_notices_travel_with_the_network() -> None:
    net = xr.Network.from_tables(**tables(), notices={"licence": "ODbL-1.0"})
    assert net.core.table("notices") == {"title": ["licence"], "text": ["ODbL-1.0"]}


@pytest.mark.parametrize(
    ("hubs", "distance_km", "expected"),
    [
        (("AAA", "BBB"), NAN, "freighter_long_haul"),
        (("AAA", "BBB"), 3_000.0, "freighter_short_haul"),
        (("BBB", "DEBBB"), NAN, "freighter_short_haul"),
    ],
)
def test_a_flight_that_names_no_class_takes_one_by_its_distance(
    hubs: tuple[str, str], distance_km: float, expected: str
) -> None:
    flight = {"origin": hubs[0], "destination": hubs[1], "mode": "air", "distance_km": distance_km}
    net = toy().extended(services={name: [cell] for name, cell in flight.items()})
    assert net.core.table("services")["vehicle_class"][-1] == expected

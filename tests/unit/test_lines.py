"""Lines on the globe: splitting, great circles, WKT."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xroute.errors import InputError
from xroute.lines import densified, great_circle, parts_of_wkt, split_antimeridian, wkt_of

points = st.lists(
    st.tuples(st.floats(-180, 180), st.floats(-85, 85)),
    min_size=2,
    max_size=12,
    unique_by=lambda point: point,
)


@given(points, st.sampled_from([180.0, -30.0]))
def test_no_part_leaves_the_map_or_jumps_over_it(line: list[tuple[float, float]], cut_lon: float) -> None:
    for part in split_antimeridian(line, cut_lon=cut_lon):
        assert part[:, 0].min() >= cut_lon - 360.0 - 1e-9
        assert part[:, 0].max() <= cut_lon + 1e-9
        assert np.abs(np.diff(part[:, 0])).max() <= 180.0 + 1e-9


@given(points)
def test_splitting_keeps_the_length(line: list[tuple[float, float]]) -> None:
    def length(part: np.ndarray) -> float:
        return float(np.hypot(*np.diff(part, axis=0).T).sum())

    whole = np.column_stack([np.unwrap(np.array(line)[:, 0], period=360.0), np.array(line)[:, 1]])
    assert sum(map(length, split_antimeridian(line))) == pytest.approx(length(whole), abs=1e-6)


def test_a_pacific_lane_is_two_parts_that_meet_at_the_date_line() -> None:
    west, east = split_antimeridian([(121.9, 29.9), (170, 43), (-150, 42), (-118.3, 33.7)])
    assert (west[-1, 0], east[0, 0]) == (180.0, -180.0)
    assert west[-1, 1] == east[0, 1]


def test_a_line_that_goes_round_twice_is_split_at_every_crossing() -> None:
    line = [(lon % 360 - 180, 10) for lon in range(0, 800, 40)]
    assert len(split_antimeridian(line)) == 3


@pytest.mark.parametrize("line", [[], [(4, 52)], [(4, 52), (4, 52)]])
def test_what_is_no_line_has_no_part(line: list[tuple[float, float]]) -> None:
    assert split_antimeridian(line) == []


@pytest.mark.parametrize(
    "line", [[(float("nan"), 0), (1, 1)], [(0, float("inf")), (1, 1)], [(1, 2, 3)], [1, 2]]
)
def test_broken_coordinates_are_an_input_error(line: list[object]) -> None:
    with pytest.raises(InputError):
        split_antimeridian(line)


def test_a_great_circle_from_hong_kong_to_los_angeles_passes_north_of_both() -> None:
    arc = great_circle((113.9, 22.3), (-118.4, 33.9))
    assert arc[:, 1].max() > 45.0
    assert arc[0].tolist() == [113.9, 22.3]
    assert arc[-1].tolist() == [-118.4, 33.9]


@pytest.mark.parametrize("end", [(10.0, 20.0), (-170.0, -20.0)])
def test_the_same_place_and_antipodes_give_the_two_ends(end: tuple[float, float]) -> None:
    assert great_circle((10.0, 20.0), end).tolist() == [[10.0, 20.0], list(end)]


def test_densified_keeps_every_given_point() -> None:
    line = [(0.0, 50.0), (20.0, 55.0), (60.0, 40.0)]
    dense = densified(line, step_km=100).tolist()
    assert all(list(point) in dense for point in line)
    assert len(dense) > 40


@given(points)
def test_wkt_reads_back(line: list[tuple[float, float]]) -> None:
    parts = split_antimeridian(line)
    again = parts_of_wkt(wkt_of(parts, decimals=6))
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(parts, again, strict=True))


@pytest.mark.parametrize("text", ["POINT (1 2)", "<script>", "LINESTRING (a b, c d)", "LINESTRING (1, 2)"])
def test_other_wkt_is_an_input_error_that_names_table_and_column(text: str) -> None:
    with pytest.raises(InputError, match="legs"):
        parts_of_wkt(text)


@pytest.mark.parametrize("text", ["", "  ", "LINESTRING EMPTY"])
def test_empty_wkt_has_no_part(text: str) -> None:
    assert parts_of_wkt(text) == ()

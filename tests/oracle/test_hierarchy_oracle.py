"""The hierarchy against Dijkstra: networkx on random networks, plain on the shipped and on large ones."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import xroute as xr
from expanded_graph import CRITERIA, Expansion
from random_networks import Case, random_case

NETWORKS, PAIRS, ORIGINS = 10_000, 2_000, 20
QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m",
            "generalised": "generalised"}  # fmt: skip
Count = Callable[[int], int]


def ordered_cases(count: int, *, first_seed: int) -> Iterator[tuple[int, str, Case, Expansion]]:
    for seed in range(first_seed, first_seed + count):
        case = random_case(seed)
        case.network.core.order(threads=1 + seed % 2)
        yield seed, CRITERIA[seed % len(CRITERIA)], case, Expansion(case)


@pytest.mark.oracle
def test_routes_of_an_ordered_network_agree_in_the_quantity_and_then_in_time(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in ordered_cases(oracle_cases(NETWORKS), first_seed=40_000):
        origin = seed % case.size
        expected = theirs.best(criterion, origin)
        for destination in range(0, case.size, 5):
            for _ in range(3):  # the first may be a plain search, the last are not
                raw = case.metric.route(criterion, origin, destination)
            ours = raw and (raw[QUANTITY[criterion]], raw["time_s"])
            assert ours == expected.get(destination), f"seed {seed}, to h{destination} by {criterion}"


@pytest.mark.oracle
def test_values_paths_and_trees_of_a_prepared_network_agree(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in ordered_cases(oracle_cases(NETWORKS) // 2, first_seed=60_000):
        prepared = case.metric.prepared(criterion, threads=1)
        hubs = np.arange(case.size, dtype=np.uint32)
        rows = prepared.values(hubs[:3], hubs, threads=1).reshape(-1, case.size)
        for origin, row in enumerate(rows):
            best = theirs.best(criterion, origin)
            least = np.array([best[hub][0] if hub in best else np.nan for hub in range(case.size)])
            assert np.array_equal(row, least, equal_nan=True), f"seed {seed}, from h{origin} by {criterion}"
            assert np.array_equal(prepared.one_to_all(origin), least, equal_nan=True), f"seed {seed}"
            for destination in range(0, case.size, 7):
                found = prepared.path(origin, destination)
                value = prepared.value(origin, destination)
                assert (None if found is None else found[0]) == value, f"seed {seed}"
                assert (np.nan if value is None else value) == pytest.approx(least[destination], nan_ok=True)
                if found is not None:
                    assert found[1][0] == origin
                    assert found[1][-1] == destination


@pytest.mark.oracle
def test_matrices_of_an_ordered_network_equal_routes_in_the_quantity(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in ordered_cases(oracle_cases(NETWORKS) // 2, first_seed=80_000):
        hubs = np.arange(case.size, dtype=np.uint32)
        for _ in range(3):
            cells = case.metric.matrix(criterion, hubs, hubs, threads=1 + seed % 2)
        values = cells[QUANTITY[criterion]].reshape(case.size, case.size)
        for origin in range(0, case.size, 4):
            best = theirs.best(criterion, origin)
            least = [best[hub][0] if hub in best else -1 for hub in range(case.size)]
            assert values[origin].tolist() == least, f"seed {seed}, from h{origin} by {criterion}"


@pytest.mark.oracle
@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_shipped_network_agrees_with_plain_dijkstra(criterion: str, oracle_cases: Count) -> None:
    shipment = xr.Shipment(mass_kg=1200, volume_m3=6.4, value_eur=48_000, load="LCL")
    scenario = xr.Scenario(closed_passages=("suez",), carbon_price_eur_t=80, value_of_time_eur_h=3)
    assert_agrees(xr.Network.load(), criterion, oracle_cases(PAIRS), shipment, scenario)


@pytest.mark.oracle
@pytest.mark.parametrize("criterion", ["cost", "generalised"])
def test_after_a_long_run_new_pairs_of_the_shipped_network_still_agree(
    criterion: str, oracle_cases: Count
) -> None:
    """Thousands of questions on: every hub is labelled by then."""
    net, rng = xr.Network.load(), np.random.default_rng(12)
    shipment = xr.Shipment(mass_kg=700, volume_m3=3.1, value_eur=21_000, load="LCL")
    metric = net.priced(shipment, "LCL", xr.Scenario(value_of_time_eur_h=2)).metric
    places = np.flatnonzero(np.array(net.places.kind) != "junction")
    origins = rng.choice(places, 10).astype(np.uint32)
    others, ends = np.setdiff1d(places, origins), rng.choice(places, max(10, oracle_cases(PAIRS) // 10))
    for a, b in rng.choice(others, (2400, 2)).tolist():
        metric.route(criterion, a, b)
    stream = metric.routes(criterion, np.repeat(origins, len(ends)), np.tile(ends, 10).astype(np.uint32))
    streamed = stream[QUANTITY[criterion]].reshape(10, -1)
    for origin, row in zip(origins.tolist(), streamed, strict=True):
        plain = metric.one_to_all(criterion, origin)[ends].tolist()
        found = [metric.route(criterion, origin, end) for end in ends.tolist()]
        assert [each[QUANTITY[criterion]] if each else -1 for each in found] == plain
        assert row.tolist() == plain


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["highways", "multimodal"])
def test_large_graphs_agree_with_plain_dijkstra(name: str, oracle_cases: Count) -> None:
    if oracle_cases(PAIRS) < PAIRS:
        pytest.skip("minutes of ordering: with XROUTE_ORACLE=full")
    if importlib.util.find_spec("scgraph_data") is None:
        pytest.skip("scgraph-data is not installed: make bench does it")
    sys.path.insert(0, str(Path(__file__).parents[2]))
    if name == "highways":
        net = importlib.import_module("benches.highways").highways().network()
    else:
        net = importlib.import_module("benches.synthetic").multimodal(1_000_000).network()
    net.core.order()
    assert_agrees(net, "distance", PAIRS, xr.Shipment(mass_kg=1000, load="LCL"), xr.Scenario())


def assert_agrees(
    net: xr.Network, criterion: str, pairs: int, shipment: xr.Shipment, scenario: xr.Scenario
) -> None:
    """Values, paths and a table from a few origins, beside a plain search from each."""
    metric = net.priced(shipment, "LCL", scenario).metric
    prepared = metric.prepared(criterion)
    rng = np.random.default_rng(11)
    origins = rng.integers(0, len(net.places), ORIGINS).astype(np.uint32)
    ends = rng.integers(0, len(net.places), max(1, pairs // ORIGINS)).astype(np.uint32)
    table = prepared.values(origins, ends).reshape(ORIGINS, -1)
    for origin, row in zip(origins.tolist(), table, strict=True):
        plain = metric.one_to_all(criterion, origin)[ends]
        assert np.array_equal(np.nan_to_num(row, nan=-1.0), plain)
        for end, least in zip(ends.tolist(), plain.tolist(), strict=True):
            found = prepared.path(origin, end)
            assert (-1 if found is None else found[0]) == least

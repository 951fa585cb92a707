"""Searches against Dijkstra of networkx on a graph laid out independently: exact, for 2,000 networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from expanded_graph import CRITERIA, Expansion
from random_networks import Case, random_case

NETWORKS = 2_000
QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m",
            "generalised": "generalised"}  # fmt: skip
Count = Callable[[int], int]


def cases(count: int, *, first_seed: int) -> Iterator[tuple[int, str, Case, Expansion]]:
    for seed in range(first_seed, first_seed + count):
        case = random_case(seed)
        yield seed, CRITERIA[seed % len(CRITERIA)], case, Expansion(case)


@pytest.mark.oracle
def test_one_to_one_agrees_with_networkx_in_the_quantity_and_then_in_time(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in cases(oracle_cases(NETWORKS), first_seed=0):
        origin = seed % case.size
        expected = theirs.best(criterion, origin)
        for destination in range(0, case.size, 3):
            raw = case.metric.route(criterion, origin, destination)
            ours = raw and (raw[QUANTITY[criterion]], raw["time_s"])
            assert ours == expected.get(destination), f"seed {seed}, to h{destination} by {criterion}"


@pytest.mark.oracle
def test_one_to_all_agrees_with_networkx(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in cases(oracle_cases(NETWORKS), first_seed=10_000):
        origin = seed % case.size
        expected = theirs.best(criterion, origin)
        ours = case.metric.one_to_all(criterion, origin).tolist()
        least = [expected[hub][0] if hub in expected else -1 for hub in range(case.size)]
        assert ours == least, f"seed {seed}, from h{origin} by {criterion}"


@pytest.mark.oracle
def test_matrix_agrees_with_networkx(oracle_cases: Count) -> None:
    for seed, criterion, case, theirs in cases(oracle_cases(NETWORKS), first_seed=20_000):
        origins = np.array([seed % case.size, (seed + 1) % case.size], dtype=np.uint32)
        hubs = np.arange(case.size, dtype=np.uint32)
        cells = case.metric.matrix(criterion, origins, hubs)
        for row, origin in enumerate(origins.tolist()):
            expected = theirs.best(criterion, origin)
            least = [expected.get(hub, (-1, -1)) for hub in range(case.size)]
            here = slice(row * case.size, (row + 1) * case.size)
            ours = zip(cells[QUANTITY[criterion]][here].tolist(), cells["time_s"][here].tolist(), strict=True)
            assert list(ours) == least, f"seed {seed}, from h{origin} by {criterion}"


def test_the_money_unit_grows_where_a_step_would_not_fit() -> None:
    units = {seed: (random_case(seed).metric.money_unit_eur, Expansion(random_case(seed)).money_unit_eur)
             for seed in range(40)}  # fmt: skip
    assert all(ours == theirs for ours, theirs in units.values())
    assert len({ours for ours, _ in units.values()}) > 1


def test_the_cases_hold_what_they_promise() -> None:
    seen = [random_case(seed) for seed in range(60)]
    pairs = [list(zip(c.links["origin"], c.links["destination"], strict=True)) for c in seen if c.links]
    assert any(len(set(each)) < len(each) for each in pairs)
    assert any(a == b for each in pairs for a, b in each)
    assert any(0.0 in c.links["distance_km"] for c in seen if c.links)
    assert any(len(Expansion(c).best("time", 0)) < c.size for c in seen)
    assert any(c.closed_hubs and c.closed_passages for c in seen)
    assert any(c.services and c.transfers for c in seen)

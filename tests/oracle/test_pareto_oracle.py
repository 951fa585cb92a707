"""Pareto sets and routes within limits against full enumeration of simple paths: exact equality, for 2,000
small networks; the front of the shipped network against repeated searches within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice

import numpy as np
import pytest

import xroute as xr
from expanded_graph import Expansion
from random_networks import Case, random_case

NETWORKS = 2_000
MOST_HUBS = 8
MOST_STEPS = 30_000
MOST_LABELS = 1_000_000
QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t"}
OVER = ("cost", "time", "co2e")
GOODS = xr.Shipment(mass_kg=1200, volume_m3=6.4, value_eur=48_000, load="LCL")
Values = tuple[int, ...]
Ends = tuple[int, int]


def undominated(found: set[Values]) -> list[Values]:
    """Members that no other is nowhere above, in rising order."""
    kept: list[Values] = []
    for one in sorted(found):
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) for other in kept):
            kept.append(one)
    return kept


def enumerated(over: tuple[str, ...]) -> Iterator[tuple[int, Case, Ends, set[Values]]]:
    """Networks few enough in paths to enumerate, with every route to the hub that takes longest to reach."""
    for seed in count(30_000):
        case = random_case(seed, most_hubs=MOST_HUBS)
        expansion = Expansion(case)
        hours = {hub: time for hub, (_, time) in expansion.best("cost", 0).items() if hub}
        ends = 0, max(hours, key=lambda hub: (hours[hub], hub), default=case.size - 1)
        found = expansion.every_route(over, *ends, most_steps=MOST_STEPS)
        if found is not None:
            yield seed, case, ends, found


@pytest.mark.oracle
@pytest.mark.parametrize("over", [OVER[:2], OVER], ids=["two", "three"])
def test_the_pareto_set_is_that_of_enumeration(
    over: tuple[str, ...], oracle_cases: Callable[[int], int]
) -> None:
    for seed, case, ends, found in islice(enumerated(over), oracle_cases(NETWORKS)):
        routes, stopped_by, _ = case.metric.pareto(
            *ends, list(over), [1] * len(over), most_labels=MOST_LABELS
        )
        ours = [tuple(raw[QUANTITY[name]] for name in over) for raw in routes]
        assert stopped_by is None, f"seed {seed}"
        assert ours == undominated(found), f"seed {seed}"


def test_a_fifth_of_the_small_networks_have_a_front_of_several_routes() -> None:
    fronts = [undominated(found) for *_, found in islice(enumerated(OVER), 60)]
    assert sum(len(front) > 1 for front in fronts) >= 12
    assert max(len(front) for front in fronts) >= 4


@pytest.mark.oracle
def test_the_best_within_limits_is_that_of_enumeration(oracle_cases: Callable[[int], int]) -> None:
    for seed, case, ends, found in islice(enumerated(OVER), oracle_cases(NETWORKS)):
        rng = np.random.default_rng(seed)
        highest = [max((values[at] for values in found), default=0) for at in range(3)]
        most = [-1, *(int(highest[at] * rng.uniform(0.1, 1.2)) for at in (1, 2))]
        within = [values for values in found if values[1] <= most[1] and values[2] <= most[2]]
        raw, is_beyond = case.metric.route_within(*ends, list(OVER), most, via=[])
        ours = None if raw is None else tuple(raw[QUANTITY[name]] for name in OVER)
        assert ours == min(within, default=None), f"seed {seed}"
        assert is_beyond == (not within and bool(found)), f"seed {seed}"


@pytest.mark.oracle
def test_no_route_within_drawn_limits_beats_what_the_front_of_the_shipped_network_says(
    net: xr.Network, oracle_cases: Callable[[int], int]
) -> None:
    """Repeated constrained searches: what is found has a member that is worse by no more than is promised."""
    rng = np.random.default_rng(4)
    metric = net.priced(GOODS, "LCL", xr.Scenario()).metric
    ends = net.places.row("CNYTN"), net.places.row("Leipzig, DE")
    epsilon_parts = 30_000
    front, stopped_by, _ = metric.pareto(
        *ends, list(OVER), [1, 1, 1], epsilon_parts=epsilon_parts, most_labels=4_000_000
    )
    members = np.array([[raw[QUANTITY[name]] for name in OVER] for raw in front], dtype=np.int64)
    assert stopped_by is None
    low, high = members.min(axis=0), members.max(axis=0)
    for _ in range(oracle_cases(400)):
        most = [-1, *(int(low[at] + (high[at] - low[at]) * rng.random() ** 2) for at in (1, 2))]
        raw, _ = metric.route_within(*ends, list(OVER), most, via=[])
        if raw is None:
            assert not ((members[:, 1] <= most[1]) & (members[:, 2] <= most[2])).any()
            continue
        route = np.array([raw[QUANTITY[name]] for name in OVER], dtype=np.int64)
        assert (members <= route + route * epsilon_parts // 1_000_000).all(axis=1).any()

"""Pareto sets against full enumeration of simple paths: exact equality, for 2,000 small networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice

import pytest

from expanded_graph import Expansion
from random_networks import Case, random_case

NETWORKS = 2_000
MOST_HUBS = 8
MOST_STEPS = 30_000
MOST_LABELS = 1_000_000
QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t"}
OVER = ("cost", "time", "co2e")
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

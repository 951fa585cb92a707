"""Pareto sets against full enumeration of simple paths: exact equality, for 2,000 small networks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from expanded_graph import Expansion
from random_networks import random_case

NETWORKS = 2_000
MOST_HUBS = 8
MOST_LABELS = 1_000_000
QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t"}
Values = tuple[int, ...]


def undominated(found: set[Values]) -> list[Values]:
    """Members that no other is nowhere above, in rising order."""
    return sorted(
        one for one in found
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in found)
    )  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("over", [("cost", "time"), ("cost", "time", "co2e")], ids=["two", "three"])
def test_the_pareto_set_is_that_of_enumeration(
    over: tuple[str, ...], oracle_cases: Callable[[int], int]
) -> None:
    for seed in range(oracle_cases(NETWORKS)):
        case = random_case(30_000 + seed, most_hubs=MOST_HUBS, links_a_hub=1.6)
        ends = 0, case.size - 1
        expected = undominated(Expansion(case).every_route(over, *ends))
        routes, is_complete, _ = case.metric.pareto(
            *ends, list(over), [1] * len(over), most_labels=MOST_LABELS
        )
        ours = [tuple(raw[QUANTITY[name]] for name in over) for raw in routes]
        assert is_complete, f"seed {seed}"
        assert ours == expected, f"seed {seed}"


def test_enough_of_the_small_networks_have_a_front_of_several_routes() -> None:
    sizes = []
    for seed in range(40):
        case = random_case(30_000 + seed, most_hubs=MOST_HUBS, links_a_hub=1.6)
        sizes.append(
            len(undominated(Expansion(case).every_route(("cost", "time", "co2e"), 0, case.size - 1)))
        )
    assert sum(size > 1 for size in sizes) >= 5

"""What must hold between the answers of two networks, whatever the right answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xroute as xr
from random_networks import PASSAGES, Case, Rows, random_case

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=60)
CRITERIA = ("time", "co2e", "distance")
QUANTITY = {"time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}


def small(seed: int) -> Case:
    return random_case(seed, most_hubs=16)


def answers(case: Case, criterion: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The minimised quantity for every pair of hubs; -1 where there is no route."""
    hubs = np.arange(case.size, dtype=np.uint32)
    return case.metric.matrix(criterion, hubs, hubs)[QUANTITY[criterion]].reshape(case.size, -1)


def or_never(values: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.where(values < 0, np.iinfo(np.int64).max, values)


def taken(rows: Rows, order: Sequence[int]) -> Rows:
    return {name: [values[at] for at in order] for name, values in rows.items()}


def renamed(rows: Rows, names: dict[str, str], *columns: str) -> Rows:
    return rows | {name: [names[hub] for hub in rows[name]] for name in columns if name in rows}


@given(seeds, st.sampled_from(CRITERIA))
@few
def test_new_names_and_another_order_of_hubs_change_nothing(seed: int, criterion: str) -> None:
    case = small(seed)
    order = np.random.default_rng(seed).permutation(case.size).tolist()
    names = {hub: f"place {at}" for at, hub in enumerate(case.hubs["hub_id"])}
    other = replace(
        case,
        hubs=taken(renamed(case.hubs, names, "hub_id"), order),
        links=renamed(case.links, names, "origin", "destination"),
        services=renamed(case.services, names, "origin", "destination"),
        transfers=renamed(case.transfers, names, "hub_id"),
        hub_delay_h=case.hub_delay_h[order],
        closed_hubs=frozenset(order.index(hub) for hub in case.closed_hubs),
    )
    assert np.array_equal(answers(case, criterion)[np.ix_(order, order)], answers(other, criterion))


@given(seeds, st.sampled_from(CRITERIA))
@few
def test_another_order_of_links_services_and_transfers_changes_nothing(seed: int, criterion: str) -> None:
    case, rng = small(seed), np.random.default_rng(seed)

    def shuffled(rows: Rows) -> Rows:
        return taken(rows, rng.permutation(len(next(iter(rows.values()), []))).tolist())

    other = replace(case, links=shuffled(case.links), services=shuffled(case.services),
                    transfers=shuffled(case.transfers))  # fmt: skip
    assert np.array_equal(answers(case, criterion), answers(other, criterion))


def turned(rows: Rows, first: str, second: str) -> Rows:
    return rows | {first: rows[second], second: rows[first]} if rows else rows


@given(seeds, st.sampled_from(("co2e", "distance")))
@few
def test_everything_turned_round_is_the_way_back(seed: int, criterion: str) -> None:
    case = small(seed)
    back = replace(
        case,
        links=turned(case.links, "origin", "destination"),
        services=turned(case.services, "origin", "destination"),
        transfers=turned(case.transfers, "from_mode", "to_mode"),
        process=np.ascontiguousarray(case.process.swapaxes(1, 2)),
    )
    assert np.array_equal(answers(back, criterion), answers(case, criterion).T)


def with_lengths(rows: Rows, factor: int) -> Rows:
    if not rows:
        return rows
    km = [120.0 if np.isnan(each) else each for each in rows["distance_km"]]
    return rows | {"distance_km": [each * factor for each in km]}


@given(seeds, st.integers(2, 9))
@few
def test_lengths_times_a_number_give_distances_times_that_number(seed: int, factor: int) -> None:
    once, more = (
        replace(case, links=with_lengths(case.links, times), services=with_lengths(case.services, times))
        for case in (small(seed),)
        for times in (1, factor)
    )
    near, far = answers(once, "distance"), answers(more, "distance")
    assert np.array_equal(far, np.where(near < 0, -1, near * factor))


@given(seeds, st.sampled_from(CRITERIA))
@few
def test_one_link_more_makes_no_lane_worse(seed: int, criterion: str) -> None:
    case, rng = small(seed), np.random.default_rng(seed)
    if not case.links:
        return
    row = int(rng.integers(0, len(case.links["origin"])))
    ends = [case.hubs["hub_id"][at] for at in rng.integers(0, case.size, 2)]
    added = {name: [values[row]] for name, values in case.links.items()}
    added |= {"origin": ends[:1], "destination": ends[1:]}
    more = replace(case, links={name: values + added[name] for name, values in case.links.items()})
    assert (or_never(answers(more, criterion)) <= or_never(answers(case, criterion))).all()


def one_way(case: Case, row: int) -> Case:
    """The case with one link in its own direction alone: nothing can turn round halfway along it."""
    return replace(case, links=case.links | {"oneway": [at == row or is_so for at, is_so in
                                                        enumerate(case.links["oneway"])]})  # fmt: skip


def split(case: Case, row: int) -> Case:
    """The case with a junction halfway along a link; passages and borders stay on the first half."""
    links = {name: list(values) for name, values in case.links.items()}
    end, half = links["destination"][row], links["distance_km"][row] / 2
    tail = {name: values[row] for name, values in links.items()}
    tail |= {
        "origin": "halfway",
        "destination": end,
        "distance_km": half,
        "passages": "",
        "customs_borders": 0.0,
    }
    links["destination"][row], links["distance_km"][row] = "halfway", half
    hub = {"hub_id": "halfway", "lat": 0.0, "lon": 0.0, "kind": "junction", "country": ""}
    return replace(
        case,
        hubs={name: [*values, hub[name]] for name, values in case.hubs.items()},
        links={name: [*values, tail[name]] for name, values in links.items()},
        hub_delay_h=np.append(case.hub_delay_h, 0.0),
    )


@given(seeds)
@few
def test_a_link_split_at_a_junction_is_as_long_as_before(seed: int) -> None:
    case = small(seed)
    if not case.links:
        return
    row = seed % len(case.links["origin"])
    case = one_way(case, row)
    parts = split(case, row)
    assert np.array_equal(answers(parts, "distance")[:-1, :-1], answers(case, "distance"))


@given(seeds)
@few
def test_a_link_split_at_a_junction_takes_as_long_as_before_but_for_rounding(seed: int) -> None:
    case = small(seed)
    if not case.links:
        return
    row = seed % len(case.links["origin"])
    case = one_way(case, row)
    parts = split(case, row)
    assert np.abs(answers(parts, "time")[:-1, :-1] - answers(case, "time")).max() <= 1


@given(seeds, st.sampled_from(CRITERIA), st.sampled_from(PASSAGES))
@few
def test_a_closed_passage_makes_no_lane_better(seed: int, criterion: str, passage: str) -> None:
    case = small(seed)
    closed = replace(case, closed_passages=case.closed_passages | {passage})
    assert (or_never(answers(closed, criterion)) >= or_never(answers(case, criterion))).all()


@given(seeds, st.sampled_from(("cost", "time", "co2e", "distance", "generalised")))
@few
def test_a_matrix_is_the_same_for_one_thread_and_for_two(seed: int, criterion: str) -> None:
    case = random_case(seed)
    hubs = np.arange(case.size, dtype=np.uint32)
    one, two = (case.metric.matrix(criterion, hubs, hubs, threads=threads) for threads in (1, 2))
    assert all(np.array_equal(one[name], two[name]) for name in one)


GOODS = xr.Shipment(mass_kg=1200, volume_m3=6.4)
ORIGINS = ("CNYTN", "Shenzhen, CN", "CNXIA-RAIL")
DESTINATIONS = ("DEHAM", "Leipzig, DE", "USLAX", "Auckland, NZ", "CNYTN")


@pytest.mark.parametrize("minimise", ["cost", "time", "co2e", "distance", "generalised"])
def test_a_matrix_of_the_shipped_network_equals_its_routes(net: xr.Network, minimise: str) -> None:
    scenario = xr.Scenario(value_of_time_eur_h=2.0, carbon_price_eur_t=80.0)
    matrix = net.matrix(ORIGINS, DESTINATIONS, shipment=GOODS, minimise=minimise, scenario=scenario)
    quantity = {"time": "duration_h", "distance": "distance_km", "co2e": "wtw_co2e_kg"}.get(
        minimise, "cost_eur"
    )
    for row, origin in enumerate(ORIGINS):
        for column, destination in enumerate(DESTINATIONS):
            route = net.route(origin, destination, shipment=GOODS, minimise=minimise, scenario=scenario)
            exact = route.co2e_g_t * GOODS.mass_t / 1000 if minimise == "co2e" else getattr(route, quantity)
            assert getattr(matrix, quantity)[row, column] == pytest.approx(exact, rel=1e-12)


def test_a_shipped_matrix_is_the_same_for_one_thread_and_for_two(net: xr.Network) -> None:
    one, two = (net.matrix(ORIGINS, DESTINATIONS, shipment=GOODS, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.cost_eur, two.cost_eur, equal_nan=True)


def test_a_heavier_shipment_is_never_cheaper(net: xr.Network) -> None:
    costs = [
        net.route("Shenzhen, CN", "Leipzig, DE", shipment=xr.Shipment(mass_kg=kg, volume_m3=2.0)).cost_eur
        for kg in (10.0, 100.0, 900.0, 1200.0, 5000.0, 26_000.0, 90_000.0)
    ]
    assert costs == sorted(costs)


def test_closing_the_red_sea_makes_no_lane_of_the_shipped_network_cheaper(net: xr.Network) -> None:
    red_sea = xr.Scenario(closed_passages=("suez", "bab_el_mandeb"))
    base = net.matrix(ORIGINS, DESTINATIONS, shipment=GOODS)
    closed = net.matrix(ORIGINS, DESTINATIONS, shipment=GOODS, scenario=red_sea)
    assert (closed.cost_eur >= base.cost_eur).all()

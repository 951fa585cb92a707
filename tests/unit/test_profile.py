"""Profiles: what is closed, which pricings are the same, and what binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

import xroute as xr
from toy_network import GOODS, toy
from xroute.profile import ALL_MODES, closures, profile_key, what_binds

EVERYDAY = xr.Scenario()


def test_nothing_is_closed_but_what_the_network_closes() -> None:
    closed = closures(toy(), EVERYDAY, None, ())
    assert toy().passages_of(closed["closed_passages"]) == ("arctic",)


def test_a_scenario_opens_what_is_closed_by_default() -> None:
    closed = closures(toy(), xr.Scenario(open_passages=("arctic",)), None, ())
    assert closed["closed_passages"] == 0


def test_closed_beats_open() -> None:
    scenario = xr.Scenario(open_passages=("suez",), closed_passages=("suez",))
    assert "suez" in toy().passages_of(closures(toy(), scenario, None, ())["closed_passages"])


@pytest.mark.parametrize(
    ("avoid", "field"),
    [
        ("suez", "closed_passages"),
        ("air", "modes"),
        ("DE", "closed_countries"),
        ("DEBBB", "closed_hubs"),
        ("Alpha, CN", "closed_hubs"),
    ],
)
def test_what_is_avoided_may_be_a_passage_mode_country_or_hub(avoid: str, field: str) -> None:
    everyday, avoiding = (closures(toy(), EVERYDAY, None, each) for each in ((), (avoid,)))
    assert [name for name in everyday if everyday[name] != avoiding[name]] == [field]


def test_all_modes_are_allowed_unless_some_are_named() -> None:
    assert closures(toy(), EVERYDAY, None, ())["modes"] == ALL_MODES


@pytest.mark.parametrize(
    "scenario",
    [xr.Scenario(closed_passages=("suezz",)), xr.Scenario(open_passages=("suezz",))],
    ids=["closed", "open"],
)
def test_an_unknown_passage_is_an_input_error(scenario: xr.Scenario) -> None:
    with pytest.raises(xr.InputError, match="no link carries a passage 'suezz'; known: arctic, cape, suez"):
        closures(toy(), scenario, None, ())


@pytest.mark.parametrize(
    ("modes", "message"), [(("hovercraft",), "none of: sea, air"), ((), "at least one mode")]
)
def test_an_unknown_mode_or_none_is_an_input_error(modes: tuple[str, ...], message: str) -> None:
    with pytest.raises(xr.InputError, match=message):
        closures(toy(), EVERYDAY, modes, ())


def test_an_unknown_country_is_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="'XX'"):
        closures(toy(), xr.Scenario(closed_countries=("XX",)), None, ())


def test_what_cannot_be_avoided_is_an_input_error() -> None:
    with pytest.raises(xr.InputError, match="no passage, mode, country, carrier or hub"):
        closures(toy(), EVERYDAY, None, ("nowhere",))


@pytest.mark.parametrize(
    "other",
    [
        replace(GOODS, mass_kg=1201),
        replace(GOODS, volume_m3=6.5),
        replace(GOODS, dangerous_goods=True),
        replace(GOODS, ready=datetime(2026, 3, 1)),
    ],
)
def test_another_shipment_has_another_key(other: xr.Shipment) -> None:
    assert profile_key(GOODS, "LCL", EVERYDAY, None, ()) != profile_key(other, "LCL", EVERYDAY, None, ())


@pytest.mark.parametrize(
    "other",
    [
        xr.Scenario(carbon_price_eur_t=1.0),
        xr.Scenario(closed_hubs=("C1",)),
        xr.Scenario(delays_h={"suez": 1.0}),
        xr.Scenario(speeds={"sea": 0.9}),
        xr.Scenario(exchange_rates={"USD": 0.9}),
        xr.Scenario(factor_pack="epa-2024"),
    ],
)
def test_another_scenario_has_another_key(other: xr.Scenario) -> None:
    assert profile_key(GOODS, "LCL", EVERYDAY, None, ()) != profile_key(GOODS, "LCL", other, None, ())


def test_a_rate_card_held_in_memory_is_never_kept() -> None:
    assert profile_key(GOODS, "LCL", xr.Scenario(rates={"rate_id": []}), None, ()) is None


def test_what_binds_alone_is_named_alone() -> None:
    rows = toy().places.row("C1"), toy().places.row("C2")
    binding, reason = what_binds(toy(), rows, GOODS, EVERYDAY, ("sea",), ("BBB",))
    assert binding == ("modes limited to sea",)
    assert reason.startswith("lifting any one")

"""Pricings that are kept: found again for the same objects, and never for what has changed since."""

from __future__ import annotations

from typing import Any

import pytest

import xroute as xr
from toy_network import toy

GOODS = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, load="LCL")


def test_the_same_objects_are_priced_once() -> None:
    net, scenario = toy(), xr.Scenario()
    first = net.priced(GOODS, "LCL", scenario)
    assert net.priced(GOODS, "LCL", scenario) is first
    equal = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, load="LCL")
    assert net.priced(equal, "LCL", xr.Scenario()) is first


@pytest.mark.parametrize(("table", "entry"), [("delays_h", {"CNAAA": 24.0}), ("speeds", {"sea": 0.5})])
def test_a_table_of_a_scenario_that_was_changed_is_priced_anew(table: str, entry: dict[str, float]) -> None:
    held: dict[str, float] = {}
    net, scenario = toy(), xr.Scenario(**{table: held})  # type: ignore[arg-type]
    before = net.route("C1", "C2", shipment=GOODS, scenario=scenario).duration_h
    held.update(entry)
    after = net.route("C1", "C2", shipment=GOODS, scenario=scenario).duration_h
    assert after > before
    held.clear()
    assert net.route("C1", "C2", shipment=GOODS, scenario=scenario).duration_h == before


@pytest.mark.parametrize("name", ["modes", "avoid"])
def test_a_list_of_names_that_was_changed_is_priced_anew(name: str) -> None:
    net, scenario, names = toy(), xr.Scenario(), ["road", "sea"] if name == "modes" else []
    asked: dict[str, Any] = {name: names}
    first = net.priced(GOODS, "LCL", scenario, **asked)
    names.append("air")
    assert net.priced(GOODS, "LCL", scenario, **asked) is not first


def test_pricings_made_in_passing_are_let_go() -> None:
    net, scenario = toy(), xr.Scenario()
    kept = net.priced(GOODS, "LCL", scenario)
    other = xr.Shipment(mass_kg=5.0, load="LCL")
    with net.passing_pricings():
        passing = net.priced(other, "LCL", scenario)
        assert net.priced(other, "LCL", scenario) is passing
    assert net.priced(other, "LCL", scenario) is not passing
    assert net.priced(GOODS, "LCL", scenario) is kept

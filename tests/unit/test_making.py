"""Instances that are made without their constructors equal those that the constructors make."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import xroute as xr
from xroute.making import made


@dataclasses.dataclass(frozen=True)
class _Pair:
    first: int
    second: str = "two"


def test_a_made_instance_equals_a_constructed_one_and_keeps_its_defaults() -> None:
    assert made(_Pair, {"first": 1}) == _Pair(1)
    assert hash(made(_Pair, {"first": 1})) == hash(_Pair(1))
    with pytest.raises(dataclasses.FrozenInstanceError):
        made(_Pair, {"first": 1}).first = 2  # type: ignore[misc]


def test_all_that_a_route_makes_has_every_field_of_its_class(net: xr.Network) -> None:
    route = net.route("CNYTN", "Leipzig, DE", shipment=xr.Shipment(mass_kg=8_000, volume_m3=20))
    parts: list[Any] = [*route.legs, *route.stops, *route.footprint.lines, *route.cost_lines]
    assert parts
    for part in parts:
        constructed = type(part)(**{each.name: getattr(part, each.name) for each in dataclasses.fields(part)})
        assert constructed == part
        assert repr(constructed) == repr(part)

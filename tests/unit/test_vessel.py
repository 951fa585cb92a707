"""Vessels: what a ship does not fit is closed to sea links, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xroute as xr
from toy_network import GOODS, NAN, tables
from xroute.profile import closures, profile_key
from xroute.vessel import classes, vessel_of

SEA = ("sea", "road")


def net(drafts: dict[str, float] | None = None, **passages: list[float]) -> xr.Network:
    """The toy network with drafts of hubs and limits of suez, cape and arctic."""
    own: dict[str, Any] = tables()
    ids = own["hubs"]["hub_id"]
    own["hubs"]["max_draft_m"] = [(drafts or {}).get(hub, NAN) for hub in ids]
    own["hubs"]["carbon_scheme"] = ["eu_ets" if hub == "DEBBB" else "" for hub in ids]
    own["passages"] |= passages
    return xr.Network.from_tables(**own)


def route(on: xr.Network, **scenario: Any) -> xr.Route:
    return on.route("C1", "C2", shipment=GOODS, modes=SEA, scenario=xr.Scenario(**scenario))


def test_a_vessel_too_deep_for_a_canal_goes_round() -> None:
    on = net(draft_limit_m=[15.2, NAN, NAN])
    assert route(on, vessel_class="neopanamax").passages == ("suez",)
    assert route(on, vessel_class="ulcv").passages == ("cape",)


def test_a_vessel_too_broad_for_a_canal_goes_round() -> None:
    on = net(beam_limit_m=[32.5, NAN, NAN])
    assert route(on, vessel_beam_m=32.5).passages == ("suez",)
    assert route(on, vessel_beam_m=32.6).passages == ("cape",)


def test_a_measure_of_the_scenario_replaces_that_of_the_class() -> None:
    on = net(draft_limit_m=[15.2, NAN, NAN])
    assert route(on, vessel_class="ulcv", vessel_draft_m=14.0).passages == ("suez",)


def test_a_port_that_is_too_shallow_is_named() -> None:
    on = net({"DEBBB": 9.8})
    with pytest.raises(xr.NoRouteError, match=r"draft 15\.2 m over 9\.8 m at Beta port") as caught:
        route(on, vessel_class="neopanamax")
    assert caught.value.binding[-1].startswith("vessel neopanamax: draft")


def test_every_limit_that_binds_is_named() -> None:
    on = net({"DEBBB": 9.8, "CNAAA": 8.0}, draft_limit_m=[15.0, 15.0, NAN])
    with pytest.raises(xr.NoRouteError) as caught:
        route(on, vessel_class="ulcv")
    message = str(caught.value)
    assert "8 m at Alpha port" in message
    assert "9.8 m at Beta port" in message
    assert "15 m at passage suez" in message


def test_a_port_that_is_too_shallow_keeps_its_roads() -> None:
    on = net({"DEBBB": 9.8})
    found = on.route("DEBBB", "C2", shipment=GOODS, scenario=xr.Scenario(vessel_class="ulcv"))
    assert found.mode_chain == "road"


def test_a_service_sails_with_a_ship_of_its_own() -> None:
    own = net({"DEBBB": 9.8}).extended(
        services={"origin": ["CNAAA"], "destination": ["DEBBB"], "mode": ["sea"], "service_id": ["LINER"],
                  "distance_km": [18_000.0], "duration_h": [700.0], "vehicle_class": ["container_ship"]}
    )  # fmt: skip
    found = own.route("CNAAA", "DEBBB", shipment=GOODS, modes=("sea",),
                      scenario=xr.Scenario(vessel_class="ulcv"))  # fmt: skip
    assert found.legs[0].service_id == "LINER"


def test_an_unknown_draft_fits_and_the_route_says_so() -> None:
    on = net({"CNAAA": 17.5})
    found = route(on, vessel_class="ulcv")
    assert found.notes == ("vessel ulcv: taken as fitting where no draft is known: Beta port, DE",)
    assert found.notes[0] in found.explain()
    assert route(on).notes == ()


def test_a_vessel_has_a_profile_of_its_own() -> None:
    plain, deep = (profile_key(GOODS, "LCL", xr.Scenario(vessel_draft_m=at), None, ()) for at in (None, 15.0))
    assert plain != deep


def test_no_vessel_closes_nothing() -> None:
    closed = closures(net({"DEBBB": 1.0}), xr.Scenario(), None, ())
    assert vessel_of(xr.Scenario()) is None
    assert (closed["sea_passages"], closed["sea_hubs"]) == (0, [])


def test_an_unknown_class_lists_the_known_ones() -> None:
    with pytest.raises(xr.InputError, match=r"'titanic' is none of: feeder, .*neopanamax"):
        xr.Scenario(vessel_class="titanic")


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), True])
def test_a_draft_is_a_positive_number(value: float) -> None:
    with pytest.raises(xr.InputError, match="vessel_draft_m"):
        xr.Scenario(vessel_draft_m=value)


def test_larger_classes_are_deeper_and_broader() -> None:
    sizes = [(each.draft_m, each.beam_m) for each in classes().values()]
    assert sizes == sorted(sizes)  # type: ignore[type-var]


def test_limits_and_facts_of_ports_come_back_from_a_file(tmp_path: Path) -> None:
    net({"DEBBB": 9.8}, draft_limit_m=[20.1, NAN, NAN], beam_limit_m=[77.5, NAN, NAN]).save(
        tmp_path / "a.xnet"
    )
    again = xr.Network.load(tmp_path / "a.xnet")
    port = list(again.hubs["hub_id"]).index("DEBBB")
    assert again.hubs["max_draft_m"][port] == 9.8
    assert again.hubs["carbon_scheme"][port] == "eu_ets"
    assert again.passage_limits[0] == (20.1, 77.5)
    assert np.isnan(again.passage_limits[1]).all()


def test_eca_km_and_main_ports_come_back_from_a_file(tmp_path: Path) -> None:
    own = tables()
    own["hubs"]["main_port"] = [hub == "DEBBB" for hub in own["hubs"]["hub_id"]]
    own["links"]["eca_km"] = [412.5 if mode == "sea" else NAN for mode in own["links"]["mode"]]
    xr.Network.from_tables(**own).save(tmp_path / "a.xnet")
    again = xr.Network.load(tmp_path / "a.xnet")
    at_sea = np.asarray(again.links["mode"]) == "sea"
    assert set(np.asarray(again.links["eca_km"])[at_sea]) == {412.5}
    assert np.asarray(again.hubs["main_port"]).sum() == 1

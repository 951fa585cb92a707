"""Places: ids, LOCODEs and names, and what is said when one does not fit."""

from __future__ import annotations

import pytest

import xroute as xr
from toy_network import toy
from xroute.places import plain


@pytest.mark.parametrize(
    ("place", "hub"),
    [
        ("C1", "C1"),
        ("c1", "C1"),
        (" DEBBB ", "DEBBB"),
        ("debbb-rail", "DEBBB-RAIL"),
        ("Alpha, CN", "C1"),
        ("ALPHA", "C1"),
        ("Beta, DE", "C2"),
        ("beta , nz", "C3"),
        ("Beta airport, DE", "BBB"),
    ],
)
def test_a_place_is_found_by_id_or_name(place: str, hub: str) -> None:
    assert toy().find(place) == hub


def test_a_bare_locode_is_the_seaport(net: xr.Network) -> None:
    assert net.places.kind[net.places.row("CNSHA")] == "port"


def test_a_bare_locode_without_a_seaport_is_the_river_port(net: xr.Network) -> None:
    assert net.places.kind[net.places.row("DEDUI")] == "river_port"


def test_a_name_with_its_country_is_the_city(net: xr.Network) -> None:
    assert net.places.kind[net.places.row("Hamburg, DE")] == "city"


def test_accents_and_case_do_not_matter() -> None:
    assert plain("  GÖTEBORG ") == plain("goteborg")


def test_an_unknown_place_suggests_close_names(net: xr.Network) -> None:
    with pytest.raises(xr.UnknownPlaceError, match="did you mean") as caught:
        net.find("Leipzg, DE")
    assert "Leipzig, DE" in caught.value.suggestions


def test_every_suggestion_is_a_place_itself(net: xr.Network) -> None:
    with pytest.raises(xr.UnknownPlaceError) as caught:
        net.find("Rotterdm, NL")
    assert [net.find(each) for each in caught.value.suggestions]


def test_a_name_in_two_countries_is_ambiguous() -> None:
    with pytest.raises(xr.AmbiguousPlaceError) as caught:
        toy().find("Beta")
    assert [each.split(" ")[0] for each in caught.value.candidates] == ["C2", "C3"]


def test_an_ambiguous_city_lists_ids_that_are_not(net: xr.Network) -> None:
    with pytest.raises(xr.AmbiguousPlaceError) as caught:
        net.find("Springfield, US")
    hubs = [each.split(" ")[0] for each in caught.value.candidates]
    assert [net.find(hub) for hub in hubs] == hubs


@pytest.mark.parametrize("place", ["", "  ", None, 7, 1.5, ("DEHAM",), b"DEHAM"])
def test_what_is_no_place_is_an_input_error(place: object) -> None:
    with pytest.raises(xr.InputError, match="expected a hub id"):
        toy().places.row(place)


def test_a_junction_is_found_by_id_alone() -> None:
    assert toy().find("CAPE") == "CAPE"


def test_a_port_is_told_from_its_city_by_its_label(net: xr.Network) -> None:
    labels = {net.places.label(net.places.row(place)) for place in ("DEHAM", "Hamburg, DE")}
    assert len(labels) == 2

"""Errors: what they say, what they hold, and which built-in catches them."""

from __future__ import annotations

import pickle

import pytest

from xroute import errors
from xroute.errors import (
    AllocationError,
    AmbiguousPlaceError,
    FactorError,
    InputError,
    InternalError,
    LimitError,
    MissingExtraError,
    NetworkFileError,
    NoRouteError,
    UnknownPlaceError,
    XrouteError,
)

EVERY: list[XrouteError] = [
    InputError("expected a number", table="shipments", row=7, column="mass_kg"),
    NetworkFileError("mine.xnet is cut"),
    UnknownPlaceError("Lepzig", ["Leipzig, DE"]),
    AmbiguousPlaceError("Springfield", ["GN1", "GN2"]),
    NoRouteError("nothing joins A and B", ["suez"]),
    FactorError("no factor for 'van'", ["truck"]),
    AllocationError("too little capacity", "infeasible"),
    LimitError("too many links"),
    InternalError("a panic"),
    MissingExtraError("pip install 'xroute[maps]'"),
]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({"table": "shipments", "row": 7, "column": "mass_kg"}, "shipments row 7, column 'mass_kg': bad"),
        ({"table": "links", "row": 3}, "links row 3: bad"),
        ({"table": "hubs", "column": "lat"}, "hubs, column 'lat': bad"),
        ({"column": "lat"}, "column 'lat': bad"),
        ({"row": 2}, "row 2: bad"),
        ({}, "bad"),
    ],
)
def test_an_input_error_names_its_place(place: dict[str, object], text: str) -> None:
    assert str(InputError("bad", **place)) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InputError, ValueError),
        (NetworkFileError, ValueError),
        (LimitError, ValueError),
        (UnknownPlaceError, LookupError),
        (AmbiguousPlaceError, LookupError),
        (NoRouteError, LookupError),
        (FactorError, LookupError),
        (AllocationError, RuntimeError),
        (InternalError, RuntimeError),
        (MissingExtraError, ImportError),
    ],
)
def test_each_error_is_also_the_builtin_that_callers_expect(
    kind: type[Exception], builtin: type[Exception]
) -> None:
    assert issubclass(kind, builtin)
    assert issubclass(kind, XrouteError)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_crosses_a_process_pool_with_all_it_holds(error: XrouteError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - what multiprocessing does with our own object
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))


def test_suggestions_and_candidates_stand_in_the_message() -> None:
    assert str(UnknownPlaceError("Lepzig", ["Leipzig, DE"])).endswith("did you mean Leipzig, DE?")
    assert "GN1; GN2" in str(AmbiguousPlaceError("Springfield", ["GN1", "GN2"]))
    assert str(FactorError("no factor for 'van'", ["truck"])).endswith("nearest: truck")


def test_warnings_are_user_warnings() -> None:
    kinds = (errors.StaleRuleWarning, errors.IndicativeRateWarning, errors.UnusedColumnWarning)
    assert all(issubclass(kind, UserWarning) for kind in kinds)

"""Says once a call that prices come from the shipped indicative rates."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from xroute.errors import IndicativeRateWarning
from xroute.route import Route

P = ParamSpec("P")
Result = TypeVar("Result")
MESSAGE = "prices rest on indicative rates: put your own rate card in Scenario(rates=...)"
PRICE_MESSAGE = "prices rest on indicative allowance prices: state Scenario(ets_prices_eur_t=...)"
_is_inside: ContextVar[bool] = ContextVar("xroute_is_inside_a_call", default=False)
"""Whether a public call is under way, so that the calls it makes itself stay silent."""


def tells_indicative(call: Callable[P, Result]) -> Callable[P, Result]:
    """Warns `IndicativeRateWarning` where the result of a public call rests on an indicative rate."""

    @wraps(call)
    def told(*args: P.args, **kwargs: P.kwargs) -> Result:
        if _is_inside.get():
            return call(*args, **kwargs)
        token = _is_inside.set(True)
        try:
            result = call(*args, **kwargs)
        finally:
            _is_inside.reset(token)
        if _is_indicative(result):
            warnings.warn(MESSAGE, IndicativeRateWarning, stacklevel=2)
        return result

    return told


def _is_indicative(result: Any) -> bool:
    """Whether a route, matrix, table, plan, or any of several routes holds a price by an indicative rate."""
    if isinstance(result, Route):
        return result.is_indicative
    if hasattr(result, "allocation"):
        return _is_indicative(result.allocation)
    stated = getattr(result, "is_indicative", None)
    if stated is not None:
        return bool(stated)
    if hasattr(result, "columns"):
        return "indicative" in result.columns and bool(any(result["indicative"]))
    holders: Any = getattr(result, "options", None) or getattr(result, "legs", None) or ()
    routes = getattr(result, "routes", None) or [each.route for each in holders]
    return any(each.is_indicative for each in routes)

"""What can go wrong, by what a caller can do about it; each is also the built-in that callers expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class XrouteError(Exception):
    """Anything that xroute raises on purpose; crosses a process pool with all it holds."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[XrouteError], args: tuple[Any, ...], facts: dict[str, Any]) -> XrouteError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class InputError(XrouteError, ValueError):
    """A value that means nothing, with its place: table, row (counted from 1, without the header), column.

    >>> print(InputError("expected a positive number, got nan", table="shipments", row=7, column="mass_kg"))
    shipments row 7, column 'mass_kg': expected a positive number, got nan
    """

    def __init__(
        self, message: str, *, table: str | None = None, row: int | None = None, column: str | None = None
    ) -> None:
        self.message, self.table, self.row, self.column = message, table, row, column
        where = f"{table or ''}{f' row {row}' if row is not None else ''}".strip()
        field = f"column '{column}'" if column else ""
        place = ", ".join(part for part in (where, field) if part)
        super().__init__(f"{place}: {message}" if place else message)


class NetworkFileError(XrouteError, ValueError):
    """A network file that is foreign, cut, damaged or of another version."""


class UnknownPlaceError(XrouteError, LookupError):
    """A place that is not in the network; `suggestions` are close names and ids, `reason` says more."""

    def __init__(self, place: str, suggestions: Sequence[str] = (), *, reason: str = "") -> None:
        self.place, self.suggestions = place, tuple(suggestions)
        hint = f"; did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        what = reason or f"no place '{place}' in the network"
        super().__init__(f"{what}{hint}")


class AmbiguousPlaceError(XrouteError, LookupError):
    """A name that fits several places; `candidates` lists their ids."""

    def __init__(self, place: str, candidates: Sequence[str]) -> None:
        self.place, self.candidates = place, tuple(candidates)
        super().__init__(f"'{place}' is one of several places: {'; '.join(self.candidates)}; use an id")


class NoRouteError(XrouteError, LookupError):
    """Nothing joins two places; `binding` names what to lift so that something would."""

    def __init__(self, message: str, binding: Sequence[str] = ()) -> None:
        self.binding = tuple(binding)
        super().__init__(message)


class BeyondLimitsError(NoRouteError):
    """There are routes, and none within the caller's limits; `binding` says what each limit would need."""


class FactorError(XrouteError, LookupError):
    """No emission factor for what was asked; `candidates` are the nearest."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        hint = f"; nearest: {', '.join(self.candidates)}" if self.candidates else ""
        super().__init__(f"{message}{hint}")


class AllocationError(XrouteError, RuntimeError):
    """No allocation can be given; `termination` says how the solver ended."""

    def __init__(self, message: str, termination: Any = None) -> None:
        self.termination = termination
        super().__init__(message)


class LimitError(XrouteError, ValueError):
    """More than xroute can hold."""


class InternalError(XrouteError, RuntimeError):
    """A fault of xroute itself; please report it."""


class MissingExtraError(XrouteError, ImportError):
    """An optional package is needed; the message names the extra to install."""


class StaleRuleWarning(UserWarning):
    """A rule was used after its review date."""


class IndicativeRateWarning(UserWarning):
    """A price comes from an indicative rate."""


class UnusedColumnWarning(UserWarning):
    """A column that nothing uses yet."""

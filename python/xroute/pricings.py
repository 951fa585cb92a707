"""Networks priced for profiles: the latest are kept, and found again at once for the same objects."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.profile import closures, delays, profile_key
from xroute.scenario import Scenario
from xroute.shipment import Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.terms import Terms

_KEPT = 64


@dataclass(frozen=True, eq=False)
class Priced:
    """A network to be priced for one profile: terms, closures, and the metric once it is asked for."""

    core: _core.Network
    terms: Terms
    columns: dict[str, Any]
    closed: dict[str, Any]
    _beaten: dict[str, tuple[Priced, bool]] = field(default_factory=dict, init=False)

    def is_never_beaten_by(
        self, other: Priced, minimise: str, shipment: Shipment, exchange_rates: Mapping[str, float]
    ) -> bool:
        """Whether the other load gives the shipment no better route in `minimise`, nor an equal faster one.

        Both are pricings of one network and scenario; looked up once.
        """
        known = self._beaten.get(minimise)
        if known is None or known[0] is not other:
            is_beaten = not self.terms.is_alike_but_for_money(other.terms)
            if not is_beaten and minimise in ("cost", "generalised"):
                from xroute.batch_loads import may_win
                from xroute.batch_prices import prices_of

                sizes = np.array([shipment.mass_kg / 1000.0]), np.array([shipment.volume_m3])
                both = [(each, prices_of(each, *sizes, exchange_rates)) for each in (self.terms, other.terms)]
                is_beaten = bool(may_win(both[0], both[1])[0])
            known = self._beaten[minimise] = other, not is_beaten
        return known[1]

    @cached_property
    def metric(self) -> _core.Metric:
        """What searches price, made the first time."""
        return _core.Metric.build(self.core, self.columns, **self.closed)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The objects that a pricing was last asked with; none of them can have changed since."""

    shipment: Shipment
    scenario: Scenario
    modes: Sequence[str] | None
    avoid: Sequence[str]
    priced: Priced


class Pricings:
    """The latest pricings of one network, by everything that they depend on."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[Any, Priced] = OrderedDict()
        self._last: dict[str, _Asked] = {}

    def of(
        self,
        net: Network,
        shipment: Shipment,
        load: str,
        scenario: Scenario,
        modes: Sequence[str] | None,
        avoid: Sequence[str],
    ) -> Priced:
        """The pricing of a profile; made where it is not among the kept ones."""
        last = self._last.get(load)
        if (
            last is not None
            and last.shipment is shipment
            and last.scenario is scenario
            and last.modes == modes
            and last.avoid == avoid
            and not _has_tables(scenario)
        ):
            return last.priced
        key = profile_key(shipment, load, scenario, modes, avoid)
        priced = self._by_key.get(key) if key is not None else None
        if priced is None:
            priced = _priced(net, shipment, load, scenario, modes, avoid)
        if key is not None:
            self._by_key[key] = priced
            self._by_key.move_to_end(key)
            if len(self._by_key) > _KEPT:
                self._by_key.popitem(last=False)
            if not (_has_tables(scenario) or isinstance(modes, list) or isinstance(avoid, list)):
                self._last[load] = _Asked(shipment, scenario, modes, avoid, priced)
        return priced

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Lets go of the pricings that are made inside: each is megabytes."""
        kept, last = set(self._by_key), dict(self._last)
        try:
            yield
        finally:
            self._last = last
            for key in self._by_key.keys() - kept:
                del self._by_key[key]


def _has_tables(scenario: Scenario) -> bool:
    """Whether a scenario holds what may be another when it is asked again: tables, which may be changed."""
    return bool(scenario.delays_h or scenario.speeds or scenario.exchange_rates)


def _priced(
    net: Network,
    shipment: Shipment,
    load: str,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> Priced:
    from xroute import terms as pricing
    from xroute.factors import load_pack

    closed = closures(net, scenario, modes, avoid)
    allowed = frozenset(mode for bit, mode in enumerate(_core.MODES) if closed["modes"] >> bit & 1)
    terms = pricing.build(
        net.core.classes, net.core.rate_ids, shipment, load, scenario, load_pack(scenario.factor_pack),
        modes=allowed,
    )  # fmt: skip
    columns = terms.for_core() | delays(net, scenario)
    return Priced(net.core, terms, columns, closed)

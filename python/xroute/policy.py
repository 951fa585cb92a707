"""What carbon law asks of the legs of a route: tonnes in scope and EUR, each with its rule and source.

EU and UK emissions trading for ships, FuelEU Maritime, and the scenario's own carbon price, on the same legs
that carry money, time and emissions. Emissions trading counts what a ship burns (TTW), never its provision;
the shipment bears its part of the voyage. These are lines of their own, in no transport cost.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute.errors import IndicativeRateWarning
from xroute.factors import load_pack, not_negative
from xroute.policy_rules import (
    EU,
    NONE,
    REFERENCE_DAY,
    UK,
    EtsRule,
    Exemption,
    ets_rules,
    exemptions,
    fuel_targets,
    in_force,
    prices,
    scheme_of,
    transhipment_ports,
    warn_if_stale,
)
from xroute.price_warnings import PRICE_MESSAGE

if TYPE_CHECKING:
    from xroute.factor_energy import FuelFactor
    from xroute.route import Leg, Route
    from xroute.scenario import Scenario
    from xroute.table import Table

SHIPS = ("sea", "ferry")
FUEL_PACK = "eu-fuels-2023"
FUEL_OF_CARRIER = {
    "lng": "fossil-lng-otto-medium-speed",
    "methanol": "fossil-methanol",
    "diesel": "fossil-diesel",
}
USUAL_FUEL = "fossil-hfo"
FUELEU, OWN_PRICE = "fueleu", "carbon_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An end of a voyage: the hub, its country and the emissions trading scheme it lies in."""

    hub: str
    country: str
    scheme: str

    @classmethod
    def of(cls, hub: str, country: str = "", scheme: str = "") -> Port:
        """A port by its id; without a country, the first two letters of a UN/LOCODE name it.

        >>> Port.of("NLRTM").scheme
        'eu_ets'
        """
        land = country or (hub[:2] if len(hub) >= 5 and hub[:5].isupper() else "")
        return cls(hub=hub, country=land, scheme=scheme_of(hub, land, scheme))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """What one rule asks of one leg.

    `emitted_t` is the shipment's part of the voyage in the gases that the rule counts (tonnes CO2 or CO2e),
    `in_scope_t` what of it the rule covers, `charged_t` what must be paid for (surrendered allowances; for
    FuelEU the tonnes above the target). `amount_eur` is `charged_t` times `price_eur_t`.
    """

    leg: str
    mode: str
    scheme: str
    rule_id: str
    valid_from: date
    emitted_t: float
    scope_share: float
    surrender_share: float
    price_eur_t: float
    charged_t: float
    is_indicative: bool
    source: str
    review_by: date | None
    note: str = ""

    @property
    def in_scope_t(self) -> float:
        """Tonnes that the rule covers."""
        return self.emitted_t * self.scope_share

    @property
    def amount_eur(self) -> float:
        """EUR for the shipment."""
        return self.charged_t * self.price_eur_t


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBill:
    """The lines of a route on a day; sums are exact sums of lines."""

    on: date
    is_dated: bool
    lines: tuple[PolicyLine, ...]

    def _sum(self, *names: str) -> float:
        return math.fsum(line.amount_eur for line in self.lines if line.scheme in names)

    @property
    def ets_eur(self) -> float:
        """Emissions trading of the EU and the UK, EUR."""
        return self._sum(EU, UK)

    @property
    def fueleu_eur(self) -> float:
        """FuelEU penalty where the company neither pools nor banks, EUR."""
        return self._sum(FUELEU)

    @property
    def carbon_price_eur(self) -> float:
        """The scenario's own carbon price, EUR."""
        return self._sum(OWN_PRICE)

    @property
    def ets_t(self) -> float:
        """Tonnes surrendered under emissions trading."""
        return math.fsum(line.charged_t for line in self.lines if line.scheme in (EU, UK))

    @property
    def is_indicative(self) -> bool:
        """Whether an indicative allowance price stands in a line with an amount."""
        return any(line.is_indicative and line.amount_eur for line in self.lines)

    def table(self) -> Table:
        """One row a line."""
        from xroute.table import Table

        texts = ("leg", "mode", "scheme", "rule_id", "source", "note")
        numbers = (
            "emitted_t", "scope_share", "in_scope_t", "surrender_share", "charged_t", "price_eur_t",
            "amount_eur",
        )  # fmt: skip
        columns: dict[str, Any] = {name: [getattr(line, name) for line in self.lines] for name in texts}
        columns |= {name: np.array([getattr(line, name) for line in self.lines]) for name in numbers}
        columns["valid_from"] = [line.valid_from.isoformat() for line in self.lines]
        columns["review_by"] = [line.review_by.isoformat() if line.review_by else "" for line in self.lines]
        columns["indicative"] = np.array([line.is_indicative for line in self.lines], dtype=bool)
        return Table(columns)

    def explain(self) -> str:
        """Every line in words."""
        day = f"{self.on}" if self.is_dated else f"{self.on}, no date given"
        head = f"Carbon rules of {day}: emissions trading {self.ets_eur:,.2f} EUR, FuelEU up to "
        lines = [f"{head}{self.fueleu_eur:,.2f} EUR" + (" (indicative prices)" if self.is_indicative else "")]
        lines += [
            f"  {line.amount_eur:>10,.2f} EUR  {line.rule_id}, {line.leg}: {line.emitted_t:,.4f} t x "
            f"{line.scope_share:.0%} in scope, {line.charged_t:,.4f} t charged x {line.price_eur_t:,.2f} EUR"
            + (f"; {line.note}" if line.note else "")
            for line in self.lines
        ]
        return "\n".join(lines)


def route_bill(route: Route, *, on: date | None = None, scenario: Scenario | None = None) -> PolicyBill:
    """What the law of a day, and the scenario's carbon price, ask of every leg of a route.

    Allowance prices come from the scenario (`ets_prices_eur_t`), else from the shipped indicative table.
    Without a date the rules of `REFERENCE_DAY` answer, and the bill says so. Warns `StaleRuleWarning` of
    rules past their review date.
    """
    day = on or REFERENCE_DAY
    given = scenario.ets_prices_eur_t if scenario is not None else {}
    lines: list[PolicyLine] = []
    told: set[str] = set()
    for leg, ends in zip(route.legs, _voyages(route.legs), strict=True):
        if leg.mode in SHIPS:
            voyage = _Voyage(ends=ends[:2], leg=_lane(leg), mode=leg.mode, on=day, note=ends[2])
            lines += _voyage_bill(voyage, leg.ttw_co2e_kg, _fuel_of(leg), given, told)
    own = scenario.carbon_price_eur_t if scenario is not None else route.carbon_price_eur_t
    if own:
        lines += [_priced(leg, own) for leg in route.legs]
        lines += [
            line for stop in route.stops if (line := _priced_stop(stop.name, stop.footprint.wtw_co2e_kg, own))
        ]
    bill = PolicyBill(on=day, is_dated=on is not None, lines=tuple(lines))
    if bill.is_indicative:
        warnings.warn(PRICE_MESSAGE, IndicativeRateWarning, stacklevel=3)
    return bill


def voyage_lines(
    origin: Port,
    destination: Port,
    *,
    ttw_co2e_kg: float,
    mode: str = "sea",
    leg: str = "",
    on: date = REFERENCE_DAY,
    fuel: str = USUAL_FUEL,
    ets_prices_eur_t: Mapping[str, float] | None = None,
    note: str = "",
) -> list[PolicyLine]:
    """Emissions trading and FuelEU of one voyage between two ports of call.

    `ttw_co2e_kg` is the shipment's part of what the ship burns. Raises `InputError` for an emission that is
    no quantity and `FactorError` for an unknown fuel.
    """
    name = leg or f"{origin.hub} - {destination.hub}"
    voyage = _Voyage(ends=(origin, destination), leg=name, mode=mode, on=on, note=note)
    return _voyage_bill(voyage, ttw_co2e_kg, fuel, ets_prices_eur_t or {}, set())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voyage:
    """A voyage as the rules see it: its ports of call, what it is called, and the day."""

    ends: tuple[Port, Port]
    leg: str
    mode: str
    on: date
    note: str


def _voyage_bill(
    voyage: _Voyage, ttw_co2e_kg: float, fuel: str, given: Mapping[str, float], told: set[str]
) -> list[PolicyLine]:
    """The lines of a voyage; `told` are the rules of which a warning was given."""
    emitted = not_negative(ttw_co2e_kg, "ttw_co2e_kg")
    burned = load_pack(FUEL_PACK).for_fuel(fuel)
    schemes = {port.scheme for port in voyage.ends}
    found = [
        _ets_line(rule, voyage, emitted, burned, given, told)
        for rule in in_force(ets_rules(), voyage.on)
        if rule.scheme in schemes
    ]
    return found + _fueleu_lines(voyage, emitted, burned, told)


def _ets_line(
    rule: EtsRule,
    voyage: _Voyage,
    emitted_kg: float,
    fuel: FuelFactor,
    given: Mapping[str, float],
    told: set[str],
) -> PolicyLine:
    share, exemption = _scope(rule, voyage.ends, voyage.on, told)
    warn_if_stale(rule, rule.rule_id, voyage.on, told)
    counted = fuel.co2_share_of_ttw if rule.gases == "co2" else 1.0
    emitted = emitted_kg / 1000.0 * counted
    price, is_indicative, price_note = _price(rule.scheme, given, voyage.on, told)
    gases = "CO2 alone" if rule.gases == "co2" else "CO2, CH4 and N2O"
    notes = [gases, price_note, voyage.note, exemption.rule_id if exemption else ""]
    return PolicyLine(
        leg=voyage.leg, mode=voyage.mode, scheme=rule.scheme, rule_id=rule.rule_id,
        valid_from=rule.valid_from,
        emitted_t=emitted, scope_share=share, surrender_share=rule.surrender_share,
        charged_t=emitted * share * rule.surrender_share, price_eur_t=price, is_indicative=is_indicative,
        source=rule.source, review_by=rule.review_by, note="; ".join(filter(None, notes)),
    )  # fmt: skip


def _scope(
    rule: EtsRule, ends: tuple[Port, Port], on: date, told: set[str]
) -> tuple[float, Exemption | None]:
    """The share of a voyage in scope, and the exemption that changed it."""
    is_within = all(port.scheme == rule.scheme for port in ends)
    if is_within:
        exemption = _exempted(rule.scheme, ends, on)
        if exemption is not None:
            warn_if_stale(exemption, exemption.rule_id, on, told)
            return exemption.share, exemption
    return (rule.within_share if is_within else rule.third_share), None


def _exempted(scheme: str, ends: tuple[Port, Port], on: date) -> Exemption | None:
    rows = [each for each in in_force(exemptions(), on) if each.scheme == scheme]
    special = {each.place for each in rows}
    for port, other in (ends, ends[::-1]):
        if special & {other.hub, other.country}:
            continue  # between two such places the voyage counts like any other
        for each in rows:
            if each.place in (port.hub, port.country) and each.other == other.country:
                return each
    return None


def _price(scheme: str, given: Mapping[str, float], on: date, told: set[str]) -> tuple[float, bool, str]:
    """EUR per allowance, whether it is indicative, and where it is from."""
    if scheme in given:
        return float(given[scheme]), False, "price of the scenario"
    known = [each for each in in_force(prices(), on) if each.scheme == scheme]
    if not known:
        return math.nan, True, "no price for this day: state ets_prices_eur_t"
    warn_if_stale(known[-1], known[-1].price_id, on, told)
    return known[-1].eur_t, True, f"indicative price {known[-1].price_id}"


def _fueleu_lines(voyage: _Voyage, emitted_kg: float, fuel: FuelFactor, told: set[str]) -> list[PolicyLine]:
    """The penalty on what lies above the FuelEU target; none outside the EU."""
    in_eu = [port.scheme == EU for port in voyage.ends]
    if not any(in_eu) or not fuel.ttw_g_kg:
        return []
    lines = []
    for target in in_force(fuel_targets(), voyage.on):
        warn_if_stale(target, target.rule_id, voyage.on, told)
        energy_mj = emitted_kg * 1000.0 / (fuel.ttw_g_kg / fuel.mj_kg)
        actual = fuel.wtw_g_mj
        share = target.within_share if all(in_eu) else target.third_share
        above_g_mj = max(actual - target.target_g_mj, 0.0)
        lines.append(
            PolicyLine(
                leg=voyage.leg, mode=voyage.mode, scheme=FUELEU, rule_id=target.rule_id,
                valid_from=target.valid_from,
                emitted_t=energy_mj * actual / 1e6, scope_share=share, surrender_share=above_g_mj / actual,
                charged_t=energy_mj * share * above_g_mj / 1e6,
                price_eur_t=target.penalty_eur_t_fuel * 1e6 / (actual * target.fuel_mj_t),
                is_indicative=False, source=target.source, review_by=target.review_by,
                note="; ".join(filter(None, (
                    f"{actual:.2f} g/MJ of {fuel.factor_id} against a target of {target.target_g_mj:.2f}; "
                    "due only where the company neither pools nor banks", voyage.note,
                ))),
            )
        )  # fmt: skip
    return lines


def _voyages(legs: Sequence[Leg]) -> Iterable[tuple[Port, Port, str]]:
    """The ports of call of each leg: a stop at a neighbouring transhipment port does not end a voyage."""
    starts = [Port.of(leg.origin, leg.origin_country, leg.origin_scheme) for leg in legs]
    ends = [Port.of(leg.destination, leg.destination_country, leg.destination_scheme) for leg in legs]
    through = transhipment_ports()
    joined = [
        at
        for at in range(len(legs) - 1)
        if legs[at].mode == legs[at + 1].mode == "sea" and legs[at].destination in through
    ]
    notes = [""] * len(legs)
    for at in reversed(joined):
        ends[at] = ends[at + 1]
    for at in joined:
        starts[at + 1] = starts[at]
        notes[at] = notes[at + 1] = f"the stop at {legs[at].destination} does not end the voyage"
    return zip(starts, ends, notes, strict=True)


def _fuel_of(leg: Leg) -> str:
    """The fuel that the law's defaults are taken for: by the factor's carrier, else heavy fuel oil."""
    carriers = {getattr(line.factor, "energy_carrier", "") for line in leg.footprint.lines}
    return FUEL_OF_CARRIER.get(carriers.pop().lower(), USUAL_FUEL) if len(carriers) == 1 else USUAL_FUEL


def _lane(leg: Leg) -> str:
    return f"{leg.origin_name} - {leg.destination_name}"


def _priced(leg: Leg, price_eur_t: float) -> PolicyLine:
    return _own_line(_lane(leg), leg.mode, leg.wtw_co2e_kg, price_eur_t)


def _priced_stop(name: str, wtw_co2e_kg: float, price_eur_t: float) -> PolicyLine | None:
    return _own_line(name, "hub", wtw_co2e_kg, price_eur_t) if wtw_co2e_kg else None


def _own_line(name: str, mode: str, wtw_co2e_kg: float, price_eur_t: float) -> PolicyLine:
    """The scenario's carbon price on all of a leg or stop, well to wheel."""
    emitted = wtw_co2e_kg / 1000.0
    return PolicyLine(
        leg=name, mode=mode, scheme=OWN_PRICE, rule_id="scenario-carbon-price", valid_from=REFERENCE_DAY,
        emitted_t=emitted, scope_share=1.0, surrender_share=1.0, charged_t=emitted, price_eur_t=price_eur_t,
        is_indicative=False, source="the scenario", review_by=None, note="well to wheel, all modes",
    )  # fmt: skip


__all__ = ["NONE", "PolicyBill", "PolicyLine", "Port", "route_bill", "voyage_lines"]

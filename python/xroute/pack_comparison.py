"""One footprint by several factor packs: what each would give, and which legs make the spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xroute import _core
from xroute.errors import FactorError, InputError
from xroute.factors import Factor, FactorPack, HubFactor, load_pack

if TYPE_CHECKING:
    from xroute.footprint import Footprint, FootprintLine
    from xroute.table import Table

_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAnswer:
    """What one pack gives for one element: kg CO2e and the factor, or why there is none.

    `wtt_co2e_kg` is NaN where the pack holds operation only; both are NaN where it has no factor, and
    `reason` says why.
    """

    wtt_co2e_kg: float
    ttw_co2e_kg: float
    factor: Factor | HubFactor | None
    adjustment: float
    reason: str = ""

    @property
    def wtw_co2e_kg(self) -> float:
        """Well to wheel; NaN where a part is missing."""
        return self.wtt_co2e_kg + self.ttw_co2e_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSpread:
    """One element by every pack, in their order, and its part in the spread of the total."""

    element: str
    mode: str
    answers: tuple[PackAnswer, ...]
    spread_kg: float
    share_of_spread: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackComparison:
    """A footprint by several packs: `packs` are their ids, `totals_kg` their WTW totals in that order.

    A total is NaN where a pack has no figure, or operation only, for an element. `legs` keep the order of the
    footprint; `spread_kg` is the largest total less the smallest.
    """

    packs: tuple[str, ...]
    legs: tuple[LegSpread, ...]
    totals_kg: tuple[float, ...]
    operation_kg: tuple[float, ...]

    @property
    def spread_kg(self) -> float:
        """The largest WTW total less the smallest; 0 where fewer than two packs have one."""
        known = [each for each in self.totals_kg if not math.isnan(each)]
        return max(known) - min(known) if known else 0.0

    def table(self) -> Table:
        """One row an element and pack: kg CO2e, factor, adjustment, what the step was."""
        from xroute.table import Table

        rows = [
            (leg, pack, answer)
            for leg in self.legs
            for pack, answer in zip(self.packs, leg.answers, strict=True)
        ]
        return Table(
            {
                "element": [leg.element for leg, _, _ in rows],
                "mode": [leg.mode for leg, _, _ in rows],
                "asked_pack": [pack for _, pack, _ in rows],
                "wtt_co2e_kg": np.array([answer.wtt_co2e_kg for _, _, answer in rows]),
                "ttw_co2e_kg": np.array([answer.ttw_co2e_kg for _, _, answer in rows]),
                "wtw_co2e_kg": np.array([answer.wtw_co2e_kg for _, _, answer in rows]),
                "adjustment": np.array([answer.adjustment for _, _, answer in rows]),
                "factor_id": [answer.factor.factor_id if answer.factor else "" for _, _, answer in rows],
                "pack": [answer.factor.pack_id if answer.factor else "" for _, _, answer in rows],
                "category": [answer.factor.category if answer.factor else "" for _, _, answer in rows],
                "note": [
                    answer.reason or (answer.factor.fallback if answer.factor else "")
                    for _, _, answer in rows
                ],
                "share_of_spread": np.array([leg.share_of_spread for leg, _, _ in rows]),
            }
        )

    def explain(self) -> str:
        """The totals, then the legs that make the spread, the largest first, with the reason for each."""
        lines = [f"{'WTW kg CO2e':>14}  {'TTW kg CO2e':>14}  pack"]
        for pack, total, operation in zip(self.packs, self.totals_kg, self.operation_kg, strict=True):
            lines.append(f"{_kg(total):>14}  {_kg(operation):>14}  {pack}")
        lines.append(f"spread of the totals {self.spread_kg:,.1f} kg; by element:")
        ordered = sorted(enumerate(self.legs), key=lambda pair: (-pair[1].spread_kg, pair[0]))
        lines += [
            f"{leg.spread_kg:>10,.1f} kg {leg.share_of_spread:>5.0%}  {leg.mode}, {leg.element}: {leg.why}"
            for _, leg in ordered
        ]
        return "\n".join(lines)


def compare(footprint: Footprint, packs: Sequence[str | Path | FactorPack]) -> PackComparison:
    """The same elements by several packs.

    Each line is priced anew with what the pack answers for the vehicle class, temperature and country that
    was asked; a figure of the user's own stays in every pack. A multiplier that the element carries besides
    its factor (an uplift, a share) is kept. Raises `InputError` for fewer than two packs, or one twice.
    """
    loaded = [pack if isinstance(pack, FactorPack) else load_pack(pack) for pack in packs]
    names = tuple(pack.id for pack in loaded)
    if len(names) < 2 or len(set(names)) < len(names):
        raise InputError(f"expected two packs or more, each once, got: {', '.join(names) or 'none'}")
    answers = [tuple(_answer(line, pack) for pack in loaded) for line in footprint.lines]
    spreads = [_spread([each.wtw_co2e_kg for each in row]) for row in answers]
    whole = math.fsum(spreads)
    legs = tuple(
        LegSpread(
            element=line.element,
            mode=line.mode,
            answers=row,
            spread_kg=spread,
            share_of_spread=spread / whole if whole > 0.0 else 0.0,
            why=_why(line, row, names),
        )
        for line, row, spread in zip(footprint.lines, answers, spreads, strict=True)
    )
    return PackComparison(
        packs=names,
        legs=legs,
        totals_kg=tuple(math.fsum(row[at].wtw_co2e_kg for row in answers) for at in range(len(names))),
        operation_kg=tuple(math.fsum(row[at].ttw_co2e_kg for row in answers) for at in range(len(names))),
    )


def _spread(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return max(known) - min(known) if known else 0.0


def _answer(line: FootprintLine, pack: FactorPack) -> PackAnswer:
    """A line priced by a pack; a pack without a figure says why."""
    own = line.factor
    if own.pack_id == "user" or own.category == "primary":
        return PackAnswer(
            wtt_co2e_kg=line.wtt_co2e_kg, ttw_co2e_kg=line.ttw_co2e_kg, factor=own, adjustment=line.adjustment
        )
    try:
        factor = _asked(own, line, pack)
        wtt, ttw, adjustment = _priced(line, factor)
        times = _multiplier(line)
    except (FactorError, InputError) as error:
        return PackAnswer(
            wtt_co2e_kg=math.nan, ttw_co2e_kg=math.nan, factor=None, adjustment=math.nan, reason=str(error)
        )
    return PackAnswer(wtt_co2e_kg=wtt * times, ttw_co2e_kg=ttw * times, factor=factor, adjustment=adjustment)


def _asked(own: Factor | HubFactor, line: FootprintLine, pack: FactorPack) -> Factor | HubFactor:
    """What the pack answers for the question that the line's own factor answered."""
    if isinstance(own, HubFactor):
        return pack.for_process(own.process, own.asked_country or own.country)
    return pack.for_class(line.mode, own.answers_for, temperature=own.temperature, scope="ttw")


def _priced(line: FootprintLine, factor: Factor | HubFactor) -> tuple[float, float, float]:
    """kg WTT and TTW of the line's activity by a factor, and the adjustment of its distance."""
    mass = np.array([line.mass_kg])
    if isinstance(factor, HubFactor):
        wtt, ttw, _ = _core.hub_emissions(mass, np.array([factor.wtt_g_t]), np.array([factor.ttw_g_t]))
        return float(wtt[0]), float(ttw[0]), 1.0
    is_missing = factor.is_ttw_only
    wtt, ttw, adjustment = _core.emissions(
        mass, np.array([line.distance_km]), [line.distance_basis], [factor.distance_basis], [factor.mode],
        np.array([0.0 if is_missing else factor.wtt_g_tkm]), np.array([factor.ttw_g_tkm]),
    )  # fmt: skip
    return math.nan if is_missing else float(wtt[0]), float(ttw[0]), float(adjustment[0])


def _multiplier(line: FootprintLine) -> float:
    """What the line holds over its activity times its factor; 1 but for uplifts and shares of its own."""
    wtt, ttw, _ = _priced(line, line.factor)
    plain = ttw if math.isnan(wtt) else wtt + ttw
    stated = line.ttw_co2e_kg if math.isnan(wtt) else line.wtt_co2e_kg + line.ttw_co2e_kg
    if plain <= 0.0 or abs(stated / plain - 1.0) < _TINY:
        return 1.0
    return stated / plain


def _why(line: FootprintLine, answers: Sequence[PackAnswer], packs: Sequence[str]) -> str:
    """The lowest and the highest figure in words, and what is missing."""
    known = [(each.wtw_co2e_kg, at) for at, each in enumerate(answers) if not math.isnan(each.wtw_co2e_kg)]
    missing = "".join(
        f"; {packs[at]}: {each.reason or 'operation (TTW) only'}"
        for at, each in enumerate(answers)
        if math.isnan(each.wtw_co2e_kg)
    )
    if not known:
        return f"no pack has a WTW figure{missing}"
    (low, first), (high, last) = min(known), max(known)
    if high - low <= _TINY * max(high, 1.0):
        same = answers[first]
        return f"the same in every pack that answers: {_figure(same, line)}{missing}"
    return (
        f"{packs[first]} {low:,.1f} kg by {_figure(answers[first], line)}, "
        f"{packs[last]} {high:,.1f} kg by {_figure(answers[last], line)}{missing}"
    )


def _figure(answer: PackAnswer, line: FootprintLine) -> str:
    factor = answer.factor
    if factor is None:
        return "nothing"
    origin = factor.pack_id if factor.pack_id != "user" else "the user's own"
    if isinstance(factor, HubFactor):
        return f"{factor.factor_id} {factor.wtw_g_t:,.4g} g/t ({origin})"
    adjusted = f" x {answer.adjustment:.4g} to {factor.distance_basis}" if answer.adjustment != 1.0 else ""
    return f"{factor.factor_id} {factor.wtw_g_tkm:,.4g} g/tkm{adjusted} ({origin})"


def _kg(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:,.1f}"


def repriced(footprint: Footprint, pack: str | Path | FactorPack) -> Footprint:
    """The footprint with every line priced by another pack.

    Raises `FactorError` where the pack has no figure for an element.
    """
    from xroute.footprint import Footprint as Whole

    loaded = pack if isinstance(pack, FactorPack) else load_pack(pack)
    lines = []
    for line in footprint.lines:
        answer = _answer(line, loaded)
        if answer.factor is None:
            raise FactorError(f"{line.mode}, {line.element}: {answer.reason}", ())
        lines.append(
            replace(
                line,
                factor=answer.factor,
                adjustment=answer.adjustment,
                wtt_co2e_kg=answer.wtt_co2e_kg,
                ttw_co2e_kg=answer.ttw_co2e_kg,
            )
        )
    return Whole.of(lines)

"""What a footprint's report states, part by part: what chapter 13 of ISO 14083 asks, and what helps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from xroute.errors import InputError
from xroute.factors import Factor, HubFactor
from xroute.quality import METHOD

if TYPE_CHECKING:
    from xroute.footprint import Footprint, FootprintLine

Cells = tuple[Any, ...]
_REASONS = {
    "default": "no measured figure of the operator was given",
    "modelled": "worked out from energy use, load or an uplift",
    "primary": "measured or stated by the user",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the report: sentences, then a table where it has one."""

    title: str
    sentences: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[Cells, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a report says that no figure holds: the period, the chains it covers, where more is to be found.

    Raises `InputError` for a period that ends before it begins.
    """

    period: tuple[date, date] | None = None
    chains: tuple[str, ...] = ()
    supporting: str = ""

    def __post_init__(self) -> None:
        if self.period is not None and self.period[1] < self.period[0]:
            message = f"the period ends on {self.period[1]}, before it begins on {self.period[0]}"
            raise InputError(message, column="period")


def sections(found: Footprint, frame: Frame) -> tuple[Section, ...]:
    """Every part in order. Raises `InputError` without elements."""
    if not found.lines:
        raise InputError("a report needs at least one element", table="footprint")
    return (
        _statement(found, frame),
        _totals(found),
        _by_mode(found),
        _by_hub(found),
        _by_carrier(found),
        _elements(found),
        _quality(found),
        _figures(found),
        _beside(found),
        _deviations(found),
    )


def _statement(found: Footprint, frame: Frame) -> Section:
    span = f"Period: {frame.period[0]} to {frame.period[1]}." if frame.period else "Period: not stated."
    names = ", ".join(frame.chains) or "one, of the elements listed below"
    first, last = found.lines[0].element, found.lines[-1].element
    return Section(
        title="Statement",
        sentences=(
            "Calculated in alignment with ISO 14083:2023. Greenhouse gases as CO2e from the provision (WTT) "
            "and the use (TTW) of energy; their sum is well to wheel (WTW).",
            f"Transport chains: {names}; {len(found.lines)} elements, from '{first}' to '{last}'.",
            span,
            "Transport: tonnes times kilometres times intensity, with the distance brought to the basis of "
            "the intensity. Hubs: tonnes that leave times intensity. Mass is freight with the shipper's "
            "packaging.",
            "Making and scrapping vehicles, buildings and packaging is not in it; nor are offsets.",
            "Supporting information: "
            + (
                frame.supporting
                or "the figures and their sources below; every product stands in the elements"
            )
            + ".",
        ),
    )


def _totals(found: Footprint) -> Section:
    hub_t = math.fsum(line.mass_kg for line in found.lines if line.mode == "hub") / 1000.0
    rows: list[Cells] = [
        ("Energy provision (WTT)", found.wtt_co2e_kg, "kg CO2e"),
        ("Operation (TTW)", found.ttw_co2e_kg, "kg CO2e"),
    ]
    if not found.is_ttw_only:
        rows.append(("Total (WTW)", found.wtw_co2e_kg, "kg CO2e"))
    bases = sorted({line.distance_basis for line in found.lines if line.distance_basis})
    for basis in bases:
        rows += _of_basis([line for line in found.lines if line.distance_basis == basis], basis)
    if found.activity_tkm and not found.is_ttw_only:
        words = f"Intensity of the whole with its hubs, on {' and '.join(bases)} distance (WTW)"
        rows.append((words, 1000.0 * found.wtw_co2e_kg / found.activity_tkm, "g CO2e/tkm"))
        rows.append(
            (words.replace("WTW", "TTW"), 1000.0 * found.ttw_co2e_kg / found.activity_tkm, "g CO2e/tkm")
        )
    if hub_t:
        rows.append(("Hub activity", hub_t, "t leaving"))
    return Section(title="Totals", headings=("what", "amount", "unit"), rows=tuple(rows))


def _of_basis(lines: Sequence[FootprintLine], basis: str) -> list[Cells]:
    activity = math.fsum(line.activity_tkm for line in lines)
    rows: list[Cells] = [(f"Transport activity on {basis} distance", activity, "tkm")]
    for name, of in (("WTW", "wtw_co2e_kg"), ("TTW", "ttw_co2e_kg")):
        kg = math.fsum(getattr(line, of) for line in lines)
        if activity and not math.isnan(kg):
            rows.append(
                (f"Intensity of transport on {basis} distance ({name})", 1000.0 * kg / activity, "g CO2e/tkm")
            )
    return rows


def _by_mode(found: Footprint) -> Section:
    rows = []
    for mode, lines in _groups(found.lines, lambda line: line.mode).items():
        wtt, ttw, share = _sums(found, lines)
        activity = math.fsum(line.activity_tkm for line in lines)
        basis = ", ".join(sorted({line.distance_basis for line in lines} - {""}))
        whole, operation = (1000.0 * kg / activity if activity else math.nan for kg in (wtt + ttw, ttw))
        rows.append(
            (mode, len(lines), activity or math.nan, basis, whole, operation, wtt, ttw, wtt + ttw, share)
        )
    headings = (
        "mode", "elements", "tkm", "distance basis", "g CO2e/tkm WTW", "g CO2e/tkm TTW", "WTT kg", "TTW kg",
        "WTW kg", "share of total",
    )  # fmt: skip
    return Section(title="By mode and hub", headings=headings, rows=tuple(rows))


def _by_hub(found: Footprint) -> Section:
    rows = []
    hubs = [line for line in found.lines if isinstance(line.factor, HubFactor)]
    for (process, country), lines in _groups(hubs, _hub_key).items():
        wtt, ttw, _ = _sums(found, lines)
        tonnes = math.fsum(line.mass_kg for line in lines) / 1000.0
        per = 1.0 / tonnes if tonnes else math.nan
        rows.append((process, country, tonnes, (wtt + ttw) * per, ttw * per, wtt, ttw, wtt + ttw))
    headings = (
        "process", "country", "t leaving", "kg CO2e/t WTW", "kg CO2e/t TTW", "WTT kg", "TTW kg", "WTW kg"
    )  # fmt: skip
    return Section(title="Hubs", sentences=() if rows else ("None.",), headings=headings, rows=tuple(rows))


def _hub_key(line: FootprintLine) -> tuple[str, str]:
    return getattr(line.factor, "process", ""), getattr(line.factor, "asked_country", "") or getattr(
        line.factor, "country", ""
    )


def _by_carrier(found: Footprint) -> Section:
    rows = []
    for carrier, lines in _groups(found.lines, _carrier).items():
        wtt, ttw, share = _sums(found, lines)
        rows.append(
            (carrier, math.fsum(line.activity_tkm for line in lines) or math.nan, wtt, ttw, wtt + ttw, share)
        )
    headings = ("energy carrier", "tkm", "WTT kg", "TTW kg", "WTW kg", "share of total")
    return Section(title="By energy carrier", headings=headings, rows=tuple(rows))


def _carrier(line: FootprintLine) -> str:
    if line.mode == "hub":
        return "of hubs, electricity and fuel"
    shares = getattr(line.factor, "carriers", ())
    mix = ", ".join(f"{name} {share:.0%}" for name, share in shares) if len(shares) > 1 else ""
    return mix or getattr(line.factor, "energy_carrier", "") or "not stated"


def _elements(found: Footprint) -> Section:
    rows = tuple(
        (
            line.element, line.mode, line.mass_kg, line.distance_km or math.nan, line.distance_basis,
            line.adjustment, line.multiplier, line.activity_tkm or math.nan, line.factor.factor_id,
            line.wtt_co2e_kg, line.ttw_co2e_kg, line.wtw_co2e_kg,
        )
        for line in found.lines
    )  # fmt: skip
    headings = (
        "element", "mode", "kg", "km", "distance basis", "adjustment", "multiplier", "tkm", "figure",
        "WTT kg", "TTW kg", "WTW kg",
    )  # fmt: skip
    return Section(title="Elements of the chain", headings=headings, rows=rows)


def _quality(found: Footprint) -> Section:
    rows: list[Cells] = [(name, share, _REASONS[name]) for name, share in found.data_quality.items()]
    sentences = ["Share of the emission (WTW) by kind of data."]
    if not found.is_ttw_only:
        span = found.range()
        sentences.append(f"Range: {span}. Method: {span.method}.")
        parts = (f"{name} {down:,.1f} and {up:,.1f}" for name, (down, up) in span.parts_kg.items())
        sentences.append(f"Parts down and up, kg: {'; '.join(parts)}.")
    return Section(
        title="Data quality", sentences=tuple(sentences), headings=("kind of data", "share", "reason"),
        rows=tuple(rows),
    )  # fmt: skip


def _figures(found: Footprint) -> Section:
    rows: dict[str, Cells] = {}
    for line in found.lines:
        factor = line.factor
        name = f"{factor.pack_id}:{factor.factor_id}:{getattr(factor, 'country', '')}"
        rows[name] = (
            factor.factor_id, *_intensity(factor), factor.category, _model(factor), factor.gwp_set,
            f"{factor.pack_id} {factor.pack_version}".strip(), factor.source, factor.section, factor.licence,
            factor.confidence,
        )  # fmt: skip
    headings = (
        "figure", "WTT", "TTW", "unit", "category", "vehicle and load", "GWP", "pack", "source", "place",
        "licence", "confidence",
    )  # fmt: skip
    return Section(title="Figures and their sources", headings=headings, rows=tuple(rows.values()))


def _intensity(factor: Factor | HubFactor) -> Cells:
    if isinstance(factor, HubFactor):
        return factor.wtt_g_t, factor.ttw_g_t, "g/t"
    return factor.wtt_g_tkm, factor.ttw_g_tkm, f"g/tkm, {factor.distance_basis}"


def _model(factor: Factor | HubFactor) -> str:
    """The parameters that a modelled or default figure rests on, as far as they are stated."""
    if isinstance(factor, HubFactor):
        return factor.process
    stated = (("load factor", factor.load_factor), ("empty running", factor.empty_running))
    parts = [factor.vehicle_class, factor.energy_carrier, factor.load_basis, factor.temperature]
    parts += [f"{name} {value:.0%}" for name, value in stated if value is not None]
    return ", ".join(filter(None, parts))


def _beside(found: Footprint) -> Section:
    """What stands beside the total and is never netted."""
    rows: list[Cells] = []
    if found.radiative_forcing_co2e_kg:
        rows.append(("Flight at altitude", found.radiative_forcing_co2e_kg, "for information, in no total"))
    if not found.is_ttw_only and found.market_co2e_kg != found.wtw_co2e_kg:
        rows.append(
            ("Total with market-based electricity", found.market_co2e_kg, "location-based is the total")
        )
    rows += [
        (f"Book and claim: {claim.kind}", claim.co2e_kg, claim.reference or "no reference stated")
        for claim in found.claims
    ]
    return Section(
        title="Beside the total", sentences=() if rows else ("Nothing.",),
        headings=("what", "kg CO2e", "note"), rows=tuple(rows),
    )  # fmt: skip


def _deviations(found: Footprint) -> Section:
    return Section(title="Deviations and notes", sentences=tuple(_notes(found)) or ("None.",))


def _notes(found: Footprint) -> Iterable[str]:
    """What differs from the plain method, with its effect where there is one in kg."""
    for line in found.lines:
        if line.adjustment != 1.0:
            basis = getattr(line.factor, "distance_basis", "")
            effect = line.wtw_co2e_kg * (1.0 - 1.0 / line.adjustment)
            yield (
                f"{line.element}: {line.distance_basis} kilometres times {line.adjustment:.4g} to {basis}, "
                f"effect {effect:+,.1f} kg."
            )
        if line.multiplier != 1.0:
            plain = line.wtw_co2e_kg - line.refrigerant_co2e_kg
            effect = plain * (1.0 - 1.0 / line.multiplier) if line.multiplier else -plain
            yield f"{line.element}: {'; '.join(line.steps)}, effect {effect:+,.1f} kg."
        if line.refrigerant_co2e_kg:
            escaped = f"{line.refrigerant_co2e_kg:,.1f} kg of refrigerant ({line.refrigerant_gwp_set})"
            yield f"{line.element}: {escaped} in the operation (TTW)."
    yield from found.warnings
    if any(getattr(line.factor, "energy_carrier", "") == "electricity" for line in found.lines):
        yield "Electricity is location-based; market-based claims are in no total."
    yield f"Ranges of figures without one of their own are team estimates; {METHOD}."


def _groups(
    lines: Iterable[FootprintLine], key: Callable[[FootprintLine], Any]
) -> dict[Any, list[FootprintLine]]:
    found: dict[Any, list[FootprintLine]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return found


def _sums(found: Footprint, lines: Sequence[FootprintLine]) -> tuple[float, float, float]:
    """kg WTT and TTW of some lines, and their share of the total."""
    wtt, ttw = (math.fsum(getattr(line, name) for line in lines) for name in ("wtt_co2e_kg", "ttw_co2e_kg"))
    whole = found.wtt_co2e_kg + found.ttw_co2e_kg
    return wtt, ttw, (wtt + ttw) / whole if whole else math.nan

"""What a reader of a factor pack should know before use: its notes, and how two packs differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute.factor_files import CLASS_REQUIRED, HUB_REQUIRED, INTENSITY_REQUIRED
from xroute.factor_tables import FUEL_REQUIRED, GRID_REQUIRED, PARENT_REQUIRED, UPLIFT_REQUIRED
from xroute.factors import Factor, FactorPack, HubFactor, available_packs, load_pack, user_packs

if TYPE_CHECKING:
    from xroute.table import Table

REQUIRED: dict[str, tuple[str, ...]] = {
    "intensities": INTENSITY_REQUIRED,
    "hubs": HUB_REQUIRED,
    "classes": CLASS_REQUIRED,
    "fuels": FUEL_REQUIRED,
    "grids": GRID_REQUIRED,
    "uplifts": UPLIFT_REQUIRED,
    "fallbacks": PARENT_REQUIRED,
}
"""The columns that each table of a pack must have; data/factors/README.md says what they mean."""
_LAX_REDISTRIBUTION = "not stated"


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a pack that is allowed and that a reader should know."""

    subject: str
    message: str


def notes(pack: FactorPack) -> tuple[Note, ...]:
    """What is allowed in a pack and worth knowing; a pack that is broken raises when it is loaded."""
    return tuple(_notes(pack))


def _notes(pack: FactorPack) -> Iterator[Note]:
    if pack.redistribution == _LAX_REDISTRIBUTION:
        yield Note("pack.toml", "redistribution is not stated: do not pass the pack on")
    if pack.scope == "ttw":
        yield Note("pack.toml", "operation (TTW) only: the pack answers no WTW question")
    answering = set(pack.classes.values())
    idle = [name for name in pack.factors if name not in answering]
    if idle:
        yield Note("classes", f"{len(idle)} figures answer for no class, such as '{idle[0]}'")
    for mode in sorted({factor.mode for factor in pack.factors.values()}):
        if (mode, "", "ambient") not in pack.classes:
            yield Note("classes", f"no default class (an empty vehicle_class) for {mode}")
    held: list[Factor | HubFactor] = [*pack.factors.values(), *pack.hubs.values()]
    for name in ("confidence", "gwp_set"):
        bare = [each.factor_id for each in held if not getattr(each, name)]
        if bare:
            yield Note("intensities", f"{len(bare)} figures without {name}, such as '{bare[0]}'")
    unranged = [each.factor_id for each in pack.factors.values() if each.wtw_low_g_tkm is None]
    if unranged:
        yield Note(
            "intensities", f"{len(unranged)} of {len(pack.factors)} figures have no range of their own"
        )
    sets = sorted({part for each in held for part in each.gwp_set.split(";")})
    if len(sets) > 1:
        yield Note("intensities", f"figures of several GWP sets: {', '.join(sets)}")


def packs_table() -> Table:
    """One row a pack, shipped ones first, then the user's by name; one that is broken says why."""
    from xroute.errors import XrouteError
    from xroute.table import Table

    rows: list[dict[str, Any]] = []
    for name, kind in [(each, "shipped") for each in available_packs()] + [
        (each, "own") for each in user_packs()
    ]:
        try:
            rows.append(_facts(load_pack(name)) | {"kind": kind, "status": "ok"})
        except XrouteError as error:
            rows.append(dict.fromkeys(_FACTS, "") | {"id": name, "kind": kind, "status": str(error)})
    names = ("id", "kind", *_FACTS[1:], "status")
    return Table({name: [str(row[name]) for row in rows] for name in names})


_FACTS = (
    "id", "publisher", "version", "vintage", "licence", "gwp_set", "scope", "redistribution", "fallback",
    "figures", "hubs", "fuels", "grids",
)  # fmt: skip


def _facts(pack: FactorPack) -> dict[str, Any]:
    counted = {"figures": len(pack.factors), "hubs": len(pack.hubs), "fuels": len(pack.fuels),
               "grids": len(pack.grids)}  # fmt: skip
    return {name: counted.get(name, getattr(pack, name, "")) for name in _FACTS}


def classes_table(pack: FactorPack, mode: str = "") -> Table:
    """What answers for each class of a pack itself, g CO2e per tonne-km; hubs per tonne come after."""
    from xroute.table import Table

    rows = [
        _class_row(kind, name, temperature, pack.factors[factor_id])
        for (kind, name, temperature), factor_id in pack.classes.items()
        if mode in ("", kind)
    ]
    if mode in ("", "hub"):
        rows += [_hub_row(factor) for factor in pack.hubs.values()]
    return Table({name: [row[name] for row in rows] for name in _SHOWN})


_SHOWN = (
    "mode", "vehicle_class", "temperature", "wtt_g", "ttw_g", "low_g", "high_g", "per", "distance_basis",
    "gwp_set", "category", "confidence", "factor_id", "source", "section", "licence",
)  # fmt: skip


def _class_row(mode: str, name: str, temperature: str, factor: Factor) -> dict[str, Any]:
    return {
        "mode": mode, "vehicle_class": name or "(default)", "temperature": temperature,
        "wtt_g": factor.wtt_g_tkm, "ttw_g": factor.ttw_g_tkm, "low_g": _or_nan(factor.wtw_low_g_tkm),
        "high_g": _or_nan(factor.wtw_high_g_tkm), "per": "tkm", "distance_basis": factor.distance_basis,
    } | _origin(factor)  # fmt: skip


def _hub_row(factor: HubFactor) -> dict[str, Any]:
    name = f"{factor.process} {factor.country}".strip()
    return {
        "mode": "hub", "vehicle_class": name, "temperature": "", "wtt_g": factor.wtt_g_t,
        "ttw_g": factor.ttw_g_t, "low_g": _or_nan(factor.wtw_low_g_t), "high_g": _or_nan(factor.wtw_high_g_t),
        "per": "t", "distance_basis": "",
    } | _origin(factor)  # fmt: skip


def _origin(factor: Factor | HubFactor) -> dict[str, Any]:
    names = ("gwp_set", "category", "confidence", "factor_id", "source", "section", "licence")
    return {name: getattr(factor, name) for name in names}


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def difference(before: FactorPack, after: FactorPack) -> Table:
    """Classes and hub processes whose own answer differs between two packs, the largest change first.

    One row each: g CO2e (WTW, or TTW where a pack holds no more) before and after, the change as a share, and
    what else differs. Fallback packs are not asked.
    """
    from xroute.table import Table

    rows = [*_changed(_own(before), _own(after))]
    rows.sort(
        key=lambda row: (
            -abs(row["change_share"]) if row["change_share"] == row["change_share"] else 1.0,
            row["what"],
        )
    )
    names = ("what", "before_g", "after_g", "change_share", "scope", "note")
    return Table({name: [row[name] for row in rows] for name in names})


def _own(pack: FactorPack) -> dict[str, Factor | HubFactor]:
    """The pack's own answers by the words of the question."""
    found: dict[str, Factor | HubFactor] = {
        f"{mode} {name or '(default)'} {temperature}": pack.factors[factor_id]
        for (mode, name, temperature), factor_id in pack.classes.items()
    }
    found |= {f"hub {process} {country}".strip(): each for (process, country), each in pack.hubs.items()}
    return found


def _changed(
    before: dict[str, Factor | HubFactor], after: dict[str, Factor | HubFactor]
) -> Iterator[dict[str, Any]]:
    for what in sorted(before.keys() | after.keys()):
        old, new = before.get(what), after.get(what)
        if old is None or new is None:
            only = "only before" if new is None else "only after"
            grams = _grams(old or new, is_ttw=False)
            yield {
                "what": what, "before_g": grams if new is None else float("nan"),
                "after_g": grams if old is None else float("nan"), "change_share": float("nan"), "scope": "",
                "note": only,
            }  # fmt: skip
            continue
        is_ttw = any(isinstance(each, Factor) and each.is_ttw_only for each in (old, new))
        first, second = _grams(old, is_ttw=is_ttw), _grams(new, is_ttw=is_ttw)
        told = _told(old, new)
        if first != second or told:
            yield {
                "what": what, "before_g": first, "after_g": second,
                "change_share": second / first - 1.0 if first else float("nan"),
                "scope": "ttw" if is_ttw else "wtw", "note": told,
            }  # fmt: skip


def _grams(factor: Factor | HubFactor | None, *, is_ttw: bool) -> float:
    if factor is None:
        return float("nan")
    if isinstance(factor, HubFactor):
        return factor.wtw_g_t
    return factor.ttw_g_tkm if is_ttw or factor.is_ttw_only else factor.wtw_g_tkm


def _told(old: Factor | HubFactor, new: Factor | HubFactor) -> str:
    """What differs besides the figure."""
    names = ("distance_basis", "gwp_set", "category")
    pairs = [(name, getattr(old, name, ""), getattr(new, name, "")) for name in names]
    return "; ".join(f"{name} {first} to {second}" for name, first, second in pairs if first != second)


def loaded(pack: str) -> FactorPack:
    """A pack by name or by the path of its folder. Raises as `load_pack`."""
    return load_pack(Path(pack) if Path(pack).is_dir() and pack not in available_packs() else pack)

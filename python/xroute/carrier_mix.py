"""One vehicle class on several energy carriers: shares of the activity, each with its own intensity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from xroute.errors import FactorError, InputError
from xroute.factors import Factor, FactorPack, not_negative
from xroute.load_model import check_shares

if TYPE_CHECKING:
    from xroute.factor_energy import FuelFactor

FUELS: Mapping[str, str] = {
    "diesel": "fossil-diesel",
    "biodiesel": "bio-diesel",
    "hvo": "bio-hvo",
    "e-diesel": "rfnbo-diesel",
    "hfo": "fossil-hfo",
    "vlsfo": "fossil-vlsfo",
    "lng": "fossil-lng-otto-medium-speed",
    "bio-lng": "bio-lng-otto-medium-speed",
    "methanol": "fossil-methanol",
    "lpg": "fossil-lpg-propane",
}
"""Fuels by the words of the trade; any fuel id of the pack is taken too."""
_USUAL = {"road": "diesel", "rail": "diesel", "inland_waterway": "diesel", "sea": "vlsfo", "ferry": "vlsfo"}
_OF_CARRIER = {"marine fuel mix": "vlsfo"}
_POWER = ("electric", "electricity")


def mixed(
    pack: FactorPack,
    mode: str,
    vehicle_class: str,
    carriers: Mapping[str, float],
    *,
    temperature: str = "ambient",
    country: str = "",
) -> Factor:
    """The intensity of a class whose activity is shared between energy carriers (shares add up to 1).

    A carrier that is the class's own keeps its figure. Another fuel burns the same energy per tonne-km with
    its own factors per megajoule; carbon of biological origin counts as zero in operation. Electricity takes
    the electric class of the same vehicle. Raises `InputError` for shares that do not add up, `FactorError`
    for a carrier without figures.
    """
    shares = {name.lower(): not_negative(share, "carriers") for name, share in carriers.items()}
    if len(shares) != len(carriers):
        raise InputError("one carrier stands there twice", column="carriers")
    check_shares(shares)
    base = pack.for_class(mode, vehicle_class, temperature=temperature)
    parts = [
        (name, share, _on(pack, base, mode, vehicle_class, name, country)) for name, share in shares.items()
    ]
    words = ", ".join(f"{name} {share:.1%}" for name, share, _ in parts)
    steps = [base.fallback, f"energy carriers by activity: {words}"]
    steps += [each.fallback for _, _, each in parts if each.fallback != base.fallback]
    return replace(
        base,
        factor_id=f"{base.factor_id}:" + "+".join(f"{name}:{share:g}" for name, share, _ in parts),
        wtt_g_tkm=math.fsum(each.wtt_g_tkm * share for _, share, each in parts),
        ttw_g_tkm=math.fsum(each.ttw_g_tkm * share for _, share, each in parts),
        wtw_low_g_tkm=None,
        wtw_high_g_tkm=None,
        energy_carrier=parts[0][0] if len(parts) == 1 else "mixed",
        carriers=tuple(shares.items()),
        gwp_set=_joined(each.gwp_set for _, _, each in parts),
        category="modelled",
        fallback="; ".join(filter(None, dict.fromkeys(steps))),
    )


def _on(pack: FactorPack, base: Factor, mode: str, vehicle_class: str, name: str, country: str) -> Factor:
    """The class on one carrier alone."""
    own = base.energy_carrier.lower()
    if name == own or (own == "mixed" and name == _USUAL.get(mode)):
        return base
    if name in _POWER or name == "hydrogen":
        ending = "hydrogen" if name == "hydrogen" else "electric"
        stem = "rail" if mode == "rail" else vehicle_class.partition("_")[0]
        asked = "_".join(filter(None, (stem, ending, country)))
        return pack.for_class(mode, asked, temperature=base.temperature)
    burned = pack.for_fuel(FUELS.get(_OF_CARRIER.get(own, own), "") or FUELS.get(_USUAL.get(mode, ""), own))
    wanted = pack.for_fuel(FUELS.get(name, name))
    if not burned.ttw_g_kg:
        raise FactorError(f"'{base.factor_id}' burns nothing that {name} could replace", ())
    energy_mj_tkm = base.ttw_g_tkm / (burned.ttw_g_kg / burned.mj_kg)
    wtt, ttw = _without_biogenic(wanted)
    return replace(
        base,
        wtt_g_tkm=energy_mj_tkm * wtt,
        ttw_g_tkm=energy_mj_tkm * ttw,
        gwp_set=_joined((base.gwp_set, wanted.gwp_set)),
        fallback=f"{wanted.factor_id} ({wanted.pack_id}) at {energy_mj_tkm:.4g} MJ/tkm as {base.factor_id}",
    )


def _joined(sets: Iterable[str]) -> str:
    """Several GWP sets as a pack names them.

    >>> _joined(["AR5", "AR5;AR6"])
    'AR5;AR6'
    """
    return ";".join(sorted({part for each in sets for part in each.split(";") if part}))


def _without_biogenic(fuel: FuelFactor) -> tuple[float, float]:
    """g per MJ of providing and of burning a fuel, with the carbon that its feedstock took up left out."""
    taken = fuel.co2_g_kg if fuel.feedstock != "fossil" else 0.0
    return max(fuel.wtt_g_kg + taken, 0.0) / fuel.mj_kg, (fuel.ttw_g_kg - taken) / fuel.mj_kg

"""Energy carriers as iLEAP names them: shares, a factor for each, and a note where one was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xroute.factors import load_pack
from xroute.ileap_record import decimal_of

if TYPE_CHECKING:
    from xroute.footprint import FootprintLine

_CARRIERS = {
    "diesel": ("Diesel", "fossil-diesel"),
    "biodiesel": ("HVO", "bio-diesel"),
    "e-diesel": ("Diesel", "rfnbo-diesel"),
    "petrol": ("Petrol", ""),
    "lng": ("LNG", "fossil-lng-otto-medium-speed"),
    "bio-lng": ("LNG", "bio-lng-otto-medium-speed"),
    "lpg": ("LPG", "fossil-lpg-propane"),
    "cng": ("CNG", ""),
    "hfo": ("HFO", "fossil-hfo"),
    "vlsfo": ("HFO", "fossil-vlsfo"),
    "mgo": ("MGO", "fossil-diesel"),
    "marine fuel mix": ("HFO", "fossil-vlsfo"),
    "hydrogen": ("Hydrogen", "fossil-h2"),
    "methanol": ("Methanol", "fossil-methanol"),
    "hvo": ("HVO", "bio-hvo"),
    "electricity": ("Electric", "grid"),
    "electric": ("Electric", "grid"),
    "jet fuel": ("Aviation fuel", "jet"),
}
"""By the words of the trade: the name in the record, and the fuel whose factor stands there."""
_WRITTEN_AS_IT_IS = {
    "diesel", "petrol", "lng", "lpg", "cng", "hfo", "mgo", "hydrogen", "methanol", "hvo", "electricity",
    "electric", "jet fuel", "marine fuel mix",
}  # fmt: skip
_BY_MODE = {
    "road": "diesel",
    "rail": "diesel",
    "inland_waterway": "diesel",
    "sea": "hfo",
    "ferry": "hfo",
    "air": "jet fuel",
    "hub": "electricity",
}
JET_KG_KG = (3.84, 3.16)
"""Aviation fuel, WTW and TTW in kg CO2e per kg: 89 g/MJ and 3.16 kg CO2 of the CORSIA baseline, recalled."""
_FUEL_PACK, _GRID_PACK = "eu-fuels-2023", "xroute-modelled-2026"


def carriers_of(line: FootprintLine) -> tuple[list[dict[str, Any]], str]:
    """The energy carriers of an operation with their shares, and a note where one had to be assumed."""
    stated = getattr(line.factor, "carriers", ())
    if not stated:
        stated = ((str(getattr(line.factor, "energy_carrier", "electricity")).lower(), 1.0),)
    shares: dict[str, tuple[str, float]] = {}
    notes = []
    for word, share in stated:
        name, fuel = _CARRIERS.get(word) or _CARRIERS[_BY_MODE[line.mode]]
        shares[fuel or name] = name, shares.get(fuel or name, ("", 0.0))[1] + share
        if word not in _WRITTEN_AS_IT_IS:
            notes.append(f"energy carrier '{word}' written as {name}")
    return [_carrier(name, fuel, share) for fuel, (name, share) in shares.items()], "; ".join(notes)


def _carrier(name: str, fuel: str, share: float) -> dict[str, Any]:
    wtw, ttw, unit = _factor(fuel)
    return {
        "energyCarrier": name, "relativeShare": decimal_of(share), "emissionFactorWTW": decimal_of(wtw),
        "emissionFactorTTW": decimal_of(ttw), "energyConsumptionUnit": unit,
    }  # fmt: skip


def _factor(fuel: str) -> tuple[float, float, str]:
    """kg CO2e, WTW and TTW, of one unit; carbon of biological origin counts as zero in operation."""
    if fuel == "grid":
        return load_pack(_GRID_PACK).for_grid("").wtt_g_kwh / 1000.0, 0.0, "kWh"
    if fuel == "jet":
        return *JET_KG_KG, "kg"
    pack = load_pack(_FUEL_PACK)
    burned = pack.for_fuel(fuel if fuel in pack.fuels else "fossil-diesel")
    taken = 0.0 if burned.feedstock == "fossil" else burned.co2_g_kg
    return burned.wtw_g_kg / 1000.0, min(burned.ttw_g_kg - taken, burned.wtw_g_kg) / 1000.0, "kg"

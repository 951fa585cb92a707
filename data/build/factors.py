"""Writes the emission-factor packs of data/factors/ from the curated facts in data/factors/sources/.

Published rows are copied, with electricity moved to WTT, plug-in hybrids left out and radiative
forcing kept apart; every row gets a distance basis and a GWP set. What no open table holds (hubs, barges,
electric and hydrogen vehicles) is modelled from energy use; every term of that arithmetic is a column beside
its result. US figures hold operation only: a second pack adds the energy provision of EU law to them. The
output depends on the sources alone; data/factors/README.md says what each column means.

Run: ``python data/build/factors.py``
"""

from __future__ import annotations

import csv
from pathlib import Path

import factors_modelled
from factor_sources import FACTORS, Row, number, parameters, read

MODELLED = "xroute-modelled-2026"
LAW = "eu-fuels-2023"

INTENSITY_COLUMNS = (
    "factor_id",
    "mode",
    "vehicle_class",
    "load_basis",
    "energy_carrier",
    "temperature",
    "wtt_g_tkm",
    "ttw_g_tkm",
    "wtw_low_g_tkm",
    "wtw_high_g_tkm",
    "radiative_forcing_g_tkm",
    "distance_basis",
    "gwp_set",
    "category",
    "source",
    "section",
    "licence",
    "confidence",
)
HUB_COLUMNS = (
    "factor_id",
    "process",
    "country",
    "wtt_g_t",
    "ttw_g_t",
    "wtw_low_g_t",
    "wtw_high_g_t",
    "electricity_kwh_t",
    "grid_g_kwh",
    "grid_loss",
    "diesel_l_t",
    "diesel_wtt_g_l",
    "diesel_ttw_g_l",
    "gwp_set",
    "category",
    "source",
    "section",
    "licence",
    "confidence",
)
ENERGY_COLUMNS = (
    "energy_tkm",
    "energy_low_tkm",
    "energy_high_tkm",
    "energy_unit",
    "energy_wtt_g",
    "energy_ttw_g",
    "energy_from",
)
GRID_COLUMNS = (
    "factor_id",
    "country",
    "name",
    "generation_g_kwh",
    "loss",
    "year",
    "scope",
    "gwp_set",
    "source",
    "licence",
    "confidence",
)
CLASS_COLUMNS = ("mode", "vehicle_class", "temperature", "factor_id")

# The distance that a published figure is per; see the note in each pack.toml.
PUBLISHED_BASIS = {
    "road": "sfd",
    "rail": "sfd",
    "sea": "actual",
    "ferry": "actual",
    "air": "gcd",
}
# Which fuel provides the WTT of a US figure, by mode: the names of two parameters.
US_FUEL = {"road": "diesel", "rail": "diesel", "inland_waterway": "diesel", "air": "kerosene"}

UK_NOTE = (
    "Sea and ferry rows count as per km actually sailed until their method paper says otherwise; "
    "air rows are per great-circle km and already hold their uplift; road and rail rows take the "
    "shortest feasible distance unadjusted. Battery rows print grid emissions as operation: here they "
    "are energy provision (WTT). Plug-in hybrids are left out. Radiative forcing stands in a column of "
    "its own and in no total."
)
PACKS: dict[str, dict[str, str]] = {
    "desnz-2025": {
        "id": "desnz-2025",
        "publisher": "UK Department for Energy Security and Net Zero",
        "version": "2025 v2",
        "vintage": "2025",
        "licence": "OGL-UK-3.0",
        "gwp_set": "AR5",
        "scope": "wtw",
        "attribution": "Contains public sector information licensed under the Open Government Licence v3.0.",
        "redistribution": "allowed with attribution",
        "fallback": MODELLED,
        "note": UK_NOTE,
    },
    "desnz-2026": {
        "id": "desnz-2026",
        "publisher": "UK Department for Energy Security and Net Zero",
        "version": "2026, rows seen in a public research note",
        "vintage": "2026",
        "licence": "OGL-UK-3.0",
        "gwp_set": "AR5",
        "scope": "wtw",
        "attribution": "Contains public sector information licensed under the Open Government Licence v3.0.",
        "redistribution": "allowed with attribution",
        "fallback": "desnz-2025",
        "note": "Only the rows seen; the others come from the 2025 set. " + UK_NOTE,
    },
    "epa-2024": {
        "id": "epa-2024",
        "publisher": "US Environmental Protection Agency",
        "version": "GHG Emission Factors Hub 2024, Table 8",
        "vintage": "2024",
        "licence": "US public domain",
        "gwp_set": "AR5",
        "scope": "ttw",
        "attribution": "US EPA GHG Emission Factors Hub 2024.",
        "redistribution": "allowed",
        "fallback": "",
        "note": (
            "Operation only: the table gives no energy provision (WTT), so this pack answers no WTW "
            "question; epa-2024-wtw adds the provision of EU law. Published per short ton-mile; 1 short "
            "ton-mile = 1.459972 tkm. Distance bases are set as for the UK rows: the table names none."
        ),
    },
    "epa-2024-wtw": {
        "id": "epa-2024-wtw",
        "publisher": "xroute project, from figures of the US Environmental Protection Agency",
        "version": "GHG Emission Factors Hub 2024, Table 8, with WTT added 2026.1",
        "vintage": "2024",
        "licence": "US public domain AND EU law AND OGL-UK-3.0",
        "gwp_set": "AR5;AR6",
        "scope": "wtw",
        "attribution": (
            "US EPA GHG Emission Factors Hub 2024; FuelEU Maritime, Regulation (EU) 2023/1805, Annex II; "
            "contains public sector information licensed under the Open Government Licence v3.0."
        ),
        "redistribution": "allowed with attribution",
        "fallback": "desnz-2025",
        "note": (
            "Operation as the EPA prints it; provision is modelled: operation times WTT over TTW of one fuel "
            "a mode (diesel by EU law, kerosene of aircraft by the UK figure). GWP sets differ between the "
            "two parts: methane and nitrous oxide are under 2 % of either. Waterborne craft answers for "
            "inland waterways alone: it is domestic craft, and its 68 g WTW per tkm is above what is "
            "plausible for container and bulk ships (60 g); ships, ferries, vans and hubs come from "
            "the fallback."
        ),
    },
    MODELLED: {
        "id": MODELLED,
        "publisher": "xroute project",
        "version": "2026.3",
        "vintage": "2026",
        "licence": "CC-BY-4.0",
        "gwp_set": "AR6;as published",
        "scope": "wtw",
        "attribution": (
            "Electricity mixes: Ember through Our World in Data (CC BY 4.0). "
            "Fuel defaults: FuelEU Maritime, Regulation (EU) 2023/1805, Annex II."
        ),
        "redistribution": "allowed with attribution",
        "fallback": LAW,
        "note": (
            "Energy use times grid or fuel factor; energy use is a team estimate of low confidence. "
            "An empty country means one without a grid figure: the median of the listed grids."
        ),
    },
    LAW: {
        "id": LAW,
        "publisher": "European Union",
        "version": "Regulation (EU) 2023/1805 (FuelEU Maritime), Annex II",
        "vintage": "2023",
        "licence": "EU law",
        "gwp_set": "AR6",
        "scope": "wtw",
        "attribution": "FuelEU Maritime, Regulation (EU) 2023/1805, Annex II.",
        "redistribution": "allowed",
        "fallback": "",
        "note": (
            "Defaults per kg of fuel by law, for the energy path and for what is modelled; no intensities "
            "per tonne-km. Read in a public table that counts methane 27 and nitrous oxide 273. Slip is in "
            "TTW. Fuels of bio and RFNBO feedstock may have a provision below zero, never a total."
        ),
    },
}


def published_intensities(pack: str) -> list[Row]:
    """The copied rows of one pack, ready for totals."""
    rows = [row for row in read("intensities.csv") if row["pack"] == pack]
    forced = {
        row["factor_id"]: float(row["ttw_g_tkm"]) for row in rows if row["factor_id"].endswith("-with-rf")
    }
    kept = [
        row for row in rows if row["factor_id"] not in forced and row["energy_carrier"] != "plug-in hybrid"
    ]
    return [published_intensity(row, forced) for row in kept]


def published_intensity(row: Row, forced: dict[str, float]) -> Row:
    """One copied row: electricity becomes WTT, radiative forcing a column of its own."""
    wtt, ttw = row["wtt_g_tkm"], row["ttw_g_tkm"]
    if row["energy_carrier"] == "electricity":
        wtt, ttw = number(float(wtt) + float(ttw)), "0"
    with_forcing = forced.get(row["factor_id"].replace("-without-rf", "-with-rf"))
    extra = "0" if with_forcing is None else number(with_forcing - float(ttw))
    return {
        "factor_id": row["factor_id"],
        "mode": row["mode"],
        "vehicle_class": f"{row['group']} {row['detail']}".strip(),
        "load_basis": row["load_basis"],
        "energy_carrier": row["energy_carrier"],
        "temperature": row["temperature"],
        "wtt_g_tkm": wtt,
        "ttw_g_tkm": ttw,
        "wtw_low_g_tkm": "",
        "wtw_high_g_tkm": "",
        "radiative_forcing_g_tkm": extra,
        "distance_basis": PUBLISHED_BASIS[row["mode"]],
        "gwp_set": PACKS[row["pack"]]["gwp_set"],
        "category": "default",
        "source": row["source"] + (f"; {row['note']}" if row["note"] else ""),
        "section": row["section"],
        "licence": row["licence"],
        "confidence": row["confidence"],
    }


def with_provision(row: Row, named: dict[str, float]) -> Row:
    """A US row with the WTT of its mode's fuel, in the fuel's own proportion to TTW."""
    mode = "inland_waterway" if row["mode"] == "sea" else row["mode"]
    fuel = US_FUEL[mode]
    wtt, ttw = named[f"{fuel}_wtt"], named[f"{fuel}_ttw"]
    words = f"{row['ttw_g_tkm']} g TTW x {wtt:g} / {ttw:g} kg CO2e per kg {fuel}"
    return row | {
        "mode": mode,
        "distance_basis": "sfd" if mode == "inland_waterway" else row["distance_basis"],
        "wtt_g_tkm": number(float(row["ttw_g_tkm"]) * wtt / ttw),
        "gwp_set": "AR5;AR6" if fuel != "kerosene" else "AR5",
        "category": "modelled",
        "source": f"{row['source']}; WTT modelled: {words}",
        "section": f"{row['section']}; sources/parameters.csv",
        "licence": "US public domain AND " + ("OGL-UK-3.0" if fuel == "kerosene" else "EU law"),
        "confidence": "medium",
    }


def intensities(pack: str) -> list[Row]:
    """The intensities of one pack."""
    if pack == MODELLED:
        return factors_modelled.intensities()
    if pack == "epa-2024-wtw":
        named = parameters()
        return [with_provision(row, named) for row in published_intensities("epa-2024")]
    return published_intensities(pack)


def classes(pack: str, rows: list[Row]) -> list[Row]:
    """Which factor answers for which vehicle class of the network."""
    modelled = rows if pack == MODELLED else []
    known = modelled + [row for row in read("classes.csv") if row["pack"] == pack]
    return [{name: row[name] for name in CLASS_COLUMNS} for row in known]


def write_table(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Writes one table of a pack."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


def write_pack(target: Path, pack: str) -> None:
    """Writes one pack folder."""
    folder = target / pack
    folder.mkdir(parents=True, exist_ok=True)
    facts = "".join(f'{key} = "{value}"\n' for key, value in PACKS[pack].items())
    (folder / "pack.toml").write_text(facts, encoding="utf-8")
    is_modelled = pack == MODELLED
    rows = intensities(pack)
    columns = INTENSITY_COLUMNS + ENERGY_COLUMNS if is_modelled else INTENSITY_COLUMNS
    write_table(folder / "intensities.csv", columns, rows)
    write_table(folder / "hubs.csv", HUB_COLUMNS, factors_modelled.hubs() if is_modelled else [])
    write_table(folder / "classes.csv", CLASS_COLUMNS, classes(pack, rows))
    if is_modelled:
        write_table(folder / "grids.csv", GRID_COLUMNS, factors_modelled.grid_rows())
        for name in ("uplifts", "fallbacks"):
            source = read(f"{name}.csv")
            write_table(folder / f"{name}.csv", tuple(source[0]), source)
    if pack == LAW:
        fuels = read("fuels.csv")
        write_table(folder / "fuels.csv", tuple(fuels[0]), fuels)


def build(target: Path = FACTORS) -> None:
    """Writes every pack below ``target``."""
    for pack in PACKS:
        write_pack(target, pack)


if __name__ == "__main__":
    build()

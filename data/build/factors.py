"""Writes the emission-factor packs of data/factors/ from the curated facts in data/factors/sources/.

Published rows are copied, with electricity moved to WTT, plug-in hybrids left out and radiative
forcing kept apart. What no open table holds (hubs, barges, electric rail) is modelled from energy
use; every term of that arithmetic is a column beside its result. The output depends on the sources alone.

Run: ``python data/build/factors.py``
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FACTORS = Path(__file__).resolve().parents[1] / "factors"
MODELLED = "xroute-modelled-2026"
Row = dict[str, str]

INTENSITY_COLUMNS = (
    "factor_id",
    "mode",
    "vehicle_class",
    "load_basis",
    "energy_carrier",
    "temperature",
    "wtt_g_tkm",
    "ttw_g_tkm",
    "radiative_forcing_g_tkm",
    "distance_basis",
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
    "electricity_kwh_t",
    "grid_g_kwh",
    "grid_loss",
    "diesel_l_t",
    "diesel_wtt_g_l",
    "diesel_ttw_g_l",
    "category",
    "source",
    "section",
    "licence",
    "confidence",
)
ENERGY_COLUMNS = (
    "energy_tkm",
    "energy_unit",
    "energy_wtt_g",
    "energy_ttw_g",
    "energy_from",
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
            "question. Published per short ton-mile; 1 short ton-mile = 1.459972 tkm. Distance bases are set "
            "as for the UK rows: the table names none."
        ),
    },
    MODELLED: {
        "id": MODELLED,
        "publisher": "xroute project",
        "version": "2026.1",
        "vintage": "2026",
        "licence": "CC-BY-4.0",
        "gwp_set": "AR6 for fuels; grids as published",
        "scope": "wtw",
        "attribution": (
            "Electricity mixes: Ember through Our World in Data (CC BY 4.0). "
            "Fuel defaults: FuelEU Maritime, Regulation (EU) 2023/1805, Annex II."
        ),
        "redistribution": "allowed with attribution",
        "fallback": "",
        "note": (
            "Energy use times grid or fuel factor; energy use is a team estimate of low confidence. "
            "An empty country means one without a grid figure: the median of the listed grids."
        ),
    },
}


@dataclass(frozen=True)
class Diesel:
    """Greenhouse gas of burning and of providing diesel, and the density and heat to count it by."""

    ttw_g_kg: float
    wtt_g_kg: float
    mj_kg: float
    kg_l: float


def read(name: str) -> list[Row]:
    """The rows of one source table."""
    with (FACTORS / "sources" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(value: float) -> str:
    """A figure to ten significant digits, the same on every machine."""
    return f"{value:.10g}"


def parameters() -> dict[str, float]:
    """The named assumptions of the modelled pack."""
    return {row["parameter"]: float(row["value"]) for row in read("parameters.csv")}


def diesel() -> Diesel:
    """Diesel by the EU law defaults."""
    by_name = parameters()
    return Diesel(
        1000 * by_name["diesel_ttw"],
        1000 * by_name["diesel_wtt"],
        by_name["diesel_heat"],
        by_name["diesel_density"],
    )


def grids() -> dict[str, float]:
    """Electricity generation, g CO2e per kWh by country; "" holds the median for countries not listed."""
    by_country = {row["country"]: float(row["grid_g_kwh"]) for row in read("grid.csv")}
    return {"": median(by_country.values())} | by_country


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
        "radiative_forcing_g_tkm": extra,
        "distance_basis": PUBLISHED_BASIS[row["mode"]],
        "category": "default",
        "source": row["source"] + (f"; {row['note']}" if row["note"] else ""),
        "section": row["section"],
        "licence": row["licence"],
        "confidence": row["confidence"],
    }


def modelled_intensity(vehicle_class: str, mode: str, carrier: str, terms: Row) -> Row:
    """One modelled row: energy per tkm times the factors of its energy."""
    energy = float(terms["energy_tkm"])
    return {
        "factor_id": vehicle_class.lower().replace("_", "-"),
        "mode": mode,
        "vehicle_class": vehicle_class,
        "load_basis": "average",
        "energy_carrier": carrier,
        "temperature": "ambient",
        "wtt_g_tkm": number(energy * float(terms["energy_wtt_g"])),
        "ttw_g_tkm": number(energy * float(terms["energy_ttw_g"])),
        "radiative_forcing_g_tkm": "0",
        "distance_basis": "sfd",
        "category": "modelled",
        **terms,
    }


def barges() -> list[Row]:
    """Inland vessels: diesel in MJ per tkm times the EU law default."""
    fuel = diesel()
    return [
        modelled_intensity(
            row["vehicle_class"],
            "inland_waterway",
            "diesel",
            {
                "energy_tkm": row["diesel_mj_tkm"],
                "energy_unit": "MJ",
                "energy_wtt_g": number(fuel.wtt_g_kg / fuel.mj_kg),
                "energy_ttw_g": number(fuel.ttw_g_kg / fuel.mj_kg),
                "energy_from": row["description"],
                "source": row["source"],
                "section": "sources/barge_energy.csv, parameters.csv",
                "licence": row["licence"],
                "confidence": row["confidence"],
            },
        )
        for row in read("barge_energy.csv")
    ]


def electric_trains() -> list[Row]:
    """Electric container trains by country: goods alone count, boxes and wagons are hauled for them."""
    named = parameters()
    systems = read("rail_energy.csv")
    system_of = {country: row for row in systems for country in row["countries"].split(";") if country}
    other = next(row for row in systems if not row["countries"])
    return [
        electric_train(country, grid, system_of.get(country, other), named)
        for country, grid in grids().items()
    ]


def electric_train(country: str, grid: float, system: Row, named: dict[str, float]) -> Row:
    """The electric train of one country."""
    goods, box, wagon = (
        named["box_goods"],
        named["box_tare"],
        float(system["wagon_tare_t_per_box"]),
    )
    gross_per_net = (goods + box + wagon) / goods
    traction = float(system["traction_wh_gross_tkm"])
    kwh = traction / 1000 * gross_per_net * (1 + named["empty_return"]) * (1 + named["line_loss"])
    arithmetic = (
        f"{traction:g} Wh per gross tkm x ({goods:g} + {box:g} + {wagon:g}) / {goods:g} t "
        f"x (1 + {named['empty_return']:g} empty return) x (1 + {named['line_loss']:g} line loss); "
        f"grid {grid:g} g/kWh x (1 + {named['grid_loss']:g} loss)"
    )
    return modelled_intensity(
        f"rail_electric_{country}" if country else "rail_electric",
        "rail",
        "electricity",
        {
            "energy_tkm": number(kwh),
            "energy_unit": "kWh",
            "energy_wtt_g": number(grid * (1 + named["grid_loss"])),
            "energy_ttw_g": "0",
            "energy_from": arithmetic,
            "source": system["source"],
            "section": "sources/rail_energy.csv, grid.csv, parameters.csv",
            "licence": "CC-BY-4.0",
            "confidence": system["confidence"],
        },
    )


def hubs() -> list[Row]:
    """Hub processes by country: electricity per tonne is WTT, diesel is burned on the spot."""
    loss, fuel = parameters()["grid_loss"], diesel()
    return [
        hub(process, country, grid, loss, fuel)
        for process in read("hub_energy.csv")
        for country, grid in grids().items()
    ]


def hub(process: Row, country: str, grid: float, loss: float, fuel: Diesel) -> Row:
    """One hub process in one country."""
    tonnes = float(process["tonnes_per_unit"])
    kwh, litres = (
        float(process["electricity_kwh"]) / tonnes,
        float(process["diesel_l"]) / tonnes,
    )
    wtt_l, ttw_l = fuel.kg_l * fuel.wtt_g_kg, fuel.kg_l * fuel.ttw_g_kg
    name = process["process"].replace("_", "-")
    return {
        "factor_id": f"hub-{name}-{country.lower()}" if country else f"hub-{name}",
        "process": process["process"],
        "country": country,
        "wtt_g_t": number(kwh * grid * (1 + loss) + litres * wtt_l),
        "ttw_g_t": number(litres * ttw_l),
        "electricity_kwh_t": number(kwh),
        "grid_g_kwh": number(grid),
        "grid_loss": number(loss),
        "diesel_l_t": number(litres),
        "diesel_wtt_g_l": number(wtt_l),
        "diesel_ttw_g_l": number(ttw_l),
        "category": "modelled",
        "source": process["source"],
        "section": "sources/hub_energy.csv, grid.csv, parameters.csv",
        "licence": "CC-BY-4.0",
        "confidence": process["confidence"],
    }


def classes(pack: str, intensities: list[Row]) -> list[Row]:
    """Which factor answers for which vehicle class of the network."""
    modelled = intensities if pack == MODELLED else []
    rows = modelled + [row for row in read("classes.csv") if row["pack"] == pack]
    return [{name: row[name] for name in CLASS_COLUMNS} for row in rows]


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
    intensities = barges() + electric_trains() if is_modelled else published_intensities(pack)
    columns = INTENSITY_COLUMNS + ENERGY_COLUMNS if is_modelled else INTENSITY_COLUMNS
    write_table(folder / "intensities.csv", columns, intensities)
    write_table(folder / "hubs.csv", HUB_COLUMNS, hubs() if is_modelled else [])
    write_table(folder / "classes.csv", CLASS_COLUMNS, classes(pack, intensities))


def build(target: Path = FACTORS) -> None:
    """Writes every pack below ``target``."""
    for pack in PACKS:
        write_pack(target, pack)


if __name__ == "__main__":
    build()

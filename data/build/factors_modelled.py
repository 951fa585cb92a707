"""The modelled pack: energy per tonne-km or per tonne times fuel and grid factors, each term a column.

`wtw_low` and `wtw_high` follow the low and the high energy use of the source row; the grid and the fuel stay.
"""

from __future__ import annotations

from dataclasses import dataclass

from factor_sources import Diesel, Row, diesel, grids, number, parameters, read

GRID = "as published"
FUEL = "AR6"


@dataclass(frozen=True)
class Energy:
    """Energy per tonne-km, central, low and high, and g CO2e of providing and of using one unit."""

    central: float
    low: float
    high: float
    unit: str
    wtt_g: float
    ttw_g: float
    arithmetic: str

    def terms(self) -> Row:
        """The columns that show the arithmetic, and the range that follows from it."""
        grams = self.wtt_g + self.ttw_g
        return {
            "energy_tkm": number(self.central),
            "energy_low_tkm": number(self.low),
            "energy_high_tkm": number(self.high),
            "energy_unit": self.unit,
            "energy_wtt_g": number(self.wtt_g),
            "energy_ttw_g": number(self.ttw_g),
            "energy_from": self.arithmetic,
            "wtt_g_tkm": number(self.central * self.wtt_g),
            "ttw_g_tkm": number(self.central * self.ttw_g),
            "wtw_low_g_tkm": number(self.low * grams),
            "wtw_high_g_tkm": number(self.high * grams),
        }


def intensity(vehicle_class: str, mode: str, carrier: str, energy: Energy, facts: Row) -> Row:
    """One modelled row."""
    return {
        "factor_id": vehicle_class.lower().replace("_", "-"),
        "mode": mode,
        "vehicle_class": vehicle_class,
        "load_basis": "average",
        "energy_carrier": carrier,
        "temperature": "ambient",
        "radiative_forcing_g_tkm": "0",
        "distance_basis": "sfd",
        "category": "modelled",
        **energy.terms(),
        **facts,
    }


def intensities() -> list[Row]:
    """Barges, electric trains, electric and hydrogen lorries, and what moves by own strength."""
    trucks = [row for source in read("truck_energy.csv") for row in _truck_rows(source)]
    return [_barge(row) for row in read("barge_energy.csv")] + _trains() + trucks + _own_strength()


def _own_strength() -> list[Row]:
    """Legs on foot and by bicycle: they keep their distance and take no energy."""
    none = Energy(0.0, 0.0, 0.0, "MJ", 0.0, 0.0, "no energy carrier")
    return [
        intensity(
            row["vehicle_class"],
            "road",
            "none",
            none,
            {
                "source": row["source"],
                "section": "sources/own_strength.csv",
                "licence": row["licence"],
                "confidence": row["confidence"],
                "gwp_set": FUEL,
            },
        )
        for row in read("own_strength.csv")
    ]


def _barge(row: Row) -> Row:
    """An inland vessel: diesel in MJ per tkm times the EU law default."""
    fuel = diesel()
    energy = Energy(
        *(float(row[name]) for name in ("diesel_mj_tkm", "low", "high")),
        "MJ",
        fuel.wtt_g_kg / fuel.mj_kg,
        fuel.ttw_g_kg / fuel.mj_kg,
        row["description"],
    )
    facts = {
        "source": row["source"],
        "section": "sources/barge_energy.csv, parameters.csv",
        "licence": row["licence"],
        "confidence": row["confidence"],
        "gwp_set": FUEL,
    }
    return intensity(row["vehicle_class"], "inland_waterway", "diesel", energy, facts)


def _trains() -> list[Row]:
    """Electric container trains by country: goods alone count, boxes and wagons are hauled for them."""
    named, systems = parameters(), read("rail_energy.csv")
    system_of = {country: row for row in systems for country in row["countries"].split(";") if country}
    other = next(row for row in systems if not row["countries"])
    return [_train(country, grid, system_of.get(country, other), named) for country, grid in grids().items()]


def _train(country: str, grid: float, system: Row, named: dict[str, float]) -> Row:
    """The electric train of one country."""
    goods, box, wagon = named["box_goods"], named["box_tare"], float(system["wagon_tare_t_per_box"])
    per_traction = (goods + box + wagon) / goods * (1 + named["empty_return"]) * (1 + named["line_loss"])
    traction, low, high = (float(system[name]) for name in ("traction_wh_gross_tkm", "low", "high"))
    arithmetic = (
        f"{traction:g} Wh per gross tkm x ({goods:g} + {box:g} + {wagon:g}) / {goods:g} t "
        f"x (1 + {named['empty_return']:g} empty return) x (1 + {named['line_loss']:g} line loss); "
        f"{_grid_words(grid, named)}"
    )
    kwh = (per_traction * each / 1000 for each in (traction, low, high))
    energy = Energy(*kwh, "kWh", _delivered(grid, named), 0.0, arithmetic)
    facts = {
        "source": system["source"],
        "section": "sources/rail_energy.csv, grid.csv, parameters.csv",
        "licence": "CC-BY-4.0",
        "confidence": system["confidence"],
        "gwp_set": GRID,
    }
    return intensity(_named("rail_electric", country), "rail", "electricity", energy, facts)


def _truck_rows(source: Row) -> list[Row]:
    """A battery lorry on every grid; a hydrogen one by EU law and by electrolysis on every grid."""
    named = parameters()
    if source["carrier"] == "electricity":
        return [_electric_truck(source, country, grid, named) for country, grid in grids().items()]
    by_law = [
        _law_truck(source, fuel, name) for fuel, name in (("fossil-h2", "fossil"), ("rfnbo-h2", "rfnbo"))
    ]
    return by_law + [_grid_truck(source, country, grid, named) for country, grid in grids().items()]


def _per_tkm(source: Row) -> tuple[tuple[float, float, float], str]:
    """Energy per tonne-km (central, low, high) of a lorry from energy per km, and how."""
    payload, load, empty = (float(source[name]) for name in ("payload_t", "load_factor", "empty_running"))
    loss = float(source["loss"])
    tonnes = payload * load * (1 - empty)
    central, low, high = (float(source[name]) * (1 + loss) / tonnes for name in ("energy_km", "low", "high"))
    words = (
        f"{source['energy_km']} {source['unit']} per km x (1 + {loss:g} charging loss) / "
        f"({payload:g} t payload x {load:g} load factor x (1 - {empty:g} empty running))"
    )
    return (central, low, high), words


def _electric_truck(source: Row, country: str, grid: float, named: dict[str, float]) -> Row:
    used, words = _per_tkm(source)
    energy = Energy(*used, "kWh", _delivered(grid, named), 0.0, f"{words}; {_grid_words(grid, named)}")
    return intensity(
        _named(source["vehicle_class"], country), "road", "electricity", energy, _truck_facts(source, GRID)
    )


def _law_truck(source: Row, fuel: str, name: str) -> Row:
    used, words = _per_tkm(source)
    law = next(row for row in read("fuels.csv") if row["factor_id"] == fuel)
    wtt, ttw = float(law["wtt_g_kg"]), float(law["ttw_g_kg"])
    energy = Energy(*used, "kg", wtt, ttw, f"{words}; {wtt:g} g CO2e per kg of hydrogen by EU law ({name})")
    facts = _truck_facts(source, FUEL)
    return intensity(f"{source['vehicle_class']}_{name}", "road", "hydrogen", energy, facts)


def _grid_truck(source: Row, country: str, grid: float, named: dict[str, float]) -> Row:
    used, words = _per_tkm(source)
    kwh = named["electrolysis"]
    arithmetic = f"{words}; {kwh:g} kWh of electrolysis per kg x {_grid_words(grid, named)}"
    energy = Energy(*used, "kg", kwh * _delivered(grid, named), 0.0, arithmetic)
    vehicle_class = _named(f"{source['vehicle_class']}_grid", country)
    return intensity(vehicle_class, "road", "hydrogen", energy, _truck_facts(source, GRID))


def _truck_facts(source: Row, gwp_set: str) -> Row:
    return {
        "source": source["source"],
        "section": "sources/truck_energy.csv, grid.csv, fuels.csv, parameters.csv",
        "licence": "CC-BY-4.0" if gwp_set == GRID else f"{source['licence']} AND EU law",
        "confidence": source["confidence"],
        "gwp_set": gwp_set,
    }


def _named(vehicle_class: str, country: str) -> str:
    return f"{vehicle_class}_{country}" if country else vehicle_class


def _delivered(grid: float, named: dict[str, float]) -> float:
    """Electricity as used: generation and its losses on the way."""
    return grid * (1 + named["grid_loss"])


def _grid_words(grid: float, named: dict[str, float]) -> str:
    return f"grid {grid:g} g/kWh x (1 + {named['grid_loss']:g} loss)"


def hubs() -> list[Row]:
    """Hub processes by country: electricity per tonne is WTT, diesel is burned on the spot."""
    named, fuel = parameters(), diesel()
    return [
        _hub(process, country, grid, named, fuel)
        for process in read("hub_energy.csv")
        for country, grid in grids().items()
    ]


def _hub(process: Row, country: str, grid: float, named: dict[str, float], fuel: Diesel) -> Row:
    """One hub process in one country."""
    tonnes, loss = float(process["tonnes_per_unit"]), named["grid_loss"]
    kwh, litres = float(process["electricity_kwh"]) / tonnes, float(process["diesel_l"]) / tonnes
    wtt_l, ttw_l = fuel.kg_l * fuel.wtt_g_kg, fuel.kg_l * fuel.ttw_g_kg
    wtt, ttw = kwh * grid * (1 + loss) + litres * wtt_l, litres * ttw_l
    name = process["process"].replace("_", "-")
    return {
        "factor_id": f"hub-{name}-{country.lower()}" if country else f"hub-{name}",
        "process": process["process"],
        "country": country,
        "wtt_g_t": number(wtt),
        "ttw_g_t": number(ttw),
        "wtw_low_g_t": number(named["hub_low"] * (wtt + ttw)),
        "wtw_high_g_t": number(named["hub_high"] * (wtt + ttw)),
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
        "gwp_set": f"{FUEL};{GRID}" if litres else GRID,
    }


def grid_rows() -> list[Row]:
    """Electricity by country as a table of its own; the row of no country is the median of the others."""
    loss, named = parameters()["grid_loss"], {row["country"]: row for row in read("grid.csv")}
    other = {
        "name": "any other country", "year": "", "scope": "median of the listed grids",
        "licence": "CC-BY-4.0", "source": next(iter(named.values()))["source"], "confidence": "low",
    }  # fmt: skip
    return [
        {
            "factor_id": f"grid-{country.lower()}" if country else "grid",
            "country": country,
            "generation_g_kwh": number(grid),
            "loss": number(loss),
            "gwp_set": GRID,
        }
        | {name: named.get(country, other)[name] for name in GRID_FACTS}
        for country, grid in grids().items()
    ]


GRID_FACTS = ("name", "year", "scope", "source", "licence", "confidence")

"""A route as text: stops, legs, money and emissions, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xroute.factors import basis_of

if TYPE_CHECKING:
    from xroute.route import Route


def explain_route(route: Route) -> str:
    """Every stop and leg, every line of money, every line of emissions with its factor."""
    return "\n".join([*_way(route), "", *_money(route), "", *_carbon(route)])


def _days(hours: float) -> str:
    return f"{hours / 24:.1f} d" if hours >= 24 else f"{hours:.1f} h"


def _way(route: Route) -> list[str]:
    low, high = route.duration_low_h / 24, route.duration_high_h / 24
    lines = [
        f"{route.origin_name} to {route.destination_name}, {route.load}"
        + (f" x {route.load_units}" if route.load_units else ""),
        f"{route.duration_h / 24:.1f} days ({low:.1f}-{high:.1f}), {route.distance_km:,.0f} km"
        + (f" ({route.line_km:,.0f} km of line)" if abs(route.line_km - route.distance_km) > 1 else ""),
    ]
    for at, stop in enumerate(route.stops):
        wait = f", waits {_days(stop.wait_h)}" if stop.wait_h else ""
        lines.append(f"  at {stop.name}: {stop.from_mode} to {stop.to_mode}, {_days(stop.duration_h)}{wait}")
        if at < len(route.legs):
            leg = route.legs[at]
            through = f" through {', '.join(leg.passages)}" if leg.passages else ""
            lines.append(
                f"  {leg.mode} to {leg.destination_name}: {leg.distance_km:,.0f} km, "
                f"{_days(leg.duration_h)}{through}"
            )
    for line in route.clearance.lines:
        lines.append(f"  customs {line.country}: {line.what}, {_days(line.hours)}")
    lines += [f"  note: {note}" for note in route.notes]
    return lines


def _money(route: Route) -> list[str]:
    mark = " indicative" if route.is_indicative else ""
    lines = [f"Transport cost {route.cost_eur:,.2f} EUR{mark} (no duty, VAT or inventory)"]
    lines += [
        f"  {line.amount_eur:>12,.2f} EUR  {line.what}, {line.entity}"
        + (" (indicative)" if line.is_indicative else "")
        for line in route.cost_lines
    ]
    if route.carbon_price_eur_t or route.value_of_time_eur_h:
        lines.append(
            f"  besides: carbon price {route.carbon_charge_eur:,.2f} EUR, value of time "
            f"{route.time_value_eur:,.2f} EUR; generalised cost {route.generalised_eur:,.2f} EUR"
        )
    for mode in dict.fromkeys(leg.mode for leg in route.legs):
        if mode in route.chargeable:
            charged = route.chargeable[mode]
            lines.append(f"  {mode} is charged on {charged.quantity:,.3g} {charged.unit} ({charged.won})")
    return lines


def _carbon(route: Route) -> list[str]:
    total = route.footprint
    lines = [
        f"{total.wtw_co2e_kg:,.1f} kg CO2e well to wheel "
        f"(well to tank {total.wtt_co2e_kg:,.1f}, tank to wheel {total.ttw_co2e_kg:,.1f}), "
        "aligned with ISO 14083"
    ]
    for line in total.lines:
        factor = line.factor
        basis = f" {line.distance_basis}" if line.distance_basis else ""
        adjusted = f" x {line.adjustment:.4g} to {basis_of(factor)}" if line.adjustment != 1.0 else ""
        activity = f"{line.distance_km:,.0f} km{basis}{adjusted}" if line.distance_km else "handling"
        lines.append(
            f"  {line.wtt_co2e_kg + line.ttw_co2e_kg:>10,.1f} kg  {line.mode}, {line.element}: {activity}; "
            f"{factor.factor_id} ({factor.category}, {factor.licence})"
        )
    return lines

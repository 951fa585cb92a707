"""Emissions from measured energy: fuel and electricity times their factors, before any activity is known.

The path of a carrier that meters its tanks and plugs; refrigerant that escapes counts with it.
Electricity is provision (WTT) alone. Location-based figures make the total; a market-based one and bought
claims (certificates, sustainable fuel booked elsewhere) stand beside it and are never netted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xroute.errors import InputError
from xroute.factors import EnergyUse, Factor, not_negative

if TYPE_CHECKING:
    from xroute.table import Table

MJ_PER_KWH = 3.6
UNITS = ("l", "kg", "kWh", "MJ")


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelUse:
    """Fuel burned: a quantity with its unit, and kg CO2e of providing and of burning one `factor_unit`.

    Units are l, kg, kWh and MJ. `density_kg_l` leads from litres to kilograms, `mj_kg` (lower heating value)
    from kilograms to energy; each is needed only where quantity and factor differ. Raises `InputError` for an
    unknown unit, a value that is no quantity, or a conversion without its figure.

    >>> FuelUse(carrier="diesel B7", quantity=100, unit="l", factor_unit="kg", density_kg_l=0.836,
    ...         wtt_kg_per_unit=0.98, ttw_kg_per_unit=2.93).wtw_co2e_kg.__round__(1)
    326.9
    """

    carrier: str
    quantity: float
    unit: str
    wtt_kg_per_unit: float
    ttw_kg_per_unit: float
    factor_unit: str = ""
    density_kg_l: float | None = None
    mj_kg: float | None = None
    source: str = "user"

    def __post_init__(self) -> None:
        for name in ("quantity", "wtt_kg_per_unit", "ttw_kg_per_unit"):
            not_negative(getattr(self, name), name)
        for name in (self.unit, self.factor_unit or self.unit):
            if name not in UNITS:
                raise InputError(f"'{name}' is none of: {', '.join(UNITS)}", column="unit")
        self.factor_quantity  # noqa: B018  a conversion without its figure fails here, not later

    @property
    def factor_quantity(self) -> float:
        """The quantity in the unit of the factor."""
        wanted = self.factor_unit or self.unit
        if wanted == self.unit:
            return self.quantity
        if {wanted, self.unit} == {"kWh", "MJ"}:
            return self.quantity * (MJ_PER_KWH if wanted == "MJ" else 1.0 / MJ_PER_KWH)
        return self._kg() / self._kg_in(wanted)

    def _kg(self) -> float:
        return self.quantity * self._kg_in(self.unit)

    def _kg_in(self, unit: str) -> float:
        """Kilograms of fuel in one unit."""
        if unit == "kg":
            return 1.0
        if unit == "l":
            return self._given("density_kg_l")
        return (MJ_PER_KWH if unit == "kWh" else 1.0) / self._given("mj_kg")

    def _given(self, name: str) -> float:
        value = not_negative(getattr(self, name) or 0.0, name)
        if not value:
            message = f"{self.carrier}: {self.unit} to {self.factor_unit or self.unit} needs {name}"
            raise InputError(message, column=name)
        return value

    @property
    def wtt_co2e_kg(self) -> float:
        """Providing the fuel, kg CO2e."""
        return self.factor_quantity * self.wtt_kg_per_unit

    @property
    def ttw_co2e_kg(self) -> float:
        """Burning it, kg CO2e."""
        return self.factor_quantity * self.ttw_kg_per_unit

    @property
    def wtw_co2e_kg(self) -> float:
        """Both, kg CO2e."""
        return self.wtt_co2e_kg + self.ttw_co2e_kg

    @property
    def market_co2e_kg(self) -> float:
        """The same: a contract changes nothing about fuel in the tank."""
        return self.wtw_co2e_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityUse:
    """Electricity at the plug in kWh: location-based in g CO2e per kWh, market-based where a contract is.

    Raises `InputError` for a value that is no quantity.

    >>> ElectricityUse(kwh=100_000, location_g_kwh=349.2).wtw_co2e_kg
    34920.0
    """

    kwh: float
    location_g_kwh: float
    market_g_kwh: float | None = None
    carrier: str = "electricity"
    source: str = "user"

    def __post_init__(self) -> None:
        not_negative(self.kwh, "kwh")
        not_negative(self.location_g_kwh, "location_g_kwh")
        if self.market_g_kwh is not None:
            not_negative(self.market_g_kwh, "market_g_kwh")

    @classmethod
    def from_mj(cls, mj: float, *, g_mj: float, market_g_mj: float | None = None) -> ElectricityUse:
        """The same from megajoules and g CO2e per MJ."""
        market = None if market_g_mj is None else market_g_mj * MJ_PER_KWH
        return cls(kwh=mj / MJ_PER_KWH, location_g_kwh=g_mj * MJ_PER_KWH, market_g_kwh=market)

    @property
    def wtt_co2e_kg(self) -> float:
        """Generation and grid, location-based, kg CO2e."""
        return self.kwh * self.location_g_kwh / 1000.0

    @property
    def ttw_co2e_kg(self) -> float:
        """Zero: using electricity emits nothing."""
        return 0.0

    @property
    def wtw_co2e_kg(self) -> float:
        """The same as the provision."""
        return self.wtt_co2e_kg

    @property
    def market_co2e_kg(self) -> float:
        """Market-based, kg CO2e; location-based where no contract is stated."""
        if self.market_g_kwh is None:
            return self.wtw_co2e_kg
        return self.kwh * self.market_g_kwh / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A reduction bought apart from the physical energy (book and claim), kg CO2e: shown, never netted."""

    kind: str
    co2e_kg: float
    reference: str = ""

    def __post_init__(self) -> None:
        not_negative(self.co2e_kg, "co2e_kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefrigerantLoss:
    """Refrigerant that escaped, in kg, times a warming potential whose set is named: operation (TTW) alone.

    Potentials differ by set (for R-134a 1,430 in AR4, 1,300 in AR5, 1,530 in AR6), so there is no default.
    Raises `InputError` for a set that is none or a value that is no quantity.

    >>> RefrigerantLoss(name="R-134a", kg=0.225, gwp=1430, gwp_set="AR4").wtw_co2e_kg
    321.75
    """

    name: str
    kg: float
    gwp: float
    gwp_set: str
    source: str = "user"

    def __post_init__(self) -> None:
        not_negative(self.kg, "kg")
        not_negative(self.gwp, "gwp")
        if self.gwp_set not in ("AR4", "AR5", "AR6"):
            raise InputError(f"'{self.gwp_set}' is none of: AR4, AR5, AR6", column="gwp_set")

    @classmethod
    def from_charge(
        cls, name: str, *, charge_kg: float, annual_loss: float, gwp: float, gwp_set: str, years: float = 1.0
    ) -> RefrigerantLoss:
        """The loss of a system: its charge times the share that escapes in a year, over some years.

        Raises `InputError` for a share above 1.
        """
        if not_negative(annual_loss, "annual_loss") > 1.0:
            raise InputError(f"expected a share of at most 1, got {annual_loss:g}", column="annual_loss")
        kg = not_negative(charge_kg, "charge_kg") * annual_loss * not_negative(years, "years")
        return cls(name=name, kg=kg, gwp=gwp, gwp_set=gwp_set)

    @property
    def carrier(self) -> str:
        """What escaped, beside the energy carriers."""
        return f"refrigerant {self.name}"

    @property
    def wtt_co2e_kg(self) -> float:
        """Zero: the making of the refrigerant is outside the operation."""
        return 0.0

    @property
    def ttw_co2e_kg(self) -> float:
        """What escaped, kg CO2e."""
        return self.kg * self.gwp

    @property
    def wtw_co2e_kg(self) -> float:
        """The same."""
        return self.ttw_co2e_kg

    @property
    def market_co2e_kg(self) -> float:
        """The same: no contract takes it back."""
        return self.ttw_co2e_kg


Energy = FuelUse | ElectricityUse | RefrigerantLoss


@dataclass(frozen=True, slots=True)
class EnergyFootprint:
    """What measured energy emits, kg CO2e: location-based totals, and market-based and claims beside them.

    >>> EnergyFootprint([ElectricityUse(kwh=1000, location_g_kwh=350, market_g_kwh=0)]).wtw_co2e_kg
    350.0
    """

    uses: Sequence[Energy]
    claims: Sequence[Claim] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "uses", tuple(self.uses))
        object.__setattr__(self, "claims", tuple(self.claims))

    @property
    def wtt_co2e_kg(self) -> float:
        """Energy provision."""
        return math.fsum(use.wtt_co2e_kg for use in self.uses)

    @property
    def ttw_co2e_kg(self) -> float:
        """Operation."""
        return math.fsum(use.ttw_co2e_kg for use in self.uses)

    @property
    def wtw_co2e_kg(self) -> float:
        """Both, location-based: the total of the standard."""
        return math.fsum(use.wtw_co2e_kg for use in self.uses)

    @property
    def market_co2e_kg(self) -> float:
        """Both, with market-based electricity: a figure of its own, in no total."""
        return math.fsum(use.market_co2e_kg for use in self.uses)

    @property
    def claimed_co2e_kg(self) -> float:
        """What bought claims state: a figure of its own, in no total."""
        return math.fsum(claim.co2e_kg for claim in self.claims)

    def part(self, share: float) -> EnergyFootprint:
        """A part of all of it, such as the share of one shipment; claims keep to the whole.

        Raises `InputError` for a share above 1.
        """
        if not_negative(share, "share") > 1.0 + 1e-12:
            raise InputError(f"expected a share of at most 1, got {share:g}", column="share")
        return EnergyFootprint([_part_of(use, share) for use in self.uses])

    def shared(self, shares: Mapping[str, float]) -> dict[str, EnergyFootprint]:
        """The part of each who bears it, by the shares of `xroute.sharing`; together the whole.

        Raises `InputError` for shares that do not add up to 1.
        """
        total = math.fsum(shares.values())
        if abs(total - 1.0) > 1e-9:
            raise InputError(f"shares add up to {total:g}, not 1", column="shares")
        return {name: self.part(share) for name, share in shares.items()}

    def per(self, count: float) -> float:
        """The total for one of so many items, kg CO2e. Raises `InputError` unless `count` is above zero."""
        return self.wtw_co2e_kg / _above_zero(count, "count")

    def factor(
        self, factor_id: str, mode: str, *, activity_tkm: float, distance_basis: str, vehicle_class: str = ""
    ) -> Factor:
        """The intensity of an operation: all its energy over all its activity, the empty way back included.

        The ratio of sums over the round trip, never the mean of the ratios of its legs. Raises `InputError`
        unless `activity_tkm` is above zero.
        """
        activity = _above_zero(activity_tkm, "activity_tkm")
        carriers = dict.fromkeys(use.carrier for use in self.uses if not isinstance(use, RefrigerantLoss))
        has_market = any(
            isinstance(use, ElectricityUse) and use.market_g_kwh is not None for use in self.uses
        )
        return Factor(
            factor_id=factor_id, mode=mode, vehicle_class=vehicle_class,
            wtt_g_tkm=1000.0 * self.wtt_co2e_kg / activity, ttw_g_tkm=1000.0 * self.ttw_co2e_kg / activity,
            distance_basis=distance_basis, energy_carrier=" and ".join(carriers),
            market_wtt_g_tkm=1000.0 * (self.market_co2e_kg - self.ttw_co2e_kg) / activity
            if has_market
            else None,
        )  # fmt: skip

    def table(self) -> Table:
        """One row an energy carrier: carrier, kg CO2e by WTT, TTW, WTW and market, source."""
        from xroute.table import Table

        names = ("wtt_co2e_kg", "ttw_co2e_kg", "wtw_co2e_kg", "market_co2e_kg")
        return Table(
            {"carrier": [use.carrier for use in self.uses]}
            | {name: [getattr(use, name) for use in self.uses] for name in names}
            | {"source": [use.source for use in self.uses]}
        )


def _part_of(use: Energy, share: float) -> Energy:
    if isinstance(use, FuelUse):
        return replace(use, quantity=use.quantity * share)
    if isinstance(use, ElectricityUse):
        return replace(use, kwh=use.kwh * share)
    return replace(use, kg=use.kg * share)


def as_energy_uses(uses: Iterable[Energy]) -> list[EnergyUse]:
    """The uses as `HubFactor.from_energy` takes them."""
    return [
        EnergyUse(quantity=1.0, wtt_kg_per_unit=use.wtt_co2e_kg, ttw_kg_per_unit=use.ttw_co2e_kg)
        for use in uses
    ]


def _above_zero(value: float, column: str) -> float:
    if not not_negative(value, column):
        raise InputError("expected a number above zero, got 0", column=column)
    return float(value)

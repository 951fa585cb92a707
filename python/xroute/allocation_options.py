"""What an allocation may hold beside tables and limits: inventory, returns, periods, disruption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, Literal

from xroute.errors import InputError

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = DAYS_A_YEAR / 12


def _within(table: str, values: Mapping[str, float], least: float = 0.0, most: float = float("inf")) -> None:
    for name, value in values.items():
        if not least <= value <= most or value == float("inf"):
            message = f"expected a number from {least:g} to {most:g}, got {value!r}"
            raise InputError(message, table=table, column=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What stock costs and how much of it a plan needs.

    `holding_rate` is the share of a product's value that a year of stock costs (capital, insurance, loss).
    It is paid for goods on first legs (pipeline), for the mean of the weeks of cover (cycle stock) and for
    safety stock. Safety stock of a warehouse and product is z sqrt((lead + review) / period) sigma in units:
    z is the quantile of the normal distribution at `service` (a share of cycles without a gap); sigma is the
    root of the sum of squares over zones of what each sends there, for zones vary independently (risk
    pooling). A zone's own deviation in a period is its demand times `demand_cv`, or the demand table's
    column `sigma_units`. `lead` is the days of the first leg that stock covers: of the cheapest candidate
    ("cheapest"), of the slowest ("slowest"), or a number; `review_days` is the time between orders.
    """

    holding_rate: float = 0.2
    service: float = 0.95
    demand_cv: float = 0.3
    lead: Literal["cheapest", "slowest"] | float = "cheapest"
    review_days: float = 7.0

    def __post_init__(self) -> None:
        _within("inventory", {"service": self.service}, 0.5, 0.999999)
        _within(
            "inventory",
            {"holding_rate": self.holding_rate, "demand_cv": self.demand_cv, "review_days": self.review_days},
        )
        if isinstance(self.lead, str):
            if self.lead not in ("cheapest", "slowest"):
                message = f"expected 'cheapest', 'slowest' or days, got {self.lead!r}"
                raise InputError(message, table="inventory", column="lead")
        else:
            _within("inventory", {"lead": self.lead})

    @property
    def z(self) -> float:
        """How many deviations safety stock covers.

        >>> round(Inventory(service=0.95).z, 3)
        1.645
        """
        return NormalDist().inv_cdf(self.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Where what customers send back goes, and what is sold again.

    The products table's `return_rate` says which share of delivered units comes back. They go to warehouses
    `to` (all where empty), or with `same_warehouse` to the one that sent them; the way back costs and emits
    what the way out does. Each is inspected for `inspection_eur`. At most `refurbished_share` of a
    warehouse's returns of a product is made good for `refurbish_eur` a unit and delivered again from there;
    the rest is disposed of for `disposal_eur` a unit (below 0: sold as it is). `capacity_units` limits what a
    warehouse refurbishes in a period.
    """

    to: tuple[str, ...] = ()
    same_warehouse: bool = False
    inspection_eur: float = 1.0
    refurbished_share: float = 0.0
    refurbish_eur: float = 0.0
    disposal_eur: float = 0.0
    capacity_units: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _within("returns", {"refurbished_share": self.refurbished_share}, 0.0, 1.0)
        _within("returns", {"inspection_eur": self.inspection_eur, "refurbish_eur": self.refurbish_eur})
        _within("returns", {"disposal_eur": self.disposal_eur}, -1e9, 1e9)
        _within("returns", {f"capacity_units of {name}": each for name, each in self.capacity_units.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """How the periods of the demand table follow one another.

    Periods are the values of the demand column `period`, in order (numbers by value, else as text: ISO dates
    sort right), each of `days`. A first leg of d days arrives round(d / days) periods after it leaves; it may
    leave up to `ordered_ahead` periods before the first. What is not delivered is kept to the next period.
    `on_hand` is a table (warehouse_id, product_id, units) of stock at the start. `open_for` "horizon" keeps
    a warehouse open in all periods or in none; "period" lets it open and close, each opening at the
    warehouses table's `opening_eur`, unless it `is_open_before` the first period.
    """

    days: float = DAYS_A_MONTH
    ordered_ahead: int = 0
    on_hand: Any = None
    open_for: Literal["horizon", "period"] = "horizon"

    def __post_init__(self) -> None:
        _within("periods", {"days": self.days, "ordered_ahead": float(self.ordered_ahead)})
        if self.days <= 0.0:
            raise InputError(f"expected a positive number, got {self.days!r}", table="periods", column="days")
        if self.open_for not in ("horizon", "period"):
            message = f"expected 'horizon' or 'period', got {self.open_for!r}"
            raise InputError(message, table="periods", column="open_for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruption:
    """Events that the open warehouses must bear: what is lost, how likely, and what may stay unserved.

    `scenarios` are mappings with `name`, `lost` (ids of warehouses, origins, passages or hubs) and perhaps
    `probability` and `demand` (a factor). With `n_minus_1` every loss of a single warehouse, origin, passage
    or hub that the first legs use is an event too, without probability. In every event at most
    `max_unserved` of the units may stay unserved; a unit unserved costs `unserved_eur` (its value where
    `None`). `cvar_share` is the weight of the conditional value at risk at `cvar_level` (the mean of the
    dearest 1 - level of outcomes) in what is minimised; the rest is the expected cost. What is left of the
    probabilities is the undisturbed plan.
    """

    scenarios: tuple[Mapping[str, Any], ...] = ()
    n_minus_1: bool = False
    max_unserved: float = 1.0
    unserved_eur: float | None = None
    cvar_level: float = 0.95
    cvar_share: float = 0.0

    def __post_init__(self) -> None:
        _within("disruption", {"max_unserved": self.max_unserved, "cvar_share": self.cvar_share}, 0.0, 1.0)
        _within("disruption", {"cvar_level": self.cvar_level}, 0.0, 0.999999)
        if self.unserved_eur is not None:
            _within("disruption", {"unserved_eur": self.unserved_eur})
        for each in self.scenarios:
            wrong = set(each) - {"name", "lost", "probability", "demand"}
            if wrong or "name" not in each:
                message = f"expected name, lost, probability, demand, got {dict(each)}"
                raise InputError(message, table="disruption", column="scenarios")
        chances = [float(each.get("probability", 0.0)) for each in self.scenarios]
        if min(chances, default=0.0) < 0.0 or sum(chances) > 1.0 + 1e-9:
            message = f"expected probabilities that add up to at most 1, got {sum(chances):g}"
            raise InputError(message, table="disruption", column="scenarios")

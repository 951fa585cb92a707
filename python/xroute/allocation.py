"""Which warehouses open, by which routes they are filled, and which zones they serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from xroute import allocation_inputs as inputs
from xroute.allocation_candidates import Candidates, build
from xroute.allocation_disruption import Risk
from xroute.allocation_engine import Decision
from xroute.allocation_events import bearing, ways_round
from xroute.allocation_extras import Options
from xroute.allocation_incumbent import chosen_search
from xroute.allocation_inputs import FirstLeg, Tables
from xroute.allocation_lanes import Lanes, lanes
from xroute.allocation_limits import Names, unreached
from xroute.allocation_options import Disruption, Inventory, Periods, Returns
from xroute.allocation_repair import explained
from xroute.allocation_solver import Effort, Termination
from xroute.allocation_tiers import read_fees
from xroute.allocation_transfers import read_transfers
from xroute.errors import AllocationError, InputError
from xroute.price_warnings import tells_indicative
from xroute.scenario import Scenario

if TYPE_CHECKING:
    from xroute.allocation_model import Problem
    from xroute.allocation_prices import Prices
    from xroute.allocation_why import Why
    from xroute.network import Network
    from xroute.table import Table

__all__ = ["Allocation", "Limits", "Termination", "allocate"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an allocation must keep to.

    `max_co2e_kg` caps the month's emissions (first legs, warehouses, linehaul and vans). `max_days` is the
    most days from warehouse to door, `max_first_leg_days` from origin to warehouse; a demand row's own
    `max_days` is kept too. `lcl_below_share` is the share of a box a month that a product must fill on a
    first leg to be priced by the box; below it goes as groupage. `gap` is the relative gap that counts as
    optimal. `max_co2e_kg_by_region` caps what the warehouses of a region receive, keep and send;
    `service` asks for shares of the units within days, such as `{"days": 3, "share": 0.9, "region":
    "europe"}`; `lane_capacity_m3` limits the m3 a month over a passage or hub, of all first legs together;
    `max_share` is the most that one warehouse delivers of a product; `single_source` is "zone" or "product"
    where one warehouse alone serves a zone, or a zone's product. `max_share_by` is the most that any one
    "origin", "route", "lane" (passage or hub) or "warehouse" has of a product's units; `channels` asks for
    disjoint channels with a share each, such as `{"count": 2, "share": 0.2, "per": "region", "disjoint_in":
    ("warehouse", "lane")}`.
    """

    max_co2e_kg: float | None = None
    max_days: float | None = None
    max_first_leg_days: float | None = None
    lcl_below_share: float = 0.25
    gap: float = 1e-4
    max_co2e_kg_by_region: Mapping[str, float] = field(default_factory=dict)
    max_co2e_kg_by_product: Mapping[str, float] = field(default_factory=dict)
    service: tuple[Mapping[str, Any], ...] = ()
    lane_capacity_m3: Mapping[str, float] = field(default_factory=dict)
    max_share: float | None = None
    open_warehouses: tuple[str, ...] = ()
    closed_warehouses: tuple[str, ...] = ()
    min_open: int | None = None
    max_open: int | None = None
    single_source: Literal["", "zone", "product"] = ""
    max_share_by: Mapping[str, float] = field(default_factory=dict)
    channels: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.single_source not in ("", "zone", "product"):
            message = f"expected 'zone' or 'product', got {self.single_source!r}"
            raise InputError(message, table="limits", column="single_source")
        for name in (
            *("max_co2e_kg", "max_days", "max_first_leg_days", "lcl_below_share", "gap"),
            *("max_share", "min_open", "max_open"),
        ):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise InputError(f"expected a finite number of at least 0, got {value!r}", table="limits",
                                 column=name)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """A checked answer: units by first leg and delivery, open warehouses, totals a month."""

    tables: Tables
    scenario: Scenario
    limits: Limits
    legs: tuple[FirstLeg, ...]
    lanes: Lanes
    candidates: Candidates
    decision: Decision
    risk: Risk | None = None

    @property
    def problem(self) -> Problem:
        """The arrays that were solved."""
        return self.candidates.problem

    @property
    def termination(self) -> Termination:
        """How the solver ended, with bound and gap."""
        return self.decision.termination

    @property
    def cost_eur(self) -> float:
        """Money a month without the carbon price, EUR."""
        return self.decision.cost_eur(self.problem)

    @property
    def wtw_co2e_kg(self) -> float:
        """Emissions a month, kg CO2e well to wheel."""
        return self.decision.co2e_kg(self.problem)

    @property
    def open_warehouses(self) -> tuple[str, ...]:
        """Ids of the open warehouses."""
        ids = self.tables.warehouses["warehouse_id"]
        is_open = self.decision.is_open.reshape(-1, len(ids))
        return tuple(str(each) for at, each in enumerate(ids) if is_open[:, at].any())

    def front(self, *, over: str = "co2e", points: int = 20, hold_warehouses: bool = False) -> Table:
        """Cost against CO2e from the cheapest plan to the cleanest; see `allocation_front.front`."""
        from xroute.allocation_front import front

        return front(self, over=over, points=points, hold_warehouses=hold_warehouses)

    def why(self, *, zone: str, product: str, period: str = "") -> Why:
        """Who serves a zone with a product, who would otherwise, and which limit binds; by their ids."""
        from xroute.allocation_why import why

        return why(self, zone=zone, product=product, period=period)

    def losses(self) -> Table:
        """One row for each warehouse, origin, passage or hub lost by itself; see `allocation_losses`."""
        from xroute.allocation_losses import losses

        return losses(self)

    def prices(self) -> Prices:
        """What one unit more of each limit would save a month, with the open warehouses held."""
        from xroute.allocation_prices import prices

        return prices(self.problem, self.decision, Effort(relative_gap=self.limits.gap))

    def first_legs(self) -> Table:
        """One row for each first leg and product that is used."""
        from xroute.allocation_tables import first_legs

        return first_legs(self)

    def deliveries(self) -> Table:
        """One row for each warehouse, zone and product that is used."""
        from xroute.allocation_tables import deliveries

        return deliveries(self)

    def warehouses(self) -> Table:
        """One row for each warehouse, open or not."""
        from xroute.allocation_tables import warehouses

        return warehouses(self)

    def ledger(self) -> Table:
        """Every line of money and emissions by warehouse and period; they add up to the totals."""
        from xroute.allocation_ledger import ledger

        return ledger(self)

    def transfers(self) -> Table:
        """One row for each transfer between warehouses that is used."""
        from xroute.allocation_ledger import transfers

        return transfers(self)

    def returns(self) -> Table:
        """What zones send back where, and what is made good."""
        from xroute.allocation_ledger import returns

        return returns(self)

    def stock(self) -> Table:
        """Stock by warehouse, period and product: on the way, mean cover, safety, kept; and its money."""
        from xroute.allocation_ledger import stock

        return stock(self)

    def fees(self) -> Table:
        """Tiered fees that are due, with the band each falls in."""
        from xroute.allocation_ledger import fees

        return fees(self)

    def channels(self) -> Table:
        """The disjoint channels that each zone or region counts on."""
        from xroute.allocation_ledger import channels

        return channels(self)

    def outcomes(self) -> Table:
        """What each event of a disruption costs with the plan's open warehouses."""
        from xroute.allocation_ledger import outcomes

        return outcomes(self)

    def __repr__(self) -> str:
        count = len(self.tables.periods)
        time = f"over {count} periods" if count > 1 else "a month"
        return (
            f"<Allocation {self.termination.status}: {len(self.open_warehouses)} warehouses open, "
            f"{self.cost_eur:,.0f} EUR and {self.wtw_co2e_kg / 1000:,.1f} t CO2e {time}>"
        )


@tells_indicative
def allocate(
    net: Network,
    *,
    origins: Sequence[Any],
    warehouses: Any,
    demand: Any,
    products: Any,
    scenario: Scenario | None = None,
    limits: Limits | None = None,
    fees: Any = None,
    transfers: Any = None,
    inventory: Inventory | None = None,
    returns: Returns | None = None,
    periods: Periods | None = None,
    disruption: Disruption | None = None,
    on_interrupt: Literal["raise", "incumbent"] = "raise",
    progress: Progress | None = None,
) -> Allocation:
    """Decides warehouses, first legs and zones for a month of demand (or several periods), at least cost.

    `fees` is a table of tiers (`allocation_tiers`), `transfers` one of ways between warehouses, or `True`
    for all of a region (`allocation_transfers`). `inventory` adds pipeline, cycle and safety stock,
    `returns` what comes back, `periods` says how the periods of the demand table follow one another,
    `disruption` which events the open warehouses must bear. Each can stand beside each and every limit; the
    modules `allocation_model`, `allocation_inventory`, `allocation_returns`, `allocation_periods`,
    `allocation_channels` and `allocation_disruption` have sets, variables, units and constraints.

    Ctrl-C raises `KeyboardInterrupt`, or gives the best plan so far with `on_interrupt="incumbent"` where
    there is one: its termination is "interrupted", not reproducible, and its gap is what was proved by then.
    Raises `AllocationError` with a `termination` when nothing meets the limits (the message names the
    limit), and `InputError` for tables that cannot be read.
    """
    search = chosen_search(on_interrupt)
    scenario, limits, tell = scenario or Scenario(), limits or Limits(), progress or (lambda _: None)
    tables = inputs.read(net, origins, warehouses, demand, products, idle=_idle(inventory, returns, periods))
    options = Options(
        fees=read_fees(tables, fees), moves=read_transfers(tables, transfers, scenario),
        inventory=inventory, returns=returns, periods=periods or Periods(),
    )  # fmt: skip
    tell(f"first legs: {len(tables.origins)} origins x {len(tables.warehouse_hubs)} warehouses")
    legs = ways_round(tables, inputs.first_legs(tables, scenario), scenario, disruption)
    tell(f"deliveries: {len(tables.warehouse_hubs)} warehouses x {len(tables.zones)} zones")
    linehaul = lanes(tables, scenario)
    candidates = build(tables, legs, linehaul, scenario, limits, options)
    problem = candidates.problem
    tell(f"model: {len(problem.first)} first legs, {len(problem.delivery)} deliveries")
    effort = Effort(relative_gap=limits.gap)
    if unreached(problem, names_of(tables)):
        missing = explained(problem, effort, names_of(tables))
        raise AllocationError(f"no plan keeps the limits: {missing}", nothing_reached(missing, effort))
    risk = None
    if disruption is not None:
        tell("events")
        problem, risk = bearing(tables, legs, candidates, disruption, effort, names_of(tables))
        candidates = replace(candidates, problem=problem)
    decision = search(problem, effort, name_limit=lambda p, e: explained(p, e, names_of(tables)))
    return Allocation(
        tables=tables, scenario=scenario, limits=limits, legs=tuple(legs), lanes=linehaul, risk=risk,
        candidates=candidates, decision=decision,
    )  # fmt: skip


def _idle(inventory: Inventory | None, returns: Returns | None, periods: Periods | None) -> tuple[str, ...]:
    """Columns of options that are not asked for."""
    asked = {
        "return_rate": returns is not None, "sigma_units": inventory is not None,
        "opening_eur": periods is not None and periods.open_for == "period",
    }  # fmt: skip
    return tuple(column for column, is_used in asked.items() if not is_used)


def nothing_reached(reason: str, effort: Effort) -> Termination:
    """The termination of a problem that is infeasible before a solver sees it."""
    none = float("nan")
    return Termination(
        status="infeasible", reason=reason, objective=none, bound=none, gap=none, solver="structure check",
        solver_version="", seed=effort.seed, cpu_s=0.0, wall_s=0.0,
    )  # fmt: skip


def names_of(tables: Tables) -> Names:
    """What planners call the rows of the model."""
    ends = [f" in {each}" if each else "" for each in tables.periods]
    return Names(
        warehouses=[f"{each}{end}" for end in ends for each in tables.warehouses["warehouse_id"]],
        zones=[f"{each}{end}" for end in ends for each in _zone_names(tables)],
        products=[str(each) for each in tables.products["product_id"]],
    )


def _zone_names(tables: Tables) -> list[str]:
    """Ids of zones, behind their names where the demand table has them."""
    if "name" not in tables.demand:
        return list(tables.zones)
    first = dict(zip(tables.demand["zone_id"][::-1], tables.demand["name"][::-1], strict=True))
    return [f"{first[zone]} ({zone})" for zone in tables.zones]

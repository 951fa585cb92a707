"""Money and emissions of an allocation by line, from its flows, and the tables of its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_channels import CHANNEL
from xroute.allocation_inventory import SAFETY
from xroute.allocation_periods import ON_HAND, OPENING
from xroute.allocation_returns import REFURBISHED, RETURNED
from xroute.allocation_rules import Floats, Ints
from xroute.allocation_tables import table_of
from xroute.allocation_tiers import BY_UNIT, unit_eur
from xroute.errors import InternalError
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation

LEDGER = ("line", "warehouse_id", "period", "amount_eur", "wtw_co2e_kg")
_EXACT = 1e-9


class Flows:
    """The flows of an allocation with the warehouse, zone and period of each, and what units pass."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.problem, self.tables = allocation.problem, allocation.tables
        self.first, self.delivered, self.moved, self.more = allocation.decision.flows
        self.stores = len(self.tables.warehouse_hubs)
        self.ids = [str(each) for each in self.tables.warehouses["warehouse_id"]]
        self.goods = [str(each) for each in self.tables.products["product_id"]]
        p = self.problem
        self.is_kept = p.moves.into % self.stores == p.moves.out_of % self.stores

    def by_site(self, site: Ints, product: Ints, units: Floats) -> Floats:
        """Units by site and product."""
        p = self.problem
        sums = np.bincount(site * p.products + product, weights=units, minlength=p.warehouses * p.products)
        return np.asarray(sums.reshape(p.warehouses, p.products), dtype=np.float64)

    @property
    def out(self) -> Floats:
        """Units delivered, by site and product."""
        d = self.problem.delivery
        return self.by_site(d.warehouse, d.product, self.delivered)

    @property
    def passed(self) -> Floats:
        """Units passed on to other warehouses, by site and product."""
        m = self.problem.moves
        return self.by_site(m.out_of, m.product, np.where(self.is_kept, 0.0, self.moved))

    def tiled(self, of_store: Any) -> Floats:
        """A figure of each warehouse (and product) for every site."""
        values = np.asarray(of_store, dtype=np.float64)
        times = self.problem.warehouses // self.stores
        return np.tile(values, (times, *([1] * (values.ndim - 1))))

    def where(self, site: int) -> dict[str, str]:
        """Warehouse and period of a site."""
        if site < 0:
            return {"warehouse_id": "", "period": ""}
        return {"warehouse_id": self.ids[site % self.stores],
                "period": self.tables.periods[site // self.stores]}  # fmt: skip

    def of_kind(self, kind: str) -> Iterator[tuple[int, float]]:
        """Rows of further amounts of a kind that are above 0, with the amount."""
        for at in self.problem.more.of_kind(kind).tolist():
            if self.more[at] > 0.0:
                yield at, float(self.more[at])


def ledger(allocation: Allocation) -> Table:
    """One row for each line of money and emissions, warehouse and period; the rows add up to the totals.

    Raises `InternalError` where they differ from the allocation by more than 1e-9.
    """
    rows = [row for row in _rows(Flows(allocation)) if row["amount_eur"] or row["wtw_co2e_kg"]]
    for name, total in (("amount_eur", allocation.cost_eur), ("wtw_co2e_kg", allocation.wtw_co2e_kg)):
        lines = float(np.sum([row[name] for row in rows]))
        size = max(float(np.sum(np.abs([row[name] for row in rows]))), 1.0)
        if abs(lines - total) > _EXACT * size:
            raise InternalError(f"{name} of the ledger adds up to {lines:.12g}, the flows to {total:.12g}")
    return table_of(rows, LEDGER)


def _rows(flows: Flows) -> Iterator[dict[str, Any]]:
    p = flows.problem
    for line, eur, kg in (*_of_flows(flows), *_of_warehouses(flows), *_of_more(flows)):
        for site in range(p.warehouses):
            yield {"line": line, **flows.where(site), "amount_eur": float(eur[site]),
                   "wtw_co2e_kg": float(kg[site])}  # fmt: skip
    units = np.concatenate(flows.allocation.decision.flows)
    for fee in (*p.fees, *p.least_charges):
        is_due = fee.site < 0 or bool(flows.allocation.decision.is_open[fee.site])
        amount = fee.fee_eur(float(fee.use @ units[fee.flow]), is_due=is_due)
        site = fee.site if fee.site >= 0 else int(p.first.warehouse[fee.flow[0]])
        name = fee.name.split(" of ")[0]
        yield {"line": f"fee: {name}", **flows.where(site), "amount_eur": amount, "wtw_co2e_kg": 0.0}


def _sum(flows: Flows, site: Ints, values: Floats) -> Floats:
    return np.bincount(site, weights=values, minlength=flows.problem.warehouses).astype(np.float64)


def pipeline_eur(allocation: Allocation) -> Floats:
    """EUR that holding goods on the way costs, by first leg."""
    p, found = allocation.problem, allocation.candidates
    unit = found.options.pipeline_eur(allocation.tables.products, p.first.product, found.leg_days)
    return unit * allocation.decision.first_units


def _of_flows(flows: Flows) -> Iterator[tuple[str, Floats, Floats]]:
    """First legs, stock on the way, deliveries from the warehouse's door, transfers, and stock kept."""
    p, allocation = flows.problem, flows.allocation
    held = pipeline_eur(allocation)
    none = np.zeros(p.warehouses)
    w = p.first.warehouse
    yield (
        "first leg",
        _sum(flows, w, flows.first * p.first.eur - held),
        _sum(flows, w, flows.first * p.first.co2e_kg),
    )
    yield "pipeline stock", _sum(flows, w, held), none
    parts, d = allocation.candidates.parts, p.delivery
    at = allocation.candidates.delivery_at
    eur = parts.linehaul_eur[at] + parts.parcel_eur[at[2], d.product]
    kg = parts.linehaul_kg[at] + parts.van_kg[d.product]
    yield (
        "delivery",
        _sum(flows, d.warehouse, flows.delivered * eur),
        _sum(flows, d.warehouse, flows.delivered * kg),
    )
    m, kept = p.moves, flows.is_kept
    own, own_kg = _transfer_units(flows)
    yield (
        "transfer",
        _sum(flows, m.out_of, np.where(kept, 0.0, flows.moved * own)),
        _sum(flows, m.out_of, np.where(kept, 0.0, flows.moved * own_kg)),
    )
    yield (
        "stock kept to the next period",
        _sum(flows, m.out_of, np.where(kept, flows.moved * m.eur, 0.0)),
        none,
    )


def _transfer_units(flows: Flows) -> tuple[Floats, Floats]:
    """EUR and kg CO2e of one unit of each move for the way alone, without what its start charges."""
    given = flows.allocation.candidates.options.moves
    times = flows.problem.warehouses // flows.stores
    eur, kg = np.zeros(len(flows.problem.moves)), np.zeros(len(flows.problem.moves))
    count = len(given) * times
    eur[:count], kg[:count] = np.tile(given.eur, times), np.tile(given.co2e_kg, times)
    return eur, kg


def _of_warehouses(flows: Flows) -> Iterator[tuple[str, Floats, Floats]]:
    """What warehouses charge and emit for what passes them, and cycle stock."""
    allocation, tables = flows.allocation, flows.tables
    fee, options = inputs.fees(tables), allocation.candidates.options
    out, passed = flows.out, flows.passed
    none = np.zeros(flows.problem.warehouses)
    handled = flows.tiled(allocation.candidates.parts.warehouse_kg)
    for line, unit, amount in (
        ("inbound", fee.inbound, out + passed),
        ("storage", fee.storage, out + passed),
        ("outbound", fee.outbound, out),
        ("cycle stock", np.broadcast_to(options.cycle_eur(tables.products), fee.inbound.shape), out + passed),
    ):
        yield line, (flows.tiled(unit) * amount).sum(axis=1), none
    for each in options.fees:
        if each.basis in BY_UNIT:
            unit = np.zeros(fee.inbound.shape)
            unit[each.warehouse] = unit_eur(each, tables.products)
            amount = out + passed if each.basis == "age_days" else out
            yield f"fee: {each.name}", (flows.tiled(unit) * amount).sum(axis=1), none
    fixed = np.where(allocation.decision.is_open, flows.problem.fixed_eur, 0.0)
    yield "fixed", fixed, none
    yield "handling in the warehouse", none, (handled * (out + passed)).sum(axis=1)


def _of_more(flows: Flows) -> Iterator[tuple[str, Floats, Floats]]:
    amounts = flows.problem.more
    for kind in (RETURNED, REFURBISHED, SAFETY, OPENING):
        at = amounts.of_kind(kind)
        if len(at):
            site = amounts.site[at]
            yield (
                kind,
                _sum(flows, site, (flows.more * amounts.eur)[at]),
                _sum(flows, site, (flows.more * amounts.co2e_kg)[at]),
            )


# Lines that the tables of first legs, deliveries, transfers and warehouses hold in columns of their own.
IN_TABLES = frozenset((
    *("first leg", "pipeline stock", "delivery", "transfer"),
    *("inbound", "storage", "outbound", "fixed", "handling in the warehouse"),
))  # fmt: skip


def other_eur(allocation: Allocation) -> Floats:
    """EUR by site of the lines that have no column in the table of warehouses."""
    flows = Flows(allocation)
    found = np.zeros(flows.problem.warehouses)
    for row in _rows(flows):
        if row["line"] not in IN_TABLES:
            period = flows.tables.periods.index(row["period"])
            found[period * flows.stores + flows.ids.index(row["warehouse_id"])] += row["amount_eur"]
    return found


TRANSFERS = ("from_warehouse_id", "to_warehouse_id", "period", "product_id", "units", "cost_eur",
             "wtw_co2e_kg")  # fmt: skip


def transfers(allocation: Allocation) -> Table:
    """One row for each transfer that is used: units, EUR and kg CO2e of the way alone."""
    flows = Flows(allocation)
    m = flows.problem.moves
    eur, kg = _transfer_units(flows)
    rows = []
    for at in np.flatnonzero((flows.moved > 0.0) & ~flows.is_kept).tolist():
        ends = flows.where(int(m.out_of[at])), flows.where(int(m.into[at]))
        units = float(flows.moved[at])
        rows.append(
            {
                "from_warehouse_id": ends[0]["warehouse_id"], "to_warehouse_id": ends[1]["warehouse_id"],
                "period": ends[0]["period"], "product_id": flows.goods[m.product[at]], "units": units,
                "cost_eur": units * float(eur[at]), "wtw_co2e_kg": units * float(kg[at]),
            }
        )  # fmt: skip
    return table_of(rows, TRANSFERS)


RETURNS = ("zone_id", "warehouse_id", "period", "product_id", "step", "units", "cost_eur", "wtw_co2e_kg")


def returns(allocation: Allocation) -> Table:
    """One row for what each zone sends back where, and for what each warehouse makes good (`step`)."""
    flows, rows = Flows(allocation), []
    amounts = flows.problem.more
    for kind in (RETURNED, REFURBISHED):
        for at, units in flows.of_kind(kind):
            zone = int(amounts.zone[at])
            rows.append(
                {
                    "zone_id": flows.tables.zones[zone % len(flows.tables.zones)] if zone >= 0 else "",
                    **flows.where(int(amounts.site[at])), "product_id": flows.goods[amounts.product[at]],
                    "step": kind, "units": units, "cost_eur": units * float(amounts.eur[at]),
                    "wtw_co2e_kg": units * float(amounts.co2e_kg[at]),
                }
            )  # fmt: skip
    return table_of(rows, RETURNS)


STOCK = ("warehouse_id", "period", "product_id", "on_hand_units", "pipeline_units", "cycle_units",
         "safety_units", "kept_units", "holding_eur")  # fmt: skip


def stock(allocation: Allocation) -> Table:
    """One row for each warehouse, period and product with stock: units on the way, mean cover, safety, kept.

    `kept_units` are left at the end of the period, `on_hand_units` those of the start that are used;
    `holding_eur` is what the period's lines of pipeline, cycle and safety stock and of stock kept add up to.
    """
    flows = Flows(allocation)
    p, options = flows.problem, allocation.candidates.options
    f, m, v = p.first, p.moves, p.more
    transit = flows.first * allocation.candidates.leg_days / options.periods.days
    on_way = flows.by_site(f.warehouse, f.product, transit)
    held = flows.by_site(f.warehouse, f.product, pipeline_eur(allocation))
    leaving = flows.out + flows.passed
    volume = np.asarray(flows.tables.products["volume_m3"], dtype=np.float64)
    cycle = leaving * p.stock_m3 / volume
    kept = np.where(flows.is_kept, flows.moved, 0.0)
    carried = flows.by_site(m.out_of, m.product, kept)
    safe, used = v.of_kind(SAFETY), v.of_kind(ON_HAND)
    safety = flows.by_site(v.site[safe], v.product[safe], flows.more[safe])
    money = (held + leaving * options.cycle_eur(flows.tables.products)
             + flows.by_site(m.out_of, m.product, kept * m.eur)
             + flows.by_site(v.site[safe], v.product[safe], (flows.more * v.eur)[safe]))  # fmt: skip
    start = flows.by_site(v.site[used], v.product[used], flows.more[used])
    rows = []
    for site, product in np.argwhere(on_way + cycle + safety + carried + start > 0.0).tolist():
        parts = (start, on_way, cycle, safety, carried, money)
        figures = zip(STOCK[3:], (float(each[site, product]) for each in parts), strict=True)
        rows.append({**flows.where(site), "product_id": flows.goods[product], **dict(figures)})
    return table_of(rows, STOCK)


FEES = ("warehouse_id", "period", "fee", "amount", "band_starts_at", "price_eur", "fee_eur")


def fees(allocation: Allocation) -> Table:
    """One row for each tiered fee that is due: the amount, the band it falls in, its price and the fee."""
    flows, rows = Flows(allocation), []
    p, units = flows.problem, np.concatenate(allocation.decision.flows)
    for fee in (*p.fees, *p.least_charges):
        amount = float(fee.use @ units[fee.flow])
        is_due = fee.site < 0 or bool(allocation.decision.is_open[fee.site])
        eur = fee.fee_eur(amount, is_due=is_due)
        if not eur:
            continue
        band = max(int(np.searchsorted(fee.start, amount * (1.0 + 1e-9), side="right")) - 1, 0)
        site = fee.site if fee.site >= 0 else int(p.first.warehouse[fee.flow[0]])
        rows.append({**flows.where(site), "fee": fee.name, "amount": amount,
                     "band_starts_at": float(fee.start[band]), "price_eur": float(fee.price_eur[band]),
                     "fee_eur": eur})  # fmt: skip
    return table_of(rows, FEES)


CHANNELS = ("group", "period", "channel")


def channels(allocation: Allocation) -> Table:
    """One row for each disjoint channel that a region or zone counts on."""
    flows, rows = Flows(allocation), []
    labels = allocation.candidates.channels
    for number, at in enumerate(flows.problem.more.of_kind(CHANNEL).tolist()):
        if flows.more[at] > 0.5:
            group, channel = labels[number % len(labels)]
            site = int(flows.problem.more.site[at])
            rows.append({"group": group, "period": flows.where(site)["period"], "channel": channel})
    return table_of(rows, CHANNELS)


OUTCOMES = ("event", "probability", "status", "cost_eur", "extra_eur", "unserved_units")


def outcomes(allocation: Allocation) -> Table:
    """One row for the undisturbed plan and for each event, decided with the plan's open warehouses."""
    risk = allocation.risk
    if risk is None:
        return table_of([], OUTCOMES)
    base = risk.outcomes[0].cost_eur
    rows = [
        {
            "event": each.name, "probability": each.probability, "status": "kept" if each.is_kept else
            "not kept", "cost_eur": each.cost_eur, "extra_eur": each.cost_eur - base,
            "unserved_units": each.unserved_units,
        }
        for each in risk.outcomes
    ]  # fmt: skip
    return table_of(rows, OUTCOMES)

"""Tiny problems of the options (returns, stock, periods, channels, events) and their optimum by enumeration.

Open sets, openings, single sources and channels are enumerated. Each choice is completed by a linear program
in plain units, written here by name and apart from the package's model; safety stock by cutting planes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from allocation_cases import random_problem
from allocation_enumerated import optimum
from xroute.allocation_channels import Channels, Route, with_channels
from xroute.allocation_disruption import Event, Terms, chosen
from xroute.allocation_engine import decide
from xroute.allocation_fees import TieredFee
from xroute.allocation_inventory import Safety, with_safety
from xroute.allocation_model import Moves, Problem
from xroute.allocation_periods import Chain, over_periods
from xroute.allocation_returns import WaysBack, with_returns
from xroute.allocation_solver import Effort

EXACT = Effort(relative_gap=0.0)
Answer = tuple[Callable[[], float], Callable[[], float]]


class Program:
    """A linear program by names: variables with a cost and bounds, rows as sums of (name, value)."""

    def __init__(self) -> None:
        self.at: dict[Any, int] = {}
        self.cost: list[float] = []
        self.most: list[float | None] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.norms: list[tuple[Any, list[tuple[float, list[Any]]]]] = []
        self.fixed = 0.0

    def add(self, name: Any, cost: float = 0.0, most: float | None = None) -> Any:
        self.at[name] = len(self.cost)
        self.cost.append(cost)
        self.most.append(most)
        return name

    def row(self, terms: list[tuple[Any, float]], least: float = -np.inf, most: float = np.inf) -> None:
        sums: dict[int, float] = defaultdict(float)
        for name, value in terms:
            sums[self.at[name]] += value
        self.rows.append((sums, least, most))

    def solved(self) -> float:
        """The optimum; norms (name >= root of squares of weighted sums) by cutting planes."""
        for _ in range(2000):
            value, x = self._linear()
            if not np.isfinite(value):
                return np.inf
            low = [each for each in self.norms if self._cut(each, x)]
            if not low:
                return value + self.fixed
        raise AssertionError("the cutting planes did not settle")

    def _linear(self) -> tuple[float, Any]:
        a = np.zeros((len(self.rows), len(self.cost)))
        for at, (terms, _, _) in enumerate(self.rows):
            a[at, list(terms)] = list(terms.values())
        least, most = (np.array([row[at] for row in self.rows]) for at in (1, 2))
        equal, up, down = (
            least == most,
            np.isfinite(most) & (least != most),
            np.isfinite(least) & (least != most),
        )
        upper = np.concatenate([a[up], -a[down]])
        bound = np.concatenate([most[up], -least[down]])
        found = linprog(
            self.cost, A_ub=upper if len(upper) else None, b_ub=bound if len(upper) else None, A_eq=a[equal],
            b_eq=most[equal], bounds=[(0.0, each) for each in self.most], method="highs",
        )  # fmt: skip
        return (float(found.fun), found.x) if found.status == 0 else (np.inf, None)

    def _cut(self, norm: tuple[Any, list[tuple[float, list[Any]]]], x: Any) -> bool:
        name, parts = norm
        sums = [weight * sum(x[self.at[each]] for each in names) for weight, names in parts]
        size = float(np.sqrt(np.sum(np.square(sums))))
        if size <= x[self.at[name]] + 5e-7 * max(size, 0.1):
            return False
        terms = [(each, weight * part / size)
                 for (weight, names), part in zip(parts, sums, strict=True) for each in names]  # fmt: skip
        self.row([*terms, (name, -1.0)], most=0.0)
        return True


@dataclass
class Copy:
    """One period or event of a problem: the raw data, its open set, and what is laid over."""

    p: Problem
    tag: int
    is_open: np.ndarray
    weight: float = 1.0
    caps: bool = True
    ways: WaysBack | None = None
    safety: Safety | None = None
    lost: np.ndarray | None = None
    unserved_eur: np.ndarray | None = None
    max_unserved: float = 1.0
    factor: float = 1.0
    spent: list[tuple[Any, float]] = field(default_factory=list)
    kg: list[tuple[Any, float]] = field(default_factory=list)
    stock: dict[tuple[int, int], list[tuple[Any, float]]] = field(default_factory=lambda: defaultdict(list))
    room: dict[int, list[tuple[Any, float]]] = field(default_factory=lambda: defaultdict(list))

    def variable(self, lp: Program, name: Any, arc: tuple[float, float], most: float | None) -> Any:
        eur = arc[0] + self.p.carbon_price_eur_kg * arc[1]
        lp.add((self.tag, *name), self.weight * eur, most)
        self.spent.append(((self.tag, *name), eur))
        self.kg.append(((self.tag, *name), arc[1]))
        return (self.tag, *name)

    def lay(self, lp: Program) -> None:
        """Variables of first legs, deliveries and moves with their demand rows; `close` adds the others."""
        p, f, d, m = self.p, self.p.first, self.p.delivery, self.p.moves
        lost = np.zeros(p.flows, bool) if self.lost is None else self.lost
        served: dict[tuple[int, int], list[tuple[Any, float]]] = defaultdict(list)
        for i in range(len(f)):
            x = self.variable(lp, ("z", i), (f.eur[i], f.co2e_kg[i]), 0.0 if lost[i] else None)
            self.stock[f.warehouse[i], f.product[i]].append((x, 1.0))
        for i in range(len(d)):
            shut = lost[len(f) + i] or not self.is_open[d.warehouse[i]]
            x = self.variable(lp, ("x", i), (d.eur[i], d.co2e_kg[i]), 0.0 if shut else None)
            self.stock[d.warehouse[i], d.product[i]].append((x, -1.0))
            self.room[d.warehouse[i]].append((x, p.stock_m3[d.product[i]]))
            served[d.zone[i], d.product[i]].append((x, 1.0))
        for i in range(len(m)):
            shut = lost[len(f) + len(d) + i] or not self.is_open[m.out_of[i]]
            x = self.variable(lp, ("v", i), (m.eur[i], m.co2e_kg[i]), 0.0 if shut else None)
            self.stock[m.out_of[i], m.product[i]].append((x, -1.0))
            self.stock[m.into[i], m.product[i]].append((x, 1.0))
            self.room[m.out_of[i]].append((x, p.stock_m3[m.product[i]]))
        left: list[tuple[Any, float]] = []
        for c, k in product(range(len(p.demand)), range(p.products)):
            need = float(p.demand[c, k]) * self.factor
            if self.unserved_eur is not None:
                u = self.variable(lp, ("u", c, k), (float(self.unserved_eur[k]), 0.0), need)
                served[c, k].append((u, 1.0))
                left.append((u, 1.0))
            lp.row(served[c, k] or [(lp.add((self.tag, "none", c, k), 0.0, 0.0), 1.0)], need, need)
        if left:
            lp.row(left, most=self.max_unserved * float(p.demand.sum()) * self.factor)
        if self.ways is not None:
            self._returns(lp, self.ways)
        if self.safety is not None:
            self._safety(lp, self.safety)

    def _returns(self, lp: Program, ways: WaysBack) -> None:
        p = self.p
        back: dict[tuple[int, int], list[tuple[Any, float]]] = defaultdict(list)
        into: dict[tuple[int, int], list[tuple[Any, float]]] = defaultdict(list)
        every = zip(ways.zone, ways.warehouse, ways.product, ways.eur, ways.co2e_kg, strict=True)
        for c, w, k, eur, kg in every:
            most = float(ways.rate[k] * p.demand[c, k]) if self.is_open[w] else 0.0
            q = self.variable(lp, ("q", c, w, k), (eur + ways.disposal_eur, kg), most)
            back[c, k].append((q, 1.0))
            into[w, k].append((q, 1.0))
        for c, k in product(range(len(p.demand)), range(p.products)):
            due = float(ways.rate[k] * p.demand[c, k])
            if due > 0.0:
                none = [] if back[c, k] else [(lp.add((self.tag, "no way back", c, k), 0.0, 0.0), 1.0)]
                lp.row([*back[c, k], *none], due, due)
        if ways.is_same:
            self._same(lp, ways)
        good: dict[int, list[tuple[Any, float]]] = defaultdict(list)
        for (w, k), sent in into.items():
            eur = ways.refurbish_eur - ways.disposal_eur
            r = self.variable(lp, ("r", w, k), (eur, 0.0), None if self.is_open[w] else 0.0)
            lp.row([(r, 1.0), *((q, -ways.share) for q, _ in sent)], most=0.0)
            self.stock[w, k].append((r, 1.0))
            good[w].append((r, 1.0))
        for w, terms in good.items():
            lp.row(terms, most=float(ways.capacity[w]))

    def _same(self, lp: Program, ways: WaysBack) -> None:
        p, d = self.p, self.p.delivery
        for c, w, k in product(range(len(p.demand)), range(p.warehouses), range(p.products)):
            if ways.rate[k] * p.demand[c, k] <= 0.0:
                continue
            q = (self.tag, "q", c, w, k)
            out = np.flatnonzero((d.zone == c) & (d.warehouse == w) & (d.product == k))
            terms = [((self.tag, "x", i), -float(ways.rate[k])) for i in out]
            if q in lp.at:
                terms.append((q, 1.0))
            if terms:
                lp.row(terms, 0.0, 0.0)

    def _safety(self, lp: Program, safety: Safety) -> None:
        p, d = self.p, self.p.delivery
        for w, k in product(range(p.warehouses), range(p.products)):
            s = self.variable(lp, ("s", w, k), (float(safety.eur[w, k]), 0.0), None)
            parts = []
            for c in range(len(p.demand)):
                out = np.flatnonzero((d.zone == c) & (d.warehouse == w) & (d.product == k))
                if len(out) and p.demand[c, k] > 0.0:
                    weight = float(safety.factor[w, k] * safety.sigma[c, k] / p.demand[c, k])
                    parts.append((weight, [(self.tag, "x", i) for i in out]))
            lp.norms.append((s, parts))
            self.room[w].append((s, float(safety.m3[k])))

    def close(self, lp: Program, *, cap: bool = True) -> None:
        """Balances, capacities, fixed fees and the cap, once everything that counts in them is there."""
        p = self.p
        for w, k in product(range(p.warehouses), range(p.products)):
            if self.stock[w, k]:
                lp.row(self.stock[w, k], 0.0, 0.0)
        for w in np.flatnonzero(np.isfinite(p.capacity_m3)):
            if self.room[w]:
                lp.row(self.room[w], most=float(p.capacity_m3[w]) * bool(self.is_open[w]))
        if cap and np.isfinite(p.max_co2e_kg):
            lp.row(self.kg, most=p.max_co2e_kg)


def open_sets(count: int) -> Iterator[np.ndarray]:
    for each in product((False, True), repeat=count):
        yield np.array(each)


def base(seed: int, **sizes: int) -> tuple[Problem, np.random.Generator]:
    """A random problem without least volumes, and a generator for what is laid over it."""
    p = random_problem(seed, **sizes)
    return replace(p, first=replace(p.first, least=np.zeros(len(p.first)))), np.random.default_rng((seed, 77))


def ways_back(
    rng: np.random.Generator, p: Problem, *, is_same: bool = False, is_everywhere: bool = False
) -> WaysBack:
    every = [(c, w, k) for c, w, k in product(range(len(p.demand)), range(p.warehouses), range(p.products))
             if is_same or is_everywhere or rng.random() < 0.8]  # fmt: skip
    zone, warehouse, item = (np.array(column, dtype=np.int64) for column in zip(*every, strict=True))
    count = len(every)
    return WaysBack(
        zone=zone, warehouse=warehouse, product=item, eur=rng.uniform(0.5, 3.0, count),
        co2e_kg=rng.uniform(0.0, 1.0, count), rate=np.round(rng.uniform(0.0, 0.5, p.products), 2),
        share=float(rng.choice([0.0, 0.6, 1.0])), refurbish_eur=float(rng.uniform(0.0, 3.0)),
        disposal_eur=float(rng.uniform(-0.4, 2.0)), is_same=is_same,
        capacity=np.where(rng.random(p.warehouses) < 0.5, rng.uniform(0.0, 15.0, p.warehouses), np.inf),
    )  # fmt: skip


def safety_of(rng: np.random.Generator, p: Problem) -> Safety:
    shape = p.warehouses, p.products
    return Safety(
        sigma=p.demand * rng.uniform(0.1, 0.8, p.demand.shape), factor=rng.uniform(0.5, 2.5, shape),
        eur=rng.uniform(0.1, 2.0, shape), m3=rng.uniform(0.05, 0.5, p.products),
    )  # fmt: skip


def passing(rng: np.random.Generator, p: Problem) -> Moves:
    """Transfers of a random product from each warehouse to the next, for all but some."""
    out_of = np.flatnonzero(rng.random(p.warehouses) < 0.8)
    count = len(out_of)
    return Moves(
        out_of=out_of, into=(out_of + 1) % p.warehouses, product=rng.integers(0, p.products, count),
        eur=rng.uniform(0.1, 1.5, count), co2e_kg=rng.uniform(0.0, 0.5, count),
    )  # fmt: skip


def decided(problem: Problem) -> Callable[[], float]:
    return lambda: decide(problem, EXACT, name_limit=lambda *_: "").termination.objective


def one_copy(p: Problem, **over: Any) -> float:
    """The optimum of one period with options laid over, all open sets enumerated."""
    best = np.inf
    for is_open in open_sets(p.warehouses):
        lp = Program()
        lp.fixed = float(p.fixed_eur[is_open].sum())
        copy = Copy(p=p, tag=0, is_open=is_open, **over)
        copy.lay(lp)
        copy.close(lp)
        best = min(best, lp.solved())
    return best


def returns_case(seed: int) -> Answer:
    p, rng = base(seed)
    ways = ways_back(rng, p)
    return decided(with_returns(p, ways)), lambda: one_copy(p, ways=ways)


def same_warehouse_case(seed: int) -> Answer:
    p, rng = base(seed)
    ways = ways_back(rng, p, is_same=True)
    return decided(with_returns(p, ways)), lambda: one_copy(p, ways=ways)


def safety_case(seed: int) -> Answer:
    p, rng = base(seed, warehouses=2, zones=3)
    safety = safety_of(rng, p)
    return decided(with_safety(p, safety)), lambda: one_copy(p, safety=safety)


def pooled_single_case(seed: int) -> Answer:
    """Safety stock with a single source for each zone and product: the roots are exact in each assignment."""
    p, rng = base(seed, warehouses=2, zones=2)
    p = replace(p, single_source="product")
    safety = safety_of(rng, p)

    def best() -> float:
        asked = [(c, k) for c, k in np.argwhere(p.demand > 0).tolist()]
        found = np.inf
        for picked in product(range(2), repeat=len(asked)):
            source = np.full(p.demand.shape, -1)
            for (c, k), w in zip(asked, picked, strict=True):
                source[c, k] = w
            keep = source[p.delivery.zone, p.delivery.product] == p.delivery.warehouse
            alone = replace(p, delivery=p.delivery.subset(keep), single_source="")
            size = np.zeros((2, p.products))
            for (c, k), w in zip(asked, picked, strict=True):
                size[w, k] += (safety.factor[w, k] * safety.sigma[c, k]) ** 2
            stock = np.sqrt(size)
            money = float((stock * safety.eur).sum())
            room = alone.capacity_m3 - stock @ safety.m3
            if (room < 0).any():
                continue
            found = min(found, one_copy(replace(alone, capacity_m3=room)) + money)
        return found

    return decided(with_safety(p, safety)), best


def periods_case(seed: int, *, by_period: bool = False, laid_over: bool = False) -> Answer:
    p, rng = base(seed, warehouses=2, zones=2)
    count = 2 if by_period or laid_over else 3
    if laid_over:
        p = replace(p, capacity_m3=p.capacity_m3 * 2.5, max_co2e_kg=p.max_co2e_kg * 2.0)
    problems = [replace(p, demand=np.round(p.demand * rng.uniform(0.3, 1.6))) for _ in range(count)]
    problems = [replace(each, max_co2e_kg=p.max_co2e_kg * count) for each in problems]
    if laid_over:
        moves = passing(rng, p)
        problems = [replace(each, moves=moves) for each in problems]
    shape = p.warehouses, p.products
    chain = Chain(
        lead=rng.integers(0, 3, len(p.first)), ordered_ahead=int(rng.choice([0, 1, 2, 2])),
        keep_eur=rng.uniform(0.0, 1.0, shape), keep_m3=rng.uniform(0.1, 0.5, p.products),
        on_hand=np.where(rng.random(shape) < 0.5, rng.uniform(0.0, 80.0, shape), 0.0),
        opening_eur=rng.uniform(0.0, 80.0, p.warehouses) if by_period else None,
        is_open_before=rng.random(p.warehouses) < 0.5,
    )  # fmt: skip
    over: list[dict[str, Any]] = [{} for _ in problems]
    whole = problems
    if laid_over:
        ways = ways_back(rng, p, is_everywhere=True)
        safeties = [safety_of(rng, each) for each in problems]
        over = [{"ways": ways, "safety": each} for each in safeties]
        whole = [with_safety(with_returns(each, ways), safe)
                 for each, safe in zip(problems, safeties, strict=True)]  # fmt: skip
    return decided(over_periods(whole, chain)[0]), lambda: chained(problems, chain, over)


def chained(problems: list[Problem], chain: Chain, over: list[dict[str, Any]]) -> float:
    """The optimum over periods: every open set of all periods, or of every period by itself."""
    p, count = problems[0], len(problems)
    best = np.inf
    free = chain.opening_eur is not None
    for flat in open_sets(p.warehouses * (count if free else 1)):
        opened = flat.reshape(count, -1) if free else np.tile(flat, (count, 1))
        lp = Program()
        lp.fixed = float(sum(p.fixed_eur[each].sum() for each in opened))
        if chain.opening_eur is not None:
            before = np.vstack([chain.is_open_before, opened[:-1]])
            lp.fixed += float(((opened & ~before) * chain.opening_eur).sum())
        best = min(best, _chained(lp, problems, (chain, opened), over))
    return best


def _chained(
    lp: Program, problems: list[Problem], held: tuple[Chain, np.ndarray], over: list[dict[str, Any]]
) -> float:
    chain, opened = held
    p, count = problems[0], len(problems)
    copies = []
    for t, each in enumerate(problems):
        late = np.array([t - lead < -chain.ordered_ahead for lead in chain.lead])
        lost = np.concatenate([late, np.zeros(each.flows - len(late), bool)])
        copies.append(Copy(p=each, tag=t, is_open=opened[t], lost=lost, **over[t]))
        copies[-1].lay(lp)
    for w, k in product(range(p.warehouses), range(p.products)):
        h = lp.add(("hand", w, k), 0.0, float(chain.on_hand[w, k]))
        copies[0].stock[w, k].append((h, 1.0))
        for t in range(count - 1):
            most = None if opened[t][w] else 0.0
            s = lp.add(("kept", t, w, k), float(chain.keep_eur[w, k]), most)
            copies[t].stock[w, k].append((s, -1.0))
            copies[t + 1].stock[w, k].append((s, 1.0))
            copies[t].room[w].append((s, float(chain.keep_m3[k])))
    for copy in copies:
        copy.close(lp, cap=False)
    if np.isfinite(problems[0].max_co2e_kg):
        lp.row([term for copy in copies for term in copy.kg], most=problems[0].max_co2e_kg)
    return lp.solved()


def channels_case(seed: int, *, by_lane: bool = False) -> Answer:
    p, rng = base(seed, warehouses=3, zones=3)
    share, count = float(rng.uniform(0.05, 0.5)), 2
    if by_lane:
        groups = {"all": np.arange(3)}
        numbers = np.arange(len(p.first)) % 5
        routes = []
        for number in range(5):
            own = np.flatnonzero(numbers == number)
            stores = p.first.warehouse[own]
            first = own[stores == stores[0]] if len(own) else own
            lanes = {f"lane {at}" for at in range(4) if rng.random() < 0.4}
            if len(own):
                routes.append(Route(name=str(number), warehouse=int(stores[0]), first=first,
                                    elements=frozenset({f"warehouse {stores[0]}", *lanes})))  # fmt: skip
    else:
        groups = {str(at): np.array([at]) for at in range(3)}
        none = np.zeros(0, dtype=np.int64)
        routes = [Route(name=str(w), warehouse=w, first=none, elements=frozenset({str(w)})) for w in range(3)]
    asked = Channels(count=count, share=share, per="zone", disjoint_in=("warehouse",))
    problem = with_channels(p, asked, routes, groups)[0]
    return decided(problem), lambda: spread(p, routes, groups, (share, count))


def spread(p: Problem, routes: list[Route], groups: dict[str, np.ndarray], asked: tuple[float, int]) -> float:
    share, count = asked
    options = [
        each
        for each in combinations(range(len(routes)), count)
        if not any(routes[a].elements & routes[b].elements for a, b in combinations(each, 2))
    ]
    needy = [zones for zones in groups.values() if share * p.demand[zones].sum() > 0.0]
    best = np.inf
    for is_open in open_sets(p.warehouses):
        for picked in product(options, repeat=len(needy)):
            if any(not is_open[routes[r].warehouse] for each in picked for r in each):
                continue
            lp = Program()
            lp.fixed = float(p.fixed_eur[is_open].sum())
            copy = Copy(p=p, tag=0, is_open=is_open)
            copy.lay(lp)
            for zones, each in zip(needy, picked, strict=True):
                _carry(lp, p, zones, [routes[r] for r in each], share)
            copy.close(lp)
            best = min(best, lp.solved())
    return best


def _carry(lp: Program, p: Problem, zones: np.ndarray, routes: list[Route], share: float) -> None:
    need = share * float(p.demand[zones].sum())
    for route in routes:
        out = np.flatnonzero(np.isin(p.delivery.zone, zones) & (p.delivery.warehouse == route.warehouse))
        none = [] if len(out) else [(lp.add(("nothing", route.name, len(lp.cost)), 0.0, 0.0), 1.0)]
        lp.row([*(((0, "x", i), 1.0) for i in out), *none], least=need)
        if len(route.first):
            lp.row([((0, "z", i), 1.0) for i in route.first], least=need)


def events_of(rng: np.random.Generator, p: Problem, *, likely: bool) -> tuple[list[Event], Terms]:
    chance = rng.dirichlet(np.ones(3)) if likely else np.zeros(3)
    events = []
    for at in range(2):
        lost = rng.random(p.flows) < 0.25
        if rng.random() < 0.5:
            store = int(rng.integers(0, p.warehouses))
            lost |= np.concatenate([p.first.warehouse, p.delivery.warehouse]) == store
        factor = 1.0 if rng.random() < 0.6 else float(rng.uniform(0.5, 1.5))
        events.append(Event(name=str(at), lost=lost, probability=float(chance[at]), demand=factor))
    terms = Terms(
        max_unserved=float(rng.choice([0.2, 0.5, 1.0])), unserved_eur=rng.uniform(5.0, 60.0, p.products),
        cvar_level=float(rng.uniform(0.3, 0.95)), cvar_share=float(rng.choice([0.0, 0.5, 1.0])) * likely,
    )  # fmt: skip
    return events, terms


def cvar_case(seed: int) -> Answer:
    p, rng = base(seed, warehouses=3, zones=3)
    events, terms = events_of(rng, p, likely=True)
    return lambda: chosen(p, events, terms, EXACT).termination.objective, lambda: at_risk(p, events, terms)


def at_risk(p: Problem, events: list[Event], terms: Terms) -> float:
    share, tail = terms.cvar_share, terms.cvar_share / (1.0 - terms.cvar_level)
    chance = [1.0 - sum(each.probability for each in events), *(each.probability for each in events)]
    best = np.inf
    for is_open in open_sets(p.warehouses):
        lp = Program()
        fixed = float(p.fixed_eur[is_open].sum())
        lp.fixed = (1.0 - share) * fixed
        lp.add("eta", share)
        for s, weight in enumerate(chance):
            copy = _outcome(p, [None, *events][s], (s, (1.0 - share) * weight), is_open, terms)
            copy.lay(lp)
            copy.close(lp, cap=s == 0)
            lp.add(("xi", s), tail * weight)
            lp.row([*copy.spent, ("eta", -1.0), (("xi", s), -1.0)], most=-fixed)
        best = min(best, lp.solved())
    return best


def _outcome(
    p: Problem, event: Event | None, at: tuple[int, float], is_open: np.ndarray, terms: Terms
) -> Copy:
    copy = Copy(p=p, tag=at[0], is_open=is_open, weight=at[1])
    if event is None:
        return copy
    return replace(copy, lost=event.lost, factor=event.demand, unserved_eur=terms.unserved_eur,
                   max_unserved=terms.max_unserved)  # fmt: skip


def n_minus_1_case(seed: int) -> Answer:
    """Events without probability: the open set must serve enough in each; the plan's own cost counts."""
    p, rng = base(seed, warehouses=3, zones=3)
    events, terms = events_of(rng, p, likely=False)

    def best() -> float:
        found = np.inf
        for is_open in open_sets(p.warehouses):
            values = []
            for s, event in enumerate([None, *events]):
                lp = Program()
                copy = _outcome(p, event, (s, 1.0), is_open, terms)
                copy.lay(lp)
                copy.close(lp, cap=s == 0)
                values.append(lp.solved())
            if np.isfinite(values).all():
                found = min(found, values[0] + float(p.fixed_eur[is_open].sum()))
        return found

    return lambda: chosen(p, events, terms, EXACT).termination.objective, best


def least_charge_case(seed: int) -> Answer:
    p, rng = base(seed, warehouses=2, zones=3)
    charges = []
    for number in range(2):
        flow = np.flatnonzero(np.arange(len(p.first)) % 3 == number)
        price, least = float(rng.uniform(5.0, 20.0)), float(rng.uniform(20.0, 80.0))
        charges.append(
            TieredFee(name=f"least charge {number}", flow=flow, use=rng.uniform(0.02, 0.3, len(flow)),
                      start=np.array([0.0, least / price]), price_eur=np.array([-price, 0.0]),
                      fixed_eur=np.array([least, 0.0]), kind="all_unit")
        )  # fmt: skip
    return decided(replace(p, least_charges=tuple(charges))), lambda: optimum(replace(p, fees=tuple(charges)))


CASES: dict[str, Callable[[int], Answer]] = {
    "returns": returns_case,
    "returns to the warehouse that sent them": same_warehouse_case,
    "safety stock": safety_case,
    "safety stock with single sources": pooled_single_case,
    "periods, open over all": periods_case,
    "periods, opening by period": lambda seed: periods_case(seed, by_period=True),
    "periods with returns, safety stock and transfers": lambda seed: periods_case(seed, laid_over=True),
    "channels by warehouse": channels_case,
    "channels by lane": lambda seed: channels_case(seed, by_lane=True),
    "value at risk": cvar_case,
    "every loss borne": n_minus_1_case,
    "least charges": least_charge_case,
}

"""Pareto sets by all modes, beside label setting in plain Python that does the same work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import xroute as xr
from benches.graphs import SearchGraph, whole_graph
from benches.labels import LabelSetting
from benches.work import SHIPMENT, UNIT_OF, measure
from xroute.network import MOST_LABELS
from xroute.pricings import Priced

LANES = (
    ("Shenzhen, CN", "Leipzig, DE"),
    ("Yiwu, CN", "Warsaw, PL"),
    ("Shenzhen, CN", "Mumbai, IN"),
    ("Yiwu, CN", "Melbourne, AU"),
)
CELLS = {"cost": 1.0, "time": 1.0, "co2e": 1.0}  # EUR, hours, kg CO2e of the shipment
Cells = set[tuple[int, int, int]]


@pytest.fixture(scope="module")
def priced(net: xr.Network) -> Priced:
    return net.priced(SHIPMENT, "LCL", xr.Scenario())


@pytest.fixture(scope="module")
def graph(net: xr.Network, priced: Priced) -> SearchGraph:
    return whole_graph(net, priced, sorted({net.places.row(place) for lane in LANES for place in lane}))


@pytest.mark.parametrize("over", [("cost", "time"), ("cost", "time", "co2e")], ids=["2", "3"])
class TestPareto:
    """Every cell that the reference finds has a member of the core that is nowhere a whole cell above it."""

    @pytest.fixture(autouse=True)
    def lanes(self, net: xr.Network, priced: Priced, benchmark: Any, over: tuple[str, ...]) -> None:
        units = {"cost": 1 / priced.metric.money_unit_eur, "time": 3600.0, "co2e": 1000.0 / SHIPMENT.mass_t}
        self.resolution = [round(CELLS[name] * units[name]) for name in over]
        self.lanes_by_row = [(net.places.row(start), net.places.row(end)) for start, end in LANES]
        benchmark.group = f"Pareto, {len(over)} criteria, all modes"

    def core(self, priced: Priced, over: tuple[str, ...]) -> list[Any]:
        return [
            priced.metric.pareto(*ends, over, self.resolution, most_labels=MOST_LABELS)
            for ends in self.lanes_by_row
        ]

    def cells(self, found: list[Any], over: tuple[str, ...]) -> list[Cells]:
        def cell(raw: dict[str, int]) -> tuple[int, int, int]:
            a, b, *c = (raw[UNIT_OF[name]] // size for name, size in zip(over, self.resolution, strict=True))
            return a, b, c[0] if c else 0

        return [{cell(raw) for raw in routes} for routes, _, _ in found]

    def lost(self, reference: list[Cells], core: list[Cells]) -> list[int]:
        """How many cells of the reference no cell of the core stands for, by lane."""

        def is_stood_for(cell: tuple[int, int, int], members: Cells) -> bool:
            return any(all(a <= b + 1 for a, b in zip(member, cell, strict=True)) for member in members)

        return [
            sum(not is_stood_for(cell, members) for cell in cells)
            for cells, members in zip(reference, core, strict=True)
        ]

    @pytest.fixture
    def reference(self, graph: SearchGraph, over: tuple[str, ...]) -> Callable[[], list[Cells]]:
        search = LabelSetting(graph, over)
        ends = [(graph.start[start], graph.end[end]) for start, end in self.lanes_by_row]
        return lambda: [search.cells(*pair, self.resolution) for pair in ends]

    def test_core(
        self, priced: Priced, benchmark: Any, over: tuple[str, ...], reference: Callable[[], list[Cells]]
    ) -> None:
        found = measure(
            benchmark, "xroute core", lambda: self.core(priced, over),
            queries=len(LANES), expected=[0] * len(LANES),
            as_compared=lambda raw: self.lost(reference(), self.cells(raw, over)),
        )  # fmt: skip
        assert all(stopped_by is None for _, stopped_by, _ in found)

    def test_public(self, net: xr.Network, priced: Priced, benchmark: Any, over: tuple[str, ...]) -> None:
        def fronts() -> list[xr.Front]:
            return [net.pareto(*lane, shipment=SHIPMENT, over=over, resolution=CELLS) for lane in LANES]

        of_core = [
            {(raw["money"], raw["time_s"]) for raw in routes} for routes, _, _ in self.core(priced, over)
        ]

        def strangers(found: list[xr.Front]) -> list[int]:
            return [
                len({(route.money_units, route.time_s) for route in front} - known) if len(front) else -1
                for front, known in zip(found, of_core, strict=True)
            ]

        measure(
            benchmark, "xroute Network.pareto", fronts,
            queries=len(LANES), expected=[0] * len(LANES), as_compared=strangers,
        )  # fmt: skip

    def test_python(
        self, priced: Priced, benchmark: Any, over: tuple[str, ...], reference: Callable[[], list[Cells]]
    ) -> None:
        core = self.cells(self.core(priced, over), over)
        measure(
            benchmark, "label setting in Python", reference, queries=len(LANES),
            expected=[0] * len(LANES), as_compared=lambda cells: self.lost(cells, core),
        )  # fmt: skip

"""Pareto sets by all modes, beside label setting in plain Python that does the same work."""

from __future__ import annotations

from typing import Any

import pytest

import xroute as xr
from benches.graphs import SearchGraph, whole_graph
from benches.labels import LabelSetting
from benches.work import SHIPMENT, UNIT_OF, measure
from xroute.network import MOST_LABELS, Priced

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
    """Both sides decide dominance on the same grid and must find the same cells of it."""

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

    def test_core(self, priced: Priced, benchmark: Any, over: tuple[str, ...]) -> None:
        found = measure(benchmark, "xroute core", lambda: self.core(priced, over), queries=len(LANES))
        assert all(is_complete for _, is_complete, _ in found)
        benchmark.extra_info["members"] = sum(len(routes) for routes, _, _ in found)

    def test_public(self, net: xr.Network, benchmark: Any, over: tuple[str, ...]) -> None:
        def fronts() -> list[xr.Front]:
            return [net.pareto(*lane, shipment=SHIPMENT, over=over, resolution=CELLS) for lane in LANES]

        found = measure(benchmark, "xroute Network.pareto", fronts, queries=len(LANES))
        assert all(front.is_complete for front in found)

    def test_python(self, priced: Priced, graph: SearchGraph, benchmark: Any, over: tuple[str, ...]) -> None:
        search = LabelSetting(graph, over)
        ends = [(graph.start[start], graph.end[end]) for start, end in self.lanes_by_row]

        def sets() -> list[Cells]:
            return [search.cells(*pair, self.resolution) for pair in ends]

        theirs = measure(benchmark, "label setting in Python", sets, queries=len(LANES))
        assert theirs == self.cells(self.core(priced, over), over)

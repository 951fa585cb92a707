"""A table of mixed shipments through `Network.route_table`: rows a second, memory, and loops over scgraph.

python -m benches.shipments [rows]

At most 200 kinds of shipment and 5,000 origins, 5,000 rows of each kind as in a million, in two tables:
every row on a lane of its own, and rows on 20,000 lanes of which few carry most (the nth as often as
1 / n). Each is answered in a child process, so that its peak memory is its own. The loops ask scgraph's
default call for each row and put a formula on the length: on the sea lanes of xroute, on its graph of all
modes, and on the roads and sea lanes of scgraph-data, of its graphs the one that joins inland places.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import xroute as xr
from benches.graphs import sea_graph
from benches.highways import highways, in_largest_part
from benches.work import whole_work

KINDS, ORIGINS, LANES, ROWS_OF_KIND, LOOPED = 200, 5_000, 20_000, 5_000, 300
SEED = 20_261_123
PLACES = ("city", "port", "airport", "rail_terminal", "river_port")


def table(net: xr.Network, rows: int, kinds: int, *, repeats: bool = False) -> dict[str, Any]:
    """Shipments from drawn origins to drawn destinations, all joined with one another."""
    rng = np.random.default_rng(SEED)
    reached = net.priced(xr.Shipment(mass_kg=1.0), "LCL", xr.Scenario()).metric.one_to_all(
        "cost", net.places.row("CNYTN")
    )
    joined = [row for row in np.flatnonzero(reached >= 0) if net.places.kind[row] in PLACES]
    ids = np.array(net.places.ids, dtype=object)[joined]
    origins = rng.permutation(ids)[:ORIGINS]
    mass, per_m3 = np.exp(rng.uniform(2.0, 10.0, kinds)), rng.uniform(80.0, 600.0, kinds)
    kind = rng.integers(0, kinds, rows)
    lanes = LANES if repeats else rows
    share = 1.0 / np.arange(1, lanes + 1)
    lane = rng.choice(lanes, rows, p=share / share.sum()) if repeats else np.arange(rows)
    return {
        "shipment_id": np.array([f"s{row}" for row in range(rows)], dtype=object),
        "origin": origins[rng.integers(0, len(origins), lanes)][lane],
        "destination": ids[rng.integers(0, len(ids), lanes)][lane],
        "mass_kg": mass[kind].round(1),
        "volume_m3": (mass / per_m3)[kind].round(3),
    }


def loop(net: xr.Network) -> Callable[[], None]:
    """`LOOPED` rows of scgraph's default call on the sea lanes, with a formula on the length."""
    graph = sea_graph(net)
    tail, head, metres = graph.lightest("distance")
    lanes = _geograph(graph.lat, graph.lon, (tail, head, metres))
    joined = np.flatnonzero(in_largest_part(tail, head, graph.node_count))
    pairs = np.random.default_rng(SEED).choice(joined, (LOOPED, 2))
    return _asking(lanes, graph.lat[pairs], graph.lon[pairs])


def loop_over_its_own_graph(net: xr.Network) -> Callable[[], None]:
    """The same between places of the network on the roads and sea lanes of scgraph-data."""
    graph = highways()
    shipments, places = table(net, LOOPED, 1), net.places
    names = zip(shipments["origin"], shipments["destination"], strict=True)
    pairs = np.array([[places.row(name) for name in pair] for pair in names])
    lat, lon = (np.array(column, dtype=np.float64) for column in (places.lat, places.lon))
    return _asking(
        _geograph(graph.lat, graph.lon, (graph.tail, graph.head, graph.metres)), lat[pairs], lon[pairs]
    )


def _geograph(lat: Any, lon: Any, arcs: tuple[Any, Any, Any]) -> Any:
    """What scgraph makes of nodes and of arcs (tail, head, metres)."""
    import scgraph  # type: ignore[import-untyped]

    links: list[dict[int, float]] = [{} for _ in range(len(lat))]
    for a, b, metres in zip(*(column.tolist() for column in arcs), strict=True):
        links[a][b] = min(links[a].get(b, np.inf), metres / 1000.0)
    return scgraph.GeoGraph(graph=links, nodes=np.column_stack([lat, lon]).tolist())


def _asking(lanes: Any, lat: Any, lon: Any) -> Callable[[], None]:
    """A loop over pairs of positions (n, 2); the first call, which prepares a tree of nodes, is made here."""
    ends = [
        [{"latitude": a, "longitude": b} for a, b in zip(*row, strict=True)]
        for row in zip(lat.tolist(), lon.tolist(), strict=True)
    ]
    lanes.get_shortest_path(*ends[0])

    def rows() -> None:
        for pair in ends:
            length = lanes.get_shortest_path(*pair)["length"]
            cost, co2e = 150.0 + 0.01 * length, 0.0161 * length
            assert cost + co2e > 0.0

    return rows


def loop_over_all_modes(net: xr.Network) -> Callable[[], None]:
    """The same on the graph of every platform, change and leg, weighed by cost."""
    work = whole_work(net, 1_000)
    search, pairs = work.peers.scgraph.bidirectional_buckets, work.nodes[:LOOPED]
    search(*pairs[0])

    def rows() -> None:
        for a, b in pairs:
            length = search(a, b)["length"]
            cost, co2e = 150.0 + 0.01 * length, 0.0161 * length
            assert cost + co2e > 0.0

    return rows


def row_ms(rows: Callable[[], None]) -> float:
    """CPU milliseconds a row of a loop."""
    begin = time.process_time()
    rows()
    return 1e3 * (time.process_time() - begin) / LOOPED


def answer(rows: int, *, repeats: bool) -> dict[str, float]:
    """Answers a table here: seconds, CPU seconds, the statuses' count, and the peak memory of the process."""
    net = xr.Network.load()
    kinds = min(KINDS, max(1, rows // ROWS_OF_KIND))
    shipments = table(net, rows, kinds, repeats=repeats)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    answers = net.route_table(shipments)
    seconds, cpu_s = time.perf_counter() - begin, time.process_time() - begin_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    ok = int(np.count_nonzero(answers["status"] == "ok"))
    return {"seconds": seconds, "cpu_s": cpu_s, "ok": ok, "peak_gb": peak, "kinds": kinds}


def apart(rows: int, *, repeats: bool) -> dict[str, float]:
    """`answer` in a child process."""
    command = [sys.executable, "-W", "ignore", "-m", "benches.shipments", str(rows)]
    command.append("--child-repeats" if repeats else "--child")
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out)
    return found


def main() -> None:
    """Prints the figures; as a child, JSON."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if sys.argv[-1].startswith("--child"):
        print(json.dumps(answer(rows, repeats=sys.argv[-1] == "--child-repeats")))
        return
    answered = [(repeats, apart(rows, repeats=repeats)) for repeats in (False, True)]
    net = xr.Network.load()  # after those: a child's peak begins with what its parent holds
    loops = {
        "the sea lanes": row_ms(loop(net)),
        "all modes": row_ms(loop_over_all_modes(net)),
        "the roads and sea lanes of scgraph-data": row_ms(loop_over_its_own_graph(net)),
    }
    for name, each in loops.items():
        print(f"loop over scgraph's default call, {name}: {each:.2f} ms CPU a row, {1e3 / each:,.0f} rows/s")
    for repeats, found in answered:
        lanes = f"{LANES:,} lanes, few of which carry most" if repeats else "a lane for every row"
        print(f"{rows:,} rows of {found['kinds']:.0f} kinds, {lanes}: {rows / found['seconds']:,.0f} rows/s")
        times = (
            f"{1e-3 * each * rows / found['seconds']:.0f} times that of {name}"
            for name, each in loops.items()
        )
        print(f"  {found['seconds']:.1f} s, {found['cpu_s']:.1f} s CPU, {found['ok']:,.0f} ok, "
              f"peak {found['peak_gb']:.2f} GB; rate {', '.join(times)}")  # fmt: skip


if __name__ == "__main__":
    main()

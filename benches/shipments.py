"""A table of mixed shipments through `Network.route_table`: rows a second, memory, and a loop over scgraph.

python -m benches.shipments [rows]

At most 200 kinds of shipment and 5,000 origins, every row with a destination of its own. The table is
answered in a child process, so that its peak memory is its own. The loop asks scgraph's default call for
each lane on the sea links alone and puts a formula on the length.
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
from benches.highways import in_largest_part

KINDS, ORIGINS, LOOPED = 200, 5_000, 300
SEED = 20_261_123
PLACES = ("city", "port", "airport", "rail_terminal", "river_port")


def table(net: xr.Network, rows: int, kinds: int = KINDS) -> dict[str, Any]:
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
    return {
        "shipment_id": np.array([f"s{row}" for row in range(rows)], dtype=object),
        "origin": origins[rng.integers(0, len(origins), rows)],
        "destination": ids[rng.integers(0, len(ids), rows)],
        "mass_kg": mass[kind].round(1),
        "volume_m3": (mass / per_m3)[kind].round(3),
    }


def loop(net: xr.Network) -> Callable[[], None]:
    """A loop over scgraph's default call, in kilometres, with a formula on the length, `LOOPED` rows long."""
    import scgraph  # type: ignore[import-untyped]

    graph = sea_graph(net)
    links: list[dict[int, float]] = [{} for _ in range(graph.node_count)]
    tail, head, metres = graph.lightest("distance")
    for a, b, each in zip(tail.tolist(), head.tolist(), (metres / 1000.0).tolist(), strict=True):
        links[a][b] = each
    lanes = scgraph.GeoGraph(graph=links, nodes=np.column_stack([graph.lat, graph.lon]).tolist())
    positions = zip(graph.lat.tolist(), graph.lon.tolist(), strict=True)
    places = [{"latitude": lat, "longitude": lon} for lat, lon in positions]
    joined = np.flatnonzero(in_largest_part(tail, head, graph.node_count))
    pairs = np.random.default_rng(SEED).choice(joined, (LOOPED, 2)).tolist()
    lanes.get_shortest_path(places[pairs[0][0]], places[pairs[0][1]])

    def rows() -> None:
        for a, b in pairs:
            length = lanes.get_shortest_path(places[a], places[b])["length"]
            cost, co2e = 150.0 + 0.01 * length, 0.0161 * length
            assert cost + co2e > 0.0

    return rows


def loop_ms(net: xr.Network) -> float:
    """CPU milliseconds a row of the loop."""
    rows = loop(net)
    begin = time.process_time()
    rows()
    return 1e3 * (time.process_time() - begin) / LOOPED


def answer(rows: int) -> dict[str, float]:
    """Answers a table here: CPU seconds, the statuses' count, and the peak memory of the process."""
    net = xr.Network.load()
    shipments = table(net, rows)
    begin = time.process_time()
    answers = net.route_table(shipments)
    seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"cpu_s": seconds, "ok": int(np.count_nonzero(answers["status"] == "ok")), "peak_gb": peak}


def apart(rows: int) -> dict[str, float]:
    """`answer` in a child process."""
    command = [sys.executable, "-m", "benches.shipments", str(rows), "--child"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out)
    return found


def main() -> None:
    """Prints the figures; as a child, JSON."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if "--child" in sys.argv:
        print(json.dumps(answer(rows)))
        return
    found, loop = apart(rows), loop_ms(xr.Network.load())
    row_ms = 1e3 * found["cpu_s"] / rows
    print(f"{rows:,} rows: {found['cpu_s']:.1f} s CPU, {1e3 / row_ms:,.0f} rows/s, {found['ok']:,.0f} ok")
    print(f"peak memory {found['peak_gb']:.2f} GB")
    print(f"loop over scgraph: {loop:.2f} ms a row, {loop / row_ms:.2f} times route_table")


if __name__ == "__main__":
    main()

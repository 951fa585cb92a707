"""Long calls that are interrupted from outside: run as a child process, it says when it is inside one.

python tests/long_calls.py NAME ROUNDS [HUBS]

For each round it writes `inside` once the main thread stands in the package, then waits for SIGINT inside
that call, however often it must be made; then `interrupted` with the monotonic clock, and `usable` once the
same objects answered again.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import xroute as xr

Call = Callable[[], Any]
HUBS = 22_500
CLASSES = ("artic_truck", "rigid_truck", "van")
GOODS = xr.Shipment(mass_kg=1200.0, load="LCL")
FINEST = {"cost": 1e-4, "time": 1 / 3600, "co2e": 1e-6}
PACKAGE = str(Path(xr.__file__).parent)


def tables(hub_count: int) -> dict[str, dict[str, Any]]:
    """A grid of junctions whose roads differ in length, speed and vehicle."""
    rng = np.random.default_rng(20_261_123)
    side = round(hub_count**0.5)
    row, column = (each.ravel() for each in np.mgrid[:side, :side])
    number = np.arange(side * side)
    east = np.column_stack([number, number + 1])[column < side - 1]
    north = np.column_stack([number, number + side])[row < side - 1]
    ends = np.concatenate([east, north])
    names = np.array([f"m{at}" for at in number], dtype=object)
    hubs = {"hub_id": names, "lat": row * 60.0 / side, "lon": column * 60.0 / side}
    hubs["kind"] = np.full(len(names), "junction", dtype=object)
    links = {"origin": names[ends[:, 0]], "destination": names[ends[:, 1]]}
    links["mode"] = np.full(len(ends), "road", dtype=object)
    links["vehicle_class"] = np.array(CLASSES, dtype=object)[rng.integers(0, len(CLASSES), len(ends))]
    links["distance_km"] = rng.uniform(5.0, 20.0, len(ends)).round(3)
    links["speed_km_h"] = rng.uniform(20.0, 90.0, len(ends)).round(1)
    return {"hubs": hubs, "links": links}


def grid(hub_count: int) -> tuple[xr.Network, list[str], Call]:
    """A network, places on it, and a question to it."""
    net = xr.Network.from_tables(**tables(hub_count))
    places = [net.places.ids[at] for at in range(0, len(net.places), max(1, len(net.places) // 200))]
    return net, places, lambda: net.route(places[0], places[1], shipment=GOODS).cost_eur


def matrix(hub_count: int) -> tuple[Call, Call]:
    """Many to many on one thread."""
    net, places, ask = grid(hub_count)
    return lambda: net.matrix(places, places, shipment=GOODS, threads=1), ask


def pareto(hub_count: int) -> tuple[Call, Call]:
    """Corner to corner at the finest grid: more than anyone waits for."""
    net, places, ask = grid(hub_count)
    ends = places[0], places[-1]
    return lambda: net.pareto(*ends, shipment=GOODS, resolution=FINEST, most_labels=2_000_000_000), ask


def from_tables(hub_count: int) -> tuple[Call, Call]:
    """Building, again and again."""
    given = tables(hub_count)
    _, _, ask = grid(400)
    return lambda: xr.Network.from_tables(**given), ask


def load(hub_count: int) -> tuple[Call, Call]:
    """Reading a file, again and again."""
    net, _, ask = grid(hub_count)
    path = Path(tempfile.mkdtemp()) / "grid.xnet"
    net.save(path)
    return lambda: xr.Network.load(path), ask


def save(hub_count: int) -> tuple[Call, Call]:
    """Writing a file, again and again; what stands there afterwards can be read."""
    net, _, ask = grid(hub_count)
    path = Path(tempfile.mkdtemp()) / "grid.xnet"
    net.save(path)

    def check() -> Any:
        ask()
        return xr.Network.load(path)

    return lambda: net.save(path), check


def order(hub_count: int) -> tuple[Call, Call]:
    """Ordering and contracting, of a network that has no order yet."""
    net, _, ask = grid(hub_count)
    path = Path(tempfile.mkdtemp()) / "grid.xnet"
    net.save(path)
    return lambda: xr.Network.load(path).prepare(minimise="distance"), ask


def prepare(hub_count: int) -> tuple[Call, Call]:
    """Pricing and customising for one weight after another."""
    net, _, ask = grid(hub_count)
    net.prepare(minimise="distance")
    masses = itertools.count(1000)

    def several() -> Any:
        goods = [xr.Shipment(mass_kg=float(next(masses)), load="LCL") for _ in range(8)]
        return net.prepare_all([{"minimise": "cost", "shipment": each} for each in goods])

    return several, ask


def route_table(hub_count: int) -> tuple[Call, Call]:
    """A table of shipments of many kinds."""
    net, places, ask = grid(hub_count)
    pairs = list(itertools.product(places[:40], places[-40:]))
    shipments = {
        "shipment_id": [f"s{at}" for at in range(len(pairs))],
        "origin": [a for a, _ in pairs],
        "destination": [b for _, b in pairs],
        "mass_kg": [1.1 ** (at % 60) for at in range(len(pairs))],
    }
    return lambda: net.route_table(shipments), ask


def facility_location(_: int) -> tuple[Call, Call]:
    """A hard case of warehouses and customers."""
    rng = np.random.default_rng(7)
    demand = rng.integers(5, 36, 300).astype(float)
    given = {
        "cost": rng.uniform(1.0, 100.0, (60, 300)),
        "capacity": np.full(60, demand.sum() / 12),
        "fixed_cost": rng.uniform(500.0, 900.0, 60),
        "demand": demand,
    }
    small = {"cost": given["cost"][:4, :4], "capacity": np.full(4, 500.0), "fixed_cost": np.ones(4)}
    return (
        lambda: xr.facility_location(**given, single_source=True, time_limit_s=600),
        lambda: xr.facility_location(**small, demand=demand[:4]),
    )


def transportation(_: int) -> tuple[Call, Call]:
    """Flows at least cost between many."""
    rng = np.random.default_rng(7)
    cost, demand = rng.uniform(1.0, 100.0, (800, 1200)), rng.integers(1, 50, 1200).astype(float)
    supply = np.full(800, np.ceil(demand.sum() / 780))
    return (
        lambda: xr.transportation(cost, supply, demand),
        lambda: xr.transportation(np.ones((2, 2)), np.ones(2), np.ones(2)),
    )


def allocate(_: int) -> tuple[Call, Call]:
    """A small case on the shipped network, again and again."""
    from small_case import arguments

    net = xr.Network.load()
    return (
        lambda: xr.allocate(net, **arguments()),
        lambda: net.route("CNYTN", "DEHAM", shipment=GOODS).cost_eur,
    )


CALLS: dict[str, Callable[[int], tuple[Call, Call]]] = {
    each.__name__: each
    for each in (
        *(matrix, pareto, from_tables, load, save, order, prepare, route_table),
        *(facility_location, transportation, allocate),
    )
}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _say_inside(main: int) -> None:
    """Says once that the innermost frames of the main thread are in the package."""
    while True:
        frame = sys._current_frames()[main]
        if frame.f_code.co_filename.startswith(PACKAGE):
            _say("inside")
            return


def main() -> None:
    """Goes through the rounds."""
    name, rounds = sys.argv[1], int(sys.argv[2])
    call, check = CALLS[name](int(sys.argv[3]) if len(sys.argv) > 3 else HUBS)
    check()
    for _ in range(rounds):
        watch = threading.Thread(target=_say_inside, args=(threading.get_ident(),), daemon=True)
        try:
            watch.start()
            while True:
                call()
        except KeyboardInterrupt:
            _say(f"interrupted {time.monotonic()}")
        check()
        _say("usable")


if __name__ == "__main__":
    main()

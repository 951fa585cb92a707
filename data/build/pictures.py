"""Pictures of the shipped network for a look: `make maps` writes them to out/maps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

import xroute as xr
from xroute import link_lines, maps
from xroute.errors import NoRouteError
from xroute.palette import mode_colour, mode_label

OUT = Path("out/maps")
VIEWS = {
    "world": (-180.0, -58.0, 180.0, 78.0),
    "europe": (-12.0, 34.0, 45.0, 66.0),
    "east_asia": (95.0, 5.0, 150.0, 50.0),
    "north_america": (-130.0, 12.0, -55.0, 56.0),
}
FAMOUS = (
    ("SGSIN", "NLRTM", "suez", "sea"),
    ("CNYTN", "USNYC", "panama", "sea"),
    ("SGSIN", "JPYOK", "taiwan_strait", "sea"),
)
GOODS = xr.Shipment(mass_kg=1000.0, volume_m3=2.0)
MODES = ("sea", "road", "inland_waterway", "rail", "ferry")


def main() -> None:
    """Draws every view and every famous route."""
    mpl.use("Agg")
    OUT.mkdir(parents=True, exist_ok=True)
    net = xr.Network.load()
    links, hubs = net.core.table("links"), net.core.table("hubs")
    modes = np.asarray(links["mode"], dtype=object)
    for name, box in VIEWS.items():
        figure, axes = _sheet(box, name.replace("_", " ").capitalize())
        for mode in MODES:
            lines = link_lines.segments(hubs, links, np.flatnonzero(modes == mode))
            _draw(axes, lines, mode, is_world=name == "world")
        handles = [Line2D([], [], color=mode_colour(mode), label=mode_label(mode)) for mode in MODES]
        axes.legend(handles=handles, loc="lower left", fontsize=7, framealpha=1.0)
        _save(figure, name)
    for origin, destination, passage, mode in FAMOUS:
        _famous(net, origin, destination, passage, mode)


def _famous(net: xr.Network, origin: str, destination: str, passage: str, mode: str) -> None:
    figure, axes = _sheet(VIEWS["world"], f"{origin} to {destination}: open, and with {passage} closed")
    for scenario, colour in (
        (xr.Scenario(), "#0072b2"),
        (xr.Scenario(closed_passages=(passage,)), "#d55e00"),
    ):
        try:
            found = net.route(
                origin, destination, shipment=GOODS, minimise="distance", modes=(mode,), scenario=scenario
            )
        except NoRouteError:
            continue
        label = f"{found.distance_km:,.0f} km"
        frame = maps.route_geodataframe(found)
        frame.plot(ax=axes, color=colour, linewidth=1.6, label=label)
        axes.set_ylabel("")
    axes.set_xlim(-180.0, 180.0)
    axes.set_ylim(-58.0, 78.0)
    axes.legend(loc="lower left", fontsize=8, framealpha=1.0)
    _save(figure, f"{origin}-{destination}-{passage}".lower())


def _sheet(box: tuple[float, float, float, float], title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    west, south, east, north = box
    figure = Figure(figsize=(14.0, max(5.0, 14.0 * (north - south) / (east - west))), dpi=110)
    axes = figure.add_subplot()
    maps.land().plot(ax=axes, color="#eeeeea", edgecolor="#bbbbb5", linewidth=0.3)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_title(title)
    axes.set_ylabel("")
    axes.set_xlabel("Roads and railways: © OpenStreetMap contributors, ODbL 1.0", fontsize=7)
    return figure, axes


def _draw(axes: Any, lines: link_lines.Segments, mode: str, *, is_world: bool) -> None:
    """Lines on a view; many thousand sea lanes are drawn so lightly that only shared water is dark."""
    at_sea = mode == "sea"
    width = (0.12 if at_sea else 0.25) if is_world else (0.3 if at_sea else 0.6)
    alpha = (0.25 if is_world else 0.45) if at_sea else 1.0
    for shift in (-360.0, 0.0, 360.0):
        ends = np.stack(
            [
                np.column_stack([lines.lon_a + shift, lines.lat_a]),
                np.column_stack([lines.lon_b + shift, lines.lat_b]),
            ],
            axis=1,
        )
        seen = ((ends[:, :, 0] >= -180.0) & (ends[:, :, 0] <= 180.0)).any(axis=1)
        axes.add_collection(
            LineCollection(list(ends[seen]), colors=mode_colour(mode), linewidths=width, alpha=alpha)
        )


def _save(figure: Any, name: str) -> None:
    path = OUT / f"{name}.png"
    figure.savefig(path, bbox_inches="tight")
    sys.stderr.write(f"{path}\n")


if __name__ == "__main__":
    main()

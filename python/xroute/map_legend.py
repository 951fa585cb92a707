"""What stands below the printed map: modes, widths, marks, the colour bar of zones, and the credits."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import palette
from xroute.flows import Lane, PlanFacts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CREDIT_LETTERS, _CREDIT_LINES = 230, 4


def draw_legend(
    figure: Figure,
    plan: PlanFacts,
    *,
    modes: list[str],
    lanes: list[Lane],
    width_of: Callable[[Lane], float],
    co2e_range_kg: tuple[float, float] | None,
) -> None:
    """Draws the keys and the credit lines below the panels."""
    handles = [*_mode_keys(modes), *_width_keys(lanes, width_of), *_mark_keys()]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.012, 0.119),
        ncols=-(-len(handles) // 3),
        frameon=False,
        fontsize=10,
        labelcolor=palette.INK,
        handlelength=2.6,
        columnspacing=1.8,
        borderpad=0.2,
        labelspacing=0.45,
    )
    if co2e_range_kg is not None:
        _colour_bar(figure, co2e_range_kg)
    figure.text(
        0.02,
        0.012,
        credit(plan),
        fontsize=7.6,
        color=palette.MUTED,
        va="bottom",
        linespacing=1.35,
        parse_math=False,
    )


def credit(plan: PlanFacts) -> str:
    """The attribution of the data on as few lines as it needs, at most four; the report holds it whole."""
    text = " · ".join(" ".join(line.split()) for line in plan.attribution) or "No attribution given."
    lines = textwrap.wrap("Data: " + text, _CREDIT_LETTERS)
    if len(lines) > _CREDIT_LINES:
        lines = [*lines[: _CREDIT_LINES - 1], "More credits in plan.html."]
    return "\n".join(lines)


def _mode_keys(modes: list[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [],
            [],
            color=palette.mode_colour(mode),
            linewidth=3,
            linestyle="--" if mode == "air" else "-",
            label=palette.mode_label(mode),
        )
        for mode in modes
    ]


def _width_keys(lanes: list[Lane], width_of: Callable[[Lane], float]) -> list[Any]:
    from matplotlib.lines import Line2D

    largest = max((lane.amount for lane in lanes), default=0.0)
    if largest <= 0.0:
        return []
    amounts = sorted({_round(largest * share) for share in (0.02, 0.25, 1.0)})
    return [
        Line2D(
            [],
            [],
            color="#8a8f96",
            linewidth=width_of(replace(lanes[0], amount=amount)),
            label=f"{amount:,.4g} t",
        )
        for amount in amounts
    ]


def _round(amount: float) -> float:
    """The amount to one figure: 0.34 gives 0.3, 1234 gives 1000."""
    return float(f"{amount:.1g}")


def _mark_keys() -> list[Any]:
    from matplotlib.lines import Line2D

    def key(marker: str, size: float, face: str, edge: str, label: str) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            markersize=size,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=1.2,
            label=label,
        )

    return [
        key("*", 14, palette.ORIGIN_COLOUR, "white", "Origin"),
        key("s", 9, palette.OPEN_COLOUR, "white", "Warehouse, open"),
        key("s", 7, "white", palette.CLOSED_COLOUR, "Warehouse, closed"),
        key("o", 9, palette.ZONE_RAMP[3], "#3a3a3a", "Zone (area by orders)"),
        Line2D(
            [], [], color=palette.mode_colour("road"), linewidth=0.8, alpha=0.7, label="Delivery (by mode)"
        ),
    ]


def _colour_bar(figure: Figure, limits: tuple[float, float]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    axes = figure.add_axes((0.66, 0.075, 0.31, 0.016))
    ramp = LinearSegmentedColormap.from_list("zones", palette.ZONE_RAMP)
    axes.imshow(np.linspace(0.0, 1.0, 256)[None, :], aspect="auto", cmap=ramp, extent=(*limits, 0.0, 1.0))
    axes.set_yticks([])
    axes.tick_params(labelsize=9.5, colors=palette.INK, length=3)
    axes.set_title(
        "Zones: kg CO2e per order (5 % of orders lie beyond either end)",
        fontsize=10,
        color=palette.INK,
        loc="left",
        pad=5,
    )
    for spine in axes.spines.values():
        spine.set_color(palette.BORDER)

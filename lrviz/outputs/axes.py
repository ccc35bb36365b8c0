"""Curves on axes of somebody else's figure, in that one's style."""

import math
from typing import TYPE_CHECKING

from .content import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def pixels(axes: "Axes") -> int:
    """Return how wide axes are."""
    return math.ceil(axes.get_window_extent().width)


def draw_on(axes: "Axes", panel: Panel) -> None:
    """Draw the curves and the notes of a panel; the axes keep the names that they have."""
    look = panel.look
    for curve in panel.curves:
        (line,) = axes.plot(curve.steps, curve.values, label=curve.label)
        if curve.recorded:
            line.set(linestyle="none", marker="o", markersize=2.5)
    for step, text in look.annotations:
        axes.axvline(step, color="0.5", linewidth=0.9, linestyle=(0, (4, 3)))
        at_top = axes.get_xaxis_transform()
        axes.text(step, 1, f" {text}", transform=at_top, va="top", parse_math=False)
    if panel.log:
        axes.set_yscale("log", nonpositive="clip")
    if look.rates and not panel.spreads:
        axes.set_ylim(*look.rates)
    if look.zoom:
        axes.set_xlim(look.first, max(look.horizon - 1, look.first + 1))
    axes.set_xlabel(axes.get_xlabel() or look.xlabel)
    axes.set_ylabel(axes.get_ylabel() or panel.name)
    if look.title:
        axes.set_title(look.title, parse_math=False)
    if look.legend:
        for label in axes.legend().get_texts():
            label.set_parse_math(False)

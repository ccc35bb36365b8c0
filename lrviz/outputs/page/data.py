"""What the script of a page has of panels: curves at their steps, and how they are drawn."""

from typing import Any

import numpy as np

from ...curves import Curve
from ...errors import printable
from ...schedules.numeric import Array
from .. import ticks
from ..content import Panel
from ..description import described
from ..look import Style
from ..paper import Paper
from ..strokes import Stroke, strokes
from ..tables.table import short
from ..themes import PAIR, THEMES

_PIXELS = 96 / 72
"""How many of CSS's pixels a point is."""
_DASHES = {"dashed": (3.7, 1.6), "dotted": (1.0, 1.65), "dashdot": (6.4, 1.6, 1.0, 1.6)}
"""The line styles of matplotlib, in widths of the line."""
_TINIEST = 290
"""By how many decimal places numbers are moved at most."""


class Palette:
    """The colours of all curves on a page, by number; each on every paper that it may be read on.

    The usual paper is light, and dark for readers of dark pages.
    """

    def __init__(self, paper: Paper) -> None:
        self.themes = PAIR if paper.theme == PAIR[0] else (paper.theme,)
        self.colours: dict[tuple[str, ...], int] = {}

    def strokes(self, panel: Panel) -> list[tuple[int, Stroke]]:
        """Return the number of its colour, and how it is drawn, of each curve of a panel."""
        styles = panel.look.styles or (Style(),) * len(panel.curves)
        on_each = [strokes(panel.curves, styles, THEMES[theme]) for theme in self.themes]
        found = []
        for same in zip(*on_each, strict=True):
            colours = tuple(_css(one.colour) for one in same)
            found.append((self.colours.setdefault(colours, len(self.colours)), same[0]))
        return found


def _css(colour: Any) -> str:
    """Return a colour of matplotlib in CSS."""
    if isinstance(colour, str) and colour.startswith("#"):
        return colour
    from matplotlib.colors import to_hex

    return str(to_hex(colour, keep_alpha=True)).removesuffix("ff")


def data_of(panel: Panel, palette: Palette, ratio: float) -> dict[str, Any]:
    """Return what the script has of a panel; LrvizError if it cannot have a logarithmic axis."""
    if panel.look.log and not panel.look.rates:
        ticks.rate_range(panel.curves, log=True)
    look, grids = panel.look, _Grids()
    drawn = palette.strokes(panel)
    recorded = all(curve.recorded for curve in panel.curves)
    phases = panel.phases or ((),) * len(panel.curves)
    curves = [
        {
            "label": printable(curve.label),
            "phases": [[phase.name, phase.start] for phase in steps],
            **_stroke(curve, stroke, style, colour),
            "behind": int(stroke.noisy or (curve.recorded and not recorded)),
            **grids.written(curve),
        }
        for curve, (colour, stroke), style, steps in zip(
            panel.curves, drawn, look.styles or (Style(),) * len(drawn), phases, strict=True
        )
    ]
    differences = [
        {
            "of": i,
            **_stroke(gap, drawn[i][1], Style(linewidth=1.4), drawn[i][0]),
            "behind": 0,
            **grids.written(gap),
        }
        for i, gap in enumerate(panel.below, 1)
    ]
    return {
        "about": described([panel]),
        "name": printable(look.name_of(panel.curves)),
        "xname": printable(look.xlabel),
        "log": look.log,
        "rates": look.rates,
        "perEpoch": look.steps_per_epoch,
        "ratio": ratio,
        "first": look.first,
        "last": look.horizon - 1,
        "marks": [[step, printable(text)] for step, text in look.annotations if step in look.shown],
        "curves": curves,
        "differences": differences,
        "grids": grids.steps,
    }


def _stroke(curve: Curve, stroke: Stroke, style: Style, colour: int) -> dict[str, Any]:
    """Return how a line is drawn."""
    width = (style.linewidth or stroke.width) * _PIXELS
    kind = stroke.linestyle
    dash = _DASHES.get(kind, ()) if isinstance(kind, str) else kind[1]
    return {
        "colour": colour,
        "width": round(width, 2),
        "dash": " ".join(f"{width * length:.3g}" for length in dash),
        "line": kind != "none",
        "dots": curve.recorded,
    }


class _Grids:
    """The steps of curves, written once if several have the same: as ways from each to the next."""

    def __init__(self) -> None:
        self.steps: list[list[int]] = []

    def written(self, curve: Curve) -> dict[str, Any]:
        """Return the rates of a curve, and which steps they belong to.

        It jumps where a step stands twice.
        """
        steps, values = curve.steps, curve.values
        last = np.append(np.diff(steps) > 0, True)
        ways = np.diff(steps[last], prepend=0).tolist()
        if ways not in self.steps:
            self.steps.append(ways)
        jumps = np.flatnonzero(~last) - np.arange(int((~last).sum()))
        return {
            "grid": self.steps.index(ways),
            "jumps": jumps.tolist(),
            **_numbers(values[last]),
        }


def _numbers(values: Array) -> dict[str, Any]:
    """Return numbers with as many digits as tables have, without the power of ten they share."""
    texts = [f"{float(short(value)):.8e}".partition("e") for value in values]
    exponents = [int(exponent) for mantissa, _, exponent in texts if float(mantissa)]
    power = max(min(7 - max(exponents, default=7), _TINIEST), -_TINIEST)
    moved = (float(f"{mantissa}e{int(exponent) + power}") for mantissa, _, exponent in texts)
    return {"power": power, "values": [int(n) if n == int(n) else n for n in moved]}

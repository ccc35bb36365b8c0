"""How the curves of a panel are told apart: by colour, by dashes, and by width."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..curves import Curve
from .look import Style
from .themes import Theme, grey

_NOISY_WAY = 30
"""How many times the way from its lowest to its highest rate a line of noise goes."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)


class Stroke(NamedTuple):
    """A colour and a line style as matplotlib takes them, and a width in units.

    One that is `noisy` lies behind the others, which it would hide.
    """

    colour: Any
    linestyle: Any
    width: float
    noisy: bool = False


def strokes(curves: Sequence[Curve], styles: Sequence[Style], theme: Theme) -> list[Stroke]:
    """Return how curves are drawn: as their styles say, and else as is usual in the theme."""
    ramp = _ramp(len(curves), theme) if in_order(curves) else None
    # Points that were logged are to be seen on both sides of a plan that goes through them.
    widest = 1.5 if any(curve.recorded for curve in curves) else 2.4
    found = []
    for i, (curve, style) in enumerate(zip(curves, styles, strict=True)):
        colour, dash = theme.usual(i)
        if ramp:
            colour, dash = ramp[i], ()
        noisy = _is_noisy(curve)
        usual = (0, dash) if dash and not noisy else "-"
        found.append(
            Stroke(
                _colour(style, theme) or colour,
                style.linestyle or ("none" if curve.recorded else usual),
                0.8 if noisy else min(max(2.4 - 0.5 * i, 1.4), widest),
                noisy,
            )
        )
    return found


def _is_noisy(curve: Curve) -> bool:
    """Return whether a curve goes up and down so often that its line covers an area."""
    values = curve.values.astype(np.float64)
    way = float(np.abs(np.diff(values)).sum())
    return not curve.recorded and way > _NOISY_WAY * float(np.ptp(values))


def in_order(curves: Sequence[Curve]) -> bool:
    """Return whether the labels of curves differ in one number alone, as lr=0.1 and lr=0.2 do."""
    numbers = [_NUMBER.findall(curve.label) for curve in curves]
    if len({_NUMBER.sub("#", curve.label) for curve in curves}) != 1 or not numbers[0]:
        return False
    return sum(len(set(column)) > 1 for column in zip(*numbers, strict=True)) == 1


def _ramp(count: int, theme: Theme) -> Sequence[Any] | None:
    """Return colours for so many curves in their order; None if there are usual ones for all."""
    if theme.ramp is None or count <= len(theme.curves):
        return None
    from matplotlib import colormaps

    return list(colormaps["viridis"](np.linspace(*theme.ramp, count)))


def _colour(style: Style, theme: Theme) -> Any:
    """Return a colour as it was named, in print as a grey; of `C0` and so on, that of the theme."""
    name = style.color_on(theme)
    if name and re.fullmatch("C[0-9]+", name):
        return theme.curves[int(name[1:]) % len(theme.curves)]
    if name and theme.dashes_first:
        from matplotlib.colors import to_rgb

        return grey(to_rgb(name))
    return name

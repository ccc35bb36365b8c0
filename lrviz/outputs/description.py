"""What a figure shows, in one line of words for those who do not see it."""

from collections.abc import Sequence

from ..errors import cut, listing, printable
from ..schedules.fields import rounded_text
from .content import Panel

MOST_CURVES = 6
"""How many curves of a panel are put into words."""


def described(panels: Sequence[Panel], title: str = "") -> str:
    """Return what panels below a title show, of a single one also how its curves go."""
    begin = f"{title}: " if title else ""
    if len(panels) == 1:
        return printable(begin + _alone(panels[0]))
    return printable(begin + "; ".join(_beside_others(panel) for panel in panels))


def _alone(panel: Panel) -> str:
    """Return what the only panel of a figure shows, and how its first curves go."""
    look = panel.look
    title = f"{look.title}: " if look.title else ""
    steps = f"steps {look.first} to {look.horizon - 1}" if look.first else f"{look.horizon} steps"
    curves = [
        f"{cut(curve.label)} {_course(curve.values[0], curve.values.max(), curve.values[-1])}"
        for curve in panel.curves[:MOST_CURVES]
    ]
    return f"{title}{panel.name} over {steps}; {_listed(curves, panel)}"


def _beside_others(panel: Panel) -> str:
    """Return what one panel of several shows."""
    names = [cut(curve.label) for curve in panel.curves[:MOST_CURVES]]
    title = panel.look.title
    return f"{title} ({_listed(names, panel)})" if title else _listed(names, panel)


def _listed(texts: list[str], panel: Panel) -> str:
    left = len(panel.curves) - len(texts)
    return listing([*texts, f"{left} more"] if left else texts)


def _course(first: float, peak: float, last: float) -> str:
    """Return in words how a curve goes."""
    begin, top, end = (rounded_text(rate, 3) for rate in (first, peak, last))
    if top not in (begin, end):
        return f"from {begin} up to {top}, then to {end}"
    return f"stays at {begin}" if begin == top == end else f"from {begin} to {end}"

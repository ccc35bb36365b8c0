"""Values that options and settings share: what their texts mean, and what is refused.

Each function is told the `subject` of its errors: `size` in a file.
"""

import math
import re

from ..errors import LrvizError, one_of, quoted, shown
from ..outputs.figure import THEMES, Paper
from ..specs.quantities import Run, number, span

MOST_PIXELS = 100_000_000
"""How large a figure may be."""

BOTH = "both"
"""The theme that stands for two pictures, a light one and a dark one."""

_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|C[0-9]{1,2}")


def paper(size: str, dpi: str, theme: str = "light", prefix: str = "") -> Paper:
    """Return the paper of these settings, whose names begin with `prefix` in errors."""
    one_of(f"{prefix}theme", theme, tuple(THEMES))
    width, height = inches(f"{prefix}size", size)
    dots = int(number(f"{prefix}dpi", dpi, least=20, most=2400))
    if width * height * dots * dots > MOST_PIXELS:
        raise LrvizError(
            f"{prefix}size {size} at {prefix}dpi {dpi} is more than {MOST_PIXELS // 10**6} million "
            "pixels; make one of them smaller"
        )
    return Paper(width, height, dots, theme)


def inches(subject: str, size: str) -> tuple[float, float]:
    """Return width and height of WIDTHxHEIGHT."""
    width, _, height = size.partition("x")
    if not width or not height:
        raise LrvizError(f"{subject} is WIDTHxHEIGHT in inches, such as 8x4.5, not {quoted(size)}")
    return (
        number(subject, width, least=1.5, most=60),
        number(subject, height, least=1.5, most=60),
    )


def window(subject: str, zoom: str | None, horizon: int, run: Run) -> range:
    """Return the steps that are shown: all of the run, or those of FROM:TO."""
    return range(horizon) if zoom is None else span(subject, zoom, run._replace(horizon=horizon))


def rates(subject: str, ends: tuple[float, float], log: bool) -> tuple[float, float]:
    """Return the ends of an axis of rates."""
    low, high = ends
    if not (low < high and math.isfinite(high - low)):
        raise LrvizError(
            f"{subject} are the lower and the upper end of the axis, such as [0, 0.01], "
            f"not {shown([low, high])}"
        )
    if log and low <= 0:
        raise LrvizError(
            f"{subject} of a logarithmic axis are above 0, and {low:g} is not; begin higher"
        )
    return low, high


def colour(subject: str, text: str) -> str:
    """Return a colour as matplotlib knows it; `C0` is the first of the theme's own."""
    if not _HEX.fullmatch(text):  # matplotlib takes a while to import
        from matplotlib.colors import is_color_like

        if not is_color_like(text):
            raise LrvizError(
                f"{subject} is a colour such as '#d55e00', 'black' or 'C0', not {quoted(text)}"
            )
    return text

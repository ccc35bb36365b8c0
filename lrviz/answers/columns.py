"""Numbers, columns and notes as a prediction prints them."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import cells
from ..schedules.fields import rounded_text

RESOLVED = 0.02
"""Which part of kappa is a difference that means something."""

_GAP = 2
_HUGE = 1e6


def behind(part: float) -> str:
    """Return by how much a kappa is above the least, where that means something."""
    if part == 0:
        return ""
    return f"+{100 * part:.1f} %" if part >= RESOLVED else f"under {100 * RESOLVED:.0f} %"


def digits(value: float, most: int = 3) -> str:
    """Return the first digits of a loss."""
    if not value < _HUGE:
        return f"{value:.{most}g}" if math.isfinite(value) else "beyond all numbers"
    return rounded_text(float(value), most)


def spread(mean: float, sd: float) -> str:
    """Return a loss and its standard deviation."""
    return f"{digits(mean)}±{digits(sd, 2)}" if math.isfinite(sd) else digits(math.inf)


def known(value: Any) -> float | None:
    """Return a number, None for one that is beyond all numbers."""
    return float(value) if math.isfinite(value) else None


def columns(head: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield lines of cells in columns, under one another what does not fit side by side."""
    widths = [max(map(cells, column)) for column in zip(head, *lines, strict=True)]
    first = 1
    while first < len(head):
        stop, room = first, width - 2 - widths[0]
        while stop < len(head) and (stop == first or room >= _GAP + widths[stop]):
            room -= _GAP + widths[stop]
            stop += 1
        for line in [head, *lines]:
            texts = [line[0] + " " * (widths[0] - cells(line[0]))]
            texts += [" " * (widths[i] - cells(line[i])) + line[i] for i in range(first, stop)]
            yield f"  {(' ' * _GAP).join(texts)}".rstrip()
        first = stop


def note(text: str, width: int) -> Iterator[str]:
    """Yield a sentence below a table, in lines that fit."""
    yield from textwrap.wrap(
        text, width, initial_indent="  ", subsequent_indent="    ", break_long_words=False
    )

"""Where the names of curves have room beside them: a question of boxes, lines and distances.

All lengths are in units, from the lower left corner of the axes.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

COLUMN = 2.0
"""How wide a column is for which the extent of each curve is known."""

NEAR = 3.0
"""How far a name is from its own curve."""
APART = 9.0
"""How far it is from any other, at least."""

_ASIDE = 2
"""How many columns beside a name are to be as free as it is."""

_STEP = 3
"""In how many columns a place for a name is tried."""
_CLEARER = 1.5
"""How many times as far as its own curve any other is on average, so that nobody mistakes it."""

Box = tuple[float, float, float, float]
"""Left, lower, right and upper end."""


class Room(NamedTuple):
    """Axes: how large they are, how far up names may go, what must stay free, where rules are."""

    width: float
    height: float
    top: float
    blocked: Sequence[Box] = ()
    rules: Sequence[float] = ()


class Extent(NamedTuple):
    """The lowest and the highest a curve is in each column; infinite where it is not."""

    low: np.ndarray
    high: np.ndarray


def extent(points: np.ndarray, width: float) -> Extent:
    """Return the extent of a line through points, of shape (n, 2), that go from left to right."""
    count = max(int(width / COLUMN), 1)
    edges = np.arange(count + 1) * COLUMN
    x, y = points[:, 0], np.clip(points[:, 1], -1e5, 1e5)
    at_edges = np.interp(edges, x, y)
    inside = (edges >= x[0] - COLUMN) & (edges <= x[-1] + COLUMN)
    low = np.where(inside, at_edges, np.inf)
    high = np.where(inside, at_edges, -np.inf)
    low, high = np.minimum(low[:-1], low[1:]), np.maximum(high[:-1], high[1:])
    column = np.clip((x / COLUMN).astype(np.int64), 0, count - 1)
    np.minimum.at(low, column, y)
    np.maximum.at(high, column, y)
    return Extent(low, high)


def places(
    extents: Sequence[Extent], widths: Sequence[float], line: float, room: Room
) -> list[Box]:
    """Return a box for each name, `line` high, near its own curve and near no other.

    The list is empty if there is no room for one of them.
    """
    candidates: list[list[tuple[float, Box]]] = []
    for own, width in enumerate(widths):
        candidates.append(sorted(_candidates(extents, own, width, line, room)))
        if not candidates[-1]:
            return []
    fewest = sorted(range(len(widths)), key=lambda i: len(candidates[i]))
    widest = sorted(range(len(widths)), key=lambda i: -widths[i])
    for order in (fewest, widest):
        found: dict[int, Box] = {}
        for i in order:
            free = (box for _, box in candidates[i] if not _meets(box, found.values(), NEAR))
            box = next(free, None)
            if box is None:
                break
            found[i] = box
        else:
            return [found[i] for i in range(len(widths))]
    return []


def _candidates(
    extents: Sequence[Extent], own: int, width: float, line: float, room: Room
) -> Iterator[tuple[float, Box]]:
    """Yield places above and below a curve that its name can have, and how bad each is."""
    columns = math.ceil(width / COLUMN) + 1
    count = len(extents[own].low)
    if columns > count:
        return
    starts = np.arange(0, count - columns + 1, _STEP)
    window = np.clip(starts[:, None] + np.arange(-_ASIDE, columns + _ASIDE), 0, count - 1)
    mine = Extent(*(part[window] for part in extents[own]))
    there = np.isfinite(mine.low)
    for above in (True, False):
        base = mine.high.max(axis=1) + NEAR if above else mine.low.min(axis=1) - NEAR - line
        base = np.where(np.isfinite(base), base, -1e4)  # where the curve is not, no name can be
        gaps = base[:, None] - mine.high if above else mine.low - base[:, None] - line
        away = np.where(there, gaps, 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        fits = (base >= 1.5) & (base + line <= room.top)
        fits &= there.mean(axis=1) > 0.5
        others = np.full(len(starts), 60.0)
        for number, other in enumerate(extents):
            if number == own:
                continue
            over = other.low[window] - base[:, None] - line
            under = base[:, None] - other.high[window]
            gap = np.maximum(over, under)
            others = np.minimum(others, gap.min(axis=1))
            fits &= np.minimum(gap, 1e4).mean(axis=1) >= _CLEARER * away
        fits &= others >= APART
        cost = np.minimum(away, 60) - 0.5 * np.minimum(others, 40) + (0 if above else 2)
        cost += 10.0 * (base + line > room.height)
        cost += 8.0 * np.abs((starts * COLUMN + width / 2) / room.width - 0.5)
        for rule in room.rules:
            cost += 6.0 * ((base + 1 < rule) & (rule < base + line - 1))
        for i in np.flatnonzero(fits):
            left = float(starts[i] * COLUMN)
            box = (left, float(base[i]), left + width, float(base[i]) + line)
            if not _meets(box, room.blocked, NEAR):
                yield float(cost[i]), box


def _meets(box: Box, others: Iterable[Box], distance: float) -> bool:
    """Return whether a box comes nearer than that to another."""
    left, low, right, high = np.add(box, (-distance, -distance, distance, distance))
    return any(left < x1 and right > x0 and low < y1 and high > y0 for x0, y0, x1, y1 in others)

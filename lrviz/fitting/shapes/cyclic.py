"""Triangular cycles."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.cyclic import CyclicRate
from ..record import Record
from ..shape import Guess, shape

_SHRINKS = (1.0, 0.5)


@shape
def cyclic(record: Record) -> Iterator[Guess]:
    """Yield triangles as wide as the first, of equal height, of half the height, and sinking."""
    values, steps = record.values, record.steps
    falls = np.flatnonzero(np.diff(values) < 0)
    if not falls.size or falls[0] == 0:
        return
    top = int(falls[0])
    rises = np.flatnonzero(np.diff(values[top:]) > 0)
    if not rises.size:  # one way up and down is no cycle
        return
    low, peak = float(values.min()), float(values[top])
    bottom = top + int(rises[0])
    numbers = {"lr": low, "peak": peak, "up": float(steps[top])}
    down = max(float(steps[bottom] - steps[top]), 1.0)
    slope = float(values[top] - values[0]) / max(float(steps[top]), 1)
    away = float(values[top] - values[bottom]) / down
    if away > 0 and abs(slope / away - 1) > 0.2:
        numbers |= {"down": down}
    counts = frozenset({"up", "down"})
    for shrink in _SHRINKS:
        yield Guess(partial(CyclicRate, shrink=shrink), numbers, counts)
    yield Guess(CyclicRate, numbers | {"shrink": 0.9}, counts)
    yield Guess(CyclicRate, numbers | {"rate": 0.999}, counts)

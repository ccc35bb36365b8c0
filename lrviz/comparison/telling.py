"""Of logs that have more points than are held, those that tell how they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..schedules.numeric import Array, Steps
from ..series import Series
from ..series.recorded import Recorded

_CHUNK = 1 << 13
"""Of so many points some are kept."""

_FIRST = 32
"""So many of the first that differ, beside the farthest, the lowest, the highest and the ends."""


def with_telling(series: Sequence[Series], horizon: int, rtol: float, atol: float) -> list[Series]:
    """Return series whose logs hold the points at which they differ most from the first.

    Gaps tell that are larger than `atol` + `rtol` * the larger rate, all points being looked at.
    """
    first, *others = series
    told: list[Series] = []
    for one in others:
        if has_more(first) or has_more(one):
            rows = rows_of_both(first, one, horizon)
            steps = [common[_telling(a, b, rtol, atol)] for common, a, b in rows]
            found = np.concatenate([np.empty(0, np.int64), *steps])
            first, one = _holding(first, found), _holding(one, found)  # noqa: PLW2901
        told.append(one)
    return [first, *told]


def has_more(one: Series) -> bool:
    """Return whether a series has more points than it holds."""
    return isinstance(one, Recorded) and one.curve.whole is not None


def rows_of_both(a: Series, b: Series, horizon: int) -> Iterator[tuple[Steps, Array, Array]]:
    """Yield the steps that two series share, and the rates of both, in blocks.

    One of them has more points than it holds.
    """
    by, other, turned = (a, b, False) if has_more(a) else (b, a, True)
    assert isinstance(by, Recorded)
    assert by.curve.whole is not None
    for steps, values in by.curve.whole.blocks():
        for start in range(0, len(steps), _CHUNK):
            part = slice(start, start + _CHUNK)
            rates = other.at(steps[part])
            there = np.isfinite(rates) & (steps[part] < horizon)
            if there.any():
                found = values[part][there], rates[there]
                yield (steps[part][there], *(found[::-1] if turned else found))


def _telling(a: Array, b: Array, rtol: float, atol: float) -> Steps:
    """Return the places of the points that tell most of how two series differ."""
    gap = abs(a - b)
    above = gap - rtol * np.maximum(abs(a), abs(b))
    ends = [0, len(a) - 1, a.argmin(), a.argmax(), b.argmin(), b.argmax()]
    told = np.array([*ends, gap.argmax(), above.argmax(), *np.flatnonzero(above > atol)[:_FIRST]])
    # With those beside them, so that a line through the points has no broad spikes.
    return np.unique((told[:, None] + [-1, 0, 1]).clip(0, len(a) - 1))


def _holding(one: Series, steps: Steps) -> Series:
    """Return a series that holds its points at some steps too; a schedule has all."""
    if not isinstance(one, Recorded):
        return one
    known = np.union1d(one.curve.steps, steps)
    values = one.at(known)
    there = np.isfinite(values)
    return replace(one, curve=replace(one.curve, steps=known[there], values=values[there]))

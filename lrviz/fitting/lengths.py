"""How long a curve is that a record shows all or a part of."""

from collections.abc import Callable, Iterator

import numpy as np

from ..schedules.decay import Decay
from ..schedules.numeric import Array
from .record import Record
from .shape import Guess

_SHORTEST, _LONGEST, _TRIED = 0.04, 12.0, 70
"""Parts of a record that a curve may last, and how many of them are tried."""
_BEST = 2


def by_length(
    record: Record, make: Callable[..., Decay], shortest: float = _SHORTEST, best: int = _BEST
) -> Iterator[Guess]:
    """Yield guesses at a decay, whose two rates follow from its length."""
    lengths = record.span * np.geomspace(shortest, _LONGEST, _TRIED)
    lengths = np.sort([*lengths, record.span, record.span + 1, *record.restarts])
    t = record.some.steps.astype(np.float64)
    left = np.array([make(lr=1.0, steps=length).left(t) for length in lengths])
    off, first, last = two_rates(left, record.some.values)
    for i in lowest(off, best):
        numbers = {"lr": float(first[i]), "steps": float(lengths[i]), "end": float(last[i])}
        yield Guess(make, numbers)


def two_rates(left: Array, values: Array) -> tuple[Array, Array, Array]:
    """Return for each row how far it is from values, and the rates where all and none is left.

    The rows have the share that is left at each point, shape (rows, points).
    """
    passed = 1 - left
    aa, ab, bb = (left * left).sum(1), (left * passed).sum(1), (passed * passed).sum(1)
    a, b = left @ values, passed @ values
    det = aa * bb - ab * ab
    with np.errstate(all="ignore"):
        first, last = (a * bb - b * ab) / det, (b * aa - a * ab) / det
        alone = ~((det > 1e-12 * aa * bb) & (last > 0))
        first = np.where(alone, a / aa, first)
        last = np.where(alone, 0, last)
        alone = ~(first > 0)
        first = np.where(alone, 0, first)
        last = np.where(alone, b / bb, last)
    off = np.square(first[:, None] * left + last[:, None] * passed - values).sum(1)
    return np.where(np.isfinite(off), off, np.inf), first, last


def lowest(off: Array, most: int) -> list[int]:
    """Return where numbers are lower than beside, the lowest first."""
    padded = np.concatenate([[np.inf], off, [np.inf]])
    dips = np.flatnonzero((off <= padded[:-2]) & (off <= padded[2:]) & np.isfinite(off))
    chosen: list[int] = dips[np.argsort(off[dips])][:most].tolist()
    return chosen

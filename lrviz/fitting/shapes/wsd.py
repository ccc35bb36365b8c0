"""A plateau and a decay."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.wsd import WarmupStableDecay
from ...schedules.base import Schedule
from ..lengths import lowest, two_rates
from ..record import Record
from ..shape import Guess, shape

_SHAPES = ("linear", "cosine", "sqrt", "exp")
_TRIED = 60
_STARTS = 12


@shape
def wsd(record: Record) -> Iterator[Guess]:
    """Yield decays of all shapes after a plateau of equal rates at the peak."""
    held = int(np.argmax(record.values != record.values[0]))
    if held < 2 or record.values[held] > record.values[0]:
        return
    first, after = int(record.steps[held - 1]), int(record.steps[held])
    for name in _SHAPES:
        # A cosine begins so flat that it has left the plateau before its digits show that.
        early = (record.span - first) // 50 if name == "cosine" else 0
        between = np.linspace(max(first - early, 0), after, _STARTS).astype(np.int64)
        for start in np.unique(between).tolist():
            yield from _of(record, name, start)


def _of(record: Record, name: str, start: int) -> Iterator[Guess]:
    """Yield decays of one shape that begin at a step."""
    t = record.some.steps
    lengths = np.geomspace(1, 12 * max(record.span - start, 1), _TRIED)
    unit = WarmupStableDecay(lr=1, steps=1, warmup=0, decay=1, shape=name)  # type: ignore[arg-type]
    left = np.array([unit.left(np.clip((t - start) / length, 0, 1)) for length in lengths])
    off, lr, end = two_rates(left, record.some.values)
    for i in lowest(off, 1):
        numbers = {"lr": float(lr[i]), "decay": float(lengths[i]), "end": float(end[i])}
        make = partial(_wsd, stop=start, shape=name)
        yield Guess(make, numbers, frozenset(), frozenset({"decay"}), warms=True)


def _wsd(
    *,
    lr: float,
    stop: int,
    decay: float,
    end: float,
    shape: str,
    warmup: int = 0,
    start: float = 0.0,
) -> Schedule:
    """Return the schedule whose plateau lasts so many steps."""
    return WarmupStableDecay(
        lr=lr,
        steps=warmup + stop + round(decay),
        warmup=warmup,
        decay=round(decay),
        start=start,
        end=end,
        shape=shape,  # type: ignore[arg-type]
    )

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
_STARTS = 16
_NEAR = 6


@shape
def wsd(record: Record) -> Iterator[Guess]:
    """Yield decays of all shapes after a plateau of equal rates at the peak."""
    held = int(np.argmax(record.values != record.values[0]))
    if held < 2 or record.values[held] > record.values[0]:
        return
    first, after = int(record.steps[held - 1]), int(record.steps[held])
    after = min(after, first + _STARTS)
    for name in _SHAPES:
        for start in (
            _starts(first, after, record.span) if name == "cosine" else range(first, after + 1)
        ):
            yield from _of(record, name, start)


def _starts(first: int, after: int, last: int) -> list[int]:
    """Return where a cosine may begin, which is so flat that its digits show that too late."""
    early = max(first - (last - first) // 50, 0)
    round_ones = [
        n for unit in (1000, 100, 50, 10) for n in range(-(-early // unit) * unit, after, unit)
    ]
    return list(dict.fromkeys([*range(max(first - _NEAR, early), after + 1), *round_ones]))[
        :_STARTS
    ]


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

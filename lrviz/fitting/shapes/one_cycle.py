"""One cycle."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.one_cycle import OneCycle
from ...schedules.base import Schedule
from ..record import Record
from ..shape import Guess, shape

_LONGER = (1.0, 1.25, 1.6, 2.0, 3.0)
"""How many times as long as the record the cycle is tried."""


@shape
def one_cycle(record: Record) -> Iterator[Guess]:
    """Yield rises and falls along waves and lines, in two phases and in three."""
    top = int(record.values.argmax())
    if not 0 < top < len(record.steps) - 1 or record.is_stairs:
        return
    start, last = float(record.values[0]), float(record.values[-1])
    for linear in (False, True):
        for three in (False, True):
            for longer in _LONGER:
                steps = (record.span + 1) * longer
                numbers = {
                    "lr": record.peak,
                    "pct": float(record.steps[top] + 1) / steps,
                    "start": start,
                    "end": last if longer == 1 else min(last, start / 1e4),
                    "steps": steps,
                }
                make = partial(_one_cycle, linear=linear, three=three)
                yield Guess(make, numbers, frozenset(), frozenset({"steps"}))
            # PyTorch goes on for one step.
            numbers |= {"steps": float(record.span), "end": float(record.values[-2])}
            numbers["pct"] = float(record.steps[top] + 1) / record.span
            make = partial(_one_cycle, linear=linear, three=three, unclamped=True)
            yield Guess(make, numbers, frozenset(), frozenset({"steps"}))


def _one_cycle(
    *, lr: float, pct: float, start: float, end: float, steps: float, **flags: bool
) -> Schedule:
    """Return the schedule, without rates that are what they are unless given."""
    given = None if np.isclose(start, lr / 25, rtol=1e-12, atol=0) else start
    lands = None if np.isclose(end, start / 1e4, rtol=1e-12, atol=0) else end
    return OneCycle(lr=lr, steps=round(steps), pct=pct, start=given, end=lands, **flags)

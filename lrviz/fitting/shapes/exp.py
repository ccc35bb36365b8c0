"""Exponential decay, and growth."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.exp import ExponentialDecay
from ...families.floor import Floor
from ...schedules.base import Schedule
from ..record import Record
from ..shape import Guess, shape

_RATES = (0.5, 0.1, 0.9, 0.96, 0.95, 0.99, 0.8, 0.7, 0.3, 0.2, 0.97, 0.98, 0.94, 2.0)
"""The usual ones; of a curve, only rate^(1/steps) is known."""
_STEPS = (1, 10, 100, 1000, 10_000)


@shape
def exp(record: Record) -> Iterator[Guess]:
    """Yield decays of the usual rates and of the usual lengths, down to a floor too."""
    held, steps, values = _falling(record)
    if len(steps) < 2 or values.min() <= 0:
        return
    slope, log_lr = np.polyfit(steps, np.log(values), 1)
    if slope == 0:
        return
    more = {"floor": held} if held else {}
    make = _floored if held else ExponentialDecay
    lr = math.exp(log_lr)
    for length in _STEPS:
        if 1e-4 < math.exp(slope * length) < 1 - 1e-12 or slope > 0:
            numbers = {"lr": lr, "rate": math.exp(min(slope * length, 50)), **more}
            yield Guess(partial(make, steps=length), numbers)
    for rate in _RATES:
        length = math.log(rate) / slope
        if 1 <= length < 1e9:
            yield Guess(partial(make, rate=rate), {"lr": lr, "steps": length, **more})


def _falling(record: Record) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the rate that the last points are held at, and the points before; 0 if none is."""
    steps, values = record.some.steps, record.some.values
    held = int(np.count_nonzero(values == values[-1]))
    if held < 3 or held == len(values) or values[-1] != values.min():
        return 0.0, steps, values
    return float(values[-1]), steps[:-held], values[:-held]


def _floored(*, floor: float, **numbers: float) -> Schedule:
    """Return a decay that is cut off from below."""
    return Floor(value=floor, of=ExponentialDecay(**numbers))

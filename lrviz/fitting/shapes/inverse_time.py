"""Inverse time decay."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.inverse_time import InverseTimeDecay
from ..record import Record
from ..shape import Guess, shape

_STEPS = (1, 10, 100, 1000, 10_000)
_RATES = (1.0, 0.5, 0.1, 2.0)
"""The usual ones; of a curve, only rate / steps is known."""
_NOTE = "of an inverse time decay a log tells only rate / steps"


@shape
def inverse_time(record: Record) -> Iterator[Guess]:
    """Yield decays of the usual lengths and rates."""
    steps, values, _ = record.some
    if len(steps) < 2 or values.min() <= 1e-12 * record.peak:
        return
    slope, start = np.polyfit(steps, 1 / values, 1, w=values)
    if slope <= 0 or start <= 0:
        return
    lr, per_step = float(1 / start), float(slope / start)
    for length in _STEPS:
        numbers = {"lr": lr, "rate": per_step * length}
        yield Guess(partial(InverseTimeDecay, steps=length), numbers, note=_NOTE)
    for rate in _RATES:
        if rate / per_step >= 1:
            numbers = {"lr": lr, "steps": rate / per_step}
            yield Guess(partial(InverseTimeDecay, rate=rate), numbers, note=_NOTE)

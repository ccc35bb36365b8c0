"""Exponential decay, and growth."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from ...families.exp import ExponentialDecay
from ...families.floor import Floor
from ...logs.digits import Rounded
from ...schedules.base import Schedule
from ..digits import digits
from ..record import Record
from ..shape import Guess, shape

_STEPS = (1, 10, 100, 1000, 10_000)
_RATES = np.unique([*(np.arange(1, 200) / 100), *range(2, 11), 100, 0.316, 0.995, 0.999, 0.9999])
"""Those with two digits, and more that are usual; of a curve, only rate^(1/steps) is known."""
_NOTE = "of an exponential a log tells only rate^(1/steps)"
_MOST = 8
"""How many pairs of a rate and a length are tried."""

_SURE = 6
"""By more standard errors the slope is not off."""


@shape
def exp(record: Record) -> Iterator[Guess]:
    """Yield decays of the usual rates and of the usual lengths, down to a floor too."""
    held, before = _held(record)
    yield from _decays(before, {})
    if held:
        yield from _decays(before, {"floor": held})


def _decays(log: Rounded, floor: dict[str, float]) -> Iterator[Guess]:
    """Yield decays through some points, down to a floor if there is one."""
    log = log.at(np.flatnonzero(log.values > log.tolerance))
    if len(log.steps) < 3:
        return
    weights = log.values / log.tolerance
    line, spread = np.polyfit(log.steps, np.log(log.values), 1, w=weights, cov="unscaled")
    slope = float(line[0])
    if slope == 0:
        return
    make = _floored if floor else ExponentialDecay
    numbers = {"lr": math.exp(line[1]), **floor}
    for length in _STEPS:
        rate = math.exp(min(slope * length, 50))
        if rate > 1e-4:
            yield Guess(partial(make, steps=length), numbers | {"rate": rate}, note=_NOTE)
    for rate, steps in _pairs(slope, _SURE * math.sqrt(spread[0][0]) / abs(slope) + 1e-9):
        yield Guess(partial(make, rate=rate), numbers | {"steps": steps}, note=_NOTE)


def _pairs(slope: float, error: float) -> list[tuple[float, float]]:
    """Return rates with the lengths that belong to them, the roundest of both first."""
    rates = _RATES[(_RATES < 1) if slope < 0 else (_RATES > 1)]
    lengths = np.log(rates) / slope
    whole = np.maximum(np.rint(lengths), 1)
    is_whole = abs(lengths - whole) <= error * whole
    pairs = [*zip(rates[is_whole].tolist(), whole[is_whole].tolist(), strict=True)]
    return sorted(pairs, key=lambda pair: digits(pair[0]) + digits(pair[1]))[:_MOST]


def _held(record: Record) -> tuple[float, Rounded]:
    """Return the rate that the last points are held at, 0 if at none, and the points before."""
    log = record.some
    held = int(np.count_nonzero(log.values == log.values[-1]))
    if held < 3 or held > len(log.values) - 3 or log.values[-1] != log.values.min():
        return 0.0, log
    return float(log.values[-1]), log.at(np.arange(len(log.values) - held))


def _floored(*, floor: float, lr: float, rate: float, steps: float) -> Schedule:
    """Return a decay that is cut off from below."""
    return Floor(value=floor, of=ExponentialDecay(lr=lr, rate=rate, steps=steps))

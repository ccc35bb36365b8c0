"""Causes that run a plan on another clock: which whole number makes it the log, if any does."""

from collections.abc import Callable

import numpy as np

from ..errors import LrvizError
from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.numeric import LAST_STEP, Array, Steps

Number = Steps | np.int64
"""One or many whole numbers."""

Clock = Callable[[Number, Number], Steps]
"""At which of its steps the plan is, for numbers and steps that broadcast together."""

REACH = 1_000_000
"""The longest shift, and the largest number of steps for one, that is looked for."""
_TABLE = 4_000_000
"""Rates of so many steps are computed once and kept."""
_LOOKED_AT = 2000
"""How many points are held to a number before all of them are."""
_EDGES = 4
"""So many of the first and of the last points that differ are among them."""
_TRIES = 300
"""How many numbers may fail before the search is given up."""


class Rates:
    """The rates of a plan, NaN at steps where it has none."""

    def __init__(self, plan: Schedule, last: int) -> None:
        self.plan = plan
        self.stop = _stop(plan, last)
        self.table = plan(np.arange(min(2 * last + 2, _TABLE, self.stop)))

    def __call__(self, steps: Steps) -> Array:
        if steps.size and int(steps.max()) < len(self.table):
            return self.table[steps]
        rates = np.full(steps.shape, np.nan)
        has = steps < self.stop
        rates[has] = self.plan(steps[has])
        return rates


def rates_at(plan: Schedule, steps: Steps) -> Array:
    """Return the rates of a plan at some steps, NaN at those where it has none."""
    try:
        return plan(steps)
    except LrvizError:
        return Rates(plan, 0)(steps)


def _stop(plan: Schedule, last: int) -> int:
    """Return the first step that has no rate, such as the one after PyTorch's OneCycleLR."""

    def has(step: int) -> bool:
        try:
            plan(step)
        except LrvizError:
            return False
        return True

    if has(LAST_STEP):
        return LAST_STEP + 1
    low, high = 0, LAST_STEP
    if has(last):
        low = last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if has(middle) else (low, middle)
    return high


def telling(log: Rounded, differing: Steps) -> Steps:
    """Return the places in a log that tell most, rising.

    They are where it changes and bends most, the first and last of those that differ, and some all
    over.
    """
    count = len(log.steps)
    if count <= _LOOKED_AT:
        return np.arange(count)
    share = _LOOKED_AT // 4
    spread = np.linspace(0, count - 1, share).astype(np.int64)
    change = abs(np.diff(log.values))
    bend = abs(np.diff(log.values, n=2))
    jumps = np.argpartition(change, -share)[-share:]
    bends = np.argpartition(bend, -share)[-share:]
    edges = np.concatenate([differing[:_EDGES], differing[-_EDGES:]])
    beside = (edges[:, None] + [-1, 0, 1]).ravel().clip(0, count - 1)
    return np.unique(np.concatenate([spread, jumps, jumps + 1, bends + 1, beside]))


def find(log: Rounded, some: Rounded, rates: Rates, clock: Clock, numbers: Steps) -> Steps:
    """Return the numbers with which the clock explains every point, those that come first first.

    `some` are the points that are looked at first. The points that refute a number best also
    refute most of the others, so that few numbers need be tried at many points.
    """
    left = numbers
    for _ in range(_TRIES):
        if not left.size:
            return left
        against = _refuting(some, rates(clock(left[0], some.steps)))
        if not against.steps.size:
            against = _refuting(log, rates(clock(left[0], log.steps)))
        if not against.steps.size:
            return left
        for step, value, tolerance in zip(*against, strict=True):
            left = left[abs(rates(clock(left, step)) - value) <= tolerance]
    return left[:0]


def _refuting(log: Rounded, rates: Array) -> Rounded:
    """Return the first and the last point that `rates` do not explain, and those they miss most.

    Where stairs are moved, each step between two places of a jump refutes one number, and the last
    of them all numbers but the right one.
    """
    excess = abs(rates - log.values) / log.tolerance
    excess[np.isnan(excess)] = np.inf  # where the plan has no rate
    missed = np.flatnonzero(excess > 1)
    if not missed.size:
        return log.at(missed)
    worst = np.flatnonzero(excess == excess.max())
    return log.at(np.unique([missed[0], missed[-1], worst[0], worst[-1]]))

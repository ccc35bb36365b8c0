"""Cycles that follow one another, each some times as long as the one before."""

import math
from typing import NamedTuple

import numpy as np

from .knots import Knots
from .numeric import LAST_STEP, Array, Steps, by_runs, log, power, scalars

_MOST_STARTS = 64
"""How many cycles are looked through for steps in a row; of more, each step finds its own."""


class Cycles(NamedTuple):
    """Cycles of which the first has `steps` steps, and each next one `t_mul` times as many."""

    steps: float
    t_mul: float

    def number(self, t: Array) -> Array:
        """Return the number of the cycle at `t`, the first being 0."""
        passed = self.passed(t)
        if self.t_mul == 1:
            whole: Array = np.floor(passed)
            return whole
        if t.dtype == np.float32:
            # As TensorFlow counts: this logarithm is never wrong at a restart.
            one, t_mul = scalars(t, 1, self.t_mul)
            return np.floor(log(one - passed * (one - t_mul)) / log(t_mul))
        if self.t_mul > 1 and t.ndim == 1 and t.size > 2 and (t[1:] >= t[:-1]).all():
            first, last = self.number(t[[0, -1]])
            if last - first < _MOST_STARTS:
                numbers = np.arange(first, last + 1)
                edges = np.searchsorted(t, self.start(numbers[1:]))
                edges = np.concatenate(([0], edges, [t.size]))
                return np.repeat(numbers, edges[1:] - edges[:-1])
        # Shrinking cycles come to an end, and past it there is no logarithm.
        with np.errstate(over="ignore"):
            growth = np.clip(passed * (self.t_mul - 1), -1 + 2**-53, 1e300)
        number: Array = np.floor(np.log1p(growth) / math.log(self.t_mul))
        # In float64 the logarithm can be one off at a restart.
        return number + (t >= self.start(number + 1)) - (t < self.start(number))

    def passed(self, t: Array) -> Array:
        """Return how many times the length of the first cycle has passed at `t`."""
        with np.errstate(over="ignore"):
            passed: Array = np.minimum(t / self.steps, LAST_STEP)
        return passed

    def start(self, number: Array) -> Array:
        """Return where a cycle begins, exact in float64 for whole numbers."""
        if self.t_mul == 1:
            return self.steps * number
        with np.errstate(over="ignore"):  # a cycle may begin after the last step there is
            return by_runs(
                lambda number: self.steps * ((np.power(self.t_mul, number) - 1) / (self.t_mul - 1)),
                number,
            )

    def position(self, t: Array) -> tuple[Array, Array]:
        """Return the number of the cycle at `t`, and how much of that cycle has passed."""
        passed, number = self.passed(t), self.number(t)
        if self.t_mul == 1:
            return number, passed - number
        one, t_mul = scalars(t, 1, self.t_mul)
        longer = power(t_mul, number)
        before = by_runs(lambda longer: (one - longer) / (one - t_mul), longer)
        return number, (passed - before) / longer

    def length(self, count: float) -> int:
        """Return how many steps the first `count` cycles take."""
        return math.ceil(min(float(self.start(np.array([count]))[0]), LAST_STEP))


class CycleStarts(Knots):
    """The first step of every cycle but the first, of `most` of them."""

    jump = True

    def __init__(self, cycles: Cycles, most: int = LAST_STEP) -> None:
        self.cycles, self.most = cycles, most

    def count(self, before: Steps) -> Steps:
        last = np.maximum(before - 1, 0).astype(np.float64)
        count: Steps = np.minimum(self.cycles.number(last), self.most).astype(np.int64)
        return count

    def step(self, number: Steps) -> Steps:
        return np.ceil(self.cycles.start(number + 1.0)).astype(np.int64)

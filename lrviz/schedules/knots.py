"""Knots: the steps where a curve jumps or bends, in closed form, so that none need be listed.

A staircase over 10^12 steps has more stairs than memory holds; the sampler asks only how many lie
in a column of pixels, and where those are that it wants.
"""

from collections.abc import Iterable

import numpy as np

from .numeric import LAST_STEP, Array, Steps, irregular


class Knots:
    """Rising steps that are found by number. Up to one that is a `jump`, the old value holds.

    Those are `settled` of which `some` are all that matter, however many there are.
    """

    jump: bool = False
    settled: bool = False

    def count(self, before: Steps) -> Steps:
        """Return how many knots lie below each step."""
        raise NotImplementedError

    def step(self, number: Steps) -> Steps:
        """Return the step of each knot, the first being number 0."""
        raise NotImplementedError

    def total(self, horizon: int) -> int:
        """Return how many knots there are below `horizon`."""
        return int(self.count(np.array([horizon]))[0])

    def listed(self, horizon: int, first: int = 0) -> Steps:
        """Return all knots from `first` on, below `horizon`; each step once if they are more."""
        begin, end = self.total(first), self.total(horizon)
        if end - begin <= horizon - first:
            return self.step(np.arange(begin, end))
        steps = np.arange(first, horizon + 1)
        return steps[:-1][np.diff(self.count(steps)) > 0]

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        """Return for each row the steps where the curve can be extreme from `first` up to `stop`.

        Those are the knots, or `most` that stand for them, and the steps beside them. `first` and
        `stop` have the shape (rows, 1). A row may also hold steps outside of its bounds.
        """
        number = self.count(first)
        at = self.step(number + _spread(self.count(stop) - number, most))
        return np.hstack([at - 1, at, at + 1])


def _spread(count: Steps, most: int) -> Steps:
    """Return numbers below `count` for each row: all, or `most` with the first and the last.

    Between those the gaps are irregular, so that no period of the curve can keep in step with them.
    """
    width = int(min(count.max(), most))
    place = np.arange(width)
    within = irregular(np.arange(count.size)[:, None] * width + place)
    within[:, :1], within[:, -1:] = 0, 1
    chosen = ((place + within) / max(width, 1) * count).astype(np.int64)
    return np.minimum(np.where(count > width, chosen, place), count - 1)


class Listed(Knots):
    """A few knots, given one by one; all of them count, as no period says where the others are."""

    _MOST = 2048

    def __init__(self, steps: Iterable[int], jump: bool = False) -> None:
        self.steps = np.unique(np.array([s for s in steps if s <= LAST_STEP], dtype=np.int64))
        self.jump = jump

    def count(self, before: Steps) -> Steps:
        return np.searchsorted(self.steps, before).astype(np.int64)

    def step(self, number: Steps) -> Steps:
        return self.steps[number]

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        return super().some(first, stop, max(most, self._MOST))


class Periodic(Knots):
    """The first step at or after each multiple of `period`; with `after`, the first one after."""

    def __init__(
        self, period: float, jump: bool = False, after: bool = False, most: int = LAST_STEP
    ) -> None:
        self.period, self.jump, self.after, self.most = period, jump, after, most

    def count(self, before: Steps) -> Steps:
        last = (before - 1) / self.period
        number = np.ceil(last) - 1 if self.after else np.floor(last)
        count: Steps = np.clip(number, 0, self.most).astype(np.int64)
        return count

    def step(self, number: Steps) -> Steps:
        exact = (number + 1) * self.period
        whole: Array = np.floor(exact) + 1 if self.after else np.ceil(exact)
        return whole.astype(np.int64)

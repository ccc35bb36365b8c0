"""The numbers of a guess that are nearest to a record, and how well it tells them."""

from typing import NamedTuple

import numpy as np

from ..errors import LrvizError
from ..logs.digits import Rounded
from ..schedules.numeric import Array, Bools
from .record import rates_of
from .shape import Guess

RATES = ("lr", "peak", "end", "start", "floor", "warm_start", "held")
"""Numbers that are learning rates."""

_ROUNDS = 25
_SMALL = 1e-6
"""By which part of it a number is moved to see what that changes."""
_SETTLED = 1e-3
"""A solution that gets better by a smaller part is the best."""
_TOO_HIGH = 1e6
"""Schedules with rates of so many times the peak are none."""
_ALIKE = 0.3
_NOTHING = 1e-13
"""What points tell of numbers less than so strongly, they do not tell."""
_WORSE = 4
"""How often a step that makes it worse is shortened."""


class Polished(NamedTuple):
    """The nearest numbers, how far from each the true one may be, and what is left.

    `rms` is the root mean square of the gaps in parts of the tolerances: above 1 nothing fits.
    """

    numbers: dict[str, float]
    errors: dict[str, float]
    rms: float


def polish(guess: Guess, log: Rounded, free: list[str]) -> Polished | None:
    """Return the numbers of a guess nearest to a log, of which only some are free.

    By Levenberg and Marquardt, with the rates of the schedule itself. None if it cannot be made.
    """
    problem = _Problem(guess, log, free)
    x: Array = np.array([guess.numbers[name] for name in free], np.float64)
    gaps = problem.gaps(x)
    if gaps is None:
        return None
    slopes = problem.slopes(x, gaps)
    # Once whole numbers move no more, the others have still to settle for them.
    stiff = problem.is_stiff
    for moves in [np.ones_like(stiff)] + [~stiff] * bool(stiff.any() and not stiff.all()):
        if free:
            x, gaps, slopes = _descended(problem, x, gaps, slopes, moves)
    if free:  # a whole number is known better than by whole steps
        x = x + np.where(stiff, problem.step(slopes, gaps, x, 1e-6), 0)
    numbers = guess.numbers | dict(zip(free, x.tolist(), strict=True))
    errors = dict(zip(free, problem.errors(slopes, x).tolist(), strict=True))
    return Polished(numbers, errors, float(np.sqrt(np.mean(gaps**2))))


def _descended(
    problem: "_Problem", x: Array, gaps: Array, slopes: Array, moves: Bools
) -> tuple[Array, Array, Array]:
    """Return the nearest numbers of which some may move, with their gaps and slopes."""
    damping = 1e-3
    for _ in range(_ROUNDS):
        before = float(gaps @ gaps)
        for _ in range(_WORSE):
            there = problem.within(x + problem.step(slopes * moves, gaps, x, damping))
            found = problem.gaps(there)
            if found is not None and float(found @ found) < before:
                break
            damping = max(damping, 1e-6) * 30
        else:
            break
        damping /= 10
        gaps, moved = found, abs(there - x)
        x = there
        slopes = problem.slopes(x, gaps)
        if float(gaps @ gaps) > (1 - _SETTLED) * before or (moved <= 1e-13 * abs(x)).all():
            break
    return x, gaps, slopes


class _Problem:
    """The gaps between a guess and a log, as a function of the numbers that are free."""

    def __init__(self, guess: Guess, log: Rounded, free: list[str]) -> None:
        self.guess, self.log, self.free = guess, log, free
        self.is_stiff = np.array([name in guess.stiff for name in free], bool)
        self.peak = float(log.values.max()) or 1.0
        counted = guess.counts | guess.stiff
        self.units = np.array([1e-3 * self.peak if name in RATES else 1e-9 for name in free])
        self.least = np.array([1e-3 if name in counted else 0.0 for name in free])

    def within(self, x: Array) -> Array:
        """Return numbers that are allowed, whole where they must be."""
        x = np.maximum(x, self.least)
        allowed: Array = np.where(self.is_stiff, np.maximum(np.rint(x), 1), x)
        return allowed

    def gaps(self, x: Array) -> Array | None:
        """Return by how many tolerances each point is missed, None if there is no schedule."""
        numbers = dict(zip(self.free, x.tolist(), strict=True))
        try:
            plan = self.guess.plan(self.guess.numbers | numbers)
        except LrvizError:
            return None
        rates = rates_of(plan, self.log.steps)
        if rates is None or rates.max() > _TOO_HIGH * self.peak:
            return None
        gaps: Array = (rates - self.log.values) / self.log.tolerance
        return gaps if np.isfinite(gaps).all() else None

    def size(self, x: Array) -> Array:
        """Return what counts as a unit of each number."""
        size: Array = np.maximum(abs(x), self.units)
        return size

    def slopes(self, x: Array, gaps: Array) -> Array:
        """Return how the gaps change with each number, in its units; shape (points, numbers)."""
        size = self.size(x)
        columns = np.zeros((len(gaps), len(x)))
        for i in range(len(x)):
            by = 1.0 if self.is_stiff[i] else _SMALL * size[i]
            for way in (by, -by):
                there = x.copy()
                there[i] += way
                found = self.gaps(there) if there[i] >= self.least[i] else None
                if found is not None:
                    columns[:, i] = (found - gaps) / way * size[i]
                    break
        return columns

    def step(self, slopes: Array, gaps: Array, x: Array, damping: float) -> Array:
        """Return by how much to change the numbers."""
        slopes = np.where(np.isfinite(slopes).all(0), slopes, 0)
        length = np.sqrt(np.square(slopes).sum(0))
        ridge = np.diag(np.sqrt(damping) * np.where(length > 0, length, 1))
        whole = np.vstack([slopes, ridge]) if damping else slopes
        sought = np.concatenate([-gaps, np.zeros(len(x))]) if damping else -gaps
        step: Array = np.linalg.lstsq(whole, sought, rcond=1e-12)[0] * self.size(x)
        return step

    def errors(self, slopes: Array, x: Array) -> Array:
        """Return the standard errors of the numbers, for gaps spread evenly over the tolerances."""
        length = np.sqrt(np.square(slopes).sum(0))
        length = np.where(length > 0, length, 1e-12)
        even = slopes / length
        strength, ways = np.linalg.eigh(even.T @ even)
        ways = np.where(abs(ways) > 1e-9, ways, 0)  # what is less is rounding
        spread = np.square(ways) @ (1 / np.where(strength > _NOTHING, strength, 1e-30))
        error: Array = np.sqrt(np.maximum(spread, 0) / 3) / length * self.size(x)
        # Equal rates are all rounded alike, which no number of them makes good.
        error = error + _ALIKE * float(np.median(self.log.tolerance)) / self.peak * self.size(x)
        known: Array = np.where((slopes != 0).any(0), error, np.inf)
        return known

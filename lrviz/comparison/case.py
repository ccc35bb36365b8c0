"""A plan and what was recorded: what the causes look at."""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .cause import Cause
from .clocks import Clock, Rates, find, rates_at, telling
from .logged import Logged

DIFFERENT = 3
"""So many points must differ from what they are told from."""


class Case:
    """A plan, called `of`, and what was recorded."""

    def __init__(self, plan: Schedule, steps: Steps, values: Array, of: str) -> None:
        self.plan, self.of, self.is_whole = plan, of, True
        self.last = int(steps[-1])
        self.rates = Rates(plan, self.last)
        self.planned = self.rates(steps)
        self.log = Rounded.of(steps, values, self.planned)
        if isinstance(plan, Logged):
            tolerance = self.log.tolerance + plan.rounding(float(values.max()))
            self.log = self.log._replace(tolerance=tolerance)
        self.differs = ~self.log.fits(self.planned)

    @classmethod
    def like(cls, case: "Case", plan: Schedule) -> "Case":
        """Return the case of another plan, and the same that was recorded."""
        part = case.at(np.arange(len(case.log.steps)))
        part.plan, part.rates = plan, Rates(plan, case.last)
        part.planned = part.rates(part.log.steps)
        part.differs = ~part.log.fits(part.planned)
        return part

    def at(self, chosen: Steps) -> "Case":
        """Return the same case at some of its points, the digits those of the whole."""
        part = object.__new__(Case)
        part.plan, part.of, part.last, part.rates = self.plan, self.of, self.last, self.rates
        part.is_whole = self.is_whole
        part.planned, part.differs = self.planned[chosen], self.differs[chosen]
        part.log = self.log.at(chosen)
        return part

    def since(self, number: int) -> "Case":
        """Return the same case from a point on."""
        part = self.at(np.arange(number, len(self.log.steps)))
        part.is_whole = False
        return part

    def counted_from_1(self) -> "Case":
        """Return the same case with all steps one earlier."""
        part = self.since(0)
        part.log = part.log._replace(steps=part.log.steps - 1)
        part.last -= 1
        part.planned = part.rates(part.log.steps)
        part.differs = ~part.log.fits(part.planned)
        return part

    @cached_property
    def tells(self) -> bool:
        """Whether enough points differ to ask for a cause of all."""
        return bool(np.count_nonzero(self.differs) >= DIFFERENT)

    @cached_property
    def screened(self) -> "Case":
        """The case at the points that tell most, which refute nearly all that is no cause."""
        chosen = telling(self.log, np.flatnonzero(self.differs))
        return self if len(chosen) == len(self.log.steps) else self.at(chosen)

    @property
    def some(self) -> Rounded:
        """The points that tell most."""
        return self.screened.log

    @cached_property
    def levels(self) -> int:
        """How many different rates were recorded: 1, 2, or 3 for more."""
        return levels(self.log.values, self.log.tolerance)

    @cached_property
    def different(self) -> int:
        """How many different rates were recorded, at most as many as points tell most."""
        return len(np.unique(self.some.values))

    def explained(self, rates: Array) -> bool:
        """Return whether `rates` are those recorded."""
        return bool(self.log.fits(rates).all())

    def rates_of(self, plan: Schedule | None) -> Array | None:
        """Return the rates of another plan if they are those recorded."""
        if plan is None or not self.some.fits(rates_at(plan, self.some.steps)).all():
            return None
        rates = rates_at(plan, self.log.steps)
        return rates if self.explained(rates) else None

    def on_clock(self, clock: Clock, number: int) -> Array:
        """Return the rates of the plan at the recorded steps, run on another clock."""
        return self.rates(clock(np.int64(number), self.log.steps))

    def number(self, clock: Clock, numbers: Steps) -> tuple[int, int] | None:
        """Return the first number with which a clock explains it, and the last such one next to it.

        With fewer than three different rates there is at most one jump, which any clock can hit.
        """
        if self.levels < 3 or not self.tells:
            return None
        found = find(self.log, self.some, self.rates, clock, numbers)
        if not found.size:
            return None
        known = set(found.tolist())
        # Of sparse points many numbers explain all: those beside the first, as far as they reach.
        return reach(
            int(found[0]), lambda n: n in known and self.explained(self.on_clock(clock, n))
        )

    def moves_beside(self, rate: float) -> bool:
        """Return whether enough points have another rate than the one of a constant stretch."""
        other = abs(self.log.values - rate) > self.log.tolerance
        return bool(np.count_nonzero(other) >= DIFFERENT)

    def cause(
        self,
        name: str,
        text: str,
        rates: Array,
        rank: float,
        why: str = "",
        /,
        **numbers: float,
    ) -> Cause:
        """Return a cause that explains the case by `rates`."""
        size = np.maximum(abs(rates), abs(self.log.values))
        gap = np.where(self.log.fits(0 * size), 0, abs(rates - self.log.values))
        residual = float((gap / np.maximum(size, np.finfo(np.float64).tiny)).max())
        return Cause(name, text, numbers, residual, why, rank)


def reach(first: int, fits: Callable[[int], bool]) -> tuple[int, int]:
    """Return the least and the largest whole number around the first that fit as that does."""
    ends = []
    for way in (-1, 1):
        end, step = first, 1
        while step:
            if fits(end + way * step):
                end, step = end + way * step, 2 * step
            else:
                step //= 2
        ends.append(end)
    return ends[0], ends[1]


def levels(values: Array, tolerance: Array) -> int:
    """Return how many different values there are beyond rounding: 1, 2, or 3 for more."""
    low, high = int(values.argmin()), int(values.argmax())
    above = values - values[low] > tolerance + tolerance[low]
    below = values[high] - values > tolerance + tolerance[high]
    if not above[high]:
        return 1
    return 3 if (above & below).any() else 2

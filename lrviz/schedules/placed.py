"""Where schedules lie within others, and what follows from it: rates, lengths, knots and phases.

A wrapper says once where what it wraps lies; all that others ask about its parts is told from that.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from ..errors import LrvizError
from .knots import Knots, Listed
from .numeric import LAST_STEP, Array, Dtype, Steps

if TYPE_CHECKING:
    from .base import Schedule
    from .code import Code

_Step = TypeVar("_Step", int, Steps)


class Phase(NamedTuple):
    """A stretch of a schedule from step `start` up to `stop`; one without end has `stop` None."""

    name: str
    start: int
    stop: int | None


class Placed(NamedTuple):
    """A schedule that another, its wrapper, follows from the wrapper's step `start` up to `stop`.

    At the wrapper's step t it is at its own step t // every * by - offset, or at 0 before that.
    """

    schedule: "Schedule"
    offset: int = 0
    start: int = 0
    stop: int = LAST_STEP
    every: int = 1
    by: int = 1

    def inside(self, step: _Step) -> _Step:
        """Return where it is at a step of its wrapper; it never goes on past the last step."""
        times: _Step = np.minimum(step // self.every, LAST_STEP // self.by)
        return times * self.by - self.offset

    def outside(self, step: _Step) -> _Step:
        """Return the first step of its wrapper at which it is at its own `step` or past it."""
        return -(-(step + self.offset) // self.by) * self.every

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        """Return its rates at steps of its wrapper."""
        return self.schedule.values(np.clip(self.inside(steps), 0, LAST_STEP), dtype)

    def code(self, t: "Code") -> "Code | float":
        """Return its rate at a step of its wrapper that has no value yet."""
        from .code import most

        inside = (t // self.every if self.every > 1 else t) * self.by - self.offset
        return self.schedule.code(inside if self.start >= self.outside(0) else most(inside, 0))

    @property
    def same_clock(self) -> bool:
        """Whether it is always at the step that its wrapper is at."""
        return self[1:] == (0, 0, LAST_STEP, 1, 1)

    @property
    def is_left(self) -> bool:
        """Whether its wrapper follows it up to some step only."""
        return self.stop < LAST_STEP

    @property
    def begin(self) -> int:
        """The first step at which it moves: before that, something else or its first rate holds."""
        return max(self.start, self.outside(0))

    @property
    def end(self) -> int | None:
        """The step at which it has run its course or is left; None if it never has."""
        length = self.schedule.length
        if length is None:
            return self.stop if self.is_left else None
        return max(min(self.outside(length), self.stop), self.start + 1)

    @property
    def knots(self) -> tuple[Knots, ...]:
        """Its own knots, as its wrapper has them."""
        own = self.schedule.knots
        return own if self.same_clock else tuple(_Moved(knots, self) for knots in own)

    def phases(self, length: int | None) -> list[Phase]:
        """Return its own phases, as a wrapper of that length has them.

        They reach from its start up to where it is left; one that is stepped over is none.
        """
        stop = min(self.stop, length or LAST_STEP) if self.is_left else LAST_STEP
        moved = [
            Phase(
                name,
                max(self.outside(first), self.start),
                None if end is None else self.outside(end),
            )
            for name, first, end in self.schedule.phases
        ]
        here = [p for p in moved if p.start < stop and (p.stop is None or p.start < p.stop)]
        # One that is entered past its end goes on with the last.
        here = here or [moved[-1]._replace(stop=length)]
        here[0] = here[0]._replace(start=self.start)
        if self.is_left:
            here[-1] = here[-1]._replace(stop=stop)
        return here


class _Moved(Knots):
    """The knots of a schedule, as its wrapper has them."""

    def __init__(self, of: Knots, placed: Placed) -> None:
        self.of, self.placed = of, placed
        self.jump = of.jump or placed.every > 1
        # What the schedule has passed when it is entered, and when it is left.
        self.first = max(int(placed.inside(placed.start - 1)) + 1, 0)
        self.last = max(int(placed.inside(placed.stop - 1)) + 1, self.first)
        self.skipped = of.total(self.first)

    def passed(self, before: Steps) -> Steps:
        """Return the first of the schedule's own steps that it has not come to before a step."""
        return np.clip(self.placed.inside(before - 1) + 1, self.first, self.last)

    def count(self, before: Steps) -> Steps:
        return self.of.count(self.passed(before)) - self.skipped

    def step(self, number: Steps) -> Steps:
        return self.placed.outside(self.of.step(number + self.skipped))

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        found = self.of.some(self.passed(first), self.passed(stop), most)
        outside, by = self.placed.outside, self.placed.by
        # A step that is stepped over has a neighbour on either side that is not.
        return outside(found) if by == 1 else np.hstack([outside(found - by + 1), outside(found)])


def side_by_side(placed: Sequence[Placed]) -> bool:
    """Return whether some are followed at the same time, so that their wrapper is one curve."""
    return any(after.start < before.stop for before, after in itertools.pairwise(placed))


def values_of(placed: Sequence[Placed], steps: Steps, dtype: Dtype) -> Array:
    """Return the rates at `steps` of schedules that follow one another from step 0 on."""
    if len(placed) == 1:
        return placed[0].values(steps, dtype)
    rates = np.empty(steps.shape, dtype)
    number = np.searchsorted([one.start for one in placed], steps, side="right") - 1
    for i in np.flatnonzero(np.bincount(number)).tolist():
        here = number == i
        rates[here] = placed[i].values(steps[here], dtype)
    return rates


def code_of(placed: Sequence[Placed], t: "Code") -> "Code | float":
    """Return the rate, at a step that has no value yet, of schedules that follow one another."""
    from .code import choice

    rate: Code | float = choice(t, [(one.start, one.code(t)) for one in placed])
    return rate


def length_of(placed: Sequence[Placed]) -> int | None:
    """Return where the last of them ends that has an end."""
    return max((end for one in placed if (end := one.end) is not None), default=None)


def knots_of(placed: Sequence[Placed]) -> Iterator[Knots]:
    """Yield the knots of all, and where each of them begins."""
    for before, one in zip((None, *placed), placed, strict=False):
        if one.begin > 0:
            yield Listed([one.begin], jump=_jumps(before, one))
        yield from one.knots


def _jumps(before: Placed | None, after: Placed) -> bool:
    """Return whether one that is left for the next would be elsewhere where that begins."""
    if before is None or before.stop != after.start:
        return False
    at = np.array([after.start])
    try:
        with np.errstate(all="ignore"):
            left, entered = (one.values(at, np.float64)[0] for one in (before, after))
        return not math.isclose(left, entered)
    except LrvizError:  # the one goes on to where no rate is, but the wrapper does not
        return True


def phases_of(name: str, placed: Sequence[Placed], length: int | None) -> tuple[Phase, ...]:
    """Return the phases of a schedule of that name and length, within which some lie."""
    if not placed or side_by_side(placed):
        return (Phase(name, 0, length),)
    own = [Phase(name, 0, placed[0].start)] if placed[0].start > 0 else []
    return (*own, *(phase for one in placed for phase in one.phases(length)))

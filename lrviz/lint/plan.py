"""What the warnings look at: a schedule's parts, each with its place in the run, and its rates."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..errors import LrvizError
from ..schedules.base import Schedule
from ..schedules.fields import rounded_text
from ..schedules.numeric import LAST_STEP, irregular
from ..schedules.placed import Placed, side_by_side

_SAMPLES = 100
"""At how many steps a run is looked at, evenly spread."""
_OPAQUE_SAMPLES = 16
"""The same where a step may cost as much as all before it."""
_MOST_PARTS = 100
"""How many parts are looked at."""


class Part:
    """A schedule within the schedule of a run, and where it is `placed` in the part it is `within`.

    It is followed from the step `start` of the run up to `stop`, or up to `until` if the run never
    ended. One that is not `alone` is a factor or term among others. One that is `replaced` is left
    for another on the same clock, as the old plan of a run that is resumed.
    """

    def __init__(self, placed: Placed, stop: int) -> None:
        self.placed, self.schedule, self.name = placed, placed.schedule, placed.schedule.name
        self.within: Part | None = None
        self.start, self.until, self.stop = 0, LAST_STEP, stop
        self.alone, self.replaced = True, False

    def part(self, placed: Placed, then: Placed | None) -> "Part":
        """Return the part that is `placed` in this one, and left for the next one."""
        part = Part(placed, self.stop)
        part.within = self
        part.start = max(self.start, self.outside(placed.start), part.outside(0))
        part.until = min(self.until, self.outside(placed.stop))
        part.stop = min(self.stop, part.until)
        part.alone = self.alone and not self.is_curve
        goes_on = then is not None and (then.start, then.offset) == (placed.stop, placed.offset)
        part.replaced = self.replaced or goes_on
        return part

    def outside(self, step: int) -> int:
        """Return the first step of the run at which this part is at its own `step`, or past it."""
        return step if self.within is None else self.within.outside(self.placed.outside(step))

    def inside(self, step: int) -> int:
        """Return which of its own steps this part is at, at a step of the run."""
        return step if self.within is None else int(self.placed.inside(self.within.inside(step)))

    @cached_property
    def stride(self) -> int:
        """How many steps of the run one rate lasts at least."""
        return self.placed.every * (1 if self.within is None else self.within.stride)

    @cached_property
    def parts(self) -> tuple["Part", ...]:
        """What it wraps, in the order of the steps."""
        placed = self.schedule.placed
        pairs = zip(placed, (*placed[1:], None), strict=False)
        return tuple(self.part(one, then) for one, then in pairs)

    @property
    def joints(self) -> Iterator[tuple["Part", "Part"]]:
        """The pairs of its parts of which one follows the other, each from its own step 0 on."""
        pairs = () if self.is_curve else pairwise(self.parts)
        return ((a, b) for a, b in pairs if a.placed.offset != b.placed.offset)

    @property
    def leads_in(self) -> bool:
        """Whether it has a stretch of its own before what it wraps."""
        return bool(self.parts) and self.parts[0].placed.start > 0

    @property
    def whole(self) -> int | None:
        """The length of the one schedule that it follows on the same clock, if it has both."""
        inner = self.schedule.placed
        return inner[0].schedule.length if len(inner) == 1 and inner[0].same_clock else None

    @property
    def is_held(self) -> bool:
        """Whether it is left, in what it stands in, for no other."""
        if self.within is None:
            return False
        is_last = self is self.within.parts[-1]
        return (is_last and self.placed.is_left) or self.within.is_held

    def all(self) -> Iterator["Part"]:
        """Yield it and all that it wraps."""
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def first(self) -> "Part":
        """The curve that it begins with; several at once are one curve."""
        return self if self.is_curve or self.leads_in else self.parts[0].first

    @property
    def last(self) -> "Part":
        """The curve that it ends with; several at once are one curve."""
        return self if self.is_curve else self.parts[-1].last

    @cached_property
    def is_curve(self) -> bool:
        """Whether it is to be looked at as one curve."""
        return not self.schedule.placed or side_by_side(self.schedule.placed)

    def around(self) -> Iterator["Part"]:
        """Yield all that it stands in."""
        if self.within is not None:
            yield self.within
            yield from self.within.around()


class Plan:
    """A schedule and the run that it is for.

    `stop` is the number of steps of the run: the horizon if it was given, else the schedule's own
    length; a schedule without length is followed for good.
    """

    def __init__(
        self, schedule: Schedule, horizon: int, steps_per_epoch: float | None, given: bool
    ) -> None:
        self.schedule, self.steps_per_epoch, self.given = schedule, steps_per_epoch, given
        self.stop = min(horizon if given else schedule.length or LAST_STEP, LAST_STEP)
        self.shown = max(min(self.stop, horizon), 1)
        """How many steps are looked at."""
        self.root = Part(Placed(schedule), self.stop)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts of the schedule, or the first of very many."""
        return tuple(part for part, _ in zip(self.root.all(), range(_MOST_PARTS), strict=False))

    @property
    def is_sure(self) -> bool:
        """Whether the end of the run is an end indeed, and not just as much as is worth showing."""
        return self.given or self.root.last.schedule.ends

    @cached_property
    def warmup(self) -> tuple[Part, int] | None:
        """The part that the run is warmed up by, and the step of the run at which it is warm."""
        first = self.root.first
        if first.schedule.warm_at is not None:
            return first, first.outside(first.schedule.warm_at)
        way, follows = first.schedule.way, first is not self.root.last
        if follows and way is not None and way.last > way.first:
            return first, min(first.outside(first.schedule.length or 0), first.until)
        return None

    @cached_property
    def even(self) -> list[int]:
        """Steps that are spread over the run, with both ends, and in step with no period."""
        opaque = any(part.schedule.opaque for part in self.parts)
        count = min(_OPAQUE_SAMPLES if opaque else _SAMPLES, self.shown - 1)
        if count + 1 == self.shown:
            return [*range(self.shown)]
        number = np.arange(count)
        places = (number + irregular(number)) / count * (self.shown - 1)
        return [*places.astype(np.int64).tolist(), self.shown - 1]

    @cached_property
    def steps(self) -> list[int]:
        """Steps that are looked at, in order: many evenly spread, and where parts begin."""
        starts = (part.start for part in self.parts)
        # A peak is mostly at the end of a warmup.
        warm = (self.warmup[1],) if self.warmup else ()
        near = (step + more for step in (*starts, *warm) for more in (-1, 0))
        return sorted({step for step in (*self.even, *near) if 0 <= step < self.shown})

    @cached_property
    def values(self) -> list[float]:
        """The rates at `steps`."""
        return self.rates(self.steps)

    @cached_property
    def known(self) -> dict[int, float]:
        """The rates at `steps`, by step."""
        return dict(zip(self.steps, self.values, strict=True))

    @cached_property
    def peak(self) -> float:
        """The highest of `values`."""
        return max(self.values)

    def rates(self, steps: Sequence[int], part: Part | None = None) -> list[float]:
        """Return the rates of the run, or of a part, at steps of the run; nan where there is none.

        A rate that cannot be had takes the others with it: of nan, no warning is true.
        """
        of = self.root if part is None else part
        own = [min(max(of.inside(step), 0), LAST_STEP) for step in steps]
        try:
            found: list[float] = of.schedule(np.array(own, np.int64)).tolist()
        except LrvizError:
            found = [math.nan] * len(own)
        return found

    def first_where(self, holds: Callable[[list[int]], list[bool]], low: int, high: int) -> int:
        """Return the first step after `low` where something holds that does so from there on.

        It does not hold at `low`, and it does at `high`.
        """
        while high - low > 1:
            between = sorted({low + (high - low) * i // 64 for i in range(65)})
            true = [*holds(between[1:-1]), True]
            number = true.index(True)
            low, high = between[number], between[number + 1]
        return high


def text(rate: float) -> str:
    """Return a rate to four digits."""
    return rounded_text(rate, 4)


def share(part: float, whole: float) -> str:
    """Return in percent how much a part of something is."""
    return f"{100 * part / whole:.0f} %"


def end_of(plan: Plan, part: Part) -> str:
    """Return in words why a part is not followed from its stop on."""
    if part.stop == plan.stop:
        return (
            f"the run ends after {plan.stop} steps"
            if plan.given
            else f"it ends at step {plan.stop}"
        )
    return f"it is followed only up to step {part.stop}"

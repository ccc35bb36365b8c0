"""What the warnings look at: a schedule's parts, each with its place in the run, and its rates.

Families are told apart by their names, because to import them all costs more than all warnings.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import LrvizError
from ..schedules.base import Schedule
from ..schedules.fields import rounded_text
from ..schedules.numeric import LAST_STEP

DECAYS = ("cosine", "exp_to", "linear", "poly", "power", "tanh")
"""Families that go from `lr` to `end` in `steps` steps."""

ENDING = (*DECAYS, "interpolate", "linear_cosine", "log", "noisy_linear_cosine", "one_cycle", "wsd")
"""Families whose length is an end that they have, and not just as much as is worth showing."""

STAIRS = ("const", "exp_epoch", "greedy", "multistep", "piecewise", "plateau", "step")
"""Families whose nature it is to jump."""

_SAMPLES = 100
"""At how many steps a run is looked at, evenly spread."""
_OPAQUE_SAMPLES = 16
"""The same where a step may cost as much as all before it."""
_MOST_PARTS = 100
"""How many parts are looked at."""


class Part:
    """A schedule within the schedule of a run, and where it stands.

    It is followed from the step `start` of the run up to `stop`, or up to `until` if the run never
    ended. The part it is `within` counts its own steps, `offset` more than this one. One that is
    not `alone` is a factor or term among others, and the old plan of a run that is resumed is
    `replaced`.
    """

    def __init__(
        self,
        schedule: Schedule,
        within: "Part | None" = None,
        offset: int = 0,
        since: int = 0,
        until: int = LAST_STEP,
        stop: int = LAST_STEP,
    ) -> None:
        self.schedule, self.within, self.offset = schedule, within, offset
        self.fields: Any = schedule
        self.name = schedule.name
        self.alone: bool
        self.replaced: bool
        self.start: int
        self.until: int
        self.stop: int
        if within is None:
            self.alone, self.replaced = True, False
            self.start, self.until, self.stop = 0, LAST_STEP, stop
            return
        self.alone = within.alone and within.name not in ("product", "sum")
        self.replaced = within.replaced or (within.name == "resume" and until < LAST_STEP)
        self.start = max(within.start, within.outside(since), self.outside(0))
        self.until = min(within.until, within.outside(until))
        self.stop = min(within.stop, self.until)

    def outside(self, step: int) -> int:
        """Return the first step of the run at which this part is at its own `step`, or past it."""
        if self.within is None:
            return step
        moved = step + self.offset
        if self.within.name == "stepped":
            moved = self.within.fields.outside(moved)
        return self.within.outside(moved)

    def inside(self, step: int) -> int:
        """Return which of its own steps this part is at, at a step of the run."""
        if self.within is None:
            return step
        moved = self.within.inside(step)
        if self.within.name == "stepped":
            moved = int(self.within.fields.inside(moved))
        return moved - self.offset

    @cached_property
    def stride(self) -> int:
        """How many steps of the run one rate lasts at least."""
        if self.within is None:
            return 1
        every: int = self.within.fields.every if self.within.name == "stepped" else 1
        return every * self.within.stride

    @cached_property
    def parts(self) -> tuple["Part", ...]:
        """What it wraps. What restarts repeat has no one place, and is left out."""
        fields = self.fields
        if self.name == "chain":
            ends = (*fields.starts[1:], LAST_STEP)
            placed = zip(fields.stages, fields.starts, ends, strict=True)
            return tuple(Part(of, self, start, start, until=end) for of, start, end in placed)
        if self.name == "resume":
            old, new = fields.plans
            at = fields.at_step
            return (Part(old, self, until=at), Part(new, self, since=at))
        if self.name == "restarts":
            return ()
        offset = fields.steps if self.name in ("shift", "warmup") else 0
        until = fields.steps + 1 if self.name == "hold" else LAST_STEP
        return tuple(Part(of, self, offset, until=until) for of in self.schedule.wrapped())

    def all(self) -> Iterator["Part"]:
        """Yield it and all that it wraps."""
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def first(self) -> "Part":
        """The curve that it begins with; several at once are one curve."""
        return self if self._is_curve or self.name == "warmup" else self.parts[0].first

    @property
    def last(self) -> "Part":
        """The curve that it ends with; several at once are one curve."""
        return self if self._is_curve else self.parts[-1].last

    @property
    def _is_curve(self) -> bool:
        return not self.parts or self.name in ("product", "sum")

    def around(self) -> Iterator["Part"]:
        """Yield all that it stands in."""
        if self.within is not None:
            yield self.within
            yield from self.within.around()

    @property
    def is_stairs(self) -> bool:
        """Whether it goes in stairs."""
        return self.name in STAIRS or getattr(self.schedule, "staircase", False)

    @property
    def ends(self) -> bool:
        """Whether its length is an end that it has."""
        goes_on = getattr(self.schedule, "cycle", False)
        return (self.name in ENDING and not goes_on) or (
            self.name == "restarts" and self.fields.times is not None
        )

    @property
    def lands_on(self) -> float:
        """The end of one of the DECAYS."""
        alpha = getattr(self.schedule, "alpha", None)
        end: float = self.fields.end if alpha is None else alpha * self.fields.lr
        return end


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
        self.root = Part(schedule, stop=self.stop)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts of the schedule, or the first of very many."""
        return tuple(part for part, _ in zip(self.root.all(), range(_MOST_PARTS), strict=False))

    @property
    def is_sure(self) -> bool:
        """Whether the end of the run is an end indeed, and not just as much as is worth showing."""
        return self.given or self.root.last.ends

    @cached_property
    def warmup(self) -> tuple[Part, int] | None:
        """The part that the run is warmed up by, and the step of the run at which it is warm."""
        first = self.root.first
        if first.name in ("warmup", "noam", "wsd"):
            own = first.fields.steps if first.name == "warmup" else first.fields.warmup
            return first, first.outside(own)
        follows = first is not self.root.last
        if follows and first.name in ("log", *DECAYS) and first.lands_on > first.fields.lr:
            return first, min(first.outside(first.schedule.length or 0), first.until)
        return None

    @cached_property
    def even(self) -> list[int]:
        """Steps that are spread over the run, with both ends, and in step with no period."""
        opaque = any(part.schedule.opaque for part in self.parts)
        count = min(_OPAQUE_SAMPLES if opaque else _SAMPLES, self.shown - 1)
        if count + 1 == self.shown:
            return [*range(self.shown)]
        # Multiples of the golden ratio are the hardest to meet with a fraction.
        places = (i + i * 0.6180339887498949 % 1 for i in range(count))
        return [*(int(place / count * (self.shown - 1)) for place in places), self.shown - 1]

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

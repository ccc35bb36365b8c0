"""Cosine decay with warm restarts, in cycles of whole steps."""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from ..errors import LrvizError
from ..schedules.base import Example, Schedule
from ..schedules.decay import EndRate
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps, cos, scalars

if TYPE_CHECKING:
    from ..schedules.code import Code

_MOST_CYCLES = 1_000_000
_MOST_CODED, _CODED_UP_TO = 200, 10_000_000


class WholeRestarts(Schedule, name="whole_restarts"):
    """Fall along a cosine and jump back up, in cycles whose lengths are rounded down.

    Each length is made from the one before it as that was rounded, so that what is cut off adds up.
    """

    lr: LearningRate
    steps: Annotated[
        int, Param("length of the first cycle", unit="steps", at_least=1, also=("t_0",))
    ]
    t_mul: Annotated[
        float, Param("how many times as long the next cycle is", at_least=1, also=("t_mult",))
    ]
    end: EndRate = 0.0

    formula = (
        "(lr - end) * (1 + cos(pi * c)) / 2 + end, at c of the way through a cycle; the first is "
        "steps long, and each other floor(t_mul * the length of the one before)"
    )
    examples = (
        Example(
            "whole_restarts:lr=1,steps=9,t_mul=1.5",
            {0: 1.0, 8: 0.03015368961, 9: 1.0, 22: 1.0, 41: 1.0, 69: 1.0},
            "Composer 0.32.1 CosineAnnealingWarmRestartsScheduler('9ba', 1.5), recorded",
        ),
    )
    elsewhere = {"Composer": "CosineAnnealingWarmRestartsScheduler (alpha_f is a part of lr)"}

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        start, length = self.cycles.around(steps)
        part = (steps - start).astype(dtype) / length.astype(dtype)
        first, end = scalars(part, self.lr, self.end)
        return (first - end) * (0.5 * (1 + cos(np.pi * part))) + end

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import UncodedError, choice

        begins, length, cases = 0, self.steps, []
        while begins < _CODED_UP_TO and self.cycles.after(length) != length:
            cases.append((begins, (t - begins) / length))
            begins, length = begins + length, self.cycles.after(length)
            if len(cases) == _MOST_CODED:
                raise UncodedError(f"{self} has more than {_MOST_CODED} cycles of other lengths")
        part = choice(t, [*cases, (begins, (t - begins) % length / length)])
        wave: Any = cos(np.pi * part)
        rate: Code = (self.lr - self.end) * (0.5 * (1 + wave)) + self.end
        return rate

    @cached_property
    def cycles(self) -> "WholeCycles":
        """Where the cycles begin."""
        return WholeCycles(self.steps, self.t_mul)

    @property
    def cycle_length(self) -> float | None:
        return self.steps if self.t_mul == 1 else None

    @property
    def length(self) -> int:
        """Four cycles."""
        length, total = self.steps, 0
        for _ in range(4):
            total, length = total + length, self.cycles.after(length)
        return min(total, LAST_STEP)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (WholeCycleStarts(self.cycles),)


class WholeCycles:
    """Cycles of whole steps, found as far as they are asked for."""

    def __init__(self, steps: int, t_mul: float) -> None:
        self.t_mul = t_mul
        self.starts = [0]
        """The first steps of the cycles that are known."""
        self.length = steps
        """The length of the last of them, and of all after it where lengths no longer change."""

    def reach(self, step: int) -> None:
        """Find all cycles up to a step, or up to the one that is repeated for good."""
        while self.starts[-1] + self.length <= step:
            following = self.after(self.length)
            if following == self.length:
                break
            if len(self.starts) == _MOST_CYCLES:
                raise LrvizError(
                    f"there are more than {_MOST_CYCLES} cycles before step {step}, and no more "
                    "are followed; end the run before that, or raise t_mul"
                )
            self.starts.append(self.starts[-1] + self.length)
            self.length = following

    def after(self, length: int) -> int:
        """Return how long the cycle after one is."""
        return int(min(length * self.t_mul, 2.0 * LAST_STEP))

    def number(self, steps: Steps) -> Steps:
        """Return the number of the cycle of each step, the first being 0."""
        self.reach(int(steps.max()) if steps.size else 0)
        known = np.searchsorted(self.starts, steps, side="right") - 1
        last = self.starts[-1]
        number: Steps = known + np.maximum(steps - last, 0) // self.length
        return number

    def start(self, number: Steps) -> Steps:
        """Return the first step of each of some cycles that are known or repeat the last."""
        last = len(self.starts) - 1
        known = np.array(self.starts)[np.minimum(number, last)]
        start: Steps = known + np.maximum(number - last, 0) * self.length
        return start

    def around(self, steps: Steps) -> tuple[Steps, Steps]:
        """Return where the cycle of each step begins, and how long it is."""
        number = self.number(steps)
        start = self.start(number)
        return start, self.start(number + 1) - start


class WholeCycleStarts(Knots):
    """The first step of every cycle but the first."""

    jump = True

    def __init__(self, cycles: WholeCycles) -> None:
        self.cycles = cycles

    def count(self, before: Steps) -> Steps:
        return self.cycles.number(np.maximum(before - 1, 0))

    def step(self, number: Steps) -> Steps:
        return self.cycles.start(number + 1)

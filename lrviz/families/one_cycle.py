"""One cycle: a rise to a peak, and a long fall far below the start."""

import itertools
import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from ..errors import LrvizError, ParameterError
from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps, cos

if TYPE_CHECKING:
    from ..schedules.code import Code


class OneCycle(Schedule, name="one_cycle"):
    """Rise from `start` to `lr` in a part `pct` of `steps` steps, then fall to `end`."""

    lr: Annotated[
        float,
        Param("the peak", at_least=0, also=("max_lr", "max_learning_rate", "eta_max")),
    ]
    steps: Annotated[int, Param("length", unit="steps", at_least=1, also=("total_steps",))]
    pct: Annotated[
        float,
        Param(
            "part of the steps that the rise takes",
            unit="share",
            at_least=0,
            at_most=1,
            also=("pct_start", "phase_pct"),
        ),
    ] = 0.3
    start: Annotated[
        float | None, Param("rate at step 0; lr / 25 unless given", unit="rate", at_least=0)
    ] = None
    end: Annotated[
        float | None,
        Param(
            "rate at the last step; start / 10000 unless given",
            unit="rate",
            at_least=0,
            also=("end_learning_rate",),
        ),
    ] = None
    linear: Annotated[bool, Param("go in straight lines instead of half waves")] = False
    three: Annotated[
        bool,
        Param("fall back to start as fast as it rose, then to end", also=("three_phase",)),
    ] = False
    unclamped: Annotated[
        bool, Param("go on for one step past the end, and refuse the next, as PyTorch does")
    ] = False

    formula = (
        "b + (a - b) * (1 + cos(pi * q)) / 2 at q of the way from a to b: from start at step 0 to "
        "lr at pct * steps - 1, to end at steps - 1; with three, by start at 2 * pct * steps - 2"
    )
    examples = (
        Example(
            "one_cycle:lr=0.1,steps=100",
            {0: 0.004, 1: 0.004281378056590748, 29: 0.1, 98: 0.0000507464715475788, 99: 4e-7},
            "PyTorch 2.13 OneCycleLR(0.1, 100), recorded",
        ),
        Example(
            "one_cycle:lr=1,steps=50,pct=0.4,start=0.1,end=0.001,linear,three",
            {0: 0.1, 1: 0.1473684210526316, 19: 1.0, 38: 0.1, 39: 0.091, 49: 0.001},
            "PyTorch 2.13 OneCycleLR(1.0, 50, pct_start=0.4, three_phase=True, "
            "anneal_strategy='linear', div_factor=10.0, final_div_factor=100.0), recorded",
        ),
        Example(
            "one_cycle:lr=0.1,steps=20,pct=0,unclamped",
            {0: 0.09938441949208877, 18: 0.0006159805079112361, 19: 4e-7, 20: 0.0006159805079112},
            "PyTorch 2.13 OneCycleLR(0.1, 20, pct_start=0.0), recorded",
        ),
    )
    elsewhere = {
        "PyTorch": "OneCycleLR (unclamped; start is max_lr / div_factor)",
        "PaddlePaddle": "OneCycleLR (unclamped; end_learning_rate is 0.0001 unless given)",
        "MMEngine": "OneCycleLR (start is eta_max / div_factor)",
    }

    falls = True
    ends = True

    def check(self) -> None:
        if self.turns[0] == 0:
            raise ParameterError(
                "one_cycle",
                "pct",
                "* steps must not be 1, because a rise that ends at step 0 has no "
                "steps, and PyTorch divides by them; choose another pct",
            )

    @cached_property
    def turns(self) -> tuple[float, ...]:
        """The steps, whole or not, at which the phases end."""
        up = self.pct * self.steps
        return (up - 1, *((2 * up - 2,) if self.three else ()), self.steps - 1)

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """The rates that the phases begin at, and the last one ends at."""
        start = self.lr / 25 if self.start is None else self.start
        end = start / 1e4 if self.end is None else self.end
        return (start, self.lr, *((start,) if self.three else ()), end)

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        # A last phase without steps gives the step past the end no rate either.
        last = self.steps - (self.turns[-2] == self.turns[-1])
        if self.unclamped and steps.size and steps.max() > last:
            raise LrvizError(
                f"{self} has no rate from step {last + 1} on, because PyTorch and PaddlePaddle "
                "stop there with an error; end the run before that step, or leave unclamped out"
            )
        return super().values(steps, dtype)

    def at(self, t: Array) -> Array:
        if not self.unclamped:
            t = np.minimum(t, self.steps - 1)
        starts, ends = (np.array(at, t.dtype) for at in ((0, *self.turns[:-1]), self.turns))
        levels = np.array(self.levels, t.dtype)
        # The first phase that ends at or after the step; a phase may end before step 0.
        phase = np.searchsorted(ends[:-1], t)
        begin, first, last = starts[phase], levels[phase], levels[phase + 1]
        part = (t - begin) / (ends[phase] - begin)
        if self.linear:
            return (last - first) * part + first
        return last + (first - last) / 2 * (1 + cos(np.pi * part))

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice, least

        cases: list[tuple[int, Any]] = []
        ways = [*itertools.pairwise(zip((0, *self.turns), self.levels, strict=True))]
        for i, ((begin, first), (end, last)) in enumerate(ways):
            # A phase holds up to and with the step that it ends at.
            start = max(math.floor(begin) + 1, 0) if i else 0
            while cases and cases[-1][0] >= start:
                cases.pop()
            now = t if self.unclamped or i + 1 < len(ways) else least(t, self.steps - 1)
            whole = int(begin) if begin == int(begin) else begin
            part = (now - whole) / (end - begin) if end != begin else now
            wave = last + (first - last) / 2 * (1 + cos(np.pi * part))
            cases.append((start, (last - first) * part + first if self.linear else wave))
        rate: Code = choice(t, cases)
        return rate

    @property
    def length(self) -> int:
        return self.steps

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed(math.ceil(end) for end in self.turns if 0 < end < LAST_STEP),)

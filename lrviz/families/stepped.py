"""Another clock."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ..schedules.base import Example, Phase, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps


@dataclass(frozen=True, kw_only=True)
class Stepped(Schedule, name="stepped"):
    """Step a schedule only once in `every` steps, and then by `by` of its own steps.

    So a schedule that counts epochs is drawn over updates, or one that counts samples.
    """

    every: Annotated[
        int,
        Param(
            "how many steps one rate lasts",
            unit="steps",
            at_least=1,
            also=("updates_per_epoch", "steps_per_epoch", "step_each_epoch"),
        ),
    ] = 1
    by: Annotated[
        int,
        Param("how far it then moves on", unit="steps", at_least=1, also=("increment",)),
    ] = 1
    of: Annotated[Schedule, Param("the schedule that is stepped")]

    formula = "the rate at floor(t / every) * by"
    examples = (
        Example(
            "stepped:every=391/step:lr=0.1,rate=0.1,steps=30",
            {0: 0.1, 11729: 0.1, 11730: 0.01, 23460: 0.001},
            "PyTorch 2.13 StepLR(step_size=30), stepped once per epoch of 391 updates",
        ),
        Example(
            "stepped:by=64/linear:lr=0.1,steps=6400",
            {0: 0.1, 1: 0.099, 50: 0.05, 100: 0.0},
            "Megatron-core 0.16.1, which counts samples, here with a batch of 64",
        ),
    )
    elsewhere = {
        "PyTorch": "step() called once per epoch",
        "timm": "t_in_epochs",
        "Megatron-LM": "increment of step()",
    }

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.of.values(self.inside(steps), dtype)

    def inside(self, steps: Steps) -> Steps:
        """Return where the inner schedule is at `steps`; it never goes on past the last step."""
        return np.minimum(steps // self.every, LAST_STEP // self.by) * self.by

    def outside(self, step: int) -> int:
        """Return the first step at which the inner schedule is at `step` or past it."""
        return -(-step // self.by) * self.every

    @property
    def length(self) -> int | None:
        return None if self.of.length is None else self.outside(self.of.length)

    @property
    def knots(self) -> tuple[Knots, ...]:
        stairs = (Periodic(self.every, jump=True),) if self.every > 1 else ()
        return (*stairs, *(Stairs(self, knots) for knots in self.of.knots))

    @property
    def phases(self) -> tuple[Phase, ...]:
        moved = (
            Phase(name, self.outside(start), None if stop is None else self.outside(stop))
            for name, start, stop in self.of.phases
        )
        # One so short that it is stepped over is left out.
        return tuple(phase for phase in moved if phase.start != phase.stop)


class Stairs(Knots):
    """The knots of a stepped schedule: the first step at or past each of the inner one."""

    def __init__(self, schedule: Stepped, of: Knots) -> None:
        self.schedule, self.of = schedule, of
        self.jump = of.jump or schedule.every > 1

    def count(self, before: Steps) -> Steps:
        # Those up to where the step before has come to.
        return self.of.count(np.where(before > 0, self.schedule.inside(before - 1) + 1, 0))

    def step(self, number: Steps) -> Steps:
        return self.first(self.of.step(number))

    def first(self, inner: Steps) -> Steps:
        """Return the first steps at which the inner schedule is at `inner` or past it."""
        return -(-inner // self.schedule.by) * self.schedule.every

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        begin, end = (self.schedule.inside(at) for at in (first, stop - 1))
        found = self.of.some(begin, end + 1, most)
        # A step that is stepped over has a neighbour on either side that is not.
        before = found // self.schedule.by * self.schedule.every
        return np.hstack([before, self.first(found)])

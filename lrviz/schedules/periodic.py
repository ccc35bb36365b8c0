"""What the decays that count in periods have in common."""

import math
from typing import Annotated, ClassVar

import numpy as np

from .base import Schedule
from .facts import Division
from .fields import LearningRate, Param
from .knots import Knots, Periodic
from .numeric import Array, compounded


class PeriodicDecay(Schedule):
    """A decay by `rate` for every `steps` steps, gliding or in stairs."""

    lr: LearningRate
    rate: float
    steps: Annotated[
        float, Param("period", unit="steps", above=0, also=("decay_steps", "transition_steps"))
    ]
    staircase: Annotated[bool, Param("jump at the end of each period instead of gliding")] = False

    neutral: ClassVar[float] = 0
    """The `rate` that changes nothing."""

    @property
    def stairs(self) -> bool:
        return self.staircase

    @property
    def period(self) -> tuple[str, float] | None:
        return ("steps", self.steps) if self.staircase and self.rate != self.neutral else None

    @property
    def division(self) -> Division | None:
        return Division(self.steps, "down") if self.staircase else None

    def periods(self, t: Array) -> Array:
        """Return how many periods have passed at `t`; whole ones only with `staircase`."""
        periods: Array = t / self.steps
        return np.floor(periods) if self.staircase else periods

    def compounded(self, base: float, t: Array) -> Array:
        """Return `base` to the number of periods that have passed at `t`."""
        return compounded(base, t, self.steps, self.staircase)

    @property
    def length(self) -> int:
        """Ten periods."""
        return math.ceil(10 * self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.steps, jump=True),) if self.staircase else ()

"""Stairs of equal length."""

import math
from typing import Annotated

from ..schedules.base import Example
from ..schedules.drops import Drops
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import Array, compounded


class StepDecay(Drops, name="step"):
    """Multiply the learning rate by `rate` at every multiple of `steps` steps."""

    steps: Annotated[
        float, Param("steps between drops", unit="steps", above=0, also=("step_size", "decay_t"))
    ]

    formula = "lr * rate ^ floor(t / steps)"
    examples = (
        Example(
            "step:lr=0.05,rate=0.1,steps=30",
            {0: 0.05, 29: 0.05, 30: 0.005, 59: 0.005, 60: 0.0005},
            "PyTorch StepLR documentation",
        ),
    )
    elsewhere = {
        "PyTorch": "StepLR",
        "Keras": "ExponentialDecay (staircase=True)",
        "timm": "StepLRScheduler",
        "PaddlePaddle": "StepDecay",
    }

    @property
    def period(self) -> tuple[str, float] | None:
        return None if self.rate == 1 else ("steps", self.steps)

    def at(self, t: Array) -> Array:
        return self.lr * compounded(self.rate, t, self.steps, staircase=True)

    @property
    def length(self) -> int:
        """Three drops."""
        return math.ceil(4 * self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.steps, jump=True),)

"""Stairs of equal length."""

import math
from typing import Annotated

from ..schedules.base import Example, Schedule
from ..schedules.facts import Growth
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import Array, compounded

DropFactor = Annotated[
    float, Param("factor at each drop", at_least=0, also=("gamma", "decay_rate", "factor"))
]


class StepDecay(Schedule, name="step"):
    """Multiply the learning rate by `rate` at every multiple of `steps` steps."""

    lr: LearningRate
    rate: DropFactor
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

    stairs = True

    @property
    def period(self) -> tuple[str, float] | None:
        return None if self.rate == 1 else ("steps", self.steps)

    @property
    def growth(self) -> Growth | None:
        return Growth(self.rate, neutral=1) if self.rate > 1 else None

    def at(self, t: Array) -> Array:
        return self.lr * compounded(self.rate, t, self.steps, staircase=True)

    @property
    def length(self) -> int:
        """Three drops."""
        return math.ceil(4 * self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.steps, jump=True),)

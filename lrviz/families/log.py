"""Logarithmic warmup or decay."""

from typing import Annotated

import numpy as np

from ..schedules import numeric
from ..schedules.base import Example, Schedule
from ..schedules.facts import Way
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, scalars


class Logarithmic(Schedule, name="log"):
    """Go from `lr` to `end` in `steps` steps, fast at first, with the logarithm of the step."""

    lr: LearningRate
    steps: Annotated[
        int, Param("length", unit="steps", at_least=2, also=("warmup_num_steps", "warmup_steps"))
    ]
    end: Annotated[
        float, Param("the rate that it leads to", at_least=0, also=("warmup_max_lr", "max_lr"))
    ]

    formula = "lr + (end - lr) * ln(t + 1) / ln(steps), with t at most steps - 1"
    examples = (
        Example(
            "log:lr=0.1,steps=20,end=10",
            {0: 0.1, 1: 2.39064431, 2: 3.730585334, 3: 4.681288621, 19: 10.0, 20: 10.0},
            "DeepSpeed 0.19.8 WarmupLR(0.1, 10, 20, 'log'), recorded, where it is a step later",
        ),
    )
    elsewhere = {"DeepSpeed": "warmup_type='log' of WarmupLR (and that one step later)"}

    ends = True

    @property
    def way(self) -> Way:
        return Way(self.lr, self.end)

    def at(self, t: Array) -> Array:
        lr, last, end = scalars(t, self.lr, self.steps, self.end)
        share = numeric.log(np.minimum(t + 1, last)) / numeric.log(last)
        # A sum of shares, in place of a difference from lr, ends at exactly `end`.
        return end * share + lr * (1 - share)

    @property
    def length(self) -> int:
        return self.steps

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([self.steps - 1]),)

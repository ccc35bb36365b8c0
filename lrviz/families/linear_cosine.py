"""Linear cosine decay."""

import math
from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots, Listed, Periodic
from ..schedules.numeric import Array, cos


class LinearCosineDecay(Schedule, name="linear_cosine"):
    """Fall along a line times a cosine, from `1 + alpha + beta` times `lr`, in `steps` steps."""

    lr: LearningRate
    steps: Annotated[float, Param("length", unit="steps", above=0, also=("decay_steps",))]
    num_periods: Annotated[float, Param("waves of the cosine within the length", at_least=0)] = 0.5
    alpha: Annotated[float, Param("what is added to the line", at_least=0)] = 0.0
    beta: Annotated[float, Param("what is added to the product", at_least=0)] = 0.001

    formula = (
        "lr * ((alpha + 1 - t / steps) * (1 + cos(2 * pi * num_periods * t / steps)) / 2 + beta), "
        "with t at most steps"
    )
    examples = (
        Example(
            "linear_cosine:lr=0.1,steps=100",
            {0: 0.1001, 1: 0.09907557, 50: 0.0251, 100: 0.0001},
            "TensorFlow 2.21 linear_cosine_decay, recorded; Bello et al. 2017",
        ),
    )
    elsewhere = {"TensorFlow 1": "tf.train.linear_cosine_decay"}

    falls = True
    ends = True

    def at(self, t: Array) -> Array:
        return self.product(np.minimum(t, self.steps), 0.0)

    def product(self, t: Array, noise: Array | float) -> Array:
        """Return the rates at steps that are not past the end, with `noise` added to the line."""
        line = (self.steps - t) / self.steps + noise
        wave = 0.5 * (1 + cos(np.pi * (2 * self.num_periods * (t / self.steps))))
        return self.lr * ((self.alpha + line) * wave + self.beta)

    @property
    def length(self) -> int:
        return math.ceil(self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        end = Listed([math.ceil(self.steps)])
        if not self.num_periods:
            return (end,)
        half_waves = 2 * self.num_periods
        return (Periodic(self.steps / half_waves, most=math.ceil(half_waves)), end)

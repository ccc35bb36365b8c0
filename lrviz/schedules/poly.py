"""Polynomial decay."""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from . import numeric
from .base import Example, Schedule
from .fields import LearningRate, Param
from .knots import Knots, Listed, Periodic
from .numeric import Array, scalars

EndRate = Annotated[
    float,
    Param(
        "the rate that it lands on",
        at_least=0,
        also=("end_learning_rate", "end_value", "end_lr", "lr_end", "eta_min", "min_lr"),
    ),
]


@dataclass(frozen=True, kw_only=True)
class PolynomialDecay(Schedule, name="poly"):
    """Fall from `lr` to `end` in `steps` steps, along a power of the part that is left."""

    lr: LearningRate
    steps: Annotated[
        float,
        Param("length", unit="steps", above=0, also=("decay_steps", "total_iters", "max_steps")),
    ]
    end: EndRate = 0.0
    power: Annotated[float, Param("exponent; 1 is a straight line", at_least=0)] = 1.0
    cycle: Annotated[bool, Param("at the end, start again on a longer and lower curve")] = False

    formula = (
        "(lr - end) * (1 - t / n) ^ power + end, with n = steps and t at most n; "
        "with cycle, n = steps * ceil(t / steps)"
    )
    examples = (
        Example(
            "poly:lr=0.1,steps=100,end=0.01,power=0.5",
            {0: 0.1, 1: 0.09954887, 100: 0.01, 101: 0.01},
            "TensorFlow 2.21 polynomial_decay, recorded",
        ),
        Example(
            "poly:lr=0.1,steps=10,end=0.01,cycle",
            {0: 0.1, 10: 0.01, 11: 0.0505, 20: 0.01},
            "TensorFlow 2.21 polynomial_decay(cycle=True), recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.polynomial_decay (end_learning_rate is 0.0001 unless given)",
        "Keras": "PolynomialDecay (end_learning_rate is 0.0001 unless given)",
        "Optax": "polynomial_schedule",
        "PyTorch": "PolynomialLR (end is 0)",
        "Transformers": "polynomial (lr_end is 1e-7 unless given)",
        "PaddlePaddle": "PolynomialDecay (end_lr is 0.0001 unless given)",
    }

    def at(self, t: Array) -> Array:
        return polynomial(t, self.lr, self.end, self.steps, self.power, self.cycle)

    @property
    def length(self) -> int:
        """Its length; three cycles with `cycle`."""
        return math.ceil(self.steps * (3 if self.cycle else 1))

    @property
    def knots(self) -> tuple[Knots, ...]:
        if self.cycle:
            return (Periodic(self.steps, jump=True, after=True),)
        return (Listed([math.ceil(self.steps)]),)


def polynomial(
    t: Array, lr: float, end: float, steps: float, power: float, cycle: bool = False
) -> Array:
    """Return the polynomial decay of TensorFlow 1, in the order of its source."""
    if cycle:
        span = steps * np.maximum(np.ceil(t / steps), 1)
    else:
        t, span = np.minimum(t, steps), steps
    left = np.maximum(1 - t / span, 0)  # with broken steps, a cycle's end can round to below 0
    first, last, exponent = scalars(t, lr, end, power)
    return (first - last) * numeric.power(left, exponent) + last

"""Polynomial decay."""

import math
from typing import Annotated

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example
from ..schedules.decay import Bend, Decay
from ..schedules.facts import Division
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import Array, power, scalars


class PolynomialDecay(Decay, name="poly"):
    """Fall from `lr` to `end` in `steps` steps, along a power of the part that is left."""

    power: Annotated[float, Param("exponent; 1 is a straight line", at_least=0)] = 1.0
    k: Bend = 1.0
    cycle: Annotated[bool, Param("at the end, start again on a longer and lower curve")] = False

    formula = (
        "(lr - end) * (1 - (t / n) ^ k) ^ power + end, with n = steps and t at most n; "
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
        Example(
            "poly:lr=1,steps=40,k=2",
            {0: 1.0, 1: 0.999375, 2: 0.9975, 40: 0.0, 80: 0.0},
            "timm 1.0.31 PolyLRScheduler(40, power=1.0, k_decay=2.0), recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.polynomial_decay (end_learning_rate is 0.0001 unless given)",
        "Keras": "PolynomialDecay (end_learning_rate is 0.0001 unless given)",
        "Optax": "polynomial_schedule",
        "PyTorch": "PolynomialLR (end is 0)",
        "Transformers": "polynomial (lr_end is 1e-7 unless given)",
        "timm": "PolyLRScheduler (power is 0.5 unless given; k is k_decay)",
        "PaddlePaddle": "PolynomialDecay (end_lr is 0.0001 unless given)",
    }

    def check(self) -> None:
        if self.cycle and self.k != 1:
            raise ParameterError(
                "poly", "k", "bends one fall, and cycle makes several; keep one of them"
            )

    def left(self, t: Array) -> Array:
        exponent, k = scalars(t, self.power, self.k)
        if self.cycle:
            passed = t / (self.steps * np.maximum(np.ceil(t / self.steps), 1))
        else:
            passed = np.minimum(t, self.steps) / self.steps
        if self.k != 1:
            passed = power(passed, k)
        # With broken steps, a cycle's end can round to below 0.
        return power(np.maximum(1 - passed, 0), exponent)

    @property
    def ends(self) -> bool:
        return not self.cycle

    @property
    def division(self) -> Division | None:
        if self.cycle:
            return Division(self.steps, "up")
        return None if self.power.is_integer() else Division(self.steps, "root")

    @property
    def length(self) -> int:
        """Its length; three cycles with `cycle`."""
        return math.ceil(self.steps * (3 if self.cycle else 1))

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.steps, jump=True, after=True),) if self.cycle else super().knots

"""Exponential decay."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.facts import Growth
from ..schedules.fields import Param
from ..schedules.numeric import Array
from ..schedules.periodic import PeriodicDecay


class ExponentialDecay(PeriodicDecay, name="exp"):
    """Multiply the learning rate by `rate` once every `steps` steps."""

    rate: Annotated[
        float, Param("decay factor per period", at_least=0, also=("gamma", "decay_rate"))
    ]

    formula = "lr * rate ^ p, with p = t / steps; p = floor(t / steps) with staircase"
    examples = (
        Example(
            "exp:lr=0.01,rate=0.9,steps=10",
            {0: 0.01, 1: 0.009895193, 10: 0.009},
            "TensorFlow 1 tutorial, printed",
        ),
        Example(
            "exp:lr=0.01,rate=0.9,steps=100,staircase",
            {99: 0.01, 100: 0.009, 200: 0.0081},
            "TensorFlow 1 exponential_decay(staircase=True)",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.exponential_decay",
        "Keras": "ExponentialDecay",
        "Optax": "exponential_decay",
        "PyTorch": "ExponentialLR (steps=1), StepLR (staircase)",
        "PaddlePaddle": "ExponentialDecay (steps=1)",
    }

    neutral = 1

    @property
    def growth(self) -> Growth | None:
        return Growth(self.rate, self.neutral) if self.rate > self.neutral else None

    def at(self, t: Array) -> Array:
        return self.lr * self.compounded(self.rate, t)

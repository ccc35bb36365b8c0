"""Inverse time decay."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.numeric import Array
from ..schedules.periodic import PeriodicDecay


class InverseTimeDecay(PeriodicDecay, name="inverse_time"):
    """Divide the learning rate by 1 plus `rate` for every `steps` steps."""

    rate: Annotated[
        float, Param("what a period adds to the divisor", at_least=0, also=("decay_rate", "gamma"))
    ]

    formula = "lr / (1 + rate * p), with p = t / steps; p = floor(t / steps) with staircase"
    examples = (
        Example(
            "inverse_time:lr=0.1,rate=0.5,steps=1",
            {0: 0.1, 1: 0.06666667, 2: 0.05},
            "Keras 3 InverseTimeDecay, recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.inverse_time_decay",
        "Keras": "InverseTimeDecay",
        "PaddlePaddle": "InverseTimeDecay (steps=1)",
    }

    def at(self, t: Array) -> Array:
        return self.lr / (1 + self.rate * self.periods(t))

"""Natural exponential decay."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.facts import Growth
from ..schedules.fields import Param
from ..schedules.numeric import Array, exp, scalars
from ..schedules.periodic import PeriodicDecay


class NaturalExponentialDecay(PeriodicDecay, name="natural_exp"):
    """Divide the learning rate by e to the `rate` once every `steps` steps."""

    rate: Annotated[float, Param("decay per period, in the exponent", also=("decay_rate", "gamma"))]

    formula = "lr * e ^ (-rate * p), with p = t / steps; p = floor(t / steps) with staircase"
    examples = (
        Example(
            "natural_exp:lr=0.1,rate=0.5,steps=10",
            {0: 0.1, 1: 0.09512294, 10: 0.06065307},
            "TensorFlow 2.21 natural_exp_decay, recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.natural_exp_decay",
        "PaddlePaddle": "NaturalExpDecay (steps=1)",
    }

    @property
    def growth(self) -> Growth | None:
        return Growth(self.rate, self.neutral) if self.rate < self.neutral else None

    def at(self, t: Array) -> Array:
        (rate,) = scalars(t, self.rate)
        # TensorFlow rounds the base before it is raised, and that is seen in its float32 results.
        return self.lr * self.compounded(float(exp(-rate)), t)

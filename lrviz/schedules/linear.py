"""Linear decay."""

import math
from dataclasses import dataclass
from typing import Annotated

from .base import Example, Schedule
from .fields import LearningRate, Param
from .knots import Knots, Listed
from .numeric import Array
from .poly import EndRate, polynomial


@dataclass(frozen=True, kw_only=True)
class LinearDecay(Schedule, name="linear"):
    """Go from `lr` to `end` in `steps` steps, in a straight line."""

    lr: LearningRate
    steps: Annotated[
        float,
        Param("length", unit="steps", above=0, also=("total_iters", "transition_steps")),
    ]
    end: EndRate = 0.0

    formula = "(lr - end) * (1 - t / steps) + end, with t at most steps"
    examples = (
        Example(
            "linear:lr=0.1,steps=100,end=0.0001",
            {0: 0.1, 1: 0.099001, 100: 0.0001, 200: 0.0001},
            "TensorFlow 2.21 polynomial_decay(0.1, decay_steps=100), recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.polynomial_decay (power=1)",
        "Keras": "PolynomialDecay (power=1)",
        "Optax": "linear_schedule",
        "PyTorch": "LinearLR (factors of the rate in place of rates)",
        "Transformers": "linear (without warmup)",
    }

    def at(self, t: Array) -> Array:
        return polynomial(t, self.lr, self.end, self.steps, power=1)

    @property
    def length(self) -> int:
        return math.ceil(self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([math.ceil(self.steps)]),)

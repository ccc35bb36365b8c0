"""Linear decay."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.decay import Decay
from ..schedules.fields import Param
from ..schedules.knots import Knots
from ..schedules.numeric import Array


class LinearDecay(Decay, name="linear"):
    """Go from `lr` to `end` in `steps` steps, in a straight line."""

    unclamped: Annotated[bool, Param("go straight on past the end")] = False

    formula = "(lr - end) * (1 - t / steps) + end, with t at most steps unless unclamped"
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
        "TorchTitan": "decay_type='linear' (unclamped)",
    }

    straight = True

    def left(self, t: Array) -> Array:
        return 1 - (t if self.unclamped else np.minimum(t, self.steps)) / self.steps

    @property
    def knots(self) -> tuple[Knots, ...]:
        return () if self.unclamped else super().knots

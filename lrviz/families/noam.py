"""The schedule of the first Transformer."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, power, scalars
from ..schedules.placed import Phase


class Noam(Schedule, name="noam"):
    """Rise in a straight line, then fall with one over the square root of the step."""

    lr: Annotated[
        float, Param("factor of the whole curve", at_least=0, also=("learning_rate", "factor"))
    ] = 1.0
    d_model: Annotated[int, Param("width of the model", at_least=1, also=("model_size",))] = 512
    warmup: Annotated[
        int,
        Param(
            "length of the warmup",
            unit="steps",
            at_least=1,
            also=("warmup_steps", "num_warmup_steps"),
        ),
    ] = 4000

    formula = "lr * d_model ^ -0.5 * min(t ^ -0.5, t * warmup ^ -1.5), and 0 at step 0"
    examples = (
        Example(
            "noam:lr=1,d_model=512,warmup=4000",
            {0: 0.0, 1: 1.746928107e-7, 4000: 0.0006987712430, 16000: 0.0003493856215},
            "Vaswani et al. 2017, equation 3; PaddlePaddle 3.3.1 NoamDecay(512, 4000), recorded",
        ),
    )
    elsewhere = {
        "PaddlePaddle": "NoamDecay",
        "tensor2tensor": "noam",
        "OpenNMT": "noam",
    }

    def at(self, t: Array) -> Array:
        (exponent,) = scalars(t, -0.5)
        # The falling part has no value at step 0, where the rising one is 0 and so the lesser.
        falling = power(np.maximum(t, 1), exponent)
        rates: Array = self.lr * self.d_model**-0.5 * np.minimum(falling, t * self.warmup**-1.5)
        return rates

    @property
    def warm_at(self) -> int:
        return self.warmup

    @property
    def length(self) -> int:
        """Ten times the warmup."""
        return 10 * self.warmup

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([self.warmup]),)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return (Phase("warmup", 0, self.warmup), Phase("decay", self.warmup, self.length))

"""Inverse square root decay."""

import math
from typing import Annotated

from ..schedules import numeric
from ..schedules.base import Example, Schedule
from ..schedules.fields import LearningRate, Param
from ..schedules.numeric import Array, scalars


class InverseSqrtDecay(Schedule, name="inverse_sqrt"):
    """Fall ever more slowly, with one over the square root of the time, and never end."""

    lr: LearningRate
    steps: Annotated[
        float,
        Param("time scale", unit="steps", above=0, also=("timescale", "stable_timescale")),
    ]
    power: Annotated[
        float, Param("exponent; 0.5 is the square root", at_least=0, also=("stable_power",))
    ] = 0.5

    formula = "lr / (1 + t / steps) ^ power"
    examples = (
        Example(
            "inverse_sqrt:lr=0.1,steps=10000",
            {0: 0.1, 1: 0.09999500037, 3: 0.09998500337, 30000: 0.05},
            "Transformers 5.23 inverse_sqrt(num_warmup_steps=0), recorded",
        ),
        Example(
            "warmup:steps=20/inverse_sqrt:lr=10,steps=50",
            {0: 0.0, 1: 0.5, 20: 10.0, 170: 5.0},
            "Transformers 5.23 inverse_sqrt(num_warmup_steps=20, timescale=50), recorded",
        ),
    )
    elsewhere = {
        "Transformers": "inverse_sqrt (after warmup; steps is the warmup, or 10000 without one)",
        "fairseq": "inverse_sqrt (after warmup; steps is the warmup)",
        "Megatron-LM": "inverse-square-root",
        "timm": "stable_fn='rsqrt' or 'power' of WSDLRScheduler",
    }

    def at(self, t: Array) -> Array:
        (exponent,) = scalars(t, -self.power)
        return self.lr * numeric.power(1 + t / self.steps, exponent)

    @property
    def length(self) -> int:
        """Ten times the scale, where three tenths of `lr` are left of a square root."""
        return math.ceil(10 * self.steps)

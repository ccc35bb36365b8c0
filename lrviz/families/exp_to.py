"""Exponential decay to an end."""

import math
from typing import Annotated

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example
from ..schedules.decay import Decay
from ..schedules.fields import Param, number_text
from ..schedules.numeric import Array, exp


class ExponentialDecayTo(Decay, name="exp_to"):
    """Fall exponentially from `lr`, and land on `end` after `steps` steps."""

    rate: Annotated[
        float,
        Param(
            "how steep: below 1, and the nearer to 0, the earlier it falls",
            above=0,
            at_most=1,
            also=("decay_ratio",),
        ),
    ] = 0.5

    formula = "(lr - end) * (rate ^ q - rate) / (1 - rate) + end, with q = t / steps, at most 1"
    examples = (
        Example(
            "exp_to:lr=0.0003,steps=20,end=0.00001,rate=0.1",
            {0: 0.0003, 1: 0.00026495863562087357, 19: 0.000013931705749729937, 20: 0.00001},
            "timm 1.0.31 WSDLRScheduler(decay_t=20, decay_fn='exp') from step 50 on, recorded",
        ),
        Example(
            "exp_to:lr=0.0003,steps=25,end=0.00003",
            {0: 0.0003, 1: 0.00028523367160263415, 24: 0.00003759073319713796, 25: 0.00003},
            "Megatron Core 0.16.1 WSD with lr_wsd_decay_style='exponential', recorded",
        ),
    )
    elsewhere = {
        "timm": "decay_fn='exp' of WSDLRScheduler (rate is 0.1 unless given)",
        "Megatron": "lr_wsd_decay_style='exponential' (rate is 0.5)",
    }

    def check(self) -> None:
        if self.rate == 1:
            raise ParameterError(
                "exp_to",
                "rate",
                f"must be below 1, not {number_text(self.rate)}; for a straight line, use linear",
            )

    def left(self, t: Array) -> Array:
        passed = np.minimum(t, self.steps) / self.steps
        slope = math.log(self.rate)
        # Two powers that are nearly equal would lose their digits in a difference.
        bend = np.expm1((1 - passed) * slope, dtype=np.float64).astype(t.dtype)
        return exp(passed * slope) * bend / math.expm1(slope)

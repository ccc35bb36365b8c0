"""Cosine decay."""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ..errors import ParameterError
from .base import Example, Schedule
from .fields import LearningRate, Param
from .knots import Knots, Listed
from .numeric import Array, cos, scalars
from .poly import EndRate


@dataclass(frozen=True, kw_only=True)
class CosineDecay(Schedule, name="cosine"):
    """Fall from `lr` to `end` in `steps` steps, along half a wave of a cosine, and stay there."""

    lr: LearningRate
    steps: Annotated[
        float,
        Param("length", unit="steps", above=0, also=("decay_steps", "T_max", "t_initial")),
    ]
    end: EndRate = 0.0
    alpha: Annotated[
        float | None, Param("the end as a fraction of lr, in place of `end`", at_least=0)
    ] = None

    formula = "end + (lr - end) * (1 + cos(pi * t / steps)) / 2, with t at most steps"
    examples = (
        Example(
            "cosine:lr=0.1,steps=100,alpha=0.1",
            {0: 0.1, 14: 0.0957172, 50: 0.055, 100: 0.01, 200: 0.01},
            "TensorFlow 2.21 cosine_decay(0.1, 100, alpha=0.1), recorded",
        ),
        Example(
            "cosine:lr=0.1,steps=100,end=0.01",
            {0: 0.1, 50: 0.055, 100: 0.01},
            "SGDR, Loshchilov and Hutter 2017, equation 5",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.cosine_decay (alpha)",
        "Keras": "CosineDecay (alpha)",
        "Optax": "cosine_decay_schedule (alpha)",
        "PyTorch": "CosineAnnealingLR (eta_min; climbs again after T_max)",
        "Transformers": "cosine, cosine_with_min_lr (climb again after the end)",
        "timm": "CosineLRScheduler",
        "PaddlePaddle": "CosineAnnealingDecay (climbs again after T_max)",
    }

    def check(self) -> None:
        if self.alpha is not None and self.end:
            raise ParameterError(
                "cosine: alpha and end both say where it lands; keep one of them", "alpha"
            )

    def at(self, t: Array) -> Array:
        fall = 0.5 * (1 + cos(np.pi * (np.minimum(t, self.steps) / self.steps)))
        if self.alpha is not None:
            return self.lr * ((1 - self.alpha) * fall + self.alpha)
        first, last = scalars(t, self.lr, self.end)
        return (first - last) * fall + last

    @property
    def length(self) -> int:
        return math.ceil(self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([math.ceil(self.steps)]),)

"""Cosine decay with warm restarts."""

from typing import Annotated

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example, Schedule
from ..schedules.cycles import Cycles, CycleStarts
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Knots
from ..schedules.numeric import Array, cos, power, scalars


class CosineRestarts(Schedule, name="cosine_restarts"):
    """Fall along a cosine and jump back up, over and over, in cycles that may grow and sink."""

    lr: LearningRate
    steps: Annotated[
        float,
        Param(
            "length of the first cycle", unit="steps", above=0, also=("first_decay_steps", "T_0")
        ),
    ]
    t_mul: Annotated[
        float, Param("how many times as long the next cycle is", at_least=1, also=("T_mult",))
    ] = 2.0
    m_mul: Annotated[float, Param("how many times as high the next peak is", at_least=0)] = 1.0
    alpha: Annotated[
        float, Param("the lowest rate, as a fraction of lr", unit="share", at_least=0)
    ] = 0.0
    end: Annotated[
        float | None,
        Param(
            "the lowest rate, in place of `alpha`",
            unit="rate",
            at_least=0,
            also=("eta_min", "lr_min"),
        ),
    ] = None

    formula = (
        "lr * ((1 - alpha) * m_mul ^ i * (1 + cos(pi * c)) / 2 + alpha), "
        "at c of the way through cycle i, which is steps * t_mul ^ i long; "
        "with end, (lr * m_mul ^ i - end) * (1 + cos(pi * c)) / 2 + end"
    )
    examples = (
        Example(
            "cosine_restarts:lr=0.1,steps=10",
            {0: 0.1, 1: 0.09755283, 9: 0.002447174, 10: 0.1, 30: 0.1},
            "TensorFlow 2.21 cosine_decay_restarts, recorded; Loshchilov and Hutter 2017",
        ),
        Example(
            "cosine_restarts:lr=1,steps=5,t_mul=3",
            {604: 0.00001504276, 605: 1.0, 606: 0.99999833},
            "TensorFlow 2.21 in float32; in float64 its logarithm finds this restart a step late",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.cosine_decay_restarts",
        "Keras": "CosineDecayRestarts",
        "Optax": "sgdr_schedule (cycles given one by one)",
        "PyTorch": "CosineAnnealingWarmRestarts (t_mul is 1 unless given; end is eta_min)",
        "timm": "CosineLRScheduler (cycle_mul, cycle_decay, cycle_limit)",
        "PaddlePaddle": "CosineAnnealingWarmRestarts (t_mul is 1 unless given; end is eta_min)",
    }

    def check(self) -> None:
        if self.alpha and self.end is not None:
            raise ParameterError(
                "cosine_restarts", "alpha", "and end both say where it lands; keep one of them"
            )

    @property
    def cycles(self) -> Cycles:
        return Cycles(self.steps, self.t_mul)

    def at(self, t: Array) -> Array:
        cycle, part = self.cycles.position(t)
        m_mul, one, alpha = scalars(t, self.m_mul, 1, self.alpha)
        if self.end is not None:
            peak = self.lr * power(m_mul, cycle)
            return (peak - self.end) * (0.5 * (1 + cos(np.pi * part))) + self.end
        fall = 0.5 * power(m_mul, cycle) * (1 + cos(np.pi * part))
        # TensorFlow forms 1 - alpha in float32 here, and in float64 for a cosine without restarts.
        return self.lr * ((one - alpha) * fall + alpha)

    @property
    def cycle_length(self) -> float | None:
        return self.steps if self.t_mul == 1 else None

    @property
    def length(self) -> int:
        """Four cycles."""
        return self.cycles.length(4)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (CycleStarts(self.cycles),)

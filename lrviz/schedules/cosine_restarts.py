"""Cosine decay with warm restarts."""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from .base import Example, Schedule
from .fields import LearningRate, Param
from .knots import Knots
from .numeric import Array, Steps, cos, log, power, scalars


@dataclass(frozen=True, kw_only=True)
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
    alpha: Annotated[float, Param("the lowest rate, as a fraction of lr", at_least=0)] = 0.0

    formula = (
        "lr * ((1 - alpha) * m_mul ^ i * (1 + cos(pi * c)) / 2 + alpha), "
        "at c of the way through cycle i, which is steps * t_mul ^ i long"
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
        "PyTorch": "CosineAnnealingWarmRestarts (t_mul is 1 unless given; eta_min)",
        "timm": "CosineLRScheduler (cycle_mul, cycle_decay, cycle_limit)",
        "PaddlePaddle": "CosineAnnealingWarmRestarts",
    }

    def at(self, t: Array) -> Array:
        cycle, part = self.position(t)
        (m_mul,) = scalars(t, self.m_mul)
        fall = 0.5 * power(m_mul, cycle) * (1 + cos(np.pi * part))
        return self.lr * ((1 - self.alpha) * fall + self.alpha)

    def position(self, t: Array) -> tuple[Array, Array]:
        """Return the number of the cycle at `t`, and how much of that cycle has passed."""
        cycles = t / self.steps
        if self.t_mul == 1:
            cycle = np.floor(cycles)
            return cycle, cycles - cycle
        one, t_mul = scalars(t, 1, self.t_mul)
        cycle = np.floor(log(one - cycles * (one - t_mul)) / log(t_mul))
        if t.dtype == np.float64:
            # In float32 this logarithm is never wrong at a restart; in float64 it can be one off.
            cycle = cycle + (t >= self.restart(cycle + 1)) - (t < self.restart(cycle))
        longer = power(t_mul, cycle)
        return cycle, (cycles - (one - longer) / (one - t_mul)) / longer

    def restart(self, cycle: Array) -> Array:
        """Return where a cycle begins, exact in float64 for whole numbers."""
        if self.t_mul == 1:
            return self.steps * cycle
        return self.steps * ((np.power(self.t_mul, cycle) - 1) / (self.t_mul - 1))

    @property
    def length(self) -> int:
        """Four cycles."""
        return math.ceil(float(self.restart(np.array([4.0]))[0]))

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Restarts(self),)


class Restarts(Knots):
    """The first step of every cycle but the first."""

    jump = True

    def __init__(self, of: CosineRestarts) -> None:
        self.of = of

    def count(self, before: Steps) -> Steps:
        last = np.maximum(before - 1, 0).astype(np.float64)
        return self.of.position(last)[0].astype(np.int64)

    def step(self, number: Steps) -> Steps:
        return np.ceil(self.of.restart(number + 1.0)).astype(np.int64)

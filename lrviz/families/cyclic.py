"""Triangular cycles."""

import math
from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots
from ..schedules.numeric import LAST_STEP, Array, Steps, compounded, power, scalars


class CyclicRate(Schedule, name="cyclic"):
    """Go up from `lr` to `peak` and down again in straight lines, over and over."""

    lr: Annotated[
        float,
        Param("the lowest rate", at_least=0, also=("base_lr", "base_learning_rate", "min_lr")),
    ]
    peak: Annotated[
        float,
        Param("the highest rate", at_least=0, also=("max_lr", "max_learning_rate")),
    ]
    # Of far shorter cycles a step could no longer tell where it is.
    up: Annotated[
        float, Param("length of the way up", unit="steps", at_least=0.001, also=("step_size_up",))
    ]
    down: Annotated[
        float | None,
        Param(
            "length of the way down, as up unless given",
            unit="steps",
            at_least=0.001,
            also=("step_size_down",),
        ),
    ] = None
    shrink: Annotated[
        float, Param("how many times as high above lr the next cycle is", at_least=0)
    ] = 1.0
    rate: Annotated[
        float,
        Param("factor on the height above lr per step", at_least=0, also=("gamma", "exp_gamma")),
    ] = 1.0

    formula = (
        "lr + (peak - lr) * h * shrink ^ i * rate ^ t in cycle i, "
        "where h goes from 0 to 1 in up steps and back to 0 in down steps"
    )
    examples = (
        Example(
            "cyclic:lr=0.01,peak=0.1,up=8,down=3,shrink=0.5",
            {0: 0.01, 1: 0.02125, 8: 0.1, 9: 0.07, 11: 0.01, 19: 0.055, 60: 0.0117578125},
            "PyTorch 2.13 CyclicLR(0.01, 0.1, 8, 3, mode='triangular2'), recorded",
        ),
        Example(
            "cyclic:lr=0.01,peak=0.5,up=12,rate=0.98",
            {0: 0.01, 1: 0.05001666666666674, 12: 0.3945111946300519, 100: 0.03166119412947635},
            "PyTorch 2.13 CyclicLR(0.01, 0.5, 12, mode='exp_range', gamma=0.98), recorded",
        ),
        Example(
            "cyclic:lr=0.0003,peak=10,up=10,down=25",
            {0: 0.0003, 10: 10.0, 35: 0.0003, 110: 5.00015},
            "PyTorch 2.13 CyclicLR(0.0003, 10, 10, 25), recorded; Smith 2017",
        ),
    )
    elsewhere = {
        "PyTorch": "CyclicLR (triangular2 is shrink=0.5, exp_range is rate=gamma)",
        "PaddlePaddle": "CyclicLR (triangular2 is shrink=0.5, exp_range is rate=exp_gamma)",
    }

    @property
    def size(self) -> float:
        """How many steps a cycle has."""
        return self.up + (self.up if self.down is None else self.down)

    def cycle(self, t: Array) -> Array:
        """Return the number of the cycle at `t`, the first being 1."""
        number: Array = np.floor(1 + t / self.size)
        return number

    def height(self, t: Array) -> Array:
        """Return how high the triangle is at `t`, from 0 to 1."""
        passed = 1 + t / self.size
        through = passed - np.floor(passed)
        top = self.up / self.size
        height: Array = np.where(through <= top, through / top, (through - 1) / (top - 1))
        return height

    def at(self, t: Array) -> Array:
        height = (self.peak - self.lr) * self.height(t)
        if self.shrink != 1:
            (shrink,) = scalars(t, self.shrink)
            height *= power(shrink, self.cycle(t) - 1)
        if self.rate != 1:
            height *= compounded(self.rate, t, 1, staircase=False)
        return self.lr + height

    @property
    def cycle_length(self) -> float:
        return self.size

    @property
    def length(self) -> int:
        """Four cycles."""
        return math.ceil(4 * self.size)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Recurring(self.up, self.size), Recurring(self.size, self.size))


class Recurring(Knots):
    """The first step at or after `first`, and after every further `period`."""

    def __init__(self, first: float, period: float) -> None:
        self.first, self.period = first, period

    def count(self, before: Steps) -> Steps:
        guess = np.floor((before - 1 - self.first) / self.period).astype(np.int64) + 1
        # The division can be one off where a knot is just at a step.
        guess = guess + (self.step(guess) < before) - (self.step(guess - 1) >= before)
        count: Steps = np.clip(guess, 0, LAST_STEP)
        return count

    def step(self, number: Steps) -> Steps:
        exact: Array = self.first + number * self.period
        return np.ceil(exact).astype(np.int64)

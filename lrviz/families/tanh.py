"""Hyperbolic tangent decay."""

import math
from typing import Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.decay import Decay
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array


class TanhDecay(Decay, name="tanh"):
    """Fall from near `lr` to near `end` in `steps` steps, along a hyperbolic tangent."""

    lb: Annotated[
        float, Param("where on the tangent it begins", at_least=-1000, at_most=1000)
    ] = -7.0
    ub: Annotated[float, Param("where on the tangent it stops", at_least=-1000, at_most=1000)] = 3.0

    formula = (
        "(lr - end) * (1 - tanh(lb * (1 - q) + ub * q)) / 2 + end, with q = t / steps; "
        "end from step steps on"
    )
    examples = (
        Example(
            "tanh:lr=0.1,steps=50",
            {0: 0.09999991684719724, 1: 0.0999998759506459, 49: 0.0003684239899436004, 50: 0.0},
            "timm 1.0.31 TanhLRScheduler(50), recorded; Hsueh et al. 2019",
        ),
        Example(
            "tanh:lr=0.0003,steps=60,end=0.00001,lb=-4,ub=4",
            {0: 0.0002999027484621647, 30: 0.000155, 59: 0.000010126959099419433, 60: 0.00001},
            "timm 1.0.31 TanhLRScheduler(60, lb=-4.0, ub=4.0, lr_min=1e-05), recorded",
        ),
    )
    elsewhere = {"timm": "TanhLRScheduler (step 0 has lr itself)"}

    def left(self, t: Array) -> Array:
        q = np.minimum(t, self.steps) / self.steps
        curve = np.tanh(self.lb * (1 - q) + self.ub * q, dtype=np.float64).astype(t.dtype)
        return np.where(t < self.steps, 0.5 * (1 - curve), 0)

    @property
    def knots(self) -> tuple[Knots, ...]:
        # It stops short of its end, and jumps there.
        return (Listed([math.ceil(self.steps)], jump=True),)

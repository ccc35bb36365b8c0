"""Rates given step by step."""

import itertools
from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.fields import Param, Points
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.pointwise import Pointwise

if TYPE_CHECKING:
    from ..schedules.code import Code


class PiecewiseConstant(Pointwise, name="piecewise"):
    """Hold each rate of `points` from its step on until the next."""

    points: Annotated[
        Points,
        Param(
            "step=rate pairs; each rate holds from its step on",
            unit="steps",
            at_least=0,
            also=("boundaries", "values", "boundaries_and_scales"),
        ),
    ]

    formula = "the rate of the last point at or before t"
    examples = (
        Example(
            "piecewise:0=1,101=0.5,201=0.1",
            {0: 1.0, 100: 1.0, 101: 0.5, 200: 0.5, 201: 0.1},
            "Keras 3 PiecewiseConstantDecay([100, 200], [1.0, 0.5, 0.1]), recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.piecewise_constant (a boundary is the last step of the old rate)",
        "Keras": "PiecewiseConstantDecay (a boundary is the last step of the old rate)",
        "Optax": "piecewise_constant_schedule (factors in place of rates)",
        "PaddlePaddle": "PiecewiseDecay",
    }

    stairs = True
    milestone = "boundary"

    @property
    def milestones(self) -> tuple[int, ...]:
        pairs = itertools.pairwise(self.points)
        return tuple(step for (_, before), (step, rate) in pairs if rate != before)

    @property
    def length(self) -> int | None:
        """As long after the last point as between the points, on average."""
        last = self.points[-1][0]
        return last + -(-last // (len(self.points) - 1)) if last else None

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([step for step, _ in self.points[1:]], jump=True),)

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        starts = np.array([step for step, _ in self.points])
        rates = np.array([rate for _, rate in self.points], dtype)
        return rates[np.searchsorted(starts, steps, side="right") - 1]

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice

        rate: Code | float = choice(t, self.points)
        return rate

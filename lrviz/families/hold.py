"""A rate that is held from some step on."""

from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.modifier import Modifier
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.placed import Placed

if TYPE_CHECKING:
    from ..schedules.code import Code


class Hold(Modifier, name="hold"):
    """Follow a schedule up to the step `steps`, and hold the rate of that step from there on."""

    steps: Annotated[int, Param("the step whose rate is held", unit="steps", at_least=0)]

    formula = "the rate at t, which is at most steps"
    examples = (
        Example(
            "cosine:lr=0.1,steps=100,hold=50",
            {0: 0.1, 49: 0.05157053795, 50: 0.05, 51: 0.05, 1000: 0.05},
            "PyTorch 2.13, a CosineAnnealingLR(100) that is no longer stepped after 50 updates",
        ),
    )
    elsewhere = {"PyTorch": "a scheduler that is no longer stepped"}

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.of.values(np.minimum(steps, self.steps), dtype)

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import least

        return self.of.code(least(t, self.steps))

    @property
    def placed(self) -> tuple[Placed, ...]:
        return (Placed(self.of, stop=self.steps + 1),)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (*super().knots, Listed([self.steps]))

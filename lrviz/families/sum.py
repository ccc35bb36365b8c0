"""A sum of schedules."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.several import Several


class Sum(Several, name="sum"):
    """Add the rates of several schedules, which all begin at step 0."""

    terms: Annotated[tuple[Schedule, ...], Param("the schedules, written sum/A/B")]

    formula = "A(t) + B(t), and so on"
    examples = (
        Example(
            "sum/exp:lr=0.09,rate=0.5,steps=10/const:lr=0.01",
            {0: 0.1, 10: 0.055, 20: 0.0325},
            "its formula: a decay towards 0.01 in place of 0",
        ),
    )

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates = np.zeros(steps.shape, dtype)
        for term in self.terms:
            rates += term.values(steps, dtype)
        self.refuse(steps, rates, np.isfinite(rates))
        return rates

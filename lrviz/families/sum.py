"""A sum of schedules."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
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

    combined = np.add

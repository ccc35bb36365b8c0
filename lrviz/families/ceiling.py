"""An upper bound."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.bound import Bound
from ..schedules.fields import Param


class Ceiling(Bound, name="ceiling"):
    """Cut a schedule off from above: where it would be more, the rate is `value`."""

    value: Annotated[
        float, Param("the highest rate", unit="rate", at_least=0, also=("max_lr", "end_value"))
    ]

    formula = "min(the rate, value)"
    examples = (
        Example(
            "exp:lr=0.1,rate=2,steps=10,ceiling=0.5",
            {0: 0.1, 10: 0.2, 20: 0.4, 30: 0.5, 1000: 0.5},
            "Optax 0.2.8 exponential_decay(decay_rate=2, end_value=0.5)",
        ),
    )
    elsewhere = {
        "Optax": "end_value of exponential_decay with a decay_rate of 1 or more",
        "thinc": "stop of compounding",
    }

    cut = np.minimum

    @property
    def highest(self) -> float:
        return self.value

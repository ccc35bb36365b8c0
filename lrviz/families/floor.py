"""A lower bound."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.bound import Bound
from ..schedules.fields import Param


class Floor(Bound, name="floor"):
    """Cut a schedule off from below: where it would be less, the rate is `value`."""

    value: Annotated[
        float, Param("the lowest rate", unit="rate", at_least=0, also=("min_lr", "end_value"))
    ]

    formula = "max(the rate, value)"
    examples = (
        Example(
            "exp:lr=0.1,rate=0.5,steps=10,floor=0.02",
            {0: 0.1, 10: 0.05, 20: 0.025, 30: 0.02, 1000: 0.02},
            "Optax 0.2.8 exponential_decay(end_value=0.02)",
        ),
    )
    elsewhere = {
        "Optax": "end_value of exponential_decay",
        "GPT-NeoX": "min_lr",
    }

    cut = np.maximum

    @property
    def lowest(self) -> float:
        return self.value

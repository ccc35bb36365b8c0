"""What the decays that land on an end have in common."""

import math
from typing import Annotated

from .base import Schedule
from .facts import Way
from .fields import LearningRate, Param
from .knots import Knots, Listed
from .numeric import Array, scalars

EndRate = Annotated[
    float,
    Param(
        "the rate that it lands on",
        unit="rate",
        at_least=0,
        also=("end_learning_rate", "end_value", "end_lr", "lr_end", "eta_min", "min_lr"),
    ),
]

Bend = Annotated[
    float,
    Param(
        "exponent on the part that has passed; above 1 it falls later", above=0, also=("k_decay",)
    ),
]


class Decay(Schedule):
    """A way from `lr` to `end` in `steps` steps, whose shape does not depend on the two rates.

    A family writes `left`, and restarts can repeat it.
    """

    lr: LearningRate
    steps: Annotated[
        float,
        Param(
            "length",
            unit="steps",
            above=0,
            also=("decay_steps", "total_iters", "transition_steps", "max_steps", "t_initial"),
        ),
    ]
    end: EndRate = 0.0

    falls = True

    @property
    def ends(self) -> bool:
        return True

    @property
    def way(self) -> Way:
        return Way(self.lr, self.end)

    def left(self, t: Array) -> Array:
        """Return how much of the way from `end` to `lr` is left at `t`: 1 is all, 0 nothing."""
        raise NotImplementedError

    def at(self, t: Array) -> Array:
        first, last = scalars(t, self.lr, self.end)
        return (first - last) * self.left(t) + last

    @property
    def length(self) -> int:
        return math.ceil(self.steps)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed([math.ceil(self.steps)]),)

"""Exponential decay by the epoch."""

import math
from typing import Annotated

from ..schedules.base import Example
from ..schedules.drops import Drops
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import Array, compounded


class EpochExponentialDecay(Drops, name="exp_epoch"):
    """Multiply the learning rate by `rate` after every epoch of `epoch` steps."""

    rate: Annotated[
        float, Param("decay factor per epoch", at_least=0, also=("gamma", "decay_rate"))
    ]
    epoch: Annotated[
        float,
        Param("steps in an epoch", unit="steps", above=0, also=("steps_per_epoch", "steps")),
    ] = 1.0

    formula = "lr * rate ^ floor(t / epoch)"
    examples = (
        Example(
            "exp_epoch:lr=0.1,rate=0.95,epoch=100",
            {0: 0.1, 99: 0.1, 100: 0.095, 200: 0.09025},
            "PyTorch 2.13 ExponentialLR(gamma=0.95), stepped once per epoch of 100 updates",
        ),
    )
    elsewhere = {
        "PyTorch": "ExponentialLR",
        "PaddlePaddle": "ExponentialDecay",
    }

    @property
    def period(self) -> tuple[str, float] | None:
        return None if self.rate == 1 else ("epoch", self.epoch)

    def at(self, t: Array) -> Array:
        return self.lr * compounded(self.rate, t, self.epoch, staircase=True)

    @property
    def length(self) -> int:
        """Until a hundredth of `lr` is left; 100 epochs if that takes longer or never comes."""
        epochs = 100.0
        if 0 < self.rate < 1:
            epochs = min(epochs, math.ceil(math.log(0.01) / math.log(self.rate)))
        return math.ceil(epochs * self.epoch)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.epoch, jump=True),)

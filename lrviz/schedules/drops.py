"""What the families that fall in stairs by a factor have in common."""

from typing import Annotated

from .base import Schedule
from .facts import Growth
from .fields import LearningRate, Param


class Drops(Schedule):
    """A rate that is multiplied by `rate` at each drop."""

    lr: LearningRate
    rate: Annotated[
        float, Param("factor at each drop", at_least=0, also=("gamma", "decay_rate", "factor"))
    ]

    stairs = True

    @property
    def growth(self) -> Growth | None:
        return Growth(self.rate, neutral=1) if self.rate > 1 else None

"""Recorded rates as a function of the step."""

import numpy as np

from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.quantity import LEARNING_RATE
from ..schedules.signal import Signal


class Joined(Signal):
    """Rates at some steps, rising, both of shape (n,), joined by straight lines and held beyond."""

    quantity = LEARNING_RATE

    def __init__(self, label: str, steps: Steps, rates: Array) -> None:
        self.label, self.steps, self.rates = label, steps, rates

    def __str__(self) -> str:
        return self.label

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return np.interp(steps, self.steps, self.rates).astype(dtype)

    @property
    def length(self) -> int:
        """How many steps it has, with those that were not recorded."""
        return int(self.steps[-1]) + 1

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed(self.steps.tolist()),)

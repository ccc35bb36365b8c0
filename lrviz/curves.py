"""What is drawn, tabulated and compared: a label, steps and values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .display import Displayed
from .schedules.numeric import Array, Dtype, Steps, StepsLike
from .schedules.quantity import LEARNING_RATE, Quantity
from .schedules.signal import Signal


class Points(Protocol):
    """All points of a curve that has too many to be held; their steps rise strictly."""

    count: int

    def blocks(self) -> Iterator[tuple[Steps, Array]]:
        """Yield the steps and the values in blocks, of shape (n,)."""

    def at(self, steps: Steps) -> Array:
        """Return the values at `steps`, both of shape (n,); NaN where there is none."""


@dataclass(frozen=True, eq=False)
class Curve(Displayed):
    """A label with steps and the values of a quantity at them, two arrays of shape (n,).

    One that was `recorded` knows nothing of the steps between, and is drawn as points. If it has
    too many of them to be held, `whole` has all, and `steps` are some of them.
    """

    label: str
    steps: Steps
    values: Array
    recorded: bool = False
    quantity: Quantity = LEARNING_RATE
    whole: Points | None = None


def evaluate(
    schedule: Signal,
    steps: StepsLike,
    label: str = "",
    dtype: Dtype = np.float64,
) -> Curve:
    """Return the curve of a schedule at the given steps; its label is the spec unless given."""
    at = np.arange(steps.start, steps.stop, steps.step) if isinstance(steps, range) else steps
    asked = np.asarray(at, np.int64)
    values = schedule(asked, dtype)
    return Curve(label or str(schedule), asked, values, quantity=schedule.quantity)

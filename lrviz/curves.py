"""What is drawn, tabulated and compared: a label, steps and values."""

from dataclasses import dataclass

import numpy as np

from .schedules.numeric import Array, Dtype, Steps, StepsLike
from .schedules.quantity import LEARNING_RATE, Quantity
from .schedules.signal import Signal


@dataclass(frozen=True, eq=False)
class Curve:
    """A label with steps and the values of a quantity at them, two arrays of shape (n,).

    One that was `recorded` knows nothing of the steps between, and is drawn as points.
    """

    label: str
    steps: Steps
    values: Array
    recorded: bool = False
    quantity: Quantity = LEARNING_RATE


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

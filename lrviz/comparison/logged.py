"""A recorded run in the place of a plan, which another run is held to."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..logs.digits import precision
from ..schedules.base import Schedule
from ..schedules.fields import Parameter
from ..schedules.numeric import Array, Dtype, Steps


class Logged(Schedule):
    """A recorded run: the line through its points, nan before the first and after the last."""

    curve: tuple[Steps, Array, Array]
    """Steps, rates, and how far those may be off by their digits; each of shape (n,)."""

    @classmethod
    def of(cls, steps: Steps, values: Array) -> "Logged":
        """Return a recorded run as a plan."""
        return cls(curve=(steps, values, precision(values).tolerance(values)))

    def given(self) -> Iterator[tuple[Parameter, Any]]:
        """Yield no fields: there is nothing in it that could be another."""
        yield from ()

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the rates at some steps."""
        known, rates, _ = self.curve
        line: Array = np.interp(steps, known, rates, left=np.nan, right=np.nan).astype(dtype)
        return line

    def finite(self, steps: Steps, values: Array) -> Array:
        """Return the rates at some steps as they are: nan where none was recorded."""
        del steps
        return values

    def rounding(self, peak: float) -> float:
        """Return how far the rates may be off by their digits, scaled to another peak."""
        _, rates, tolerance = self.curve
        return float(tolerance.max()) * max(peak / max(float(rates.max()), 1e-300), 1)

"""What the two bounds have in common."""

from typing import ClassVar

import numpy as np

from .modifier import Modifier
from .numeric import Array, Dtype, Steps, scalars


class Bound(Modifier):
    """A rate at which a schedule is cut off."""

    value: float

    cut: ClassVar[np.ufunc]
    """What is left of a rate and the bound."""

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates = self.of.values(steps, dtype)
        (value,) = scalars(rates, self.value)
        left: Array = self.cut(rates, value)
        return left

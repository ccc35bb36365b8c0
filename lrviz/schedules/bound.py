"""What the two bounds have in common."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from .modifier import Modifier
from .numeric import Array, Dtype, Steps, scalars

if TYPE_CHECKING:
    from .code import Code


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

    def code(self, t: "Code") -> "Code | float":
        rate: Code | float = self.cut(self.of.code(t), self.value)
        return rate

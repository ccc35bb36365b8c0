"""A constant factor."""

from typing import TYPE_CHECKING, Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.modifier import Modifier
from ..schedules.numeric import Array, Dtype, Steps, scalars

if TYPE_CHECKING:
    from ..schedules.code import Code


class Scale(Modifier, name="scale"):
    """Multiply every rate of a schedule by `factor`."""

    factor: Annotated[float, Param("what the rates are multiplied by", at_least=0)]

    formula = "the rate * factor"
    examples = (
        Example(
            "step:lr=0.1,rate=0.1,steps=30,scale=8",
            {0: 0.8, 30: 0.08, 60: 0.008},
            "the linear scaling rule for 8 times the batch, Goyal et al. 2017",
        ),
    )
    elsewhere = {"Transformers": "what LambdaLR does with the optimizer's rate"}

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates = self.of.values(steps, dtype)
        (factor,) = scalars(rates, self.factor)
        return self.finite(steps, rates * factor)

    def code(self, t: "Code") -> "Code | float":
        return self.of.code(t) * self.factor

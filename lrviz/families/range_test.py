"""A rate that rises until training diverges, to find the highest that it bears."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.numeric import Array
from ..schedules.periodic import PeriodicDecay


class RangeTest(PeriodicDecay, name="range_test"):
    """Raise the learning rate by `rate` times `lr` for every `steps` steps, without end."""

    rate: Annotated[
        float,
        Param("what a period adds, as a fraction of lr", at_least=0, also=("step_rate",)),
    ]

    formula = "lr * (1 + rate * p), with p = t / steps; p = floor(t / steps) with staircase"
    examples = (
        Example(
            "range_test:lr=0.00001,rate=2,steps=10",
            {0: 0.00001, 1: 0.000012, 2: 0.000014, 10: 0.00003},
            "DeepSpeed 0.19.8 LRRangeTest, recorded; Smith 2017",
        ),
        Example(
            "range_test:lr=0.00001,rate=2,steps=10,staircase",
            {0: 0.00001, 9: 0.00001, 10: 0.00003, 20: 0.00005},
            "DeepSpeed 0.19.8 LRRangeTest(lr_range_test_staircase=True), recorded",
        ),
    )
    elsewhere = {"DeepSpeed": "LRRangeTest"}

    def at(self, t: Array) -> Array:
        return self.lr * (1 + self.rate * self.periods(t))

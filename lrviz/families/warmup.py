"""Warmup before a schedule."""

from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.numeric import Array, Dtype, Steps, scalars
from ..schedules.placed import Placed

if TYPE_CHECKING:
    from ..schedules.code import Code


class Warmup(Schedule, name="warmup"):
    """Go in a straight line from `start` to where the next schedule begins, then follow that.

    The schedule that follows begins, at its own step 0, after `steps` steps.
    """

    steps: Annotated[
        int,
        Param(
            "length of the warmup",
            unit="steps",
            at_least=1,
            also=("warmup_steps", "num_warmup_steps", "warmup_t", "total_iters"),
        ),
    ]
    start: Annotated[
        float,
        Param("rate at step 0", at_least=0, also=("warmup_lr_init", "start_lr", "init_value")),
    ] = 0.0
    end: Annotated[
        float | None,
        Param(
            "rate that the line leads to; where the next schedule begins, unless given",
            at_least=0,
            also=("warmup_target", "peak_value", "end_lr"),
        ),
    ] = None
    then: Annotated[Schedule, Param("the schedule that follows")]

    formula = "(end - start) * t / steps + start while t < steps, then the next from its step 0"
    examples = (
        Example(
            "warmup:steps=500/cosine:lr=0.0003,steps=9500,end=0.00003",
            {0: 0.0, 250: 0.00015, 500: 0.0003, 10000: 0.00003},
            "Transformers 5.23 cosine_with_min_lr(500, 10000, min_lr=3e-5)",
        ),
        Example(
            "warmup:steps=20/cosine:lr=0.1,steps=100",
            {0: 0.0, 1: 0.005, 2: 0.01, 20: 0.1, 120: 0.0},
            "Keras 3 CosineDecay(0.0, 100, warmup_target=0.1, warmup_steps=20), recorded",
        ),
    )
    elsewhere = {
        "Keras": "warmup_target and warmup_steps of CosineDecay",
        "Optax": "warmup_constant_schedule, warmup_cosine_decay_schedule",
        "PyTorch": "LinearLR in a SequentialLR (cannot start at 0)",
        "Transformers": "num_warmup_steps",
        "timm": "warmup_t and warmup_lr_init, with warmup_prefix=True",
        "PaddlePaddle": "LinearWarmup",
    }

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        rates = np.empty(steps.shape, dtype)
        warm = steps >= self.steps
        rates[warm] = self.then.values(steps[warm] - self.steps, dtype)
        if not warm.all():
            start, end = scalars(rates, self.start, self._peak(dtype))
            rates[~warm] = (end - start) * (steps[~warm].astype(dtype) / self.steps) + start
        return rates

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice

        line = (self._peak(np.float64) - self.start) * t / self.steps + self.start
        rate: Code = choice(t, [(0, line), (self.steps, self.then.code(t - self.steps))])
        return rate

    def _peak(self, dtype: Dtype) -> float:
        if self.end is not None:
            return self.end
        return float(self.then.values(np.zeros(1, np.int64), dtype)[0])

    @property
    def placed(self) -> tuple[Placed, ...]:
        return (Placed(self.then, offset=self.steps, start=self.steps),)

    @property
    def warm_at(self) -> int:
        return self.steps

    @property
    def joined(self) -> bool:
        return self.end is None

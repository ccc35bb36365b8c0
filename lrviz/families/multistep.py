"""Stairs at given steps."""

from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example
from ..schedules.drops import Drops
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed
from ..schedules.numeric import Array, Dtype, Steps, power, scalars

if TYPE_CHECKING:
    from ..schedules.code import Code


class MultiStepDecay(Drops, name="multistep"):
    """Multiply the learning rate by `rate` at each of the steps in `at`."""

    drops: Annotated[
        tuple[int, ...],
        Param(
            "steps of the drops",
            unit="steps",
            at_least=0,
            also=("milestones", "boundaries", "drops"),
            key="at",
        ),
    ]

    formula = "lr * rate ^ (how many of the steps in `at` are t or less)"
    examples = (
        Example(
            "multistep:lr=0.05,rate=0.1,at=30,80",
            {0: 0.05, 29: 0.05, 30: 0.005, 79: 0.005, 80: 0.0005},
            "PyTorch MultiStepLR documentation",
        ),
    )
    elsewhere = {
        "PyTorch": "MultiStepLR",
        "Keras": "PiecewiseConstantDecay (rates in place of factors)",
        "Optax": "piecewise_constant_schedule",
        "timm": "MultiStepLRScheduler (one epoch earlier for the same list)",
        "PaddlePaddle": "MultiStepDecay",
    }

    def check(self) -> None:
        if not self.drops:
            raise ParameterError("multistep", "at", "must name at least one step", "drops")

    milestone = "drop"

    @property
    def milestones(self) -> tuple[int, ...]:
        return () if self.rate == 1 else self.drops

    @property
    def length(self) -> int | None:
        """As long after the last drop as between the drops, on average."""
        last = max(self.drops)
        return last + -(-last // len(self.drops)) if last else None

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed(self.drops, jump=True),)

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        passed = np.searchsorted(np.sort(self.drops), steps, side="right")
        counts = np.arange(len(self.drops) + 1).astype(dtype)
        (rate,) = scalars(counts, self.rate)
        return (self.lr * power(rate, counts))[passed]

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import choice

        steps = sorted(set(self.drops))
        cases = [(step, float(self(step))) for step in steps]
        rate: Code = choice(t, cases if steps[0] == 0 else [(0, self.lr), *cases])
        return rate

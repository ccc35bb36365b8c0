"""What the schedules that follow a metric have in common."""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..errors import ParameterError
from .base import Schedule
from .fields import LearningRate, Numbers, Param
from .knots import Knots, Listed
from .numeric import Array, Dtype, Steps

if TYPE_CHECKING:
    from .code import Code


class Metered(Schedule):
    """A schedule whose rate changes with a metric, such as the validation loss, of each step."""

    lr: LearningRate
    rate: float
    patience: Annotated[int, Param("how many bad metrics in a row are borne", at_least=0)]
    threshold: float
    cooldown: Annotated[int, Param("how many metrics after a cut do not count", at_least=0)] = 0
    min: float
    eps: Annotated[float, Param("the least change that is made", at_least=0, also=("epsilon",))] = (
        1e-8
    )
    max: Annotated[bool, Param("take higher metrics for better", also=("mode",))] = False
    metrics: Annotated[
        tuple[float, ...],
        Param("the metric after each step, from step 0 on", finite=False, canonical=Numbers),
    ]

    stairs = True

    def check(self) -> None:
        if not self.metrics:
            raise ParameterError(self.name, "metrics", "must hold at least one number")

    def followed(self) -> Iterator[float]:
        """Yield the rate after each metric."""
        raise NotImplementedError

    @property
    def worst(self) -> float:
        """The metric that any other is better than."""
        return -math.inf if self.max else math.inf

    def better(self, metric: float, best: float, absolute: bool) -> bool:
        """Return whether `metric` is better than `best` by more than the threshold, as PyTorch."""
        margin = self.threshold if self.max else -self.threshold
        bar = best + margin if absolute else best * (1 + margin)
        return metric > bar if self.max else metric < bar

    @cached_property
    def rates(self) -> Array:
        """The rate at each step up to the one after the last metric."""
        return np.array([self.lr, *self.followed()])

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.rates.astype(dtype)[np.minimum(steps, len(self.metrics))]

    def code(self, t: "Code") -> "Code | float":
        from .code import choice

        changes = [0, *(np.flatnonzero(np.diff(self.rates)) + 1).tolist()]
        rate: Code | float = choice(t, [(step, float(self.rates[step])) for step in changes])
        return rate

    @property
    def length(self) -> int:
        """The step after that of the last metric, and one more, which has the last rate."""
        return len(self.metrics) + 1

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Listed((np.flatnonzero(np.diff(self.rates)) + 1).tolist(), jump=True),)

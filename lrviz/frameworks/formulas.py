"""Rates that follow a formula from a pasted lambda.

These are no families: their text is a framework's call, which reads back as the same schedule.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

import numpy as np

from ..errors import LrvizError
from ..families.cyclic import CyclicRate
from ..schedules.base import Schedule
from ..schedules.fields import LearningRate, Param, number_text
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.signal import CHUNK
from .values import Function

if TYPE_CHECKING:
    from ..schedules.code import Code


class Formula(Schedule):
    """Multiply `lr` by a formula of the step."""

    name: ClassVar[str] = "lambda"
    formula = "lr * f(t)"
    opaque = True

    lr: LearningRate
    f: Annotated[Function, Param("a formula of one variable, lambda t: 0.95 ** t")]

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        # A formula is Python's, and Python counts in float64.
        rates: Array = (self.lr * self.f(steps.astype(np.float64))).astype(dtype)
        return self.allowed(steps, rates)

    def code(self, t: "Code") -> "Code | float":
        rate: Code = self.lr * self.f.code(t)
        return rate

    def stage(self) -> str:
        return self.f.within(f"LambdaLR(optimizer, lr_lambda={self.f}, lr={number_text(self.lr)})")


MOST_FACTORS = 50_000_000
"""How many factors are multiplied at most to find a rate."""


class Products(Formula):
    """Multiply the rate at every step but the first by a formula of that step."""

    formula = "lr * f(1) * f(2) * ... * f(t)"

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        if steps.size and steps.max() >= MOST_FACTORS:
            raise LrvizError(
                f"{self} at step {steps.max()} is a product of as many factors, and at most "
                f"{MOST_FACTORS} are multiplied; end the run before, or give a formula of the step "
                "to LambdaLR"
            )
        products = np.empty(steps.shape)
        blocks = steps // CHUNK
        for block in np.unique(blocks):
            here = blocks == block
            products[here] = self._block(int(block))[steps[here] % CHUNK]
        rates: Array = (self.lr * products).astype(dtype)
        return self.allowed(steps, rates)

    def code(self, _: "Code") -> "Code | float":
        from ..schedules.code import UncodedError

        raise UncodedError("it multiplies as many factors as there are steps")

    def _block(self, number: int) -> Array:
        """Return the products up to each step of a block."""
        while len(self._starts) <= number:  # the blocks before it are needed, once
            last = len(self._starts) - 1
            self._starts.append(self._starts[last] * self._within(last)[-1])
        return self._starts[number] * self._within(number)

    def _within(self, number: int) -> Array:
        steps = number * CHUNK + np.arange(CHUNK, dtype=np.float64)
        factors = np.array(self.f(np.maximum(steps, 1)))
        if number == 0:
            factors[0] = 1
        products: Array = np.multiply.accumulate(factors)
        return products

    @cached_property
    def _starts(self) -> list[float]:
        """What the steps before each block multiply to."""
        return [1.0]

    def stage(self) -> str:
        call = f"MultiplicativeLR(optimizer, lr_lambda={self.f}, lr={number_text(self.lr)})"
        return self.f.within(call)


class ScaledCyclic(CyclicRate):
    """Go up and down as cyclic does, at a height that follows a formula."""

    formula = (
        "lr + (peak - lr) * h * f, where h goes from 0 to 1 in up steps and back in down steps"
    )

    f: Annotated[Function, Param("a formula of one variable, lambda x: 0.5 ** (x - 1)")]
    by_cycle: Annotated[bool, Param("the variable is the number of the cycle, not of the step")]

    def at(self, t: Array) -> Array:
        factor = self.f(self.cycle(t) if self.by_cycle else t)
        rates: Array = self.lr + (self.peak - self.lr) * self.height(t) * factor
        return rates

    def code(self, t: "Code") -> "Code | float":
        now: Any = t  # it passes for an array
        factor = self.f.code(cast("Code", self.cycle(now)) if self.by_cycle else t)
        rate: Code = self.lr + (self.peak - self.lr) * self.height(now) * factor
        return rate

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.allowed(steps, self.at(steps.astype(np.float64)).astype(dtype))

    def stage(self) -> str:
        given = {"base_lr": self.lr, "max_lr": self.peak, "step_size_up": self.up}
        given |= {} if self.down is None else {"step_size_down": self.down}
        numbers = ", ".join(f"{name}={number_text(value)}" for name, value in given.items())
        mode = "cycle" if self.by_cycle else "iterations"
        return self.f.within(
            f"CyclicLR(optimizer, {numbers}, scale_fn={self.f}, scale_mode='{mode}')"
        )

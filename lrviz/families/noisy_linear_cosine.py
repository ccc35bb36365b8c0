"""Linear cosine decay with noise."""

from typing import TYPE_CHECKING, Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.knots import Knots
from ..schedules.noise import extremes, standard_normal
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps, power, scalars
from .linear_cosine import LinearCosineDecay

if TYPE_CHECKING:
    from ..schedules.code import Code


class NoisyLinearCosineDecay(LinearCosineDecay, name="noisy_linear_cosine"):
    """Fall as linear_cosine does, with normal noise of a fading variance added to the line.

    The noise is a function of `seed` and step. It is not cut off, so a rate can be negative, as in
    TensorFlow; `floor=0` cuts it off.
    """

    initial_variance: Annotated[float, Param("variance of the noise at step 0", at_least=0)] = 1.0
    variance_decay: Annotated[float, Param("power of 1 + t that divides the variance")] = 0.55
    seed: Annotated[int, Param("which noise", at_least=0, at_most=LAST_STEP)] = 0

    formula = (
        "lr * ((alpha + 1 - t / steps + noise) * (1 + cos(2 * pi * num_periods * t / steps)) / 2 "
        "+ beta), with noise of variance initial_variance / (1 + t) ^ variance_decay"
    )
    examples = (
        Example(
            "noisy_linear_cosine:lr=0.1,steps=100,initial_variance=0",
            {0: 0.1001, 1: 0.09907557, 50: 0.0251, 100: 0.0001},
            "TensorFlow 2.21 noisy_linear_cosine_decay without noise, recorded; Bello et al. 2017",
        ),
    )
    elsewhere = {"TensorFlow 1": "tf.train.noisy_linear_cosine_decay (new noise at every call)"}

    noisy = True

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        if not self.initial_variance:
            return self.at(steps.astype(dtype))
        t = np.minimum(steps.astype(dtype), self.steps)
        (variance, decay) = scalars(t, self.initial_variance, self.variance_decay)
        noise = standard_normal(self.seed, steps).astype(dtype, copy=False)
        noise *= np.sqrt(variance / power(1 + t, decay))
        return self.product(t, noise)

    def code(self, t: "Code") -> "Code | float":
        from ..schedules.code import UncodedError

        if self.initial_variance:
            raise UncodedError("its noise is drawn here, and no other program draws the same")
        return self.at(t)  # type: ignore[arg-type, return-value]  # it passes for an array

    @property
    def knots(self) -> tuple[Knots, ...]:
        smooth = super().knots
        return (*smooth, NoisePeaks(self.seed)) if self.initial_variance else smooth


class NoisePeaks(Knots):
    """Every step is a knot; the lowest and the highest noise of many steps stand for them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def count(self, before: Steps) -> Steps:
        return before

    def step(self, number: Steps) -> Steps:
        return number

    def some(self, first: Steps, stop: Steps, most: int) -> Steps:
        widest = int((stop - first).max())
        level = max(widest // most, 1).bit_length()
        blocks = (first >> level) + np.arange((widest >> level) + 2)
        found = [*extremes(self.seed, blocks, level)]
        # Blocks may reach over the bounds; these smaller ones fill the rows up to their bounds.
        # They also part the beginning of a run finely, where the variance fades fast.
        for small in range(level):
            edges = np.hstack([((first - 1) >> small) + 1, np.maximum((stop >> small) - 1, 0)])
            found += extremes(self.seed, edges, small)
        return np.hstack(found)

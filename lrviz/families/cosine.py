"""Cosine decay."""

from typing import Annotated

import numpy as np

from ..errors import ParameterError
from ..schedules.base import Example
from ..schedules.decay import Bend, Decay
from ..schedules.facts import Way
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.numeric import LAST_STEP, Array, cos, power, scalars


class CosineDecay(Decay, name="cosine"):
    """Fall from `lr` to `end` in `steps` steps, along half a wave of a cosine, and stay there."""

    steps: Annotated[
        float,
        Param("length", unit="steps", above=0, also=("decay_steps", "T_max", "t_initial")),
    ]
    alpha: Annotated[
        float | None,
        Param("the end as a fraction of lr, in place of `end`", unit="share", at_least=0),
    ] = None
    power: Annotated[float, Param("exponent on the fall", at_least=0, also=("exponent",))] = 1.0
    k: Bend = 1.0
    unclamped: Annotated[bool, Param("go on past the end along the wave, up again and down")] = (
        False
    )

    formula = (
        "end + (lr - end) * ((1 + cos(pi * (t / steps) ^ k)) / 2) ^ power, "
        "with t at most steps unless unclamped"
    )
    examples = (
        Example(
            "cosine:lr=0.1,steps=100,alpha=0.1",
            {0: 0.1, 14: 0.0957172, 50: 0.055, 100: 0.01, 200: 0.01},
            "TensorFlow 2.21 cosine_decay(0.1, 100, alpha=0.1), recorded",
        ),
        Example(
            "cosine:lr=0.1,steps=100,end=0.01",
            {0: 0.1, 50: 0.055, 100: 0.01},
            "SGDR, Loshchilov and Hutter 2017, equation 5",
        ),
        Example(
            "cosine:lr=0.1,steps=50,unclamped",
            {0: 0.1, 1: 0.09990133642141358, 50: 0.0, 183: 0.07408768370508573, 200: 0.1},
            "PyTorch 2.13 CosineAnnealingLR(T_max=50), recorded",
        ),
        Example(
            "cosine:lr=0.0003,steps=37,alpha=0.1,power=2",
            {0: 0.0003, 1: 0.00029902819792747623, 2: 0.0002961302616812522, 74: 0.00003},
            "Optax 0.2.8 cosine_decay_schedule(0.0003, 37, 0.1, exponent=2.0), recorded",
        ),
        Example(
            "cosine:lr=0.5,steps=40,end=0.001,k=2",
            {0: 0.5, 1: 0.49999951904970563, 2: 0.49999230483237506, 80: 0.001},
            "timm 1.0.31 CosineLRScheduler(40, lr_min=0.001, k_decay=2.0), recorded",
        ),
    )
    elsewhere = {
        "TensorFlow 1": "tf.train.cosine_decay (alpha)",
        "Keras": "CosineDecay (alpha)",
        "Optax": "cosine_decay_schedule (alpha; power is exponent)",
        "PyTorch": "CosineAnnealingLR (eta_min; unclamped)",
        "Transformers": "cosine, cosine_with_min_lr (unclamped)",
        "timm": "CosineLRScheduler (lr_min; k is k_decay)",
        "PaddlePaddle": "CosineAnnealingDecay (unclamped)",
    }

    def check(self) -> None:
        if self.alpha is not None and self.end:
            raise ParameterError(
                "cosine", "alpha", "and end both say where it lands; keep one of them"
            )
        if self.unclamped and self.k != 1:
            raise ParameterError(
                "cosine", "k", "bends one fall, and unclamped makes several; keep one of them"
            )

    def left(self, t: Array) -> Array:
        most = LAST_STEP if self.unclamped else 1  # of more waves, no step knows its place
        passed = np.minimum(t / self.steps, most)
        exponent, k = scalars(t, self.power, self.k)
        if self.k != 1:
            passed = power(passed, k)
        fall = 0.5 * (1 + cos(np.pi * passed))
        return fall if self.power == 1 else power(fall, exponent)

    def at(self, t: Array) -> Array:
        if self.alpha is None:
            return super().at(t)
        return self.lr * ((1 - self.alpha) * self.left(t) + self.alpha)

    @property
    def way(self) -> Way:
        return super().way if self.alpha is None else Way(self.lr, self.alpha * self.lr, "alpha")

    @property
    def cycle_length(self) -> float | None:
        """That of a whole wave."""
        return 2 * self.steps if self.unclamped else None

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (Periodic(self.steps),) if self.unclamped else super().knots

"""Decay along a power of time."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example
from ..schedules.decay import Decay
from ..schedules.fields import Param
from ..schedules.knots import Knots
from ..schedules.numeric import Array, power, scalars


class PowerDecay(Decay, name="power"):
    """Fall from `lr` to `end` in `steps` steps, by a power of the part that has passed.

    The default is the square root, with which a run is often cooled down; poly takes the power of
    the part that is left instead.
    """

    power: Annotated[
        float, Param("exponent; below 1 it falls early", at_least=0, also=("decay_power",))
    ] = 0.5
    unclamped: Annotated[bool, Param("go on along the same curve past the end")] = False

    formula = "(lr - end) * (1 - (t / steps) ^ power) + end, with t at most steps unless unclamped"
    examples = (
        Example(
            "power:lr=0.1,steps=10",
            {0: 0.1, 1: 0.0683772233983162, 2: 0.05527864045000422, 9: 0.005131670194948624},
            "timm 1.0.31 WSDLRScheduler(50, 10) from step 40 on, recorded; Hägele et al. 2024",
        ),
        Example(
            "power:lr=1,steps=30,power=2",
            {0: 1.0, 1: 0.9988888888888889, 2: 0.9955555555555555, 30: 0.0, 50: 0.0},
            "timm 1.0.31 WSDLRScheduler(30, 30, decay_fn='power', decay_power=2.0), recorded",
        ),
    )
    elsewhere = {
        "Transformers": "decay_type='1-sqrt' of warmup_stable_decay",
        "timm": "decay_fn='1-sqrt' and 'power' of WSDLRScheduler",
        "Megatron": "lr_wsd_decay_style='minus_sqrt'",
        "TorchTitan": "decay_type='sqrt' (unclamped)",
    }

    def left(self, t: Array) -> Array:
        passed = (t if self.unclamped else np.minimum(t, self.steps)) / self.steps
        (exponent,) = scalars(t, self.power)
        return 1 - power(passed, exponent)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return () if self.unclamped else super().knots

"""A later or an earlier start."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ..schedules.base import Example, Phase
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed, Moved
from ..schedules.modifier import Modifier
from ..schedules.numeric import LAST_STEP, Array, Dtype, Steps


@dataclass(frozen=True, kw_only=True)
class Shift(Modifier, name="shift"):
    """Start a schedule `steps` steps later, holding its first rate until then.

    A negative number starts in its midst: with -100, step 0 has the rate of its step 100.
    """

    steps: Annotated[int, Param("how many steps later", unit="steps", also=("transition_begin",))]

    formula = "the rate at t - steps, or at 0 before that"
    examples = (
        Example(
            "exp:lr=0.1,rate=0.5,steps=10,shift=20",
            {0: 0.1, 20: 0.1, 30: 0.05},
            "Optax 0.2.8 exponential_decay(transition_begin=20)",
        ),
        Example(
            "linear:lr=0.1,steps=100,shift=-50",
            {0: 0.05, 50: 0.0},
            "a run that is resumed at its step 50",
        ),
    )
    elsewhere = {
        "Optax": "transition_begin",
        "PyTorch": "last_epoch (to resume)",
    }

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.of.values(np.clip(steps - self.steps, 0, LAST_STEP), dtype)

    @property
    def length(self) -> int | None:
        return None if self.of.length is None else max(self.of.length + self.steps, 1)

    @property
    def knots(self) -> tuple[Knots, ...]:
        begin = (Listed([self.steps]),) if self.steps > 0 else ()
        inside = (Moved(knots, self.steps, max(-self.steps, 0)) for knots in self.of.knots)
        return (*begin, *inside)

    @property
    def phases(self) -> tuple[Phase, ...]:
        moved = [phase.moved(self.steps) for phase in self.of.phases]
        ahead = [phase for phase in moved if phase.stop is None or phase.stop > 0]
        if not ahead:  # it begins after its end
            return (moved[-1]._replace(start=0, stop=self.length),)
        return (ahead[0]._replace(start=0), *ahead[1:])

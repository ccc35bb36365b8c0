"""A later or an earlier start."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.modifier import Modifier
from ..schedules.placed import Placed


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

    @property
    def placed(self) -> tuple[Placed, ...]:
        return (Placed(self.of, offset=self.steps),)

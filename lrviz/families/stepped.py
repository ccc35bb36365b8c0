"""Another clock."""

from typing import Annotated

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Periodic
from ..schedules.placed import Placed


class Stepped(Schedule, name="stepped"):
    """Step a schedule only once in `every` steps, and then by `by` of its own steps.

    So a schedule that counts epochs is drawn over updates, or one that counts samples.
    """

    every: Annotated[
        int,
        Param(
            "how many steps one rate lasts",
            unit="steps",
            at_least=1,
            also=("updates_per_epoch", "steps_per_epoch", "step_each_epoch"),
        ),
    ] = 1
    by: Annotated[
        int,
        Param("how far it then moves on", unit="steps", at_least=1, also=("increment",)),
    ] = 1
    of: Annotated[Schedule, Param("the schedule that is stepped")]

    formula = "the rate at floor(t / every) * by"
    examples = (
        Example(
            "stepped:every=391/step:lr=0.1,rate=0.1,steps=30",
            {0: 0.1, 11729: 0.1, 11730: 0.01, 23460: 0.001},
            "PyTorch 2.13 StepLR(step_size=30), stepped once per epoch of 391 updates",
        ),
        Example(
            "stepped:by=64/linear:lr=0.1,steps=6400",
            {0: 0.1, 1: 0.099, 50: 0.05, 100: 0.0},
            "Megatron-core 0.16.1, which counts samples, here with a batch of 64",
        ),
    )
    elsewhere = {
        "PyTorch": "step() called once per epoch",
        "timm": "t_in_epochs",
        "Megatron-LM": "increment of step()",
    }

    @property
    def placed(self) -> tuple[Placed, ...]:
        return (Placed(self.of, every=self.every, by=self.by),)

    @property
    def knots(self) -> tuple[Knots, ...]:
        stairs = (Periodic(self.every, jump=True),) if self.every > 1 else ()
        return (*stairs, *super().knots)

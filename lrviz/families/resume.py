"""A run that goes on with another plan."""

from typing import Annotated

from ..errors import ParameterError
from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.placed import Placed
from ..schedules.several import Several


class Resume(Several, name="resume"):
    """Follow one schedule up to step `at`, and from there on another, on the same clock.

    It shows a run that is continued with a changed length or rate: the new plan is entered at the
    step that the old one has come to, not at its step 0.
    """

    at_step: Annotated[
        int, Param("the step from which on the new plan holds", unit="steps", at_least=1, key="at")
    ]
    plans: Annotated[tuple[Schedule, ...], Param("the old plan and the new one, resume:at=N/A/B")]

    formula = "A(t) while t < at, then B(t)"
    examples = (
        Example(
            "resume:at=60/linear:lr=0.1,steps=100/linear:lr=0.1,steps=200",
            {0: 0.1, 59: 0.041, 60: 0.07, 100: 0.05, 200: 0.0},
            "its formula: a run of 100 steps that is given 100 more at step 60",
        ),
    )

    def check(self) -> None:
        if len(self.plans) != 2:
            raise ParameterError(
                "resume",
                "plans",
                f"must be the old one and the new one, written resume:at={self.at_step}/OLD/NEW, "
                f"not {len(self.plans)}; if one has stages, end closes it: "
                f"resume:at={self.at_step}/warmup:steps=500/cosine:lr=0.1,steps=9500/end/NEW, "
                f"resume:at={self.at_step}/chain/A/B/end/NEW",
            )

    @property
    def placed(self) -> tuple[Placed, ...]:
        old, new = self.plans
        return (Placed(old, stop=self.at_step), Placed(new, start=self.at_step))

    @property
    def length(self) -> int:
        """That of the new plan, or as long again as the old one held."""
        return self.placed[-1].end or 2 * self.at_step

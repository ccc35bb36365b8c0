"""A run that goes on with another plan."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ..errors import LrvizError, ParameterError
from ..schedules.base import Example, Phase, Schedule
from ..schedules.fields import Param
from ..schedules.knots import Knots, Listed, Moved
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.several import Several


@dataclass(frozen=True, kw_only=True)
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
                f"not {len(self.plans)}; write stages of one plan as chain/A/B/end",
            )

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        old, new = self.plans
        rates = np.empty(steps.shape, dtype)
        before = steps < self.at_step
        rates[before] = old.values(steps[before], dtype)
        rates[~before] = new.values(steps[~before], dtype)
        return rates

    @property
    def length(self) -> int:
        """That of the new plan, or as long again as the old one held."""
        length = self.plans[1].length
        return 2 * self.at_step if length is None else max(length, self.at_step + 1)

    @property
    def knots(self) -> tuple[Knots, ...]:
        old, new = self.plans
        joint = Listed([self.at_step], jump=self._jumps())
        before = (Moved(knots, 0, 0, self.at_step) for knots in old.knots)
        return (joint, *before, *(Moved(knots, 0, self.at_step) for knots in new.knots))

    def _jumps(self) -> bool:
        """Return whether the old plan would be elsewhere at the joint."""
        try:
            old, new = (plan(self.at_step) for plan in self.plans)
        except LrvizError:  # the old plan has no rate there
            return True
        return not np.isclose(old, new, rtol=1e-9, atol=0)

    @property
    def phases(self) -> tuple[Phase, ...]:
        old, new = self.plans
        at = self.at_step
        before = [phase for phase in old.phases if phase.start < at]
        after = [phase for phase in new.phases if phase.stop is None or phase.stop > at]
        after = after or [new.phases[-1]._replace(stop=None)]
        return (
            *before[:-1],
            before[-1]._replace(stop=at),
            after[0]._replace(start=at),
            *after[1:],
        )

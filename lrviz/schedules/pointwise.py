"""What the families that are given point by point have in common."""

import itertools

from ..errors import ParameterError
from .base import Schedule
from .fields import Points


class Pointwise(Schedule):
    """A curve that is given by rates at steps, from step 0 on."""

    points: Points

    def check(self) -> None:
        steps = [step for step, _ in self.points]
        if not steps or steps[0] != 0:
            first = f"the first point is {steps[0]}=" if steps else "there is none"
            raise ParameterError(
                self.name,
                "",
                f"a rate for step 0 must be given, but {first}; begin with 0=RATE",
                parameter="points",
                member=0 if steps else None,
            )
        for i, (before, step) in enumerate(itertools.pairwise(steps)):
            if step <= before:
                raise ParameterError(
                    self.name,
                    "",
                    f"steps must rise, but {step} follows {before}; sort the points",
                    parameter="points",
                    member=i + 1,
                )

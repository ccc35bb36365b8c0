"""A plan that is followed only up to a step, and then stands still."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import Steps
from ..case import Case
from ..cause import Cause, cause
from ..clocks import REACH, Number, find
from ..wording import rate_text


def _up_to(number: Number, steps: Number) -> Steps:
    clock: Steps = np.minimum(number, steps)
    return clock


@cause(rank=41)
def held(case: Case) -> Iterator[Cause]:
    """Yield the cause that the plan is held from a step on: the last one that explains it."""
    # It lies between the last step where they are equal and the first where they are not.
    first = int(case.differs.argmax())
    if case.levels == 1 or not case.tells or not first:
        return
    stop, start = int(case.log.steps[first]) - 1, int(case.log.steps[first - 1])
    numbers = np.linspace(stop, start, min(max(stop - start, 0) + 1, REACH)).astype(np.int64)
    found = find(case.log, case.some, case.rates, _up_to, numbers)
    if not found.size:
        return
    step = int(found[0])
    rates = case.on_clock(_up_to, step)
    if case.moves_beside(float(rates[-1])):
        rate = rate_text(float(rates[-1]))
        text = f"it follows {case.of} up to step {step} and then stays at {rate}"
        why = "the schedule ended early, or was no longer stepped"
        yield case.cause("held", text, rates, 41, why, step=step)

"""A plan that is followed only up to a step, and then stands still."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import Array, Steps
from ..case import Case, reach
from ..cause import Cause, cause
from ..clocks import REACH, Number, find
from ..wording import rate_text, span


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
    # On a stair it may have been held at any step.
    low, high = reach(int(found[0]), lambda n: n >= 0 and case.explained(_held(case, n)))
    rates = _held(case, high)
    if case.moves_beside(float(rates[-1])):
        rate = rate_text(float(rates[-1]))
        step = f"step {high}" if low == high else f"a step from {low} to {high}"
        text = f"it follows {case.of} up to {step} and then stays at {rate}"
        why = "the schedule ended early, or was no longer stepped"
        yield case.cause("held", text, rates, 41, why, step=high, **span(low, high))


def _held(case: Case, step: int) -> Array:
    """Return the rates of the plan if it is held from a step on."""
    return case.on_clock(_up_to, step)

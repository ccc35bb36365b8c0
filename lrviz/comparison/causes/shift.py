"""Rates that come some steps early or late."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import LAST_STEP, Steps
from ..case import Case
from ..cause import Cause, cause
from ..clocks import REACH, Number
from ..wording import span, steps_text


def _later(number: Number, steps: Number) -> Steps:
    clock: Steps = np.clip(steps + number, 0, LAST_STEP)
    return clock


@cause(rank=10)
def shift(case: Case) -> Iterator[Cause]:
    """Yield the cause that it is early or late, by one step sooner than by more."""
    ahead = np.arange(1, min(case.last, REACH) + 1)
    found = case.number(_later, np.column_stack([ahead, -ahead]).ravel())
    if found is None:
        return
    low, high = found
    number = low if low > 0 else high
    rates = case.on_clock(_later, number)
    least, most = sorted(map(abs, found))
    text = f"it is {steps_text(least, most)} {'early' if number > 0 else 'late'}"
    if low != high:
        why = "at the steps that are recorded these cannot be told apart"
    elif number == 1:
        why = "at each step it has the rate of the next, as if written after the scheduler's step"
    elif number > 0:
        why = f"at step t it has the rate of step t + {number}"
    else:
        why = f"at step t it has the rate of step t - {-number}, and before that the first rate"
    rank = 12 if abs(number) > 1 else 10
    yield case.cause("shift", text, rates, rank, why, steps=number, **span(low, high))

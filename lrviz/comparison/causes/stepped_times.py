"""A schedule that is stepped several times per step."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import LAST_STEP, Steps
from ..case import Case
from ..cause import Cause, cause
from ..clocks import Number
from ..wording import span

_MOST = 100_000
"""How many times per step a schedule may have been stepped."""


def _faster(number: Number, steps: Number) -> Steps:
    clock: Steps = np.minimum(number, LAST_STEP // np.maximum(steps, 1)) * steps
    return clock


@cause(rank=21)
def stepped_times(case: Case) -> Iterator[Cause]:
    """Yield the cause that the plan goes on by so many steps at each step."""
    found = case.number(_faster, np.arange(2, _MOST + 1))
    if found is not None:
        low, high = found
        many = f"{low}" if low == high else f"{low} to {high}"
        text = f"it is {case.of} stepped {many} times per step"
        why = "as once by each process or for each micro-batch"
        yield case.cause(
            "stepped_times",
            text,
            case.on_clock(_faster, low),
            21,
            why,
            times=low,
            **span(low, high),
        )

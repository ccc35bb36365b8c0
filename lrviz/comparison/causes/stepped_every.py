"""A schedule that is stepped only now and then."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import Steps
from ..case import Case
from ..cause import Cause, cause
from ..clocks import REACH, Number
from ..wording import span, steps_text


def _slower(number: Number, steps: Number) -> Steps:
    clock: Steps = np.floor_divide(steps, number)
    return clock


@cause(rank=20)
def stepped_every(case: Case) -> Iterator[Cause]:
    """Yield the cause that the plan goes on by a step only once in so many steps."""
    found = case.number(_slower, np.arange(2, min(case.last, REACH) + 1))
    if found is not None:
        text = f"it is {case.of} stepped only once every {steps_text(*found)}"
        why = "as once per epoch or once per accumulated update"
        rates = case.on_clock(_slower, found[0])
        yield case.cause("stepped_every", text, rates, 20, why, steps=found[0], **span(*found))

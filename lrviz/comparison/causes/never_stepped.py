"""A schedule that was never stepped: the first rate of the plan for good."""

from collections.abc import Iterator

import numpy as np

from ...schedules.fields import number_text
from ..case import Case
from ..cause import Cause, cause


@cause(rank=1)
def never_stepped(case: Case) -> Iterator[Cause]:
    """Yield the cause that it stays at the plan's first rate."""
    first = case.rates(np.zeros(len(case.log.steps), np.int64))
    if case.tells and case.explained(first):
        rate = number_text(float(first[0]))
        text = f"it stays at {rate}, the first rate of {case.of}"
        yield case.cause("never_stepped", text, first, 1, "the schedule was never stepped")

"""A plan that is followed only up to a step, and then is 0."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause
from ..wording import span


@cause(rank=43)
def zero(case: Case) -> Iterator[Cause]:
    """Yield the cause that it is 0 from the first step on that differs."""
    first = int(case.differs.argmax())
    if not first:
        return
    last, stop = case.log.steps[first - 1 : first + 1].tolist()
    rates = np.where(case.log.steps < stop, case.planned, 0)
    if case.tells and case.levels > 1 and case.explained(rates) and case.moves_beside(0.0):
        text = f"it follows {case.of} up to step {last} and is 0 from step {stop} on"
        why = "the schedule ended early"
        yield case.cause("zero", text, rates, 43, why, step=stop, **span(last + 1, stop))

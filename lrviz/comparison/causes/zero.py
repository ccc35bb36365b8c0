"""A plan that is followed only up to a step, and then is 0."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause


@cause(rank=43)
def zero(case: Case) -> Iterator[Cause]:
    """Yield the cause that it is 0 from the first step on that differs."""
    stop = int(case.log.steps[case.differs.argmax()])
    rates = np.where(case.log.steps < stop, case.planned, 0)
    if case.tells and case.levels > 1 and case.explained(rates) and case.moves_beside(0.0):
        text = f"it follows {case.of} up to step {stop - 1} and is 0 from step {stop} on"
        yield case.cause("zero", text, rates, 43, "the schedule ended early", step=stop)

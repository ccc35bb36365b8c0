"""A plan that is followed up to a step, and changed from then on, as of a resumed run."""

from collections.abc import Iterator

import numpy as np

from ..case import Case
from ..cause import Cause, cause
from ..explaining import named

_POINTS = 6
"""So many points are needed before the step, and from it on."""
_MOST = 70
"""Causes of lower ranks are looked for from the step on."""


@cause(rank=90)
def from_step(case: Case) -> Iterator[Cause]:
    """Yield what explains the points from the first on that differs."""
    first = int(case.differs.argmax())
    before = case.planned[:first]
    if not case.is_whole or first < _POINTS or len(case.differs) - first < _POINTS:
        return
    if np.ptp(before) <= 2 * case.log.tolerance[:first].max():
        return
    found = named(case.since(first), _MOST)
    if found is not None:
        step, last = int(case.log.steps[first]), int(case.log.steps[first - 1])
        text = f"it follows {case.of} up to step {last}, and from step {step} on {found.text}"
        why = "as of a run that was resumed with other settings"
        yield found._replace(
            name="from_step",
            text=text,
            why=why,
            rank=90,
            numbers={"after": last, "step": step, **found.numbers},
        )

"""Single points that differ."""

from collections.abc import Iterator

import numpy as np

from ...errors import listing
from ..case import Case
from ..cause import Cause, cause

_MOST = 3
"""So many points are single ones."""
_SHARE = 0.2
"""At most this part of all."""


@cause(rank=44)
def points(case: Case) -> Iterator[Cause]:
    """Yield the cause that all but a few points, none beside another, are the plan's."""
    at = np.flatnonzero(case.differs)
    count = len(case.differs)
    if len(at) > min(_MOST, _SHARE * count) or (np.diff(at) == 1).any() or at[-1] == count - 1:
        return
    steps = [str(step) for step in case.log.steps[at].tolist()]
    text = f"it differs only at step{'s' * (len(steps) > 1)} {listing(steps)}"
    numbers = {f"step_{i}": float(case.log.steps[n]) for i, n in enumerate(at, 1)}
    rates = case.planned.copy()
    rates[at] = case.log.values[at]
    yield case.cause("points", text, rates, 44, _why(case, at), **numbers)


def _why(case: Case, at: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> str:
    """Return in words what single rates have in common."""
    log, before = case.log.at(at), np.maximum(case.log.steps[at] - 1, 0)
    planned, earlier = case.planned[at], case.rates(before)
    if log.fits(earlier).all():
        return "there it has the rate of the step before"
    # A milestone multiplies by the same factor once more in what PyTorch's get_lr() returns.
    with np.errstate(divide="ignore", invalid="ignore"):
        twice = planned * planned / earlier
    if log.fits(twice).all():
        return (
            "there the drop of that step is taken twice, as get_lr() returns it in place of "
            "get_last_lr()"
        )
    return "all other points are right"

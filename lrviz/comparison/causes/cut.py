"""A plan that is cut off by a floor or a ceiling."""

from collections.abc import Iterator

import numpy as np

from ..case import Case, levels
from ..cause import Cause, cause
from ..wording import has_digits, rate_text, roundest

_ROUND = 2
"""Rates with so many digits are likely to have been chosen."""


@cause(rank=40)
def cut(case: Case) -> Iterator[Cause]:
    """Yield the cause that rates below a floor, or above a ceiling, are that."""
    log = case.log
    if not case.tells or case.levels == 1:
        return
    for name, limit, side in (("floor", np.maximum, 1), ("ceiling", np.minimum, -1)):
        if not (side * (log.values - case.planned)[case.differs] > 0).all():
            continue
        values, tolerance = log.values[case.differs], log.tolerance[case.differs]
        low, high = float((values - tolerance).max()), float((values + tolerance).min())
        if not 0 < low <= high or levels(case.planned[case.differs], tolerance) == 1:
            continue  # where the plan stands still too, another rate is no cut
        rate = roundest(low, high)
        rates = limit(case.planned, rate)
        if case.explained(rates) and case.moves_beside(rate):
            text = f"it is {case.of} cut off by a {name} of {rate_text(rate)}"
            rank = 40 if has_digits(rate, _ROUND) else 42
            yield case.cause(name, text, rates, rank, rate=rate)

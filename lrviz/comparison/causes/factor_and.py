"""A plan that is scaled, and something else beside that: a floor, a ceiling, an early end."""

from collections.abc import Iterator

import numpy as np

from ...families.scale import Scale
from ..case import DIFFERENT, Case
from ..cause import Cause, cause
from ..explaining import named
from ..variants import made
from ..wording import factor_text, has_digits, roundest

_LEAST, _MOST = 15, 44
"""Causes of ranks from the one to the other are looked for beside it: what cuts and ends a plan."""
_POINTS = 6
"""So many points must be those of the scaled plan."""
_ROUND = 3
"""Other factors have more digits than were chosen."""


@cause(rank=68)
def factor_and(case: Case) -> Iterator[Cause]:
    """Yield what explains the case beside the factor that most of its points share."""
    if case.levels == 1 or not case.tells:
        return
    factor = _shared_factor(case.screened)
    if factor is None:
        return
    plan = made(lambda: Scale(of=case.plan, factor=factor))
    if plan is None:
        return
    other = named(Case.like(case, plan), _MOST, _LEAST)
    if other is not None:
        text = f"it is multiplied by {factor_text(factor)}, and {other.text}"
        numbers = {"factor": factor, **other.numbers}
        yield other._replace(
            name=f"{other.name}_and_factor", text=text, numbers=numbers, why="", rank=68
        )


def _shared_factor(case: Case) -> float | None:
    """Return the factor with few digits with which most points are those of the plan."""
    log = case.log
    has = (case.planned > 0) & (log.values > log.tolerance)
    if np.count_nonzero(has) < _POINTS:
        return None
    low = (log.values - log.tolerance)[has] / case.planned[has]
    high = (log.values + log.tolerance)[has] / case.planned[has]
    edges = np.concatenate([low, high])
    opens = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    order = np.lexsort((-opens, edges))
    count = np.cumsum(opens[order])
    at = int(count.argmax())
    least, most = float(edges[order][at]), float(edges[order][at + 1])
    if count[at] < _POINTS or not 0 < least <= most:
        return None
    factor = roundest(least, most, upside_down=True)
    if not any(has_digits(one, _ROUND) for one in (factor, 1 / factor)):
        return None
    near = log.fits(case.planned * factor) & (case.planned > 0)
    flat = np.ptp(case.planned[near]) <= DIFFERENT * log.tolerance.max()
    return None if flat or abs(factor - 1) < 1e-9 else factor

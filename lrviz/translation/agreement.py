"""Whether two schedules have the same rates, over a run and past it."""

from typing import NamedTuple

import numpy as np

from ..errors import LrvizError
from ..schedules.base import Schedule
from ..schedules.numeric import LAST_STEP, Array, Bools, Steps, irregular

TOLERANCE = 1e-11
"""How far apart equal rates may be, as a part of the peak."""
_ALL = 20_000
"""Runs of at most this many steps are looked at step by step."""
_SLOW = 1.01
_BESIDE, _KNOTS, _SOME = 3, 500, 4000


class Agreement(NamedTuple):
    """How far two schedules agree.

    `gap` is the largest difference over the run, as a part of the peak, at the step `at`; `last` is
    the last step up to which they are equal, None if that has no end; `after` says what comes then.
    """

    gap: float
    at: int = 0
    last: int | None = None
    after: str = ""

    @property
    def holds(self) -> bool:
        """Whether they are equal over the run."""
        return self.gap <= TOLERANCE


def agreement(wanted: Schedule, made: Schedule, horizon: int) -> Agreement:
    """Return how far the rates of `made` are those of `wanted`."""
    steps = looked_at(wanted, made, horizon)
    rates, others = wanted(steps), rates_of(made, steps)
    peak = max(float(rates.max()), np.finfo(np.float64).tiny)
    with np.errstate(invalid="ignore"):
        gaps = np.nan_to_num(np.abs(rates - others) / peak, nan=np.inf)
    at = int(gaps.argmax())
    if gaps[at] > TOLERANCE:
        return Agreement(float(gaps[at]), int(steps[at]))
    past = np.unique(np.concatenate([horizon + np.arange(200), horizon * np.arange(1, 40) // 8]))
    past = past[past >= horizon]
    rates, others = rates_of(wanted, past), rates_of(made, past)
    parted = _parted(rates, others, peak)
    if not parted.any():
        return Agreement(float(gaps[at]), int(steps[at]))
    last = _last(wanted, made, int(past[np.argmax(parted)]), peak)
    return Agreement(float(gaps[at]), int(steps[at]), last, _after(made, last, rates, others))


def _parted(rates: Array, others: Array, peak: float) -> Bools:
    """Return where rates differ; where what is wanted has none, nothing does."""
    with np.errstate(invalid="ignore"):
        parted: Bools = ~(np.abs(rates - others) <= TOLERANCE * peak) & ~np.isnan(rates)
    return parted


def _last(wanted: Schedule, made: Schedule, parted: int, peak: float) -> int:
    """Return the step up to which schedules are the same that have parted by another step.

    That is where the one has run its course, if what the other does then is slow to be seen.
    """
    same = -1
    end = wanted.length or 0
    while parted - same > 1:
        middle = np.array([(same + parted) // 2])
        if _parted(rates_of(wanted, middle), rates_of(made, middle), peak)[0]:
            parted = int(middle[0])
        else:
            same = int(middle[0])
    return end if end <= same <= end * _SLOW else same


def _after(made: Schedule, last: int, rates: Array, others: Array) -> str:
    """Return what becomes of rates that were the same up to a step, and then are `others`."""
    differ = ~(np.abs(rates - others) <= TOLERANCE * rates.max())
    if np.isnan(others[differ]).any():
        return "this stops with an error"
    if (others > made(last) + TOLERANCE).any() and others[differ][0] > rates[differ][0]:
        return "this climbs again"
    return "this is higher" if others[differ][0] > rates[differ][0] else "this is lower"


def looked_at(wanted: Schedule, made: Schedule, horizon: int) -> Steps:
    """Return the steps of a run at which rates are compared: all, or of many those that tell."""
    if horizon <= _ALL:
        return np.arange(horizon)
    bounds = np.zeros((1, 1), np.int64), np.full((1, 1), horizon)
    kinds = [kind for one in (wanted, made) for kind in one.knots if kind.total(horizon)]
    knots = [kind.some(*bounds, _KNOTS).reshape(-1) for kind in kinds]
    met = np.concatenate([np.zeros(1, np.int64), *knots])
    beside = (met[:, None] + np.arange(-_BESIDE, _BESIDE + 1)).reshape(-1)
    spread = (irregular(np.arange(_SOME)) * horizon).astype(np.int64)
    ends = np.concatenate([np.arange(_SOME), horizon - 1 - np.arange(200)])
    return np.unique(np.clip(np.concatenate([beside, spread, ends]), 0, horizon - 1))


def rates_of(schedule: Schedule, steps: Steps) -> Array:
    """Return the rates at steps, NaN from where there are none on."""
    steps = np.minimum(steps, LAST_STEP)
    try:
        return schedule(steps)
    except LrvizError:
        if steps.size == 1:
            return np.array([np.nan])
    middle = steps.size // 2
    first = rates_of(schedule, steps[:middle])
    if np.isnan(first).any():
        return np.concatenate([first, np.full(steps.size - middle, np.nan)])
    return np.concatenate([first, rates_of(schedule, steps[middle:])])

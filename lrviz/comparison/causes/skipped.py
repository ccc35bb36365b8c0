"""Updates that are skipped: lateness that grows."""

from collections.abc import Iterator

import numpy as np

from ..case import DIFFERENT, Case
from ..cause import Cause, cause
from ..wording import steps_text

_MOST_CHANGES = 100
"""How often the lateness may grow."""
_AT_ONCE = 50
"""By how many steps at once."""
_SAID = 4
"""How many changes are said one by one."""


@cause(rank=80)
def skipped(case: Case) -> Iterator[Cause]:
    """Yield the cause that it is late by more and more steps, each time for a while."""
    if case.levels < 3 or not case.tells:
        return
    log = case.log
    late = np.zeros(len(log.steps), np.int64)
    start, lag = 0, 0
    changes: list[tuple[int, int]] = []
    while True:
        fits = log.at(np.arange(start, len(log.steps)))
        good = fits.fits(case.rates(np.maximum(fits.steps - lag, 0)))
        late[start:] = lag
        if good.all():
            break
        start += int((~good).argmax())
        after = log.at(np.arange(start, min(start + DIFFERENT, len(log.steps))))
        more = next(
            (n for n in range(lag + 1, lag + _AT_ONCE + 1) if _near(case, after.steps - n, start)),
            None,
        )
        if more is None or len(changes) == _MOST_CHANGES:
            return
        lag = more
        changes.append((int(log.steps[start]), lag))
    if not _tells(case, late, len(changes)):
        return
    said = [f"{steps_text(n, n)} from step {step} on" for step, n in changes]
    if len(said) > _SAID:
        said = [*said[: _SAID - 1], f"in the end {steps_text(lag, lag)}"]
    text = f"it is late by {', '.join(said)}"
    why = "as where updates are skipped, at an overflow of fp16, and the schedule is not stepped"
    rates = case.rates(np.maximum(log.steps - late, 0))
    numbers = {"steps": lag} | ({"changes": len(changes)} if len(changes) > 1 else {})
    yield case.cause("skipped", text, rates, 80, why, **numbers)


def _near(case: Case, steps: np.ndarray[tuple[int, ...], np.dtype[np.int64]], start: int) -> bool:
    """Return whether the first of some points from `start` on is the plan's at earlier steps."""
    return bool(
        case.log.at(np.arange(start, start + 1)).fits(case.rates(np.maximum(steps[:1], 0))).all()
    )


def _tells(case: Case, late: np.ndarray[tuple[int, ...], np.dtype[np.int64]], count: int) -> bool:
    """Return whether enough points tell their lateness from a step more or less.

    A curve that is merely slower is late by more and more, too, but never by whole steps.
    """
    log = case.log
    more, less = (case.rates(np.maximum(log.steps - late - by, 0)) for by in (1, -1))
    telling = ~log.fits(more) & ~log.fits(less)
    return bool(
        np.count_nonzero(telling)
        >= max(DIFFERENT * (count + 1), np.count_nonzero(case.differs) / 4)
    )

"""Stairs whose jumps come at other steps."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...errors import listing
from ...schedules.numeric import Array, Steps
from ..case import Case
from ..cause import Cause, cause
from ..logged import Logged
from ..wording import rate_text

_MOST = 100
"""A curve with more jumps is none of these stairs."""
_FEW = 3
"""More that have moved are rather all moved by a change from one step on."""
_SAID = 4
"""How many jumps are said one by one."""


class _Stairs(NamedTuple):
    """The last step before each jump, the first one after it, and the level of each stair."""

    before: Steps
    after: Steps
    levels: Array


@cause(rank=53)
def milestones(case: Case) -> Iterator[Cause]:
    """Yield the cause that the stairs of the plan are as high, and some are longer or shorter."""
    plan = _planned(case)
    log = _stairs(case.log.steps, case.log.values, case.log.tolerance)
    if plan is None or log is None or not len(log.after) or len(plan.levels) < len(log.levels):
        return
    stair = np.searchsorted(log.after, case.log.steps, side="right")
    rates = plan.levels[stair]
    if not case.explained(rates):
        return
    texts: list[str] = []
    numbers: dict[str, float] = {}
    for number, (earliest, planned) in enumerate(zip(plan.before + 1, plan.after, strict=True)):
        word = "drop" if plan.levels[number + 1] < plan.levels[number] else "rise"
        name = f"its {word} to {rate_text(plan.levels[number + 1])}"
        if number >= len(log.after):
            if planned <= case.last:
                texts.append(f"{name} has not come by step {case.last}, in place of at {planned}")
                numbers[f"from_{number + 1}"] = case.last + 1
            continue
        low, high = int(log.before[number]) + 1, int(log.after[number])
        if planned < low or earliest > high:
            at = f"at step {high}" if low == high else f"at a step from {low} to {high}"
            texts.append(f"{name} comes {at} in place of {planned}")
            numbers |= {f"from_{number + 1}": low, f"to_{number + 1}": high}
    if texts:
        said = texts[:_SAID]
        more = len(texts) - len(said)
        said += [f"{more} more are elsewhere"] if more else []
        # As many numbers as jumps have moved, which one cause of all may explain.
        rank = 53 if len(texts) == 1 else 64 if len(texts) <= _FEW else 92
        yield case.cause("milestones", listing(said), rates, rank, **numbers)


def _planned(case: Case) -> _Stairs | None:
    """Return the stairs of the plan of a case, those of a longer run than was recorded."""
    if isinstance(case.plan, Logged):
        return _stairs(*case.plan.curve)
    steps = np.arange(min(2 * case.last + 1, case.rates.stop, len(case.rates.table)))
    return _stairs(steps, case.rates(steps), np.zeros(len(steps)))


def _stairs(steps: Steps, values: Array, tolerance: Array) -> _Stairs | None:
    """Return the stairs of a curve that is constant but for some jumps, None if it is none."""
    if not np.isfinite(values).all():
        return None
    jumps = np.flatnonzero(abs(np.diff(values)) > tolerance[1:] + tolerance[:-1])
    if len(jumps) > min(_MOST, len(steps) / 4):
        return None
    return _Stairs(steps[jumps], steps[jumps + 1], values[np.append(jumps, len(steps) - 1)])

"""A plan that is early or late, or stepped less or more often, and scaled."""

from collections.abc import Iterator

import numpy as np

from ...schedules.numeric import LAST_STEP, Array, Steps
from ..case import Case, reach
from ..cause import Cause, cause
from ..clocks import Clock, Number
from ..fits import factor_of
from ..wording import factor_text, steps_text

_LOOKED_AT = 64
"""At how many points a number is tried."""
_MOST = 4000
"""How many numbers are tried."""
_POINTS = 4
"""So many different rates must be recorded."""
_ONE = 1e-3
"""A factor that is nearer to 1 is no scale."""
_BEST = 100
"""How many of them are tried at all points."""


def _later(number: Number, steps: Number) -> Steps:
    clock: Steps = np.clip(steps + number, 0, LAST_STEP)
    return clock


def _slower(number: Number, steps: Number) -> Steps:
    clock: Steps = np.floor_divide(steps, number)
    return clock


def _faster(number: Number, steps: Number) -> Steps:
    clock: Steps = np.minimum(steps * number, LAST_STEP)
    return clock


@cause(rank=72)
def clock_and_factor(case: Case) -> Iterator[Cause]:
    """Yield the causes that it is scaled, and on another clock too."""
    if case.levels < 3 or not case.tells:
        return
    ahead = np.arange(1, min(case.last, _MOST // 2) + 1)
    some = np.arange(2, min(case.last // 2, _MOST) + 1)
    for name, clock, numbers in (
        ("shift", _later, np.column_stack([ahead, -ahead]).ravel()),
        ("stepped_every", _slower, some),
        ("stepped_times", _faster, some[:256]),
    ):
        number = next((n for n in _nearest(case, clock, numbers) if _fits(case, clock, n)), None)
        if number is None:
            continue
        factor = factor_of(case.log, case.on_clock(clock, number))
        assert factor is not None
        rates = case.on_clock(clock, number) * factor
        if abs(factor - 1) < _ONE or np.count_nonzero(np.unique(rates)) < _POINTS:
            continue
        low, high = reach(number, lambda n, clock=clock: _fits(case, clock, n))  # type: ignore[misc]
        text = f"{_words(name, low, high)}, and it is multiplied by {factor_text(factor)}"
        numbered = {"from": float(low), "to": float(high)}
        yield case.cause(f"{name}_and_factor", text, rates, 72, factor=factor, **numbered)
        return


def _nearest(case: Case, clock: Clock, numbers: Steps) -> list[int]:
    """Return the numbers with which a clock comes nearest to a case, whatever its scale."""
    if not numbers.size:
        return []
    chosen = np.linspace(0, len(case.some.steps) - 1, _LOOKED_AT).astype(np.int64)
    points = case.some.at(np.unique(chosen))
    rates: Array = np.nan_to_num(case.rates(clock(numbers[:, None], points.steps[None, :])))
    size = np.maximum((rates * rates).sum(axis=1), np.finfo(np.float64).tiny)
    scale = rates @ points.values / size
    off = abs(scale[:, None] * rates - points.values).sum(axis=1)
    # Of those that are as near as rounding tells, the least is the most usual.
    order = np.lexsort((abs(numbers), np.floor(off / points.tolerance.sum())))
    return [int(number) for number in numbers[order[:_BEST]]]


def _fits(case: Case, clock: Clock, number: int) -> bool:
    """Return whether a clock with a number, and a factor, explain a case."""
    if number == 0 or (clock is not _later and number < 2):
        return False
    if factor_of(case.some, case.screened.on_clock(clock, number)) is None:
        return False
    return factor_of(case.log, case.on_clock(clock, number)) is not None


def _words(name: str, low: int, high: int) -> str:
    least, most = sorted((abs(low), abs(high)))
    if name == "shift":
        return f"it is {steps_text(least, most)} {'early' if low > 0 else 'late'}"
    if name == "stepped_every":
        return f"it is stepped only once every {steps_text(low, high)}"
    return f"it is stepped {low if low == high else f'{low} to {high}'} times per step"

"""Why a log is not what its plan says: the known causes, and which one explains every point.

A cause is named only if the plan, changed by it, is the log at every recorded step, up to the
rounding of the log's own digits, and if the log tells enough: one moved jump, or a constant
stretch, explains nothing. Where two causes make the same curve of a plan, the more usual one is
named: a shift by one step, then a factor with few digits (for an exponential any shift is also a
factor), then a longer shift, then any factor; a floor or ceiling with few digits, then a schedule
that is no longer stepped.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.fields import number_text, rounded_text
from ..schedules.numeric import LAST_STEP, Array, Steps
from .clocks import Clock, Number, Rates, find, telling
from .warmups import recounts, warmup_of

_POINTS = 10
"""So many recorded points are needed to say anything."""
_MOST_POINTS = 1_000_000
"""Of more, as many are looked at."""
_DIFFERENT = 3
"""So many of them must differ from the plan."""
_REACH = 1_000_000
"""The longest shift, and the largest number of steps for one, that is looked for."""
_MOST_TIMES = 100_000
"""How many times per step a schedule may have been stepped."""
_ROUND_FACTOR, _ROUND_RATE = 3, 2
"""Factors and rates with so many digits are likely to have been chosen."""


class Cause(NamedTuple):
    """What explains a log: a word for it, a sentence with its numbers, and those by name.

    `residual` is the largest gap that is left, in parts of the larger rate.
    """

    name: str
    text: str
    numbers: dict[str, float]
    residual: float


def explain_difference(plan: Schedule, steps: Steps, values: Array, horizon: int) -> Cause | None:
    """Return the cause that makes `plan` what was recorded at the steps below `horizon`.

    `steps` and `values` have the shape (n,), steps rising. None if they are equal, if no known
    cause explains all of them, or if they are too few to tell.
    """
    has = np.flatnonzero((steps >= 0) & (steps < horizon) & np.isfinite(values))
    if len(has) < _POINTS:
        return None
    has = has[:: -(-len(has) // _MOST_POINTS)]
    case = Case(plan, steps[has].astype(np.int64), values[has].astype(np.float64))
    if np.count_nonzero(case.differs) < _DIFFERENT:
        return None
    return next(_causes(case), None)


class Case:
    """A plan and what was recorded."""

    def __init__(self, plan: Schedule, steps: Steps, values: Array) -> None:
        self.plan = plan
        self.last = int(steps[-1])
        self.rates = Rates(plan, self.last)
        self.planned = self.rates(steps)
        self.log = Rounded.of(steps, values, self.planned)
        self.differs = ~self.log.fits(self.planned)

    @cached_property
    def some(self) -> Rounded:
        return telling(self.log)

    @cached_property
    def levels(self) -> int:
        """How many different rates were recorded: 1, 2, or 3 for more."""
        return _levels(self.log.values, self.log.tolerance)

    def explained(self, rates: Array) -> bool:
        """Return whether `rates` are those recorded."""
        return bool(self.log.fits(rates).all())

    def on_clock(self, clock: Clock, number: int) -> Array:
        """Return the rates of the plan at the recorded steps, run on another clock."""
        return self.rates(clock(np.int64(number), self.log.steps))

    def moves_beside(self, rate: float) -> bool:
        """Return whether enough points have another rate than the one of a constant stretch."""
        other = abs(self.log.values - rate) > self.log.tolerance
        return bool(np.count_nonzero(other) >= _DIFFERENT)

    def cause(self, name: str, text: str, rates: Array, **numbers: float) -> Cause:
        size = np.maximum(abs(rates), abs(self.log.values))
        gap = np.where(self.log.fits(0 * size), 0, abs(rates - self.log.values))
        residual = float((gap / np.maximum(size, np.finfo(np.float64).tiny)).max())
        return Cause(name, text, numbers, residual)


def _levels(values: Array, tolerance: Array) -> int:
    """Return how many different values there are beyond rounding: 1, 2, or 3 for more."""
    low, high = int(values.argmin()), int(values.argmax())
    above = values - values[low] > tolerance + tolerance[low]
    below = values[high] - values > tolerance + tolerance[high]
    if not above[high]:
        return 1
    return 3 if (above & below).any() else 2


def _causes(case: Case) -> Iterator[Cause]:
    """Yield the causes that explain a case, the first being the one to name."""
    yield from _never(case)
    if case.levels == 1:
        return
    yield from _shift_or_factor(case)
    yield from _every(case)
    yield from _times(case)
    yield from _warmup(case)
    yield from _end_or_cut(case)


def _never(case: Case) -> Iterator[Cause]:
    first = case.rates(np.zeros(len(case.log.steps), np.int64))
    if case.explained(first):
        text = (
            f"the log stays at {number_text(float(first[0]))}, the first rate of the plan: "
            "the schedule was never stepped"
        )
        yield case.cause("never_stepped", text, first)


def _shift_or_factor(case: Case) -> Iterator[Cause]:
    shift, factor = _shift(case), _factor(case)
    if shift is not None and abs(shift.numbers["steps"]) == 1:
        yield shift
    elif factor is not None and (shift is None or _is_round_factor(factor.numbers["factor"])):
        yield factor
    elif shift is not None:
        yield shift


def _later(number: Number, steps: Number) -> Steps:
    clock: Steps = np.clip(steps + number, 0, LAST_STEP)
    return clock


def _shift(case: Case) -> Cause | None:
    ahead = np.arange(1, min(case.last, _REACH) + 1)
    number = _number(case, _later, np.column_stack([ahead, -ahead]).ravel())
    if number is None:
        return None
    rates = case.on_clock(_later, number)
    many = f"{abs(number)} step{'s' * (abs(number) != 1)}"
    if number == 1:
        why = "at each step it has the rate of the next, as if written after the scheduler's step"
    elif number > 0:
        why = f"at step t it has the rate of step t + {number}"
    else:
        why = f"at step t it has the rate of step t - {-number}, and before that the first rate"
    text = f"the log is the plan {many} {'early' if number > 0 else 'late'}: {why}"
    return case.cause("shift", text, rates, steps=number)


def _factor(case: Case) -> Cause | None:
    log, planned = case.log, case.planned
    has = planned > 0
    if not has.any():
        return None
    low = float(((log.values - log.tolerance)[has] / planned[has]).max())
    high = float(((log.values + log.tolerance)[has] / planned[has]).min())
    if not 0 < low <= high:
        return None
    factor = _roundest(low, high, upside_down=True)
    rates = planned * factor
    if not case.explained(rates):
        return None
    text = (
        f"the log is the plan multiplied by {_factor_text(factor)}, "
        "as by a batch size or a number of devices that rates are scaled with"
    )
    return case.cause("factor", text, rates, factor=factor)


def _slower(number: Number, steps: Number) -> Steps:
    clock: Steps = np.floor_divide(steps, number)
    return clock


def _every(case: Case) -> Iterator[Cause]:
    numbers = np.arange(2, min(case.last, _REACH) + 1)
    number = _number(case, _slower, numbers)
    if number is not None:
        text = (
            f"the log is the plan stepped only once every {number} steps, "
            "as once per epoch or once per accumulated update"
        )
        yield case.cause("stepped_every", text, case.on_clock(_slower, number), steps=number)


def _faster(number: Number, steps: Number) -> Steps:
    clock: Steps = np.minimum(number, LAST_STEP // np.maximum(steps, 1)) * steps
    return clock


def _times(case: Case) -> Iterator[Cause]:
    number = _number(case, _faster, np.arange(2, _MOST_TIMES + 1))
    if number is not None:
        text = (
            f"the log is the plan stepped {number} times per step, "
            "as once by each process or for each micro-batch"
        )
        yield case.cause("stepped_times", text, case.on_clock(_faster, number), times=number)


def _number(case: Case, clock: Clock, numbers: Steps) -> int | None:
    """Return the first number with which the clock explains a case, if the log tells it surely.

    With fewer than three different rates there is at most one jump, which any clock can hit; and
    a number is not sure where the next one explains the log as well.
    """
    if case.levels < 3:
        return None
    found = find(case.log, case.some, case.rates, clock, numbers)
    if not found.size:
        return None
    number = int(found[0])
    beside = (number - 1, number + 1)
    if any(n in found and case.explained(case.on_clock(clock, n)) for n in beside):
        return None
    return number


def _warmup(case: Case) -> Iterator[Cause]:
    warmup = warmup_of(case.plan)
    if warmup is None:
        return
    for name, text, schedules in recounts(case.plan, warmup):
        for schedule in schedules:
            rates = Rates(schedule, 0)(case.log.steps)
            if case.explained(rates):
                yield case.cause(name, text, rates, warmup=warmup.steps)


def _end_or_cut(case: Case) -> Iterator[Cause]:
    held, cut = _held(case), _cut(case)
    if cut is not None and (held is None or _has_digits(cut.numbers["rate"], _ROUND_RATE)):
        yield cut
    elif held is not None:
        yield held
    yield from _stopped(case)


def _up_to(number: Number, steps: Number) -> Steps:
    clock: Steps = np.minimum(number, steps)
    return clock


def _held(case: Case) -> Cause | None:
    """Return the cause that the plan is held from a step on: the last one that explains the log."""
    # It lies between the last step where they are equal and the first where they are not.
    first = int(case.differs.argmax())
    stop, start = int(case.log.steps[first]) - 1, int(case.log.steps[max(first - 1, 0)])
    numbers = np.linspace(stop, start, min(max(stop - start, 0) + 1, _REACH)).astype(np.int64)
    found = find(case.log, case.some, case.rates, _up_to, numbers)
    if not found.size:
        return None
    step = int(found[0])
    rates = case.on_clock(_up_to, step)
    if not case.moves_beside(float(rates[-1])):
        return None
    text = (
        f"the log follows the plan up to step {step} and then stays at {_rate_text(rates[-1])}: "
        "the schedule ended early, or was no longer stepped"
    )
    return case.cause("held", text, rates, step=step)


def _stopped(case: Case) -> Iterator[Cause]:
    stop = int(case.log.steps[case.differs.argmax()])
    rates = np.where(case.log.steps < stop, case.planned, 0)
    if case.explained(rates) and case.moves_beside(0.0):
        text = (
            f"the log follows the plan up to step {stop - 1} and is 0 from step {stop} on: "
            "the schedule ended early"
        )
        yield case.cause("zero", text, rates, step=stop)


def _cut(case: Case) -> Cause | None:
    """Return the cause that the plan is cut off by a floor or a ceiling."""
    for name, cut, side in (("floor", np.maximum, 1), ("ceiling", np.minimum, -1)):
        log = case.log
        if not (side * (log.values - case.planned)[case.differs] > 0).all():
            continue
        values, tolerance = log.values[case.differs], log.tolerance[case.differs]
        low, high = float((values - tolerance).max()), float((values + tolerance).min())
        if not 0 < low <= high or _levels(case.planned[case.differs], tolerance) == 1:
            continue  # where the plan stands still too, another rate is no cut
        rate = _roundest(low, high)
        rates: Array = cut(case.planned, rate)
        if case.explained(rates) and case.moves_beside(rate):
            text = f"the log is the plan cut off by a {name} of {_rate_text(rate)}"
            return case.cause(name, text, rates, rate=rate)
    return None


def _roundest(low: float, high: float, upside_down: bool = False) -> float:
    """Return the number from `low` to `high`, both above 0, that is written with fewest digits.

    With `upside_down`, so may be its reciprocal: a third is 1/3.
    """
    middle = (low + high) / 2
    for digits in range(1, 17):
        plain = float(f"{middle:.{digits - 1}e}")
        turned = 1 / float(f"{1 / middle:.{digits - 1}e}") if upside_down else plain
        for number in (plain, turned):
            if low <= number <= high:
                return number
    return middle


def _has_digits(number: float, digits: int) -> bool:
    """Return whether a number is written with at most so many digits."""
    return abs(float(f"{number:.{digits - 1}e}") - number) <= 1e-12 * number


def _is_round_factor(factor: float) -> bool:
    return any(_has_digits(number, _ROUND_FACTOR) for number in (factor, 1 / factor))


def _factor_text(factor: float) -> str:
    if not _has_digits(factor, 6) and _has_digits(1 / factor, 6):
        return f"1/{_rate_text(1 / factor)}"
    return _rate_text(factor)


def _rate_text(rate: float) -> str:
    return rounded_text(rate, 6)

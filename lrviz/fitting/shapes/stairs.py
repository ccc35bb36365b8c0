"""Rates that are held: drops at equal distances, by equal factors, or any."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from ...comparison.wording import roundest
from ...families.inverse_time import InverseTimeDecay
from ...families.multistep import MultiStepDecay
from ...families.piecewise import PiecewiseConstant
from ...families.step import StepDecay
from ..digits import MOST_DIGITS, digits
from ..record import Record, Runs
from ..shape import Guess, shape

_MOST_POINTS = 24
"""Of more drops nobody gives each."""
_OFTEN = 5
"""Rates of any digits are chosen that are logged so often."""
_PERIODS = 4
"""How many lengths of a stair are tried."""


@shape
def stairs(record: Record) -> Iterator[Guess]:
    """Yield stairs of equal length, drops by one factor, and rates given one by one."""
    runs = record.runs
    drops = len(runs.first) - 1
    if not record.is_stairs or not drops:
        return
    numbers = {"lr": float(runs.rates[0])}
    positive = bool((runs.rates > 0).all())
    factor = float((runs.rates[-1] / runs.rates[0]) ** (1 / drops)) if positive else 0.0
    for period in _periods(runs):
        if positive:
            yield Guess(partial(StepDecay, steps=period), numbers | {"rate": factor})
            more = float((runs.rates[0] / runs.rates[-1] - 1) / drops)
            if more > 0 and drops > 1:
                make = partial(InverseTimeDecay, steps=period, staircase=True)
                yield Guess(make, numbers | {"rate": more})
    if drops > _MOST_POINTS:
        return
    at = [_roundest(low, first) for low, first in zip(runs.low[1:], runs.first[1:], strict=True)]
    if positive:
        yield Guess(partial(MultiStepDecay, drops=tuple(at)), numbers | {"rate": factor})
    rates = [_rate(record, rate) for rate in runs.rates]
    seen = len(record.steps) >= _OFTEN * len(rates)
    if (max(map(digits, rates)) > MOST_DIGITS and not seen) or sorted({0, *at}) != [0, *at]:
        return
    points = tuple(zip([0, *at], rates, strict=True))
    yield Guess(partial(PiecewiseConstant, points=points), {})


def _periods(runs: Runs) -> list[int]:
    """Return the lengths that every stair may have, the roundest first."""
    number = np.arange(1, len(runs.first))
    low = math.ceil((runs.low[1:] / number).max() - 1e-9)
    high = math.floor((runs.first[1:] / number).min() + 1e-9)
    if low > high or high < 1:
        return []
    best = _roundest(max(low, 1), high)
    others = sorted(range(max(low, best - _PERIODS, 1), min(high, best + _PERIODS) + 1))
    return [best, *(one for one in others if one != best)][:_PERIODS]


def _roundest(low: int, high: int) -> int:
    """Return the whole number from `low` to `high` that is written with fewest digits."""
    for unit in (10**n for n in range(len(str(high)), 0, -1)):
        for part in (unit, unit // 2):
            if -(-low // part) * part <= high:
                return int(-(-low // part) * part)
    return int(high)


def _rate(record: Record, rate: float) -> float:
    """Return the roundest rate that may have been recorded so."""
    if rate <= 0:
        return 0.0
    tolerance = float(record.tolerance[int(np.argmax(record.values == rate))])
    return roundest(rate - tolerance, rate + tolerance)

"""The search for the schedule behind a record, and which of several is the simplest."""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from ..families.const import Constant
from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..specs import parse
from .digits import digits, digits_of_low
from .heads import heads
from .record import Record, rates_of
from .rounding import Rounding
from .shape import Guess, Shape, shapes

_OTHER_COUNT = 3.0
"""What it costs that a log counts its steps otherwise."""
_EXTREME = 1e100
"""Rates beyond this, or below its reciprocal, are those of no schedule."""
_FEW, _ROUND = 6, 3
"""So many numbers of so many digits are no chance."""


class Fit(NamedTuple):
    """A schedule that meets a record, the step of it that the log calls 0, and what it costs."""

    plan: Schedule
    offset: int
    cost: float
    note: str = ""


class Found(NamedTuple):
    """The schedules that meet a record, the simplest first; and the nearest where none does."""

    fits: list[Fit]
    nearest: Schedule | None


def find(log: Rounded) -> Found:
    """Return the schedules that have all the rates of a log, to their digits."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lines through points that lie on none
        return _found(Record(log))


def _found(record: Record) -> Found:
    """Return the schedules that meet a record, and the nearest."""
    if record.is_stairs:
        record = record.as_rounded()
    if not record.values.any():
        return Found([Fit(Constant(lr=0.0), 0, 2.0)], None)
    if not 1 / _EXTREME < record.peak < _EXTREME:
        return Found([], None)
    nearest: list[tuple[int, float, Schedule]] = []
    found: dict[str, Fit] = {}
    for offset in (0, -1, 1):
        if offset < 0 and record.steps[0] < 1:
            continue
        if found and (offset > 0 or is_round(min(found.values(), key=_cost).plan)):
            break
        moved = record.moved(offset)
        for plan, guess in _plans(moved, nearest if offset == 0 else []):
            text = str(plan)
            if text not in found and moved.is_met(parse(text)):
                costs = cost(plan) + guess.rare + _OTHER_COUNT * (offset != 0)
                found[text] = Fit(plan, offset, costs, guess.note)
    ranked = sorted(found.values(), key=_cost)
    return Found(ranked, max(nearest, key=lambda one: one[:2])[2] if nearest else None)


def _cost(fit: Fit) -> float:
    return fit.cost


def is_round(plan: Schedule) -> bool:
    """Return whether the numbers of a schedule are so few and round that it must be the one."""
    numbers = [number for number in _numbers(plan) if number]
    return len(numbers) <= _FEW and all(digits(number) <= _ROUND for number in numbers)


def _plans(
    record: Record, nearest: list[tuple[int, float, Schedule]]
) -> Iterator[tuple[Schedule, Guess]]:
    """Yield schedules that meet a record, without a head and with one, and their guesses."""
    for body, wrap in heads(record):
        found = False
        for find_shape in shapes():
            for guess in _guesses(find_shape, body):
                rounding = Rounding(wrap(guess), record)
                plan = next(rounding.plans(), None)
                if plan is not None:
                    found = found or (is_round(plan) and not guess.rare)
                    yield plan, guess
                elif rounding.nearest is not None:
                    nearest.append(_met(rounding.nearest, record))
        if found:
            return


def _guesses(find_shape: Shape, body: Record) -> Iterator[Guess]:
    """Yield what a shape guesses, none where its lines lead to no finite number."""
    with suppress(np.linalg.LinAlgError):
        yield from find_shape(body)


def _met(plan: Schedule, record: Record) -> tuple[int, float, Schedule]:
    """Return how many of the first points a schedule meets, and how near it is to all."""
    rates = rates_of(plan, record.some.steps)
    if rates is None:
        return 0, -np.inf, plan
    missed = np.flatnonzero(~record.some.fits(rates))
    first = int(missed[0]) if missed.size else len(rates)
    return first, -float(abs(rates - record.some.values).max()), plan


def cost(plan: Schedule) -> float:
    """Return how much a schedule says: its parts, their numbers, and the digits of these."""
    total = 0.0
    for part in plan.parts():
        total += 1
        rates = [v for f, v in part.given() if f.name == "lr" and isinstance(v, float)]
        for field, value in part.given():
            if value == field.default or isinstance(value, Schedule):
                continue
            numbers = _flat(value)
            total += max(len([number for number in numbers if number]), 1)
            for number in numbers:
                is_low = rates and field.name in ("end", "start")
                total += digits_of_low(number, rates[0]) if is_low else digits(number)
    return total


def _numbers(plan: Schedule) -> list[float]:
    return [n for part in plan.parts() for _, value in part.given() for n in _flat(value)]


def _flat(value: object) -> list[float]:
    """Return the numbers in the value of a field."""
    if isinstance(value, bool | str | Schedule) or value is None:
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, tuple):
        return [number for one in value for number in _flat(one)]
    return []

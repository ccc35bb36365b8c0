"""Schedules as what is not a number in them, and their numbers."""

from typing import Any, NamedTuple

from ..schedules.base import Schedule
from ..schedules.fields import Points


class Outline(NamedTuple):
    """A schedule without its numbers, and its numbers in their order."""

    shape: tuple[Any, ...]
    numbers: tuple[float, ...]


def outlined(schedule: Schedule) -> Outline:
    """Return a schedule as its shape and its numbers."""
    shape: list[Any] = [type(schedule)]
    numbers: list[float] = []
    for field, value in schedule.given():
        if isinstance(value, Schedule):
            inner = outlined(value)
            shape.append(inner.shape)
            numbers += inner.numbers
        elif isinstance(value, bool | str | None):
            shape.append(value)
        elif isinstance(value, int | float):
            shape.append(field.name)
            numbers.append(value)
        elif field.item is Points:
            shape.append(len(value))
            numbers += [number for pair in value for number in pair]
        elif field.many and field.item in (int, float):
            shape.append(len(value))
            numbers += value
        elif field.many and field.item is Schedule:
            inside = [outlined(one) for one in value]
            shape.append(tuple(one.shape for one in inside))
            numbers += [number for one in inside for number in one.numbers]
        else:  # a formula, or what was measured
            shape.append(object())
    return Outline(tuple(shape), tuple(numbers))

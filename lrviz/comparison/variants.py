"""A plan with other values in its fields: which fields there are, and how they are put in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ..errors import LrvizError
from ..families.warmup import Warmup
from ..schedules.base import Schedule

Put = Callable[[Schedule], Schedule]
"""Returns the plan with a schedule in place of one of its parts."""

_RATES = ("lr", "end", "start")
"""The fields that rates are proportional to, all of them together."""


class Field(NamedTuple):
    """A field of a part of a plan, its value, and what puts another part in its place."""

    part: Schedule
    name: str
    value: float
    put: Put

    def becomes(self, value: float) -> Schedule | None:
        """Return the plan with another value in the field, None if that is not allowed."""
        part: Any = self.part
        return made(lambda: self.put(replace(part, **{self.name: value})))


def made(make: Callable[[], Schedule]) -> Schedule | None:
    """Return what is made, None if it is not allowed."""
    try:
        return make()
    except LrvizError:
        return None


def parts(plan: Schedule) -> Iterator[tuple[Schedule, Put]]:
    """Yield a plan and all that it wraps, with what puts another in its place."""
    yield plan, lambda new: new
    for number, one in enumerate(plan.wrapped()):
        for part, put in parts(one):
            yield part, _inside(plan, number, put)


def _inside(plan: Schedule, number: int, put: Put) -> Put:
    wrapper: Any = plan
    field = plan.inner()
    assert field is not None

    def put_inside(new: Schedule) -> Schedule:
        wrapped = [*plan.wrapped()]
        wrapped[number] = put(new)
        held = tuple(wrapped) if field.many else wrapped[0]
        changed: Schedule = replace(wrapper, **{field.name: held})
        return changed

    return put_inside


def fields(plan: Schedule) -> Iterator[tuple[Field, str]]:
    """Yield the fields of a plan that hold one number, and the unit of each."""
    for part, put in parts(plan):
        for field, value in part.given():
            if field.is_number and value is not None:
                yield Field(part, field.name, value, put), field.param.unit


def rate_fields(plan: Schedule) -> list[Field]:
    """Return the fields that hold rates."""
    return [field for field, unit in fields(plan) if field.name in _RATES and not unit]


def with_rates(plan: Schedule, rates: list[float]) -> Schedule | None:
    """Return a plan with other values in its fields of rates, None if they are not allowed."""
    for number, rate in enumerate(rates):
        changed = rate_fields(plan)[number].becomes(rate)
        if changed is None:
            return None
        plan = changed
    return plan


class Length(NamedTuple):
    """A length in a plan: its words, its steps, and the plan with another length."""

    words: str
    steps: float
    becomes: Callable[[int], Schedule | None]


def lengths(plan: Schedule) -> Iterator[Length]:
    """Yield the lengths in a plan, and that of a warmup within the same total."""
    for field, unit in fields(plan):
        if unit != "steps" or field.value < 1:
            continue
        part = field.part
        if isinstance(part, Warmup):
            yield Length("its warmup takes {} in place of {}, of the same total", *_within(field))
            words = "its warmup takes {} in place of {}"
        elif part.length == np.ceil(field.value):
            words = f"its {part.name} takes {{}} in place of {{}}"
        else:
            words = f"the {field.name} of its {part.name} is {{}} in place of {{}}"
        yield Length(words, field.value, field.becomes)


def _within(field: Field) -> tuple[float, Callable[[int], Schedule | None]]:
    """Return the length of a warmup, and the plan with another, whose decay makes up for it."""
    warmup: Any = field.part

    def becomes(steps: int) -> Schedule | None:
        then = longer(warmup.then, warmup.steps - steps)
        if then is None:
            return None
        return made(lambda: field.put(replace(warmup, steps=steps, then=then)))

    return field.value, becomes


def longer(schedule: Schedule, by: int) -> Schedule | None:
    """Return a schedule that takes `by` steps more, None if its `steps` are not its length."""
    if schedule.length is None:
        return None
    for field, unit in fields(schedule):
        if unit == "steps" and field.name == "steps" and field.part.length == np.ceil(field.value):
            return field.becomes(field.value + by)
    return None

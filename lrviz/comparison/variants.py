"""A plan with other values in its fields: which fields there are, and how they are put in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..errors import LrvizError
from ..families.for_ import For
from ..families.warmup import Warmup
from ..schedules.base import Schedule
from ..schedules.fields import number_text
from ..schedules.numeric import Steps
from .clocks import rates_at
from .wording import steps_text

Put = Callable[[Schedule], Schedule]
"""Returns the plan with a schedule in place of one of its parts."""

RATES = ("lr", "end", "start")
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
    return [field for field, unit in fields(plan) if field.name in RATES and unit != "steps"]


def field_text(part: Schedule, name: str, stage: str = "") -> str:
    """Return in words that a field of a part of a plan is {new} in place of {old}.

    `stage` says which part is meant where a plan has several.
    """
    if isinstance(part, For):
        start = f"its length{stage} is"
    elif takes_steps(part, name):
        start = f"its {part.name}{stage} takes"
    elif name == "lr":
        start = f"its {'rate' if part.level else 'peak'}{stage} is"
    elif name == "start":
        start = "it starts at"
    elif name == "end":
        start = f"its warmup{stage} leads to" if isinstance(part, Warmup) else "it ends at"
    else:
        key = next(field.key for field in part.parameters() if field.name == name)
        return f"its {part.name}{stage} has {key}={{new}} in place of {{old}}"
    return f"{start} {{new}} in place of {{old}}"


def takes_steps(part: Schedule, name: str) -> bool:
    """Return whether a field of a part says how many steps that takes."""
    if isinstance(part, Warmup | For):
        return name == "steps"
    unit = next(field.param.unit for field in part.parameters() if field.name == name)
    return unit == "steps" and part.length == np.ceil(getattr(part, name))


class Length(NamedTuple):
    """A length in a plan: its words, its steps, and the plan with another length."""

    words: str
    steps: float
    becomes: Callable[[int], Schedule | None]
    takes: bool

    def said(self, low: int, high: int) -> str:
        """Return in words that it is another, which may be known only as a range."""
        many = steps_text(low, high)
        new = many if self.takes else many.split(" step", maxsplit=1)[0]
        return self.words.format(new=new, old=number_text(self.steps))


def lengths(plan: Schedule) -> Iterator[Length]:
    """Yield the lengths in a plan, and that of a warmup within the same total."""
    for field, unit in fields(plan):
        if unit != "steps" or field.value < 1:
            continue
        words, takes = field_text(field.part, field.name), takes_steps(field.part, field.name)
        if isinstance(field.part, Warmup):
            yield Length(f"{words} (within the same total)", *_within(field), takes)
        yield Length(words, field.value, field.becomes, takes)


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


def without_idle_flags(plan: Schedule, steps: Steps) -> Schedule:
    """Return a plan without those of its flags that change no rate at some steps."""
    rates = rates_at(plan, steps)
    for number, name in [
        (number, field.name)
        for number, (part, _) in enumerate(parts(plan))
        for field, value in part.given()
        if value is True
    ]:
        part, put = [*parts(plan)][number]
        itself: Any = part
        other = made(partial(_with, itself, name, put))
        if other is not None and np.array_equal(rates_at(other, steps), rates, equal_nan=True):
            plan = other
    return plan


def _with(part: Any, name: str, put: Put) -> Schedule:
    return put(replace(part, **{name: False}))

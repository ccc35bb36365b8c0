"""What one plan has otherwise than another, read off their fields."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import listing
from ..families.warmup import Warmup
from ..schedules.base import Schedule
from ..schedules.fields import Parameter, Points, number_text
from ..schedules.modifier import Modifier
from .cause import Cause
from .variants import RATES, field_text, longer, takes_steps
from .wording import steps_text

_SAID = 4
"""So many changes are said one by one."""
_SPELLED = (int, float, bool, str, Points)
"""What fields hold whose values can be said."""
_LONGEST = 60
"""Lists of more characters are not said."""


class Change(NamedTuple):
    """A word for what is otherwise, a sentence that begins with "it", and its numbers by name."""

    kind: str
    text: str
    numbers: dict[str, float]


def changes(old: Schedule, new: Schedule) -> list[Change] | None:
    """Return what a plan has otherwise than another, None if they are not built alike."""
    try:
        return [*_changes(old, new)]
    except _UnlikeError:
        return None


def said(found: list[Change]) -> Cause:
    """Return changes as the cause of a difference."""
    texts = [one.text for one in found[:_SAID]]
    if len(found) > _SAID:
        texts.append(f"{len(found) - _SAID} more of its parameters are others")
    kinds = {one.kind for one in found}
    name = kinds.pop() if len(kinds) == 1 else "fields"
    numbers = {key: number for one in found for key, number in one.numbers.items()}
    return Cause(name, listing(texts), numbers, 0.0)


class _UnlikeError(Exception):
    """Two plans of which no part answers to a part of the other."""


def _changes(old: Schedule, new: Schedule, stage: str = "") -> Iterator[Change]:
    """Yield what a part of a plan has otherwise; `stage` tells it from others of its family."""
    if type(old) is type(new):
        yield from _own(old, new, stage)
    elif isinstance(new, Modifier):
        yield Change("fields", f"it has {_number_of(new)}", {})
        yield from _changes(old, new.of, stage)
    elif isinstance(old, Modifier):
        yield Change("fields", f"it lacks {_number_of(old)}", {})
        yield from _changes(old.of, new, stage)
    elif isinstance(new, Warmup):
        text = f"it has a warmup of {steps_text(new.steps)}"
        yield Change("fields", text, {"warmup": new.steps})
        yield from _changes(old, new.then, stage)
    elif isinstance(old, Warmup):
        yield Change("fields", "it has no warmup", {"warmup": 0})
        yield from _changes(old.then, new, stage)
    elif old.inner() is None and new.inner() is None:
        yield from _family(old, new, stage)
    else:
        raise _UnlikeError


def _own(old: Schedule, new: Schedule, stage: str) -> Iterator[Change]:
    """Yield what a part of the same family has otherwise, and what it wraps."""
    parts = old.wrapped(), new.wrapped()
    if len(parts[0]) != len(parts[1]):
        raise _UnlikeError
    if isinstance(old, Warmup) and isinstance(new, Warmup) and old.steps != new.steps:
        then = longer(old.then, old.steps - new.steps)
        within = None if then is None else [*_changes(then, new.then, stage)]
        if within is not None and len(within) < len([*_changes(old.then, new.then, stage)]):
            for change in _fields(old, new, stage):
                same = " (within the same total)" * (change.kind == "length")
                yield change._replace(text=change.text + same)
            yield from within
            return
    yield from _fields(old, new, stage)
    for number, (one, other) in enumerate(zip(*parts, strict=True), 1):
        yield from _changes(one, other, f" of stage {number}" if len(parts[0]) > 1 else stage)


def _fields(old: Schedule, new: Schedule, stage: str) -> Iterator[Change]:
    """Yield the fields of a part of one family that are otherwise."""
    for (field, was), (_, value) in zip(old.given(), new.given(), strict=True):
        if field.item is Schedule or value == was:
            continue
        if field.item not in _SPELLED and not field.choices:
            raise _UnlikeError  # functions of a program, which are others or not
        if field.is_number and value is not None and was is not None:
            yield _number(old, field, was, value, stage)
        else:
            yield Change("fields", _text(old, field, was, value, stage), {})


def _number(part: Schedule, field: Parameter, was: float, value: float, stage: str) -> Change:
    """Return the change of a field of a part that holds a number."""
    is_length = field.param.unit == "steps"
    is_rate = field.name in RATES and field.param.unit != "steps"
    kind = "length" if is_length else "rates" if is_rate else "fields"
    new = steps_text(value) if takes_steps(part, field.name) else number_text(value)
    text = field_text(part, field.name, stage).format(new=new, old=number_text(was))
    return Change(kind, text, {"length" if is_length else field.name: value})


def _family(old: Schedule, new: Schedule, stage: str) -> Iterator[Change]:
    """Yield the change to another family, and those of the rates and the length that both have."""
    before: dict[str, Any] = {field.name: value for field, value in old.given()}
    own, shared = [], []
    for field, value in new.given():
        was: Any = before.get(field.name)
        if None not in (value, was) and _is_shared(old, new, field):
            shared.append((field, was, value))
        elif field.item is not bool and value not in (None, field.default):
            own.append(field.spell(value))
    having = f" with {listing(own)}" if 0 < len(own) <= _SAID else ""
    what = "decay" if old.falls and new.falls else "curve"
    yield Change("family", f"its {what}{stage} is {new.name}{having} in place of {old.name}", {})
    for field, was, value in shared:
        if was != value:
            yield _number(new, field, was, value, stage)


def _is_shared(old: Schedule, new: Schedule, field: Parameter) -> bool:
    """Return whether a field is a rate or the length of two parts of different families."""
    return field.name in RATES or (
        field.is_number and takes_steps(old, field.name) and takes_steps(new, field.name)
    )


def _number_of(modifier: Modifier) -> str:
    field = modifier.number()
    return f"{modifier.name}={number_text(getattr(modifier, field.name))}"


def _text(part: Schedule, field: Parameter, was: Any, value: Any, stage: str) -> str:
    """Return in words that a field of a part, which holds no one number, is another."""
    of = f"its {part.name}{stage}"
    if field.item is bool:
        return f"{of} is {'' if value else 'not '}{field.key}"
    if value is None or was is None:
        return f"{of} has {'no ' + field.key if value is None else field.spell(value)}"
    if field.item is Points and len(was) == len(value):
        (old_steps, old_rates), (steps, rates) = zip(*was, strict=True), zip(*value, strict=True)
        if steps == old_steps:
            at = [i for i, rate in enumerate(rates) if rate != old_rates[i]]
            new, old = (listing(number_text(of[i]) for i in at) for of in (rates, old_rates))
            begin = listing(str(steps[i]) for i in at)
            return f"its rate{stage} from step {begin} on is {new} in place of {old}"
        if rates == old_rates:
            return _milestones(part, old_steps[1:], steps[1:], stage)
    if part.milestone and field.many and field.param.unit == "steps":
        return _milestones(part, was, value, stage)
    new, old = field.spell(value), field.spell(was)
    if max(len(new), len(old)) > _LONGEST:
        return f"{of} has other values of {field.key}"
    return f"{of} has {new} in place of {old}"


def _milestones(part: Schedule, was: tuple[int, ...], value: tuple[int, ...], stage: str) -> str:
    """Return in words that the milestones of a part are others."""
    new, old = (listing(str(step) for step in steps) for steps in (value, was))
    if len(value) == 1:
        return f"its {part.milestone}{stage} comes at {new} in place of {old}"
    many = (
        f"{part.milestone.removesuffix('y')}ies"
        if part.milestone[-1] == "y"
        else f"{part.milestone}s"
    )
    return f"its {many}{stage} come at {new} in place of {old}"

"""The functions of a framework's calls, inverted: from a schedule to the arguments that make it.

No mapping is written a second time. A function is called with numbers that can be told apart, and
where each number is seen in what it makes, alone or joined with another, it is read off from there.
"""

import inspect
import itertools
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, NamedTuple

from ..errors import LrvizError
from ..frameworks import Call
from ..frameworks.binding import bind
from ..frameworks.kinds import Ignored, Metrics, NotResumed, Optimizer, Raw, field_of
from ..frameworks.values import Invocation
from ..schedules.base import Schedule
from ..schedules.code import tidy
from ..schedules.fields import Parameter, Points
from ..schedules.run import Run
from .outline import Outline, outlined

_STEPS = (101, 307, 1009, 3023, 9067, 27211, 81637, 244901)
_COUNTS = (3, 5, 7, 13, 17, 23, 29, 37)
_PARTS = (0.871, 0.613, 0.447, 0.331, 0.271, 0.193, 0.151, 0.113, 0.0713)
_FACTORS = (1.371, 2.131, 3.719, 5.939, 7.411, 9.127, 12.53, 17.29)
_MOST_GIVEN, _MOST_LEFT_OUT, _MOST_WORDS = 3, 2, 2
"""How many options are given at most or left out at most, and how many words are unusual."""
_SIMILAR = 1e-12
_SIGNIFICANT = 13
_LONG = 40
"""Of more numbers than these only neighbours are joined."""

Words = tuple[tuple[str, Any], ...]
"""Words and flags that a call is given, by the names of their parameters."""

Joins = tuple[int, Callable[[float, float], float] | None, int]
"""A number as two of a list's, joined by an operation, or as one of them alone."""


class Probe(NamedTuple):
    """A call with words and numbers that can be told apart, and what it made of them."""

    call: Call
    words: Mapping[str, Any]
    numbers: Mapping[str, Any]
    made: Schedule
    outline: Outline


class Filled(NamedTuple):
    """A call with arguments, the optimizer's rate, and what they make."""

    call: Call
    arguments: Mapping[str, Any]
    lr: float | None
    schedule: Schedule


def filled(call: Call, wanted: Schedule, lr: float | None, peak: float) -> Iterator[Filled]:
    """Yield the call with the arguments that make a schedule, those with the fewest first.

    The optimizer's rate is `lr`; if that is None it is whatever the schedule tells, or the peak.
    """
    outline, families = outlined(wanted), _curves(wanted)
    for probe in _probes(call, families, _listed(wanted)):
        if probe.outline.shape != outline.shape:
            continue
        places = _places(probe)
        if places is None:
            continue
        try:
            base, arguments = _arguments(probe, places, outline, lr, peak)
            made = bind(Invocation(call, kwargs=arguments), Run(lr=base))
        except (LrvizError, ArithmeticError, ValueError):
            continue
        yield Filled(call, arguments, base, made)


def _curves(schedule: Schedule) -> AbstractSet[type]:
    """Return the families of the curves in a schedule; a level one counts only by itself."""
    curves = {type(part): part for part in schedule.parts() if not part.wrapped()}
    return {kind for kind, one in curves.items() if not one.level} or set(curves)


def _listed(schedule: Schedule) -> int:
    """Return how many drops a schedule is given one by one."""
    return max((len(part.milestones) for part in schedule.parts()), default=0)


def _arguments(
    probe: Probe, places: Mapping[str, Any], outline: Outline, lr: float | None, peak: float
) -> tuple[float | None, dict[str, Any]]:
    """Return the optimizer's rate, if it counts, and the arguments that stand in some places."""
    parameters = probe.call.parameters
    values = _Values(outline.numbers, peak if lr is None else lr)
    base = values.base if "lr" in parameters else None
    arguments = dict(probe.words)
    for name, place in places.items():
        value = values.of(place)
        if name == "lr":
            if lr is not None and not math.isclose(value, lr, rel_tol=_SIMILAR):
                raise ValueError(name)
            base = value if lr is None else lr
        else:
            arguments[name] = _typed(field_of(parameters[name]), value)
    for name, value in [*arguments.items()]:
        default = parameters[name].default
        both = isinstance(value, float | int) and isinstance(default, float | int)
        if both and math.isclose(value, default, rel_tol=_SIMILAR):
            del arguments[name]
    if parameters.get("lr") is not None and not _takes(parameters["lr"]):
        base = None
    if base == 0:
        raise ValueError("lr")
    return base, {name: arguments[name] for name in parameters if name in arguments}


def _takes(parameter: inspect.Parameter) -> bool:
    """Return whether the optimizer's rate has an influence."""
    return parameter.default is inspect.Parameter.empty


def _typed(field: Parameter, value: Any) -> Any:
    """Return a value in the type of its parameter; ValueError if it has none."""
    if isinstance(value, dict):
        return {_whole(step): tidy(scale) for step, scale in value.items()}
    if isinstance(value, list):
        return [_typed(field._replace(many=False), one) for one in value]
    is_broken = field.item is object and "point" in field.param.meaning
    if field.item is int or (field.item is object and not is_broken):
        return _whole(value)
    if field.param.unit == "steps" and value == int(value):
        return int(value)
    return tidy(float(value))


def _whole(value: float) -> int:
    """Return a number that is whole, but for rounding; ValueError if it is not."""
    if abs(value - round(value)) > _SIMILAR * max(1, abs(value)):
        raise ValueError(value)
    return round(value)


class _Values:
    """Numbers of a schedule, with 1 and the optimizer's rate after them."""

    def __init__(self, numbers: Sequence[float], base: float) -> None:
        self.base = base
        self.numbers = (*numbers, 1, base)

    def of(self, place: Any) -> Any:
        """Return the value that is found in a place."""
        if isinstance(place, list):
            return [self.of(one) for one in place]
        if isinstance(place, dict):
            return {self.of(step): self.of(scale) for step, scale in place.values()}
        first, joined, second = place
        if joined is None:
            return self.numbers[first]
        return joined(self.numbers[first], self.numbers[second])


def _probes(call: Call, families: AbstractSet[type], listed: int) -> Iterator[Probe]:
    """Yield what a call makes with lists of so many numbers, with few arguments first.

    Words with which it makes nothing of the kinds that are wanted are not looked into.
    """
    for words in _wordings(call):
        plain = _plain(call, words, listed)
        if plain is not None and not families.isdisjoint(plain):
            yield from _worded(call, words, listed)


@cache
def _plain(call: Call, words: Words, listed: int) -> AbstractSet[type] | None:
    """Return the families that a call makes with the fewest options; None if it makes nothing."""
    lists = tuple(what.name for what, field in _fields(call) if field.many or field.item is Points)
    tried = (_probed(call, words, given, listed) for given in (lists, *_choices(call)))
    made = next((probe.made for probe in tried if probe is not None), None)
    return None if made is None else _curves(made)


@cache
def _worded(call: Call, words: Words, listed: int) -> Sequence[Probe]:
    """Return what a call makes with some words, with few options or with nearly all."""
    tried = (_probed(call, words, given, listed) for given in _choices(call))
    return sorted((probe for probe in tried if probe is not None), key=_size)


def _probed(call: Call, words: Words, given: Sequence[str], listed: int) -> Probe | None:
    """Return what a call makes with words and options; None if it refuses all numbers."""
    for numbers in _numbers(call, words, given, listed):
        own = {name: value for name, value in numbers.items() if name != "lr"}
        invocation = Invocation(call, kwargs={**dict(words), **own})
        try:
            made = bind(invocation, Run(lr=numbers.get("lr")))
        except (LrvizError, ArithmeticError):
            continue
        return Probe(call, dict(words), numbers, made, outlined(made))
    return None


def _size(probe: Probe) -> int:
    """Return how much is written in the call of a probe."""
    return len(probe.words) + len(probe.numbers)


_UNREAD = (Ignored, Optimizer, NotResumed, Raw, Metrics)
_CLOCK = "t_in_epochs"
"""A flag that only says what a step is, as long as no epoch has a length."""


def _fields(call: Call) -> Iterator[tuple[inspect.Parameter, Parameter]]:
    """Yield the parameters of a call that have an influence."""
    for what in call.parameters.values():
        if (
            what.annotation in _UNREAD
            or what.name == _CLOCK
            or (what.kind is what.KEYWORD_ONLY and what.name != "lr")
        ):
            continue
        yield what, field_of(what)


@cache
def _wordings(call: Call) -> Sequence[Words]:
    """Return the words and flags that differ from the usual ones, the fewest first."""
    unusual = []
    for what, field in _fields(call):
        choices: Sequence[Any] = field.choices or ((False, True) if field.item is bool else ())
        if what.default is what.empty and field.param.unit == "steps" and field.item is int:
            choices = (0,) if field.param.at_least == 0 else ()  # no warmup is none
        unusual.append([(what.name, word) for word in choices if word != what.default])
    unusual = [words for words in unusual if words]
    counts = range(min(len(unusual), _MOST_WORDS) + 1)
    chosen = (some for count in counts for some in itertools.combinations(unusual, count))
    return [words for some in chosen for words in itertools.product(*some)]


def _is_number(field: Parameter) -> bool:
    """Return whether a parameter takes a number, or several."""
    return field.item in (int, float, object, Points) and not field.choices


@cache
def _choices(call: Call) -> Sequence[tuple[str, ...]]:
    """Return the options that are given: few of them, or nearly all, and at last all."""
    options = [
        what.name
        for what, field in _fields(call)
        if _is_number(field) and what.default is not what.empty and what.name != "lr"
    ]
    few = {*range(min(_MOST_GIVEN, len(options)) + 1)}
    many = {*range(max(len(options) - _MOST_LEFT_OUT, 0), len(options) + 1)}
    counts = sorted(few | many)
    return [some for count in counts for some in itertools.combinations(options, count)]


def _numbers(
    call: Call, words: Words, given: Sequence[str], listed: int
) -> Iterator[dict[str, Any]]:
    """Yield numbers that can be told apart for what must be given and what is.

    First in one order, then in the other, since some must be larger than others.
    """
    wanted = []
    for what, field in _fields(call):
        if (what.name == "lr" and not _takes(what)) or what.name in dict(words):
            continue
        if what.default is what.empty and not field.choices and field.item is not bool:
            if not _is_number(field) or (field.many and not listed):
                return  # a function, or schedules
            wanted.append((what.name, field))
        elif what.name in given:
            wanted.append((what.name, field))
    if "lr" in (name for name, _ in wanted):
        wanted.sort(key=lambda one: one[0] != "lr")
    for order in (wanted, wanted[::-1]):
        for parts in (_PARTS, _FACTORS):
            yield {
                name: _number(field, i % len(_STEPS), parts, listed)
                for i, (name, field) in enumerate(order)
            }


def _number(field: Parameter, i: int, parts: Sequence[float], listed: int) -> Any:
    """Return a number for a parameter, or a list of them; `i` tells them apart."""
    param = field.param
    if field.item is Points:
        return {_STEPS[0] * (k + 1) + k * k: 0.5 + 0.4 / (k + 1.37) for k in range(listed)}
    if field.many:
        if param.unit == "steps":
            return [_STEPS[0] * (k + 1) + k * k for k in range(listed)]
        return [0.991 * 0.9137**k for k in range(listed + 1)]
    if param.unit == "steps":
        return _STEPS[i]
    if field.item is int:
        return _COUNTS[i]
    if field.item is object:
        return _PARTS[i] if "point" in param.meaning else _STEPS[i]
    is_part = min(param.at_most, param.below) <= 1 or "rate" in param.meaning.split()
    return (_PARTS if is_part else parts)[i]


_OPERATIONS = (operator.sub, operator.truediv, operator.add, operator.mul)


def _places(probe: Probe) -> dict[str, Any] | None:
    """Return where each number that was given is found in what was made; None if one is not.

    The optimizer's rate need not be: where it is not found, it must be known.
    """
    numbers = probe.numbers
    pool = (*probe.outline.numbers, 1, numbers.get("lr", math.nan))
    finder = _Finder(pool)
    places = {}
    for name, number in numbers.items():
        place = finder.place(number, own=name != "lr")
        if place is None and name != "lr":
            return None
        if place is not None:
            places[name] = place
    return places


class _Finder:
    """Where numbers come from in a pool of them."""

    def __init__(self, pool: Sequence[float]) -> None:
        self.pool = pool
        self.alone: dict[str, Joins] = {}
        for i, one in enumerate(pool[:-2]):
            self.alone.setdefault(_key(one), (i, None, i))
        self.joined: dict[str, Joins] | None = None

    def place(self, number: Any, *, own: bool) -> Any:
        """Return where a number, or each of several, is found; None if one is not."""
        if isinstance(number, list | dict):
            members = [*number.items()] if isinstance(number, dict) else number
            if isinstance(number, dict):
                pairs = [tuple(self.place(one, own=True) for one in pair) for pair in members]
                return None if any(None in pair for pair in pairs) else dict(enumerate(pairs))
            found = [self.place(one, own=True) for one in members]
            return None if None in found else found
        if (alone := self.alone.get(_key(number))) is not None or not own:
            return alone
        return self._pairs().get(_key(number))

    def _pairs(self) -> Mapping[str, Joins]:
        """Return the numbers that two of the pool make."""
        if self.joined is None:
            self.joined = {}
            last = len(self.pool) - 1
            for i, j in itertools.product(range(last + 1), repeat=2):
                near = last < _LONG or abs(i - j) <= 2 or j >= last - 1
                if i == j or not near:
                    continue
                for operation in _OPERATIONS:
                    try:
                        made = operation(self.pool[i], self.pool[j])
                    except ArithmeticError:
                        continue
                    self.joined.setdefault(_key(made), (i, operation, j))
        return self.joined


def _key(number: float) -> str:
    """Return what is the same for numbers that are equal but for rounding."""
    return f"{number:.{_SIGNIFICANT - 2}g}"

"""The fields of a family: what a value means, which values are allowed, and how it is spelled.

A field is written once, `rate: Annotated[float, Param("decay factor per period", at_least=0)]`, and
parser, checks, help, completion and tests read it from here.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from types import NoneType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import numpy as np

from ..errors import ParameterError, did_you_mean, listing, shown
from .numeric import LAST_STEP

NOT_FINITE = ("nan", "inf", "-inf")
"""How numbers that are not finite are written."""

_RULES = {bool: "true or false", str: "a word in quotes"}

Points = tuple[tuple[int, float], ...]
"""Steps and the rates that hold from them on, `0=0.1,10=0.01` in a spec."""


class Numbers(tuple[float, ...]):
    """Numbers of which some may be nan, which equals nan here."""

    __slots__ = ()

    def comparable(self) -> tuple[float | str, ...]:
        """Return what is equal where these are."""
        return tuple("nan" if math.isnan(number) else number for number in self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbers) and self.comparable() == other.comparable()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.comparable())


class Param(NamedTuple):
    """What a field means, the bounds of its numbers, and `also`: other frameworks' names for it.

    Its `unit` is steps, rate, or share, a fraction that may be written in percent; or it has none.
    `key` is its word in specs where that cannot be the field's own name. A field whose numbers need
    not be `finite` takes nan and inf too. `canonical` makes one of all values that mean the same.
    """

    meaning: str
    unit: str = ""
    above: float = -math.inf
    at_least: float = -math.inf
    at_most: float = math.inf
    below: float = math.inf
    also: tuple[str, ...] = ()
    key: str = ""
    finite: bool = True
    canonical: Callable[[Any], Any] | None = None

    def broken_rule(self, number: float) -> str | None:
        """Return the bound that `number` breaks, in words."""
        if not math.isfinite(number):
            return "finite" if self.finite else None
        if number <= self.above:
            return f"above {number_text(self.above)}"
        last = LAST_STEP if self.unit == "steps" else math.inf
        least = max(self.at_least, -last)
        if number < least:
            return f"at least {number_text(least)}"
        if number >= self.below:
            return f"below {number_text(self.below)}"
        most = min(self.at_most, last)
        if number > most:
            return f"at most {number_text(most)}"
        return None


LearningRate = Annotated[
    float,
    Param(
        "initial learning rate",
        at_least=0,
        also=("learning_rate", "initial_learning_rate", "base_lr", "init_value"),
    ),
]


class Parameter(NamedTuple):
    """A field of a family as others see it.

    `item` is the type of one value (float, int, bool, str or a class); `many` says that the field
    holds a tuple of them, `optional` that it may be None. A field of `Points` has the item
    `Points`, one of words the item str and the words as `choices`.
    """

    name: str
    item: Any
    many: bool
    optional: bool
    param: Param
    default: Any
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The word for it in specs."""
        return self.param.key or self.name

    @property
    def required(self) -> bool:
        return self.default is MISSING

    @property
    def is_number(self) -> bool:
        return self.item in (float, int) and not self.many

    def values(self) -> str:
        """Return in words which values the field takes, and its default."""
        if self.item is bool:
            return "flag"
        if self.choices:
            default = "" if self.required else f", default {self.default}"
            return listing(self.choices, "or") + default
        if self.item not in (int, float):
            return "step=rate,..." if self.item is Points else "what follows the slash"
        number = "steps" if self.param.unit == "steps" else "number"
        words = [f"{number}, a list" if self.many else number]
        for rule, bound in (
            ("above", self.param.above),
            ("at least", self.param.at_least),
            ("at most", self.param.at_most),
            ("below", self.param.below),
        ):
            words += [f"{rule} {number_text(bound)}"] if math.isfinite(bound) else []
        if not self.required:
            words.append("optional" if self.default is None else f"default {_text(self.default)}")
        return ", ".join(words)

    def accept(self, value: Any, family: str) -> Any:
        """Return `value` in the field's own type; ParameterError if it cannot be had."""
        accepted = self._accepted(value, family)
        return accepted if self.param.canonical is None else self.param.canonical(accepted)

    def _accepted(self, value: Any, family: str) -> Any:
        if value is None and self.optional:
            return None
        if self.item is Points:
            pairs = value.items() if isinstance(value, Mapping) else self._members(value, family)
            return tuple(self._pair(pair, family, i) for i, pair in enumerate(pairs))
        if self.many:
            members = self._members(value, family)
            return tuple(self._one(member, family, i) for i, member in enumerate(members))
        return self._one(value, family)

    def spell(self, value: Any) -> str:
        """Return the items of a spec that give the field this value."""
        if self.item is bool:
            return self.key
        if self.item is Points:
            return ",".join(f"{step}={number_text(rate)}" for step, rate in value)
        members = value if self.many else (value,)
        return f"{self.key}={','.join(_text(member) for member in members)}"

    def _members(self, value: Any, family: str) -> tuple[Any, ...]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise self._refusal("a list", value, family)
        return tuple(value)

    def _pair(self, pair: Any, family: str, member: int) -> tuple[int, float]:
        try:
            step, rate = pair
        except (TypeError, ValueError):
            raise self._refusal("pairs of a step and a rate", pair, family, member) from None
        return int(self._number(step, family, member, whole=True)), self._number(
            rate, family, member
        )

    def _one(self, value: Any, family: str, member: int | None = None) -> Any:
        if self.item is float:
            return self._number(value, family, member)
        if self.item is int:
            return int(self._number(value, family, member, whole=True))
        if self.choices and value not in self.choices:
            near = did_you_mean(value, self.choices) if isinstance(value, str) else ""
            raise self._refusal(listing(self.choices, "or"), value, family, member, near)
        if not isinstance(value, self.item):
            raise self._refusal(_RULES.get(self.item, "a schedule"), value, family, member)
        return value

    def _number(
        self, value: Any, family: str, member: int | None = None, whole: bool = False
    ) -> float:
        if not self.param.finite and value in NOT_FINITE:
            return float(value)
        if isinstance(value, bool | np.bool) or not isinstance(value, int | float | np.number):
            raise self._refusal("a number", value, family, member)
        try:
            number = float(value) + 0.0  # there is one 0
        except OverflowError:  # a whole number of more digits than a float has room for
            number = math.inf
        rule = self.param.broken_rule(number)
        if rule is None and whole and value != int(value):
            rule = "a whole number"
        if rule is not None:
            raise self._refusal(rule, number, family, member)
        return number

    def _refusal(
        self, rule: str, value: Any, family: str, member: int | None = None, near: str = ""
    ) -> ParameterError:
        is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        given = number_text(value) if is_number else shown(value)
        if self.param.unit == "share" and is_number and 5 <= value <= 100:
            near = f"; write {given}%"
        broken = f"must be {rule}, not {given}{near}"
        return ParameterError(family, self.key, broken, self.name, member)


def parameter(name: str, annotation: Any, default: Any) -> Parameter:
    """Return what an annotation says: `Annotated[type, Param(...)]`, or a type without rules."""
    annotated = get_origin(annotation) is Annotated
    kind, param = get_args(annotation) if annotated else (annotation, Param(""))
    optional = NoneType in get_args(kind)
    if optional:
        kind = next(k for k in get_args(kind) if k is not NoneType)
    many = get_origin(kind) is tuple and kind != Points
    item = get_args(kind)[0] if many else kind
    choices = get_args(item) if get_origin(item) is Literal else ()
    return Parameter(name, str if choices else item, many, optional, param, default, choices)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else number_text(value)


def rounded_text(number: float | np.floating[Any], digits: int) -> str:
    """Return the shortest text of a number that is rounded to so many digits."""
    return number_text(float(f"{number:.{digits}g}"))


def number_text(number: float) -> str:
    """Return the shortest text that reads back as the same number: 100, 0.01, 3e-5."""
    if abs(number) < 1e16 and number == int(number):
        return str(int(number))
    mantissa, e, exponent = repr(float(number)).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}" if e else mantissa

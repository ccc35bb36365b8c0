"""What a schedule is: a family with values, frozen and printable, a pure function of the step."""

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast, dataclass_transform

import numpy as np

from ..display import Displayed
from .facts import Facts
from .fields import Parameter, parameter
from .knots import Knots
from .numeric import Array, Dtype, Steps
from .placed import Phase, Placed, code_of, knots_of, length_of, phases_of, values_of
from .quantity import LEARNING_RATE
from .signal import Signal

if TYPE_CHECKING:
    from .code import Code


class Example(NamedTuple):
    """A spec, the rates it is known to give at some steps, and who says so."""

    spec: str
    rates: dict[int, float]
    source: str


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,)
)
class Schedule(Facts, Signal, Displayed):
    """A learning rate for every step.

    A family is a subclass that is named in the class statement, and as all subclasses is made into
    a frozen dataclass, whose fields are given by name. It writes `at`; `length` and `knots` where
    the defaults (no end of its own, smooth) are wrong; `check` for rules between fields; and the
    `Facts` that are not the plain ones. A wrapper says where what it wraps lies, `placed`, and has
    the rates of that unless it writes `values`.
    """

    quantity = LEARNING_RATE

    registry: ClassVar[dict[str, type["Schedule"]]] = {}
    """The families imported so far, by name."""

    name: ClassVar[str]
    """The family's name in specs."""
    formula: ClassVar[str]
    """The rate at step t, in the names of the fields."""
    examples: ClassVar[tuple[Example, ...]]
    """At least one spec with known rates and their source."""
    elsewhere: ClassVar[dict[str, str]] = {}
    """What frameworks call this family."""

    def __init_subclass__(cls, *, name: str | None = None) -> None:
        dataclasses.dataclass(frozen=True, kw_only=True, repr=False)(cls)
        if name is not None:
            cls.name = name
            Schedule.registry[name] = cls

    def __post_init__(self) -> None:
        for field, value in self.given():
            accepted = field.accept(value, self.name)
            # A frozen dataclass is written to once, here, so that equal values have equal types.
            object.__setattr__(self, field.name, accepted)
        self.check()

    def check(self) -> None:
        """Raise ParameterError where values that are allowed one by one do not fit together."""

    def at(self, t: Array) -> Array:
        """Return the rates at the steps `t`, both of shape (n,), in the dtype of `t`."""
        raise NotImplementedError

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Where what it wraps lies, in the order of steps; without what has no one place."""
        return tuple(Placed(schedule) for schedule in self.wrapped())

    @property
    def length(self) -> int | None:
        """The step at which the schedule has run its course; None if it never has."""
        return length_of(self.placed)

    @property
    def knots(self) -> tuple[Knots, ...]:
        """Where the curve jumps or bends, or turns from rising to falling."""
        return tuple(knots_of(self.placed))

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The stretches it consists of."""
        return phases_of(self.name, self.placed, self.length)

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        """Return the rates at `steps`; LrvizError if one of them is none that its quantity allows.

        A family that compares or moves steps overrides this in place of `at`.
        """
        if self.placed:
            return values_of(self.placed, steps, dtype)
        return self.allowed(steps, super().values(steps, dtype))

    def code(self, t: "Code") -> "Code | float":
        """Return the rate at the step `t`, which has no value yet; UncodedError if none can be.

        A family that looks steps up overrides this: arithmetic is followed as it is.
        """
        if self.placed and type(self).values is Schedule.values:
            return code_of(self.placed, t)
        if self.opaque:
            from .code import UncodedError

            raise UncodedError("each of its rates is made from the one before")
        rate: Any = self.values(cast("Any", t), np.float64)  # it passes for an array
        return cast("Code | float", rate)

    def allowed(self, steps: Steps, rates: Array) -> Array:
        """Return the rates at some steps as they are; LrvizError if one of them is not allowed."""
        if rates.size:
            # Two reductions find all that is wrong in a tenth of the time of `allows`.
            low, high = np.minimum.reduce(rates), np.maximum.reduce(rates)
            if not (self.quantity.at_least <= low > -np.inf and high < np.inf):
                self.refuse(steps, rates, self.quantity.allows(rates))
        return rates

    @classmethod
    @cache
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return the fields of this family in the order of their definition."""
        found = dataclasses.fields(cls)  # type: ignore[arg-type]
        return tuple(parameter(field.name, field.type, field.default) for field in found)

    @classmethod
    def summary(cls) -> str:
        """Return the first sentence of the docstring: what the family does."""
        return (cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def inner(cls) -> Parameter | None:
        """Return the field that holds the schedule or schedules that this family wraps."""
        return next((f for f in cls.parameters() if f.item is Schedule), None)

    def parts(self) -> Iterator["Schedule"]:
        """Yield this schedule and all that it wraps, in the order of its spec."""
        yield self
        for schedule in self.wrapped():
            yield from schedule.parts()

    def wrapped(self) -> tuple["Schedule", ...]:
        """Return the schedules that this one wraps."""
        inner = self.inner()
        if inner is None:
            return ()
        held: Any = getattr(self, inner.name)
        return held if inner.many else (held,)

    def __str__(self) -> str:
        return self.spelled()[0]

    def __repr__(self) -> str:
        return f"lrviz.parse({str(self)!r})"

    def spelled(self) -> tuple[str, int]:
        """Return the canonical spec, and how many wrappers are still open at its end."""
        wrapped = self.wrapped()
        if not wrapped:
            return self.stage(), 0
        text, still_open = joined(wrapped)
        return f"{self.stage()}/{text}", still_open + 1

    def spelled_whole(self) -> tuple[str, int]:
        """Return the same of a spec in which no stage can be taken for another schedule."""
        return self.spelled()

    def given(self) -> Iterator[tuple[Parameter, Any]]:
        """Yield the fields with their values."""
        for field in self.parameters():
            yield field, getattr(self, field.name)

    def stage(self) -> str:
        """Return its own stage of the spec: its name, and what differs from the defaults."""
        items = ",".join(
            field.spell(value)
            for field, value in self.given()
            if field.item is not Schedule and value != field.default
        )
        return f"{self.name}:{items}" if items else self.name


def joined(stages: Iterable[Schedule]) -> tuple[str, int]:
    """Return the spec of stages that follow one another, and how many wrappers it leaves open."""
    return closed(stage.spelled() for stage in stages)


def closed(spelled: Iterable[tuple[str, int]]) -> tuple[str, int]:
    """Return texts as the stages of one spec, all wrappers closed but those of the last.

    A program of several lines is one stage as the text that `program('...')` is given.
    """
    stages = [(f"program({text!r})" if "\n" in text else text, open_) for text, open_ in spelled]
    *texts, (last, still_open) = stages
    return "/".join([text + "/end" * opened for text, opened in texts] + [last]), still_open

"""What a schedule is: a family with values, frozen and printable, a pure function of the step."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any, ClassVar, NamedTuple, overload

import numpy as np

from ..errors import LrvizError
from .facts import Facts
from .fields import Parameter, parameter
from .knots import Knots
from .numeric import LAST_STEP, Array, Dtype, Steps, StepsLike
from .placed import Phase, Placed, knots_of, length_of, phases_of, values_of

CHUNK = 8192
"""How many steps are evaluated at once.

Their arrays of 64 KiB stay in the caches, and below the size from which the C library gives memory
back to the system at once, only to fetch it anew for the next chunk: that costs more than an exp.
"""


class Example(NamedTuple):
    """A spec, the rates it is known to give at some steps, and who says so."""

    spec: str
    rates: dict[int, float]
    source: str


class Schedule(Facts):
    """A learning rate for every step.

    A family is a subclass that is a frozen dataclass and is named in the class statement. It writes
    `at`; `length` and `knots` where the defaults (no end of its own, smooth) are wrong; `check` for
    rules between fields; and the `Facts` that are not the plain ones. A wrapper says where what it
    wraps lies, `placed`, and has the rates of that unless it writes `values`.
    """

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
        """Return the rates at `steps`, shape (n,), computed in `dtype`.

        A family that compares or moves steps overrides this in place of `at`: its steps are exact
        where a float32 would have rounded them. LrvizError if a rate is not finite or negative.
        """
        if self.placed:
            return values_of(self.placed, steps, dtype)
        rates = self.at(steps.astype(dtype))
        # Two reductions find NaN, infinity and negative rates in a tenth of the time of isfinite.
        if rates.size and not (np.minimum.reduce(rates) >= 0 and np.maximum.reduce(rates) < np.inf):
            self.refuse(steps, rates, (rates >= 0) & (rates < np.inf))
        return rates

    def refuse(self, steps: Steps, rates: Array, good: np.ndarray[Any, np.dtype[np.bool]]) -> None:
        """Raise LrvizError with the first of the rates that is not good, if there is one."""
        for bad in np.flatnonzero(~good)[:1]:
            raise LrvizError(
                f"{self} gives the rate {rates[bad]} at its step {steps[bad]}, and a learning rate "
                "is finite and at least 0; change its parameters or end it before that step"
            )

    @overload
    def __call__(self, steps: int, dtype: Dtype = ...) -> float: ...

    @overload
    def __call__(self, steps: StepsLike, dtype: Dtype = ...) -> Array: ...

    def __call__(self, steps: int | StepsLike, dtype: Dtype = np.float64) -> float | Array:
        """Return the learning rate used for the updates `steps`, which count from 0.

        One step gives a float, an array of steps an array of the same shape. float64 counts as
        Python and PyTorch do, float32 as TensorFlow and Keras do.
        """
        asked = whole_steps(steps)
        flat = asked.reshape(-1)
        rates = np.empty(flat.shape, dtype)
        with np.errstate(all="ignore"):  # what comes of it is checked in `values`
            for start in range(0, flat.size, CHUNK):
                chunk = slice(start, start + CHUNK)
                rates[chunk] = self.values(flat[chunk], dtype)
        if asked.ndim:
            return rates.reshape(asked.shape)
        # A float32 stays one, because as a float it would show digits that it does not have.
        one: float = rates.item() if rates.dtype == np.float64 else rates[0]
        return one

    @classmethod
    @cache
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return the fields of this family in the order of their definition."""
        return tuple(parameter(f.name, f.type, f.default) for f in fields(cls))  # type: ignore[arg-type]

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
    *texts, (last, still_open) = (stage.spelled() for stage in stages)
    return "/".join([text + "/end" * opened for text, opened in texts] + [last]), still_open


def whole_steps(steps: int | StepsLike) -> Steps:
    """Return `steps` as int64; LrvizError unless all are whole numbers from 0 to 2^53."""
    if isinstance(steps, range):
        steps = np.arange(steps.start, steps.stop, steps.step)
    given = np.asarray(steps)
    if given.dtype.kind not in "iuf":
        raise LrvizError(f"a step is a whole number from 0 on, not {steps!r}")
    if given.size and not (given.min() >= 0 and given.max() <= LAST_STEP):
        bad = given.min() if not given.min() >= 0 else given.max()
        raise LrvizError(f"a step is a whole number from 0 to 2^53, not {bad}")
    whole = given.astype(np.int64, copy=False)
    if given.dtype.kind == "f" and (whole != given).any():
        raise LrvizError(f"a step is a whole number from 0 on, not {given[whole != given][0]}")
    return whole

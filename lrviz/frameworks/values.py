"""What a call can be given: plain values, and those that stand for a piece of a program.

Nothing here knows how they were written, as Python, as YAML or as words of a command line.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..schedules.numeric import Array
from . import Call

if TYPE_CHECKING:
    from ..schedules.code import Code

Value = Any
"""A number, str, bool, None, a list, tuple or dict of values, a Schedule, or one of these below."""


@dataclass(frozen=True)
class Unknown:
    """Something without a value, as it was written: `args.lr`, `optimizer`, `len(loader)`.

    `calls` is the dotted name of what it calls, if it is a call.
    """

    text: str
    calls: str = ""

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class OptimizerValue:
    """An optimizer, and its rate if that is known."""

    lr: float | None = None
    text: str = "optimizer"

    def __repr__(self) -> str:
        return self.text


class Function(ABC):
    """A pasted function of one variable; equal functions compare equal and have the same hash.

    `source` is its canonical text, `lambda t: 0.95 ** t`, which reads back as the same function.
    """

    source: str
    before: str = ""
    """The lines of a program that define what `source` names; "" if it stands for itself."""

    @abstractmethod
    def __call__(self, steps: Array) -> Array:
        """Return its values, shape (n,), of steps as float64 of the same shape."""

    def code(self, _: "Code") -> "Code":
        """Return its value at a step that has no value yet; UncodedError if none can be written."""
        from ..schedules.code import UncodedError

        raise UncodedError(f"{self} is not written in Python")

    def within(self, call: str) -> str:
        """Return the program of a call that is given the function."""
        return f"{self.before}\n{call}" if self.before else call

    @property
    def constant(self) -> float | None:
        """Its value, if it does not depend on its variable."""
        return None

    def __repr__(self) -> str:
        return self.source

    __str__ = __repr__


@dataclass(frozen=True, eq=False)
class Invocation:
    """A call with what it is given, not bound yet: what it takes from around is still open."""

    call: Call
    args: tuple[Value, ...] = ()
    kwargs: Mapping[str, Value] = field(default_factory=dict)

    def __repr__(self) -> str:
        given = [repr(value) for value in self.args]
        given += [f"{name}={value!r}" for name, value in self.kwargs.items()]
        return f"{self.call.name}({', '.join(given)})"


def unknown_in(value: Value) -> tuple[Unknown | OptimizerValue | None, int | None]:
    """Return the first piece of a value that is unknown, and which of its members has it."""
    if isinstance(value, Unknown | OptimizerValue):
        return value, None
    if isinstance(value, list | tuple | dict):
        for i, member in enumerate(value.values() if isinstance(value, dict) else value):
            unknown, _ = unknown_in(member)
            if unknown is not None:
                return unknown, i
    return None, None

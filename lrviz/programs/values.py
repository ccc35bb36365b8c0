"""The values of a program that are not Python's own numbers, words, lists and arrays."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..errors import Sentence
from ..frameworks import Call

Raw = np.ndarray[tuple[Any, ...], np.dtype[Any]]


SEQUENCES = (list, tuple, range, str, np.ndarray)
"""What has places that are counted."""


class Lanes:
    """One number of the program at every step.

    `data` has the shape (n,), and bool, int64, float64 or object (of large ints) as its dtype.
    `numpy` says that the program holds it as a number of numpy, which divides by zero.
    """

    __slots__ = ("data", "numpy")

    def __init__(self, data: Raw, numpy: bool = False) -> None:
        self.data, self.numpy = data, numpy

    def __repr__(self) -> str:
        return f"Lanes({self.data!r})"


@dataclass(frozen=True)
class Unknown:
    """What the text does not say: `text` is how it is written.

    `names` are the pieces that may be given a value; if there are none, `why` says in one
    sentence why there is no value. A `path` can itself be given: `args.lr`, `len(loader)`.
    """

    text: str
    names: tuple[str, ...] = ()
    why: str | Sentence = ""
    path: bool = False
    needed: bool = False
    """Whether it stands where a schedule may be, so that one before it is not the last."""
    node: ast.AST | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Outside:
    """Something of a module: its dotted path, and whether the text imported it."""

    path: str
    imported: bool = False


RATE = "the optimizer's rate"
"""The name of what a run gives an optimizer, among the names that are missing."""


class Scope:
    """The names of a function, of a class or of the whole text, and the scope around it."""

    def __init__(
        self,
        around: "Scope | None" = None,
        own: frozenset[str] = frozenset(),
        of_class: bool = False,
    ) -> None:
        self.names: dict[str, Any] = {}
        self.around, self.own, self.of_class = around, own, of_class
        self.outer: dict[str, Scope] = {}
        """Names that are declared global or nonlocal, and whose they are."""
        self.top: Scope = around.top if around else self
        self.of: Any = None
        """The class whose method this is the scope of, and its instance, for super()."""


@dataclass(eq=False)
class Function:
    """A def or a lambda, with the values of its defaults."""

    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    name: str
    defaults: dict[str, Any]
    of: "Class | None" = None

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters that have no star."""
        given = self.node.args
        return [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


@dataclass(eq=False)
class Class:
    """A class of the program."""

    name: str
    bases: list[Any]
    names: dict[str, Any]
    node: ast.ClassDef

    def line(self) -> "list[Class | Outside]":
        """Return the class and those that it inherits from, in the order of look-up."""
        found: list[Class | Outside] = [self]
        for base in self.bases:
            new = base.line() if isinstance(base, Class) else [base]
            found = [one for one in found if one not in new] + new
        return found

    def member(self, name: str, after: "Class | None" = None) -> Any:
        """Return what a name means in the class (or in those that come after one); None if new."""
        line = [one for one in self.line() if isinstance(one, Class)]
        for one in line[line.index(after) + 1 if after else 0 :]:
            if name in one.names:
                return one.names[name], one
        return None


@dataclass(eq=False)
class Instance:
    """An object of a class of the program; `made` is what its base of a framework makes."""

    of: Class
    names: dict[str, Any] = field(default_factory=dict)
    made: Any = None


class Method(NamedTuple):
    """A function with the instance that it is called on."""

    function: Function
    instance: Any


class Super(NamedTuple):
    """What super() gives: an instance, looked up after a class."""

    instance: Instance
    after: Class


@dataclass(eq=False)
class Native:
    """A function of ours: called with the interpreter, the arguments and the node."""

    name: str
    call: Callable[..., Any]


@dataclass(eq=False)
class Optimizer:
    """An optimizer: the dicts of its parameter groups, and the schedule that it was given."""

    text: str
    groups: list[dict[str, Any]]
    schedule: Any = None
    stepped: bool = False


@dataclass(eq=False)
class Scheduled:
    """A framework's call that the program made: what it is given, and where it stands."""

    call: Call
    others: tuple[Call, ...]
    args: list[Any]
    kwargs: dict[str, Any]
    node: ast.Call
    used: bool = False
    stepped: int = 0
    rates: list[Any] = field(default_factory=list)
    """Those of its optimizer's parameter groups when it was made."""


@dataclass(eq=False)
class Callback:
    """A callback that asks a function for the rate of every epoch."""

    function: Any
    node: ast.AST


PLAIN = (
    *(int, float, str, list, tuple, dict, set, frozenset, range, type(None)),
    *(Lanes, np.ndarray, np.generic),
)
"""The values that Python's own operators take."""


def names_of(*values: Any) -> tuple[str, ...]:
    """Return the names that are missing in several values, each once."""
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, Unknown):
            found |= dict.fromkeys(value.names)
        elif isinstance(value, list | tuple):
            found |= dict.fromkeys(names_of(*value))
        elif isinstance(value, dict):
            found |= dict.fromkeys(names_of(*value.values()))
    return tuple(found)


def is_number(value: Any) -> bool:
    """Return whether a value is one number, at every step or at all."""
    return isinstance(value, int | float | Lanes | np.number | np.bool)

"""What a run of a function changes, and what it takes from the runs before it."""

import ast
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from .values import Instance, Scope

Key = tuple[int, Any]


class State:
    """Keeps a copy of all that is changed, once it is told to."""

    def __init__(self) -> None:
        self.saved: dict[int, tuple[Any, Any]] | None = None
        self.read: set[Key] = set()
        self.written: set[Key] = set()

    def begin(self) -> None:
        """Begin to keep copies, of nothing yet."""
        self.saved, self.read, self.written = {}, set(), set()

    def undo(self) -> None:
        """Put all that was changed back as it was."""
        for thing, copy in (self.saved or {}).values():
            held = held_by(thing)
            if isinstance(held, np.ndarray):
                held[:] = copy
                continue
            held.clear()
            held.extend(copy) if isinstance(held, list) else held.update(copy)
        self.saved = None

    def reads(self, thing: Any, key: Any) -> None:
        """Note that a member of something is read, before it is written."""
        if self.saved is not None:
            place = (id(held_by(thing)), key)
            if place not in self.written:
                self.read.add(place)

    def touch(self, thing: Any, key: Any = None) -> None:
        """Keep a copy of something whose member is about to be written."""
        if self.saved is None:
            return
        held = held_by(thing)
        if id(held) not in self.saved:
            self.saved[id(held)] = (thing, held.copy())
        if key is None and (id(held), key) not in self.written:
            self.read.add((id(held), key))  # a list that is changed keeps the rest of what it had
        self.written.add((id(held), key))


def lasting(roots: Any) -> set[int]:
    """Return the ids of all lists and dicts that are there before a run, from several roots on.

    Only what is in these is carried from one run to the next.
    """
    found: set[int] = set()
    seen: set[int] = set()
    stack = [roots]
    while stack:
        thing = stack.pop()
        if id(thing) in seen or isinstance(thing, int | float | str | ast.AST | type | None):
            continue
        seen.add(id(thing))
        match thing:
            case dict():
                found.add(id(thing))
                stack.extend(thing.values())
            case list() | tuple() | set():
                found.add(id(thing))
                stack.extend(thing)
            case np.ndarray():
                found.add(id(thing))
            case FunctionType():
                stack.extend(cell.cell_contents for cell in thing.__closure__ or ())
            case MethodType() | partial():
                stack.append(getattr(thing, "__self__", None))
                stack.append(getattr(thing, "args", None))
            case _ if type(thing).__module__.startswith(__package__ or "lrviz"):
                stack.extend(vars(thing).values() if hasattr(thing, "__dict__") else ())
    return found


def held_by(thing: Any) -> Any:
    """Return the dict or list that holds the members of something."""
    return thing.names if isinstance(thing, Scope | Instance) else thing

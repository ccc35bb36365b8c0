"""What a run of a function changes, so that it can be undone, and what it takes from runs before."""

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
        self.kept: list[Any] = []

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
        self.written.add((id(held), key))

    def carried(self, new: set[int]) -> set[Key]:
        """Return what was read before it was written, of all but the things that are `new`."""
        return {place for place in self.read & self.written if place[0] not in new}


def held_by(thing: Any) -> Any:
    """Return the dict or list that holds the members of something."""
    return thing.names if isinstance(thing, Scope | Instance) else thing

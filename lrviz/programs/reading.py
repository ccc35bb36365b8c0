"""From the text of a program to its schedules."""

import ast
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..errors import Sentence, SpecError, listing, option, sentence
from ..frameworks import values as plain
from .canonical import texts_of
from .entries import Entry
from .evaluation import FaultError, MissingError
from .faults import RaisedError, RefusalError, SplitError
from .invocations import Invocations, Places
from .schedule import ProgramFunction, ProgramSchedule, Read
from .selection import Choice, Chosen, LackingError
from .source import Source
from .values import (
    RATE,
    Unknown,
)

_MOST_ASKED = 30
"""How many names without a value are listed."""
_SAMPLE = np.unique(np.concatenate([np.arange(24), np.geomspace(24, 3000, 24).astype(np.int64)]))
"""The steps at which a reduced program is held against the whole."""


class Found(NamedTuple):
    """A schedule of a program: its label, what it is, what was assumed, and where it stands.

    It is a schedule, or the call of a framework that makes it, which is still to be bound. Several
    that step one optimizer are one, PyTorch's ChainedScheduler.
    """

    label: str | None
    schedule: ProgramSchedule | plain.Invocation
    notes: tuple[str, ...]
    places: Places
    clock: ProgramFunction | None = None
    """The step that the schedule is asked for, where the text computes it from its own step."""


def read_program(text: str, run: Any, names: Mapping[str, Any] | None = None) -> list[Found]:
    """Return the schedules of a program; `names` gives values to pieces that the text lacks.

    SpecError with the place if it cannot be read, or lacks something.
    """
    source = Source.of(text)
    given = {normal(name): value for name, value in (names or {}).items()}
    try:
        tree = source.tree()
    except SyntaxError as error:
        at = source.place(error.lineno or 1, max((error.offset or 1) - 1, 0))
        why = error.msg.partition(" (")[0]
        raise SpecError(f"this is not Python: {why}; mend it", text, at, at + 1) from None
    except (ValueError, MemoryError, RecursionError):
        raise SpecError(
            "this program is too long or nested too deep; shorten it", text, 0, 0
        ) from None
    reader = Reader(source, tree, given, getattr(run, "lr", None))
    try:
        return reader.found()
    except (LackingError, MissingError) as missing:
        raise _lacking(missing, text, source, tree, given, getattr(run, "lr", None)) from None
    except (RefusalError, RaisedError) as fault:
        says = f"{fault.kind}: {fault.message}" if isinstance(fault, RaisedError) else fault.message
        raise SpecError(says, text, *source.span(fault.node)) from None
    except (RecursionError, SplitError):
        raise SpecError("this program is nested too deep; shorten it", text, 0, 0) from None


def reread(text: str) -> Read:
    """Return a reduced program as it is evaluated."""
    source = Source.of(text)
    reader = Reader(source, source.tree(), {}, None)
    (chosen,) = reader.choose()
    assert isinstance(chosen.what, Entry)
    return reader.read(chosen.what, chosen.name)


def normal(name: str) -> str:
    """Return a name as `ast` writes it."""
    try:
        return ast.unparse(ast.parse(name.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return name.strip()


def _lacking(
    missing: Any,
    text: str,
    source: Source,
    tree: ast.Module,
    given: dict[str, Any],
    lr: float | None,
) -> SpecError:
    """Return the error that lists all that the schedule lacks.

    What is missing behind what is missing is found by reading on with a number in its place.
    """
    first: Unknown = missing.unknown
    if first.why and not first.names:
        return SpecError(first.why, text, *source.span(first.node))
    asked: dict[str, None] = {}
    label = getattr(missing, "label", None)
    tried = dict(given)
    while len(asked) < _MOST_ASKED:
        new = [n for n in missing.unknown.names if n not in asked]
        if not new:
            break
        asked |= dict.fromkeys(new)
        tried |= dict.fromkeys((n for n in new if n != RATE), 1)
        lr = 0.1 if RATE in asked else lr
        try:
            Reader(source, tree, tried, lr).found()
        except (LackingError, MissingError) as more:
            missing = more
            continue
        except (RefusalError, RaisedError, RecursionError, SplitError):
            pass
        break
    subject = label or "this"
    says = f"{subject} needs {listing(asked)}, which the text does not give" + cure(asked)
    return SpecError(says, text, *source.span(first.node))


def cure(names: Collection[str]) -> Sentence:
    """Return what to add for names without a value."""
    said = sentence("; add")
    if RATE in names:
        said += " " + option("lr", 0.1)
    others = tuple(name for name in names if name != RATE)
    if others:
        said += (" and " if RATE in names else " ") + option("names", others)
    return said


class Reader(Invocations):
    """Reads one program."""

    def choose(self) -> list[Chosen]:
        """Run the text, and return what in it are schedules."""
        self.run.read_text(self.tree.body)
        return Choice(self.run, self.tree.body).chosen()

    def found(self) -> list[Found]:
        """Return the schedules of the text."""
        result = []
        for chosen in self.choose():
            notes = list(self.run.notes)
            what: Any
            if isinstance(chosen.what, Entry):
                notes = [*chosen.what.notes, *notes]
                what = self.schedule(chosen.what, chosen.name)
                result.append(Found(chosen.label, what, tuple(dict.fromkeys(notes)), self.places))
                continue
            for label, group in self.groups(chosen):
                self.group = group
                what = self.together(chosen.what)
                clock = self.clock(chosen.what[0]) if len(chosen.what) == 1 else None
                said = tuple(dict.fromkeys(notes))
                result.append(Found(label, what, said, self.places, clock))
        return result

    def schedule(self, entry: Entry, name: str | None) -> ProgramSchedule:
        """Return the schedule of an entry, with a text that was seen to read back as the same."""
        return ProgramSchedule(text=self.reduced(self.read(entry, name), entry, name))

    def reduced(self, read: Read, entry: Entry, name: str | None) -> str:
        """Return the shortest text of the program that gives the same rates."""
        expected = read.evaluation.sample(_SAMPLE)
        for text in texts_of(self.run, self.tree.body, self.given, entry, name):
            try:
                again = reread(text)
            except (
                RefusalError,
                RaisedError,
                LackingError,
                MissingError,
                SyntaxError,
                ValueError,
                RecursionError,
                FaultError,
            ):
                continue
            if repr(again.evaluation.sample(_SAMPLE)) == repr(expected):
                return text
        raise RefusalError(
            "the program cannot be reduced to what its rates need; shorten it", entry.node
        )

"""What a cause of a difference is, and the registry of those that are known."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..discover import import_all

if TYPE_CHECKING:
    from .case import Case


class Cause(NamedTuple):
    """What explains a curve: a word for it, a sentence with its numbers, and those by name.

    The sentence begins with "it", which is the curve; `why` says what that may come from, and may
    be empty. `residual` is the largest gap that is left, in parts of the larger rate. Of two that
    explain a curve, that of the lower `rank` is named. One that is no `fault` makes curves equal.
    `others` explain the curve as well and are as simple.
    `subject` is the label of the curve that is meant, empty if that is the later of the two.
    """

    name: str
    text: str
    numbers: dict[str, float]
    residual: float
    why: str = ""
    rank: float = 0.0
    fault: bool = True
    subject: str = ""
    others: tuple["Cause", ...] = ()

    @property
    def whole(self) -> str:
        """The sentence, and those of the others."""
        return ", or ".join([self.text, *(one.text for one in self.others)])

    @property
    def sentence(self) -> str:
        """The same, about its subject if it has one."""
        if not self.subject:
            return self.whole
        word, rest = self.whole.split(" ", maxsplit=1)
        return f"{self.subject}{word.removeprefix('it').replace('s', chr(39) + 's')} {rest}"

    def said(self, label: str) -> dict[str, Any]:
        """Return what is said of it, by name, where "it" is a label unless it has a subject."""
        return {
            "name": self.name,
            "text": self.whole,
            "why": self.why,
            "numbers": self.numbers,
            "curve": self.subject or label,
            "or": [one.said(label) for one in self.others],
        }


Finder = Callable[["Case"], Iterator[Cause]]


class Registered(NamedTuple):
    """A function that finds causes, and the lowest rank that one of them can have."""

    rank: float
    find: Finder


_finders: dict[str, Registered] = {}


def cause(rank: float) -> Callable[[Finder], Finder]:
    """Register a function that yields causes of a case, of this rank or more."""

    def register(function: Finder) -> Finder:
        _finders[function.__name__] = Registered(rank, function)
        return function

    return register


def finders() -> list[Registered]:
    """Return all that find causes, those of the lowest ranks first."""
    import_all(f"{__package__}.causes")
    return sorted(_finders.values(), key=lambda one: one.rank)

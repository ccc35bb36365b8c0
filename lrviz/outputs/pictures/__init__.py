"""Pictures of curves, one file for each format, named as the format and as its files end.

A format makes the bytes of a file from panels. That may carry a text about itself, which `read`
finds in the files of any format.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from ...discover import import_all, import_named
from ...errors import LrvizError, listing, quoted

if TYPE_CHECKING:
    from ..figure import Panel, Paper


class Rendered(NamedTuple):
    """The bytes of a picture, and notes on what could not be drawn as it should be."""

    data: bytes
    notes: Sequence[str] = ()


class Stamp(NamedTuple):
    """The format of a file, what it says of itself, and whether it is as it was drawn."""

    form: str
    about: str
    whole: bool


class Format:
    """A format of pictures; `in_documents` says whether Markdown and HTML show its files.

    One from which rates are read says about how many `numbers` its files hold: its curves are then
    all evaluated at the same steps. Others have a line for each column of pixels of the paper.
    """

    name: ClassVar[str] = ""
    in_documents: ClassVar[bool] = True
    numbers: ClassVar[int | None] = None

    def render(
        self,
        panels: "Sequence[Panel]",
        paper: "Paper",
        *,
        title: str = "",
        columns: int = 1,
        about: str = "",
    ) -> Rendered:
        """Return a picture of panels in so many columns, which holds the text `about`."""
        raise NotImplementedError

    def read(self, data: bytes) -> Stamp | None:  # noqa: ARG002, for formats that hold a text
        """Return what a file of this format says of itself; None if it is no such, or silent."""
        return None

    def difference(self, one: bytes, other: bytes) -> str:
        """Return how two files of this format differ for who looks at them, "" if they do not."""
        return "it has other bytes" if one != other else ""


_Kind = TypeVar("_Kind", bound=type[Format])
_formats: dict[str, Format] = {}


def picture(name: str) -> Callable[[_Kind], _Kind]:
    """Register a class as the format of that name."""

    def register(kind: _Kind) -> _Kind:
        kind.name = name
        _formats[name] = kind()
        return kind

    return register


def formats() -> list[str]:
    """Return the names of all formats, those that documents show first."""
    import_all(__name__)
    return sorted(_formats, key=lambda name: (not _formats[name].in_documents, name))


def find(name: str) -> Format | None:
    """Return the format of that name, None if there is none."""
    import_named(__name__, name)
    return _formats.get(name)


def named(path: str | PurePath) -> Format | None:
    """Return the format that a file has by the ending of its name, None if that is of none."""
    return find(PurePath(path).suffix.removeprefix(".").lower())


def format_of(path: str | PurePath, subject: str = "", or_else: str = "") -> Format:
    """Return the format that a file has by its name; LrvizError if that says none.

    The error begins with the `subject`, and ends in what could be done instead.
    """
    found = named(path)
    if found is None:
        suffix = PurePath(path).suffix
        ending = f"ends in {quoted(suffix.lower())}" if suffix.strip(".") else "has no ending"
        raise LrvizError(
            f"{subject}{quoted(str(path))} {ending}, and figures are "
            f"{listing((name.upper() for name in formats()), 'or')}; {usual_names()}{or_else}"
        )
    return found


def usual_names() -> str:
    """Return what to do about a name that says no format, for use inside an error."""
    return f"name a file that ends in {listing((f'.{name}' for name in formats()), 'or')}"


def read(data: bytes) -> Stamp | None:
    """Return what a file in any of the formats says of itself; None if that is nothing."""
    return next((said for name in formats() if (said := _formats[name].read(data))), None)

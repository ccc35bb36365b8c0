"""What readers of logs are given, and what they give back."""

import codecs
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from os import fstat
from pathlib import Path
from typing import NamedTuple

from ..errors import LrvizError, Sentence, printable, sentence
from .columns import Wanted
from .places import HEAD

_PIECE = 1 << 18
"""How many bytes are read at once."""

LONGEST = 1 << 26
"""How long a line may be, in characters."""

_ROWS = 1000
"""How many rows of objects are held at once, and looked at for the names of columns."""

_HELD = 100
"""How many times as many are held at most until all that is looked for has a column."""

_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
"""What files begin with that say how their characters are written."""


Progress = Callable[[int, int], None]
"""What is told how many bytes of a log are read, and of how many."""


class Source(NamedTuple):
    """A log to be read: its path and title, its opened files, which columns, and what was mended.

    Only TensorBoard has more than one file to a log.
    """

    path: Path
    title: str
    files: Sequence[io.BufferedReader]
    wanted: Wanted
    notes: list[str]
    steps_per_epoch: float | None = None
    progress: Progress = lambda *_: None

    def head(self) -> bytes:
        """Return how the first file that is not empty begins."""
        return next((head for file in self.files if (head := file.peek(HEAD)[:HEAD])), b"")

    def tell(self, what: str) -> None:
        """Note a repair."""
        self.notes.append(f"{printable(self.title)}: {what}")

    def refused(self, why: str | Sentence) -> LrvizError:
        """Return the error that says why the log cannot be read."""
        return LrvizError(f"{printable(self.title)}: " + sentence(why))

    def pieces(self) -> Iterator[str]:
        """Yield the text of the file in pieces."""
        (file,) = self.files
        decoder = codecs.getincrementaldecoder(encoding_of(self.head()))("replace")
        ends = io.IncrementalNewlineDecoder(decoder, translate=True)
        done, size = 0, fstat(file.fileno()).st_size
        for data in iter(lambda: file.read(_PIECE), b""):
            done += len(data)
            self.progress(done, max(done, size))
            if text := ends.decode(data):
                yield text
        if text := ends.decode(b"", final=True):
            yield text

    def texts(self) -> Iterator[str]:
        """Yield the text of the file in pieces that end where a line does."""
        rest = ""
        for piece in self.pieces():
            rest += piece
            end = rest.rfind("\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > LONGEST:
                raise self.refused(
                    f"a line has more than {LONGEST:,} characters; name another file"
                )
        if rest:
            yield rest


class Block(NamedTuple):
    """Cells of some columns in a stretch of rows: the numbers of the rows, and the columns."""

    rows: Sequence[int]
    columns: Sequence[Sequence[object]]


class Records(NamedTuple):
    """The names of a log's columns, and a function that takes the cells of some of them."""

    names: Sequence[str]
    take: Callable[[Sequence[int]], Iterator[Block]]


def encoding_of(head: bytes) -> str:
    """Return how the characters of a file that begins with `head` are written."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    for encoding, nulls in (("utf-16-le", head[1:8:2]), ("utf-16-be", head[:8:2])):
        if len(head) > 3 and not any(nulls) and head[:8].count(0) == len(nulls):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def is_text(head: bytes) -> bool:
    """Return whether a file that begins with `head` may be text."""
    return "\0" not in head.decode(encoding_of(head), "replace")


def as_text(head: bytes) -> str:
    """Return the text that a file begins with, without the spaces before it."""
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff").lstrip()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def of_objects(objects: Iterable[tuple[int, object]], wanted: Wanted) -> Records:
    """Return the records of numbered objects, whose names are known only once they are read.

    What is in an object inside of an object is named `outer/inner`. Of several quantities the first
    may come long before the others, so that many rows are held to learn all their names.
    """
    rows = ((row, flattened(found)) for row, found in objects)
    names: dict[str, None] = {}
    head: list[tuple[int, Mapping[str, object]]] = []
    passed_over = 0
    while group := list(islice(rows, _ROWS)):
        names.update((name, None) for _, found in group for name in found)
        head += group
        missing = wanted.missing(names)
        if not missing or len(head) >= _HELD * _ROWS:
            break
        if missing == len(wanted.columns):
            passed_over += 1
            head = []
    known = list(names)

    def take(columns: Sequence[int]) -> Iterator[Block]:
        nothing = [None] * _ROWS
        for _ in range(passed_over):
            yield Block(range(_ROWS), [nothing] * len(columns))
        starts = range(0, len(head), _ROWS)
        groups = (head[start : start + _ROWS] for start in starts)
        for group in chain(groups, iter(lambda: list(islice(rows, _ROWS)), [])):
            yield Block(
                [row for row, _ in group],
                [[found.get(known[column]) for _, found in group] for column in columns],
            )

    return Records(known, take)


_MOST_ITEMS = 64
"""A longer list holds no rates of parameter groups."""


_PLAIN = {int, float, str, type(None)}


def flattened(found: object) -> Mapping[str, object]:
    """Return what is in an object, and in all that is in it, by name."""
    if isinstance(found, dict) and {*map(type, found.values())} <= _PLAIN:
        return found
    return dict(_flat(found))


def _flat(found: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield the names and values of an object and of all that is in it."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from _flat(value, f"{name}/{key}" if name else str(key))
    elif isinstance(found, list):
        for number, value in enumerate(found[:_MOST_ITEMS]):
            yield from _flat(value, f"{name}/{number}")
    elif name:
        yield name, str(found) if isinstance(found, bool) else found

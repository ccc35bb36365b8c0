"""Recorded runs as curves, one file for each format of logs, found by content and file ending.

A reader turns a file into `Records`, cells in blocks as they come, so that a log of any length
needs no more memory than its points.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from ..curves import Curve
from ..discover import import_all
from ..errors import listing, printable
from ..schedules.quantity import LEARNING_RATE, Quantity
from .columns import Wanted
from .places import Place
from .points import gather
from .records import Records, Source


class Log(NamedTuple):
    """A recorded run: its label, a curve of each quantity, and what was mended, in sentences.

    The steps of a curve, shape (n,), are int64 and rise strictly; its values are float64.
    """

    label: str
    curves: tuple[Curve, ...]
    notes: tuple[str, ...]

    @property
    def curve(self) -> Curve:
        """The first of the curves, or the only one."""
        return self.curves[0]


Reader = Callable[[Source], Records]


class Format(NamedTuple):
    """A format: the usual endings of its files, whether a file begins like one, and a reader."""

    endings: tuple[str, ...]
    fits: Callable[[bytes], bool]
    reader: Reader


_formats: list[Format] = []


def log_format(*endings: str, fits: Callable[[bytes], bool]) -> Callable[[Reader], Reader]:
    """Register a function as the reader of a format."""

    def register(function: Reader) -> Reader:
        _formats.append(Format(endings, fits, function))
        return function

    return register


def read(
    text: str,
    step_column: str | None = None,
    wanted: Mapping[Quantity, str | None] | None = None,
) -> Log:
    """Return the log that PATH or PATH:COLUMN names; LrvizError if it cannot be read.

    `wanted` are the quantities that are looked for and their columns, the learning rate unless
    others are; COLUMN is that of the first. The columns of the steps, and of all for which None is
    given, are found by their usual names.
    """
    place = Place.named(text)
    columns = dict(wanted or {LEARNING_RATE: None})
    first = next(iter(columns))
    columns[first] = place.column or columns[first]
    with ExitStack() as closing:
        files = [closing.enter_context(file) for file in place.files()]
        asked = Wanted(printable(str(place.path)), columns, step_column)
        source = Source(place.path, place.title, files, asked, [])
        with place.faults_told():
            found = gather(source, _format(source).reader(source))
    label = place.title if place.column is None else f"{place.title}:{place.column}"
    curves = (
        Curve(label, *points, quantity=what) for what, points in zip(columns, found, strict=True)
    )
    return Log(label, tuple(curves), tuple(dict.fromkeys(source.notes)))


def endings() -> list[str]:
    """Return the usual endings of the names of logs."""
    import_all(f"{__name__}.formats")
    return sorted(ending for form in _formats for ending in form.endings)


def _format(source: Source) -> Format:
    """Return the format that a file begins like; of several, the one that its ending says."""
    known = endings()
    head = source.head()
    if not head.strip():
        raise source.refused("the file is empty; name another")
    fitting = [form for form in _formats if form.fits(head)]
    if not fitting:
        raise source.refused(
            f"this is no log that can be read; export it as one that ends in {listing(known, 'or')}"
        )
    ending = source.path.suffix.lower()
    return next((form for form in fitting if ending in form.endings), fitting[0])

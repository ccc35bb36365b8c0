"""Recorded runs as curves, one file for each format of logs, found by content and file ending.

A reader turns a file into `Records`, cells in blocks as they come, so that a log of any length
needs no more memory than its points.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from ..curves import Curve
from ..discover import import_all
from ..errors import LrvizError, listing, printable
from ..schedules.quantity import LEARNING_RATE, Quantity
from .columns import Wanted, run_of
from .gathering import Found, gather
from .pivot import widened
from .places import Place, is_broken, kind_of
from .records import Progress, Records, Source


class Log(NamedTuple):
    """A recorded run: its label, a curve of each quantity, and what was mended, in sentences.

    The steps of a curve, shape (n,), are int64 and rise strictly; its values are float64. `text`
    names it, PATH or PATH:COLUMN, also where it is one of several in a file.
    """

    label: str
    curves: tuple[Curve, ...]
    notes: tuple[str, ...]
    text: str = ""

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
    steps_per_epoch: float | None = None,
) -> Log:
    """Return the log that PATH or PATH:COLUMN names; LrvizError if it cannot be read.

    `wanted` are the quantities that are looked for and their columns, the learning rate unless
    others are; COLUMN is that of the first. The columns of the steps, and of all for which None is
    given, are found by their usual names. Where only epochs are counted, `steps_per_epoch` says
    how many steps those have.
    """
    found = read_all(text, step_column, wanted, steps_per_epoch)
    if len(found) > 1:
        texts = listing((f"@{printable(one.text)}" for one in found[:_MOST_NAMED]), "or")
        raise LrvizError(f"{printable(text)} is {len(found)} curves; name one, such as {texts}")
    return found[0]


def read_all(
    text: str,
    step_column: str | None = None,
    wanted: Mapping[Quantity, str | None] | None = None,
    steps_per_epoch: float | None = None,
    progress: Progress | None = None,
) -> list[Log]:
    """Return the logs that PATH, PATH:COLUMN or PATH:PREFIX* names, as `read` does that of one.

    There are several if a `*` stands for several columns, or if columns are of several runs.
    `progress` is told how many bytes of how many are read.
    """
    place = Place.named(text)
    columns = dict(wanted or {LEARNING_RATE: None})
    first = next(iter(columns))
    columns[first] = place.column or columns[first]
    with ExitStack() as closing:
        files = [closing.enter_context(file) for file in place.files()]
        asked = Wanted(printable(str(place.path)), columns, step_column)
        source = Source(place.path, place.title, files, asked, [], steps_per_epoch)
        source = source._replace(progress=progress or source.progress)
        with place.faults_told():
            found = gather(source, widened(source, _format(source).reader(source)))
        if any(is_broken(file) for file in files):
            source.tell("it is broken or cut off where it is packed; what is before counts")
    notes = tuple(dict.fromkeys(source.notes))
    if not found[0].name:
        label = place.title if place.column is None else f"{place.title}:{place.column}"
        return [Log(label, _curves(label, columns, found), notes, text)]
    logs = []
    for one in found:
        run = run_of(one.name)
        label = run if run and place.column is None else f"{place.title}:{one.name}"
        named = f"{text.removesuffix(f':{place.column}')}:{one.name}"
        logs.append(Log(label, _curves(label, columns, [one]), notes, named))
    return logs


_MOST_NAMED = 8


def _curves(
    label: str, columns: Mapping[Quantity, str | None], found: Sequence[Found]
) -> tuple[Curve, ...]:
    """Return the curves of quantities under a label."""
    pairs = zip(columns, found, strict=False)
    return tuple(
        Curve(label, one.steps, one.values, recorded=True, quantity=what, whole=one.whole)
        for what, one in pairs
    )


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
            f"{kind_of(head)}; export it as one that ends in {listing(known, 'or')}"
        )
    ending = next(
        (e for e in reversed(source.path.suffixes) if e.lower() not in (".gz", ".bz2", ".xz")), ""
    ).lower()
    return next((form for form in fitting if ending in form.endings), fitting[0])

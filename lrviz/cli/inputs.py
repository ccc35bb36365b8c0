"""Reading what a command shows, and saying what was assumed and mended for that."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ..series import Series, read_inputs
from ..specs.quantities import Run
from . import console


@contextmanager
def reading(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many bytes of how many of a log are read, and shows that."""
    with console.bar(100, hidden=quiet, of="reading") as tell:
        yield lambda done, size: tell(100 * done // max(size, 1))


def inputs_of(texts: Iterable[str], run: Run, step_column: str | None, quiet: bool) -> list[Series]:
    """Return what texts stand for; say the notes on them unless `quiet`."""
    with reading(quiet) as progress:
        found, notes = read_inputs(texts, run, step_column, progress=progress)
    console.tell(notes, quiet)
    return found

"""Reading what a command shows, and saying what was assumed and mended for that."""

from collections.abc import Iterable

from ..series import Series, read_inputs
from ..specs.quantities import Run
from . import console


def inputs_of(texts: Iterable[str], run: Run, step_column: str | None, quiet: bool) -> list[Series]:
    """Return what texts stand for; say the notes on them unless `quiet`."""
    with console.bar(100, hidden=quiet, of="reading") as tell:
        found, notes = read_inputs(
            texts, run, step_column, progress=lambda done, size: tell(100 * done // size)
        )
    console.tell(notes, quiet)
    return found

"""Reading what a command shows, and saying what was assumed and mended for that."""

from collections.abc import Iterable

from ..series import Series, read_inputs
from ..specs.quantities import Run
from . import console


def inputs_of(texts: Iterable[str], run: Run, step_column: str | None, quiet: bool) -> list[Series]:
    """Return what texts stand for; say the notes on them unless `quiet`."""
    found, notes = read_inputs(texts, run, step_column)
    console.tell(notes, quiet)
    return found

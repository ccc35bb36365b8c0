"""Tables of rates by step, one file for each format, named as the format.

A writer turns `Rows` into pieces of text as they come, so that a table of any length needs no more
memory than a block of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...discover import import_all, import_named
from ...errors import LrvizError, did_you_mean, listing, quoted
from ...schedules.numeric import Array, Steps

Numbers = Array | Sequence[float | None]
"""A column: NaN in an array, and None elsewhere, is a number that is not there."""


class Rows(NamedTuple):
    """A table: the labels of its curves, and blocks of steps with a column of rates a curve.

    `first` is what the first column is called; it may have words in place of steps. `width` is how
    many columns the terminal has that shows it; None means any number.
    """

    labels: Sequence[str]
    blocks: Iterable[tuple[Steps | Sequence[str], Sequence[Numbers]]]
    width: int | None = None
    colour: bool = False
    first: str = "step"

    @property
    def first_is_number(self) -> bool:
        """Whether the first column has steps, and not words."""
        return self.first == "step"

    def texts(self, missing: str = "") -> Iterator[list[tuple[str, ...]]]:
        """Yield blocks of rows in the shortest texts that read back as the same numbers."""
        for firsts, columns in self.blocks:
            texts = (_texts(column, missing) for column in columns)
            yield [*zip(_firsts(firsts), *texts, strict=True)]


Writer = Callable[[Rows], Iterator[str]]
_writers: dict[str, Writer] = {}


def writer(form: str) -> Callable[[Writer], Writer]:
    """Register a function as the writer of a format."""

    def register(function: Writer) -> Writer:
        _writers[form] = function
        return function

    return register


def find(form: str) -> Writer:
    """Return the writer of a format; LrvizError if there is none."""
    import_named(__name__, form)
    if form not in _writers:
        known = formats()
        cure = did_you_mean(form, known) or f"; the formats are {listing(known)}"
        raise LrvizError(f"tables have no format {quoted(form)}{cure}")
    return _writers[form]


def formats() -> list[str]:
    """Return the names of all formats."""
    import_all(__name__)
    return sorted(_writers)


def _firsts(firsts: Steps | Sequence[str]) -> Iterable[str]:
    return map(str, firsts.tolist()) if isinstance(firsts, np.ndarray) else firsts


def _texts(values: Numbers, missing: str) -> Iterable[str]:
    if not isinstance(values, np.ndarray):
        return (missing if value is None else str(value) for value in values)
    # The items of a float64 array print slower than the floats that they are.
    texts = map(str, values.tolist() if values.dtype == np.float64 else values)
    gaps = np.isnan(values).any()
    return (missing if text == "nan" else text for text in texts) if gaps else texts

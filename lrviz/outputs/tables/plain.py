"""Aligned columns with all digits, for eyes and for tools that split at blanks."""

from collections.abc import Iterator

from ...errors import cells, printable
from . import Rows, writer

_LONGEST_RATE = 23
"""How many characters the longest float64 takes."""
_LONGEST_NAME = 27
"""How many characters the longest name of a row takes."""


@writer("plain")
def write(rows: Rows) -> Iterator[str]:
    """Yield a line of labels and a line for each step."""
    labels = [rows.first, *map(printable, rows.labels)]
    first = 16 if rows.first_is_number else _LONGEST_NAME
    widths = [max(cells(label), _LONGEST_RATE if i else first) for i, label in enumerate(labels)]
    yield _line([label + " " * (w - cells(label)) for label, w in zip(labels, widths, strict=True)])
    for block in rows.texts():
        for row in block:
            yield _line(
                [(text or "-").ljust(width) for text, width in zip(row, widths, strict=True)]
            )


def _line(texts: list[str]) -> str:
    return "  ".join(texts).rstrip() + "\n"

"""A table for Markdown files."""

import re
from collections.abc import Iterator, Sequence

from ...errors import printable
from . import Rows, writer


@writer("md")
def write(rows: Rows) -> Iterator[str]:
    """Yield a table as GitHub reads it; what is special in Markdown is escaped in the labels."""
    labels = [_escaped(label) for label in rows.labels]
    first = "---:" if rows.first_is_number else "---"
    yield _row([rows.first, *labels]) + _row([first, *["---:"] * len(labels)])
    for block in rows.texts():
        yield "".join(_row([_escaped(first), *values]) for first, *values in block)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~$#])", r"\\\1", printable(text))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"

"""Comma-separated values, with all digits."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from ...errors import printable
from . import Rows, writer


@writer("csv")
def write(rows: Rows) -> Iterator[str]:
    """Yield lines of values between commas; labels are quoted where they must be (RFC 4180)."""
    return separated(rows, ",")


def separated(rows: Rows, mark: str) -> Iterator[str]:
    """Yield lines of values between marks, the first with the labels."""
    yield _quoted([[rows.first, *map(printable, rows.labels)]], mark)
    for block in rows.texts():
        if rows.first_is_number:
            yield "".join(f"{mark.join(row)}\n" for row in block)
        else:
            yield _quoted([(printable(first), *values) for first, *values in block], mark)


def _quoted(lines: Iterable[Sequence[str]], mark: str) -> str:
    """Return lines in which a text that has a mark in it is quoted."""
    file = io.StringIO()
    csv.writer(file, delimiter=mark, lineterminator="\n").writerows(lines)
    return file.getvalue()

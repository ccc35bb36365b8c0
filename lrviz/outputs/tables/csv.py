"""Comma-separated values, with all digits."""

import csv
import io
from collections.abc import Iterator

from ...errors import printable
from . import Rows, writer


@writer("csv")
def write(rows: Rows) -> Iterator[str]:
    """Yield lines of values between commas; labels are quoted where they must be (RFC 4180)."""
    return separated(rows, ",")


def separated(rows: Rows, mark: str) -> Iterator[str]:
    """Yield lines of values between marks, the first with the labels."""
    header = io.StringIO()
    labels = (printable(label) for label in rows.labels)
    csv.writer(header, delimiter=mark, lineterminator="\n").writerow([rows.first, *labels])
    yield header.getvalue()
    for block in rows.texts():
        yield "".join(f"{mark.join(row)}\n" for row in block)

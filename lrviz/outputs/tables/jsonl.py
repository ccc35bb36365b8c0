"""JSON lines: an object for each step, with all digits."""

import json
from collections.abc import Iterator

from ...errors import printable
from . import Rows, writer


@writer("jsonl")
def write(rows: Rows) -> Iterator[str]:
    """Yield an object a line."""
    for block in objects(rows):
        yield "".join(f"{line}\n" for line in block)


def objects(rows: Rows) -> Iterator[list[str]]:
    """Yield blocks of JSON objects that map "step" and the labels to numbers."""
    names = [json.dumps(printable(name), ensure_ascii=False) for name in (rows.first, *rows.labels)]
    for block in rows.texts(missing="null"):
        yield ["{" + ", ".join(map(_pair, names, _quoted_first(row, rows))) + "}" for row in block]


def _pair(name: str, value: str) -> str:
    return f"{name}: {value}"


def _quoted_first(row: tuple[str, ...], rows: Rows) -> tuple[str, ...]:
    """Return a row whose first cell, unless it is a step, is a JSON string."""
    return row if rows.first_is_number else (json.dumps(row[0]), *row[1:])

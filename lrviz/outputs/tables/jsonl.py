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
    form = "{" + ", ".join(name.replace("%", "%%") + ": %s" for name in names) + "}"
    for block in rows.texts(missing="null"):
        if rows.first_is_number:
            yield [form % row for row in block]
        else:
            yield [form % (json.dumps(first), *values) for first, *values in block]

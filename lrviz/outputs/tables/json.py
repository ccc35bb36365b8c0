"""JSON: an array with an object for each step, with all digits."""

from collections.abc import Iterator

from . import Rows, writer
from .jsonl import objects


@writer("json")
def write(rows: Rows) -> Iterator[str]:
    """Yield one array of objects, an object a line."""
    mark = "[\n"
    for block in objects(rows):
        yield mark + ",\n".join(block)
        mark = ",\n"
    yield "\n]\n"

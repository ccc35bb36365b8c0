"""JSON lines: an object to each row."""

import json
from collections.abc import Iterator, Sequence

from .. import log_format
from ..lines import begins_as_json, wraps_lines
from ..records import Records, Source, as_text, is_text, of_objects


def _begins_well(head: bytes) -> bool:
    if not is_text(head):
        return False
    text = as_text(head)
    return text.startswith("{") and begins_as_json(text) and not wraps_lines(text)


@log_format(".jsonl", ".ndjson", fits=_begins_well)
def records(source: Source) -> Records:
    """Return the records of the lines that are objects."""
    return of_objects(_objects(source), source.wanted)


def _objects(source: Source) -> Iterator[tuple[int, object]]:
    """Yield the objects and the numbers of their lines; others are passed over and told."""
    row = broken = first = 0
    unfinished = False
    for text in source.texts():
        *lines, rest = text.split("\n")
        together = _together(lines)
        if together is not None:
            yield from enumerate(together, row + 1)
            row += len(lines)
            lines = []
        for line in [*lines, rest] if rest else lines:
            row += 1
            found = _object(line)
            if found is not None:
                yield row, found
            elif line.strip():
                broken += 1
                first = first or row
                unfinished = line is rest
    if unfinished:
        broken -= 1
        source.tell("the last row is cut off and was passed over")
    if broken == 1:
        source.tell(f"row {first} is no JSON object and was passed over")
    elif broken:
        source.tell(f"{broken:,} rows, first row {first}, are no JSON objects and were passed over")


def _together(lines: Sequence[str]) -> list[dict[str, object]] | None:
    """Return the objects of lines, read at once for speed; None if each must be looked at."""
    if not all(line[:1] == "{" and line[-1:] == "}" for line in lines):
        return None
    try:
        found = json.loads(f"[{','.join(lines)}]")
    except (ValueError, RecursionError):
        return None
    return found if len(found) == len(lines) else None


def _object(line: str) -> dict[str, object] | None:
    """Return the object of a line, None if it is something else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None

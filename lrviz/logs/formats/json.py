"""JSON: the list of a run's entries, such as the `log_history` of Hugging Face's trainer."""

import json
import re
from collections.abc import Iterator

from .. import log_format
from ..records import Records, Source, as_text, is_text, of_objects

_HISTORY = re.compile(r'"log_history"\s*:\s*\[')
"""Where the list of entries begins."""

_LONGEST_NAME = 100
"""How long that is at most, with the spaces in it."""

_GAP = re.compile(r"[\s,]*")

_LONGEST = 1 << 24
"""How long an entry may be, in characters."""


def _begins_well(head: bytes) -> bool:
    if not is_text(head):
        return False
    text = as_text(head)
    return text.startswith("[") or (text.startswith("{") and not _is_an_entry(text))


def _is_an_entry(text: str) -> bool:
    """Return whether the first line is an object of its own: then all of them are."""
    try:
        found = json.loads(text.partition("\n")[0])
    except (ValueError, RecursionError):
        return False
    return "log_history" not in found


@log_format(".json", fits=_begins_well)
def records(source: Source) -> Records:
    """Return the records of a list of objects, which is the whole or is called `log_history`."""
    return of_objects(_entries(source), source.wanted)


def _entries(source: Source) -> Iterator[tuple[int, object]]:
    """Yield the entries of the list and their numbers, from 1; tell it if the list is cut off."""
    pieces = source.pieces()
    text = _list(source, pieces)
    decoder = json.JSONDecoder()
    number = at = 0
    while True:
        at = _end_of_gap(text, at)
        if text.startswith("]", at):
            return
        try:
            found, after = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            after = len(text)
        if after < len(text):  # else a number might go on
            number += 1
            yield number, found
            at = after
            continue
        more = next(pieces, "") if len(text) - at < _LONGEST else ""
        if not more:
            source.tell(f"it is broken or cut off after entry {number}; what is before counts")
            return
        text, at = text[at:] + more, 0


def _end_of_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _list(source: Source, pieces: Iterator[str]) -> str:
    """Return the text from the beginning of the list on; LrvizError if there is no list."""
    text = next(pieces).lstrip()
    if text.startswith("["):
        return text[1:]
    while True:
        begin = _HISTORY.search(text)
        if begin:
            return text[begin.end() :]
        more = next(pieces, "")
        if not more:
            raise source.refused("it has no list 'log_history'; name a file with entries by step")
        text = text[-_LONGEST_NAME:] + more

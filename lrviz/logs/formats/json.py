"""JSON: a list of entries, such as `log_history` of Hugging Face's trainer, or lists of numbers."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any
from warnings import catch_warnings

from ...errors import uncapitalized
from .. import log_format
from ..columns import is_step, listed
from ..lines import begins_as_json
from ..places import HEAD
from ..records import Block, Records, Source, as_text, flattened, is_text, of_objects
from ..shapes import columns_of, entries_in

_HISTORY = re.compile(r'"log_history"\s*:\s*\[')
"""Where the list of entries begins."""

_ENTRIES = re.compile(r"\[\s*(\{|$)")

_LONGEST_NAME = 100
"""How long its name is at most, with the spaces in it."""

_LONGEST_WHOLE = 1 << 25
"""How much is read at once, in characters, to find it or to do without."""

_GAP = re.compile(r"[\s,]*")

_LONGEST = 1 << 24
"""How long an entry may be, in characters."""


def _begins_well(head: bytes) -> bool:
    if not is_text(head):
        return False
    text = as_text(head)
    if not begins_as_json(text):
        return len(head) < HEAD and columns_of(_printed(text)) is not None
    return text.startswith("[") or not _is_an_entry(text)


def _is_an_entry(text: str) -> bool:
    """Return whether the first line is an object of its own: then all of them are."""
    line, _, rest = text.partition("\n")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    counted = any(is_step(key) and isinstance(value, int | float) for key, value in found.items())
    return "log_history" not in found and (
        counted or bool(rest.strip()) or not (columns_of(found) or entries_in(found))
    )


def _printed(text: str) -> object:
    """Return the lists that Python printed in an object, such as Keras' history; None if none."""
    if not _OF_LISTS.match(text):
        return None
    try:
        with catch_warnings(action="ignore"):  # of odd numbers
            return ast.literal_eval(_NAN.sub("None", _NUMPY.sub(r"\1", text)))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


_OF_LISTS = re.compile(r"\{\s*'[^'\n]*':\s*\[")
_NUMPY = re.compile(r"\b(?:np|numpy)\.\w+\(([^()]*)\)")
_NAN = re.compile(r"\b(?:nan|inf)\b")


@log_format(".json", fits=_begins_well)
def records(source: Source) -> Records:
    """Return the records of a list of objects, which is the whole or is called `log_history`.

    Or else of an object whose lists are columns, or of a list of numbers or of rows of numbers.
    """
    pieces = source.pieces()
    if _ENTRIES.match(as_text(source.head())):
        begin = next(piece for piece in pieces if piece.strip("\ufeff \t\n"))
        return of_objects(_entries(source, begin[begin.index("[") + 1 :], pieces), source.wanted)
    text, looked_at = "", 0
    while not (history := _HISTORY.search(text, looked_at)):
        looked_at = max(len(text) - _LONGEST_NAME, 0)
        more = next(pieces, "")
        if not more:
            return _whole(source, text)
        if len(text) > _LONGEST_WHOLE:
            raise source.refused(
                f"it has no list 'log_history' in its first {_LONGEST_WHOLE:,} characters; "
                "export the run as CSV"
            )
        text += more
    return of_objects(_entries(source, text[history.end() :], pieces), source.wanted)


def _all_in(text: str) -> list[Any]:
    """Return what a text holds one after the other, as where entries are added to a file."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    at = 0
    while at < len(text) or not found:
        one, after = decoder.raw_decode(text, at)
        found.append(one)
        at = _end_of_gap(text, after)
    return found


def _whole(source: Source, text: str) -> Records:
    """Return the records of a text that is read at once."""
    try:
        found, *others = [one] if (one := _printed(text)) else _all_in(text)
    except RecursionError:
        raise source.refused("it nests too deeply for a log; name another file") from None
    except ValueError as error:
        why = uncapitalized(str(error))
        raise source.refused(f"it is no whole JSON ({why}); save it again") from None
    if others:
        return of_objects(enumerate([found, *others], 1), source.wanted)
    columns, most = columns_of(found), len(source.wanted.columns)
    lacks = columns is None or source.wanted.missing(columns) == most
    if lacks and (entries := _fitting(source, found)):
        return of_objects(enumerate(entries, 1), source.wanted)
    if columns is None:
        raise source.refused(
            "it has no list 'log_history' nor lists of numbers; name a file with entries by step"
        )
    names = list(columns)
    count = len(next(iter(columns.values()), ()))
    rows = range(1, count + 1)
    return Records(names, lambda chosen: iter([Block(rows, [columns[names[i]] for i in chosen])]))


def _fitting(source: Source, found: object) -> list[object]:
    """Return the list of objects in which there is what is wanted, or the only list."""
    lists = entries_in(found)
    wanted, most = source.wanted, len(source.wanted.columns)
    fitting = [
        (name, entries)
        for name, entries in lists
        if wanted.missing({key for one in entries[:_LOOKED_AT] for key in flattened(one)}) < most
    ]
    counted = [one for one in fitting if any(is_step(key) for key in flattened(one[1][0]))]
    if len(fitting) > 1 and len(counted) != 1:
        named = listed([name for name, _ in fitting])
        raise source.refused(f"it holds {len(fitting)} lists of entries, {named}; save one of them")
    chosen = counted[:1] or fitting or lists[:1]
    return chosen[0][1] if chosen else []


_LOOKED_AT = 1000
"""In how many entries names are looked for."""


def _entries(source: Source, text: str, pieces: Iterator[str]) -> Iterator[tuple[int, object]]:
    """Yield the entries of the list and their numbers, from 1; tell it if the list is cut off."""
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

"""On which line of a TOML document a value stands, for errors; tomllib tells values alone."""

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

KeyPath = tuple[str | int, ...]
"""The keys, and indices in arrays from 0, that lead to a value."""

_DEEPEST = 100
"""In how many tables those are looked for that only the keys of others name."""

_STRING = r"""
    "{3} (?: \\. | [^\\] )*? "{3,5}
    | '{3} .*? '{3,5}
    | " (?: \\. | [^"\\] )* "
    | ' [^']* '
"""
"""A string of any kind; before the three quotes that close it, up to two may be its text."""

_KEY = re.compile(rf"{_STRING} | [\w-]+", re.DOTALL | re.VERBOSE)
_SCALAR = re.compile(rf"{_STRING} | [^,\]}}#\n]+", re.DOTALL | re.VERBOSE)
_GAP = re.compile(r"(?:\s|#[^\n]*)*")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, counted from 1, on which the value at `path` begins in a TOML document.

    For a value that has a key, the line of the key; for a table that has a header, of its header.
    Where nothing is at `path`, the line of the innermost table or array around it.
    The text is one that tomllib reads; of another, ValueError or any line.
    """
    lines = lines_of(text)
    wanted = tuple(path)
    while wanted not in lines:
        wanted = wanted[:-1]
    return lines[wanted]


@functools.lru_cache(maxsize=1)
def lines_of(text: str) -> Mapping[KeyPath, int]:
    """Return the line of every value of a TOML document, which itself begins on line 1.

    A table that only the keys of others name stands where they first name it.
    """
    written = dict(_Reader(text).document())
    implied: dict[KeyPath, int] = {(): 1}
    for path, line in written.items():
        for end in range(min(len(path), _DEEPEST)):
            implied.setdefault(path[:end], line)
    return implied | written


class _Reader:
    """Goes through a TOML document, and yields the path and the line of what is written there.

    Line ends need no care: a value without quotes never goes past one, and elsewhere they are gaps.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = (0, 1)  # a place, and the line there
        self._last: dict[KeyPath, int] = {}  # of arrays of tables, the index of the last one so far

    def document(self) -> Iterator[tuple[KeyPath, int]]:
        table: KeyPath = ()
        while not self._ended():
            line = self._line()
            if self._passes("[["):
                keys = self._keys()
                array = (*self._table(keys[:-1]), keys[-1])
                self._last[array] = self._last.get(array, -1) + 1
                table = self._table(keys)
                self._passes("]]")
                yield table, line
            elif self._passes("["):
                table = self._table(self._keys())
                self._passes("]")
                yield table, line
            else:
                yield from self._entry(table)

    def _table(self, keys: Sequence[str]) -> KeyPath:
        """Return the path that the keys of a header mean: in an array, its last table so far."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _entry(self, table: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        line = self._line()
        path = (*table, *self._keys())
        self._passes("=")
        yield path, line
        yield from self._value(path)

    def _value(self, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        """Go past a value, and yield what is in it."""
        if self._passes("["):
            for index in count():
                if self._passes("]"):
                    return
                yield (*path, index), self._line()
                yield from self._value((*path, index))
                self._passes(",")
        elif self._passes("{"):
            while not self._passes("}"):
                yield from self._entry(path)
                self._passes(",")
        else:
            self._match(_SCALAR)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._passes("."):
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        (key,) = tomllib.loads(f"{self._match(_KEY)} = 0")  # takes quotes and escapes away
        return key

    def _line(self) -> int:
        self._skip_gap()
        place, line = self._counted
        line += self._text.count("\n", place, self._at)
        self._counted = (self._at, line)
        return line

    def _ended(self) -> bool:
        self._skip_gap()
        return self._at == len(self._text)

    def _passes(self, mark: str) -> bool:
        """Go past `mark` if it comes next, and return whether it did."""
        self._skip_gap()
        found = self._text.startswith(mark, self._at)
        self._at += found * len(mark)
        return found

    def _match(self, pattern: re.Pattern[str]) -> str:
        self._skip_gap()
        found = pattern.match(self._text, self._at)
        if not found:
            raise ValueError(f"line {self._line()} is not TOML")
        self._at = found.end()
        return found[0]

    def _skip_gap(self) -> None:
        gap = _GAP.match(self._text, self._at)
        self._at = gap.end() if gap else self._at

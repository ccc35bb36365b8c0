"""What stands between the values of a table in text."""

import csv
import re
from collections.abc import Sequence

from .cells import number

_MARKS = "\t;,"
"""What may stand between values: of those that part a line into as many, the first."""

SPACES, BARS = " ", "|"


_LOOKED_AT = 200
"""How many lines are looked at to tell a table from other text."""


def first_lines(text: str, *, is_whole: bool) -> list[str]:
    """Return the first lines of a text that are neither blank nor comments.

    Of one that is not whole, the last line may be cut off.
    """
    lines = [line for line in text.split("\n") if line.strip() and not is_beside(line)]
    return lines[: len(lines) if is_whole else max(len(lines) - 1, 1)][:_LOOKED_AT]


_RULE = re.compile(r"(?=.*[-=─━═]{2})[\s|+:=\u2500-\u257f-]+|sep=.", re.IGNORECASE)
_WIDEST = 2000
"""No rule has so many characters."""

_BARS = str.maketrans("│┃║", "|||")


def is_beside(line: str) -> bool:
    """Return whether a line is none of a table's rows: a comment, a rule, or Excel's `sep=;`."""
    text = line.strip()
    return text.startswith("#") or (len(text) < _WIDEST and _RULE.fullmatch(text) is not None)


def mark_of(lines: Sequence[str]) -> str:
    """Return what stands between the values of a table that begins with these lines."""
    line = lines[0].translate(_BARS)
    if line.lstrip().startswith("|") and line.rstrip().endswith("|"):
        return BARS
    parts = line.split()
    if not any(mark in line for mark in _MARKS) and (
        all(number(part) is not None for part in parts)
        or (len(parts) > 1 and len(lines) > 1 and _are_values(lines[1].split(), parts))
    ):
        return SPACES
    return max(_MARKS, key=lambda mark: len(cells_of(line, mark)))


def cells_of(line: str, mark: str) -> list[str]:
    """Return the values of a line."""
    if mark in (SPACES, BARS):
        return tidy(line, mark).split(mark)
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=mark), [])
    except csv.Error:  # a value is too long to be one
        return line.split(mark)


def tidy(text: str, mark: str) -> str:
    """Return lines of columns that are set apart by spaces or bars with one mark between them."""
    if mark not in (SPACES, BARS):
        return text
    lines = ("" if is_beside(line) else line for line in text.split("\n"))
    if mark == SPACES:
        return "\n".join(" ".join(line.split()) for line in lines)
    stripped = (line.translate(_BARS).strip() for line in lines)
    return "\n".join(line.removeprefix("|").removesuffix("|") for line in stripped)


def _are_values(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether the words of a line are values by the names of the line before.

    There is a number among them, or they are all numbers, the first of them that of the row.
    """
    numeric = [number(part) is not None for part in parts]
    return (len(parts) == len(names) and any(numeric)) or is_numbered(parts, names)


def is_numbered(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether the numbers of a line have names but for the first, as pandas prints them."""
    return len(parts) == len(names) + 1 and all(number(part) is not None for part in parts)


def lines_before(lines: Sequence[str]) -> int:
    """Return how many lines stand before the names of a table, such as those of a banner.

    The table is what goes on to the last line with as many values; its first has no numbers.
    """
    if len(lines) < _LEAST:
        return 0
    for mark in (BARS, *_MARKS, SPACES):
        widths = [len(cells_of(line, mark)) for line in lines]
        if mark == BARS and mark_of(lines[-1:]) != BARS:
            continue
        begin = len(lines)
        while begin and widths[begin - 1] == widths[-1]:
            begin -= 1
        if not begin or widths[-1] < 2 or len(lines) - begin < _LEAST:
            continue
        if mark == SPACES and is_numbered(cells_of(lines[begin], mark), lines[begin - 1].split()):
            begin -= 1
        enough = all if mark == SPACES else any
        numeric = [any(map(_is_number, cells_of(lines[begin], mark)))]
        numeric += [enough(map(_is_number, cells_of(line, mark))) for line in lines[begin + 1 :]]
        if (
            not numeric[0]
            and all(numeric[1:])
            and all(map(str.strip, cells_of(lines[begin], mark)))
        ):
            return begin
    return 0


_LEAST = 3
"""So many lines of a table, with that of its names, show that those before are none of it."""


def _is_number(cell: str) -> bool:
    return bool(cell.strip()) and number(cell) is not None

"""What stands between the values of a table in text."""

import csv
from collections.abc import Sequence

from .cells import number

_MARKS = "\t;,"
"""What may stand between values: of those that part a line into as many, the first."""

SPACES, BARS = " ", "|"


def mark_of(lines: Sequence[str]) -> str:
    """Return what stands between the values of a table that begins with these lines."""
    line = lines[0]
    if line.lstrip().startswith("|") and line.rstrip().endswith("|"):
        return BARS
    parts = line.split()
    if not any(mark in line for mark in _MARKS) and (
        all(number(part) is not None for part in parts)
        or (len(parts) > 1 and len(lines) > 1 and _are_numbers(lines[1].split(), len(parts)))
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
    if mark == BARS:
        lines = (line.strip().removeprefix("|").removesuffix("|") for line in text.split("\n"))
        return "\n".join("" if set(line) <= set("-:|+= ") else line for line in lines)
    if mark == SPACES:
        return "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return text


def _are_numbers(parts: Sequence[str], width: int) -> bool:
    """Return whether a line is as wide as the first, and holds numbers."""
    return len(parts) == width and any(number(part) is not None for part in parts)

"""From cells to numbers."""

import math
import re
from collections.abc import Iterable, Sequence
from enum import Enum

import numpy as np

from ..schedules.numeric import Array

_MISSING = {"", "nan", "null", "none", "na", "n/a", "-", "<na>"}
"""What loggers write where there is no number."""

_WRAPPED = re.compile(
    r"(?:[\w.]+\()?[\[(]*\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*[\])]*(?:,[^()]*)?\)?"
)
"""One number in brackets, or as Python prints an array or a tensor of one."""

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


class Comma(Enum):
    """What a comma in the cells of a column is."""

    NONE = ""
    DECIMAL = "."
    THOUSANDS = ","


def comma_of(cells: Iterable[object], counts: bool) -> Comma:
    """Return what commas in the cells of a column are; one that `counts` has whole numbers."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    with_comma = [text for text in texts if "," in text and text[:1] not in ("[", "(")]
    if not with_comma:
        return Comma.NONE
    if all(map(_THOUSANDS.fullmatch, with_comma)) and (
        counts or any("." in text or text.count(",") > 1 for text in texts)
    ):
        return Comma.THOUSANDS
    return Comma.DECIMAL


def numbers(cells: Sequence[object], comma: Comma = Comma.NONE) -> Array | int:
    """Return the numbers in cells, NaN where one is missing; or the place of one that is none."""
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        pass
    found = np.empty(len(cells))
    for i, cell in enumerate(cells):
        value = number(cell, comma)
        if value is None:
            return i
        found[i] = value
    return found


def number(cell: object, comma: Comma = Comma.NONE) -> float | None:
    """Return the number in a cell, NaN if it is missing, None if something else is there."""
    if not cell and cell != 0:
        return math.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except OverflowError:
        return math.inf
    except (ValueError, TypeError):
        pass
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if text.lower() in _MISSING:
        return math.nan
    if comma is Comma.DECIMAL and text.count(",") == 1 and "." not in text:
        return number(text.replace(",", "."))
    if comma is Comma.THOUSANDS and _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    wrapped = _WRAPPED.fullmatch(text)
    return float(wrapped[1]) if wrapped and not text[0].isdigit() else None

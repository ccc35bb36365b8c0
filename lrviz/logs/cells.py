"""From cells to numbers."""

import math
import re
from collections.abc import Iterable, Sequence
from enum import Enum

import numpy as np

from ..schedules.numeric import Array

_MISSING = {"", "nan", "null", "none", "na", "n/a", "-", "<na>"}
"""What loggers write where there is no number."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_WRAPPED = re.compile(
    rf"(?:[\w.]+\(|[\[(])*\s*({_NUMBER})\s*[\])]*(?:,(?:\s*[a-z]+\w*=[^()]*)?\s*\)?|\)?)[\])]*"
)
"""One number in brackets, or as Python prints an array or a tensor of one."""

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_SPACED = re.compile(r"[-+]?[1-9]\d{0,2}(?:[\xa0\u2009\u202f']\d{3})+(?:[.,]\d*)?")
_GAPS = str.maketrans("", "", "\xa0\u2009\u202f'")
"""Marks between thousands that are no commas: thin spaces, and the apostrophe of Switzerland."""

_SCALED = re.compile(rf"({_NUMBER})(?:\s?(%)|([kKM]))")
_SCALES = {"%": 0.01, "k": 1e3, "K": 1e3, "M": 1e6}
"""What follows a number that stands for more or less than it says."""
_FORTRAN = re.compile(r"[-+]?\d*\.?\d+[dD][-+]?\d+")


class Comma(Enum):
    """What a comma in the cells of a column is."""

    NONE = ""
    DECIMAL = "."
    THOUSANDS = ","


def comma_of(cells: Iterable[object], counts: bool) -> Comma:
    """Return what commas in the cells of a column are; one that `counts` has whole numbers."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    with_comma = [text for text in texts if "," in text and _is_bare(text)]
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
    if len(text) > _LONGEST:
        return None
    if comma is Comma.DECIMAL and text.count(",") == 1 and "." not in text and _is_bare(text):
        return number(text.replace(",", "."))
    if comma is Comma.THOUSANDS and _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    if _SPACED.fullmatch(text):
        return number(text.translate(_GAPS), comma)
    if scaled := _SCALED.fullmatch(text):
        return float(f"{float(scaled[1]) * _SCALES[scaled[2] or scaled[3]]:.15g}")
    if _FORTRAN.fullmatch(text):
        return float(text.lower().replace("d", "e"))
    wrapped = _WRAPPED.fullmatch(text)
    return float(wrapped[1]) if wrapped and not text[0].isdigit() else None


_LONGEST = 400
"""No number is written with so many characters, but for zeros and digits that make none."""


def are_several(cell: object) -> bool:
    """Return whether a cell holds a list of several numbers."""
    parts = cell.strip("[]() ").split(",") if isinstance(cell, str) and cell[:1] in "[(" else []
    return len(parts) > 1 and all(number(part) is not None for part in parts)


def _is_bare(text: str) -> bool:
    """Return whether a text begins as a number, without brackets or a type."""
    return text[:1] not in ("[", "(") and not text[:1].isalpha()

"""From cells to numbers."""

import math
from collections.abc import Sequence

import numpy as np

from ..schedules.numeric import Array

_MISSING = {"", "nan", "null", "none", "na", "n/a", "-"}
"""What loggers write where there is no number."""


def numbers(cells: Sequence[object], decimal_comma: bool = False) -> Array | int:
    """Return the numbers in cells, NaN where one is missing; or the place of one that is none."""
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        pass
    found = np.empty(len(cells))
    for i, cell in enumerate(cells):
        value = number(cell, decimal_comma)
        if value is None:
            return i
        found[i] = value
    return found


def number(cell: object, decimal_comma: bool = False) -> float | None:
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
    if cell.strip().lower() in _MISSING:
        return math.nan
    if decimal_comma and cell.count(",") == 1 and "." not in cell:
        return number(cell.replace(",", "."))
    return None

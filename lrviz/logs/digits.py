"""How far a recorded number may be from the one that was written down: read off its own digits."""

from typing import NamedTuple

import numpy as np

from ..schedules.numeric import Array, Bools, Steps

MOST_DIGITS = 9
"""Numbers with more digits than this were not rounded for printing."""

_USUAL = 6
"""How many digits loggers keep that keep few."""
_ENOUGH = {5: 5, 4: 5, 3: 5, 2: 8}
"""How many different numbers with few digits show that the log keeps no more."""
_LOOKED_AT = 2000
_FLOAT64, _FLOAT32 = 1e-9, 3e-7
"""What schedules computed in two ways may differ by, as a share of a rate."""
_SINGLE = "the 7 digits of a float32"
_NOISE = 1e-12
"""And as a share of the peak."""


class Rounded(NamedTuple):
    """Recorded steps and values, and how far each may be off by rounding; arrays of shape (n,)."""

    steps: Steps
    values: Array
    tolerance: Array

    @classmethod
    def of(cls, steps: Steps, values: Array, planned: Array | None = None) -> "Rounded":
        """Return what was recorded where `planned` are other values at the same steps."""
        return cls(steps, values, precision(values, planned).tolerance(values))

    def fits(self, others: Array) -> Bools:
        """Return which points are explained by `others`."""
        near: Bools = abs(others - self.values) <= self.tolerance
        return near

    def at(self, chosen: Steps) -> "Rounded":
        """Return the points at some places."""
        return Rounded(self.steps[chosen], self.values[chosen], self.tolerance[chosen])


class Precision(NamedTuple):
    """How precise recorded values are whose highest is `peak`, and in words, why.

    The words are empty for values that have all their digits. `single` are those of a float32;
    others keep so many `digits`, 0 being all, and are at least half a `unit` off.
    """

    words: str
    peak: float
    single: bool = False
    digits: int = 0
    unit: float = 0.0

    def tolerance(self, values: Array) -> Array:
        """Return how far each value may be from its true rate by rounding alone; shapes (n,)."""
        size = abs(values)
        found: Array = _FLOAT64 * size + _NOISE * self.peak
        if self.single:
            found = found + _FLOAT32 * (size + self.peak / 3)
        if self.digits:
            found = found + np.maximum(_half_unit(size, self.digits), self.unit)
        return found


def precision(values: Array, planned: Array | None = None) -> Precision:
    """Return how precise recorded values are, read off the digits that they have.

    `planned` are other rates at the same steps: where those have few digits too, a rate of 0.1 is
    no sign of a log that keeps one digit.
    """
    size = abs(values)
    peak = float(size.max(initial=0))
    some = _some(size[size > _NOISE * peak])
    if not some.size:
        return Precision("", peak)
    is_single = _digits(some) > MOST_DIGITS and bool((some.astype(np.float32) == some).all())
    if is_single:  # a float32 may have been rounded before, which its shortest text shows
        some = np.array([float(str(one)) for one in some.astype(np.float32)])
    digits, decimals = _digits(some), _decimals(some)
    if digits > MOST_DIGITS:
        return Precision("", peak, is_single)
    if digits < _USUAL and not _keeps(digits, some, planned):
        return Precision(_SINGLE if is_single else "", peak, is_single, _USUAL)
    if digits > _USUAL + 1:  # eight or nine digits are what a float32 is printed with
        return Precision(_SINGLE, peak, single=True)
    # Where the smallest numbers have fewer digits than the largest, it is the decimals that are
    # kept.
    fixed = float(some.min()) * 10.0**decimals < 10.0 ** (digits - 1) - 0.5
    words = f"{decimals} digits after the point" if fixed else f"{digits} digits"
    return Precision(words, peak, is_single, digits, 0.5 * 10.0**-decimals * (1 + 1e-9))


def _keeps(digits: int, some: Array, planned: Array | None) -> bool:
    """Return whether a log keeps only so few digits, and not its rates have no more."""
    if digits not in _ENOUGH or len(some) < _ENOUGH[digits]:
        return False
    if planned is None:
        return True
    theirs = _some(abs(planned[np.isfinite(planned) & (planned != 0)]))
    return bool(theirs.size) and _digits(theirs) > digits


def _some(values: Array) -> Array:
    """Return some of the values, none twice."""
    different: Array = np.unique(values[:: max(len(values) // _LOOKED_AT, 1)])
    return different


def _digits(values: Array) -> int:
    """Return how many significant digits the values have; more than the most if they have more."""
    exponent = np.floor(np.log10(values))
    for digits in range(1, MOST_DIGITS + 1):
        if _are_whole(values * 10.0 ** (digits - 1 - exponent)):
            return digits
    return MOST_DIGITS + 1


def _decimals(values: Array) -> int:
    """Return how many decimals the values have."""
    return next((n for n in range(1, 25) if _are_whole(values * 10.0**n)), 25)


def _are_whole(numbers: Array) -> bool:
    near = abs(numbers - np.rint(numbers)) <= 1e-13 * numbers + 1e-9
    return bool((near & (numbers > 0.5)).all())


def _half_unit(size: Array, digits: int) -> Array:
    """Return half a unit of the last of so many digits."""
    # A float32 may be just below the power of ten that was written.
    above = np.maximum(size * (1 + _FLOAT32), np.finfo(np.float64).tiny)
    exponent = np.floor(np.log10(above))
    half: Array = 0.5 * 10.0 ** (exponent - digits + 1)
    return half * (1 + 1e-9)

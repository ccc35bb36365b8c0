"""Normal noise as a function of seed and step, whose peaks are found without trying every step.

A picture of 10^12 noisy steps must show the highest and the lowest of every billion. So the noise
is drawn not step by step but from the top: first the lowest and the highest number of a block of
steps, then which half has them and what the other half has, and so on down to single steps. What
comes out are independent numbers all the same: of n uniform numbers between two bounds, the lowest
has a known law, and the others are independent and uniform above it.
"""

from functools import cache
from typing import Any

import numpy as np

from .numeric import Steps

_TOP = 44
"""Blocks of 2^44 steps are independent of one another."""

_Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
_Bits = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]


def standard_normal(seed: int, steps: Steps) -> _Floats:
    """Return independent normal numbers of mean 0 and deviation 1, one for each seed and step."""
    asked, place = np.unique(steps, return_inverse=True)
    blocks = [asked]
    for _ in range(_TOP):
        pairs = blocks[-1] >> 1
        blocks.append(pairs[np.diff(pairs, prepend=-1) > 0])
    # The lowest number of each block, and how far its highest is below 1.
    waits = _waits(seed, _TOP, blocks[_TOP])
    low = -np.expm1(-waits[0] / 2**_TOP)
    high = -(1 - low) * np.expm1(-waits[1] / (2**_TOP - 1))
    for level in reversed(range(_TOP)):
        halves, size = blocks[level], 2**level
        parent = np.searchsorted(blocks[level + 1], halves >> 1)
        low, high = low[parent], high[parent]
        with_low, with_high = _halves(seed, level, halves >> 1)
        has_low, has_high = (halves & 1) == with_low, (halves & 1) == with_high
        waits = _waits(seed, level, halves)
        # Of n numbers, uniform between 0 and 1, the lowest is 1 - e^(-wait / n). In a half that has
        # the highest number of its parent, one less is still to be drawn. At last none is: n is 0.
        with np.errstate(divide="ignore"):
            first = np.expm1(-waits[0] / (size - has_high))
            second = np.expm1(-waits[1] / (size - 1))
        low = np.where(has_low, low, low - (1 - low - high) * first)
        high = np.where(has_high, high, high - (1 - low - high) * second)
    return np.where(has_low, -_upper_quantile(low), _upper_quantile(high))[place]


def extremes(seed: int, blocks: Steps, level: int) -> tuple[Steps, Steps]:
    """Return the steps of the lowest and of the highest number in blocks of 2^`level` steps."""
    lowest, highest = blocks, blocks
    for below in reversed(range(level)):
        lowest = 2 * lowest + _halves(seed, below, lowest)[0]
        highest = 2 * highest + _halves(seed, below, highest)[1]
    return lowest, highest


def _halves(seed: int, level: int, parents: Steps) -> tuple[Steps, Steps]:
    """Return which half (0, 1) of each parent has its lowest number, and which its highest.

    The halves are blocks of 2^`level`. The highest is another number than the lowest, and so a
    little less likely to be in the same half.
    """
    bits = _hash(seed, level, slice(0, 2), parents)
    with_low = (bits[0] >> np.uint64(63)).astype(np.int64)
    size = 2**level
    together = _uniform(bits[1]) < (size - 1) / (2 * size - 1)
    return with_low, np.where(together, with_low, 1 - with_low)


def _waits(seed: int, level: int, blocks: Steps) -> _Floats:
    """Return two exponential numbers of mean 1 for each block."""
    return -np.log(_uniform(_hash(seed, level, slice(2, 4), blocks)))


def _uniform(bits: _Bits) -> _Floats:
    """Return numbers above 0 and below 1."""
    return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def _hash(seed: int, level: int, uses: slice, blocks: Steps) -> _Bits:
    """Return 64 random bits for each use (first axis) and block: SplitMix64, keyed."""
    keys = _keys(seed)[level, uses].reshape(-1, *[1] * blocks.ndim)
    return _mixed(blocks.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + keys)


@cache
def _keys(seed: int) -> _Bits:
    """Return four keys for each level."""
    each = np.arange(4 * _TOP + 4).astype(np.uint64)
    return _mixed(_mixed(np.full_like(each, seed)) + each).reshape(-1, 4)


def _mixed(x: _Bits) -> _Bits:
    """Return numbers of which every bit depends on every bit of `x` (Steele, Lea, Flood 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _upper_quantile(tail: _Floats) -> _Floats:
    """Return the number that a normal number exceeds with probability `tail`, to seven digits.

    Algorithm AS 241, PPND7 (Wichura 1988).
    """
    q = 0.5 - tail
    r = 0.180625 - q * q
    centre = q * _ratio(
        r,
        (3.3871327179, 50.434271938, 159.29113202, 59.10937472),
        (1, 17.895169469, 78.757757664, 67.1875636),
    )
    r = np.sqrt(-np.log(np.minimum(tail, 1 - tail)))
    near = _ratio(
        r - 1.6,
        (1.4234372777, 2.75681539, 1.3067284816, 0.17023821103),
        (1, 0.7370016425, 0.12021132975),
    )
    far = _ratio(
        r - 5,
        (6.657905115, 3.081226386, 0.42868294337, 0.017337203997),
        (1, 0.24197894225, 0.012258202635),
    )
    return np.where(abs(q) <= 0.425, centre, np.copysign(np.where(r <= 5, near, far), q))


def _ratio(x: _Floats, over: tuple[float, ...], under: tuple[float, ...]) -> _Floats:
    """Return the ratio of two polynomials, given by rising coefficients."""
    return np.polynomial.polynomial.polyval(x, over) / np.polynomial.polynomial.polyval(x, under)

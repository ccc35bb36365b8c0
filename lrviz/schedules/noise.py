"""Normal noise as a function of seed and step, whose peaks are found without trying every step.

A picture of 10^12 noisy steps must show the highest and the lowest of every billion. So the noise
is drawn not step by step but from the top: first the lowest and the highest number of a block of
steps, then which half has them and what the other half has, and so on down to single steps. What
comes out are independent numbers all the same: of n uniform numbers between two bounds, the lowest
has a known law, and the others are independent and uniform above it.
"""

import math
from functools import cache, lru_cache
from typing import Any

import numpy as np

from .numeric import Steps

_TOP = 44
"""Blocks of 2^44 steps are independent of one another."""
_KEPT, _GROUP = 3, 14
"""Blocks of 2^3, 2^17 and 2^31 steps are found 2^14 at once, and kept: arrays of 128 KiB."""

_Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
_Bools = np.ndarray[tuple[Any, ...], np.dtype[np.bool]]
_Bits = np.ndarray[tuple[Any, ...], np.dtype[np.uint64]]


def standard_normal(seed: int, steps: Steps) -> _Floats:
    """Return independent normal numbers of mean 0 and deviation 1, one for each seed and step."""
    if not (steps[1:] > steps[:-1]).all():
        asked, place = np.unique(steps, return_inverse=True)
        return standard_normal(seed, asked)[place]
    pairs, places = _parents(steps)
    second_is_low = _second_has_low(seed, 0, pairs)
    lowest, highest = np.split(_upper_quantile(np.concatenate(_bounds(seed, 1, pairs))), 2)
    np.negative(lowest, out=lowest)
    return _side_by_side(second_is_low, highest, lowest)[places]


def _bounds(seed: int, level: int, blocks: Steps) -> tuple[_Floats, _Floats]:
    """Return the lowest number of each block of 2^`level`, and how far its highest is below 1.

    The blocks rise. Those of steps in a row are halves of halves of one, which is kept.
    """
    if level == _TOP:
        return _top_bounds(seed, blocks)
    if level % _GROUP == _KEPT and blocks.size:
        first, last = int(blocks[0]) >> _GROUP, int(blocks[-1]) >> _GROUP
        if last - first <= 1:
            groups = [_group_bounds(seed, level, group) for group in range(first, last + 1)]
            low, high = groups[0] if first == last else np.concatenate(groups, axis=1)
            place = blocks - (first << _GROUP)
            return low[place], high[place]
    parents, places = _parents(blocks)
    lows, highs = _halved(seed, level, parents, *_bounds(seed, level + 1, parents))
    return lows[places], highs[places]


@lru_cache(maxsize=64)
def _group_bounds(seed: int, level: int, group: int) -> tuple[_Floats, _Floats]:
    """Return the same of all the blocks that make up one of 2^_GROUP times their size."""
    parents = np.arange(group << (_GROUP - 1), (group + 1) << (_GROUP - 1))
    return _halved(seed, level, parents, *_bounds(seed, level + 1, parents))


def _parents(blocks: Steps) -> tuple[Steps, Steps | slice]:
    """Return the blocks of twice the size around some, and which of their halves these are."""
    if blocks.size and blocks[-1] - blocks[0] == blocks.size - 1:  # they lie in a row
        first, last = int(blocks[0]), int(blocks[-1])
        return np.arange(first >> 1, (last >> 1) + 1), slice(first & 1, (first & 1) + blocks.size)
    pairs = blocks >> 1
    new = np.diff(pairs, prepend=-1) > 0
    return pairs[new], 2 * np.cumsum(new) - 2 + (blocks & 1)


def _top_bounds(seed: int, blocks: Steps) -> tuple[_Floats, _Floats]:
    """Return the same of the largest blocks."""
    low = -np.expm1(_minus_wait(seed, _TOP, 0, blocks) / 2**_TOP)
    return low, -(1 - low) * np.expm1(_minus_wait(seed, _TOP, 1, blocks) / (2**_TOP - 1))


def _halved(
    seed: int, level: int, parents: Steps, low: _Floats, high: _Floats
) -> tuple[_Floats, _Floats]:
    """Return the same of both halves of each parent, which are blocks of 2^`level`, above 1 step.

    Of n numbers, uniform between 0 and 1, the lowest is 1 - e^(-wait / n).
    """
    with_low, with_high = _halves(seed, level, parents)
    size, apart = 2.0**level, with_low != with_high
    first = 2 * parents
    # Where the other half has the highest number of the parent, one less is still to be drawn.
    drawn = _minus_wait(seed, level, 0, first + ~with_low) / (size - apart)
    other_low = low - (1 - low - high) * np.expm1(drawn)
    above = low * apart + other_low * ~apart
    drawn = _minus_wait(seed, level, 1, first + ~with_high) / (size - 1)
    other_high = high - (1 - above - high) * np.expm1(drawn)
    return _side_by_side(with_low, other_low, low), _side_by_side(with_high, other_high, high)


def _side_by_side(swapped: _Bools, left: _Floats, right: _Floats) -> _Floats:
    """Return `left` and `right` in turn, where not `swapped` the other way round.

    There is no choice by chance in it, which a processor would guess wrong half of the time.
    """
    both = np.empty(2 * left.size)
    place = np.arange(0, both.size, 2) + ~swapped
    both[place] = left
    both[place ^ 1] = right
    return both


def extremes(seed: int, blocks: Steps, level: int) -> tuple[Steps, Steps]:
    """Return the steps of the lowest and of the highest number in blocks of 2^`level` steps."""
    lowest, highest = blocks, blocks
    for below in reversed(range(level)):
        lowest = 2 * lowest + _halves(seed, below, lowest)[0]
        highest = 2 * highest + _halves(seed, below, highest)[1]
    return lowest, highest


def _halves(seed: int, level: int, parents: Steps) -> tuple[_Bools, _Bools]:
    """Return whether the second half of each parent has its lowest number, and its highest.

    The halves are blocks of 2^`level`. The highest is another number than the lowest, and so a
    little less likely to be in the same half.
    """
    with_low = _second_has_low(seed, level, parents)
    size = 2**level
    # As `_uniform` of these bits below that part, without making numbers of them.
    part = math.ceil((size - 1) / (2 * size - 1) * 2**52 - 0.5)
    together = _hash(seed, level, 1, parents) < np.uint64(part << 12)
    return with_low, with_low == together


def _second_has_low(seed: int, level: int, parents: Steps) -> _Bools:
    """Return whether the second half of each parent has its lowest number."""
    return _hash(seed, level, 0, parents) >= np.uint64(1 << 63)


def _minus_wait(seed: int, level: int, use: int, blocks: Steps) -> _Floats:
    """Return an exponential number of mean -1 for one of two uses of each block."""
    return np.log(_uniform(_hash(seed, level, 2 + use, blocks)))


def _uniform(bits: _Bits) -> _Floats:
    """Return numbers above 0 and below 1."""
    numbers = (bits >> np.uint64(12)).view(np.int64).astype(np.float64)  # signed ones are faster
    numbers += 0.5
    numbers *= 2.0**-52
    return numbers


def _hash(seed: int, level: int, use: int, blocks: Steps) -> _Bits:
    """Return 64 random bits for a use of each block: SplitMix64, keyed."""
    x = blocks.astype(np.uint64)
    x *= np.uint64(0x9E3779B97F4A7C15)
    x += _keys(seed)[level, use]
    return _mixed(x)


@cache
def _keys(seed: int) -> _Bits:
    """Return four keys for each level."""
    each = np.arange(4 * _TOP + 4).astype(np.uint64)
    return _mixed(_mixed(np.full_like(each, seed)) + each).reshape(-1, 4)


def _mixed(x: _Bits) -> _Bits:
    """Return numbers of which every bit depends on every bit of `x` (Steele, Lea, Flood 2014)."""
    x = (x >> np.uint64(30)) ^ x
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


def _upper_quantile(tail: _Floats) -> _Floats:
    """Return the number that a normal number exceeds with probability `tail`, to seven digits.

    Algorithm AS 241, PPND7 (Wichura 1988).
    """
    q = 0.5 - tail
    result = _ratio(
        0.180625 - q * q,
        (3.3871327179, 50.434271938, 159.29113202, 59.10937472),
        (1, 17.895169469, 78.757757664, 67.1875636),
    )
    result *= q
    outer = np.flatnonzero(abs(q) > 0.425)
    tail = tail[outer]
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
    result[outer] = np.copysign(np.where(r <= 5, near, far), q[outer])
    return result


def _ratio(x: _Floats, over: tuple[float, ...], under: tuple[float, ...]) -> _Floats:
    """Return the ratio of two polynomials, given by rising coefficients."""
    ratio = _polynomial(x, over)
    ratio /= _polynomial(x, under)
    return ratio


def _polynomial(x: _Floats, coefficients: tuple[float, ...]) -> _Floats:
    """Return a polynomial by Horner's rule, in one array."""
    *rising, result = coefficients
    value = x * result
    for coefficient in reversed(rising[1:]):
        value += coefficient
        value *= x
    value += rising[0]
    return value

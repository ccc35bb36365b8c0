"""The functions that schedules compute with: exact in float32, fast in float64.

float32 counts as TensorFlow and Keras do: families write `+ - * /`, floor, ceil and minimum in the
order of the framework's source, numpy does those in float32, and the functions below evaluate in
float64 on the float32 arguments and round once. float64 counts as Python and PyTorch do.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray[tuple[Any, ...], np.dtype[np.floating[Any]]]
"""Rates, or steps as numbers: float64 or float32, shape (n,)."""

Bools = np.ndarray[tuple[Any, ...], np.dtype[np.bool]]
"""What holds of each of them, shape (n,)."""

Scalar = np.floating[Any]
"""One rate, or one step as a number: float64 or float32."""

Steps = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]
"""Steps, shape (n,)."""

StepsLike = range | Sequence[int] | Steps
"""Steps that can be asked for."""

Dtype = type[np.float64] | type[np.float32] | str
"""float64 or float32, or its name."""

LAST_STEP = 2**53
"""The first step that a float64 can no longer tell from its neighbour."""

_BLOCK = 1024
"""How many steps are multiplied at once where a rate compounds."""


def scalars(like: Array, *numbers: float) -> tuple[Scalar, ...]:
    """Return `numbers` in the dtype of `like`, for arithmetic among scalars that rounds in it."""
    return tuple(like.dtype.type(number) for number in numbers)


def irregular(numbers: Steps) -> Array:
    """Return a place from 0 up to 1 for each of some numbers in a row, in step with no period.

    Multiples of the golden ratio are the hardest to meet with a fraction.
    """
    places: Array = numbers * 0.6180339887498949 % 1
    return places


def exp(x: Array | Scalar) -> Array:
    """Return e to the `x`."""
    return np.exp(x, dtype=np.float64).astype(x.dtype, copy=False)


def log(x: Array | Scalar) -> Array:
    """Return the natural logarithm of `x`."""
    return np.log(x, dtype=np.float64).astype(x.dtype, copy=False)


def cos(x: Array) -> Array:
    """Return the cosine of `x` radians."""
    return np.cos(x, dtype=np.float64).astype(x.dtype, copy=False)


def power(base: Array | Scalar, exponent: Array | Scalar) -> Array:
    """Return `base` to the `exponent`, both of one dtype."""

    def powers(of: Array | Scalar) -> Array:
        result: Array = np.power(base, of, dtype=np.float64)
        return result.astype(exponent.dtype, copy=False)

    if np.ndim(base) or not np.ndim(exponent):
        return powers(exponent)
    return by_runs(powers, np.asarray(exponent))


def by_runs(function: Callable[[Array], Array], x: Array) -> Array:
    """Return `function` of `x`, evaluated once for equal neighbours, such as those on a stair."""
    if not x.ndim:
        return function(x)
    if x.ndim != 1:
        return by_runs(function, x.reshape(-1)).reshape(x.shape)
    changes = np.flatnonzero(x[1:] != x[:-1]) + 1
    if 4 * changes.size >= x.size - 1:
        return function(x)
    edges = np.concatenate(([0], changes, [x.size]))
    return np.repeat(function(x[edges[:-1]]), edges[1:] - edges[:-1])


def compounded(base: float, t: Array, period: float, staircase: bool) -> Array:
    """Return `base`, 0 or more, to the number of periods at `t`, with `staircase` of whole ones."""
    if t.dtype == np.float32 or base == 0 or not t.ndim:
        (rounded,) = scalars(t, base)
        return power(rounded, np.floor(t / period) if staircase else t / period)
    return _by_blocks(base, period, np.floor(t / period) * period if staircase else t)


def _by_blocks(base: float, period: float, t: Array) -> Array:
    """Return `base` to the `t / period` in float64, at the cost of few powers for steps in a row.

    The power for a step is that for the beginning of its block of steps, times that for its place
    in the block, however it comes about; so it does not depend on what else is asked for.
    """
    if t.size > _BLOCK and (t[1:] - t[:-1] == 1).all():
        first, last = t[0] // _BLOCK, t[-1] // _BLOCK
        starts = np.power(base, np.arange(first, last + 1) * _BLOCK / period)
        products: Array = np.multiply.outer(starts, _places(base, period))
        skipped = int(t[0] - first * _BLOCK)
        return products.reshape(-1)[skipped : skipped + t.size]

    def powers(t: Array) -> Array:
        start = np.floor(t / _BLOCK) * _BLOCK
        result: Array = np.power(base, start / period) * np.power(base, (t - start) / period)
        return result

    return by_runs(powers, t)


@lru_cache(maxsize=16)
def _places(base: float, period: float) -> Array:
    """Return the powers for the places in a block."""
    powers: Array = np.power(base, np.arange(_BLOCK) / period)
    return powers

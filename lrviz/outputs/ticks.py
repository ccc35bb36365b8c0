"""Axes: their ends, round places on them and short labels, the same in pictures and in charts."""

import math
from collections.abc import Sequence

import numpy as np

from ..curves import Curve
from ..errors import LrvizError

_DECADES = 1e-4
"""How far down a logarithmic axis goes, as a part of the highest rate."""
_LEAST = 1e-300
"""The highest rate of a logarithmic axis lies between this and its inverse; no axis is shorter."""

STEP, EPOCH = "step", "epoch"
"""What the axes of steps are called."""


def rate_range(curves: Sequence[Curve], log: bool) -> tuple[float, float]:
    """Return the lowest and highest rate that the axis shows, somewhat more than the curves have.

    A linear axis begins at 0, so that heights compare as rates do, unless all rates lie close
    together. A logarithmic one goes down four decades at most, and not to where curves are for a
    moment only.
    """
    low = min(float(curve.values.min()) for curve in curves)
    high = max(float(curve.values.max()) for curve in curves)
    if log:
        return _log_range(curves, high)
    if low >= 0 and (low == high or low <= high / 2):
        low = 0.0
    high = max(high, low + _LEAST) if high > low else high
    margin = 0.04 * ((high - low) or 1.0)
    return low - (margin if low else 0), high + margin


def _log_range(curves: Sequence[Curve], high: float) -> tuple[float, float]:
    if high <= 0:
        raise LrvizError("a logarithmic axis shows rates above 0, and no rate is; make it linear")
    if not _LEAST <= high <= 1 / _LEAST:
        raise LrvizError(
            f"a logarithmic axis shows rates up to between {_LEAST:g} and {1 / _LEAST:g}, and the "
            f"highest is {high:.3g}; make it linear"
        )
    least = min(_seen_least(curve, high) for curve in curves)
    low = min(max(least, high * _DECADES), high / 1.5)
    margin = (high / low) ** 0.04
    return low / margin, high * margin


def _seen_least(curve: Curve, high: float) -> float:
    """Return the rate below which a curve is for a 50th of its steps: the eye sees no less."""
    order = np.argsort(curve.values, kind="stable")
    steps = np.array([curve.steps[0] - 0.5, *curve.steps, curve.steps[-1] + 0.5])
    below = np.cumsum((steps[2:] - steps[:-2])[order])
    rate = float(curve.values[order][np.searchsorted(below, 0.02 * below[-1], side="right")])
    return rate if rate > 0 else high * _DECADES


def linear(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` multiples of a round number from `low` to `high`, at least one."""
    span = high - low or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(max(span / max(most, 1), 1e-300)))
    for round_number in (1, 2, 5, 10, 20, 50):
        step = round_number * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if first <= last < first + most:
            # Beside large numbers, a small step needs more digits than `_clean` leaves.
            return [
                round(i * step, 1 - math.floor(math.log10(step))) for i in range(first, last + 1)
            ]
    return [low]


def whole(first: int, last: int, most: int) -> list[int]:
    """Return at most `most` round whole numbers from `first` to `last`, or to just above it.

    Numbers that end as the axis does are preferred: 90 steps are 0, 30, 60 and 90.
    """
    span = last - first
    power = 10 ** (len(str(span // most)) - 1)
    fitting: dict[int, range] = {}
    for step in (m * power for m in (1, 2, 3, 5, 10, 20, 30, 50)):
        begin, end = -(-first // step), (1000 * last + 14 * span) // (1000 * step)
        if begin <= end < begin + most:
            fitting[step] = range(begin * step, (end + 1) * step, step)
    usual = next((step for step in fitting if str(step)[0] != "3"), 0)
    if not usual:
        return [first]
    third = fitting.get(3 * usual // 2, ())
    ends = len(third) > 3 and third[-1] >= last > fitting[usual][-1]
    return [*third] if ends else [*fitting[usual]]


def logarithmic(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from `low` to `high`, both above 0: powers of ten, or also between."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for within in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1, 3), (1,)):
        ticks = [_clean(m * 10.0**e) for e in range(first, last + 1) for m in within]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= most:
            break
    return ticks[:: -(-len(ticks) // most)] if len(ticks) > 2 else linear(low, high, most)


def rate_labels(ticks: Sequence[float], together: bool = True) -> list[str]:
    """Return labels such as 0.002 or 1.5e-5, if `together` with the same digits and exponent."""
    if not together:
        return [_alone(tick) for tick in ticks]
    largest = max((abs(tick) for tick in ticks), default=0) or 1.0
    exponent = math.floor(math.log10(largest) + 1e-9)
    shift = 0 if -3 <= exponent <= 4 else exponent
    scaled = [_clean(tick / 10.0**shift) for tick in ticks]
    digits = max(len(f"{tick:.9f}".rstrip("0").partition(".")[2]) for tick in scaled)
    suffix = f"e{shift}" if shift else ""
    return [f"{tick:.{digits}f}{suffix}" if tick else "0" for tick in scaled]


def peak_label(peak: float, labels: Sequence[str]) -> str:
    """Return the label of the highest rate among others, with their exponent if they have one."""
    suffix = next((label[label.index("e") :] for label in labels if "e" in label), "")
    if suffix and len({label.partition("e")[2] for label in labels if label != "0"}) == 1:
        return f"{peak / 10.0 ** int(suffix[1:]):.3g}{suffix}"
    same = (label for label in labels if math.isclose(float(label), peak, rel_tol=1e-9))
    return next(same, _alone(float(f"{peak:.3g}")))


def step_labels(ticks: Sequence[float]) -> list[str]:
    """Return labels such as 200, 20k, 1.5M or 2e11; all digits where those would be the same."""
    largest = max((abs(tick) for tick in ticks), default=0)
    units = (("e9", 1e9, 1e9), ("M", 1e6, 1e6), ("k", 1e3, 1e4), ("", 1, 0))
    unit, size = next(
        (unit, size) for unit, size, least in units if least <= largest < 1e12 or not unit
    )
    labels = [f"{_alone(tick / size)}{unit}" if tick else "0" for tick in ticks]
    return labels if len(set(labels)) == len(labels) else [f"{tick:.16g}" for tick in ticks]


def _alone(tick: float) -> str:
    """Return the shortest usual way to write one number."""
    if tick == 0:
        return "0"
    if 1e-3 <= abs(tick) < 1e5:
        return f"{tick:.10g}"
    mantissa, _, exponent = f"{tick:.9e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _clean(number: float) -> float:
    """Return `number` without the dust of its computation."""
    return float(f"{number:.12g}")

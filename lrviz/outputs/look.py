"""How curves are drawn: what pictures and charts in the terminal have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..curves import Curve
from ..errors import LrvizError
from .ticks import RATE


@dataclass(frozen=True)
class Look:
    """What a figure shows besides its curves.

    The axis of steps shows `horizon` steps; with `steps_per_epoch` there is one of epochs too.
    """

    horizon: int
    title: str = ""
    log: bool = False
    steps_per_epoch: float | None = None
    quantity: str = RATE
    """What the curves are of."""


def rate_range(curves: Sequence[Curve], log: bool) -> tuple[float, float]:
    """Return the lowest and highest rate that the axis shows, somewhat more than the curves have.

    A linear axis begins at 0, so that heights compare as rates do, unless all rates lie close
    together. A logarithmic one ends at a millionth of the highest rate, for curves that fall to 0.
    """
    low = min(float(curve.values.min()) for curve in curves)
    high = max(float(curve.values.max()) for curve in curves)
    if log:
        return _log_range(curves, high)
    if low >= 0 and (low == high or low <= high / 2):
        low = 0.0
    margin = 0.04 * ((high - low) or 1.0)
    return low - (margin if low else 0), high + margin


def _log_range(curves: Sequence[Curve], high: float) -> tuple[float, float]:
    if high <= 0:
        raise LrvizError("a logarithmic axis shows rates above 0, and no rate is; leave out --log")
    positive = (curve.values[curve.values > 0] for curve in curves)
    least = min(float(rates.min()) for rates in positive if rates.size)
    low = min(max(least, high * 1e-6), high / 1.5)
    margin = (high / low) ** 0.04
    return low / margin, high * margin

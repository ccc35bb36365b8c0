"""How curves are drawn: what pictures and charts in the terminal have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..curves import Curve
from ..errors import LrvizError
from .ticks import STEP

LINESTYLES = ("solid", "dashed", "dotted", "dashdot")


@dataclass(frozen=True)
class Style:
    """How one curve is drawn: what is None is left to the figure.

    Colours are matplotlib's, but `C0`, `C1` and so on are those of the theme. Widths are in points.
    """

    color: str | None = None
    linestyle: str | None = None
    linewidth: float | None = None


@dataclass(frozen=True)
class Look:
    """What a figure shows besides its curves.

    The axis of steps shows those from `first` on, below `horizon`; with `steps_per_epoch` there is
    one of epochs too. The axis of rates ends at `rates`, if they are given. Annotations are steps
    with a text; styles are those of the curves, in their order.
    """

    horizon: int
    title: str = ""
    log: bool = False
    steps_per_epoch: float | None = None
    first: int = 0
    rates: tuple[float, float] | None = None
    xlabel: str = STEP
    ylabel: str | None = None
    annotations: tuple[tuple[int, str], ...] = ()
    styles: tuple[Style, ...] = ()
    legend: bool = True

    @property
    def shown(self) -> range:
        """The steps that are shown."""
        return range(self.first, self.horizon)

    def name_of(self, curves: Sequence[Curve]) -> str:
        """Return what the axis of values is called: unless that is said, what the curves show."""
        return curves[0].quantity.name if self.ylabel is None else self.ylabel


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
        raise LrvizError("a logarithmic axis shows rates above 0, and no rate is; make it linear")
    positive = (curve.values[curve.values > 0] for curve in curves)
    least = min(float(rates.min()) for rates in positive if rates.size)
    low = min(max(least, high * 1e-6), high / 1.5)
    margin = (high / low) ** 0.04
    return low / margin, high * margin

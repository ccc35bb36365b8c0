"""What a panel of a figure shows: curves, how they look, and what lies above or below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..curves import Curve
from ..schedules.numeric import Array
from ..schedules.placed import Phase
from ..schedules.quantity import DIFFERENCE
from . import ticks
from .look import Look


class Spread(NamedTuple):
    """How far what a curve is the mean of spreads, and a sample of it, at the curve's steps."""

    low: Array
    high: Array
    sample: Array


@dataclass(frozen=True, eq=False)
class Panel:
    """Curves, how they look, and perhaps others below: those of their inputs, or of their last.

    Curves that are means have a spread each; they are drawn on a logarithmic axis, and what the
    look says of the axis of rates is about the curves below. Formats that say more than a line does
    find the `phases` of each curve too.
    """

    curves: Sequence[Curve]
    look: Look
    below: Sequence[Curve] = ()
    spreads: Sequence[Spread] = ()
    phases: Sequence[Sequence[Phase]] = ()

    @property
    def name(self) -> str:
        """What the axis of the curves is called."""
        return self.curves[0].quantity.name if self.spreads else self.look.name_of(self.curves)

    @property
    def name_below(self) -> str:
        """What the lower axis is called."""
        return self.look.name_of(self.below) if self.spreads else DIFFERENCE.name

    @property
    def log(self) -> bool:
        """Whether the axis of the curves is logarithmic."""
        return self.look.log or bool(self.spreads)

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the axis of the curves."""
        if self.spreads:
            return ticks.rate_range([*self.curves, *self.lowest], log=True)
        return self.look.rates or ticks.rate_range(self.curves, self.look.log)

    @property
    def lowest(self) -> Sequence[Curve]:
        """The lower ends of the spreads."""
        pairs = zip(self.curves, self.spreads, strict=True)
        return [replace(curve, values=spread.low) for curve, spread in pairs]

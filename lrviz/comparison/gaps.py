"""The difference of two series as a curve, for the lower panel of a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..curves import Curve
from ..logs.digits import Precision, precision
from ..sampling import outline, thinned
from ..schedules.base import Schedule
from ..schedules.knots import Knots
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.quantity import DIFFERENCE
from ..schedules.signal import Signal
from ..series import Series
from .differences import RTOL
from .grids import shared_steps
from .telling import with_telling


class Pair(NamedTuple):
    """The only steps at which two series both have a rate, and both rates; shape (n,).

    `of_a` and `of_b` are how precise those are that were recorded and do not have all digits.
    """

    steps: Steps
    a: Array
    b: Array
    of_a: Precision | None
    of_b: Precision | None

    @property
    def digits(self) -> str:
        """Which digits were recorded, if not all."""
        return next((one.words for one in (self.of_a, self.of_b) if one is not None), "")

    def rounding(self, a: Array, b: Array) -> Array:
        """Return how far two rates may be apart by the digits that were recorded; shapes (n,)."""
        both = ((self.of_a, a), (self.of_b, b))
        found = np.zeros(len(a))
        return sum((one.tolerance(rates) for one, rates in both if one is not None), found)


@dataclass(frozen=True)
class _Gap(Signal):
    """How far a schedule lies above another, drawn to the pixel with the knots of both."""

    quantity = DIFFERENCE
    opaque = True

    a: Schedule
    b: Schedule

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.b.values(steps, dtype) - self.a.values(steps, dtype)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (*self.a.knots, *self.b.knots)

    def parts(self) -> Iterator[Signal]:
        yield from (self, *self.a.parts(), *self.b.parts())


def pair_of(a: Series, b: Series, horizon: int) -> Pair | None:
    """Return the rates at the steps below `horizon` that two share; None if they share them all.

    LrvizError if they share none.
    """
    steps = shared_steps(a, b, horizon)
    if steps is None:
        return None
    of_a, of_b = a.at(steps), b.at(steps)
    return Pair(steps, of_a, of_b, _precision(a, of_a, of_b), _precision(b, of_b, of_a))


def _precision(one: Series, own: Array, other: Array) -> Precision | None:
    """Return how precise the rates of a log are; None if they have all digits, or are a plan's."""
    found = precision(own, other) if one.plan is None else None
    return found if found is not None and found.words else None


def gap_curve(a: Series, b: Series, horizon: int, columns: int, first: int = 0) -> Curve:
    """Return `b` - `a` from step `first` on, below `horizon`, as it is drawn over `columns` pixels.

    It has at most 4 points a column, the lowest and the highest gap among them. Where a log is
    compared, its steps are those recorded; LrvizError as in `compare`.
    """
    a, b = with_telling([a, b], horizon, RTOL, 0.0)
    return drawn_gap(a, b, pair_of(a, b, horizon), horizon, columns, first)


def drawn_gap(
    a: Series, b: Series, pair: Pair | None, horizon: int, columns: int, first: int = 0
) -> Curve:
    """Return the same as `gap_curve` of two series whose pair is known."""
    if pair is not None:
        gap = Curve("gap", pair.steps, pair.b - pair.a, recorded=True, quantity=DIFFERENCE)
        return thinned(gap, horizon, columns, first)
    assert a.plan is not None
    assert b.plan is not None
    return outline(_Gap(a.plan, b.plan), horizon, columns, "gap", first=first)

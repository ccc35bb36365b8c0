"""The difference of two curves as a curve, for the lower panel of a figure."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..curves import Curve
from ..sampling import outline, thinned
from ..schedules.base import Schedule
from ..schedules.knots import Knots
from ..schedules.numeric import Array, Dtype, Steps
from ..schedules.quantity import DIFFERENCE
from ..schedules.signal import Signal
from .comparing import paired
from .grids import Source


@dataclass(frozen=True, kw_only=True)
class _Gap(Signal):
    """How far a schedule lies above another, drawn to the pixel with the knots of both."""

    quantity = DIFFERENCE

    a: Schedule
    b: Schedule

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        return self.b.values(steps, dtype) - self.a.values(steps, dtype)

    @property
    def knots(self) -> tuple[Knots, ...]:
        return (*self.a.knots, *self.b.knots)

    def parts(self) -> Iterator[Signal]:
        yield from (self, *self.a.parts(), *self.b.parts())


def gap_curve(
    a: Source, b: Source, horizon: int, columns: int, label: str = "gap", first: int = 0
) -> Curve:
    """Return `b` - `a` from step `first` on, below `horizon`, as it is drawn over `columns` pixels.

    It has at most 4 points a column, the lowest and the highest gap among them. Where a log is
    compared, its steps are those recorded; LrvizError as in `compare`.
    """
    if isinstance(a, Schedule) and isinstance(b, Schedule):
        return outline(_Gap(a=a, b=b), horizon, columns, label, first=first)
    grid, of_a, of_b = paired(a, b, horizon)
    assert grid.steps is not None
    return thinned(
        Curve(label, grid.steps, of_b - of_a, recorded=True, quantity=DIFFERENCE),
        horizon,
        columns,
        first,
    )

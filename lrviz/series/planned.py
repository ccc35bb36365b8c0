"""Schedules as series."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..curves import Curve
from ..sampling import outline
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Dtype, Steps
from .base import Series

if TYPE_CHECKING:
    from ..specs.pasted import Read


@dataclass(frozen=True, eq=False)
class Planned(Series):
    """A schedule, which has a rate at every step."""

    label: str
    plan: Schedule = field()  # with no default, whatever that of the base is
    read: "Read | None" = None
    notes: tuple[str, ...] = ()
    """What was assumed to read it."""
    written: Sequence[str] = ()

    @property
    def spec(self) -> str:
        return str(self.plan)

    @property
    def length(self) -> int | None:
        return self.plan.length

    @property
    def known_steps(self) -> None:
        return None

    def at(self, steps: Steps, dtype: Dtype = "float64") -> Array:
        return self.plan(steps, dtype)

    def outline(
        self, horizon: int, columns: int, dtype: Dtype = "float64", first: int = 0
    ) -> Curve:
        return outline(self.plan, horizon, columns, self.label, dtype, first)

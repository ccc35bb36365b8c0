"""Schedules as series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from ..curves import Curve
from ..sampling import outline
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Dtype, Steps

if TYPE_CHECKING:
    from ..configs import Config
    from ..specs.pasted import Read


@dataclass(frozen=True, eq=False)
class Planned:
    """A schedule, which has a rate at every step; `read` is the call that was pasted for it."""

    label: str
    plan: Schedule
    read: "Read | None" = None
    config: "Config | None" = None
    """The config or the command line that it was read from."""
    notes: tuple[str, ...] = ()
    """What was assumed to read it."""
    written: Sequence[str] = ()
    text: str = ""
    """What was typed for it without a label, with which its label begins."""

    log = ""
    step_column = None
    known_steps = None

    @property
    def spec(self) -> str:
        """The canonical spec, whatever was typed."""
        return str(self.plan)

    @property
    def length(self) -> int | None:
        """How many steps it has of its own, or its run; None if it has no end."""
        return self.plan.length if self.config is None else self.config.steps or self.plan.length

    def at(self, steps: Steps, dtype: Dtype = "float64") -> Array:
        """Return the rates at `steps`, both of shape (n,)."""
        return self.plan(steps, dtype)

    def outline(
        self, horizon: int, columns: int, dtype: Dtype = "float64", first: int = 0
    ) -> Curve:
        """Return what is to be drawn from step `first` on over so many columns of pixels."""
        return outline(self.plan, horizon, columns, self.label, dtype, first)

    def seen_from(self, _: str) -> Self:
        """Return the same series, which names no file."""
        return self

    def labelled(self, label: str) -> Self:
        """Return the same series under another label."""
        return replace(self, label=label)

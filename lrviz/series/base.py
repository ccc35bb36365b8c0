"""What a series is: labelled rates over the steps of a run, planned or recorded."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from ..curves import Curve
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Dtype, Steps

if TYPE_CHECKING:
    from ..specs.pasted import Read


class Series(ABC):
    """Rates over the steps of a run, and their label; a subclass is a frozen dataclass."""

    label: str
    plan: Schedule | None = None
    """The schedule that the rates follow; None if they were recorded."""
    read: "Read | None" = None
    """The call that was pasted for it."""
    notes: tuple[str, ...] = ()
    """What was assumed to read it."""
    written: Sequence[str] = ()
    """The names in its text, if some were given values."""
    log: str = ""
    """The file that it was recorded in."""
    step_column: str | None = None
    """Which column of the log has its steps, if that was said."""

    @property
    @abstractmethod
    def spec(self) -> str:
        """The text that stands for this series whatever was typed: a canonical spec, or @FILE."""

    @property
    @abstractmethod
    def length(self) -> int | None:
        """How many steps it has of its own; None if it has no end."""

    @property
    @abstractmethod
    def known_steps(self) -> Steps | None:
        """The only steps that have a rate, shape (n,), rising; None if all have one."""

    @abstractmethod
    def at(self, steps: Steps, dtype: Dtype = "float64") -> Array:
        """Return the rates at `steps`, both of shape (n,); NaN where there is none."""

    @abstractmethod
    def outline(
        self, horizon: int, columns: int, dtype: Dtype = "float64", first: int = 0
    ) -> Curve:
        """Return what is to be drawn from step `first` on over so many columns of pixels.

        LrvizError for a recorded run that has nothing there.
        """

    def seen_from(self, folder: str) -> Self:
        """Return the same series, its log named as it is found from another folder on."""
        del folder
        return self

    def labelled(self, label: str) -> Self:
        """Return the same series under another label."""
        itself: Any = self
        renamed: Self = replace(itself, label=label)
        return renamed

"""What the wrappers of several schedules that run side by side have in common."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..errors import ParameterError
from .base import Schedule, closed
from .numeric import Array, Dtype, Steps
from .placed import code_of

if TYPE_CHECKING:
    from .code import Code


class Several(Schedule):
    """Several schedules, which all begin at step 0."""

    opaque = True

    combined: ClassVar[np.ufunc | None] = None
    """What makes one rate of all of theirs at a step, if all count."""

    def values(self, steps: Steps, dtype: Dtype) -> Array:
        if self.combined is None:
            return super().values(steps, dtype)
        first, *others = (one.values(steps, dtype) for one in self.wrapped())
        rates = first.copy()
        for other in others:
            self.combined(rates, other, out=rates)
        return self.finite(steps, rates)

    def code(self, t: "Code") -> "Code | float":
        if self.combined is None:
            return code_of(self.placed, t)
        first, *others = (one.code(t) for one in self.wrapped())
        for other in others:
            first = self.combined(first, other)
        return first

    def check(self) -> None:
        inner = self.inner()
        if inner is not None and len(self.wrapped()) < 2:
            raise ParameterError(
                self.name, inner.name, f"must be at least two schedules, written {self.name}/A/B"
            )

    def spelled(self) -> tuple[str, int]:
        text, still_open = closed(one.spelled_whole() for one in self.wrapped())
        return f"{self.stage()}/{text}", still_open + 1

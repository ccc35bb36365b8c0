"""What the wrappers of several schedules that run side by side have in common."""

from dataclasses import dataclass

from ..errors import ParameterError
from .base import Schedule, closed


@dataclass(frozen=True, kw_only=True)
class Several(Schedule):
    """Several schedules, which all begin at step 0."""

    def check(self) -> None:
        inner = self.inner()
        if inner is not None and len(self.wrapped()) < 2:
            raise ParameterError(
                self.name, inner.name, f"must be at least two schedules, written {self.name}/A/B"
            )

    def spelled(self) -> tuple[str, int]:
        text, still_open = closed(one.spelled_whole() for one in self.wrapped())
        return f"{self.stage()}/{text}", still_open + 1

"""What the wrappers of several schedules that run side by side have in common."""

from ..errors import ParameterError
from .base import Schedule


class Several(Schedule):
    """Several schedules, which all begin at step 0."""

    def check(self) -> None:
        inner = self.inner()
        if inner is not None and len(self.wrapped()) < 2:
            raise ParameterError(
                self.name, inner.name, f"must be at least two schedules, written {self.name}/A/B"
            )

    def spelled(self) -> tuple[str, int]:
        *texts, (last, still_open) = (one.spelled_whole() for one in self.wrapped())
        closed = [text + "/end" * opened for text, opened in texts]
        return "/".join([self.stage(), *closed, last]), still_open + 1

"""The length of the last stage of a spec, where that is what is left of the run."""

from collections.abc import Callable

from ..errors import SpecError
from ..schedules.base import Schedule
from ..schedules.fields import number_text


class Unfinished(Exception):  # noqa: N818, it is not an error yet
    """The last stage lacks its number of steps, and the length of the `run` is known.

    `lacking` is the error that this is where its length cannot be told.
    """

    def __init__(self, name: str, key: str, run: int, lacking: SpecError) -> None:
        self.name, self.key, self.run, self.lacking = name, key, run, lacking

    def finished(self, read: Callable[[float], Schedule]) -> tuple[Schedule, str]:
        """Return the schedule that ends with the run, and a note on the length of its last stage.

        `read` reads it all with so many steps for the last stage. All stages together are as long
        as the first ones and a multiple of the last, which two lengths of that tell. SpecError if
        no length makes it end there.
        """
        run = self.run
        short, long = (self._length(read, steps) for steps in (run, 2 * run))
        if short is None or long is None or long <= short:
            raise self.lacking from None
        left = run - (short - run) * run / (long - short)
        if left < 1 or left != int(left):
            raise SpecError(
                f"{self.name} lacks {self.key}, and the stages before it leave none of the "
                f"{run} steps of the run; give it some, or make the run longer",
                self.lacking.text,
                self.lacking.start,
                self.lacking.end,
            ) from None
        found = read(left)
        if found.length != run:
            raise self.lacking from None
        return found, f"{self.name}: {self.key}={number_text(left)}, what is left of the run"

    def _length(self, read: Callable[[float], Schedule], steps: int) -> int | None:
        """Return how long the whole is with so many steps for the last stage, if it has an end."""
        try:
            return read(steps).length
        except SpecError:
            return None

"""Points: steps that rise strictly, and values; what is mended is told."""

from collections.abc import Sequence

import numpy as np

from ..errors import option
from ..schedules.numeric import LAST_STEP, Array, Steps
from .records import Source
from .whole import Whole

MOST_POINTS = 1_000_000
"""How many points are held; of more, every second is dropped, again and again, and all are kept
on disk."""


class Points:
    """Points that come in blocks; those that count are held, at most `MOST_POINTS` of them.

    Of more, `whole` has all, unless the disk is full.

    A row counts if all rows after it have later steps: of a step that stands several times the last
    counts, and where a run went back and resumed, what came after.
    """

    def __init__(self) -> None:
        self.steps = np.empty(MOST_POINTS + 1, np.int64)
        self.values = np.empty(MOST_POINTS + 1)
        self.held = self.seen = 0
        self.stride, self.phase = 1, 0
        self.last: tuple[int, float] | None = None
        self.backs: list[int] = []
        self.back_count = 0
        self.repeats = _Repeats()
        self.whole: Whole | None = None

    def add(self, rows: Sequence[int], steps: Steps, values: Array) -> None:
        """Add the points of some rows."""
        if not steps.size:
            return
        before = self.last[0] if self.last else -1
        rises = np.diff(steps, prepend=before)
        backs = np.flatnonzero(rises < 0)
        self.back_count += backs.size
        self.backs = self.backs or [rows[i] for i in backs[:1].tolist()]
        self.repeats.add(rises)
        self.seen += steps.size
        self.last = int(steps[-1]), float(values[-1])
        lowest_from = np.minimum.accumulate(steps[::-1])[::-1]
        counts = np.append(steps[:-1] < lowest_from[1:], True)
        self.held = int(np.searchsorted(self.steps[: self.held], lowest_from[0]))
        self._keep(steps[counts], values[counts])
        self._hold(steps[counts], values[counts])

    def _keep(self, steps: Steps, values: Array) -> None:
        """Keep points on disk from where they are too many to be held."""
        if self.stride == 1 and self.held + steps.size <= MOST_POINTS:
            return
        try:
            if self.stride == 1:
                held = self.steps[: self.held], self.values[: self.held]
                self.whole = Whole.of([held])
            if self.whole is not None:
                self.whole.add(steps, values)
        except OSError:  # no room on the disk
            self.whole = None

    def _hold(self, steps: Steps, values: Array) -> None:
        """Hold every `stride`-th of some points, and double the stride when they are too many."""
        while self.held + len(range(self.phase, steps.size, self.stride)) > MOST_POINTS:
            half = (self.held + 1) // 2
            self.steps[:half] = self.steps[: self.held : 2]
            self.values[:half] = self.values[: self.held : 2]
            # The next point that counts is a stride after the last that is left.
            self.phase += self.stride * (self.held % 2)
            self.held = half
            self.stride *= 2
        taken = slice(self.phase, None, self.stride)
        count = len(range(self.phase, steps.size, self.stride))
        self.steps[self.held : self.held + count] = steps[taken]
        self.values[self.held : self.held + count] = values[taken]
        self.held += count
        self.phase = (self.phase - steps.size) % self.stride

    def arrays(self) -> tuple[Steps, Array]:
        """Return the steps and the values that are held, and the last of all."""
        if self.last and (not self.held or self.steps[self.held - 1] < self.last[0]):
            self.steps[self.held], self.values[self.held] = self.last
            self.held += 1
        return self.steps[: self.held].copy(), self.values[: self.held].copy()

    def tell(self, source: Source) -> None:
        """Note what was mended; LrvizError if the rows stand in no order."""
        if self.back_count > 1 and 4 * self.back_count > self.seen:
            raise source.refused(
                f"the steps go back at {self.back_count:,} of {rows_text(self.seen)}, first at row "
                f"{self.backs[0]}; sort the rows, or name other steps with " + option("step_column")
            )
        if self.back_count == 1:
            source.tell(
                f"the steps go back at row {self.backs[0]} (a resumed run); the later rows count"
            )
        elif self.back_count:
            source.tell(
                f"the steps go back {self.back_count:,} times, first at row {self.backs[0]} "
                "(resumed runs); the later rows count"
            )
        repeats = self.repeats.said()
        if repeats:
            source.tell(repeats)
        if self.stride > 1 and self.whole is None:
            source.tell(f"kept every {_ordinal(self.stride)} of {rows_text(self.seen)}")


class _Repeats:
    """How many rows there are to a step, where there are several."""

    def __init__(self) -> None:
        self.open = 0
        self.steps = self.fewest = self.most = 0

    def add(self, rises: Steps) -> None:
        """Count rows whose steps rise by so much from the row before."""
        starts = np.flatnonzero(rises)
        if not starts.size:
            self.open += rises.size
            return
        self._count(np.diff(starts, prepend=-self.open))
        self.open = int(rises.size - starts[-1])

    def _count(self, lengths: Steps) -> None:
        several = lengths[lengths > 1]
        if several.size:
            self.steps += several.size
            self.fewest = min(self.fewest or LAST_STEP, int(several.min()))
            self.most = max(self.most, int(several.max()))

    def said(self) -> str:
        """Return what is told of it, "" if there is nothing to tell."""
        self._count(np.array([self.open]))
        self.open = 0
        if not self.steps:
            return ""
        each = f"{self.most:,}" if self.fewest == self.most else f"{self.fewest:,} to {self.most:,}"
        if self.steps == 1:
            return f"{each} rows for one step; the last of them counts"
        return f"{each} rows each for {self.steps:,} steps; the last of each step counts"


def rows_text(count: int) -> str:
    """Return "1 row", "2 rows" and so on."""
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _ordinal(number: int) -> str:
    """Return "2nd", "4th", "8th" and so on of a power of two."""
    return f"{number:,}{'nd' if number % 10 == 2 and number % 100 != 12 else 'th'}"

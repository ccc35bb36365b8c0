"""From cells to points: steps that rise strictly, and values; what is mended is told."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from ..errors import option, quoted
from ..schedules.numeric import LAST_STEP, Array, Steps
from ..schedules.quantity import Quantity
from .cells import numbers
from .columns import Choice, choose, is_epoch, several
from .records import Block, Records, Source

MOST_POINTS = 4_000_000
"""How many points are held; of more, every second is dropped, again and again."""


def gather(source: Source, records: Records) -> list[tuple[Steps, Array]]:
    """Return steps and values of each quantity, all of shape (n,); LrvizError if one has none."""
    choice = choose(records.names, source.wanted)
    if isinstance(choice, str):
        raise source.refused(choice)
    cells = _Cells(source, records, choice)
    found = [
        _Values(cells, what, places)
        for what, places in zip(source.wanted.columns, choice.columns, strict=True)
    ]
    for block, steps in cells.blocks():
        for one in found:
            one.add(block, steps)
    for one in found:
        one.tell()
    cells.tell()
    for one in found:
        one.points.tell(source)
    return [one.points.arrays() for one in found]


class _Cells:
    """The cells of the columns that count, turned to numbers in blocks."""

    def __init__(self, source: Source, records: Records, choice: Choice) -> None:
        self.source, self.names, self.step = source, records.names, choice.step
        steps = [] if choice.step is None else [choice.step]
        self.places = list(dict.fromkeys(chain(steps, *choice.columns)))
        self.records = records
        self.rows = 0

    def blocks(self) -> Iterator[tuple[Block, Array]]:
        """Yield blocks of columns, and the numbers in that of the steps."""
        for block in self.records.take(self.places):
            count = len(block.rows)
            counted = np.arange(self.rows, self.rows + count, dtype=np.float64)
            self.rows += count
            yield block, counted if self.step is None else self.column(block, self.step)

    def column(self, block: Block, place: int) -> Array:
        """Return the numbers of a column."""
        cells = block.columns[self.places.index(place)]
        found = numbers(cells, self.records.decimal_comma)
        if isinstance(found, int):
            raise self.source.refused(
                f"row {block.rows[found]} has {quoted(str(cells[found]))} in column "
                f"{quoted(self.names[place])}, which is no number; mend the row, "
                f"or {self.source.wanted.cure('another column')}"
            )
        return found

    def tell(self) -> None:
        """Note what counts as the steps where no column is sure to be theirs."""
        if self.step is None:
            self.source.tell("no column is called like steps; its rows count as steps, from 0")
        elif is_epoch(self.names[self.step]):
            self.source.tell("no column is called like steps but that of the epochs; those count")


class _Values:
    """What the columns hold that may be one quantity: checked, and with the steps, as points."""

    def __init__(self, cells: _Cells, what: Quantity, places: Sequence[int]) -> None:
        self.cells, self.what, self.places = cells, what, places
        self.source, self.name = cells.source, quoted(cells.names[places[0]])
        self.points = Points()
        self.without_value = self.without_step = 0

    def add(self, block: Block, steps: Array) -> None:
        """Take in the rows of a block that have both a step and a value."""
        values, *others = (self.cells.column(block, place) for place in self.places)
        if not all(np.array_equal(values, other, equal_nan=True) for other in others):
            names, wanted = self.cells.names, self.source.wanted
            raise self.source.refused(
                several(names, self.places, self.what, wanted, ", and they differ")
            )
        valued, stepped = ~np.isnan(values), ~np.isnan(steps)
        self.without_value += int(np.count_nonzero(~valued))
        self.without_step += int(np.count_nonzero(valued & ~stepped))
        rows = block.rows
        both = valued & stepped
        if not both.all():
            steps, values = steps[both], values[both]
            rows = [rows[i] for i in np.flatnonzero(both).tolist()]
        self._check(rows, steps, values)
        self.points.add(rows, steps.astype(np.int64), values)

    def _check(self, rows: Sequence[int], steps: Array, values: Array) -> None:
        """Refuse values and steps that are none; of the first, say where it is."""
        bad_step = np.flatnonzero(
            ~((steps >= 0) & (steps <= LAST_STEP) & (steps == np.floor(steps)))
        )
        for i in np.flatnonzero(~self.what.allows(values))[:1].tolist():
            raise self.source.refused(
                f"row {rows[i]} has the {self.what.word} {values[i]} in column {self.name}, and a "
                f"{self.what.word} is {self.what.rule}; mend the row, or "
                f"{self.source.wanted.cure('another column')}"
            )
        for i in bad_step[:1].tolist():
            raise self.source.refused(
                f"row {rows[i]} has the step {steps[i]:.15g} in column {self._step()}, and a step "
                "is a whole number from 0 to 2^53; mend the row, or name another with "
                + option("step_column")
            )

    def _step(self) -> str:
        """Return the name of the column of steps."""
        return "" if self.cells.step is None else quoted(self.cells.names[self.cells.step])

    def tell(self) -> None:
        """Note which rows do not count; LrvizError if none does."""
        rows = self.cells.rows
        if not rows:
            raise self.source.refused("it has no rows; name another file")
        if self.without_value == rows:
            raise self.source.refused(
                f"column {self.name} is empty in {_rows(rows)}; "
                f"{self.source.wanted.cure('another')}"
            )
        if not self.points.seen:
            raise self.source.refused(
                f"no row has both a {self.what.word} in column {self.name} and a step in column "
                f"{self._step()}; name another with " + option("step_column")
            )
        for count, what in ((self.without_value, self.what.word), (self.without_step, "step")):
            if count:
                verb = "was" if count == 1 else "were"
                self.source.tell(f"{_rows(count)} without a {what} {verb} passed over")


class Points:
    """Points that come in blocks; those that count are held, at most `MOST_POINTS` of them.

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
        self._hold(steps[counts], values[counts])

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
                f"the steps go back at {self.back_count:,} of {_rows(self.seen)}, first at row "
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
        if self.stride > 1:
            source.tell(f"kept every {_ordinal(self.stride)} of {_rows(self.seen)}")


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


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _ordinal(number: int) -> str:
    """Return "2nd", "4th", "8th" and so on of a power of two."""
    return f"{number:,}{'nd' if number % 10 == 2 and number % 100 != 12 else 'th'}"

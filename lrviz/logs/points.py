"""From cells to points: steps that rise strictly, and their rates; what is mended is told."""

from collections.abc import Iterator, Sequence

import numpy as np

from ..errors import option, quoted
from ..schedules.numeric import LAST_STEP, Array, Steps
from .cells import numbers
from .columns import choose, is_epoch, several
from .records import Block, Records, Source

MOST_POINTS = 4_000_000
"""How many points are held; of more, every second is dropped, again and again."""


def gather(source: Source, records: Records) -> tuple[Steps, Array]:
    """Return the steps and rates of a log, both of shape (n,); LrvizError if there are none."""
    cells = _Cells(source, records)
    points = Points()
    for rows, steps, rates in cells.numbers():
        points.add(rows, steps, rates)
    cells.tell(points.seen)
    points.tell(source)
    return points.arrays()


class _Cells:
    """The cells of the columns that count, turned to numbers and checked."""

    def __init__(self, source: Source, records: Records) -> None:
        choice = choose(records.names, source.wanted)
        if isinstance(choice, str):
            raise source.refused(choice)
        self.source, self.records = source, records
        self.step, self.rates = choice
        self.rows = self.without_rate = self.without_step = 0

    def numbers(self) -> Iterator[tuple[Sequence[int], Steps, Array]]:
        """Yield the numbers of rows, steps and rates, of all rows that have both."""
        chosen = self.rates if self.step is None else [self.step, *self.rates]
        for block in self.records.take(chosen):
            columns = [self._column(block, i, place) for i, place in enumerate(chosen)]
            rates = columns[-len(self.rates)]
            if not all(
                np.array_equal(rates, c, equal_nan=True) for c in columns[-len(self.rates) :]
            ):
                raise self.source.refused(
                    several(self.records.names, self.rates, self.source.wanted, ", and they differ")
                )
            counted = np.arange(self.rows, self.rows + rates.size, dtype=np.float64)
            steps = counted if self.step is None else columns[0]
            self.rows += rates.size
            yield self._whole(block, steps, rates)

    def _whole(
        self, block: Block, steps: Array, rates: Array
    ) -> tuple[Sequence[int], Steps, Array]:
        """Return what a block has in rows with both a step and a rate."""
        rated, stepped = ~np.isnan(rates), ~np.isnan(steps)
        self.without_rate += int(np.count_nonzero(~rated))
        self.without_step += int(np.count_nonzero(rated & ~stepped))
        rows = block.rows
        both = rated & stepped
        if not both.all():
            steps, rates = steps[both], rates[both]
            rows = [rows[i] for i in np.flatnonzero(both).tolist()]
        self._check(rows, steps, rates)
        return rows, steps.astype(np.int64), rates

    def _column(self, block: Block, i: int, place: int) -> Array:
        """Return the numbers of a column."""
        cells = block.columns[i]
        found = numbers(cells, self.records.decimal_comma)
        if isinstance(found, int):
            raise self.source.refused(
                f"row {block.rows[found]} has {quoted(str(cells[found]))} in column "
                f"{quoted(self.records.names[place])}, which is no number; mend the row, "
                f"or {self.source.wanted.cure('another column')}"
            )
        return found

    def _check(self, rows: Sequence[int], steps: Array, rates: Array) -> None:
        """Refuse rates and steps that are none; of the first, say where it is."""
        bad_rate = np.flatnonzero(~((rates >= 0) & (rates < np.inf)))[:1]
        bad_step = np.flatnonzero(
            ~((steps >= 0) & (steps <= LAST_STEP) & (steps == np.floor(steps)))
        )
        for i in bad_rate.tolist():
            raise self.source.refused(
                f"row {rows[i]} has the rate {rates[i]} in column "
                f"{quoted(self.records.names[self.rates[0]])}, and a rate is finite and at least "
                f"0; mend the row, or {self.source.wanted.cure('another column')}"
            )
        for i in bad_step[:1].tolist():
            column = "" if self.step is None else quoted(self.records.names[self.step])
            raise self.source.refused(
                f"row {rows[i]} has the step {steps[i]:.15g} in column {column}, and a step is a "
                "whole number from 0 to 2^53; mend the row, or name another with "
                + option("step_column")
            )

    def tell(self, points: int) -> None:
        """Note which rows do not count; LrvizError if none does."""
        rate = quoted(self.records.names[self.rates[0]])
        if not self.rows:
            raise self.source.refused("it has no rows; name another file")
        if self.without_rate == self.rows:
            raise self.source.refused(
                f"column {rate} is empty in {_rows(self.rows)}; "
                f"{self.source.wanted.cure('another')}"
            )
        if not points:
            raise self.source.refused(
                f"no row has both a rate in column {rate} and a step in column "
                f"{quoted(self.records.names[self.step or 0])}; name another with "
                + option("step_column")
            )
        for count, what in ((self.without_rate, "rate"), (self.without_step, "step")):
            if count:
                verb = "was" if count == 1 else "were"
                self.source.tell(f"{_rows(count)} without a {what} {verb} passed over")
        if self.step is None:
            self.source.tell("no column is called like steps; its rows count as steps, from 0")
        elif is_epoch(self.records.names[self.step]):
            self.source.tell("no column is called like steps but that of the epochs; those count")


class Points:
    """Points that come in blocks; those that count are held, at most `MOST_POINTS` of them.

    A row counts if all rows after it have later steps: of a step that stands several times the last
    counts, and where a run went back and resumed, what came after.
    """

    def __init__(self) -> None:
        self.steps = np.empty(MOST_POINTS + 1, np.int64)
        self.rates = np.empty(MOST_POINTS + 1)
        self.held = self.seen = 0
        self.stride, self.phase = 1, 0
        self.last: tuple[int, float] | None = None
        self.backs: list[int] = []
        self.back_count = 0
        self.repeats = _Repeats()

    def add(self, rows: Sequence[int], steps: Steps, rates: Array) -> None:
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
        self.last = int(steps[-1]), float(rates[-1])
        lowest_from = np.minimum.accumulate(steps[::-1])[::-1]
        counts = np.append(steps[:-1] < lowest_from[1:], True)
        self.held = int(np.searchsorted(self.steps[: self.held], lowest_from[0]))
        self._hold(steps[counts], rates[counts])

    def _hold(self, steps: Steps, rates: Array) -> None:
        """Hold every `stride`-th of some points, and double the stride when they are too many."""
        while self.held + len(range(self.phase, steps.size, self.stride)) > MOST_POINTS:
            half = (self.held + 1) // 2
            self.steps[:half] = self.steps[: self.held : 2]
            self.rates[:half] = self.rates[: self.held : 2]
            # The next point that counts is a stride after the last that is left.
            self.phase += self.stride * (self.held % 2)
            self.held = half
            self.stride *= 2
        taken = slice(self.phase, None, self.stride)
        count = len(range(self.phase, steps.size, self.stride))
        self.steps[self.held : self.held + count] = steps[taken]
        self.rates[self.held : self.held + count] = rates[taken]
        self.held += count
        self.phase = (self.phase - steps.size) % self.stride

    def arrays(self) -> tuple[Steps, Array]:
        """Return the steps and the rates that are held, and the last of all."""
        if self.last and (not self.held or self.steps[self.held - 1] < self.last[0]):
            self.steps[self.held], self.rates[self.held] = self.last
            self.held += 1
        return self.steps[: self.held].copy(), self.rates[: self.held].copy()

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

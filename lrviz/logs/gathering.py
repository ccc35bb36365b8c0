"""From cells to the points of curves; what is mended is told."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..errors import UnknownLengthError, option, quoted
from ..schedules.numeric import LAST_STEP, Array, Steps
from ..schedules.quantity import Quantity
from .cells import Comma, are_several, comma_of, numbers
from .columns import Choice, choose, is_epoch, is_evaluation, several
from .laps import Laps
from .points import Points, rows_text
from .records import Block, Records, Source
from .whole import Whole

_FAR = 10
"""Where the other rows count so many times as far, those with what is wanted count otherwise."""


class Found(NamedTuple):
    """Steps and values, shape (n,), and the name of their column, "" where one was not to choose.

    There are several of a quantity if each of its columns is a curve of its own. `whole` has all
    points of more than are held.
    """

    steps: Steps
    values: Array
    name: str = ""
    whole: Whole | None = None


def gather(source: Source, records: Records) -> list[Found]:
    """Return what was found of each quantity; LrvizError if there is nothing of one."""
    choice = choose(records.names, source.wanted)
    if not isinstance(choice, Choice):
        raise source.refused(choice)
    cells = _Cells(source, records, choice)
    names = records.names
    found = [
        _Values(cells, what, places, names[places[0]] if choice.apart else "")
        for what, all_places in zip(source.wanted.columns, choice.columns, strict=True)
        for places in ([[place] for place in all_places] if choice.apart else [all_places])
    ]
    for block, steps in cells.blocks():
        for one in found:
            one.add(block, steps)
    for one in found:
        one.tell()
    cells.tell()
    return [one.found() for one in found]


class _Cells:
    """The cells of the columns that count, turned to numbers in blocks."""

    def __init__(self, source: Source, records: Records, choice: Choice) -> None:
        self.source, self.names = source, records.names
        self.step, self.epoch, self.total = choice.step, choice.epoch, choice.total
        self.phase, self.of_other_phases = choice.phase, 0
        beside = (self.step, self.epoch, self.total, self.phase)
        others = [place for place in beside if place is not None]
        self.places = list(dict.fromkeys(chain(others, *choice.columns)))
        self.records = records
        self.rows = 0
        self.commas: dict[int, Comma] = {}
        self.per_epoch = source.steps_per_epoch if self._counts_epochs() else None
        self.first_epoch: float | None = None

    def blocks(self) -> Iterator[tuple[Block, Array]]:
        """Yield blocks of columns, and the numbers in that of the steps."""
        for found in self.records.take(self.places):
            block = self._of_training(found)
            count = len(block.rows)
            counted = np.arange(self.rows, self.rows + count, dtype=np.float64)
            self.rows += count
            if self.step is None:
                yield block, counted
            else:
                yield block, self._steps(self.column(block, self.step))

    def _of_training(self, block: Block) -> Block:
        """Return the rows that are not said to be of an evaluation."""
        if self.phase is None:
            return block
        phases = block.columns[self.places.index(self.phase)]
        kept = [i for i, phase in enumerate(phases) if not is_evaluation(phase)]
        if len(kept) == len(phases):
            return block
        self.of_other_phases += len(phases) - len(kept)
        columns = [[column[i] for i in kept] for column in block.columns]
        return Block([block.rows[i] for i in kept], columns)

    def _steps(self, counted: Array) -> Array:
        """Return the steps that a counter says, which may be one of epochs of known length."""
        if self.per_epoch is None:
            return counted
        known = counted[~np.isnan(counted)]
        if self.first_epoch is None and known.size:
            self.first_epoch = 1.0 if known[0] == 1 else 0.0
        steps: Array = np.rint((counted - (self.first_epoch or 0)) * self.per_epoch)
        return steps

    def column(self, block: Block, place: int) -> Array:
        """Return the numbers of a column."""
        cells = block.columns[self.places.index(place)]
        comma = self.commas.get(place, Comma.NONE)
        found = numbers(cells, comma)
        if isinstance(found, int) and comma is Comma.NONE:
            self.commas[place] = comma_of(cells, counts=place == self.step)
            found = numbers(cells, self.commas[place])
        if isinstance(found, int):
            where = (
                f"row {block.rows[found]} has {quoted(str(cells[found]))} in column "
                f"{quoted(self.names[place])}"
            )
            if are_several(cells[found]):
                raise self.source.refused(
                    f"{where}, several numbers; write each of them to a column of its own"
                )
            raise self.source.refused(
                f"{where}, which is no number; mend the row, "
                f"or {self.source.wanted.cure('another column')}"
            )
        return found

    def beside(self, block: Block, place: int | None) -> Array | None:
        """Return the numbers of a column that may as well have none."""
        if place is None:
            return None
        cells = block.columns[self.places.index(place)]
        found = numbers(cells)
        return np.full(len(cells), np.nan) if isinstance(found, int) else found

    def _counts_epochs(self) -> bool:
        return self.step is not None and is_epoch(self.names[self.step])

    def tell(self) -> None:
        """Note which rows are none of the training, and what counts as steps if that is unsure."""
        if self.of_other_phases:
            verb = "was" if self.of_other_phases == 1 else "were"
            self.source.tell(f"{rows_text(self.of_other_phases)} of evaluation {verb} passed over")
        if self.step is None:
            self.source.tell("no column is called like steps; its rows count as steps, from 0")
        elif self.per_epoch is not None:
            begin = " from 1 on" if self.first_epoch else ""
            self.source.tell(
                f"no column is called like steps but that of the epochs; those count{begin}, "
                f"of {self.per_epoch:g} steps each"
            )
        elif self._counts_epochs():
            self.source.tell("no column is called like steps but that of the epochs; those count")


class _Values:
    """What the columns hold that may be one quantity: checked, and with the steps, as points."""

    def __init__(self, cells: _Cells, what: Quantity, places: Sequence[int], alone: str) -> None:
        self.cells, self.what, self.places, self.alone = cells, what, places, alone
        self.source, self.name = cells.source, quoted(cells.names[places[0]])
        self.points, self.laps = Points(), Laps()
        self.without_value = self.without_step = 0
        self.last_without = -1.0
        self.highest = 0.0

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
        without = steps[stepped & ~valued]
        if without.size:
            self.last_without = max(self.last_without, float(without.max()))
        rows = block.rows
        both = valued & stepped
        epochs = self.cells.beside(block, self.cells.epoch)
        totals = self.cells.beside(block, self.cells.total)
        if not both.all():
            steps, values = steps[both], values[both]
            epochs = None if epochs is None else epochs[both]
            rows = [rows[i] for i in np.flatnonzero(both).tolist()]
        self._check(rows, steps, values)
        whole = steps.astype(np.int64)
        self.highest = max(self.highest, float(values.max(initial=0)))
        self.points.add(rows, whole, values)
        longest = 0 if totals is None else np.nan_to_num(totals, posinf=0).max(initial=0)
        self.laps.add(rows, whole, values, epochs, int(longest))

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
            where = f"row {rows[i]} has the step {steps[i]:.15g} in column {self._step()}"
            if self.cells.step is not None and is_epoch(self.cells.names[self.cells.step]):
                rule = (
                    f"row {rows[i]} has the epoch {steps[i]:.15g} in column {self._step()}, and no "
                    "column counts steps; say how many an epoch has with "
                    + option("steps_per_epoch")
                )
                raise UnknownLengthError(self.source.refused(rule).sentence)
            raise self.source.refused(
                f"{where}, and a step is a whole number from 0 to 2^53; mend the row, or name "
                "another with " + option("step_column")
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
                f"column {self.name} is empty in {rows_text(rows)}; "
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
                self.source.tell(f"{rows_text(count)} without a {what} {verb} passed over")

    def found(self) -> Found:
        """Return the points that count; tell how they were mended."""
        note = ""
        if self.laps.fit():
            self.laps.points.tell(self.source)
            steps, values, whole, note = self.laps.arrays(self.source.steps_per_epoch)
            self.source.tell(note)
        else:
            self.points.tell(self.source)
            (steps, values), whole = self.points.arrays(), self.points.whole
        if not self.highest and values.size > 1 and self.what.at_least == 0:
            self.source.tell(f"the {self.what.word} is 0 at all its {values.size:,} steps")
        last = int(steps[-1])
        if not note and steps.size > 1 and self.last_without >= _FAR * (last + 1):
            self.source.tell(
                f"the steps of the {self.what.word}s end at {last:,}, those of other rows at "
                f"{self.last_without:,.0f}; they may count epochs"
            )
        return Found(steps, values, self.alone, whole)

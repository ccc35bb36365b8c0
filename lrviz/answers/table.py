"""Rates, step by step."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from ..curves import Curve
from ..errors import LrvizError, option
from ..outputs import tables
from ..schedules.numeric import Array, Steps
from ..series import Inputs, Series, horizon_of, key_steps_of, names_of, read_inputs
from ..specs.quantities import Run, count, span

_SHOWN = 30
"""How many rows from each end are looked at of a longer table."""

BLOCK = 4096
"""How many rows are computed at once."""


class Table:
    """Series at some steps, evaluated as they are asked for; and notes on how they were read."""

    # No dataclass: to make one takes as long as to evaluate a thousand rates.
    def __init__(
        self, series: Sequence[Series], asked: Sequence[range], dtype: str, notes: Sequence[str]
    ) -> None:
        self.series, self.asked, self.dtype, self.notes = series, asked, dtype, notes

    def __len__(self) -> int:
        return sum(map(len, self.asked))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        """Return what is printed, of a long table the first rows and the last."""
        text = self._ends().text()
        return (text + self._left_out()).rstrip()

    def _repr_html_(self) -> str:
        from . import displays

        return displays.table(self._ends().rows(), self._left_out())

    @property
    def steps(self) -> Steps:
        """The steps, shape (n,)."""
        return np.concatenate([np.arange(a.start, a.stop, a.step) for a in self.asked])

    @property
    def columns(self) -> dict[str, Array]:
        """The rates of each series by its label, shape (n,), NaN where a log has none."""
        return {curve.label: curve.values for curve in self.curves()}

    def to_dict(self) -> dict[str, list[float]]:
        """Return the columns as lists, "step" the first, as JSON and data frames take them."""
        columns = {label: values.tolist() for label, values in self.columns.items()}
        return {"step": self.steps.tolist(), **columns}

    def _ends(self) -> "Table":
        """Return as many rows as are looked at, from both ends."""
        if len(self) <= 2 * _SHOWN:
            return self
        forward, backward = (
            (each for part in self.asked for each in part),
            (each for part in reversed(self.asked) for each in reversed(part)),
        )
        first, last = itertools.islice(forward, _SHOWN), [*itertools.islice(backward, _SHOWN)]
        asked = [range(step, step + 1) for step in (*first, *reversed(last))]
        return Table(self.series, asked, self.dtype, self.notes)

    def _left_out(self) -> str:
        if len(self) <= 2 * _SHOWN:
            return ""
        return f"the first and the last {_SHOWN} of {len(self):,} rows; print() has all"

    def text(self, form: str = "plain") -> str:
        """Return the table in one of the formats, with all digits."""
        return "".join(tables.find(form)(self.rows()))

    def blocks(self) -> Iterator[tuple[Steps, list[Array]]]:
        """Yield steps, and the rates of each series at them, about `BLOCK` at once."""
        pieces: list[Steps] = []
        for steps in self.asked:
            for start in range(0, len(steps), BLOCK):
                part = steps[start : start + BLOCK]
                pieces.append(np.arange(part.start, part.stop, part.step))
                if sum(map(len, pieces)) >= BLOCK:
                    yield self._evaluated(pieces)
                    pieces = []
        if pieces:
            yield self._evaluated(pieces)

    def _evaluated(self, pieces: Sequence[Steps]) -> tuple[Steps, list[Array]]:
        steps = np.concatenate(pieces)
        return steps, [one.at(steps, self.dtype) for one in self.series]

    def curves(self) -> list[Curve]:
        """Return each series at all the steps, NaN where a recorded run has no rate."""
        blocks, rates = zip(*self.blocks(), strict=True)
        steps = np.concatenate(blocks)
        return [
            Curve(one.label, steps, np.concatenate(column))
            for one, column in zip(self.series, zip(*rates, strict=True), strict=True)
        ]

    def rows(self, width: int | None = None, colour: bool = False) -> tables.Rows:
        """Return what the writers of tables write; LrvizError if it cannot begin.

        A terminal of a `width` shows short names, and other programs get the whole labels.
        """
        blocks = self.blocks()
        first = next(blocks)
        labels = [one.label for one in self.series] if width is None else names_of(self.series)
        return tables.Rows(labels, itertools.chain([first], blocks), width, colour)


def table(
    specs: Inputs,
    run: Run | None = None,
    *,
    at: str | None = None,
    every: str | None = None,
    dtype: str = "float64",
    step_column: str | None = None,
) -> Table:
    """Return rates at the steps of `at`, at every so many steps of the run, or at those that tell.

    Steps are texts as the command line has them: `at="0,10,1k:2k"`, `every="1ep"`. LrvizError for
    the first text that cannot be read.
    """
    run = run or Run()
    found, notes = read_inputs(specs, run, step_column)
    horizon = horizon_of(found, run)
    return Table(found, _asked(at, every, found, run._replace(horizon=horizon)), dtype, notes)


def _asked(at: str | None, every: str | None, found: Sequence[Series], run: Run) -> list[range]:
    """Return the steps that are asked for."""
    assert run.horizon is not None
    if at is not None and every is not None:
        raise LrvizError(
            option("at") + " and " + option("every") + " both say which steps; keep one of them"
        )
    if at is not None:
        return [span(option("at"), part, run) for part in at.split(",")]
    if every is not None:
        return [range(0, run.horizon, count(option("every"), every, run))]
    return [range(step, step + 1) for step in key_steps_of(found, run.horizon)]

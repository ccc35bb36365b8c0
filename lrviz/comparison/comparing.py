"""Series summed up, and held to the first of them, in one walk over the run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from ..curves import Curve
from ..errors import printable
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from ..series import Series
from .cause import Cause
from .differences import ATOL, RTOL, Difference, Gaps
from .explaining import explain_change, explain_difference
from .gaps import Pair, drawn_gap, pair_of
from .grids import EVERY, Block, Grid, grid_of, known_steps, line_weights
from .logged import Logged
from .summaries import Summary, Totals
from .telling import has_more, rows_of_both, with_telling

Progress = Callable[[int], None]
"""Is told how many steps of the run are done."""

_COLUMNS = 600
"""In how many parts of a run the peak is looked for."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A summary for each series, and for each but the first how it differs from the first.

    The pairs are the rates at the steps that a series shares with the first, None if those are all.
    """

    series: Sequence[Series]
    horizon: int
    summaries: list[Summary]
    differences: list[Difference]
    pairs: list[Pair | None]
    common: Steps | None
    """The recorded steps that all were summed up at, None if there are no such."""

    @property
    def equal(self) -> bool:
        """Whether none differs from the first but by a count of its steps that is as good."""
        pairs = [*zip(self.differences, self.pairs, strict=True)]
        if any(not one.equal and pair is None for one, pair in pairs):
            return False  # only logs count otherwise, and causes take long to find
        return all(
            one.equal or (cause is not None and not cause.fault)
            for one, cause in zip(self.differences, self.causes, strict=True)
        )

    @cached_property
    def causes(self) -> list[Cause | None]:
        """Why each series differs from the first, None if it does not or nothing explains it."""
        return [
            None if difference.equal else self._cause(one, pair)
            for one, difference, pair in self._others()
        ]

    def gaps(self, columns: int) -> list[Curve]:
        """Return how far each series lies above the first, as drawn over `columns` pixels."""
        return [
            drawn_gap(self.series[0], one, pair, self.horizon, columns)
            for one, _, pair in self._others()
        ]

    def _others(self) -> Iterator[tuple[Series, Difference, Pair | None]]:
        return zip(self.series[1:], self.differences, self.pairs, strict=True)

    def _cause(self, one: Series, pair: Pair | None) -> Cause | None:
        """Return why a series differs from the first: of a plan and a run, why the run does."""
        first = self.series[0]
        if pair is None:
            assert first.plan is not None
            assert one.plan is not None
            return explain_change(first.plan, one.plan, self.horizon, printable(first.label))
        if first.plan is not None:
            return self._of_run(first.plan, first.label, pair.steps, pair.b)
        if one.plan is not None:
            return self._of_first(one.plan, one.label, pair)
        # Of two runs the one may be the other as far as that goes, or that the one.
        found = self._of_run(_run(first), first.label, pair.steps, pair.b)
        return self._of_first(_run(one), one.label, pair) if found is None else found

    def _of_first(self, plan: Schedule, of: str, pair: Pair) -> Cause | None:
        """Return why the first series, which is a recorded run, is not a plan."""
        found = self._of_run(plan, of, pair.steps, pair.a)
        return found and found._replace(subject=printable(self.series[0].label))

    def _of_run(self, plan: Schedule, of: str, steps: Steps, values: Array) -> Cause | None:
        return explain_difference(plan, steps, values, self.horizon, printable(of))


def _run(one: Series) -> Schedule:
    """Return a recorded run in the place of a plan."""
    assert one.known_steps is not None
    return Logged.of(one.known_steps, one.at(one.known_steps))


def compare(
    series: Sequence[Series],
    horizon: int,
    *,
    rtol: float = RTOL,
    atol: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Sum up series over the steps below `horizon`, and hold each to the first.

    Schedules are compared at every step up to a horizon of 10^7, at samples and knots of a longer
    run; a schedule and a log at the recorded steps, two logs at those that they share. Gaps differ
    that are larger than `atol` + `rtol` * the larger rate; `atol` is 1e-12 of the larger peak
    unless given. LrvizError for a log without a step below `horizon`, or two without a common one.
    """
    series = with_telling(series, horizon, rtol, atol or 0.0)
    walk = _Walk(series, horizon, rtol, atol, progress)
    totals, gaps = walk.taken(walk.peaks())
    if not all(total.is_settled for total in totals):
        # A peak was between the steps where it was looked for; now it is known.
        totals, gaps = walk.taken([total.highest for total in totals])
    every = horizon <= EVERY
    return Comparison(
        series,
        horizon,
        [total.summary(every or i in walk.recorded) for i, total in enumerate(totals)],
        [
            gap.difference(every or pair is not None)
            for gap, pair in zip(gaps, walk.pairs, strict=True)
        ],
        walk.pairs,
        walk.common,
    )


class _Walk:
    """Series over a run, the rates of recorded ones known."""

    def __init__(
        self,
        series: Sequence[Series],
        horizon: int,
        rtol: float,
        atol: float | None,
        progress: Progress | None,
    ) -> None:
        self.series, self.horizon, self.progress = series, horizon, progress
        self.rtol, self.atol = rtol, atol
        self.plans = {i: one.plan for i, one in enumerate(series) if one.plan is not None}
        self.pairs = [pair_of(series[0], one, horizon) for one in series[1:]]
        known = [known_steps(one, horizon) for one in series]
        # What a log is said to come to, all are: else its mean is held to that of steps it lacks.
        common = _common([steps for steps in known if steps is not None])
        self.recorded: dict[int, tuple[Grid, Array]] = {}
        for i, (one, own) in enumerate(zip(series, known, strict=True)):
            steps = own if common is None else common
            if steps is not None:
                self.recorded[i] = Grid(horizon, steps, line_weights(steps)), one.at(steps)
        self.common = common

    def peaks(self) -> list[float]:
        """Return the highest rates; of schedules as far as a few thousand steps show them."""
        return [
            float(
                self.recorded[i][1].max()
                if i in self.recorded
                else one.outline(self.horizon, _COLUMNS).values.max()
            )
            for i, one in enumerate(self.series)
        ]

    def taken(self, peaks: Sequence[float]) -> tuple[list[Totals], list[Gaps]]:
        """Return what all the series add up to, and their gaps to the first."""
        totals = [Totals(one.label, peak) for one, peak in zip(self.series, peaks, strict=True)]
        gaps = [
            Gaps(
                self.rtol,
                ATOL * max(peaks[0], peak) if self.atol is None else self.atol,
                "" if pair is None else pair.digits,
            )
            for peak, pair in zip(peaks[1:], self.pairs, strict=True)
        ]
        self._add_plans(totals, gaps)
        for i, (grid, rates) in self.recorded.items():
            for block, (values,) in _cut(grid, rates):
                totals[i].add(block, values)
        for one, pair, gap in zip(self.series[1:], self.pairs, gaps, strict=True):
            if pair is not None and (has_more(self.series[0]) or has_more(one)):
                for steps, a, b in rows_of_both(self.series[0], one, self.horizon):
                    gap.add(Block(steps, None), a, b, pair.rounding(a, b))
            elif pair is not None:
                grid = Grid(self.horizon, pair.steps)
                for block, (a, b) in _cut(grid, pair.a, pair.b):
                    gap.add(block, a, b, pair.rounding(a, b))
        return totals, gaps

    def _add_plans(self, totals: list[Totals], gaps: list[Gaps]) -> None:
        """Add up the schedules among the series, evaluating each of them once a step."""
        if self.common is not None and None not in self.pairs:
            return
        for block in grid_of([*self.plans.values()], self.horizon).blocks():
            rates = {i: plan(block.steps) for i, plan in self.plans.items()}
            for i, values in rates.items():
                if i not in self.recorded:
                    totals[i].add(block, values)
                if i > 0 and 0 in rates:
                    gaps[i - 1].add(block, rates[0], values)
            if self.progress is not None:
                self.progress(int(block.steps[-1]) + 1)


def _common(known: Sequence[Steps]) -> Steps | None:
    """Return the steps that all recorded series have, None if there are none."""
    if not known:
        return None
    common = reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), known)
    return common if common.size else None


def _cut(grid: Grid, *values: Array) -> Iterator[tuple[Block, list[Array]]]:
    """Yield the blocks of a grid with what belongs to each of arrays over all its steps."""
    start = 0
    for block in grid.blocks():
        stop = start + len(block.steps)
        yield block, [array[start:stop] for array in values]
        start = stop

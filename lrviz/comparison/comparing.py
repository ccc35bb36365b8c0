"""Curves summed up, and held to the first of them, in one walk over the run."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..curves import Curve
from ..errors import LrvizError, quoted
from ..sampling import outline
from ..schedules.base import Schedule
from ..schedules.numeric import Array
from .differences import ATOL, RTOL, Difference, Gaps
from .grids import EVERY, Block, Grid, Source, grid_of, recorded_grid
from .summaries import Summary, Totals

Progress = Callable[[int], None]
"""Is told how many steps of the run are done."""

_COLUMNS = 600
"""In how many parts of a run the peak is looked for."""


class Comparison(NamedTuple):
    """A summary for each curve, and for each but the first how it differs from the first."""

    summaries: list[Summary]
    differences: list[Difference]


def summarize(
    source: Source, horizon: int, label: str = "", progress: Progress | None = None
) -> Summary:
    """Return the summary of a curve over a run; LrvizError if a log has no step in it."""
    return compare([(label, source)], horizon, progress=progress).summaries[0]


def difference(
    a: Source,
    b: Source,
    horizon: int,
    *,
    rtol: float = RTOL,
    atol: float | None = None,
    progress: Progress | None = None,
) -> Difference:
    """Return how `b` differs from `a` over a run; see `compare`."""
    both = [("", a), ("", b)]
    return compare(both, horizon, rtol=rtol, atol=atol, progress=progress).differences[0]


def compare(
    sources: Sequence[tuple[str, Source]],
    horizon: int,
    *,
    rtol: float = RTOL,
    atol: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Sum up labelled curves over the steps below `horizon`, and hold each to the first.

    Schedules are compared at every step up to a horizon of 10^7, at samples and knots of a longer
    run; a schedule and a log at the recorded steps, two logs at those that they share. Gaps differ
    that are larger than `atol` + `rtol` * the larger rate; `atol` is 1e-12 of the larger peak
    unless given. An empty label stands for the curve's own. LrvizError for a log without a step
    below `horizon`, or two without a common one.
    """
    peaks = [_peak(source, horizon) for _, source in sources]
    totals, gaps = _walked(sources, horizon, peaks, rtol, atol, progress)
    if not all(total.is_settled for total in totals):
        # A peak was between the steps where it was looked for; now it is known.
        peaks = [total.highest for total in totals]
        totals, gaps = _walked(sources, horizon, peaks, rtol, atol, progress)
    exact = [isinstance(source, Curve) or horizon <= EVERY for _, source in sources]
    return Comparison(
        [total.summary(known) for total, known in zip(totals, exact, strict=True)],
        [gap.difference(exact[0] or known) for gap, known in zip(gaps, exact[1:], strict=True)],
    )


def _peak(source: Source, horizon: int) -> float:
    """Return the highest rate; that of a schedule as far as a few thousand steps show it."""
    if isinstance(source, Schedule):
        return float(outline(source, horizon, _COLUMNS).values.max())
    return float(recorded_grid(source, horizon)[1].max())


def _walked(
    sources: Sequence[tuple[str, Source]],
    horizon: int,
    peaks: Sequence[float],
    rtol: float,
    atol: float | None,
    progress: Progress | None,
) -> tuple[list[Totals], list[Gaps]]:
    """Return what all the curves add up to, and their gaps to the first."""
    totals = [
        Totals(label or _label(source), peak)
        for (label, source), peak in zip(sources, peaks, strict=True)
    ]
    gaps = [Gaps(rtol, ATOL * max(peaks[0], peak) if atol is None else atol) for peak in peaks[1:]]
    _add_schedules([source for _, source in sources], horizon, totals, gaps, progress)
    first = sources[0][1]
    for i, (_, source) in enumerate(sources):
        if isinstance(source, Curve):
            grid, values = recorded_grid(source, horizon)
            for block, part in _cut(grid, values):
                totals[i].add(block, part[0])
        if i > 0 and (isinstance(source, Curve) or isinstance(first, Curve)):
            grid, *both = paired(first, source, horizon)
            for block, part in _cut(grid, *both):
                gaps[i - 1].add(block, *part)
    return totals, gaps


def _add_schedules(
    sources: Sequence[Source],
    horizon: int,
    totals: list[Totals],
    gaps: list[Gaps],
    progress: Progress | None,
) -> None:
    """Add up the schedules among the curves, evaluating each of them once."""
    schedules = {i: source for i, source in enumerate(sources) if isinstance(source, Schedule)}
    if not schedules:
        return
    grid = grid_of([*schedules.values()], horizon)
    for block in grid.blocks():
        rates = {i: schedule(block.steps) for i, schedule in schedules.items()}
        for i, values in rates.items():
            totals[i].add(block, values)
            if i > 0 and 0 in rates:
                gaps[i - 1].add(block, rates[0], values)
        if progress is not None:
            progress(int(block.steps[-1]) + 1)


def paired(a: Source, b: Source, horizon: int) -> tuple[Grid, Array, Array]:
    """Return the recorded steps below `horizon` that both have, and the rates of both at them.

    At least one is recorded. LrvizError if there is no such step.
    """
    if isinstance(a, Schedule):
        assert isinstance(b, Curve)
        grid, values = recorded_grid(b, horizon)
        assert grid.steps is not None
        return Grid(horizon, grid.steps), a(grid.steps), values
    if isinstance(b, Schedule):
        grid, theirs, ours = paired(b, a, horizon)
        return grid, ours, theirs
    (first, a_values), (second, b_values) = (recorded_grid(curve, horizon) for curve in (a, b))
    assert first.steps is not None
    assert second.steps is not None
    shared, in_a, in_b = np.intersect1d(first.steps, second.steps, return_indices=True)
    if not len(shared):
        raise LrvizError(
            f"{quoted(a.label)} and {quoted(b.label)} have no recorded step in common; "
            "compare each with a schedule"
        )
    return Grid(horizon, shared), a_values[in_a], b_values[in_b]


def _cut(grid: Grid, *values: Array) -> Iterator[tuple[Block, list[Array]]]:
    """Yield the blocks of a grid with what belongs to each of arrays over all its steps."""
    start = 0
    for block in grid.blocks():
        stop = start + len(block.steps)
        yield block, [array[start:stop] for array in values]
        start = stop


def _label(source: Source) -> str:
    return source.label if isinstance(source, Curve) else str(source)

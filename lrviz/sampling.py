"""Which steps to evaluate, so that a picture of any horizon is exact to the pixel.

A run is cut into columns, about one for each pixel. Of each column the first and the last rate, the
lowest and the highest are kept (the M4 aggregation of Jugel et al. 2014): a line through those
covers the same pixels as a line through all steps. Where a column has too many steps to evaluate
all, the extremes are looked for where they can be: at knots, beside them, and at its ends. Where
knots do not say that, all steps of a run are evaluated, up to a limit (`is_exact`).
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .curves import Curve, evaluate
from .schedules.base import Schedule
from .schedules.numeric import Array, Dtype, Steps, irregular
from .schedules.signal import Signal

if TYPE_CHECKING:
    from typing import Protocol

    class Bounded(Protocol):
        """What may have an end: a schedule, or a series."""

        @property
        def length(self) -> int | None: ...


DEFAULT_HORIZON = 1000
"""How many steps are shown of schedules that have no end of their own."""

_ALL = 512
"""Columns of at most this many steps are evaluated step by step."""
_SPREAD = 16
"""How many steps are evaluated in wider columns, evenly spread, beside those at knots."""
_KNOTS = 64
"""How many knots of one kind are looked at in a column."""

_MOST = 10_000_000
"""How many steps of a run are all evaluated where knots do not say where the extremes are."""
_OPAQUE = 8192
"""How many steps of a column are evaluated in longer runs of that kind."""
_DENSE = 2048
"""As many where a column has more knots than are looked at."""
_BLOCK = 1 << 20
"""About how many steps are evaluated at once."""


def default_horizon(shown: "Iterable[Bounded]") -> int:
    """Return how many steps show all that is shown: the longest of their own lengths."""
    return max((length for one in shown if (length := one.length)), default=DEFAULT_HORIZON)


def outline(
    schedule: Signal,
    horizon: int,
    columns: int,
    label: str = "",
    dtype: Dtype = np.float64,
    first: int = 0,
) -> Curve:
    """Return a curve whose line, drawn over `columns` pixels, is that of all steps.

    Those are the steps from `first` on, below `horizon`. The curve has at most 4 points a column.
    Where the schedule jumps and single steps can be seen, a step stands twice, with the rate before
    and the rate after, so that the line rises there upright.
    """
    name = label or str(schedule)
    if horizon - first <= 4 * columns:
        steps = np.arange(first, horizon)
        return with_risers(schedule, evaluate(schedule, steps, name, dtype))
    edges = column_edges(first, horizon, columns)
    spread = _spread(schedule, edges) if horizon - first > _ALL * columns else _SPREAD
    if horizon - first <= (_ALL * columns if spread == _SPREAD else _MOST):
        candidates, width = _every, -(-(horizon - first) // columns)
    else:
        candidates, width = partial(_likely, spread=spread), spread
    rows = max(_BLOCK // width, 1)
    blocks = [
        _extremes(schedule, candidates(schedule, edges[row : row + rows + 1]), dtype)
        for row in range(0, columns, rows)
    ]
    steps, values = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    kept, firsts = np.unique(steps, return_index=True)
    return Curve(name, kept, values[firsts], quantity=schedule.quantity)


def is_exact(schedule: Signal | None, horizon: int, columns: int, first: int = 0) -> bool:
    """Return whether `outline` of the same has the extremes of each column for certain.

    It has not where the steps of a long run would all have to be evaluated: of formulas, of sums
    and products, which may be extreme where none of their parts is, and of cycles so short that a
    column has many. None stands for differences, of which nothing is known.
    """
    if horizon - first <= _MOST:
        return True
    if schedule is None:
        return False
    return _spread(schedule, column_edges(first, horizon, columns)) == _SPREAD


def _is_opaque(schedule: Signal) -> bool:
    return any(part.opaque for part in schedule.parts())


def _spread(schedule: Signal, edges: Steps) -> int:
    """Return how many steps of each column between edges are to be evaluated beside its knots.

    Those are more where it has more knots than are looked at: a curve of short cycles is as extreme
    as the steps that are nearest to its knots, and those may be beside any of them.
    """
    if _is_opaque(schedule):
        return _OPAQUE
    knots = (knots for knots in schedule.knots if not knots.settled)
    return _DENSE if any((np.diff(k.count(edges)) > _KNOTS).any() for k in knots) else _SPREAD


def thinned(curve: Curve, horizon: int, columns: int, first: int = 0) -> Curve:
    """Return the points of a curve that can be told apart in so many columns.

    Of each column the first, the last, the lowest and the highest are kept.
    """
    shown = (first <= curve.steps) & (curve.steps < horizon)
    steps, values = curve.steps[shown], curve.values[shown]
    if len(steps) <= 4 * columns:
        return replace(curve, steps=steps, values=values)
    edges = column_edges(first, horizon, columns)
    starts = np.unique(np.searchsorted(steps, edges[:-1]))
    starts = starts[starts < len(steps)]
    column = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(steps)))
    # Sorted by column and then by value, the extremes of a column stand at its ends.
    order = np.lexsort((values, column))
    lasts = np.append(starts[1:], len(steps)) - 1
    kept = np.unique(np.concatenate([starts, lasts, order[starts], order[lasts]]))
    return replace(curve, steps=steps[kept], values=values[kept])


def key_steps(schedules: Iterable[Schedule], horizon: int, most_knots: int = 12) -> list[int]:
    """Return the steps that say most about the schedules: round numbers, both ends, and knots.

    A jump is shown with the step before it. A kind of knots that is too many is left out.
    """
    found = {0, horizon - 1, *range(0, horizon, round_step(horizon, 10))}
    for knots in (knots for schedule in schedules for knots in schedule.knots):
        if knots.total(horizon) <= most_knots:
            steps = knots.listed(horizon).tolist()
            found.update(steps, (step - 1 for step in steps if knots.jump))
    return sorted(step for step in found if 0 <= step < horizon)


def round_step(span: float, count: int) -> int:
    """Return a round number, 1, 2 or 5 times a power of ten, of which about `count` make `span`."""
    rough = max(span / count, 1)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(m * power for m in (1, 2, 5, 10) if m * power >= rough))


def with_risers(schedule: Signal, curve: Curve) -> Curve:
    """Return `curve` with each jump drawn upright where it has both the steps beside it.

    A formula jumps where it changes within one step, and rests before that and after it.
    """
    steps, first, last = curve.steps, int(curve.steps[0]), int(curve.steps[-1])
    jumps = [
        knots.listed(last + 1, first + 1)
        for knots in schedule.knots
        if knots.jump
        and min(knots.total(last + 1) - knots.total(first + 1), last - first) <= 100 * len(steps)
    ]
    if _is_opaque(schedule) and last - first < len(steps):
        before = schedule(np.array([max(first - 1, 0)]), curve.values.dtype.type)
        moves = np.pad(np.diff(np.append(before, curve.values)) != 0, (0, 1))
        jumps.append(first + np.flatnonzero(moves[1:-1] & ~moves[:-2] & ~moves[2:]) + 1)
    if not jumps:
        return curve
    at = np.flatnonzero(np.isin(steps[1:], np.concatenate(jumps)) & (np.diff(steps) == 1)) + 1
    return replace(
        curve,
        steps=np.insert(steps, at, steps[at]),
        values=np.insert(curve.values, at, curve.values[at - 1]),
    )


def column_edges(first: int, horizon: int, columns: int) -> Steps:
    """Return the first step of each column, and at last the horizon."""
    edges: Steps = np.linspace(first, horizon, columns + 1).astype(np.int64)
    return edges


def _extremes(schedule: Signal, steps: Steps, dtype: Dtype) -> tuple[Steps, Array]:
    """Return of each row of steps the first, the last, the lowest and the highest, with values."""
    values = schedule(steps, dtype)
    ends = np.zeros((len(steps), 1), np.int64), np.full((len(steps), 1), -1)
    extremes = values.argmin(axis=1, keepdims=True), values.argmax(axis=1, keepdims=True)
    places = np.hstack([*ends, *extremes])
    kept = np.take_along_axis(steps, places, axis=1), np.take_along_axis(values, places, axis=1)
    return kept[0].ravel(), kept[1].ravel()


def _every(schedule: Signal, edges: Steps) -> Steps:
    """Return all steps of the columns between edges, a row for each; its last may stand again."""
    del schedule  # where its extremes are does not matter
    first, last = edges[:-1, None], edges[1:, None] - 1
    steps: Steps = np.minimum(first + np.arange(int((last - first).max()) + 1), last)
    return steps


def _likely(schedule: Signal, edges: Steps, spread: int) -> Steps:
    """Return the steps of the columns between edges where their extremes can be, a row for each.

    Of each column so many are spread evenly. The first and the last of a column are the first and
    the last of its row, and a step may stand more than once.
    """
    first, last = edges[:-1, None], edges[1:, None] - 1
    within = np.arange(spread) / (spread - 1)
    if spread > _SPREAD:  # no period of the curve can keep in step with gaps that are irregular
        places = np.arange(first.size)[:, None] * spread + np.arange(spread)
        within = (np.arange(spread) + irregular(places)) / spread
        within[:, 0] = 0
    found = [first + (within * (last - first)).astype(np.int64)]
    found += [knots.some(first, last + 1, _KNOTS) for knots in schedule.knots]
    steps: Steps = np.clip(np.hstack([*found, last]), first, last)
    return steps

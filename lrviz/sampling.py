"""Which steps to evaluate, so that a picture of any horizon is exact to the pixel.

A run is cut into columns, about one for each pixel. Of each column the first and the last rate, the
lowest and the highest are kept (the M4 aggregation of Jugel et al. 2014): a line through those
covers the same pixels as a line through all steps. Where a column has too many steps to evaluate
all, the extremes are looked for where they can be: at knots, beside them, and at its ends.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .curves import Curve, evaluate
from .schedules.base import Schedule
from .schedules.numeric import Dtype, Steps
from .schedules.signal import Signal

if TYPE_CHECKING:
    from typing import Protocol

    class Bounded(Protocol):
        """What may have an end: a schedule, or a series."""

        @property
        def length(self) -> int | None: ...


DEFAULT_HORIZON = 1000
"""How many steps are shown of schedules that have no end of their own."""

_ALL = 256
"""Columns of at most this many steps are evaluated step by step."""
_SPREAD = 16
"""How many steps are evaluated in wider columns, evenly spread, beside those at knots."""
_OPAQUE = 8192
"""What both of these are for a schedule whose knots are not known."""
_KNOTS = 64
"""How many knots of one kind are looked at in a column."""


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
        return _with_risers(schedule, evaluate(schedule, steps, name, dtype))
    steps = _candidates(schedule, first, horizon, columns)
    values = schedule(steps, dtype)
    ends = np.zeros((columns, 1), np.int64), np.full((columns, 1), -1)
    extremes = values.argmin(axis=1, keepdims=True), values.argmax(axis=1, keepdims=True)
    places = np.hstack([*ends, *extremes])
    kept, firsts = np.unique(np.take_along_axis(steps, places, axis=1), return_index=True)
    found = np.take_along_axis(values, places, axis=1).ravel()[firsts]
    return Curve(name, kept, found, quantity=schedule.quantity)


def thinned(curve: Curve, horizon: int, columns: int, first: int = 0) -> Curve:
    """Return the points of a recorded curve that can be told apart in so many columns.

    Of each column the first, the last, the lowest and the highest are kept.
    """
    shown = (first <= curve.steps) & (curve.steps < horizon)
    steps, values = curve.steps[shown], curve.values[shown]
    if len(steps) <= 4 * columns:
        return replace(curve, steps=steps, values=values, recorded=True)
    edges = column_edges(first, horizon, columns)
    starts = np.unique(np.searchsorted(steps, edges[:-1]))
    starts = starts[starts < len(steps)]
    column = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(steps)))
    # Sorted by column and then by value, the extremes of a column stand at its ends.
    order = np.lexsort((values, column))
    lasts = np.append(starts[1:], len(steps)) - 1
    kept = np.unique(np.concatenate([starts, lasts, order[starts], order[lasts]]))
    return replace(curve, steps=steps[kept], values=values[kept], recorded=True)


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


def _with_risers(schedule: Signal, curve: Curve) -> Curve:
    """Return `curve`, which has all steps, with each jump drawn upright."""
    first, last = int(curve.steps[0]), int(curve.steps[-1])
    jumps = [knots.listed(last + 1, first + 1) for knots in schedule.knots if knots.jump]
    if not jumps:
        return curve
    at = np.unique(np.concatenate(jumps)) - first
    at = at[at > 0]
    return replace(
        curve,
        steps=np.insert(curve.steps, at, curve.steps[at]),
        values=np.insert(curve.values, at, curve.values[at - 1]),
    )


def column_edges(first: int, horizon: int, columns: int) -> Steps:
    """Return the first step of each column, and at last the horizon."""
    edges: Steps = np.linspace(first, horizon, columns + 1).astype(np.int64)
    return edges


def _candidates(schedule: Signal, start: int, horizon: int, columns: int) -> Steps:
    """Return steps to evaluate, a row for each column: its first, others, its last.

    The extremes of the column are among them, or nearly. A step may stand more than once.
    """
    edges = column_edges(start, horizon, columns)
    first, last = edges[:-1, None], edges[1:, None] - 1
    opaque = any(part.opaque for part in schedule.parts())
    every, spread = (_OPAQUE, _OPAQUE) if opaque else (_ALL, _SPREAD)
    if horizon - start <= every * columns:
        all_steps: Steps = np.minimum(first + np.arange(int((last - first).max()) + 1), last)
        return all_steps
    found = [first + (np.linspace(0, 1, spread) * (last - first)).astype(np.int64)]
    found += [knots.some(first, last + 1, _KNOTS) for knots in schedule.knots]
    steps: Steps = np.clip(np.hstack([*found, last]), first, last)
    return steps

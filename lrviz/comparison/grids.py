"""The steps at which curves are compared: every one where that can be, otherwise those that tell.

Steps come in blocks, so that a run of 10^7 steps needs no more memory than a block of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError, quoted
from ..schedules.base import Schedule
from ..schedules.knots import Knots
from ..schedules.numeric import Array, Steps, irregular
from ..schedules.signal import CHUNK
from ..series import Series

EVERY = 10_000_000
"""Up to this horizon every step is compared."""

_SAMPLES = 2_000_000
"""How many steps stand for a longer run, beside its knots."""
_FEW = 100_000
"""Up to this many knots of one kind are all among them."""
_COLUMNS, _IN_COLUMN = 2000, 64
"""Of more, those that stand for the others: this many in each of as many parts of the run."""


class Block(NamedTuple):
    """Some steps, and how many steps each of them stands for; None if for itself alone."""

    steps: Steps
    weights: Array | None

    def number(self, chosen: "np.ndarray[tuple[int, ...], np.dtype[np.bool]]") -> float:
        """Return how many steps the chosen ones stand for."""
        if self.weights is None:
            return int(np.count_nonzero(chosen))
        return float(self.weights[chosen].sum())

    def total(self, values: Array) -> float:
        """Return the sum of the values over all the steps that are stood for."""
        return float(values.sum() if self.weights is None else values @ self.weights)


class Grid(NamedTuple):
    """All steps below `horizon`, or `steps` that stand for them; `exact` if nothing is left out."""

    horizon: int
    steps: Steps | None = None
    weights: Array | None = None
    exact: bool = True

    def __len__(self) -> int:
        return self.horizon if self.steps is None else len(self.steps)

    def blocks(self) -> Iterator[Block]:
        for start in range(0, len(self), CHUNK):
            stop = min(start + CHUNK, len(self))
            if self.steps is None:
                yield Block(np.arange(start, stop), None)
            else:
                weights = None if self.weights is None else self.weights[start:stop]
                yield Block(self.steps[start:stop], weights)


def grid_of(schedules: Sequence[Schedule], horizon: int) -> Grid:
    """Return the steps at which schedules are compared over a run of `horizon` steps."""
    if horizon <= EVERY:
        return Grid(horizon)
    number = np.arange(_SAMPLES)
    place = (number + irregular(number)) / _SAMPLES
    found = [(place * horizon).astype(np.int64), np.array([0, horizon - 1])]
    for knots in (knots for schedule in schedules for knots in schedule.knots):
        found += [_knots(knots, horizon)]
    steps = np.sort(np.concatenate(found), kind="stable")  # unique would take ten times as long
    steps = steps[(steps >= 0) & (steps < horizon) & (np.diff(steps, prepend=-1) > 0)]
    return Grid(horizon, steps, line_weights(steps), exact=False)


def _knots(knots: Knots, horizon: int) -> Steps:
    """Return the knots below `horizon` and the steps before them, or some where they are many."""
    if knots.total(horizon) <= _FEW:
        listed = knots.listed(horizon)
        return np.concatenate([listed - 1, listed])
    edges = np.linspace(0, horizon, _COLUMNS + 1).astype(np.int64)[:, None]
    return knots.some(edges[:-1], edges[1:], _IN_COLUMN).ravel()


def known_steps(one: Series, horizon: int) -> Steps | None:
    """Return the only steps below `horizon` that have a rate, None if all have.

    LrvizError if there is none.
    """
    steps = one.known_steps
    if steps is None:
        return None
    below: Steps = steps[steps < horizon]
    if not below.size:
        raise LrvizError(
            f"{quoted(one.label)} has no recorded step below {horizon}; compare over more steps"
        )
    return below


def shared_steps(a: Series, b: Series, horizon: int) -> Steps | None:
    """Return the only steps below `horizon` at which both have a rate, None if they have at all.

    LrvizError if there is none.
    """
    of_a, of_b = known_steps(a, horizon), known_steps(b, horizon)
    if of_a is None or of_b is None:
        return of_b if of_a is None else of_a
    shared: Steps = np.intersect1d(of_a, of_b, assume_unique=True)
    if not shared.size:
        raise LrvizError(
            f"{quoted(a.label)} and {quoted(b.label)} have no recorded step in common; "
            "compare each with a schedule"
        )
    return shared


def line_weights(steps: Steps) -> Array:
    """Return weights with which a sum over `steps` is that over all steps of the line through them.

    The line goes from the first step to the last; the weights add up to how many steps it has.
    """
    gaps = np.diff(steps)
    weights = np.ones(len(steps))
    weights[:-1] += (gaps - 1) / 2
    weights[1:] += (gaps - 1) / 2
    return weights

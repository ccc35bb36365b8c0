"""The schedules behind recorded rates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..comparison.variants import fields
from ..comparison.wording import rounded
from ..errors import LrvizError, quoted
from ..fitting import Fit, Found, Record, doubts, find, rates_of
from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.fields import rounded_text
from ..schedules.numeric import Array, Steps
from ..series import Inputs, Series, horizon_of, read_inputs
from ..specs.quantities import Run

POINTS = 10
"""Fewer points do not tell a schedule."""
_MOST = 10_000
"""At how many steps a schedule is asked for its rates."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """What was recorded under a label, the schedules that meet it, and how near others come."""

    label: str
    log: Rounded
    found: Found

    @property
    def best(self) -> Fit | None:
        """The simplest schedule that meets every point, None if none does."""
        return self.found.fits[0] if self.found.fits else None

    @property
    def plan(self) -> Schedule | None:
        """The same as a schedule."""
        return self.best and self.best.plan

    @property
    def spec(self) -> str | None:
        """The same as a spec."""
        return None if self.best is None else str(self.best.plan)

    @property
    def offset(self) -> int:
        """The step of the schedule at step 0 of the log, -1 if that counts from 1."""
        return 0 if self.best is None else self.best.offset

    @cached_property
    def notes(self) -> list[str]:
        """What the schedule meets, and what the log does not tell of it; or how near others are."""
        return [*self._notes()]

    def _notes(self) -> Iterator[str]:
        steps = self.log.steps
        count = f"{len(steps):,}"
        if self.best is None:
            yield self._nearest(count)
            return
        yield f"meets all {count} points to their last digit; {_steps_text(steps)}"
        if self.best.offset < 0:
            yield "the log counts from 1: its step 1 is step 0 of the schedule"
        elif self.best.offset > 0:
            yield "the log is one step early: its step 0 is step 1 of the schedule"
        if self.best.note:
            yield self.best.note
        moved = self.log._replace(steps=steps + self.best.offset)
        yield from doubts(self.best.plan, Record(moved))

    def _nearest(self, count: str) -> str:
        """Return in words how far the nearest schedule meets the points."""
        none = f"no schedule of those that are tried meets all {count} points"
        nearest = self.found.nearest
        if nearest is None:
            return none
        rates = rates_of(nearest, self.log.steps)
        if rates is None:
            return none
        gaps: Array = abs(rates - self.log.values)
        missed = np.flatnonzero(~self.log.fits(rates))
        if not missed.size:
            return f"no schedule in round numbers meets all {count} points; {nearest} does"
        first = int(self.log.steps[missed[0]])
        largest = int(gaps.argmax())
        size = rounded_text(float(gaps[largest]), 3)
        share = gaps[largest] / max(float(self.log.values.max()), 1e-300)
        return (
            f"{none}; the nearest, about {_about(nearest)}, differs from step {first:,} on, by at "
            f"most {size} ({rounded_text(float(100 * share), 2)} % of the peak) at step "
            f"{int(self.log.steps[largest]):,}"
        )


@dataclass(frozen=True, eq=False)
class Report:
    """What was found for each of several logs, and notes on how they were read."""

    fits: Sequence[Fitted]
    notes: Sequence[str]

    @property
    def met(self) -> bool:
        """Whether there is a schedule for each of them."""
        return all(one.best is not None for one in self.fits)

    def __str__(self) -> str:
        return "\n".join(one.spec or one.notes[0] for one in self.fits)


def fit(inputs: Inputs, run: Run | None = None, *, step_column: str | None = None) -> Report:
    """Return the schedules that have the rates of logs, at every point and to its last digit.

    Of a schedule in place of a log, the rates are those at the steps of its run. LrvizError for the
    first text that cannot be read, and for a log of too few points.
    """
    run = run or Run()
    found, notes = read_inputs(inputs, run, step_column)
    return Report([_fitted(one, run) for one in found], notes)


def _fitted(one: Series, run: Run) -> Fitted:
    """Return what is found for one series."""
    steps = one.known_steps
    if steps is None:
        horizon = horizon_of([one], run)
        steps = np.unique(np.linspace(0, horizon - 1, min(horizon, _MOST)).astype(np.int64))
    elif run.horizon is not None:
        steps = steps[steps < run.horizon]
    if len(steps) < POINTS:
        raise LrvizError(
            f"{quoted(one.label)} has {len(steps)} points, and a schedule is told by {POINTS} or "
            "more; log the rate more often"
        )
    log = Rounded.of(steps, one.at(steps))
    return Fitted(one.label, log, find(log))


def _steps_text(steps: Steps) -> str:
    """Return in words which steps were recorded."""
    apart = np.unique(np.diff(steps))
    every = "" if len(apart) > 1 or apart[0] == 1 else f", every {_ordinal(int(apart[0]))}"
    return f"steps {int(steps[0]):,} to {int(steps[-1]):,}{every}"


def _ordinal(number: int) -> str:
    """Return a number as 2nd, 3rd, 10th."""
    ending = "th" if number % 100 in (11, 12, 13) else "thstndrd"[2 * min(number % 10, 4) % 8 :][:2]
    return f"{number:,}{ending}"


def _about(plan: Schedule) -> str:
    """Return a schedule with all its numbers to three digits."""
    for number in range(len([*fields(plan)])):
        field, unit = [*fields(plan)][number]
        other = field.becomes(rounded(field.value, 3) if unit != "steps" else round(field.value))
        plan = other or plan
    return str(plan)

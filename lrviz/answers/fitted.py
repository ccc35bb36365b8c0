"""The annealing law, fitted to recorded runs: what they can tell, and how surely."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError, listing, option, printable, quoted
from ..logs import Log as Recording
from ..logs import read as read_log
from ..schedules.fields import rounded_text
from ..schedules.numeric import Array
from ..schedules.quantity import LEARNING_RATE, LOSS, Quantity
from ..series import read_inputs
from ..specs.quantities import Run
from ..theory.annealing import (
    LEAST_AFTER_WARMUP,
    SURE,
    UNSURE,
    Law,
    Log,
    fit,
    log_of,
)
from .losses import signal_of

MOST_STEPS = 10_000_000
LEAST_POINTS = 20

_FURTHER, _FARTHEST = 1.5, 3.0
"""How many times what was logged is far from it, and so far that nothing is told."""


class Fitted(NamedTuple):
    """A law, the logs that it was fitted to, what they are called, and notes on how they were read.

    `tells` is whether they tell its two terms apart.
    """

    law: Law
    logs: Sequence[Log]
    names: Sequence[str]
    notes: Sequence[str]

    @property
    def tells(self) -> bool:
        """Whether a plateau and a gradual fall were logged, and that made a difference."""
        falls = any(one.falls for one in self.logs)
        rests = any(one.rests for one in self.logs)
        return falls and rests and self.law.fall > 0

    @property
    def within(self) -> float:
        """How far a predicted loss may be off."""
        return max(SURE if self.tells else UNSURE, 2 * self.law.error)

    @property
    def points(self) -> int:
        """To how many points it was fitted."""
        return sum(len(one.losses) for one in self.logs)

    @property
    def named(self) -> str:
        """What the logs are called, in words."""
        return listing(printable(name) for name in self.names)

    def caveats(self) -> Iterator[str]:
        """Yield what the numbers are worth."""
        off = rounded_text(self.law.error, 2)
        if self.tells:
            yield (
                f"off by {off} at the logged points, but ±{self.within:.2g} at the end of other "
                "schedules, which held for 6 to 8 of 10 measured runs"
            )
        else:
            yield (
                "this log does not tell the two terms of the law apart, which takes a plateau and "
                f"a gradual fall: off by up to {self.within:.2g}, so that nothing is ranked"
            )
        yield (
            "holds near the peak rate, the batch and the model of the log; it knows no divergence, "
            "and so cannot choose a peak"
        )

    def loss(self, peak: float, steps: int, s1: float, s2: float) -> float | None:
        """Return the loss of a run of that peak after so many steps; None if no log tells it."""
        value = float(self.law.loss(s1, s2))
        return value if math.isfinite(value) and not self.silence(peak, steps) else None

    def silence(self, peak: float, steps: int) -> str:
        """Return why the loss of such a run is not told, "" if it is."""
        highest = max(one.peak for one in self.logs)
        if not highest / _FARTHEST <= peak <= highest * _FARTHEST:
            times = rounded_text(peak / highest, 2)
            return f"its peak is {times} times the log's, of which that tells nothing"
        if steps < LEAST_AFTER_WARMUP:
            return f"the law says nothing of fewer than {LEAST_AFTER_WARMUP} steps"
        return ""

    def beyond(self, peak: float, steps: int) -> Iterator[str]:
        """Yield in what a run of that peak and length is far from what was logged."""
        highest, longest = (max(getattr(one, n) for one in self.logs) for n in ("peak", "steps"))
        why = self.silence(peak, steps)
        if why:
            yield why
            return
        if not highest / _FURTHER <= peak <= highest * _FURTHER:
            yield f"its peak is {rounded_text(peak / highest, 2)} times the log's, so less is known"
        if steps > longest * _FURTHER:
            times = rounded_text(steps / longest, 2)
            yield f"its run is {times} times as long as the log's, so less is known"


def fitted(
    texts: Sequence[str], schedule: str | None, memory: float, run: Run, step_column: str | None
) -> Fitted:
    """Return the law that fits recorded runs, `@FILE` or `@FILE:COLUMN` each.

    The rates are those of the logs, or of the text of a schedule. LrvizError for the first log
    that cannot be read, or that cannot tell what a change of the rate does.
    """
    logs: list[Log] = []
    names: list[str] = []
    notes: list[str] = []
    for text in texts:
        if not text.startswith("@"):
            raise LrvizError(
                option("fit") + f" is a recorded run, @FILE or @FILE:COLUMN, not {quoted(text)}"
            )
        recording = _read(text[1:], schedule, run, step_column)
        logs.append(_log(recording, schedule, memory, run))
        names.append(recording.label)
        notes += recording.notes
        first = int(recording.curves[0].steps[0])
        if first > 0 and schedule is None:
            notes.append(
                f"{printable(recording.label)}: its first {first:,} steps are not logged, and are "
                "taken to have the first rate that is"
            )
    if all(one.constant for one in logs):
        raise LrvizError(
            f"the rate of {listing(map(quoted, names))} never changes after its warmup, so that "
            "it tells nothing of what a change does; fit a log with a fall, or add one"
        )
    return Fitted(fit(logs), logs, names, notes)


def _read(path: str, schedule: str | None, run: Run, step_column: str | None) -> Recording:
    """Return a recorded run with its losses, and with its rates unless a schedule has those."""

    def read(wanted: Mapping[Quantity, str | None]) -> Recording:
        return read_log(path, step_column, wanted, run.steps_per_epoch)

    losses: Mapping[Quantity, str | None] = {LOSS: None}
    if schedule is not None:
        return read(losses)
    try:
        return read({**losses, LEARNING_RATE: None})
    except LrvizError:
        name = quoted(read(losses).label)  # unless it is the losses that cannot be read
        raise LrvizError(
            f"{name} has losses, and no rates that can be read; give its schedule with "
            + option("fit_schedule", "SPEC")
        ) from None


def _log(recording: Recording, schedule: str | None, memory: float, run: Run) -> Log:
    """Return what of a recorded run the law is fitted to."""
    name = quoted(recording.label)
    losses = recording.curves[0]
    good = np.isfinite(losses.values)
    steps, values = losses.steps[good], losses.values[good]
    if len(steps) < LEAST_POINTS:
        raise LrvizError(
            f"{name} has {len(steps)} points of the loss, and the law is fitted to at least "
            f"{LEAST_POINTS}; name a log that has more"
        )
    if steps[-1] >= MOST_STEPS:
        raise LrvizError(
            f"{name} goes on to step {steps[-1]}, and logs of up to {MOST_STEPS} steps are fitted; "
            "name a shorter one"
        )
    if not values.min() > 0:
        raise LrvizError(
            f"{name} has the loss {values.min():g}, and the law is about losses above 0; "
            "name another column"
        )
    rates = _rates(recording, schedule, run, int(steps[-1]) + 1)
    if not rates.max() > 0:
        raise LrvizError(f"{name} has no rate above 0; name a log of a run that moved")
    found = log_of(steps, values, rates, memory)
    if found.after < LEAST_AFTER_WARMUP or len(found.losses) < LEAST_POINTS:
        raise LrvizError(
            f"{name} goes on for {found.after} steps and {len(found.losses)} points after its "
            f"warmup, and the law needs {LEAST_AFTER_WARMUP} and {LEAST_POINTS}; name a longer log"
        )
    return found


def _rates(recording: Recording, schedule: str | None, run: Run, stop: int) -> Array:
    """Return the rate of each step of a recorded run: of a schedule, or as logged and joined."""
    if schedule is not None:
        found, _ = read_inputs(schedule, run)
        if len(found) > 1:
            raise LrvizError(option("fit_schedule") + " is one schedule; name one")
        return np.asarray(signal_of(found[0])(range(stop)))
    logged = recording.curves[1]
    good = np.isfinite(logged.values)
    return np.interp(np.arange(stop), logged.steps[good], logged.values[good])

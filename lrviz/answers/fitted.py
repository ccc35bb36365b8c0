"""The annealing law, fitted to recorded runs: what they can tell, and how surely."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError, listing, option, printable, quoted
from ..logs import Log as Recording
from ..logs import read as read_log
from ..schedules.fields import rounded_text
from ..schedules.numeric import Array
from ..schedules.quantity import LEARNING_RATE, LOSS
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

_FURTHER = 1.5
"""How many times what was logged is far beyond it."""


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
                f"off by {off} at the logged points, but ± {self.within:.2g} at the end of other "
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

    def beyond(self, peak: float, steps: int) -> Iterator[str]:
        """Yield in what a run of that peak and length is far from all that was logged."""
        highest, longest = (max(getattr(one, n) for one in self.logs) for n in ("peak", "steps"))
        if not highest / _FURTHER <= peak <= highest * _FURTHER:
            times = rounded_text(peak / highest, 2)
            yield f"its peak is {times} times the log's, where nothing was measured"
        if steps > longest * _FURTHER:
            times = rounded_text(steps / longest, 2)
            yield f"its run is {times} times as long as the log, where less is known"
        if steps < LEAST_AFTER_WARMUP:
            yield f"the law says nothing of runs of fewer than {LEAST_AFTER_WARMUP} steps"


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
        wanted = {LOSS: None} if schedule is not None else {LOSS: None, LEARNING_RATE: None}
        recording = read_log(text[1:], step_column, wanted, run.steps_per_epoch)
        logs.append(_log(recording, schedule, memory, run))
        names.append(recording.label)
        notes += recording.notes
    if all(one.constant for one in logs):
        raise LrvizError(
            f"the rate of {listing(map(quoted, names))} never changes after its warmup, so that "
            "it tells nothing of what a change does; fit a log with a fall, or add one"
        )
    return Fitted(fit(logs), logs, names, notes)


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

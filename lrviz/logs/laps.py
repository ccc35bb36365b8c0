"""Counters of steps that begin anew in each epoch: how to tell, and the steps of the run."""

from collections.abc import Sequence

import numpy as np

from ..schedules.numeric import Array, Steps
from .points import MOST_POINTS, Points
from .whole import Whole

_LAP = 1 << 32
"""A lap and a step within it are held as one number; no epoch has so many steps."""

_MOST_LAPS = 1 << 20


class Laps:
    """Points by epoch and by the step in it, and whether steps truly begin anew in each epoch.

    Where no column says the epoch, one begins where the steps go back from the same number to the
    same number, again and again.
    """

    def __init__(self) -> None:
        self.points = Points()
        self.usable, self.named = True, False
        self.last: tuple[int, int] | None = None
        self.anew = self.back = self.up = 0
        self.first_lap, self.last_lap = _MOST_LAPS, 0
        self.lowest, self.highest, self.gap, self.total = _LAP, 0, _LAP, 0
        self.begins: set[int] = set()
        self.ends: set[int] = set()

    def add(
        self, rows: Sequence[int], steps: Steps, values: Array, epochs: Array | None, total: int
    ) -> None:
        """Add the points of some rows; `total` is how many steps an epoch is said to have, or 0."""
        named = epochs is not None and bool(np.isfinite(epochs).any())
        self.usable = self.usable and (self.last is None or named == self.named)
        if self.points.seen > MOST_POINTS and not self.anew:
            self.usable, self.points = False, Points()  # so long is no epoch
        if not steps.size or not self.usable:
            return
        self.named = named
        before = int(steps[0]) if self.last is None else self.last[0]
        rises = np.diff(steps, prepend=before)
        back = np.flatnonzero(rises < 0)
        if epochs is not None and named:
            laps = np.floor(epochs)
        else:
            laps = (0 if self.last is None else self.last[1]) + np.cumsum(rises < 0)
        inside = (laps >= 0) & (laps < _MOST_LAPS)
        if not inside.all() or int(steps.max()) >= _LAP:
            self.usable = False
            return
        laps = laps.astype(np.int64)
        up = np.diff(laps, prepend=laps[0] if self.last is None else self.last[1]) > 0
        self.anew += int(np.count_nonzero(up & (rises <= 0)))
        self.back += int(np.count_nonzero(~up & (rises < 0)))
        self.up += int(np.count_nonzero(up))
        if self.last is None:
            self.begins.add(before)
        if len(self.begins) < 2 and len(self.ends) < 2:
            self.begins.update(steps[back].tolist())
            self.ends.update((steps - rises)[back].tolist())
        ahead = rises[rises > 0]
        self.gap = min(self.gap, int(ahead.min())) if ahead.size else self.gap
        self.lowest = min(self.lowest, int(steps.min()))
        self.highest = max(self.highest, int(steps.max()))
        self.first_lap = min(self.first_lap, int(laps.min()))
        self.last_lap = max(self.last_lap, int(laps.max()))
        self.total = max(self.total, total)
        self.last = int(steps[-1]), int(laps[-1])
        self.points.add(rows, laps * _LAP + steps, values)

    def fit(self) -> bool:
        """Return whether the steps begin anew in each epoch."""
        if not self.usable or self.last_lap <= self.first_lap:
            return False
        if self.named:
            return self.anew > self.back and 2 * self.anew >= self.up
        same = len(self.begins) == len(self.ends) == 1
        return same and self.last_lap > 1 and min(self.begins) <= self.gap

    def arrays(self, steps_per_epoch: float | None) -> tuple[Steps, Array, Whole | None, str]:
        """Return the steps of the run, the values, and in words how the steps were counted.

        Before the words, all points where they are too many to be held.
        """
        held, values = self.points.arrays()
        base = 1 if self.named and self.first_lap else 0
        length, note = self._counted(steps_per_epoch)
        alone = self.lowest == self.highest

        def placed(held: Steps) -> Steps:
            laps, within = held // _LAP, held % _LAP
            if length is None:
                return laps
            steps: Steps = np.rint((laps - base) * length).astype(np.int64)
            return steps if alone else steps + within

        whole = self.points.whole
        if whole is not None:
            whole = Whole.of((placed(steps), values) for steps, values in whole.blocks())
        return placed(held), values, whole, note

    def _counted(self, steps_per_epoch: float | None) -> tuple[float | None, str]:
        """Return how many steps an epoch has, None if the epochs count, and in words why."""
        if self.lowest == self.highest:
            if steps_per_epoch is None:
                return None, "no column counts steps on but that of the epochs; those count"
            return steps_per_epoch, f"its epochs count, of {steps_per_epoch:g} steps each"
        said = "the counter of its steps begins anew in each epoch; they are counted on, "
        least = self.highest + (0 if self.lowest else 1)
        if self.total >= least:
            return self.total, f"{said}{self.total:,} to an epoch"
        if steps_per_epoch is not None and steps_per_epoch >= least:
            return steps_per_epoch, f"{said}{steps_per_epoch:g} to an epoch"
        length = self.highest if self.lowest else self.highest + self.gap
        return length, (
            f"{said}{length:,} to an epoch, which is as far as it goes; if an epoch has more, "
            "say how many"
        )

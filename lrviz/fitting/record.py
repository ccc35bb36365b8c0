"""Recorded rates as shapes look at them."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError
from ..logs.digits import Rounded
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .digits import digits

_LOOKED_AT = 160
"""At how many points rates are solved for, before they are held to all."""
_FEW = 24
"""Of more different rates it shows how many digits they were rounded to."""
_SEEN_IN = (4, 5, 6)
"""Rates of fewer digits were chosen so."""
_LEAST = 1e-300
"""The tolerance of rates of 0."""
_ADDED = 24
"""How many of the points that refute a solution are looked at too."""


class Runs(NamedTuple):
    """Stretches of equal rates: where each is first seen, and from where on it may hold."""

    first: Steps
    low: Steps
    rates: Array


class Record:
    """Recorded rates by their steps, the first of which may be any."""

    def __init__(self, log: Rounded, some: Steps | None = None) -> None:
        log = log._replace(tolerance=np.maximum(log.tolerance, _LEAST))
        self.log = log
        self.steps, self.values, self.tolerance = log
        count = len(self.steps)
        if some is None:
            some = np.unique(np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype(np.int64))
        self._chosen = some

    @cached_property
    def some(self) -> Rounded:
        """The points that are looked at first."""
        return self.log.at(self._chosen)

    @cached_property
    def peak(self) -> float:
        """The highest rate."""
        return float(self.values.max())

    @property
    def span(self) -> int:
        """The last step, at least 1."""
        return max(int(self.steps[-1]), 1)

    def since(self, step: int) -> "Record":
        """Return what was recorded from a step on, counted from there."""
        has = np.flatnonzero(self.steps >= step)
        part = self.log.at(has)
        return Record(part._replace(steps=part.steps - step))

    def after(self, step: int) -> "Record":
        """Return what was recorded from a step on."""
        return Record(self.log.at(np.flatnonzero(self.steps >= step)))

    def moved(self, by: int) -> "Record":
        """Return the same with all steps later."""
        return Record(self.log._replace(steps=self.steps + by), self._chosen)

    def with_points_against(self, plan: Schedule) -> "Record":
        """Return the same looked at where a schedule misses it most too."""
        off = abs(plan(self.steps) - self.values) / self.tolerance
        worst = np.argsort(off)[-_ADDED:]
        return Record(self.log, np.union1d(self._chosen, worst))

    def is_near(self, plan: Schedule) -> bool:
        """Return whether a schedule has the rates that are looked at first."""
        rates = rates_of(plan, self.some.steps)
        return rates is not None and bool(self.some.fits(rates).all())

    def is_met(self, plan: Schedule) -> bool:
        """Return whether a schedule has all rates, to the digits that these have beside its own."""
        rates = rates_of(plan, self.steps) if self.is_near(plan) else None
        if rates is None or not self.log.fits(rates).all():
            return False
        met = Rounded.of(self.steps, self.values, rates).fits(rates)
        return bool(met.all()) or self._is_rounded(rates)

    def _is_rounded(self, rates: Array) -> bool:
        """Return whether the few rates that were recorded are others, rounded to their digits."""
        kept = _kept(self.values)
        return kept > 0 and all(
            float(f"{rate:.{kept - 1}e}") == value
            for value, rate in dict(zip(self.values, rates, strict=True)).items()
        )

    def as_rounded(self) -> "Record":
        """Return the same of few rates as if no more digits than they have had been kept."""
        kept = _kept(self.values)
        if not kept:
            return self
        unit = 10.0 ** (np.floor(np.log10(np.maximum(self.values, 1e-300))) + 1 - kept)
        tolerance = np.maximum(self.tolerance, 0.5 * unit * (1 + 1e-9))
        return Record(self.log._replace(tolerance=tolerance), self._chosen)

    @cached_property
    def runs(self) -> Runs:
        """Stretches of equal rates."""
        new = np.flatnonzero(np.diff(self.values, prepend=np.nan) != 0)
        low = np.where(new > 0, self.steps[np.maximum(new - 1, 0)] + 1, 0)
        return Runs(self.steps[new], low, self.values[new])

    @cached_property
    def is_stairs(self) -> bool:
        """Whether most rates equal the ones before."""
        return 2 * len(self.runs.first) <= len(self.steps)

    @property
    def restarts(self) -> list[int]:
        """How long a curve may be that begins anew at the first rise."""
        rise = np.flatnonzero(np.diff(self.values) > 0)
        first = int(self.steps[rise[0] + 1]) if rise.size else 0
        return [first - 1, first] if first > 1 else []

    @cached_property
    def rises(self) -> bool:
        """Whether a rate is above the one before."""
        return bool((np.diff(self.values) > 0).any())


def _kept(values: Array) -> int:
    """Return to how many digits few rates, of which several have so many, may be rounded, or 0."""
    different = np.unique(values)
    if not 2 < len(different) <= _FEW or different[0] < 0:
        return 0
    counts = [digits(value) for value in different.tolist()]
    most = max(counts)
    return most if most in _SEEN_IN and counts.count(most) > 1 else 0


def rates_of(plan: Schedule, steps: Steps) -> Array | None:
    """Return the rates of a schedule at some steps, None if it has none there."""
    try:
        with np.errstate(all="ignore"):
            return plan.values(steps, np.float64)
    except LrvizError:
        return None

"""What schedulers do to the rate in force, at their own steps t."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..families.one_cycle import OneCycle
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .in_force import Map, Rule
from .values import Function


def steps_down(t: Steps, *, size: int, gamma: float) -> Map:
    """Multiply by `gamma` at each multiple of `size` but 0."""
    return Map(np.where((t != 0) & (t % size == 0), gamma, 1.0))


def drops(t: Steps, *, milestones: Sequence[float], gamma: float) -> Map:
    """Multiply by `gamma` at each milestone, as many times as it is given."""
    at = np.sort(np.array(milestones, np.float64))
    count = np.searchsorted(at, t, side="right") - np.searchsorted(at, t)
    return Map(np.power(gamma, count.astype(np.float64)))


def constant(t: Steps, *, factor: float, total: int) -> Map:
    """Multiply by `factor` at first, and undo that at the step `total`."""
    undone = 1 / factor if factor else math.inf
    return Map(np.where(t == 0, factor, np.where(t == total, undone, 1.0)))


def linear(t: Steps, *, start: float, end: float, total: int) -> Map:
    """Go in a straight line from `start` to `end` times the rate."""
    with np.errstate(all="ignore"):
        later = 1.0 + (end - start) / (total * start + (t - 1) * (end - start))
    return Map(np.where(t == 0, start, np.where(t > total, 1.0, later)))


def exponential(t: Steps, *, gamma: float, again: bool = False) -> Map:
    """Multiply by `gamma` at every step but the first; `again`, at that too."""
    return Map(np.where((t == 0) & (not again), 1.0, gamma))


def cosine(t: Steps, *, period: int, low: float, base: float, again: bool = False) -> Map:
    """Fall to `low` along a cosine, and climb again to `base`, once `period` steps have passed."""
    wave, before = _wave(t, period), _wave(t - 1, period)
    with np.errstate(all="ignore"):
        maps = Map(wave / before, low, low)
    climb = (base - low) * (1 - math.cos(math.pi / period)) / 2
    turns = (t - 1 - period) % (2 * period) == 0
    factor, lows, to = maps.only(~turns)
    return Map(factor, lows, np.where(turns, climb, to)).only((t != 0) | again)


def _wave(t: Steps, period: Steps | int) -> Array:
    """Return 1 + cos(pi * t / period), as the C library has it.

    Where a cosine turns, the last digit of this decides on the rates of its whole way up.
    """
    return np.array([1 + math.cos(part) for part in (math.pi * t / period).tolist()])


def sets(t: Steps, *, curve: Schedule) -> Map:
    """Set the rate to that of a curve; rates below 0 may be set anew before they are in force."""
    with np.errstate(all="ignore"):
        return Map(0.0, 0.0, curve.at(t.astype(np.float64)))


def one_cycle(curve: Schedule, latest: Schedule) -> tuple[Rule, int, str]:
    """Return what a OneCycleLR does, up to which step, and why a framework stops at the next.

    The rates are those of the one that was made last: they stand in the optimizer.
    """
    assert isinstance(curve, OneCycle)
    assert isinstance(latest, OneCycle)
    cycle = replace(curve, lr=latest.lr, start=latest.start, end=latest.end)
    last = curve.steps - (curve.turns[-2] == curve.turns[-1])  # a last phase of no steps has no end
    why = "stops there with an error, because OneCycleLR has had all of its steps; end the run"
    return partial(sets, curve=cycle), last, f"{why} before"


def sets_once(t: Steps, *, rate: float) -> Map:
    """Set the rate to a number."""
    return Map(0.0, 0.0, np.full(t.shape, rate))


def polynomial(t: Steps, *, total: int, power: float, again: bool = False) -> Map:
    """Fall to 0 along a power of the part that is left of `total` steps."""
    with np.errstate(all="ignore"):
        left = ((1.0 - t / total) / (1.0 - (t - 1) / total)) ** power
    return Map(np.where(((t == 0) & (not again)) | (t > total), 1.0, left))


def poly(t: Steps, *, total: int, power: float, low: float) -> Map:
    """Fall to `low` along a power of the part that is left of `total` steps, as MMEngine."""
    with np.errstate(all="ignore"):
        left = (1 - 1 / (total - t + 1)) ** power
    return Map(left, low, low).only(t != 0)


def averaged(t: Steps, *, rate: float, length: int, cos: bool) -> Map:
    """Go to `rate` in `length` steps from whatever rate is in force."""
    if length == 0:
        t = np.maximum(t, 1)

    def part(step: Steps) -> Array:
        """Return how much of the way is done, from 0 to 1."""
        done = np.clip(step / max(1, length), 0, 1)
        return (1 - np.cos(np.pi * done)) / 2 if cos else done

    before, now = part(t - 1), part(t)
    there = before == 1
    left = (1 - now) / np.where(there, 1.0, 1 - before)
    return Map(np.where(there, 0.0, left), before * rate, rate * np.where(there, 1.0, now))


def restarts(
    t: Steps, *, periods: Sequence[int], weights: Sequence[float], low: float, base: float
) -> Map:
    """Fall to `low` along a cosine in each period, from `base` times its weight."""
    ends = np.cumsum(periods)
    number = np.minimum(np.searchsorted(ends, t, side="right"), len(periods) - 1)
    lengths = np.array(periods)[number]
    own = t - (ends[number] - lengths)
    now, before = _wave(own, lengths), _wave(own - 1, lengths)
    with np.errstate(all="ignore"):
        factor = np.where(own == 0, 0.0, now / before)
    to = np.where(own == 0, base * np.array(weights)[number], low)
    return Map(factor, np.where(own == 0, 0.0, low), to).only(t < ends[-1])


def scaled(t: Steps, *, f: Function, lr: float) -> Map:
    """Set the rate to `lr` times a formula of the step."""
    return Map(0.0, 0.0, lr * f(t.astype(np.float64)))


def multiplied(t: Steps, *, f: Function, again: bool = False) -> Map:
    """Multiply by a formula of the step, at every step but the first; `again`, at that too."""
    factors = f(t.astype(np.float64))
    return Map(np.where((t == 0) & (not again), 1.0, factors))

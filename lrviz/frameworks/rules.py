"""What schedulers do to the rate in force, at their own steps t.

The arguments `of` a scheduler have the names that PyTorch and MMEngine give them; `base` is what it
takes for the optimizer's first rate, and `curve` has its rates if it were alone.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import SimpleNamespace as Given
from typing import Any

import numpy as np

from ..families.one_cycle import OneCycle
from ..schedules.base import Schedule
from ..schedules.numeric import Array, Steps
from .in_force import Map, Rule


def _steps_down(t: Steps, of: Given) -> Map:
    """Multiply by `gamma` at each multiple of `step_size` but 0."""
    return Map(np.where((t != 0) & (t % of.step_size == 0), of.gamma, 1.0))


def _drops(t: Steps, of: Given) -> Map:
    """Multiply by `gamma` at each milestone, as many times as it is given."""
    at = np.sort(np.array(of.milestones, np.float64))
    count = np.searchsorted(at, t, side="right") - np.searchsorted(at, t)
    return Map(np.power(of.gamma, count.astype(np.float64)))


def _constant(t: Steps, of: Given) -> Map:
    """Multiply by `factor` at first, and undo that at the step `total_iters`."""
    undone = 1 / of.factor if of.factor else math.inf
    return Map(np.where(t == 0, of.factor, np.where(t == of.total_iters, undone, 1.0)))


def _linear(t: Steps, of: Given) -> Map:
    """Go in a straight line from `start_factor` to `end_factor` times the rate."""
    rise = of.end_factor - of.start_factor
    with np.errstate(all="ignore"):
        later = 1.0 + rise / (of.total_iters * of.start_factor + (t - 1) * rise)
    return Map(np.where(t == 0, of.start_factor, np.where(t > of.total_iters, 1.0, later)))


def _exponential(t: Steps, of: Given) -> Map:
    """Multiply by `gamma`."""
    return Map(np.full(t.shape, float(of.gamma)))


def _cosine(t: Steps, of: Given) -> Map:
    """Fall to `eta_min` along a cosine, and climb again to `base`, once `T_max` steps are over."""
    wave, before = _wave(t, of.T_max), _wave(t - 1, of.T_max)
    with np.errstate(all="ignore"):
        maps = Map(wave / before, of.eta_min, of.eta_min)
    climb = (of.base - of.eta_min) * (1 - math.cos(math.pi / of.T_max)) / 2
    turns = (t - 1 - of.T_max) % (2 * of.T_max) == 0
    factor, low, to = maps.only(~turns)
    return Map(factor, low, np.where(turns, climb, to))


def _wave(t: Steps, period: Steps | int) -> Array:
    """Return 1 + cos(pi * t / period), as the C library has it.

    Where a cosine turns, the last digit of this decides on the rates of its whole way up.
    """
    return np.array([1 + math.cos(part) for part in (math.pi * t / period).tolist()])


def _sets(t: Steps, of: Given) -> Map:
    """Set the rate to that of a curve; rates below 0 may be set anew before they are in force."""
    with np.errstate(all="ignore"):
        return Map(0.0, 0.0, of.curve.at(t.astype(np.float64)))


def one_cycle(curve: Schedule, latest: Schedule) -> tuple[Rule, int, str]:
    """Return what a OneCycleLR does, up to which step, and why a framework stops at the next.

    The rates are those of the one that was made last: they stand in the optimizer.
    """
    assert isinstance(curve, OneCycle)
    assert isinstance(latest, OneCycle)
    cycle = replace(curve, lr=latest.lr, start=latest.start, end=latest.end)
    last = curve.steps - (curve.turns[-2] == curve.turns[-1])  # a last phase of no steps has no end
    why = "stops there with an error, because OneCycleLR has had all of its steps; end the run"
    return partial(_sets, of=Given(curve=cycle)), last, f"{why} before"


def sets_once(t: Steps, *, rate: float) -> Map:
    """Set the rate to a number."""
    return Map(0.0, 0.0, np.full(t.shape, rate))


def _polynomial(t: Steps, of: Given) -> Map:
    """Fall to 0 along a power of the part that is left of `total_iters` steps."""
    with np.errstate(all="ignore"):
        left = ((1.0 - t / of.total_iters) / (1.0 - (t - 1) / of.total_iters)) ** of.power
    return Map(np.where(t > of.total_iters, 1.0, left))


def _poly(t: Steps, of: Given) -> Map:
    """Fall to `eta_min` along a power of the part that is left of `total_iters` steps."""
    with np.errstate(all="ignore"):
        left = (1 - 1 / (of.total_iters - t + 1)) ** of.power
    return Map(left, of.eta_min, of.eta_min)


def _averaged(t: Steps, of: Given) -> Map:
    """Go to `swa_lr` in `anneal_epochs` steps from whatever rate is in force."""
    if of.anneal_epochs == 0:
        t = np.maximum(t, 1)

    def part(step: Steps) -> Array:
        """Return how much of the way is done, from 0 to 1."""
        done: Array = np.clip(step / max(1, of.anneal_epochs), 0, 1)
        return (1 - np.cos(np.pi * done)) / 2 if of.anneal_strategy == "cos" else done

    before, now = part(t - 1), part(t)
    there = before == 1
    left = (1 - now) / np.where(there, 1.0, 1 - before)
    return Map(
        np.where(there, 0.0, left), before * of.swa_lr, of.swa_lr * np.where(there, 1.0, now)
    )


def _restarts(t: Steps, of: Given) -> Map:
    """Fall to `eta_min` along a cosine in each period, from `base` times its weight."""
    ends = np.cumsum(of.periods)
    number = np.minimum(np.searchsorted(ends, t, side="right"), len(of.periods) - 1)
    lengths = np.array(of.periods)[number]
    own = t - (ends[number] - lengths)
    now, before = _wave(own, lengths), _wave(own - 1, lengths)
    with np.errstate(all="ignore"):
        factor = np.where(own == 0, 0.0, now / before)
    to = np.where(own == 0, of.base * np.array(of.restart_weights)[number], of.eta_min)
    return Map(factor, np.where(own == 0, 0.0, of.eta_min), to).only(t < ends[-1])


def _scaled(t: Steps, of: Given) -> Map:
    """Set the rate to `base` times a formula of the step."""
    return Map(0.0, 0.0, of.base * of.lr_lambda(t.astype(np.float64)))


def _multiplied(t: Steps, of: Given) -> Map:
    """Multiply by a formula of the step."""
    return Map(of.lr_lambda(t.astype(np.float64)))


_RULES: Mapping[str, Rule] = {
    "StepLR": _steps_down,
    "MultiStepLR": _drops,
    "ConstantLR": _constant,
    "LinearLR": _linear,
    "ExponentialLR": _exponential,
    "CosineAnnealingLR": _cosine,
    "PolynomialLR": _polynomial,
    "PolyLR": _poly,
    "SWALR": _averaged,
    "CosineRestartLR": _restarts,
    "LambdaLR": _scaled,
    "MultiplicativeLR": _multiplied,
}
"""By the name of a scheduler; any other sets the rate to that of its curve."""

AT_REST = ("CosineAnnealingLR", "ExponentialLR", "MultiplicativeLR", "PolynomialLR", "PolyLR")
"""Those that leave the rate alone at their first step."""


def rule_of(name: str, given: Mapping[str, Any], *, again: bool = False) -> Rule:
    """Return what a scheduler does; `again`, at a step 0 that is not its first."""
    rule = partial(_RULES.get(name, _sets), of=Given(**given))
    return rule if again or name not in AT_REST else partial(_but_first, rule=rule)


def _but_first(t: Steps, *, rule: Rule) -> Map:
    """Do what a rule does at every step but 0."""
    return rule(t).only(t != 0)

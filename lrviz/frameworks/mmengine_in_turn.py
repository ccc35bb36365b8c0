"""MMEngine's schedulers as a list of them acts: on the rate in force, within their windows."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..schedules.base import Schedule
from . import rules
from .composing import build, in_turn
from .in_force import Act, Cut, Plan, Rule, Stretch


class Window(NamedTuple):
    """The steps at which a scheduler acts, from `begin` up to `end`, which is None for never."""

    begin: int
    end: int | None

    @property
    def last(self) -> int | None:
        """The last step of its own clock."""
        return None if self.end is None else self.end - self.begin - 1

    def covers(self, step: int) -> bool:
        return self.begin <= step and (self.end is None or step < self.end)


class Held(NamedTuple):
    """A scheduler of a list: its arguments in its own steps, of which one is `every` of the list's.

    `rates` makes its curve of them, `base` is what it takes for the optimizer's first rate, `low`
    the rate that it falls to.
    """

    name: str
    rates: Callable[..., Schedule]
    given: Mapping[str, Any]
    own_window: Window
    every: int
    by_epoch: bool
    base: float
    low: float

    @property
    def window(self) -> Window:
        """When it acts, on the list's clock."""
        begin, end = self.own_window
        return Window(begin * self.every, None if end is None else end * self.every)

    @property
    def period(self) -> int:
        """The length of a cosine."""
        return int(self.given["T_max"] or self.given["end"] - self.given["begin"])

    @property
    def climbs(self) -> bool:
        """Whether it is a cosine that goes on past its end, up to the optimizer's first rate."""
        last = self.own_window.last
        return self.name == "CosineAnnealingLR" and (last is None or last > self.period)

    @property
    def sets(self) -> bool:
        """Whether it begins at a rate of its own, whatever is in force."""
        return self.name in ("OneCycleLR", "CosineRestartLR")

    def curve(self, top: float) -> Schedule:
        """Return its rates from its step 0 on, if it is alone and `top` is in force before."""
        given = {**self.given, "lr": self.base if self.sets else top}
        if given.get("eta_min_ratio") is not None:
            given |= {"eta_min": self.low, "eta_min_ratio": None}
        schedule = self.rates(**given)
        return schedule if self.every == 1 else build("stepped", of=schedule, every=self.every)

    def act(self, cycle: Schedule | None) -> Act:
        """Return what it does, where `cycle` is the OneCycleLR that was made last."""
        begun, curve = self.own_window.begin, self.curve(self.base)
        if self.name != "OneCycleLR":
            return Act(self.name, self.rule(), begun, self.every, curve)
        assert cycle is not None
        rule, last, why = rules.one_cycle(self.rates(**self.given), cycle)
        return Act(self.name, rule, begun, self.every, curve, last, f"MMEngine {why}")

    def rule(self) -> Rule:
        """Return what it does at its steps."""
        last = int(self.given["end"] - self.given["begin"] - 1)
        found = {"total_iters": last, "eta_min": self.low, "base": self.base}
        if self.name == "CosineAnnealingLR":
            found["T_max"] = self.period
        return rules.rule_of(self.name, {**self.given, **found})


def overlap(held: Sequence[Held]) -> bool:
    """Return whether two windows have a step in common."""
    windows = sorted((one.window for one in held), key=lambda window: window.begin)
    return any(a.end is None or b.begin < a.end for a, b in itertools.pairwise(windows))


def sequence(held: Sequence[Held], lr: float) -> Schedule | None:
    """Return one scheduler after the other, if each can be told from the rate it begins with."""
    if sum(one.name == "OneCycleLR" for one in held) > 1:  # the last gives the rates of all
        return None
    stages: list[tuple[Schedule, int]] = []
    rate, at = lr, 0
    for one in sorted(held, key=lambda one: one.window.begin):
        begin, end = one.window
        stages.append((build("const", lr=rate), begin - at))
        if one.climbs and rate != one.base:
            return None
        stages.append((one.curve(rate), -1 if end is None else end - begin))
        if end is None:
            return in_turn(*stages[:-1], then=stages[-1][0])
        rate, at = one.curve(rate)(end - begin - 1), end
    return in_turn(*stages, then=build("const", lr=rate))


def plan(held: Sequence[Held], cuts: Mapping[int, tuple[Cut, ...]], lr: float) -> Plan:
    """Return what all do to the rate in force, from step 1 on those that count epochs last.

    After them come the `cuts` at their steps. A run is as long as the windows are.
    """
    rate, cycle = lr, None
    for one in held:
        if one.name == "OneCycleLR":
            cycle = one.rates(**one.given)
        if one.window.begin == 0:
            rate = one.act(cycle).on(rate, 0)
    ends = {at for one in held for at in one.window if at is not None and at > 1}
    stretches = []
    for start in sorted({1, *ends, *cuts}):
        active = [one for one in held if one.window.covers(start)]
        active.sort(key=lambda one: one.by_epoch)
        acts = tuple(one.act(cycle) for one in active)
        stretches.append(Stretch(start, acts, cuts.get(start, ())))
    is_endless = any(one.window.end is None for one in held)
    return Plan(rate, tuple(stretches), None if is_endless else max(ends, default=None))

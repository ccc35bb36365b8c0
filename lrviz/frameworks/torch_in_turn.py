"""PyTorch's schedulers as it runs them when some hold others, from construction on.

Every scheduler takes its first step when it is made. A SequentialLR then sets the rate back and
begins its first scheduler anew, and the others by their closed form, if they have one, at their
milestones: so one in another is a step ahead, and what multiplies the rate may do so once too
often. What follows is that, and no more.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..errors import listing
from ..families.cosine_restarts import CosineRestarts
from ..schedules.base import Schedule
from . import rules
from .composing import refusal
from .in_force import Act, InForce, Plan, Rule, Stretch, call_text
from .kinds import Member

_CLOSED = (
    *("ConstantLR", "CosineAnnealingLR", "ExponentialLR", "LinearLR", "MultiStepLR"),
    *("PolynomialLR", "StepLR"),
)
"""Those that a milestone begins by their closed form, whatever rate is in force."""

_STOPS = "PyTorch stops there with an error"

_AT_ONCE = -1
"""The last step of a scheduler that PyTorch cannot begin."""


def in_force(name: str, arguments: Mapping[str, Any], lr: float) -> Schedule:
    """Return the rates of a scheduler that holds others, for an optimizer with the rate `lr`."""
    optimizer = _Optimizer(lr)
    held = _KINDS[name](arguments, optimizer)
    rate, step, stretches = optimizer.rate, 1, []
    while True:
        acts, steps = held.ahead(step)
        stretches.append(Stretch(step, tuple(acts)))
        if steps is None or any(act.last == _AT_ONCE for act in acts):
            break
        held.advance(steps)
        step += steps
    plan = Plan(rate, tuple(stretches), held.length)
    return InForce(call=call_text(name, arguments), plan=plan)


class _Optimizer:
    """What schedulers write into an optimizer: its rate, and what those made later find there."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.initial: float | None = None
        self.cycle: Schedule | None = None
        self.averaged = 0.0


class _Leaf:
    """A scheduler that holds no others."""

    def __init__(self, member: Member, optimizer: _Optimizer) -> None:
        self.member, self.optimizer = member, optimizer
        given, curve = member.arguments, member.schedule
        match member.name:
            case "CyclicLR":
                optimizer.rate = given["base_lr"]
            case "OneCycleLR":
                optimizer.initial = given["max_lr"] / given["div_factor"]
                optimizer.cycle = curve
            case "SWALR":
                optimizer.averaged = given["swa_lr"]
        if optimizer.initial is None:
            optimizer.initial = optimizer.rate
        self.base = optimizer.initial
        self.last, self.steps = -1, 0
        self.begin()
        if member.name == "CyclicLR":  # it takes its base_lr only after its first step
            optimizer.rate = self.base

    @property
    def length(self) -> int | None:
        return self.member.schedule.length

    def begin(self) -> None:
        """Take the first step, or take it again."""
        self.last, self.steps = self.last + 1, 1
        own = self.steps - 1 if self.member.name == "SWALR" else self.last
        act = self._act(self.rule(), -own)
        self.optimizer.rate = act.on(self.optimizer.rate, 0)

    def undo(self) -> None:
        """Take a step back, on its clock alone; warm restarts have a second one that goes on."""
        least = -1 if self.member.name == "CosineAnnealingWarmRestarts" else -(2**60)
        self.last = max(self.last - 1, least)

    def ahead(self, step: int) -> tuple[Sequence[Act], int | None]:
        """Return what is done at the next step, `step`, and for how many; None is for ever."""
        own = self.steps if self.member.name == "SWALR" else self.last + 1
        begins = own == 0 and self.member.name in rules.AT_REST
        if begins and self.member.arguments.get("total_iters") == 0:
            return [self._divides(step)], 1
        return [self._act(self.rule(again=begins), step - own)], None

    def advance(self, steps: int) -> None:
        """Take so many steps."""
        self.last, self.steps = self.last + steps, self.steps + steps

    def anew(self, step: int) -> Act:
        """Return what is done at `step`, at which its step 0 comes."""
        name, given, rule = self.member.name, self.member.arguments, self.rule()
        if name == "SWALR":  # it counts how often it was stepped, and this is no step
            return self._act(rule, step - (self.steps - 1))
        if name == "MultiplicativeLR":
            return self._act(self.rule(again=True), step)
        if name not in _CLOSED:
            return self._act(rule, step)
        begin = Act(name, rule, 0).on(self.base, 0)
        if given.get("total_iters") == 0:
            if name != "ConstantLR":
                return self._divides(step)
            begin = self.base
        return Act(name, partial(rules.sets_once, rate=begin), step)

    def restart(self) -> None:
        """Have step 0 behind it."""
        self.last = 0

    def _divides(self, step: int) -> Act:
        """Return that it divides by its length, which is 0."""
        why = f"because {self.member.name} has total_iters=0, by which it divides; take it away"
        return _not_begun(step, why)

    def _act(self, rule: Rule, begun: int) -> Act:
        curve = self.member.schedule
        act = Act(self.member.name, rule, begun, curve=curve)
        if self.member.name != "OneCycleLR":
            return act
        assert self.optimizer.cycle is not None
        rule, last, why = rules.one_cycle(curve, self.optimizer.cycle)
        return act._replace(rule=rule, last=last, why=f"PyTorch {why}")

    def rule(self, *, again: bool = False) -> Rule:
        """Return what it does at its steps; `again`, at a step 0 that is not its first."""
        curve = self.member.schedule
        if isinstance(curve, CosineRestarts):
            curve = replace(curve, lr=self.base)
        found = {"base": self.base, "curve": curve, "swa_lr": self.optimizer.averaged}
        return rules.rule_of(self.member.name, {**self.member.arguments, **found}, again=again)


class _Chain:
    """A ChainedScheduler: all that it holds take each step, one after the other."""

    def __init__(self, given: Mapping[str, Any], optimizer: _Optimizer) -> None:
        self.optimizer = optimizer
        self.held = [_made(one, optimizer) for one in given["schedulers"]]

    @property
    def length(self) -> int | None:
        return max((one.length for one in self.held if one.length is not None), default=None)

    def begin(self) -> None:
        """Take a step as any other: it knows of no first one."""
        for act in self.ahead(0)[0]:
            if act.last == _AT_ONCE:
                raise refusal("SequentialLR", "schedulers", f"cannot be begun: {act.why}")
            self.optimizer.rate = act.on(self.optimizer.rate, 0)
        self.advance(1)

    def undo(self) -> None:
        for one in self.held:
            one.undo()

    def ahead(self, step: int) -> tuple[Sequence[Act], int | None]:
        found = [one.ahead(step) for one in self.held]
        steps = min((steps for _, steps in found if steps is not None), default=None)
        return [act for acts, _ in found for act in acts], steps

    def advance(self, steps: int) -> None:
        for one in self.held:
            one.advance(steps)


class _Sequence(_Chain):
    """A SequentialLR."""

    def __init__(self, given: Mapping[str, Any], optimizer: _Optimizer) -> None:
        super().__init__(given, optimizer)
        self.milestones: Sequence[int] = given["milestones"]
        self.last = 0
        assert optimizer.initial is not None
        optimizer.rate = optimizer.initial
        self.undo()
        self.held[bisect_right(self.milestones, 0)].begin()

    @property
    def length(self) -> int | None:
        begin, last = max(self.milestones, default=0), self.held[-1].length
        return begin + (begin if last is None else last) or None

    def next(self) -> tuple["_Scheduler", bool, int | None]:
        """Return which takes the next step, if it begins anew by that, and for how many it does."""
        step = self.last + 1
        place = bisect_right(self.milestones, step)
        if place and self.milestones[place - 1] == step:
            return self.held[place], True, 1
        more = self.milestones[place:]
        return self.held[place], False, more[0] - step if more else None

    def ahead(self, step: int) -> tuple[Sequence[Act], int | None]:
        one, begins, steps = self.next()
        if begins and isinstance(one, _Leaf):
            return [one.anew(step)], 1
        if begins:
            names = listing(_KINDS, "or")
            return [_not_begun(step, f"because a {names} can only come first; put it there")], 1
        acts, own = one.ahead(step)
        return acts, min((n for n in (steps, own) if n is not None), default=None)

    def advance(self, steps: int) -> None:
        one, begins, _ = self.next()
        self.last += steps
        if begins:
            assert isinstance(one, _Leaf)
            one.restart()
        else:
            one.advance(steps)


def _not_begun(step: int, why: str) -> Act:
    """Return what a milestone does that cannot begin its scheduler."""
    rule = partial(rules.sets_once, rate=math.nan)
    return Act("error", rule, step, last=_AT_ONCE, why=f"{_STOPS}, {why}")


_Scheduler = _Leaf | _Chain

_KINDS = {"SequentialLR": _Sequence, "ChainedScheduler": _Chain}
"""The schedulers that hold others."""


def _made(member: Member, optimizer: _Optimizer) -> _Scheduler:
    """Return a scheduler as it is when it has been made, after all that it holds."""
    if member.name in _KINDS:
        return _KINDS[member.name](member.arguments, optimizer)
    return _Leaf(member, optimizer)
